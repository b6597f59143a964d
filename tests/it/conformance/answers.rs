//! What gets an answer and what gets none: the table in docs/design/answers.md, through every provider and a real desk; and the
//! whole conversation through a real server.

use std::sync::Arc;

use antrean::clock::SystemClock;
use antrean::desk::Verdict;
use antrean::gateway::Item;
use antrean::storage::Storage;

use super::candidate::{Candidate, Envelope, Note, What};
use super::{NOWHERE, providers};
use crate::support::engine::Tables;
use crate::support::host::Host;
use crate::support::installation::{code_in, form, in_days, until};
use crate::support::server_process::ServerProcess;

/// The rows of the table: what came, and whether it gets one answer.
fn table() -> Vec<(String, bool)> {
    let text =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/design/answers.md")).expect("the document");
    let (_, after) = text.split_once("\n| what came | answers |\n").expect("the table of answers");
    let rows = after.lines().skip(1).take_while(|line| line.starts_with('|'));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let answered = match cells[1] {
            "one" => true,
            "none" => false,
            other => panic!("neither one nor none: {other}"),
        };
        (cells[0].to_owned(), answered)
    };
    rows.map(row).collect()
}

/// The citizen's deed behind a row.
fn deed(row: &str) -> What<'static> {
    match row {
        "text" => What::Text("#status"),
        "picture" => What::Picture(""),
        "picture with a caption" => What::Picture("#status"),
        "voice note" => What::Voice,
        "video" => What::Video,
        "sticker" => What::Sticker,
        "location" => What::Location,
        "contact card" => What::Card,
        "document" => What::Document,
        "view-once picture" => What::ViewOnce,
        "reaction" => What::Reaction,
        "edit of a form" => What::Edit("#Siti Contoh#12031990#24112026"),
        "edit of something that asks nothing" => What::Edit("terima kasih"),
        "form filled in piece by piece" => What::Filled,
        "tapped button" => What::Button("#status"),
        "message without content" => What::Empty,
        "notice of the provider's" => What::Notice,
        "message of an unknown kind" => What::UnknownKind,
        "unknown event" => What::Unknown,
        "deletion" => What::Deletion,
        "what the office wrote itself" => What::Echo,
        "message in a group" => What::Group,
        other => panic!("no deed for the row `{other}`"),
    }
}

// Negative control: with gowa's `is_from_me`, or its groups, not looked at, the office's own message, or the group's,
// gets an answer.
#[tokio::test(flavor = "multi_thread")]
async fn everything_a_citizen_sends_gets_its_answers_by_the_table() {
    let rows = table();
    assert!(rows.len() >= 22, "the whole table: {rows:?}");
    for candidate in providers() {
        let installation = candidate.installation(NOWHERE);
        let config = antrean::config::Config::load(&installation.config()).expect("a configuration");
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
        let mut tables = installation.tables().await;
        for (n, (row, answered)) in rows.iter().enumerate() {
            let (id, from) = (format!("3EB0AA{n:02}"), format!("62812000{n:05}"));
            let note = Note { id: &id, from: &from, ..Note::of(deed(row)) };
            // A provider that tells of no such thing cannot do wrong with it.
            let Some(items) = candidate.read(&note) else { continue };
            let before = tables.many("select count(*) from outbox").await;
            assert!(!items.iter().any(|item| matches!(item, Item::Malformed { .. })), "{}: {row}", candidate.name);
            for _ in 0..2 {
                // The provider's repeat has no second effect.
                desk.serve(items.clone()).await.expect("served");
            }
            let answers = tables.many("select count(*) from outbox").await - before;
            assert_eq!(answers, usize::from(*answered), "{}: {row}: {items:?}", candidate.name);
        }
        desk.close().await;
        storage.close().await;
    }
}

/// An album is several pictures at once: one answer.
#[tokio::test(flavor = "multi_thread")]
async fn the_followers_of_an_album_get_no_answer() {
    for candidate in providers() {
        let installation = candidate.installation(NOWHERE);
        let config = antrean::config::Config::load(&installation.config()).expect("a configuration");
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
        for id in ["A1", "A2", "A3"] {
            // Without ids, what tells pictures apart is where they lie.
            let at = format!("https://md.fonnte.com/{id}.jpeg");
            let what = if candidate.name == "fonnte" { What::PictureAt(&at) } else { What::Picture("") };
            let items = candidate.read(&Note { id, ..Note::of(what) }).expect("pictures");
            assert_eq!(desk.serve(items).await, Ok(vec![Verdict::Served]), "{}: {id}", candidate.name);
        }
        assert_eq!(installation.tables().await.many("select count(*) from outbox").await, 1, "{}", candidate.name);
        desk.close().await;
        storage.close().await;
    }
}

