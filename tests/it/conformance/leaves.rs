//! Every piece of every provider's body, broken in every way: only what carries the message (its text, its sender, its channel,
//! and for a picture where it lies) may cost it, and then it is kept, never lost in silence.

use antrean::domain::message::{Content, Inbound};
use antrean::gateway::{Item, bounded_read};
use serde_json::{Value, json};

use super::candidate::{Candidate, Note, What};
use super::{NOWHERE, messages, providers};
use crate::support::installation::now;

/// What carries a text, by provider: its channel, its sender, its words, and the word that says that it is a message at all
/// where nothing else does.
const CARRY_A_TEXT: [(&str, &[&str]); 9] = [
    (
        "wa",
        &[
            "/entry/0/changes/0/value/metadata/phone_number_id",
            "/entry/0/changes/0/value/messages/0/from",
            "/entry/0/changes/0/value/messages/0/text/body",
        ],
    ),
    ("gowa", &["/event", "/device_id", "/payload/from", "/payload/body"]),
    ("waha", &["/event", "/session", "/payload/from", "/payload/body"]),
    ("fonnte", &["/device", "/sender", "/message"]),
    ("umum", &["/events/0/to", "/events/0/from", "/events/0/content/text"]),
    ("tg", &["/message/chat/id", "/message/text"]),
    ("tw", &["To", "From", "Body"]),
    (
        "green",
        &[
            "/typeWebhook",
            "/instanceData/idInstance",
            "/senderData/chatId",
            "/messageData/extendedTextMessageData/text",
        ],
    ),
    ("evo", &["/event", "/instance", "/data/key/remoteJid", "/data/message/conversation"]),
];

/// What carries a picture besides: where it lies, and the word that says that it is one.
const CARRY_A_PICTURE: [(&str, &[&str]); 9] = [
    (
        "wa",
        &[
            "/entry/0/changes/0/value/metadata/phone_number_id",
            "/entry/0/changes/0/value/messages/0/from",
            "/entry/0/changes/0/value/messages/0/image/id",
            "/entry/0/changes/0/value/messages/0/image/caption",
        ],
    ),
    ("gowa", &["/event", "/device_id", "/payload/from", "/payload/image/path", "/payload/image/caption"]),
    (
        "waha",
        &["/event", "/session", "/payload/from", "/payload/body", "/payload/media/url", "/payload/media/mimetype"],
    ),
    ("fonnte", &["/device", "/sender", "/message", "/url"]),
    ("umum", &["/events/0/to", "/events/0/from", "/events/0/content/text", "/events/0/content/link"]),
    ("tg", &["/message/chat/id", "/message/caption", "/message/photo"]),
    ("tw", &["To", "From", "Body", "MediaUrl0", "MediaContentType0"]),
    (
        "green",
        &[
            "/typeWebhook",
            "/instanceData/idInstance",
            "/senderData/chatId",
            "/messageData/typeMessage",
            "/messageData/fileMessageData/downloadUrl",
            "/messageData/fileMessageData/caption",
        ],
    ),
    (
        "evo",
        &[
            "/event",
            "/instance",
            "/data/key/remoteJid",
            "/data/messageType",
            "/data/message/imageMessage/caption",
            "/data/message/mediaUrl",
        ],
    ),
];

/// What a piece becomes. `gone`: nothing stands there any more, so that nothing could be read.
struct Broken {
    how: &'static str,
    value: Option<Value>,
    gone: bool,
}

/// A number that no machine's number holds, put into the text of a body afterwards.
const BEYOND: &str = "@@beyond@@";

fn ways(piece: &Value) -> Vec<Broken> {
    let huge = "x".repeat(70_000);
    let mut ways = vec![
        Broken { how: "absent", value: None, gone: true },
        Broken { how: "null", value: Some(Value::Null), gone: true },
        Broken { how: "an empty text", value: Some(json!("")), gone: true },
        Broken { how: "an empty list", value: Some(json!([])), gone: true },
        Broken { how: "an empty object", value: Some(json!({})), gone: true },
        Broken { how: "a text", value: Some(json!("x")), gone: false },
        Broken { how: "a number", value: Some(json!(7)), gone: false },
        Broken { how: "a negative number", value: Some(json!(-7.5)), gone: false },
        Broken { how: "a list", value: Some(json!(["x", 7])), gone: false },
        Broken { how: "an object", value: Some(json!({"x": "y"})), gone: false },
        Broken { how: "a huge text", value: Some(json!(huge)), gone: false },
        Broken { how: "a huge number", value: Some(json!(u64::MAX)), gone: false },
        // Read as null.
        Broken { how: "a number beyond all bounds", value: Some(json!(BEYOND)), gone: true },
    ];
    if !piece.is_boolean() {
        // A truth turned into its contrary says something else, and is not broken.
        ways.push(Broken { how: "a truth", value: Some(json!(true)), gone: false });
    }
    ways
}

/// The places of all pieces, lists and objects included.
fn places(value: &Value, at: &str, all: &mut Vec<String>) {
    if !at.is_empty() {
        all.push(at.to_owned());
    }
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, inner)| places(inner, &format!("{at}/{key}"), all)),
        Value::Array(list) => list.iter().enumerate().for_each(|(n, inner)| places(inner, &format!("{at}/{n}"), all)),
        _ => {}
    }
}

