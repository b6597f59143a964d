//! What the bridge posts, and what of it is a message to an office. Pure; a body is one event.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, OtherKind};
use crate::gateway::address::{Jid, jid};
use crate::gateway::inlet::{ReadItem, caption, clean, id, ignored, parse_as, sent_at, settled, word};
use crate::gateway::{Health, Item, Notice, Status, picture};

/// An event.
#[derive(Deserialize)]
struct Posted {
    event: String,
    /// The linked telephone that it happened on.
    device_id: Option<String>,
    #[serde(default)]
    payload: Value,
}

/// The payload of `message`.
#[derive(Deserialize)]
struct Message {
    id: String,
    chat_id: Option<String>,
    from: Option<String>,
    /// The sender's privacy id, where the number is known too.
    from_lid: Option<String>,
    timestamp: Option<String>,
    #[serde(default)]
    is_from_me: bool,
    body: Option<String>,
    #[serde(default)]
    view_once: bool,
    image: Option<File>,
    document: Option<File>,
}

/// A file: a path on the bridge's disk, alone or with a caption, or the address of something encrypted that the bridge
/// has to fetch and open.
#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Path(String),
    Kept { path: String, caption: Option<String> },
    Remote { url: String, caption: Option<String>, filename: Option<String> },
}

/// The payload of `message.ack`.
#[derive(Deserialize)]
struct AckPart {
    ids: Vec<String>,
    chat_id: Option<String>,
    receipt_type: Option<String>,
}

/// What a message holds that this service cannot use, by its key.
const OTHERS: [(&str, OtherKind); 11] = [
    ("audio", OtherKind::Audio),
    ("video", OtherKind::Video),
    ("video_note", OtherKind::Video),
    ("sticker", OtherKind::Sticker),
    ("location", OtherKind::Location),
    ("live_location", OtherKind::Location),
    ("contact", OtherKind::ContactCard),
    ("contacts_array", OtherKind::ContactCard),
    ("poll", OtherKind::Unsupported),
    ("list", OtherKind::Unsupported),
    ("order", OtherKind::Unsupported),
];

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let event: Posted = match parse_as(body) {
        Ok(event) => event,
        Err(reason) => return vec![Item::Malformed { reason }],
    };
    match event.event.as_str() {
        "message" => vec![settled(message(gateway, &event, received_at))],
        "message.ack" => acks(gateway, &event).unwrap_or_else(|reason| vec![Item::Malformed { reason }]),
        "session.status" => vec![settled(session(gateway, &event))],
        // Reactions, edits, deletions, typing, groups, calls: nothing that an office is asked.
        other => vec![ignored(format!("event {}", word(other)))],
    }
}

/// The line: the number of the linked telephone.
fn channel(gateway: &str, event: &Posted) -> Result<(ChannelId, Contact), String> {
    match event.device_id.as_deref().and_then(jid) {
        Some(Jid::Person(own)) => Ok((ChannelId::new(gateway, own.as_str()), own)),
        _ => Err("no device_id".to_owned()),
    }
}

/// The telephone was linked, or is no more. Only some builds of the bridge tell; with others the next reply does.
fn session(gateway: &str, event: &Posted) -> ReadItem {
    let (channel, _) = channel(gateway, event)?;
    let status = word(event.payload.get("status").and_then(Value::as_str).unwrap_or_default());
    let health = match status.as_str() {
        "connected" | "logged_in" => Health::Well,
        "temporary_ban" | "banned" => Health::Limited(format!("the session is {status}")),
        "disconnected" | "logged_out" | "qr" | "stream_replaced" => Health::Broken(format!("the session is {status}")),
        other => return Ok(ignored(format!("session.status {other}"))),
    };
    Ok(Notice::of_line(gateway, channel.key(), health))
}