/// A status whose reply nobody knows yet, because the answer to its send is still on the way, is no error.
#[tokio::test(flavor = "multi_thread")]
async fn a_status_before_the_send_returned_is_no_error() {
    for candidate in providers() {
        let Some(receipt) = candidate.read_receipt else { continue };
        let installation = candidate.installation(NOWHERE);
        let config = antrean::config::Config::load(&installation.config()).expect("a configuration");
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
        let items = candidate.open(NOWHERE).read(&receipt("3EB0OUT1"), crate::support::installation::now());
        assert_eq!(desk.serve(items).await, Ok(vec![Verdict::Noted]), "{}", candidate.name);
        desk.close().await;
        storage.close().await;
    }
}

/// Posts a body as the provider would; the status and the answer.
pub async fn post(to: (&reqwest::Client, &str), envelope: &Envelope, body: Vec<u8>) -> (u16, String) {
    let (client, address) = to;
    let request = client.post(format!("{address}{}", envelope.target)).headers(envelope.headers.clone());
    let answer = request.body(body).send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a body"))
}

pub async fn say(to: (&reqwest::Client, &str), candidate: &Candidate, note: &Note<'_>) {
    let body = (candidate.write)(note).expect("texts");
    let envelope = (candidate.seal)(&body);
    // The provider did not see our first answer.
    for _ in 0..2 {
        let (status, answer) = post(to, &envelope, body.clone()).await;
        assert_eq!(status, 200, "{}: {answer}", candidate.name);
    }
}

async fn reply(host: &Host, candidate: &Candidate, count: usize) -> String {
    let to = (candidate.address)(Note::of(What::Voice).from);
    let what = format!("{}: reply {count}", candidate.name);
    until(&what, async || host.said_to(&to).get(count - 1).map(|said| said.text.clone())).await
}

async fn whole_conversation(candidate: Candidate) {
    let host = Host::start(candidate.play).await;
    host.script(candidate.send, [crate::support::fake_whatsapp::Answer::Slow(std::time::Duration::from_millis(600))]);
    let installation = candidate.installation(&host.api());
    let server = ServerProcess::start(&installation);
    let to = server.endpoint();
    let say = async |id, said: &str| say(to, &candidate, &Note { id, ..Note::of(What::Text(said)) }).await;
    say("C1", &form("Budi Contoh", in_days(3))).await;
    let code = code_in(&reply(&host, &candidate, 1).await);
    say("C2", &code).await;
    let ticket = reply(&host, &candidate, 2).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{}: {ticket}", candidate.name);
    assert_eq!(host.said()[1].with_picture, candidate.pictures, "{}", candidate.name);
    // The text alone is the ticket, also where there is no picture: nothing in it points to one.
    let booked = installation.tables().await.texts("select code from booking").await.remove(0);
    let points_to_one = ["kode QR", "gambar"].iter().any(|word| ticket.contains(word));
    assert!(ticket.replace('-', "").contains(&booked) && !points_to_one, "{}: {ticket}", candidate.name);
    say("C3", "#batal").await;
    reply(&host, &candidate, 3).await;
    let mut tables: Tables = installation.tables().await;
    until("the replies are noted as sent", async || {
        (tables.count("select count(*) from outbox where state <> 'sent'").await == 0).then_some(())
    })
    .await;
    assert_eq!(tables.texts("select state from booking").await, ["cancelled"], "{}", candidate.name);
    assert_eq!(host.said().len(), 3, "{}: one reply for each message", candidate.name);
    if let Some(receipt) = candidate.read_receipt {
        let id = tables.texts("select provider_id from outbox order by id limit 1").await.remove(0);
        let body = receipt(&id);
        assert_eq!(post(to, &(candidate.seal)(&body), body.clone()).await.0, 200, "{}", candidate.name);
        assert_eq!(tables.count("select max(delivery) from outbox").await, 4, "{}: read", candidate.name);
    }
    // A stranger learns nothing, and is counted.
    let body = (candidate.write)(&Note::of(What::Text("#status"))).expect("texts");
    let stranger = Envelope::new(candidate.name);
    assert_eq!(post(to, &stranger, body).await, (401, String::new()), "{}", candidate.name);
    let counter = format!("antrean_webhooks_total{{gateway=\"{}\",outcome=\"denied\"}}", candidate.name);
    assert_eq!(server.metric(&counter).await, 1, "{}", candidate.name);
    let (_, metrics) = server.get("/metrics").await;
    host.assert_lawful();
    let (status, log) = server.terminate();
    assert!(status.success(), "{}: {log}", candidate.name);
    for secret in candidate.secrets.iter().chain(&["25011987", "81200001234", "Budi Contoh", "BUDI CONTOH"]) {
        assert!(!log.contains(secret), "{}: {secret} is in the log", candidate.name);
        assert!(!metrics.contains(secret), "{}: {secret} is in the metrics", candidate.name);
    }
}

/// All providers side by side: each has a server, a database and a stand-in of its own.
#[tokio::test(flavor = "multi_thread")]
async fn the_whole_conversation_goes_by_every_provider() {
    futures_util::future::join_all(providers().map(whole_conversation)).await;
}
