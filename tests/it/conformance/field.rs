//! What the field sends: spellings and shapes that providers do not document, or do not keep to. Each row is one that cost a
//! citizen their answer somewhere.

use std::sync::Arc;

use antrean::clock::SystemClock;
use antrean::config::Config;
use antrean::domain::message::Content;
use antrean::gateway::Item;
use antrean::storage::Storage;
use serde_json::{Value, json};

use super::answers::{post, say};
use super::candidate::{Envelope, Note, What};
use super::{NOWHERE, green, providers};
use crate::support::host::Host;
use crate::support::installation::{Installation, body, change, in_days, now, until};
use crate::support::server_process::ServerProcess;

/// One item in a few words.
fn brief(item: &Item) -> String {
    match item {
        Item::Message(message) => match &message.content {
            Content::Text(text) => format!("text {text}"),
            Content::Edited(text) => format!("edited {text}"),
            Content::Picture { attachment, caption } => {
                format!("picture {} {}", attachment.reference, caption.as_deref().unwrap_or("-"))
            }
            Content::Other(kind) => format!("{kind:?}"),
        },
        Item::AddressChanged(moved) => format!("moved to {}", moved.taken[0].as_str()),
        Item::Ignored { .. } => "ignored".to_owned(),
        Item::Malformed { .. } => "unread".to_owned(),
        other => format!("{other:?}"),
    }
}

fn cloud(kind: &str, part: &Value) -> Value {
    let mut message =
        json!({"from": "6281200000101", "id": "wamid.F", "timestamp": now().timestamp().to_string(), "type": kind});
    message.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    serde_json::from_str(&body(&[vec![change("1001", &[message])]])).expect("JSON")
}

fn telegram(part: &Value) -> Value {
    let mut message = json!({"message_id": 3, "from": {"id": 7001, "is_bot": false}, "chat": {"id": 7001, "type": "private"}, "date": now().timestamp()});
    message.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    json!({"update_id": 9, "message": message})
}

fn waha(part: &Value) -> Value {
    let mut payload = json!({"id": "false_6281200000101@c.us_F1", "timestamp": now().timestamp(), "from": "6281200000101@c.us", "fromMe": false});
    payload.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    json!({"event": "message", "session": "kanim", "me": {"id": "622155500002@c.us"}, "payload": payload})
}

fn gowa(part: &Value) -> Value {
    let mut payload = json!({"id": "3EB0F1", "chat_id": "6281200000101@s.whatsapp.net", "from": "6281200000101@s.whatsapp.net", "timestamp": now().to_rfc3339()});
    payload.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    json!({"event": "message", "device_id": "622155500001@s.whatsapp.net", "payload": payload})
}

fn green_text(part: &Value) -> Value {
    json!({"typeWebhook": "incomingMessageReceived", "instanceData": {"idInstance": 1_101_000_001}, "timestamp": now().timestamp(),
        "idMessage": "F1", "senderData": {"chatId": "6281200000101@c.us"}, "messageData": part})
}

fn fonnte(part: &Value) -> Value {
    let mut body = json!({"device": "622155500003", "sender": "6281200000101", "message": "non-text message", "text": "non-button message",
        "type": "text", "inboxid": 4, "timestamp": now().timestamp()});
    body.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
    body
}