fn message(gateway: &str, event: &Posted, received_at: DateTime<Utc>) -> ReadItem {
    let raw = &event.payload;
    let message = Message::deserialize(raw).map_err(|_| "a message not of the documented form")?;
    if message.is_from_me {
        return Ok(ignored("a message of our own"));
    }
    let people = [&message.from, &message.from_lid].map(|told| told.as_deref().and_then(jid));
    if message.chat_id.as_deref().and_then(jid) == Some(Jid::Crowd) || people.contains(&Some(Jid::Crowd)) {
        return Ok(ignored("a message in a group or channel"));
    }
    let (channel, own) = channel(gateway, event)?;
    let mut addresses: Vec<Contact> = Vec::new();
    for person in people.into_iter().flatten() {
        if let Jid::Person(contact) = person
            && !addresses.contains(&contact)
        {
            addresses.push(contact);
        }
    }
    let mut addresses = addresses.into_iter();
    let contact = addresses.next().ok_or("a message without a sender")?;
    if contact == own {
        return Ok(ignored("a message of our own number"));
    }
    let claimed = match &message.timestamp {
        Some(text) => DateTime::parse_from_rfc3339(text).map_err(|_| "an unreadable timestamp")?.to_utc(),
        None => received_at,
    };
    Ok(Item::Message(Inbound {
        channel,
        contact,
        also: addresses.collect(),
        id: id(&message.id)?,
        sent_at: sent_at(claimed, received_at),
        content: content(&message, raw)?,
    }))
}

fn content(message: &Message, raw: &Value) -> Result<Content, String> {
    if message.view_once {
        // Made to be gone once it was seen: an officer could not look at it later.
        return Ok(Content::Other(OtherKind::Unsupported));
    }
    if let Some(image) = &message.image {
        return picture_of(message, image);
    }
    if let Some(document) = &message.document {
        return if document.is_picture() {
            picture_of(message, document)
        } else {
            Ok(Content::Other(OtherKind::Document))
        };
    }
    let has = |key: &str| raw.get(key).is_some_and(|value| !value.is_null());
    if let Some((_, kind)) = OTHERS.iter().find(|(key, _)| has(key)) {
        return Ok(Content::Other(*kind));
    }
    match &message.body {
        Some(body) if !body.is_empty() => Ok(Content::Text(clean(body))),
        _ => Ok(Content::Other(OtherKind::Unsupported)),
    }
}

impl File {
    /// Whether its name is one of a picture. Asked only of documents; the bytes decide later.
    fn is_picture(&self) -> bool {
        let name = match self {
            Self::Path(path) | Self::Kept { path, .. } => path,
            Self::Remote { filename, .. } => filename.as_deref().unwrap_or_default(),
        };
        picture::is_named(name)
    }
}

/// A picture, by the place on the bridge's disk or by the message that the bridge shall open.
fn picture_of(message: &Message, file: &File) -> Result<Content, String> {
    let (reference, own) = match file {
        File::Path(path) => (path.clone(), None),
        File::Kept { path, caption } => (path.clone(), caption.as_deref()),
        File::Remote { url, caption, .. } => {
            if url.is_empty() {
                return Err("a picture without an address".to_owned());
            }
            let chat = message.chat_id.as_deref().or(message.from.as_deref()).unwrap_or_default();
            (format!("message:{}:{chat}", message.id), caption.as_deref())
        }
    };
    let caption = caption(own.or(message.body.as_deref()));
    Ok(Content::Picture { attachment: Attachment { reference, mime: None, sha256: None }, caption })
}

fn acks(gateway: &str, event: &Posted) -> Result<Vec<Item>, String> {
    let ack = AckPart::deserialize(&event.payload).map_err(|_| "an ack not of the documented form")?;
    if ack.chat_id.as_deref().and_then(jid) == Some(Jid::Crowd) {
        return Ok(vec![ignored("an ack of a group message")]);
    }
    let delivery = match ack.receipt_type.as_deref().unwrap_or_default() {
        "delivered" | "" => Delivery::Delivered,
        "read" | "read-self" | "played" | "played-self" => Delivery::Read,
        "sender" | "server" => Delivery::Sent,
        other => return Ok(vec![ignored(format!("ack {}", word(other)))]),
    };
    let (channel, _) = channel(gateway, event)?;
    let status = |text: &String| {
        let (channel, id) = (channel.clone(), id(text)?);
        Ok(Item::Status(Status { channel, id, tracker: None, delivery, error: None }))
    };
    let items: Vec<Item> = ack.ids.iter().map(|text| settled(status(text))).collect();
    Ok(if items.is_empty() { vec![ignored("an ack of nothing")] } else { items })
}
