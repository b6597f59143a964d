//! What Twilio posts: a form, read as a map, since fields are added without notice. Pure; a body is one event.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::send;
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, OtherKind};
use crate::gateway::inbound::draft::InboundDraft;
use crate::gateway::inbound::item::{ReadItem, ignored, or_malformed, unread};
use crate::gateway::inbound::text::{caption, clean, id, word};
use crate::gateway::{Health, Item, Notice, Status, address, picture};

/// How far a reply comes, in Twilio's words: a body with another word is a message.
const STAGES: [&str; 12] = [
    "accepted",
    "scheduled",
    "queued",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "read",
    "canceled",
    "partially_delivered",
    "receiving",
];
/// What only a message holds: one of them, and a word that is no stage does not make it a status.
const HELD: [&str; 7] = ["Body", "ButtonText", "ListTitle", "ButtonPayload", "ListId", "MediaUrl0", "Latitude"];
/// Files of one message that are looked at: the most that one may have.
const FILES_MAX: usize = 10;

/// The fields of a form; of repeated ones the first.
struct Form(BTreeMap<String, String>);

impl Form {
    fn read(body: &[u8]) -> Self {
        let mut fields = BTreeMap::new();
        for (name, value) in url::form_urlencoded::parse(body) {
            fields.entry(name.into_owned()).or_insert_with(|| value.into_owned());
        }
        Self(fields)
    }

    /// A field that says something.
    fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}

/// Reads a whole body; every body gives one item, and a status that speaks against its channel a second one.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let form = Form::read(body);
    let stage = form.get("MessageStatus").or_else(|| form.get("SmsStatus"));
    let holds_message = HELD.iter().any(|name| form.get(name).is_some());
    if !stage.is_some_and(|stage| STAGES.contains(&stage) || (stage != "received" && !holds_message)) {
        let item = message(gateway, &form, received_at);
        let sender = || form.get("From").and_then(contact);
        return vec![item.unwrap_or_else(|reason| unread(reason, sender(), String::new()))];
    }
    let item = or_malformed(status(gateway, &form));
    let notice = of_line(gateway, &form);
    std::iter::once(item).chain(notice).collect()
}

/// What a reply that failed says about its channel, or about the whole account.
fn of_line(gateway: &str, form: &Form) -> Option<Item> {
    let code: i64 = form.get("ErrorCode")?.parse().ok()?;
    let health = Health::after(send::of_code(code))?;
    Some(Notice::of_line(gateway, form.get("From")?, health))
}

/// A number, `whatsapp:+62…` or `whatsapp:ID.…`.
fn contact(text: &str) -> Option<Contact> {
    address::read(text.strip_prefix("whatsapp:").unwrap_or(text))
}

fn message(gateway: &str, form: &Form, received_at: DateTime<Utc>) -> ReadItem {
    let sid = ["MessageSid", "SmsMessageSid", "SmsSid"].iter().find_map(|name| form.get(name));
    let channel = form.get("To").ok_or("no channel")?;
    id(channel).map_err(|_| "no channel")?;
    let from = form.get("From").and_then(contact).ok_or("a message without a sender")?;
    if contact(channel).as_ref() == Some(&from) {
        return Ok(ignored("a message of our own number"));
    }
    let mut also: Vec<Contact> = Vec::new();
    for field in ["WaId", "ExternalUserId"] {
        if let Some(other) = form.get(field).and_then(address::read)
            && is_alike(&other)
            && other != from
            && !also.contains(&other)
        {
            also.push(other);
        }
    }
    let Some(content) = content(form) else {
        return Ok(ignored(format!("{} message", word(form.get("MessageType").unwrap_or_default()))));
    };
    let channel = ChannelId::new(gateway, channel);
    // Twilio gives no time of sending; it delivers at once or never.
    Ok(InboundDraft { channel, contact: from, also, id: sid, time: None, content }.into_item(received_at))
}

