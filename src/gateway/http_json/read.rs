//! A webhook body to items, by the places that are configured. Pure, and never all-or-nothing.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::mapping::{Condition, InboundMapping, Kind};
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, OtherKind};
use crate::gateway::address::{self, Jid, jid};
use crate::gateway::inlet::{InboundDraft, ReadItem, caption, clean, id, ignored, or_malformed, parse, word};
use crate::gateway::unread::unread;
use crate::gateway::{Health, Item, Notice, Status, lenient, picture};

/// Bytes within which the first line of a multipart form ends: two dashes, a boundary of at most seventy, and the break.
const BOUNDARY_BYTES_MAX: usize = 80;

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(from: (&str, &InboundMapping), body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let (_, mapping) = from;
    let malformed = |reason: &str| vec![or_malformed(Err(reason.to_owned()))];
    if let Some(reason) = coded(body) {
        return malformed(reason);
    }
    let Some(mut root) = parse(body).filter(|root| root.is_object() || root.is_array()).or_else(|| form(body)) else {
        return malformed("the body is neither JSON nor a form");
    };
    if mapping.items.is_empty() {
        return each(from, root, received_at);
    }
    let list = match root.pointer_mut(&mapping.items) {
        Some(Value::Array(list)) => std::mem::take(list),
        None | Some(Value::Null) => Vec::new(),
        Some(_) => return malformed("the list of messages is none"),
    };
    if list.is_empty() {
        return vec![ignored("a body without messages")];
    }
    let read = |raw: &Value| {
        item(from, raw, received_at).unwrap_or_else(|reason| {
            // Alone in its list: its neighbours need not be kept with it.
            let mut alone = root.clone();
            if let Some(list) = alone.pointer_mut(&mapping.items) {
                *list = Value::Array(vec![raw.clone()]);
            }
            unread(reason, sender(mapping, raw), alone.to_string())
        })
    };
    list.iter().map(read).collect()
}

/// Reads a body of one message; of a list at its top each element, and of a list where [`InboundMapping::each`] says so each element
/// in the list's place.
fn each(from: (&str, &InboundMapping), root: Value, received_at: DateTime<Utc>) -> Vec<Item> {
    let (_, mapping) = from;
    let bodies = match root {
        Value::Array(list) => list,
        one => vec![one],
    };
    let mut messages = Vec::with_capacity(bodies.len());
    for mut body in bodies {
        let inner = if mapping.each.is_empty() { None } else { body.pointer_mut(&mapping.each) };
        match inner {
            Some(Value::Array(list)) => {
                for element in std::mem::take(list) {
                    // The list is empty by now: what is copied is what stands around it.
                    let mut alone = body.clone();
                    if let Some(place) = alone.pointer_mut(&mapping.each) {
                        *place = element;
                    }
                    messages.push(alone);
                }
            }
            _ => messages.push(body),
        }
    }
    if messages.is_empty() {
        return vec![ignored("a body without messages")];
    }
    let read = |raw: &Value| {
        item(from, raw, received_at).unwrap_or_else(|reason| unread(reason, sender(mapping, raw), raw.to_string()))
    };
    messages.iter().map(read).collect()
}

/// Why a body is written in a way that no version reads, where it is: the provider's setting has to change.
fn coded(body: &[u8]) -> Option<&'static str> {
    if body.starts_with(&[0x1F, 0x8B]) {
        return Some("a compressed body (gzip): turn compression off at the provider");
    }
    let is_multipart = body.starts_with(b"--") && body.iter().take(BOUNDARY_BYTES_MAX).any(|byte| *byte == b'\n');
    is_multipart.then_some("a multipart form: let the provider post JSON, or a form of one line")
}

/// A form as an object of texts: some providers have posted one before they posted JSON.
fn form(body: &[u8]) -> Option<Value> {
    let fields: Map<String, Value> =
        url::form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), Value::from(value))).collect();
    let is_form = body.contains(&b'=') && !matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | 0xEF));
    is_form.then_some(Value::Object(fields))
}

/// What stands at the first place that is filled, as a text.
fn text_at(raw: &Value, places: &[String]) -> Option<String> {
    places.iter().find_map(|place| text_of(raw.pointer(place)?))
}

