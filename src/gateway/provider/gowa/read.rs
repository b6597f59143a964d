//! What the bridge posts, and what of it is a message to an office. Pure; a body is one event.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::payload::{AckPayload, File, Message, OTHERS, WebhookEvent};
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, OtherKind};
use crate::gateway::address::{Jid, jid};
use crate::gateway::inbound::draft::InboundDraft;
use crate::gateway::inbound::item::{ReadItem, ignored, or_malformed, unread};
use crate::gateway::inbound::json::parse;
use crate::gateway::inbound::text::{caption, clean, id, word};
use crate::gateway::{Health, Item, Notice, Status, address};

/// Beginnings of events that may hold a text and are no messages.
const FAMILIES: [&str; 6] = ["message.", "group.", "newsletter.", "call.", "chat_presence", "session."];

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let event = parse(body).and_then(|root| WebhookEvent::deserialize(&root).ok());
    let Some(event) = event else { return vec![or_malformed(Err("the body is no JSON object".to_owned()))] };
    let item = match event.event.as_deref().unwrap_or_default() {
        "message" | "message.edited" => message(gateway, &event, received_at),
        "message.ack" => {
            return acks(gateway, &event).unwrap_or_else(|reason| vec![or_malformed(Err(reason))]);
        }
        "session.status" => session(gateway, &event),
        // An event of no known name that holds a text may be a message of a later version.
        name if holds_message(&event.payload) && !FAMILIES.iter().any(|family| name.starts_with(family)) => {
            Err(format!("event {} with a message", word(name)))
        }
        // Reactions, deletions, typing, groups, calls: nothing that an office is asked.
        name => Ok(ignored(format!("event {}", word(name)))),
    };
    vec![item.unwrap_or_else(|reason| unread(reason, sender_of(&event.payload), String::new()))]
}

/// Whether a payload holds what only messages hold.
fn holds_message(payload: &Value) -> bool {
    let kinds = OTHERS.iter().map(|(key, _)| *key);
    let mut keys = ["body", "image", "document"].into_iter().chain(kinds);
    keys.any(|key| payload.get(key).is_some_and(|held| !held.is_null() && held != ""))
}

/// Whose a message is that cannot be read.
fn sender_of(payload: &Value) -> Option<Contact> {
    match ["from", "chat_id"].iter().find_map(|key| jid(payload.get(key)?.as_str()?))? {
        Jid::Person(contact) => Some(contact),
        Jid::Crowd => None,
    }
}

/// The channel: the number of the linked telephone, or what the bridge calls it.
fn channel(gateway: &str, event: &WebhookEvent) -> Result<(ChannelId, Contact), String> {
    let device = event.device_id.as_deref().unwrap_or_default();
    let own = match jid(device) {
        Some(Jid::Person(own)) => Some(own),
        Some(Jid::Crowd) => None,
        None => address::read(device),
    };
    own.map(|own| (ChannelId::new(gateway, own.as_str()), own)).ok_or_else(|| "no device_id".to_owned())
}

/// The telephone was linked, or is no more. Only some builds of the bridge report it; with others the next reply fails.
fn session(gateway: &str, event: &WebhookEvent) -> ReadItem {
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

fn message(gateway: &str, event: &WebhookEvent, received_at: DateTime<Utc>) -> ReadItem {
    let raw = &event.payload;
    let message = Message::deserialize(raw).map_err(|_| "a message that is no object")?;
    if message.is_from_me {
        return Ok(ignored("a message of our own"));
    }
    let people = [&message.from, &message.from_lid].map(|address| address.as_deref().and_then(jid));
    let chat = message.chat_id.as_deref().and_then(jid);
    if chat == Some(Jid::Crowd) || people.contains(&Some(Jid::Crowd)) {
        return Ok(ignored("a message in a group or channel"));
    }
    let (channel, own) = channel(gateway, event)?;
    // A chat of two has the address of the other one, or of our own: good enough where the message names no other.
    let fallback = if people.iter().all(Option::is_none) { chat } else { None };
    let mut addresses = distinct(people.into_iter().flatten().chain(fallback)).into_iter();
    let contact = addresses.next().ok_or("a message without a sender")?;
    if contact == own {
        return Ok(ignored("a message of our own number"));
    }
    let also = addresses.collect();
    let is_edit = event.event.as_deref() == Some("message.edited");
    let content = if is_edit { edited(&message)? } else { Some(content(&message, raw)?) };
    let Some(content) = content else { return Ok(ignored("an edit without a text")) };
    // However often one message is changed, it is answered once.
    let original = message.original_message_id.as_deref().or(message.id.as_deref()).unwrap_or_default();
    let edit = format!("edit/{original}");
    let id = if is_edit { Some(edit.as_str()) } else { message.id.as_deref() };
    Ok(InboundDraft { channel, contact, also, id, time: message.timestamp.as_ref(), content }.into_item(received_at))
}

/// The people among these addresses, each once.
fn distinct(addresses: impl Iterator<Item = Jid>) -> Vec<Contact> {
    let mut people: Vec<Contact> = Vec::new();
    for address in addresses {
        if let Jid::Person(contact) = address
            && !people.contains(&contact)
        {
            people.push(contact);
        }
    }
    people
}

/// The text of a message, where it has one. One of another type is an error: it may be all that the message holds.
fn text_of(message: &Message) -> Result<Option<String>, String> {
    match &message.body {
        Value::Null => Ok(None),
        Value::String(body) => Ok(Some(clean(body)).filter(|body| !body.is_empty())),
        Value::Number(body) => Ok(Some(body.to_string())),
        _ => Err("a text that is none".to_owned()),
    }
}

fn edited(message: &Message) -> Result<Option<Content>, String> {
    Ok(text_of(message)?.map(Content::Edited))
}

fn content(message: &Message, raw: &Value) -> Result<Content, String> {
    if message.view_once {
        // A view-once picture: an officer could not look at it later.
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
    // Nothing at all, or an image that is no file: perhaps the bridge could not load it.
    Ok(text_of(message)?.map_or(Content::Other(OtherKind::Empty), Content::Text))
}

/// A picture. One that cannot be fetched is asked for again, and a form under it is read.
fn picture_of(message: &Message, file: &File) -> Result<Content, String> {
    let body = text_of(message)?;
    let caption = caption(file.caption.as_deref()).or_else(|| caption(body.as_deref()));
    Ok(match file.reference(message) {
        Some(reference) => Content::Picture { attachment: Attachment { reference, mime: None, sha256: None }, caption },
        None => caption.map_or(Content::Other(OtherKind::PhotoLost), Content::Text),
    })
}

fn acks(gateway: &str, event: &WebhookEvent) -> Result<Vec<Item>, String> {
    let ack = AckPayload::deserialize(&event.payload).map_err(|_| "an ack not of the documented form")?;
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
    let items: Vec<Item> = ack.ids.iter().map(|text| or_malformed(status(text))).collect();
    Ok(if items.is_empty() { vec![ignored("an ack of nothing")] } else { items })
}
