//! What is authentic and cannot be read is kept: once, bounded in number and age, masked in lists, and read again after an
//! upgrade.

use antrean::caretaker::Caretaker;
use antrean::desk::Verdict;
use antrean::domain::message::Contact;
use antrean::gateway::{Gateways, Item, Unread};
use antrean::storage::{UNREAD_MAX, UnreadBody};
use chrono::TimeDelta;

use crate::support::engine::{Engine, on_both_engines};
use crate::support::hall::Hall;
use crate::support::served::Served;
use crate::support::town::{Town, body, change, form, in_days, now, text};

fn unreadable(n: u32) -> Item {
    let sender = Some(Contact::new(format!("62812000{n:05}")));
    let unread = Unread { gateway: "wa".into(), sender, body: format!("{{\"n\":{n}}}") };
    Item::Malformed { reason: "a text that is none".into(), unread }
}

// Negative controls: without the unique hash the repeat is kept twice; without the bound in `keep_unread` 1,003 are kept;
// without `age_unread` they stay for ever.
async fn what_cannot_be_read_is_kept_once_and_within_bounds(engine: Engine) {
    let hall = Hall::open(engine).await;
    for _ in 0..2 {
        let verdicts = hall.desk.serve(vec![unreadable(1), unreadable(2)]).await;
        assert_eq!(verdicts, Ok(vec![Verdict::Unread; 2]));
    }
    let kept = hall.storage.unread(10).await.unwrap();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0].kept.sender.as_deref(), kept[0].kept.body.as_str()), (Some("6281200000001"), "{\"n\":1}"));
    assert!(!format!("{kept:?}").contains("\"n\""), "bodies are not shown");

    hall.pass(1);
    hall.desk.serve((3..UNREAD_MAX + 4).map(unreadable).collect()).await.unwrap();
    let kept = hall.storage.unread(UNREAD_MAX * 2).await.unwrap();
    assert_eq!(kept.len(), usize::try_from(UNREAD_MAX).unwrap(), "the newest thousand");
    assert!(kept.iter().all(|row| row.kept.body != "{\"n\":1}"), "the oldest went");

    assert_eq!(hall.storage.erase_unread("6281200000500").await.unwrap(), 1, "with its sender");
    // Negative control: with the sender alone compared, the first three stay.
    for (body, gone) in [
        ("{\"from\":\"+6281200009001\"}", 1),
        ("from=081200009001&x=1", 1),
        ("{\"chat\":\"6281200009001@s.whatsapp.net\"", 1),
        ("{\"from\":\"6281200009002\"}", 0),
    ] {
        let unread = Unread { gateway: "wa".into(), sender: None, body: body.into() };
        hall.desk.serve(vec![Item::Malformed { reason: "cut".into(), unread }]).await.unwrap();
        assert_eq!(hall.storage.erase_unread("6281200009001").await.unwrap(), gone, "{body}");
    }
    assert_eq!(hall.storage.erase_unread("6281200009002").await.unwrap(), 1);
    assert_eq!(hall.storage.erase_unread("93456").await.unwrap(), 0, "too few digits to be anybody's alone");
    let folder = tempfile::tempdir().unwrap();
    let caretaker = Caretaker::new(
        hall.storage.clone(),
        hall.desk.clone(),
        Gateways::new(),
        folder.path().to_owned(),
        hall.shared_clock(),
    );
    hall.pass(29 * 24 * 60);
    caretaker.step().await.unwrap();
    assert_eq!(hall.storage.unread(UNREAD_MAX).await.unwrap().len(), 999, "younger than a month");
    hall.pass(2 * 24 * 60);
    caretaker.step().await.unwrap();
    assert_eq!(hall.storage.unread(UNREAD_MAX).await.unwrap(), [], "gone with age");
}

on_both_engines!(what_cannot_be_read_is_kept_once_and_within_bounds);

/// A real server: what cannot be read is counted and listed without its content, its neighbour is served.
// Negative control: with `Verdict::Noted` for it, the counter stays at none.
#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_counted_and_listed_masked() {
    let town = Town::found("http://127.0.0.1:9");
    let served = Served::start(&town);
    let mut odd = text("6281200000102", "wamid.odd", now(), "x");
    odd["text"] = serde_json::json!({"body": {"rahasia": "25011987"}});
    let good = text("6281200000101", "wamid.good", now(), "#status");
    assert_eq!(served.post(&body(&[vec![change("1001", &[odd, good])]])).await, Some(200));
    assert_eq!(served.metric("antrean_webhook_items_total{verdict=\"unread\"}").await, 1);
    assert_eq!(served.metric("antrean_webhook_items_total{verdict=\"served\"}").await, 1);
    let (_, log) = served.terminate();
    let listed = town.run(&["aside", "list"]).done();
    assert!(listed.ends_with("1 messages\n") && listed.contains("0812****02"), "{listed}");
    for secret in ["25011987", "6281200000102"] {
        assert!(!listed.contains(secret) && !log.contains(secret), "{secret}");
    }
    let tables = &mut town.tables().await;
    let kept = tables.texts("select body from unread").await.remove(0);
    assert!(kept.contains("25011987") && !kept.contains("6281200000101"), "alone, without its neighbour: {kept}");
    assert_eq!(town.run(&["aside", "retry"]).code, 1, "this version cannot read it either");
    assert!(town.run(&["aside", "list"]).done().ends_with("1 messages\n"));
}

/// After an upgrade: a body that an earlier version could not read is read by this one.
// Negative control: with the row left after it was served, the list still has it.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_later_version_can_read_is_served_by_a_retry() {
    let town = Town::found("http://127.0.0.1:9");
    town.run(&["db", "migrate"]).done();
    let storage = antrean::storage::Storage::open(&town.url()).await.unwrap();
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
    let retried = town.run(&["aside", "retry"]);
    assert_eq!((retried.code, retried.out.as_str()), (1, "1 of 2 messages were served\n"));
    assert!(town.run(&["aside", "list"]).done().ends_with("1 messages\n"));
    let tables = &mut town.tables().await;
    assert_eq!(tables.count("select count(*) from outbox").await, 1);
}
