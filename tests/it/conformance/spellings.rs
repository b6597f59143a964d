//! Bodies and addresses in the other spellings that are common: each is read, or says what to change at the provider.

use std::sync::Arc;

use antrean::clock::SystemClock;
use antrean::config::Config;
use antrean::desk::Verdict;
use antrean::domain::message::Content;
use antrean::gateway::{Item, bounded_read};
use antrean::storage::Storage;
use serde_json::{Value, json};

use super::candidate::{Note, What};
use super::evolution::lid;
use super::{NOWHERE, messages, providers};
use crate::support::installation::{code_in, form, in_days, now};

const NUMBER: &str = "6281200000101";

fn read(name: &str, body: &[u8]) -> Vec<Item> {
    let gateway = providers().find(|candidate| candidate.name == name).expect("a provider").open(NOWHERE);
    bounded_read::read(&*gateway, body, now()).items
}

/// A message of Evolution's, from these addresses.
fn evolution(key: &Value, message: &Value) -> Value {
    let mut key = key.clone();
    key["fromMe"] = json!(false);
    json!({"event": "messages.upsert", "instance": "kanim-contoh", "apikey": "kunci-instansi-evolution",
        "data": {"key": key, "message": message, "messageType": "conversation", "messageTimestamp": now().timestamp()}})
}

/// A form that comes with number and privacy id, and its code with one of them: one person.
// Negative control: with `also` left empty, the code from the privacy id is unknown.
#[tokio::test(flavor = "multi_thread")]
async fn who_is_told_by_number_and_privacy_id_is_one_person() {
    let number = format!("{NUMBER}@s.whatsapp.net");
    for (first, second) in [
        (json!({"remoteJid": lid(NUMBER), "remoteJidAlt": number}), json!({"remoteJid": lid(NUMBER)})),
        (json!({"remoteJid": number, "remoteJidAlt": lid(NUMBER)}), json!({"remoteJid": lid(NUMBER)})),
        (json!({"remoteJid": lid(NUMBER), "senderPn": number}), json!({"remoteJid": number})),
    ] {
        let candidate = providers().find(|candidate| candidate.name == "evo").expect("Evolution");
        let installation = candidate.installation(NOWHERE);
        let config = Config::load(&installation.config()).expect("a configuration");
        let storage = Storage::open(&config.database).await.expect("a database");
        let desk = antrean::app::desk(&config, &storage, Arc::new(SystemClock)).await.expect("a desk");
        let say = async |key: &Value, id: &str, text: &str| {
            let mut key = key.clone();
            key["id"] = json!(id);
            let items = read("evo", evolution(&key, &json!({"conversation": text})).to_string().as_bytes());
            assert_eq!(desk.serve(items).await, Ok(vec![Verdict::Served]));
            installation.tables().await.texts("select text from outbox order by id desc limit 1").await.remove(0)
        };
        let echo = say(&first, "E1", &form("Budi Contoh", in_days(3))).await;
        let ticket = say(&second, "E2", &code_in(&echo)).await;
        assert!(ticket.contains("Pendaftaran berhasil"), "{first} {second}: {ticket}");
        assert_eq!(installation.tables().await.texts("select distinct contact from booking").await, [NUMBER]);
        desk.close().await;
        storage.close().await;
    }
}

/// Two numbers of one message are not believed to be one person: one of them may be the office's own.
// Negative control: with every further address taken, the second number is the first one's.
#[test]
fn a_second_number_is_nobody_s_other_address() {
    let key = json!({"id": "E1", "remoteJid": "6281200000101@s.whatsapp.net", "remoteJidAlt": "6281200000102@s.whatsapp.net"});
    let items = read("evo", evolution(&key, &json!({"conversation": "halo"})).to_string().as_bytes());
    let [message] = messages(&items)[..] else { panic!("{items:?}") };
    assert_eq!((message.contact.as_str(), message.also.as_slice()), (NUMBER, [].as_slice()));
}

// Negative control: without the mark stripped in `inlet::parse`, every JSON provider's body is unread.
#[test]
fn a_byte_order_mark_costs_nothing() {
    for candidate in providers().filter(|candidate| candidate.name != "tw") {
        let body = (candidate.write)(&Note::of(What::Text("#status"))).expect("everybody knows texts");
        let marked = ["\u{feff}".as_bytes(), &body].concat();
        assert_eq!(read(candidate.name, &marked), read(candidate.name, &body), "{}", candidate.name);
        assert_eq!(messages(&read(candidate.name, &marked)).len(), 1, "{}", candidate.name);
    }
}

