//! A webhook body to items, by the places that are configured. Pure, and never all-or-nothing.

use chrono::{DateTime, TimeZone, Utc};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::shape::Inbound as Places;
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, MessageId, OtherKind};
use crate::gateway::address::{self, Jid, jid};
use crate::gateway::inlet::{ReadItem, caption, clean, id, ignored, instant, parse, sent_at, settled, word};
use crate::gateway::{Health, Item, Notice, Status, picture};

/// Seconds within which two messages without id and time, of one sender and one text, are one: shorter than the minute
/// after which such providers deliver again what we did not take.
const SAME_SECONDS: i64 = 60;

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(from: (&str, &Places), body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let (_, places) = from;
    let Some(root) = parse(body).filter(|root| root.is_object() || root.is_array()).or_else(|| form(body)) else {
        return vec![Item::Malformed { reason: "the body is neither JSON nor a form".to_owned() }];
    };
    let listed = if places.items.is_empty() { None } else { root.pointer(&places.items) };
    let items = match listed {
        Some(Value::Array(list)) => list.as_slice(),
        Some(_) => return vec![Item::Malformed { reason: "the list of messages is none".to_owned() }],
        None if places.items.is_empty() => std::slice::from_ref(&root),
        None => return vec![ignored("a body without messages")],
    };
    if items.is_empty() {
        return vec![ignored("a body without messages")];
    }
    items.iter().map(|raw| settled(item(from, raw, received_at))).collect()
}

/// A form as an object of texts: some providers have posted one before they posted JSON.
fn form(body: &[u8]) -> Option<Value> {
    let fields: Map<String, Value> =
        url::form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), Value::from(value))).collect();
    let is_form = body.contains(&b'=') && !matches!(body.first(), Some(b'{' | b'['));
    is_form.then_some(Value::Object(fields))
}

