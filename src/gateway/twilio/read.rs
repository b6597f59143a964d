//! What Twilio posts: a form, read as a map, since fields are added without notice. Pure; a body is one event.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::send;
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, OtherKind};
use crate::gateway::inlet::{ReadItem, caption, clean, id, ignored, sent_at, settled, word};
use crate::gateway::{Health, Item, Notice, Status, address, picture};

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

/// Reads a whole body; every body gives one item, and a status that speaks against its line a second one.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let form = Form::read(body);
    let is_status =
        form.get("MessageStatus").or_else(|| form.get("SmsStatus")).is_some_and(|status| status != "received");
    if !is_status {
        return vec![settled(message(gateway, &form, received_at))];
    }
    let item = settled(status(gateway, &form));
    let notice = of_line(gateway, &form);
    std::iter::once(item).chain(notice).collect()
}

/// What a reply that failed says about its line, or about the whole account.
fn of_line(gateway: &str, form: &Form) -> Option<Item> {
    let code: i64 = form.get("ErrorCode")?.parse().ok()?;
    let health = Health::after(send::of_code(code))?;
    Some(Notice::of_line(gateway, form.get("From")?, health))
}

/// A number, `whatsapp:+62…`, `whatsapp:ID.…`: whoever it is of.
fn contact(text: &str) -> Option<Contact> {
    address::read(text.strip_prefix("whatsapp:").unwrap_or(text))
}

fn message(gateway: &str, form: &Form, received_at: DateTime<Utc>) -> ReadItem {
    let sid = form.get("MessageSid").or_else(|| form.get("SmsSid")).ok_or("no MessageSid")?;
    let line = form.get("To").ok_or("no line")?;
    id(line).map_err(|_| "no line")?;
    let from = form.get("From").and_then(contact).ok_or("a message without a sender")?;
    if contact(line).as_ref() == Some(&from) {
        return Ok(ignored("a message of our own number"));
    }
    let mut also: Vec<Contact> = Vec::new();
    for told in ["WaId", "ExternalUserId"] {
        if let Some(other) = form.get(told).and_then(address::read)
            && other != from
            && !also.contains(&other)
        {
            also.push(other);
        }
    }
    let Some(content) = content(form)? else {
        return Ok(ignored(format!("{} message", word(form.get("MessageType").unwrap_or_default()))));
    };
    Ok(Item::Message(Inbound {
        channel: ChannelId::new(gateway, line),
        contact: from,
        also,
        id: id(sid)?,
        // Twilio tells no time of sending; it delivers at once or never.
        sent_at: sent_at(received_at, received_at),
        content,
    }))
}

/// What a message holds; `None` for what is no message to an office.
fn content(form: &Form) -> Result<Option<Content>, String> {
    let text = form.get("ButtonPayload").or_else(|| form.get("ListId"));
    let text = text.or_else(|| form.get("ButtonText")).or_else(|| form.get("ListTitle")).or_else(|| form.get("Body"));
    let files: usize = form.get("NumMedia").map_or(Ok(0), str::parse).map_err(|_| "an unreadable NumMedia")?;
    if files > 0 {
        return file(form).map(Some);
    }
    if form.get("MessageType") == Some("reaction") {
        return Ok(None);
    }
    if form.get("Latitude").is_some() {
        return Ok(Some(Content::Other(OtherKind::Location)));
    }
    let text = text.map(|text| Content::Text(clean(text)));
    Ok(Some(text.unwrap_or(Content::Other(OtherKind::Unsupported))))
}

/// The first file of a message: one reply answers all of them.
fn file(form: &Form) -> Result<Content, String> {
    let mime = form.get("MediaContentType0").unwrap_or_default().to_ascii_lowercase();
    let kind = match mime.split(['/', ';']).next().unwrap_or_default() {
        "image" if form.get("MessageType") == Some("sticker") || mime.starts_with("image/webp") => OtherKind::Sticker,
        "image" if picture::is_claimed(&mime) => {
            let reference = form.get("MediaUrl0").ok_or("a picture without an address")?.to_owned();
            let attachment = Attachment { reference, mime: Some(mime), sha256: None };
            return Ok(Content::Picture { attachment, caption: caption(form.get("Body")) });
        }
        "audio" => OtherKind::Audio,
        "video" => OtherKind::Video,
        "text" if mime.contains("vcard") => OtherKind::ContactCard,
        _ => OtherKind::Document,
    };
    Ok(Content::Other(kind))
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
    let line = form.get("From").ok_or("no line")?;
    let error = form.get("ErrorCode").map(word).filter(|code| !code.is_empty());
    Ok(Item::Status(Status { channel: ChannelId::new(gateway, line), id: id(sid)?, tracker: None, delivery, error }))
}