fn rows() -> Vec<(&'static str, Value, &'static str)> {
    let form = "#Siti Contoh#12031990#24112026";
    vec![
        ("wa", cloud("unknown", &json!({"errors": [{"code": 131_051, "title": "unknown"}]})), "Unsupported"),
        ("wa", cloud("poll", &json!({"poll": {"name": "x"}})), "Unsupported"),
        ("wa", cloud("event", &json!({"event": {"name": "x"}})), "Unsupported"),
        ("wa", cloud("text", &json!({"text": {"body": "#status"}, "errors": null, "context": null})), "text #status"),
        ("wa", cloud("text", &json!({"text": {"body": "#status"}, "timestamp": "-1"})), "text #status"),
        (
            "wa",
            cloud("text", &json!({"text": {"body": "#status"}, "timestamp": "2026-12-01T02:45:07Z"})),
            "text #status",
        ),
        ("wa", cloud("image", &json!({"image": {"caption": form}})), "text #Siti Contoh#12031990#24112026"),
        ("wa", cloud("image", &json!({"image": {}})), "PhotoLost"),
        (
            "wa",
            cloud("system", &json!({"system": {"type": "user_changed_number", "new_wa_id": "6281200000109"}})),
            "moved to 6281200000109",
        ),
        (
            "wa",
            cloud(
                "interactive",
                &json!({"interactive": {"type": "list_reply", "list_reply": {"id": "r1", "title": "09.00"}}}),
            ),
            "text 09.00",
        ),
        (
            "wa",
            cloud(
                "interactive",
                &json!({"interactive": {"type": "button_reply", "button_reply": {"id": "says:ya", "title": "Ya, benar"}}}),
            ),
            "text ya",
        ),
        (
            "wa",
            cloud(
                "edit",
                &json!({"edit": {"original_message_id": "w", "message": {"type": "image", "image": {"caption": form}}}}),
            ),
            "edited #Siti Contoh#12031990#24112026",
        ),
        (
            "tg",
            telegram(&json!({"web_app_data": {"data": form, "button_text": "Daftar"}})),
            "text #Siti Contoh#12031990#24112026",
        ),
        ("tg", telegram(&json!({"text": "/start loket-7"})), "text /start"),
        (
            "tg",
            telegram(&json!({"live_photo": {"file_id": "f"}, "caption": form})),
            "text #Siti Contoh#12031990#24112026",
        ),
        ("tg", telegram(&json!({"live_photo": {"file_id": "f"}})), "Unsupported"),
        ("tg", telegram(&json!({"checklist": {"title": "x"}})), "Unsupported"),
        ("tg", telegram(&json!({"gift": {"gift": {}}})), "Unsupported"),
        ("tg", telegram(&json!({"new_chat_title": "x"})), "ignored"),
        ("tg", telegram(&json!({"write_access_allowed": {}})), "ignored"),
        (
            "tg",
            json!({"update_id": 8, "callback_query": {"id": "c", "from": {"id": 7001}, "data": "says:ya"}}),
            "text ya",
        ),
        (
            "tg",
            json!({"update_id": 8, "callback_query": {"id": "c", "from": {"id": 7001}, "data": "#batal"}}),
            "text #batal",
        ),
        ("waha", waha(&json!({"body": null, "hasMedia": false, "media": null})), "ignored"),
        ("waha", waha(&json!({"body": "", "hasMedia": true, "media": null})), "PhotoLost"),
        ("waha", waha(&json!({"body": form, "hasMedia": true, "media": null})), "text #Siti Contoh#12031990#24112026"),
        ("waha", waha(&json!({"body": "#status", "from": "6281200000101@hosted"})), "text #status"),
        ("gowa", gowa(&json!({})), "Empty"),
        ("gowa", gowa(&json!({"image": {"url": ""}})), "PhotoLost"),
        ("gowa", gowa(&json!({"body": "#status", "timestamp": "2026-12-01 09:45:07"})), "text #status"),
        (
            "green",
            green_text(&json!({"typeMessage": "quotedMessage", "extendedTextMessageData": {"text": form}})),
            "text #Siti Contoh#12031990#24112026",
        ),
        (
            "green",
            green_text(&json!({"typeMessage": "textMessage", "textMessageData": {"textMessage": "#status"}})),
            "text #status",
        ),
        ("fonnte", fonnte(&json!({"text": "Ya"})), "text Ya"),
        ("fonnte", fonnte(&json!({"message": "#status", "timestamp": "03/08/2026 09:00"})), "text #status"),
        ("fonnte", fonnte(&json!({"message": "#status", "location": "x", "timestamp": null})), "text #status"),
    ]
}

