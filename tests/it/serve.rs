//! The real binary between a provider that posts signed webhooks and a stand-in for the provider's API.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::Value;

use crate::support::calendar::spelled;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::fake_whatsapp::{Answer, FakeWhatsApp};
use crate::support::installation::{ACCESS_TOKEN, APP_SECRET, Installation, VERIFY_TOKEN};
use crate::support::installation::{body, change, code_in, form, in_days, name, now, number, photo, said, text, until};
use crate::support::server_process::ServerProcess;

/// What one citizen got, text or caption, in order.
fn heard(whatsapp: &FakeWhatsApp, contact: &str) -> Vec<String> {
    let of_contact = |message: &&Value| message["to"] == contact;
    let said = |message: &Value| said(message).expect("a text or a caption").to_owned();
    whatsapp.accepted().iter().filter(of_contact).map(said).collect()
}

/// Waits until a citizen has `count` replies, and gives the last.
async fn reply(whatsapp: &FakeWhatsApp, contact: &str, count: usize) -> String {
    let what = format!("reply {count} to {contact}");
    until(&what, async || heard(whatsapp, contact).get(count - 1).cloned()).await
}

/// Posts a body until it is accepted, and then once more: the provider's way with an answer that it did not see.
async fn deliver_twice(server: &ServerProcess, body: &str) {
    for _ in 0..2 {
        assert_eq!(server.post(body).await, Some(200));
    }
}

// Negative control: with nothing known from earlier batches, and no sort by sending time in `Batch::read`, it fails.
async fn two_offices_book_from_forms_codes_and_commands_duplicated_reordered_and_batched(engine: Engine) {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let server = ServerProcess::start(&installation);
    let (visit, sent) = (in_days(3), now() - TimeDelta::minutes(2));
    let after = |seconds| sent + TimeDelta::seconds(seconds);
    // Citizens 0-5 write to Bogor, 6-11 to Jakarta Pusat: form, and a status that was sent after it but stands before it.
    let forms = |from: usize| -> Vec<Value> {
        let mut messages = Vec::new();
        for n in from..from + 3 {
            messages.push(text(&number(n), &format!("wamid.status{n}"), after(5), "#STATUS"));
            messages.push(text(&number(n), &format!("wamid.form{n}"), after(1), &form(&name(n), visit)));
            messages.push(text(&number(n), &format!("wamid.form{n}"), after(1), &form(&name(n), visit)));
        }
        messages
    };
    let batch = body(&[
        vec![change("1001", &forms(0)), change("1002", &forms(6))],
        vec![change("1001", &forms(3)), change("1002", &forms(9)), change("1001", &forms(0))],
    ]);
    deliver_twice(&server, &batch).await;
    let mut codes = BTreeMap::new();
    for n in 0..12 {
        let status = reply(&whatsapp, &number(n), 2).await;
        let echo = heard(&whatsapp, &number(n)).remove(0);
        assert!(echo.contains(&name(n).to_uppercase()), "{echo}");
        assert!(echo.contains("0812****"), "the number is masked: {echo}");
        assert!(status.contains(&spelled(visit)), "the status was sent after the form: {status}");
        codes.insert(n, code_in(&echo));
    }
    // Codes without their leading zeros, with spaces; the last citizen first; each body twice.
    for (n, code) in codes.iter().rev() {
        let channel = if *n < 6 { "1001" } else { "1002" };
        let trimmed = format!(" {} ", code.trim_start_matches('0'));
        let message = text(&number(*n), &format!("wamid.code{n}"), after(20), &trimmed);
        deliver_twice(&server, &body(&[vec![change(channel, &[message.clone(), message])]])).await;
    }
    for n in 0..12 {
        let ticket = reply(&whatsapp, &number(n), 3).await;
        assert!(ticket.contains("Pendaftaran berhasil") && ticket.chars().count() <= 1024, "{ticket}");
        let message = whatsapp.accepted().into_iter().rfind(|message| message["to"] == number(n)).expect("a message");
        assert_eq!(message["type"], "image", "the text goes as the caption of the QR picture");
    }
    assert_eq!(whatsapp.requests().iter().filter(|request| request.path.ends_with("/media")).count(), 12);
    // A repeated form is answered with its booking; Bogor does not cancel, Jakarta Pusat does.
    for (n, channel) in [(0, "1001"), (6, "1002")] {
        let again = text(&number(n), &format!("wamid.again{n}"), after(30), &form(&name(n), visit));
        let cancel = text(&number(n), &format!("wamid.cancel{n}"), after(40), "#batal");
        let status = text(&number(n), &format!("wamid.last{n}"), after(50), "status");
        deliver_twice(&server, &body(&[vec![change(channel, &[status, cancel, again])]])).await;
        reply(&whatsapp, &number(n), 6).await;
    }
    let ticket = heard(&whatsapp, &number(0)).remove(2);
    let code = ticket.split("*Kode antrean:* ").nth(1).and_then(|rest| rest.split_whitespace().next()).unwrap();
    assert!(
        heard(&whatsapp, &number(0))[3..].iter().all(|said| said.contains(code)),
        "{:?}",
        heard(&whatsapp, &number(0))
    );
    let mut tables = installation.tables().await;
    let states =
        tables.texts("select office || ' ' || state || ' ' || count(*) from booking group by office, state order by office, state").await;
    assert_eq!(states, ["bogor booked 6", "jakarta-pusat booked 5", "jakarta-pusat cancelled 1"]);
    assert_eq!(tables.count("select count(distinct contact) from booking").await, 12);
    assert_eq!(tables.count("select count(*) from seat").await, 11);
    until("everything is sent", async || {
        (tables.count("select count(*) from outbox where state <> 'sent'").await == 0).then_some(())
    })
    .await;
    assert_eq!(tables.many("select count(*) from outbox").await, whatsapp.accepted().len(), "each went out once");
    assert_eq!(tables.count("select count(*) from set_aside").await, 0);
    let paths: BTreeSet<String> = whatsapp.requests().into_iter().map(|request| request.path).collect();
    assert_eq!(
        paths.iter().map(String::as_str).collect::<Vec<_>>(),
        ["/v25.0/1001/media", "/v25.0/1001/messages", "/v25.0/1002/media", "/v25.0/1002/messages"]
    );
    // The provider's statuses, the read one first; for a reply of the channel that they come from.
    let reply_id =
        tables.texts("select provider_id from outbox where channel = 'wa/1001' order by id limit 1").await.remove(0);
    for stage in ["read", "delivered", "sent"] {
        let status =
            serde_json::json!({"id": reply_id, "status": stage, "timestamp": "1795316400", "recipient_id": number(0)});
        let mut change = change("1001", &[]);
        change["value"]["statuses"] = serde_json::json!([status]);
        deliver_twice(&server, &body(&[vec![change]])).await;
    }
    assert_eq!(tables.count("select max(delivery) from outbox").await, 4, "read stays read");
    let (status, log) = server.terminate();
    assert!(status.success(), "{log}");
    for personal in [APP_SECRET, ACCESS_TOKEN, VERIFY_TOKEN, "25011987", &number(3), &name(3), &name(3).to_uppercase()]
    {
        assert!(!log.contains(personal), "{personal} is in the log");
    }
}

