//! What the bridge posts, and what of it is a message to an office. Pure; a body is one event.
//!
//! `_data` is never read: each engine fills it otherwise.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::NOT_FETCHED;
use crate::domain::message::{Attachment, ChannelId, Content, Delivery, Inbound, OtherKind};
use crate::gateway::address::{Jid, jid};
use crate::gateway::inlet::{ReadItem, caption, clean, id, ignored, instant, parse_as, sent_at, settled, word};
use crate::gateway::{Health, Item, Notice, Status, picture};

/// An event.
#[derive(Deserialize)]
struct Posted {
    event: String,
    /// The linked telephone that it happened on, by its name.
    session: Option<String>,
    me: Option<Me>,
    #[serde(default)]
    payload: Value,
}

#[derive(Deserialize)]
struct Me {
    id: Option<String>,
}

/// The payload of `message`.
#[derive(Deserialize)]
struct Message {
    id: String,
    timestamp: Option<Value>,
    from: Option<String>,
    #[serde(rename = "fromMe", default)]
    from_me: bool,
    body: Option<String>,
    #[serde(rename = "hasMedia", default)]
    has_media: bool,
    media: Option<File>,
    location: Option<Value>,
    #[serde(rename = "vCards", default)]
    cards: Option<Vec<Value>>,
}

/// A file that the bridge fetched, or tried to.
#[derive(Deserialize)]
struct File {
    url: Option<String>,
    mimetype: Option<String>,
}

/// The payload of `message.ack`.
#[derive(Deserialize)]
struct AckPart {
    id: String,
    from: Option<String>,
    ack: i64,
}

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let event: Posted = match parse_as(body) {
        Ok(event) => event,
        Err(reason) => return vec![Item::Malformed { reason }],
    };
    let item = match event.event.as_str() {
        // Both, where somebody subscribed to both: the message's own id tells that they are one.
        "message" | "message.any" => message(gateway, &event, received_at),
        "message.ack" => ack(gateway, &event),
        "session.status" => session(gateway, &event),
        other => Ok(ignored(format!("event {}", word(other)))),
    };
    vec![settled(item)]
}

/// The telephone was linked, or is no more: somebody has to scan a code, or to start the session.
fn session(gateway: &str, event: &Posted) -> ReadItem {
    let channel = channel(gateway, event)?;
    let health = match event.payload.get("status").and_then(Value::as_str).unwrap_or_default() {
        "WORKING" => Health::Well,
        status @ ("FAILED" | "STOPPED" | "SCAN_QR_CODE") => Health::Broken(format!("the session is {status}")),
        other => return Ok(ignored(format!("session.status {}", word(other)))),
    };
    Ok(Notice::of_line(gateway, channel.key(), health))
}

fn channel(gateway: &str, event: &Posted) -> Result<ChannelId, String> {
    let session = event.session.as_deref().unwrap_or_default();
    id(session).map(|_| ChannelId::new(gateway, session)).map_err(|_| "no session".to_owned())
}

fn message(gateway: &str, event: &Posted, received_at: DateTime<Utc>) -> ReadItem {
    let message = Message::deserialize(&event.payload).map_err(|_| "a message not of the documented form")?;
    if message.from_me || message.id.starts_with("true_") {
        return Ok(ignored("a message of our own"));
    }
    let contact = match message.from.as_deref().and_then(jid) {
        Some(Jid::Person(contact)) => contact,
        Some(Jid::Crowd) => return Ok(ignored("a message in a group or channel")),
        None => return Err("a message without a sender".to_owned()),
    };
    let own = event.me.as_ref().and_then(|me| jid(me.id.as_deref()?));
    if own == Some(Jid::Person(contact.clone())) {
        return Ok(ignored("a message of our own number"));
    }
    let claimed = message.timestamp.as_ref().map_or(Ok(received_at), instant)?;
    Ok(Item::Message(Inbound {
        channel: channel(gateway, event)?,
        contact,
        also: Vec::new(),
        // Without the address in it, which may be written in two ways.
        id: id(own_id(&message.id))?,
        sent_at: sent_at(claimed, received_at),
        content: content(&message),
    }))
}

fn content(message: &Message) -> Content {
    if let Some(file) = message.media.as_ref().filter(|_| message.has_media) {
        return file_content(message, file);
    }
    let body = message.body.as_deref().unwrap_or_default();
    let kind = if message.has_media {
        OtherKind::Unsupported
    } else if message.location.as_ref().is_some_and(|location| !location.is_null()) {
        OtherKind::Location
    } else if message.cards.as_ref().is_some_and(|cards| !cards.is_empty()) {
        OtherKind::ContactCard
    } else if body.is_empty() {
        OtherKind::Unsupported
    } else {
        return Content::Text(clean(body));
    };
    Content::Other(kind)
}

fn file_content(message: &Message, file: &File) -> Content {
    let mime = file.mimetype.as_deref().unwrap_or_default();
    let kind = match mime.split(['/', ';']).next().unwrap_or_default() {
        // WhatsApp's stickers are WebP, and its photos never are.
        "image" if mime.starts_with("image/webp") => OtherKind::Sticker,
        "image" if picture::is_claimed(mime) => {
            // One that the bridge could not fetch is asked for again, like any photo that is lost.
            let reference = file.url.clone().filter(|url| !url.is_empty()).unwrap_or_else(|| NOT_FETCHED.to_owned());
            let attachment = Attachment { reference, mime: Some(mime.to_owned()), sha256: None };
            return Content::Picture { attachment, caption: caption(message.body.as_deref()) };
        }
        "audio" => OtherKind::Audio,
        "video" => OtherKind::Video,
        "" => OtherKind::Unsupported,
        _ => OtherKind::Document,
    };
    Content::Other(kind)
}

fn ack(gateway: &str, event: &Posted) -> ReadItem {
    let ack = AckPart::deserialize(&event.payload).map_err(|_| "an ack not of the documented form")?;
    if ack.from.as_deref().and_then(jid) == Some(Jid::Crowd) {
        return Ok(ignored("an ack of a group message"));
    }
    let delivery = match ack.ack {
        -1 => Delivery::Failed,
        1 => Delivery::Sent,
        2 => Delivery::Delivered,
        3 | 4 => Delivery::Read,
        other => return Ok(ignored(format!("ack {other}"))),
    };
    let error = (delivery == Delivery::Failed).then(|| "ack -1".to_owned());
    Ok(Item::Status(Status {
        channel: channel(gateway, event)?,
        id: id(own_id(&ack.id))?,
        tracker: None,
        delivery,
        error,
    }))
}

/// The part of an id that engines and addresses leave alone: `true_62…@c.us_3EB0…` and `true_1…@lid_3EB0…` are one.
pub(super) fn own_id(text: &str) -> &str {
    let parts: Vec<&str> = text.splitn(4, '_').collect();
    match parts.as_slice() {
        ["true" | "false", _, id, ..] => id,
        _ => text,
    }
}