fn text_of(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// Whether what stands at any of a mark's places says yes.
fn is_marked(raw: &Value, mark: &Condition) -> bool {
    mark.places.iter().filter_map(|place| raw.pointer(place)).any(|value| {
        if mark.words.is_empty() {
            lenient::is_true(value)
        } else {
            text_of(value).is_some_and(|text| has(mark, &text))
        }
    })
}

fn has(mark: &Condition, text: &str) -> bool {
    mark.words.contains(&text.trim().to_lowercase())
}

/// Whether a body says of itself that it is of no use here.
///
/// # Errors
/// Where its event is none that is wanted, and it holds a message all the same: one of a later version, perhaps.
fn is_ignored(mapping: &InboundMapping, raw: &Value) -> Result<bool, String> {
    if is_marked(raw, &mapping.ignored) {
        return Ok(true);
    }
    let Some(event) = text_at(raw, &mapping.wanted.places).filter(|text| !has(&mapping.wanted, text)) else {
        return Ok(false);
    };
    let holds = text(mapping, raw).0.is_some() || text_at(raw, &mapping.media).is_some();
    if holds && sender(mapping, raw).is_some() {
        return Err(format!("event {} with a message", word(&event)));
    }
    Ok(true)
}

/// Who may have sent it, at all places that are filled.
fn senders(mapping: &InboundMapping, raw: &Value) -> Vec<Jid> {
    let read = |text: String| jid(&text).or_else(|| mapping.number(&text).map(Jid::Person));
    mapping.from.iter().filter_map(|place| read(text_of(raw.pointer(place)?)?)).collect()
}

/// The sender: of several a telephone number before a privacy id.
fn sender(mapping: &InboundMapping, raw: &Value) -> Option<Contact> {
    people(mapping, raw).into_iter().next()
}

/// The sender under all addresses that are told: a telephone number first, privacy ids behind it. A second number is not
/// believed to be the same person: it may be the office's own, or whoever passed the message on.
fn people(mapping: &InboundMapping, raw: &Value) -> Vec<Contact> {
    let mut people: Vec<Contact> = Vec::new();
    for jid in senders(mapping, raw) {
        if let Jid::Person(contact) = jid
            && !people.contains(&contact)
        {
            people.push(contact);
        }
    }
    let is_id =
        |contact: &Contact| address::names_its_server(contact.as_str()) || address::is_scoped_id(contact.as_str());
    people.sort_by_key(is_id);
    let mut is_first = true;
    people.retain(|contact| std::mem::take(&mut is_first) || is_id(contact));
    people
}

fn item((gateway, mapping): (&str, &InboundMapping), raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    if !raw.is_object() {
        return Err("a message that is no object".to_owned());
    }
    // Before anything else: what is ours must never be answered, however the rest reads.
    if is_marked(raw, &mapping.own) {
        return Ok(ignored("a message of our own"));
    }
    if is_ignored(mapping, raw)? {
        return Ok(ignored("an event of no use here"));
    }
    let line = text_at(raw, &mapping.line).ok_or("no line")?;
    id(&line).map_err(|_| "no line")?;
    let channel = ChannelId::new(gateway, mapping.number(&line).map_or(line, |own| own.as_str().to_owned()).as_str());
    if let Some(status) = status(mapping, raw, &channel)? {
        return Ok(status);
    }
    if let Some(notice) = session(mapping, raw, &channel) {
        return Ok(notice);
    }
    if senders(mapping, raw).contains(&Jid::Crowd) || is_marked(raw, &mapping.group) {
        return Ok(ignored("a message in a group or channel"));
    }
    let mut people = people(mapping, raw).into_iter();
    let contact = people.next().ok_or("a message without a sender")?;
    if contact.as_str() == channel.key() {
        return Ok(ignored("a message of our own number"));
    }
    let kind = text_at(raw, &mapping.kind).unwrap_or_default();
    let Some(content) = content(mapping, raw, &kind)? else {
        return Ok(ignored(format!("{} message", word(&kind))));
    };
    let told = text_at(raw, &mapping.id).filter(|id| id != "0");
    let edit = told.as_ref().filter(|_| matches!(content, Content::Edited(_))).map(|id| format!("edit/{id}"));
    let time = mapping.time.iter().find_map(|place| raw.pointer(place).filter(|time| !time.is_null()));
    Ok(InboundDraft {
        channel,
        contact,
        also: people.collect(),
        id: edit.as_deref().or(told.as_deref()),
        time,
        content,
    }
    .into_item(received_at))
}

/// What a type means: by the configured words, else by those that everybody uses.
fn kind_of(mapping: &InboundMapping, kind: &str) -> Option<Kind> {
    let kind = kind.trim().to_lowercase();
    let configured = mapping.kinds.iter().find(|(_, words)| words.contains(&kind)).map(|(meant, _)| *meant);
    configured.or(match kind.as_str() {
        "text" => Some(Kind::Text),
        "image" | "photo" | "picture" => Some(Kind::Picture),
        "audio" | "voice" | "ptt" => Some(Kind::Audio),
        "video" => Some(Kind::Video),
        "sticker" => Some(Kind::Sticker),
        "location" | "live_location" | "livelocation" => Some(Kind::Location),
        "contact" | "contacts" | "vcard" => Some(Kind::Contact),
        "document" | "file" => Some(Kind::Document),
        "edited" | "edit" => Some(Kind::Edit),
        "reaction" | "revoked" | "revoke" | "deleted" | "delete" | "protocol" | "system" => Some(Kind::Ignored),
        _ => None,
    })
}

/// The text, and whether what stands in its place is of another type: it may be all that the message holds.
fn text(mapping: &InboundMapping, raw: &Value) -> (Option<String>, bool) {
    let is_said = |text: &String| !mapping.text_if_none.contains(text);
    let text = mapping.text.iter().find_map(|place| text_of(raw.pointer(place)?).filter(is_said));
    let is_odd =
        mapping.text.iter().filter_map(|place| raw.pointer(place)).any(|text| text.is_array() || text.is_object());
    (text, is_odd)
}

/// What a message holds; `None` for what is no message to an office.
fn content(mapping: &InboundMapping, raw: &Value, kind: &str) -> Result<Option<Content>, String> {
    let meant = if is_marked(raw, &mapping.picture) { Some(Kind::Picture) } else { kind_of(mapping, kind) };
    let media = text_at(raw, &mapping.media);
    let (text, is_odd) = text(mapping, raw);
    let pictured = |reference: String| Content::Picture {
        attachment: Attachment { reference, mime: None, sha256: None },
        caption: caption(text.as_deref()),
    };
    let other = match meant {
        Some(Kind::Ignored) => return Ok(None),
        Some(Kind::Edit) => return Ok(text.map(|text| Content::Edited(clean(&text)))),
        Some(Kind::Picture) => {
            return Ok(Some(match (media, &text) {
                (Some(reference), _) => pictured(reference),
                // A form under it is read, and the photo asked for.
                (None, Some(text)) => Content::Text(clean(text)),
                // Its address is only told on dearer plans.
                (None, None) => Content::Other(OtherKind::Unsupported),
            }));
        }
        Some(Kind::Audio) => OtherKind::Audio,
        Some(Kind::Video) => OtherKind::Video,
        Some(Kind::Sticker) => OtherKind::Sticker,
        Some(Kind::Location) => OtherKind::Location,
        Some(Kind::Contact) => OtherKind::ContactCard,
        Some(Kind::Document) => match media.filter(|reference| is_picture_named(reference)) {
            Some(reference) => return Ok(Some(pictured(reference))),
            None => OtherKind::Document,
        },
        // Of a type that nobody knows, but plainly a picture by its name.
        None if media.as_deref().is_some_and(is_picture_named) => return Ok(media.map(pictured)),
        Some(Kind::Text) | None => match text {
            Some(text) => return Ok(Some(Content::Text(clean(&text)))),
            None if is_odd => return Err("a text that is none".to_owned()),
            None if text_at(raw, &mapping.location).is_some() => OtherKind::Location,
            None => OtherKind::Unsupported,
        },
    };
    Ok(Some(Content::Other(other)))
}

fn is_picture_named(address: &str) -> bool {
    picture::is_named(address.split(['?', '#']).next().unwrap_or_default())
}

/// Whether the line can send, where this is told by the same webhook: a body with such a word and without a sender.
fn session(mapping: &InboundMapping, raw: &Value, channel: &ChannelId) -> Option<Item> {
    let state = text_at(raw, &mapping.session).filter(|_| text_at(raw, &mapping.from).is_none())?;
    let health = if state.eq_ignore_ascii_case(&mapping.session_up) {
        Health::Well
    } else if state.eq_ignore_ascii_case(&mapping.session_down) {
        Health::Broken(format!("the provider says `{}`", word(&state)))
    } else {
        return Some(ignored(format!("session {}", word(&state))));
    };
    Some(Notice::of_line(channel.gateway(), channel.key(), health))
}

/// How far a reply came, where this is told by the same webhook.
fn status(mapping: &InboundMapping, raw: &Value, channel: &ChannelId) -> Result<Option<Item>, String> {
    let (Some(stage), Some(own)) = (text_at(raw, &mapping.status), text_at(raw, &mapping.status_id)) else {
        return Ok(None);
    };
    let delivery = match stage.to_ascii_lowercase().as_str() {
        "sent" | "server" | "server_ack" => Delivery::Sent,
        "delivered" | "received" | "delivery_ack" => Delivery::Delivered,
        "read" | "played" => Delivery::Read,
        "failed" | "invalid" | "expired" | "undelivered" | "noaccount" | "error" => Delivery::Failed,
        other => return Ok(Some(ignored(format!("status {}", word(other))))),
    };
    let error = (delivery == Delivery::Failed).then(|| word(&stage));
    Ok(Some(Item::Status(Status { channel: channel.clone(), id: id(&own)?, tracker: None, delivery, error })))
}