// Negative control: with `state = 'sent'` for every status that names our number, the reply is never dead.
async fn a_reply_that_the_provider_could_not_deliver_is_listed_and_can_be_sent_again(engine: Engine) {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let server = ServerProcess::start(&installation);
    let message = text(&number(0), "wamid.form0", now(), &form(&name(0), in_days(3)));
    assert_eq!(server.post(&body(&[vec![change("1001", &[message])]])).await, Some(200));
    reply(&whatsapp, &number(0), 1).await;
    let mut tables = installation.tables().await;
    let state = "select state from outbox";
    until("it is sent", async || (tables.texts(state).await == ["sent"]).then_some(())).await;
    let tracker = whatsapp.accepted()[0]["biz_opaque_callback_data"].clone();
    let mut failed = change("1001", &[]);
    failed["value"]["statuses"] = serde_json::json!([{
        "id": "wamid.out", "status": "failed", "timestamp": now().timestamp().to_string(),
        "recipient_id": number(0), "biz_opaque_callback_data": tracker,
        "errors": [{"code": 131_026, "title": "Message undeliverable"}]
    }]);
    assert_eq!(server.post(&body(&[vec![failed]])).await, Some(200));
    assert_eq!(tables.texts(state).await, ["dead"]);
    let listed = installation.run(&["outbox", "list", "--config", "antrean.toml"]).done();
    assert!(listed.contains("dead") && listed.contains("131026"), "{listed}");
    installation.run(&["outbox", "retry", "--config", "antrean.toml"]).done();
    reply(&whatsapp, &number(0), 2).await;
}