/// What stands at a place, as a text; nothing where the place, or what stands there, is empty.
fn text_at(raw: &Value, place: &str) -> Option<String> {
    if place.is_empty() {
        return None;
    }
    let text = match raw.pointer(place)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

fn is_true(raw: &Value, place: &str) -> bool {
    text_at(raw, place).is_some_and(|text| matches!(text.to_ascii_lowercase().as_str(), "true" | "1" | "yes"))
}

fn item((gateway, places): (&str, &Places), raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    if !raw.is_object() {
        return Err("a message that is no object".to_owned());
    }
    let line = text_at(raw, &places.line).ok_or("no line")?;
    id(&line).map_err(|_| "no line")?;
    let channel = ChannelId::new(gateway, address::read(&line).map_or(line, |own| own.as_str().to_owned()).as_str());
    if let Some(status) = status(places, raw, &channel)? {
        return Ok(status);
    }
    if let Some(notice) = session(places, raw, &channel) {
        return Ok(notice);
    }
    if is_true(raw, &places.own) {
        return Ok(ignored("a message of our own"));
    }
    let from = text_at(raw, &places.from).ok_or("a message without a sender")?;
    let contact = match jid(&from) {
        Some(Jid::Crowd) => return Ok(ignored("a message in a group or channel")),
        Some(Jid::Person(contact)) => contact,
        None => address::read(&from).ok_or("a message without a sender")?,
    };
    if is_true(raw, &places.group) {
        return Ok(ignored("a message in a group or channel"));
    }
    if contact.as_str() == channel.key() {
        return Ok(ignored("a message of our own number"));
    }
    let kind = text_at(raw, &places.kind).unwrap_or_default();
    let text = text_at(raw, &places.text).filter(|text| *text != places.text_if_none);
    let Some(content) = content(places, raw, &kind, text.as_deref()) else {
        return Ok(ignored(format!("{} message", word(&kind))));
    };
    let time = text_at(raw, &places.time).map(|text| time(&text)).transpose()?;
    let id = if let Some(text) = text_at(raw, &places.id).filter(|id| id != "0") {
        id(&text)?
    } else {
        let file = text_at(raw, &places.media).unwrap_or_default();
        let said = (kind.as_str(), text.as_deref().unwrap_or_default(), file.as_str());
        made_id(&channel, &contact, said, time, received_at)
    };
    let sent_at = time.map_or(received_at, |time| sent_at(time, received_at));
    Ok(Item::Message(Inbound { channel, contact, also: Vec::new(), id, sent_at, content }))
}

/// An id for a message that has none: the same for the same message delivered again at once.
fn made_id(
    channel: &ChannelId,
    contact: &Contact,
    (kind, text, file): (&str, &str, &str),
    time: Option<DateTime<Utc>>,
    received_at: DateTime<Utc>,
) -> MessageId {
    let when = time.map_or_else(|| received_at.timestamp() / SAME_SECONDS, |time| time.timestamp());
    let mut hash = Sha256::new();
    for part in [channel.as_str(), contact.as_str(), kind, text, file, &when.to_string()] {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    MessageId::new(format!("made-{}", hex::encode(hash.finalize())))
}

/// Seconds or milliseconds since 1970, or a written time; what names no zone is taken for UTC.
fn time(text: &str) -> Result<DateTime<Utc>, String> {
    let written = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc()).or_else(|_| {
        chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").map(|time| Utc.from_utc_datetime(&time))
    });
    written.or_else(|_| instant(&Value::from(text)))
}

/// What a message holds; `None` for what is no message to an office.
fn content(places: &Places, raw: &Value, kind: &str, text: Option<&str>) -> Option<Content> {
    let media = text_at(raw, &places.media);
    let kind = kind.to_ascii_lowercase();
    let other = match kind.as_str() {
        "reaction" | "edited" | "edit" | "revoked" | "revoke" | "deleted" | "delete" | "protocol" | "system" => {
            return None;
        }
        "image" | "photo" | "picture" => match &media {
            Some(reference) => {
                let attachment = Attachment { reference: reference.clone(), mime: None, sha256: None };
                return Some(Content::Picture { attachment, caption: caption(text) });
            }
            // The address is only told on dearer plans.
            None => OtherKind::Unsupported,
        },
        "audio" | "voice" | "ptt" => OtherKind::Audio,
        "video" => OtherKind::Video,
        "sticker" => OtherKind::Sticker,
        "location" | "live_location" | "livelocation" => OtherKind::Location,
        "contact" | "contacts" | "vcard" => OtherKind::ContactCard,
        "document" | "file" => match media.filter(|reference| is_picture_named(reference)) {
            Some(reference) => {
                let attachment = Attachment { reference, mime: None, sha256: None };
                return Some(Content::Picture { attachment, caption: caption(text) });
            }
            None => OtherKind::Document,
        },
        _ if text_at(raw, &places.location).is_some() => OtherKind::Location,
        _ => return Some(text.map_or(Content::Other(OtherKind::Unsupported), |text| Content::Text(clean(text)))),
    };
    Some(Content::Other(other))
}

fn is_picture_named(address: &str) -> bool {
    picture::is_named(address.split(['?', '#']).next().unwrap_or_default())
}

/// Whether the line can send, where this is told by the same webhook: a body with such a word and without a sender.
fn session(places: &Places, raw: &Value, channel: &ChannelId) -> Option<Item> {
    let state = text_at(raw, &places.session).filter(|_| text_at(raw, &places.from).is_none())?;
    let health = if state.eq_ignore_ascii_case(&places.session_up) {
        Health::Well
    } else if state.eq_ignore_ascii_case(&places.session_down) {
        Health::Broken(format!("the provider says `{}`", word(&state)))
    } else {
        return Some(ignored(format!("session {}", word(&state))));
    };
    Some(Notice::of_line(channel.gateway(), channel.key(), health))
}

/// How far a reply came, where this is told by the same webhook.
fn status(places: &Places, raw: &Value, channel: &ChannelId) -> Result<Option<Item>, String> {
    let (Some(stage), Some(own)) = (text_at(raw, &places.status), text_at(raw, &places.status_id)) else {
        return Ok(None);
    };
    let delivery = match stage.to_ascii_lowercase().as_str() {
        "sent" | "server" => Delivery::Sent,
        "delivered" | "received" => Delivery::Delivered,
        "read" | "played" => Delivery::Read,
        "failed" | "invalid" | "expired" | "undelivered" => Delivery::Failed,
        other => return Ok(Some(ignored(format!("status {}", word(other))))),
    };
    let error = (delivery == Delivery::Failed).then(|| word(&stage));
    Ok(Some(Item::Status(Status { channel: channel.clone(), id: id(&own)?, tracker: None, delivery, error })))
}
