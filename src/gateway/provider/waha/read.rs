//! What the bridge posts, and what of it is a message to an office. Pure; a body is one event.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::payload::{AckPayload, File, Message, WebhookEvent};
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, OtherKind};
use crate::gateway::address::{Jid, jid};
use crate::gateway::inbound::draft::InboundDraft;
use crate::gateway::inbound::item::{ReadItem, ignored, or_malformed, unread};
use crate::gateway::inbound::json::parse;
use crate::gateway::inbound::text::{caption, clean, id, word};
use crate::gateway::{Health, Item, Notice, Status, picture};

/// The reference of a picture that the bridge itself could not fetch.
pub(super) const NOT_FETCHED: &str = "not-fetched";

/// Beginnings of events that may hold a text and are no messages.
const FAMILIES: [&str; 12] = [
    "message.",
    "session.",
    "state.",
    "group.",
    "presence.",
    "poll.",
    "chat.",
    "call.",
    "label.",
    "event.",
    "engine.",
    "newsletter.",
];

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let event = parse(body).and_then(|root| WebhookEvent::deserialize(&root).ok());
    let Some(event) = event else { return vec![or_malformed(Err("the body is no JSON object".to_owned()))] };
    let item = match event.event.as_deref().unwrap_or_default() {
        // Both, where somebody subscribed to both: by the message's own id the second is a repeat.
        "message" | "message.any" | "message.edited" => message(gateway, &event, received_at),
        "message.ack" => ack(gateway, &event),
        "session.status" => session(gateway, &event),
        // An event of no known name that holds a text may be a message of a later version.
        name if holds_message(&event.payload) && !FAMILIES.iter().any(|family| name.starts_with(family)) => {
            Err(format!("event {} with a text", word(name)))
        }
        name => Ok(ignored(format!("event {}", word(name)))),
    };
    vec![item.unwrap_or_else(|reason| unread(reason, sender_of(&event.payload), String::new()))]
}

/// Whether a payload holds what only messages hold.
fn holds_message(payload: &Value) -> bool {
    let has_text = payload.get("body").is_some_and(|body| !body.is_null() && body != "");
    has_text || payload.get("media").is_some_and(Value::is_object)
}

/// Whose a message is that cannot be read.
fn sender_of(payload: &Value) -> Option<Contact> {
    match jid(payload.get("from")?.as_str()?)? {
        Jid::Person(contact) => Some(contact),
        Jid::Crowd => None,
    }
}

/// The telephone was linked, or is no more: a person has to scan a code or start the session.
fn session(gateway: &str, event: &WebhookEvent) -> ReadItem {
    let channel = channel(gateway, event)?;
    let health = match event.payload.get("status").and_then(Value::as_str).unwrap_or_default() {
        "WORKING" => Health::Well,
        status @ ("FAILED" | "STOPPED" | "SCAN_QR_CODE") => Health::Broken(format!("the session is {status}")),
        other => return Ok(ignored(format!("session.status {}", word(other)))),
    };
    Ok(Notice::of_line(gateway, channel.key(), health))
}

fn channel(gateway: &str, event: &WebhookEvent) -> Result<ChannelId, String> {
    let session = event.session.as_deref().unwrap_or_default();
    id(session).map(|_| ChannelId::new(gateway, session)).map_err(|_| "no session".to_owned())
}

fn message(gateway: &str, event: &WebhookEvent, received_at: DateTime<Utc>) -> ReadItem {
    let message = Message::deserialize(&event.payload).map_err(|_| "a message that is no object")?;
    let full_id = message.id.as_deref().unwrap_or_default();
    if message.from_me || full_id.starts_with("true_") {
        return Ok(ignored("a message of our own"));
    }
    // An id names its sender as well: `false_62…@c.us_3EB0…`.
    let in_id = || full_id.strip_prefix("false_").and_then(|rest| jid(rest.split('_').next()?));
    let contact = match message.from.as_deref().and_then(jid).or_else(in_id) {
        Some(Jid::Person(contact)) => contact,
        Some(Jid::Crowd) => return Ok(ignored("a message in a group or channel")),
        None => return Err("a message without a sender".to_owned()),
    };
    let own = event.me.as_ref().and_then(|me| jid(me.id.as_deref()?));
    if own == Some(Jid::Person(contact.clone())) {
        return Ok(ignored("a message of our own number"));
    }
    let is_edit = event.event.as_deref() == Some("message.edited");
    let content = if is_edit { text_of(&message)?.map(Content::Edited) } else { content(&message)? };
    let Some(content) = content else { return Ok(ignored("a message without content")) };
    // The id is kept without its address, which may be written in two ways. However often one message is changed, it is
    // answered once.
    let edit = format!("edit/{}", own_id(message.edited.as_deref().unwrap_or(full_id)));
    let id = if is_edit { edit.as_str() } else { own_id(full_id) };
    let channel = channel(gateway, event)?;
    let time = message.timestamp.as_ref();
    Ok(InboundDraft { channel, contact, also: Vec::new(), id: Some(id), time, content }.into_item(received_at))
}

/// The text of a message, where it has one. One of another type is an error: it may be all that the message holds.
fn text_of(message: &Message) -> Result<Option<String>, String> {
    match &message.body {
        Value::Null => Ok(None),
        Value::String(body) => Ok(Some(clean(body)).filter(|body| !body.trim().is_empty())),
        Value::Number(body) => Ok(Some(body.to_string())),
        _ => Err("a text that is none".to_owned()),
    }
}

/// What a message holds; `None` for the head of an album and an edit that is encrypted, which hold nothing.
fn content(message: &Message) -> Result<Option<Content>, String> {
    let text = text_of(message)?;
    // What came as a file has its type, whatever else is said of it.
    if let Some(file) = message.media.as_ref().filter(|file| message.has_media || file.mimetype.is_some()) {
        return Ok(Some(file_content(text.as_deref(), file)));
    }
    let has = |part: &Option<Value>| part.as_ref().is_some_and(Value::is_object);
    Ok(if let Some(text) = text {
        Some(Content::Text(text))
    } else if message.has_media {
        // Not even its type is known: mostly a photo.
        Some(Content::Other(OtherKind::PhotoLost))
    } else if has(&message.location) {
        Some(Content::Other(OtherKind::Location))
    } else if !message.cards.is_empty() {
        Some(Content::Other(OtherKind::ContactCard))
    } else {
        None
    })
}

fn file_content(text: Option<&str>, file: &File) -> Content {
    let mime = file.mimetype.as_deref().unwrap_or_default();
    let kind = match mime.split(['/', ';']).next().unwrap_or_default() {
        // WhatsApp's stickers are WebP, and its photos never are.
        "image" if mime.starts_with("image/webp") => OtherKind::Sticker,
        "image" if picture::is_claimed(mime) => {
            // One that the bridge could not fetch is asked for again, like any photo that is lost.
            let reference = file.url.clone().filter(|url| !url.is_empty()).unwrap_or_else(|| NOT_FETCHED.to_owned());
            let attachment = Attachment { reference, mime: Some(mime.to_owned()), sha256: None };
            return Content::Picture { attachment, caption: caption(text) };
        }
        "audio" => OtherKind::Audio,
        "video" => OtherKind::Video,
        // A form under it is read; what it was is not known.
        "" => return caption(text).map_or(Content::Other(OtherKind::PhotoLost), Content::Text),
        _ => OtherKind::Document,
    };
    Content::Other(kind)
}

fn ack(gateway: &str, event: &WebhookEvent) -> ReadItem {
    let ack = AckPayload::deserialize(&event.payload).map_err(|_| "an ack not of the documented form")?;
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