async fn batam_books_on_the_arrival_of_the_photo_and_fetches_it_in_two_steps(engine: Engine) {
    let whatsapp = FakeWhatsApp::start().await;
    let jpeg = [
        b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01 a photo of an e-KTP"
            .as_slice(),
        &[7; 5000],
    ]
    .concat();
    whatsapp.put_media("9001", jpeg.clone());
    whatsapp.put_media("9002", jpeg.clone());
    // The first question where the picture lies goes wrong: booking must not wait for it.
    whatsapp.script("9001", [Answer::Slow(Duration::from_millis(300))]);
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let server = ServerProcess::start(&installation);
    let sent = now();
    let caption = "#Rina Sari#12031990#=1+1 Jl. Melati 1, Batam";
    let captioned = photo(&number(1), "wamid.1", sent, "9001", Some(caption));
    let form = text(&number(2), "wamid.2", sent, "#Siti Aminah#12031990#Jl. Melati 2, Batam");
    deliver_twice(&server, &body(&[vec![change("1003", &[captioned.clone(), form, captioned])]])).await;
    let ticket = reply(&whatsapp, &number(1), 1).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    let wanted = reply(&whatsapp, &number(2), 1).await;
    assert!(wanted.to_lowercase().contains("foto"), "{wanted}");
    let alone = photo(&number(2), "wamid.3", sent + TimeDelta::seconds(30), "9002", None);
    deliver_twice(&server, &body(&[vec![change("1003", &[alone])]])).await;
    let ticket = reply(&whatsapp, &number(2), 2).await;
    assert!(ticket.contains("Pendaftaran berhasil"), "{ticket}");
    let mut tables = installation.tables().await;
    until("both photos are fetched", async || {
        (tables.count("select count(*) from media where state = 'fetched'").await == 2).then_some(())
    })
    .await;
    assert_eq!(tables.count("select count(*) from media").await, 2, "a repeat fetches nothing");
    for file in tables.texts("select file from media").await {
        let kept = std::fs::read(installation.path("antrean-media").join(file)).unwrap();
        assert!(!kept.windows(5).any(|part| part == b"e-KTP"), "a photo lies on the disk as it came");
    }
    for code in tables.texts("select code from booking").await {
        installation.run(&["media", "save", &code, "photo.jpg"]).done();
        assert_eq!(std::fs::read(installation.path("photo.jpg")).unwrap(), jpeg);
        std::fs::remove_file(installation.path("photo.jpg")).unwrap();
    }
    let steps: Vec<String> =
        whatsapp.requests().into_iter().filter(|it| it.method == "GET").map(|it| it.path).collect();
    for step in ["/v25.0/9001", "/file-9001", "/v25.0/9002", "/file-9002"] {
        assert!(steps.iter().any(|path| path == step), "{step} in {steps:?}");
    }
    assert_eq!(tables.count("select count(*) from booking where state = 'booked' and photo is not null").await, 2);
    assert!(server.terminate().0.success());
}