// Negative control: with Cloud's `new_wa_id` not looked at, the eighth row is unread; with the id of a button before its
// title, "09.00" is "r1"; with Telegram's `NOTICES` not looked at, a chat's new title is Unsupported.
#[test]
fn what_the_field_sends_is_read_as_it_was_meant() {
    let all: Vec<_> = providers().map(|candidate| (candidate.name, candidate.open(NOWHERE))).collect();
    let mut wrong = Vec::new();
    for (name, body, expected) in rows() {
        let (_, gateway) = all.iter().find(|(known, _)| *known == name).expect("a provider");
        let items = gateway.read(body.to_string().as_bytes(), now());
        let read: Vec<String> = items.iter().map(brief).collect();
        if read != [expected] {
            wrong.push(format!("{name}: {read:?} in the place of {expected}: {body}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// Negative control: with the first file alone looked at, each is what stands before the picture.
#[test]
fn the_first_picture_among_several_files_counts() {
    let twilio = providers().find(|candidate| candidate.name == "tw").expect("Twilio");
    let gateway = twilio.open(NOWHERE);
    for (first, second, expected) in [
        ("application/smil", "image/jpeg", "picture https://api.twilio.com/b #status"),
        ("text/x-vcard", "image/png", "picture https://api.twilio.com/b #status"),
        ("image/jpeg", "image/png", "picture https://api.twilio.com/a #status"),
        ("text/vcard", "audio/ogg", "ContactCard"),
        ("application/smil", "video/mp4", "Video"),
    ] {
        let fields = [
            ("From", "+6281200000101"),
            ("To", "+622155500002"),
            ("MessageSid", "MM1"),
            ("NumMedia", "2"),
            ("Body", "#status"),
            ("MediaContentType0", first),
            ("MediaUrl0", "https://api.twilio.com/a"),
            ("MediaContentType1", second),
            ("MediaUrl1", "https://api.twilio.com/b"),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let items = gateway.read(body.as_bytes(), now());
        assert_eq!(items.iter().map(brief).collect::<Vec<_>>(), [expected], "{first}, {second}");
    }
}

/// However often a form is changed, or how many parts an album has, there is one answer.
// Negative control: with an edit's own id in the place of the first message's, there are two.
#[tokio::test(flavor = "multi_thread")]
async fn an_edit_and_an_album_are_answered_once() {
    for candidate in providers().filter(|candidate| ["wa", "gowa", "waha", "tg"].contains(&candidate.name)) {
        let installation = candidate.installation(NOWHERE);
        let config = Config::load(&installation.config()).expect("a configuration");
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
        for (n, visit) in ["24112026", "25112026"].iter().enumerate() {
            let edited = format!("#Siti Contoh#12031990#{visit}");
            // Telegram knows an edit by the message that it is of.
            let id = if candidate.name == "tg" { "E".to_owned() } else { format!("E{n}") };
            let items = candidate.read(&Note { id: &id, ..Note::of(What::Edit(&edited)) }).expect("edits");
            desk.serve(items).await.expect("served");
        }
        let mut tables = installation.tables().await;
        let told = tables.texts("select text from outbox").await;
        assert!(told.len() == 1 && told[0].contains("pesan baru"), "{}: {told:?}", candidate.name);
        assert_eq!(tables.count("select count(*) from booking").await, 0, "{}: nothing is booked", candidate.name);
        if candidate.name == "tg" {
            for n in 0..3 {
                let mut body = telegram(
                    &json!({"document": {"file_id": "d", "mime_type": "application/pdf"}, "media_group_id": "77"}),
                );
                body["message"]["message_id"] = json!(100 + n);
                let items = candidate.open(NOWHERE).read(body.to_string().as_bytes(), now());
                desk.serve(items).await.expect("served");
            }
            assert_eq!(tables.count("select count(*) from outbox").await, 2, "one for the album");
        }
        desk.close().await;
        storage.close().await;
    }
}

/// A flow with one field for each piece books as the line would.
// Negative control: with only the field `message` looked at, the flow is answered as something that cannot be read.
#[tokio::test(flavor = "multi_thread")]
async fn a_flow_with_one_field_for_each_piece_is_a_form() {
    let candidate = providers().find(|candidate| candidate.name == "wa").expect("Cloud");
    let installation = candidate.installation(NOWHERE);
    let config = Config::load(&installation.config()).expect("a configuration");
    let storage = Storage::open(&config.database).await.expect("a database");
    let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
    let visit = in_days(3).format("%Y-%m-%d").to_string();
    let fields = json!({"flow_token": "t", "nama": "Siti Contoh", "tgl_lahir": "1990-03-12", "tgl_kedatangan": visit})
        .to_string();
    let answer = json!({"interactive": {"type": "nfm_reply", "nfm_reply": {"name": "flow", "body": "Sent", "response_json": fields}}});
    let items = candidate.open(NOWHERE).read(cloud("interactive", &answer).to_string().as_bytes(), now());
    desk.serve(items).await.expect("served");
    let told = installation.tables().await.texts("select text from outbox").await.remove(0);
    assert!(told.to_uppercase().contains("SITI CONTOH"), "{told}");
    crate::support::installation::code_in(&told);
    desk.close().await;
    storage.close().await;
}

/// A gateway that hands back all that we send, in the citizen's own chat, told only by a word.
// Negative control: with the preset's `own` emptied, each answer is answered again.
#[tokio::test(flavor = "multi_thread")]
async fn our_own_messages_handed_back_are_never_answered() {
    let candidate = green::candidate();
    let host = Host::start(candidate.play).await;
    let installation = candidate.installation(&host.api());
    let server = ServerProcess::start(&installation);
    say(server.endpoint(), &candidate, &Note { id: "L1", ..Note::of(What::Text("halo")) }).await;
    until("the answer", async || host.said().first().map(|said| said.text.clone())).await;
    for _ in 0..3 {
        for said in host.said() {
            let echo = green::echo(&said.to, &said.text);
            assert_eq!(post(server.endpoint(), &(candidate.seal)(&echo), echo.clone()).await.0, 200);
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    }
    assert_eq!(host.said().len(), 1, "one answer to one message");
}

/// Messages by GET: the query is the body, and the secret is in it or in the path.
// Negative control: with `takes_get` always false, the first is 405; with the proof of the query always right, a wrong
// secret is served.
#[tokio::test(flavor = "multi_thread")]
async fn a_message_by_get_is_taken_where_it_is_configured_and_never_without_its_secret() {
    const SECRET: &str = "jalanRahasiaGet0123456789abcd";
    let installation = Installation::new(NOWHERE);
    let inbound = "line = \"/sendto\"\nid = \"/messageid\"\nfrom = \"/original\"\ntext = \"/message\"\n";
    let outbound = "url = \"http://127.0.0.1:9/send\"\nfields = { to = \"{to}\", text = \"{text}\" }\n";
    let gateway = |name: &str, proof: &str| {
        format!(
            "[gateway.{name}]\nkind = \"http_json\"\ntoken = \"kunci-kirim-sms\"\n{proof}\n[gateway.{name}.inbound]\n{inbound}\
             [gateway.{name}.outbound]\n{outbound}[[channel]]\ngateway = \"{name}\"\noffice = \"jakarta-pusat\"\nkey = \"93456\"\n"
        )
    };
    let config = format!(
        "listen = \"127.0.0.1:0\"\ndatabase = \"sqlite://antrean.db\"\noffices = [\"offices\"]\n{}{}{}",
        gateway("path", &format!("get = true\npath_secret = \"{SECRET}\"")),
        gateway("field", &format!("get = true\nsecret_field = \"key\"\nfield_secret = \"{SECRET}\"")),
        gateway("posted", &format!("path_secret = \"{SECRET}\"")),
    );
    std::fs::write(installation.config(), config).expect("written");
    let server = ServerProcess::start(&installation);
    let said = |n: u32| format!("original=08120000010{n}&sendto=93456&messageid=d-{n}&message=%23status");
    let ask = async |target: String| server.get(&target).await.0;
    assert_eq!(ask(format!("/webhooks/path/{SECRET}?{}", said(1))).await, 200);
    assert_eq!(ask(format!("/webhooks/field?{}&key={SECRET}", said(2))).await, 200);
    for wrong in [
        format!("/webhooks/path?{}", said(3)),
        format!("/webhooks/path/{SECRET}x?{}", said(3)),
        format!("/webhooks/field?{}", said(3)),
        format!("/webhooks/field?{}&key=x", said(3)),
        format!("/webhooks/field?{}&key={SECRET}&key={SECRET}", said(3)),
    ] {
        assert_eq!(ask(wrong.clone()).await, 401, "{wrong}");
    }
    assert_eq!(ask(format!("/webhooks/posted/{SECRET}?{}", said(3))).await, 405);
    let mut tables = installation.tables().await;
    let contacts = tables.texts("select contact from outbox order by contact").await;
    assert_eq!(contacts, ["6281200000101", "6281200000102"], "numbers of the country's own spelling");
    // What cannot be read is kept without the secret.
    assert_eq!(ask(format!("/webhooks/field?sendto=93456&message=x&key={SECRET}")).await, 200);
    let kept = tables.texts("select body from unread").await.remove(0);
    assert!(kept.contains("message") && !kept.contains(SECRET), "{kept}");
    let (_, log) = server.terminate();
    assert!(!log.contains(SECRET), "{log}");
}

/// Proofs that GET cannot have are refused by the configuration.
#[test]
fn get_without_a_secret_of_its_own_is_no_configuration() {
    let envelope = Envelope::new("evo");
    assert!(envelope.tail.is_empty());
    let candidate = providers().find(|candidate| candidate.name == "evo").expect("Evolution");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("antrean.toml");
    let section = (candidate.config)(NOWHERE).replace("kind = \"http_json\"\n", "kind = \"http_json\"\nget = true\n");
    let rest = "[[channel]]\ngateway = \"evo\"\noffice = \"bogor\"\nkey = \"kanim-contoh\"\n";
    std::fs::write(&file, format!("listen = \"127.0.0.1:0\"\noffices = [\"offices\"]\n{section}{rest}"))
        .expect("written");
    let error = format!("{:?}", Config::load(&file).expect_err("no proof"));
    assert!(error.contains("`get` needs path_secret"), "{error}");
}

/// Places, words and kinds as an installation writes them.
// Negative control: with the last place counted rather than the first filled one, "dua" is read.
#[test]
fn several_places_and_words_are_configured() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("antrean.toml");
    let write = |inbound: &str| {
        let config = format!(
            "listen = \"127.0.0.1:0\"\noffices = [\"offices\"]\n[gateway.sms]\nkind = \"http_json\"\ntoken = \"kunci-kirim-sms\"\n\
             path_secret = \"jalanRahasiaSms0123456789abcd\"\n[gateway.sms.outbound]\nurl = \"http://127.0.0.1:9/send\"\n\
             fields = {{ to = \"{{to}}\", text = \"{{text}}\" }}\n[gateway.sms.inbound]\nline = \"/to\"\nid = \"/id\"\n{inbound}\n\
             [[channel]]\ngateway = \"sms\"\noffice = \"bogor\"\nkey = \"93456\"\n"
        );
        std::fs::write(&file, config).expect("written");
        Config::load(&file)
    };
    let inbound = "from = [\"/sender\", \"/from\"]\ntext = [\"/text\", \"/more/text\"]\nkind = \"/kind\"\nmedia = \"/file\"\n\
        country = \"MY\"\nown = { place = \"/event\", words = [\"sentByApi\", \"sentByPhone\"] }\n\
        ignored = { place = \"/event\", words = [\"typing\"] }\nwanted = { place = \"/event\", words = [\"message\"] }\n\
        picture = { place = \"/flag\", words = [\"img\"] }\n\
        kinds = { picture = [\"foto\"], edit = [\"ubah\"], audio = [\"suara\"], ignored = [\"hati\"] }\n";
    let config = write(inbound).expect("a configuration");
    let gateway = config.gateways["sms"].open().expect("settings").expect("no simulator");
    for (part, expected) in [
        (json!({"text": "satu", "more": {"text": "dua"}}), "text satu"),
        (json!({"text": "", "more": {"text": "dua"}}), "text dua"),
        (json!({"text": null, "more": {"text": "dua"}}), "text dua"),
        (json!({"text": "x", "event": "sentbyapi"}), "ignored"),
        (json!({"text": "x", "event": "typing"}), "ignored"),
        (json!({"text": "x", "event": "message"}), "text x"),
        (json!({"text": "x", "event": "newer"}), "unread"),
        (json!({"event": "newer"}), "ignored"),
        (json!({"text": "x", "kind": "foto", "file": "https://a/b"}), "picture https://a/b x"),
        (json!({"text": "x", "flag": "img", "file": "https://a/b"}), "picture https://a/b x"),
        (json!({"text": "x", "kind": "UBAH"}), "edited x"),
        (json!({"kind": "suara"}), "Audio"),
        (json!({"text": "x", "kind": "hati"}), "ignored"),
    ] {
        let mut body = json!({"to": "93456", "id": "s-1", "from": "012-345 6789"});
        body.as_object_mut().expect("an object").extend(part.as_object().expect("an object").clone());
        let items = gateway.read(body.to_string().as_bytes(), now());
        assert_eq!(items.iter().map(brief).collect::<Vec<_>>(), [expected], "{part}");
        if let [Item::Message(message)] = items.as_slice() {
            assert_eq!(message.contact.as_str(), "60123456789", "by the line's country");
        }
    }
    for (wrong, remedy) in [
        ("from = \"/from\"\ntext = \"/text\"\nown = { place = \"/event\" }", "needs a place and words"),
        ("from = \"/from\"\ntext = \"/text\"\nown = { place = \"/event\", word = [\"x\"] }", "word"),
        ("from = \"/from\"\ntext = [\"/text\", \"more\"]", "must begin with a slash"),
        ("from = \"/from\"\ntext = \"/text\"\ncountry = \"QQ\"", "two letters"),
        ("from = \"/from\"\ntext = \"/text\"\nkinds = { foto = [\"x\"] }", "foto"),
    ] {
        let error = format!("{:?}", write(wrong).expect_err(wrong));
        assert!(error.contains(remedy), "{wrong}: {error}");
    }
}
