//! WAHA, as the suite sees it. Shapes: its pages of events and sending.

use antrean::gateway::Item;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha512;

use super::answers::post;
use super::candidate::{Candidate, Envelope, ErrorRow, Note, What, row};
use crate::support::fake_whatsapp::{Answer, Captured};
use crate::support::host::{Host, Played, lawful, object_of, within};
use crate::support::installation::now;
use crate::support::server_process::ServerProcess;

const HMAC_KEY: &str = "kunci-hmac-waha";
const API_KEY: &str = "kunci-api-waha";

pub fn candidate() -> Candidate {
    Candidate {
        name: "waha",
        channel: "kanim",
        config: |api| {
            format!(
                "[gateway.waha]\nkind = \"waha\"\napi = \"{api}\"\napi_key = \"{API_KEY}\"\nhmac_key = \"{HMAC_KEY}\"\n"
            )
        },
        secrets: &[HMAC_KEY, API_KEY],
        seal: |body| {
            let mac = Hmac::<Sha512>::new_from_slice(HMAC_KEY.as_bytes()).expect("any key fits");
            let signature = hex::encode(mac.chain_update(body).finalize().into_bytes());
            Envelope::new("waha").with("x-webhook-hmac", &signature).with("x-webhook-hmac-algorithm", "sha512")
        },
        proof: Some("x-webhook-hmac"),
        signs_body: true,
        write,
        join: None,
        read_receipt: Some(|id| {
            // The address may be another one than the one we sent to.
            let payload = json!({"id": format!("true_251556368777322@lid_{id}"), "from": "6281200001234@c.us",
                "fromMe": true, "ack": 3, "ackName": "READ"});
            json!({"event": "message.ack", "session": "kanim", "payload": payload}).to_string().into_bytes()
        }),
        play,
        send: "sendText",
        address: |number| format!("{number}@c.us"),
        pictures: true,
        errors: ERRORS,
        ill: Some(|| session("SCAN_QR_CODE")),
        well: Some(|| session("WORKING")),
        unwell: Some(("kanim", r#"{"name":"kanim","status":"SCAN_QR_CODE"}"#)),
        failing_yes: Some(r#"{"status":"PENDING"}"#),
    }
}

fn write(note: &Note<'_>) -> Option<Vec<u8>> {
    let mut event = "message";
    let jid = format!("{}@c.us", note.from);
    let mut payload = json!({"id": format!("false_{jid}_{}", note.id), "timestamp": note.at.timestamp(), "from": jid,
        "fromMe": false, "source": "app", "to": "622155500002@c.us", "participant": null, "body": "", "hasMedia": false,
        "media": null, "ack": 1, "vCards": [], "_data": {"anything": 1}});
    let mut media = |mime: &str, url: &str, caption: &str| {
        payload["hasMedia"] = json!(true);
        payload["body"] = json!(caption);
        payload["media"] = json!({"url": url, "mimetype": mime, "filename": null, "error": null});
    };
    let file = "http://localhost:3000/api/files/kanim/9001.jpeg";
    match note.what {
        What::Text(text) => payload["body"] = json!(text),
        What::Picture(caption) => media("image/jpeg", file, caption),
        What::PictureAt(url) => media("image/jpeg", url, ""),
        What::Voice => media("audio/ogg; codecs=opus", file, ""),
        What::Video => media("video/mp4", file, "lihat"),
        What::Sticker => media("image/webp", file, ""),
        What::Document => media("application/pdf", file, ""),
        What::Location => payload["location"] = json!({"latitude": "-6.2", "longitude": "106.8"}),
        What::Card => payload["vCards"] = json!(["BEGIN:VCARD"]),
        // Nothing that it says tells it apart from other messages without content, which get no answer.
        What::ViewOnce | What::Filled | What::Button(_) | What::Notice | What::UnknownKind => return None,
        What::Empty => payload["body"] = json!(null),
        What::Reaction => {
            event = "message.reaction";
            payload["reaction"] = json!({"text": "🙏", "messageId": "true_x"});
        }
        What::Edit(text) => {
            event = "message.edited";
            payload["editedMessageId"] = json!("3EB0FF01");
            payload["body"] = json!(text);
        }
        What::Deletion => event = "message.revoked",
        What::Echo => {
            payload["fromMe"] = json!(true);
            payload["body"] = json!("halo dari kantor");
        }
        What::Group => {
            payload["from"] = json!("120363402106@g.us");
            payload["body"] = json!("halo semua");
        }
        What::Unknown => event = "hologram.beamed",
    }
    let body = json!({"id": "evt_01", "timestamp": note.at.timestamp_millis(), "session": "kanim", "engine": "NOWEB",
        "event": event, "me": {"id": "622155500002@c.us", "pushName": "Kanim"}, "payload": payload});
    Some(body.to_string().into_bytes())
}

fn play(request: &Captured, number: u64, _api: &str) -> Result<Played, String> {
    if request.header("x-api-key") != API_KEY {
        return Ok(Played::answer(401, r#"{"message":"Unauthorized","statusCode":401}"#));
    }
    let sent = |body: &Value, text: &str, with_picture| {
        if body["session"] != "kanim" {
            return Err("another session".to_owned());
        }
        let to = body["chatId"].as_str().filter(|to| to.contains('@')).ok_or("no address")?;
        let id = format!("true_{to}_3EB0OUT{number}");
        Ok(Played::answer(201, json!({"id": id, "_data": {}}).to_string()).saying(to, text, with_picture))
    };
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/api/sendText") => {
            let known = ["reply_to", "linkPreview", "linkPreviewHighQuality", "mentions"];
            let body = object_of(request, &["session", "chatId", "text"], &known)?;
            let text = body["text"].as_str().ok_or("no text")?;
            within(text, 4_096)?;
            sent(&body, text, false)
        }
        ("POST", "/api/sendImage" | "/api/sendFile") => {
            let body = object_of(request, &["session", "chatId", "file"], &["caption", "reply_to"])?;
            lawful(&body["file"], &["mimetype", "data"], &["filename"])?;
            let caption = body["caption"].as_str().unwrap_or_default();
            within(caption, 1_024)?;
            sent(&body, caption, true)
        }
        ("GET", "/api/sessions/kanim") => Ok(Played::answer(200, r#"{"name":"kanim","status":"WORKING"}"#)),
        ("GET", "/api/kanim/lids/251556368777322@lid") => {
            Ok(Played::answer(200, r#"{"lid":"251556368777322@lid","pn":"6281200001234@c.us"}"#))
        }
        _ => Err("no such address".to_owned()),
    }
}

const ERRORS: &[ErrorRow] = &[
    row(401, r#"{"message":"Unauthorized","statusCode":401}"#, "misconfigured"),
    row(404, r#"{"message":"Session not found","statusCode":404}"#, "misconfigured"),
    row(
        422,
        r#"{"error":"Session status is not as expected. Try again later or restart the session","session":"kanim","status":"SCAN_QR_CODE","expected":["WORKING"]}"#,
        "misconfigured",
    ),
    row(500, r#"{"statusCode":500,"exception":{"message":"server returned error 463"}}"#, "window closed"),
    row(500, r#"{"statusCode":500,"exception":{"message":"rate-overlimit"}}"#, "throttled channel"),
    row(500, r#"{"statusCode":500,"exception":{"message":"No LID for user"}}"#, "refused"),
    row(500, r#"{"statusCode":500,"exception":{"message":"x"}}"#, "transient"),
    row(501, r#"{"message":"not in this engine"}"#, "refused"),
    row(400, r#"{"message":"Bad Request"}"#, "refused"),
    row(201, "{}", "ambiguous"),
    row(200, "<html>", "ambiguous"),
];

fn session(status: &str) -> Vec<u8> {
    let payload = json!({"name": "kanim", "status": status});
    json!({"event": "session.status", "session": "kanim", "engine": "NOWEB", "payload": payload})
        .to_string()
        .into_bytes()
}

/// A message from a privacy id instead of a number.
fn from_lid(id: &str) -> Vec<u8> {
    let note = Note { id, ..Note::of(What::Text("#status")) };
    let body = String::from_utf8(write(&note).expect("texts")).expect("UTF-8");
    body.replace(&format!("{}@c.us", note.from), "251556368777322@lid").into_bytes()
}

// Negative control: without `complete`, there are two contacts.
#[tokio::test(flavor = "multi_thread")]
async fn a_privacy_id_is_joined_to_the_number_that_the_bridge_knows() {
    let host = Host::start(play).await;
    let candidate = candidate();
    let installation = candidate.installation(&host.api());
    let server = ServerProcess::start(&installation);
    let by_number = write(&Note { id: "L1", ..Note::of(What::Text("#status")) }).expect("texts");
    for body in [by_number, from_lid("L2"), from_lid("L3")] {
        assert_eq!(post(server.endpoint(), &(candidate.seal)(&body), body.clone()).await.0, 200);
    }
    let mut tables = installation.tables().await;
    assert_eq!(tables.texts("select distinct contact from inbound").await, ["6281200001234"]);
    let asked = host.requests().iter().filter(|request| request.path.contains("/lids/")).count();
    assert_eq!(asked, 1, "a number that is known is not asked for again");
    host.assert_lawful();
}

#[tokio::test]
async fn a_privacy_id_that_nobody_can_name_is_served_as_it_is() {
    let host = Host::start(play).await;
    let gateway = candidate().open(&host.api());
    for answer in
        [Answer::Status(404, Vec::new(), String::new()), Answer::body(r#"{"lid":"x","pn":null}"#), Answer::Cut]
    {
        host.stand("251556368777322@lid", Some(answer));
        let items = gateway.complete(gateway.read(&from_lid("L1"), now())).await;
        let [Item::Message(message)] = items.as_slice() else { panic!("{items:?}") };
        assert_eq!((message.contact.as_str(), message.also.len()), ("251556368777322@lid", 0));
    }
}
