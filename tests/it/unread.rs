//! What is authentic and cannot be read is kept: once, bounded in number and age, masked in lists, and read again after an
//! upgrade.

use antrean::caretaker::Caretaker;
use antrean::desk::Verdict;
use antrean::domain::message::Contact;
use antrean::gateway::{Gateways, Item, Unread};
use antrean::photos::Photos;
use antrean::storage::{UNREAD_MAX, UnreadBody};
use chrono::TimeDelta;

use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{Installation, body, change, form, in_days, now, text};
use crate::support::server_process::ServerProcess;

fn unreadable(n: u32) -> Item {
    let sender = Some(Contact::new(format!("62812000{n:05}")));
    let unread = Unread { gateway: "wa".into(), sender, body: format!("{{\"n\":{n}}}") };
    Item::Malformed { reason: "a text that is none".into(), unread }
}

// Negative control: without the unique hash the repeat is kept twice; without the bound in `keep_unread` 1,003 are kept;
// without `age_unread` they stay for ever.
async fn what_cannot_be_read_is_kept_once_and_within_bounds(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    for _ in 0..2 {
        let verdicts = fixture.desk.serve(vec![unreadable(1), unreadable(2)]).await;
        assert_eq!(verdicts, Ok(vec![Verdict::Unread; 2]));
    }
    let kept = fixture.storage.unread(10).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0].kept.sender.as_deref(), kept[0].kept.body.as_str()), (Some("6281200000001"), "{\"n\":1}"));
    assert!(!format!("{kept:?}").contains("\"n\""), "bodies are not shown");

    fixture.pass(1);
    fixture.desk.serve((3..UNREAD_MAX + 4).map(unreadable).collect()).await.unwrap();
    let kept = fixture.storage.unread(UNREAD_MAX * 2).await.unwrap();
    assert_eq!(kept.len(), usize::try_from(UNREAD_MAX).unwrap(), "the newest thousand");
    assert!(kept.iter().all(|row| row.kept.body != "{\"n\":1}"), "the oldest went");

    let folder = tempfile::tempdir().unwrap();
    let caretaker = Caretaker::new(
        fixture.storage.clone(),
        fixture.desk.clone(),
        Gateways::new(),
        Photos::within(folder.path()),
        fixture.shared_clock(),
    );
    fixture.pass(29 * 24 * 60);
    caretaker.step().await.unwrap();
    assert_eq!(
        fixture.storage.unread(UNREAD_MAX).await.unwrap().len(),
        usize::try_from(UNREAD_MAX).unwrap(),
        "younger than a month"
    );
    fixture.pass(2 * 24 * 60);
    caretaker.step().await.unwrap();
    assert_eq!(fixture.storage.unread(UNREAD_MAX).await.unwrap(), [], "gone with age");
}

on_both_engines!(what_cannot_be_read_is_kept_once_and_within_bounds);

/// A real server: what cannot be read is counted and listed without its content, its neighbour is served.
// Negative control: with `Verdict::Noted` for it, the counter stays at none.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_counted_and_listed_masked() {
    let installation = Installation::new("http://127.0.0.1:9");
    let server = ServerProcess::start(&installation);
    let mut odd = text("6281200000102", "wamid.odd", now(), "x");
    odd["text"] = serde_json::json!({"body": {"rahasia": "25011987"}});
    let good = text("6281200000101", "wamid.good", now(), "#status");
    assert_eq!(server.post(&body(&[vec![change("1001", &[odd, good])]])).await, Some(200));
    assert_eq!(server.metric("antrean_webhook_items_total{verdict=\"unread\"}").await, 1);
    assert_eq!(server.metric("antrean_webhook_items_total{verdict=\"served\"}").await, 1);
    let (_, log) = server.terminate();
    let listed = installation.run(&["aside", "list"]).done();
    assert!(listed.ends_with("1 messages\n") && listed.contains("0812****02"), "{listed}");
    for secret in ["25011987", "6281200000102"] {
        assert!(!listed.contains(secret) && !log.contains(secret), "{secret}");
    }
    let tables = &mut installation.tables().await;
    let kept = tables.texts("select body from unread").await.remove(0);
    assert!(kept.contains("25011987") && !kept.contains("6281200000101"), "alone, without its neighbour: {kept}");
    assert_eq!(installation.run(&["aside", "retry"]).code, 1, "this version cannot read it either");
    assert!(installation.run(&["aside", "list"]).done().ends_with("1 messages\n"));
}

/// After an upgrade: a body that an earlier version could not read is read by this one.
// Negative control: with the row left after it was served, the list still has it.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_later_version_can_read_is_served_by_a_retry() {
    let installation = Installation::new("http://127.0.0.1:9");
    installation.run(&["db", "migrate"]).done();
    let storage = antrean::storage::Storage::open(&installation.url()).await.unwrap();
    let message = text("6281200000101", "wamid.late", now(), &form("Budi Contoh", in_days(3)));
    let kept = UnreadBody {
        gateway: "wa".into(),
        sender: None,
        body: body(&[vec![change("1001", &[message])]]),
        reason: "of an earlier version".into(),
    };
    let other = UnreadBody { gateway: "gone".into(), body: "{}".into(), ..kept.clone() };
    assert_eq!(storage.keep_unread(&[kept, other], now() - TimeDelta::minutes(5)).await.unwrap(), 2);
    storage.close().await;
    let retried = installation.run(&["aside", "retry"]);
    assert_eq!((retried.code, retried.out.as_str()), (1, "1 of 2 messages were served\n"));
    assert!(installation.run(&["aside", "list"]).done().ends_with("1 messages\n"));
    let tables = &mut installation.tables().await;
    assert_eq!(tables.count("select count(*) from outbox").await, 1);
}