/// Whether an address is a number or a scoped id: nothing else is taken for a second address of the same citizen.
fn is_alike(contact: &Contact) -> bool {
    let text = contact.as_str();
    address::is_scoped_id(text) || (text.len() >= 8 && text.bytes().all(|b| b.is_ascii_digit()))
}

/// What a message holds; `None` for what is no message to an office.
fn content(form: &Form) -> Option<Content> {
    // What the citizen saw on the button counts, and what is behind it only where nothing stood there.
    let text = ["ButtonText", "ListTitle", "Body", "ButtonPayload", "ListId"].iter().find_map(|name| form.get(name));
    if let Some(content) = file(form) {
        return Some(content);
    }
    if form.get("MessageType") == Some("reaction") {
        return None;
    }
    if form.get("Latitude").is_some() && text.is_none() {
        return Some(Content::Other(OtherKind::Location));
    }
    let text = text.map(|text| Content::Text(clean(text)));
    Some(text.unwrap_or(Content::Other(OtherKind::Unsupported)))
}

/// The files of a message: its first picture, else its first file, else nothing. One reply answers all of them.
fn file(form: &Form) -> Option<Content> {
    let number = form.get("NumMedia").and_then(|number| number.parse::<usize>().ok());
    // Where the number is none, what is there is counted.
    let files = (0..number.unwrap_or(FILES_MAX).min(FILES_MAX)).filter_map(|n| {
        let url = form.get(&format!("MediaUrl{n}"));
        let mime = form.get(&format!("MediaContentType{n}")).unwrap_or_default().to_ascii_lowercase();
        (url.is_some() || !mime.is_empty()).then_some((url, mime))
    });
    let files: Vec<_> = files.collect();
    let is_picture = |mime: &str| picture::is_claimed(mime) && !is_sticker(form, mime);
    if let Some((Some(url), mime)) = files.iter().find(|(url, mime)| url.is_some() && is_picture(mime)) {
        let attachment = Attachment { reference: (*url).to_owned(), mime: Some(mime.clone()), sha256: None };
        return Some(Content::Picture { attachment, caption: caption(form.get("Body")) });
    }
    let (_, mime) = files.iter().find(|(_, mime)| !mime.contains("smil")).or_else(|| files.first())?;
    let kind = match mime.split(['/', ';']).next().unwrap_or_default() {
        "image" if is_sticker(form, mime) => OtherKind::Sticker,
        // One without an address: a form under it is read, and the photo asked for again.
        "image" if picture::is_claimed(mime) => {
            return Some(caption(form.get("Body")).map_or(Content::Other(OtherKind::PhotoLost), Content::Text));
        }
        "audio" => OtherKind::Audio,
        "video" => OtherKind::Video,
        "text" if mime.contains("vcard") => OtherKind::ContactCard,
        _ => OtherKind::Document,
    };
    Some(Content::Other(kind))
}

fn is_sticker(form: &Form, mime: &str) -> bool {
    form.get("MessageType") == Some("sticker") || mime.starts_with("image/webp")
}

fn status(gateway: &str, form: &Form) -> ReadItem {
    let sid = form.get("MessageSid").or_else(|| form.get("SmsSid")).ok_or("no MessageSid")?;
    let stage = form.get("MessageStatus").or_else(|| form.get("SmsStatus")).unwrap_or_default();
    let delivery = match stage {
        "sent" => Delivery::Sent,
        "delivered" => Delivery::Delivered,
        "read" => Delivery::Read,
        "failed" | "undelivered" | "canceled" => Delivery::Failed,
        other => return Ok(ignored(format!("status {}", word(other)))),
    };
    let channel = form.get("From").ok_or("no channel")?;
    let error = form.get("ErrorCode").map(word).filter(|code| !code.is_empty());
    Ok(Item::Status(Status { channel: ChannelId::new(gateway, channel), id: id(sid)?, tracker: None, delivery, error }))
}