fn with(body: &Value, place: &str, value: Option<&Value>) -> Vec<u8> {
    let mut body = body.clone();
    let (parent, key) = place.rsplit_once('/').expect("a place");
    match (body.pointer_mut(parent).expect("its parent"), value) {
        (Value::Object(fields), Some(value)) => drop(fields.insert(key.to_owned(), value.clone())),
        (Value::Object(fields), None) => drop(fields.remove(key)),
        (Value::Array(list), Some(value)) => list[key.parse::<usize>().expect("a number")] = value.clone(),
        (Value::Array(list), None) => drop(list.remove(key.parse().expect("a number"))),
        _ => panic!("no parent at {place}"),
    }
    body.to_string().replace(&format!("\"{BEYOND}\""), "1e400").into_bytes()
}

/// What must not change: who said what on which channel.
fn said(message: &Inbound) -> (String, String, String) {
    let content = match &message.content {
        Content::Picture { attachment, caption } => format!("picture {} {caption:?}", attachment.reference),
        Content::Text(text) => format!("text {text}"),
        other => format!("{other:?}"),
    };
    (message.channel.as_str().to_owned(), message.contact.as_str().to_owned(), content)
}

/// Whether what could not be read is kept, with a body to read it again by.
fn is_kept(items: &[Item]) -> bool {
    items.iter().any(|item| matches!(item, Item::Malformed { unread, .. } if !unread.body.is_empty()))
}

/// One piece broken in one way: nothing else of the message may change, unless the piece carries it.
fn judge(whole: &Inbound, items: &[Item], carries: bool, gone: bool) -> Result<(), String> {
    let read = messages(items);
    match read.as_slice() {
        [only] if said(only) == said(whole) => Ok(()),
        _ if items.is_empty() => Err("nothing at all".to_owned()),
        _ if !carries => Err(format!("costs the message: {items:?}")),
        // A list of none, or no text at all: there is nothing that could be kept.
        _ if gone || !read.is_empty() || is_kept(items) => Ok(()),
        _ => Err(format!("lost in silence: {items:?}")),
    }
}

fn carriers<'a>(table: &'a [(&str, &'a [&'a str])], candidate: &Candidate) -> &'a [&'a str] {
    let row = table.iter().find(|(name, _)| *name == candidate.name);
    row.unwrap_or_else(|| panic!("{}: say what carries its messages", candidate.name)).1
}

fn walk_json(candidate: &Candidate, body: &Value, carry: &[&str], wrong: &mut Vec<String>) -> usize {
    let gateway = candidate.open(NOWHERE);
    let whole = gateway.read(body.to_string().as_bytes(), now());
    let [Item::Message(whole)] = whole.as_slice() else { panic!("{}: {whole:?}", candidate.name) };
    let mut all = Vec::new();
    places(body, "", &mut all);
    for carrier in carry {
        assert!(all.iter().any(|place| place == carrier), "{}: no piece at {carrier}", candidate.name);
    }
    let mut tried = 0;
    for place in &all {
        let within = |outer: &str, inner: &str| inner == outer || inner.starts_with(&format!("{outer}/"));
        let carries = carry.iter().any(|carrier| within(place, carrier) || within(carrier, place));
        for Broken { how, value, mut gone } in ways(body.pointer(place).expect("a piece")) {
            // What holds other things than a message is no message; what stands where a text should is kept.
            gone |= how == "an object" && !carry.contains(&place.as_str());
            let items = bounded_read::read(&*gateway, &with(body, place, value.as_ref()), now()).items;
            if let Err(why) = judge(whole, &items, carries, gone) {
                wrong.push(format!("{}: {place} {how}: {why}", candidate.name));
            }
            tried += 1;
        }
    }
    tried
}

fn walk_form(candidate: &Candidate, body: &[u8], carry: &[&str], wrong: &mut Vec<String>) -> usize {
    let gateway = candidate.open(NOWHERE);
    let whole = gateway.read(body, now());
    let [Item::Message(whole)] = whole.as_slice() else { panic!("{}: {whole:?}", candidate.name) };
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
    let huge = "x".repeat(70_000);
    let mut tried = 0;
    for (n, (name, _)) in fields.iter().enumerate() {
        for (how, value) in [
            ("absent", None),
            ("empty", Some("")),
            ("null", Some("null")),
            ("odd", Some("x")),
            ("less than none", Some("-7.5")),
            ("huge", Some(huge.as_str())),
        ] {
            let mut broken = fields.clone();
            match value {
                Some(value) => value.clone_into(&mut broken[n].1),
                None => drop(broken.remove(n)),
            }
            let written = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&broken).finish();
            let items = bounded_read::read(&*gateway, written.as_bytes(), now()).items;
            let gone = matches!(how, "absent" | "empty");
            if let Err(why) = judge(whole, &items, carry.contains(&name.as_str()), gone) {
                wrong.push(format!("{}: {name} {how}: {why}", candidate.name));
            }
            tried += 1;
        }
    }
    tried
}

// Negative control: with Cloud's `id` needed again, `/entry/0/changes/0/value/messages/0/id` costs the message; with unknown
// events of gowa ignored, `/event` is lost in silence.
#[test]
fn only_what_carries_a_message_may_cost_it_and_then_it_is_kept() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for candidate in providers() {
        for (what, table) in [
            (What::Text("#Budi Contoh#25011987#24112026"), &CARRY_A_TEXT),
            (What::Picture("#Budi Contoh#25011987"), &CARRY_A_PICTURE),
        ] {
            let body = (candidate.write)(&Note::of(what)).expect("everybody knows texts and pictures");
            let carry = carriers(table, &candidate);
            tried += match serde_json::from_slice::<Value>(&body) {
                Ok(json) => walk_json(&candidate, &json, carry, &mut wrong),
                Err(_) => walk_form(&candidate, &body, carry, &mut wrong),
            };
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {tried}:\n{}",
        wrong.len(),
        wrong.join("\n").chars().take(20_000).collect::<String>()
    );
    assert!(tried > 3_000, "{tried} ways were tried");
}