async fn strangers_are_kept_out_and_strays_are_kept(engine: Engine) {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let server = ServerProcess::start(&installation);
    let challenge =
        |token: &str| format!("/webhooks/wa?hub.mode=subscribe&hub.verify_token={token}&hub.challenge=4711");
    assert_eq!(server.get(&challenge(VERIFY_TOKEN)).await, (200, "4711".to_owned()));
    assert_eq!(server.get(&challenge("tebakan")).await.0, 403);
    assert_eq!(server.get("/healthz").await.0, 200);
    assert_eq!(server.get("/readyz").await.0, 200);
    assert_eq!(server.get("/simulator").await.0, 404, "no simulator is configured");
    let message = text(&number(1), "wamid.1", now(), &form("Budi", in_days(3)));
    let known = body(&[vec![change("1001", std::slice::from_ref(&message))]]);
    assert_eq!(server.post_signed(&known, "lain").await, Some(401));
    let near_limit = format!("{known}{}", " ".repeat(4 * 1024 * 1024 - known.len()));
    assert_eq!(server.post_signed(&near_limit, "lain").await, Some(401), "four mebibytes are read");
    let over = server.post(&format!("{near_limit} ")).await;
    assert!(matches!(over, Some(413) | None), "{over:?}: cut off or told");
    assert_eq!(installation.tables().await.count("select count(*) from inbound").await, 0);
    // A channel that no office owns.
    let stray = body(&[vec![change("7777", &[message])]]);
    deliver_twice(&server, &stray).await;
    let listed = installation.run(&["aside", "list"]).done();
    assert!(
        listed.contains("wa/7777") && listed.contains("(no office)") && listed.ends_with("1 messages\n"),
        "{listed}"
    );
    assert!(!listed.contains(&number(1)), "the number is masked: {listed}");
    let (status, log) = server.terminate();
    assert!(status.success() && log.contains("wa/7777"), "{log}");
    // Somebody gives the channel to an office; a retry beside the running server books it and the server answers.
    installation.add_channel("bogor", "7777");
    let server = ServerProcess::start(&installation);
    assert_eq!(installation.run(&["aside", "retry"]).done(), "1 of 1 messages were served\n");
    let echo = reply(&whatsapp, &number(1), 1).await;
    let code = text(&number(1), "wamid.2", now(), &code_in(&echo));
    deliver_twice(&server, &body(&[vec![change("7777", &[code])]])).await;
    assert!(reply(&whatsapp, &number(1), 2).await.contains("Pendaftaran berhasil"));
    assert_eq!(installation.run(&["aside", "list"]).done(), "0 messages\n");
    assert!(server.terminate().0.success());
}

async fn a_stop_finishes_what_is_under_way(engine: Engine) {
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.script("messages", vec![Answer::Slow(Duration::from_millis(30)); 1_000]);
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let server = ServerProcess::start(&installation);
    let sent = now();
    let mut posts = tokio::task::JoinSet::new();
    for n in 0..60 {
        let message = text(&number(n), &format!("wamid.{n}"), sent, &form(&name(n), in_days(3)));
        let (client, address) = (server.client.clone(), server.address.clone());
        let body = body(&[vec![change("1001", &[message])]]);
        posts.spawn(async move { crate::support::server_process::post(&client, &address, &body, APP_SECRET).await });
    }
    tokio::time::sleep(Duration::from_millis(60)).await;
    let (status, log) = tokio::task::spawn_blocking(move || server.terminate()).await.unwrap();
    assert!(status.success(), "{log}");
    let answered = posts.join_all().await.into_iter().filter(|status| *status == Some(200)).count();
    let mut tables = installation.tables().await;
    let bookings = tables.many("select count(*) from booking where state = 'held'").await;
    assert!(bookings >= answered, "{answered} were told 200, {bookings} are booked");
    assert_eq!(
        tables.count("select count(*) from outbox where state = 'claimed'").await,
        0,
        "nothing is left in flight"
    );
    assert_eq!(tables.many("select count(*) from outbox where state = 'sent'").await, whatsapp.accepted().len());
    // The rest goes out with the next start.
    let server = ServerProcess::start(&installation);
    until("the rest is sent", async || (whatsapp.accepted().len() >= bookings).then_some(())).await;
    assert_eq!(whatsapp.accepted().len(), bookings, "and nothing twice");
    assert_eq!(server.metric("antrean_replies_total{verdict=\"taken_over\"").await, 0);
}

on_both_engines!(
    two_offices_book_from_forms_codes_and_commands_duplicated_reordered_and_batched,
    a_reply_that_the_provider_could_not_deliver_is_listed_and_can_be_sent_again,
    batam_books_on_the_arrival_of_the_photo_and_fetches_it_in_two_steps,
    strangers_are_kept_out_and_strays_are_kept,
    a_stop_finishes_what_is_under_way,
);

// Negative control: with the levels not kept, or with nothing said of those that are not understood, it fails.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_has_the_levels_that_were_asked_for() {
    let installation = Installation::new_on(Engine::Sqlite, "http://127.0.0.1:9").await;
    // To its end: what it has said so far may not have been read yet.
    let log = |levels: &str| ServerProcess::start_with(&installation, &[("ANTREAN_LOG", levels)]).terminate().1;
    assert!(log("info").contains(" INFO "));
    let few = log("warn,antrean::cli=info");
    assert!(few.contains(" INFO antrean::cli::serve") && !few.contains(" INFO antrean::app"), "{few}");
    let told = log("antrean=nonsense");
    assert!(told.contains("ANTREAN_LOG is not understood") && told.contains(" INFO antrean::cli::serve"), "{told}");
}