// Negative control: with `coded` always none, the multipart form is taken for a form without a channel.
#[test]
fn a_body_that_no_version_reads_says_what_to_change() {
    let multipart = "--bd1\r\nContent-Disposition: form-data; name=\"sender\"\r\n\r\n6281200000101\r\n--bd1--\r\n";
    for (body, reason) in [
        (multipart.as_bytes(), "a multipart form: let the provider post JSON"),
        (b"\x1f\x8b\x08\x00=&", "a compressed body (gzip): turn compression off"),
        (b"{\"sender\": \"a=b\"", "the body is neither JSON nor a form"),
    ] {
        for name in ["fonnte", "evo", "umum", "green"] {
            let items = read(name, body);
            assert!(
                matches!(&items[..], [Item::Malformed { reason: told, .. }] if told.starts_with(reason)),
                "{name}: {items:?}"
            );
        }
    }
}

// Negative control: without `each` in the preset, the list is one item that cannot be read.
#[test]
fn a_list_in_the_place_of_one_message_is_read_one_by_one() {
    let data = |id: &str, text: &Value| {
        json!({"key": {"id": id, "remoteJid": "6281200000101@s.whatsapp.net", "fromMe": false},
            "message": {"conversation": text}, "messageType": "conversation", "messageTimestamp": now().timestamp()})
    };
    let body =
        |data: Value| json!({"event": "messages.upsert", "instance": "kanim-contoh", "apikey": "x", "data": data});
    let list = body(json!([data("L1", &json!("satu")), data("L2", &json!({"x": 1})), data("L3", &json!("tiga"))]));
    let top = json!([body(data("L1", &json!("satu"))), 7, body(data("L3", &json!("tiga")))]);
    for written in [list, top] {
        let items = read("evo", written.to_string().as_bytes());
        let [Item::Message(first), Item::Malformed { unread, .. }, Item::Message(last)] = &items[..] else {
            panic!("{items:?}")
        };
        assert_eq!((first.id.as_str(), last.id.as_str()), ("L1", "L3"));
        assert!(!unread.body.contains("satu") && !unread.body.contains("tiga"), "alone: {}", unread.body);
    }
    assert!(matches!(&read("evo", body(json!([])).to_string().as_bytes())[..], [Item::Ignored { .. }]));
}

// Negative control: with the channel read without its country, the message is a stray of the channel 0215550003.
#[test]
fn a_channel_in_its_country_s_own_spelling_is_the_configured_one() {
    for device in ["622155500003", "02155500003", "+62 21 5550 0003", "021-5550-0003"] {
        let body = json!({"device": device, "sender": "081200000101", "message": "#status", "inboxid": 7});
        let items = read("fonnte", body.to_string().as_bytes());
        let [message] = messages(&items)[..] else { panic!("{items:?}") };
        assert_eq!(message.channel.as_str(), "fonnte/622155500003", "{device}");
    }
    let candidate = providers().find(|candidate| candidate.name == "fonnte").expect("Fonnte");
    let installation = candidate.installation(NOWHERE);
    let text = std::fs::read_to_string(installation.config())
        .expect("a configuration")
        .replace("\"622155500003\"", "\"02155500003\"");
    std::fs::write(installation.config(), text).expect("written");
    let config = Config::load(&installation.config()).expect("a configuration");
    assert!(format!("{:?}", config.channels).contains("622155500003"), "the configured key as well");
}

// Negative control: without the wrapped places, the captions are Unsupported.
#[test]
fn the_caption_of_a_picture_that_disappears_is_read() {
    let picture = json!({"imageMessage": {"mimetype": "image/jpeg", "caption": "#status"}});
    let linked = json!({"extendedTextMessage": {"text": "#status"}});
    for wrap in ["ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2"] {
        for (inner, url, is_picture) in [
            (&picture, Some("https://media.example.org/a.jpeg"), true),
            (&picture, None, false),
            (&linked, None, false),
        ] {
            let mut message = json!({wrap: {"message": inner}});
            if let Some(url) = url {
                message["mediaUrl"] = json!(url);
            }
            let mut body = evolution(&json!({"id": "E1", "remoteJid": "6281200000101@s.whatsapp.net"}), &message);
            body["data"]["messageType"] = json!(wrap);
            let items = read("evo", body.to_string().as_bytes());
            let [told] = messages(&items)[..] else { panic!("{items:?}") };
            match &told.content {
                Content::Picture { caption, .. } => {
                    assert!(is_picture && caption.as_deref() == Some("#status"), "{wrap}");
                }
                Content::Text(text) => assert!(!is_picture && text == "#status", "{wrap}: {text}"),
                other @ (Content::Edited(_) | Content::Other(_)) => panic!("{wrap}: {other:?}"),
            }
        }
    }
}
