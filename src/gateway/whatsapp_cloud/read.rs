//! A webhook body to items: entries, changes, messages and statuses, each judged alone.
//!
//! Pure, and never all-or-nothing: whatever is wrong with one item, its neighbours live. A reason never quotes content.

use chrono::{DateTime, Datelike, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::payload::{Button, Choice, File, Interactive, Message, Person, Status as WireStatus, Text};
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, MessageId, OtherKind};
use crate::gateway::{Item, Status, address, picture};

/// Longest id that is taken for one, in bytes; the provider's have at most about 128.
const ID_BYTES_MAX: usize = 512;
/// Timestamps above this are milliseconds, which turn up from time to time: as seconds it would be the year 5138.
const SECONDS_MAX: i64 = 100_000_000_000;

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let mut reader = Reader { gateway, received_at, items: Vec::new() };
    match parse(body) {
        Some(root) => reader.body(&root),
        None => reader.malformed("the body is no JSON"),
    }
    reader.items
}

/// Parses a body; one with broken characters in it is mended first, since a single cut emoji must not cost a batch.
fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok().or_else(|| serde_json::from_str(&mend(&String::from_utf8_lossy(body))).ok())
}

/// Puts U+FFFD in the place of escapes that are half of a surrogate pair, which no JSON parser takes.
fn mend(text: &str) -> String {
    let unit = |rest: &str| {
        let digits = rest.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let mut mended = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        mended.push_str(before);
        // An escape is two characters (`\\`, `\"`), six (`\u00e9`), or twelve (a pair).
        let second = escape.get(6..).and_then(unit);
        let (kept, chars) = match (unit(escape), second) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (true, 12),
            (Some(0xD800..=0xDFFF), _) => (false, 6),
            (Some(_), _) => (true, 6),
            (None, _) => (true, 2),
        };
        let bytes = escape.char_indices().nth(chars).map_or(escape.len(), |(at, _)| at);
        let (taken, left) = escape.split_at(bytes);
        mended.push_str(if kept { taken } else { "\\ufffd" });
        rest = left;
    }
    mended.push_str(rest);
    mended
}

/// Collects items in the order of the body.
struct Reader<'a> {
    gateway: &'a str,
    received_at: DateTime<Utc>,
    items: Vec<Item>,
}

impl Reader<'_> {
    fn malformed(&mut self, reason: &str) {
        self.items.push(Item::Malformed { reason: reason.to_owned() });
    }

    fn ignored(&mut self, reason: impl Into<String>) {
        self.items.push(Item::Ignored { reason: reason.into() });
    }

    /// The list under `key`; one that is none is noted, one that is missing is empty.
    fn list<'v>(&mut self, parent: &'v Value, key: &str) -> &'v [Value] {
        match parent.get(key) {
            Some(Value::Array(list)) => list,
            None | Some(Value::Null) => &[],
            Some(_) => {
                self.malformed(&format!("`{key}` is no list"));
                &[]
            }
        }
    }

    fn body(&mut self, root: &Value) {
        for entry in self.list(root, "entry") {
            let before = self.items.len();
            for change in self.list(entry, "changes") {
                self.change(change);
            }
            if self.items.len() == before {
                self.malformed("an entry without changes");
            }
        }
        if self.items.is_empty() {
            self.malformed("a body without entries");
        }
    }

    fn change(&mut self, change: &Value) {
        let Some(field) = change.get("field").and_then(Value::as_str) else {
            return self.malformed("a change without a field");
        };
        if field != "messages" {
            // Account and template events, and echoes of what the staff typed on their own phone.
            return self.ignored(format!("field {}", word(field)));
        }
        let value = change.get("value").unwrap_or(&Value::Null);
        let before = self.items.len();
        for message in self.list(value, "messages") {
            let item = self.message(value, message).unwrap_or_else(|reason| Item::Malformed { reason });
            self.items.push(item);
        }
        for status in self.list(value, "statuses") {
            let item = self.status(value, status).unwrap_or_else(|reason| Item::Malformed { reason });
            self.items.push(item);
        }
        for error in self.list(value, "errors") {
            let code = error.get("code").and_then(Value::as_i64).unwrap_or_default();
            self.ignored(format!("the provider reports error {code}"));
        }
        if self.items.len() == before {
            self.ignored("a change without messages");
        }
    }

    /// The line, by the number's id: several numbers come to one webhook.
    fn channel(&self, value: &Value) -> Result<ChannelId, String> {
        let key = value.pointer("/metadata/phone_number_id").and_then(Value::as_str).unwrap_or_default();
        if key.is_empty() || id(key).is_err() {
            return Err("no phone_number_id".to_owned());
        }
        Ok(ChannelId::new(self.gateway, key))
    }

    fn message(&self, value: &Value, raw: &Value) -> Result<Item, String> {
        let message = Message::deserialize(raw).map_err(|_| "a message not of the documented form")?;
        let kind = word(&message.kind);
        if message.group_id.is_some() {
            return Ok(Item::Ignored { reason: format!("{kind} message in a group") });
        }
        let is_excused = !message.errors.is_empty() || value.get("errors").is_some_and(|errors| !errors.is_null());
        let Some(content) = content(&message.kind, raw, is_excused)? else {
            return Ok(Item::Ignored { reason: format!("{kind} message") });
        };
        let contact = sender(&message, value).ok_or_else(|| format!("{kind} message without a sender"))?;
        if is_own(&contact, value) {
            return Ok(Item::Ignored { reason: format!("{kind} message of our own number") });
        }
        Ok(Item::Message(Inbound {
            channel: self.channel(value)?,
            contact,
            id: id(&message.id)?,
            sent_at: message.timestamp.as_ref().map_or(Ok(self.received_at), instant)?,
            content,
        }))
    }

    fn status(&self, value: &Value, raw: &Value) -> Result<Item, String> {
        let status = WireStatus::deserialize(raw).map_err(|_| "a status not of the documented form")?;
        let delivery = match status.stage.as_str() {
            "sent" => Delivery::Sent,
            "delivered" => Delivery::Delivered,
            "read" | "played" => Delivery::Read,
            "failed" => Delivery::Failed,
            other => return Ok(Item::Ignored { reason: format!("status {}", word(other)) }),
        };
        if status.recipient_type.as_deref() == Some("group") {
            return Ok(Item::Ignored { reason: "status of a group message".to_owned() });
        }
        Ok(Item::Status(Status {
            channel: self.channel(value)?,
            id: id(&status.id)?,
            tracker: status.biz_opaque_callback_data.and_then(|data| data.parse().ok()),
            delivery,
            error: status.errors.first().map(|fault| fault.code.to_string()),
        }))
    }
}

/// What a message of this type holds; `None` for what is no message to an office (reaction, edit, system notice …).
///
/// `is_excused`: the provider itself says that it could not pass the content on.
fn content(kind: &str, raw: &Value, is_excused: bool) -> Result<Option<Content>, String> {
    let is_missing = raw.get(kind).is_none_or(Value::is_null);
    let content = match kind {
        "text" | "image" | "document" | "button" | "interactive" if is_missing && is_excused => {
            Content::Other(OtherKind::Unsupported)
        }
        "text" => Content::Text(clean(&part::<Text>(kind, raw)?.body)),
        "image" => picture_of(part(kind, raw)?)?,
        "document" => document(part(kind, raw)?)?,
        "button" => {
            let button: Button = part(kind, raw)?;
            tapped(&Choice { id: button.payload, title: button.text })?
        }
        "interactive" => return interactive(&part(kind, raw)?),
        "audio" | "voice" => Content::Other(OtherKind::Audio),
        "video" => Content::Other(OtherKind::Video),
        "sticker" => Content::Other(OtherKind::Sticker),
        "location" => Content::Other(OtherKind::Location),
        "contacts" => Content::Other(OtherKind::ContactCard),
        "unsupported" | "order" => Content::Other(OtherKind::Unsupported),
        // reaction, edit, revoke, system, request_welcome, and types that are not known yet: answering what may be
        // a machine's notice costs money and annoys.
        _ => return Ok(None),
    };
    Ok(Some(content))
}

/// The object under the key of the type's name.
fn part<'v, T: Deserialize<'v>>(kind: &str, raw: &'v Value) -> Result<T, String> {
    let part = raw.get(kind).and_then(|object| T::deserialize(object).ok());
    part.ok_or_else(|| format!("{} message not of the documented form", word(kind)))
}

fn picture_of(file: File) -> Result<Content, String> {
    id(&file.id)?;
    let caption = file.caption.map(|caption| clean(&caption)).filter(|caption| !caption.is_empty());
    Ok(Content::Picture { attachment: Attachment { reference: file.id, mime: file.mime_type }, caption })
}

/// A photo sent "as a document" is a photo.
fn document(file: File) -> Result<Content, String> {
    if file.mime_type.as_deref().is_some_and(picture::is_claimed) {
        return picture_of(file);
    }
    Ok(Content::Other(OtherKind::Document))
}

fn interactive(part: &Interactive) -> Result<Option<Content>, String> {
    match (part.kind.as_str(), &part.button_reply, &part.list_reply) {
        ("button_reply", Some(choice), _) | ("list_reply", _, Some(choice)) => tapped(choice).map(Some),
        ("button_reply" | "list_reply", ..) => Err("interactive message without its choice".to_owned()),
        // Settled between phone and provider; the citizen said nothing.
        ("call_permission_reply", ..) => Ok(None),
        _ => Ok(Some(Content::Other(OtherKind::Unsupported))),
    }
}

/// The words on what was tapped, or its id where it has none.
fn tapped(choice: &Choice) -> Result<Content, String> {
    let words = [&choice.title, &choice.id].into_iter().map(|text| clean(text)).find(|text| !text.trim().is_empty());
    words.map(Content::Text).ok_or_else(|| "a choice without words".to_owned())
}

/// Who sent it: the number if it is known by any way, else the id scoped to this business.
fn sender(message: &Message, value: &Value) -> Option<Contact> {
    let people: Vec<Person> = value
        .get("contacts")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(|person| Person::deserialize(person).ok()).collect())
        .unwrap_or_default();
    let person = match (&message.from_user_id, people.as_slice()) {
        (Some(user), people) => people.iter().find(|person| person.user_id.as_ref() == Some(user)),
        (None, [only]) => Some(only),
        (None, _) => None,
    };
    let listed = |pick: fn(&Person) -> Option<&String>| person.and_then(pick).map(String::as_str);
    [
        message.from.as_deref(),
        listed(|person| person.wa_id.as_ref()),
        message.from_user_id.as_deref(),
        listed(|person| person.user_id.as_ref()),
    ]
    .into_iter()
    .flatten()
    .find_map(address::read)
}

/// Whether a message comes from the office's own number: answering it would be a bot talking to itself.
fn is_own(contact: &Contact, value: &Value) -> bool {
    let shown = value.pointer("/metadata/display_phone_number").and_then(Value::as_str).unwrap_or_default();
    // One number ends alike in every spelling; the library, which takes its time, is asked only about those that do.
    let last = shown.chars().rfind(char::is_ascii_digit);
    last.is_some() && last == contact.as_str().chars().next_back() && address::read(shown).as_ref() == Some(contact)
}

/// Seconds (or milliseconds) since 1970, as a string or a number.
fn instant(value: &Value) -> Result<DateTime<Utc>, String> {
    let number = value.as_str().map_or_else(|| value.as_i64(), |text| text.trim().parse().ok());
    let instant = number.and_then(|number| match number {
        0..=SECONDS_MAX => DateTime::from_timestamp(number, 0),
        _ => DateTime::from_timestamp_millis(number),
    });
    instant.filter(|instant| (2000..3000).contains(&instant.year())).ok_or_else(|| "an unreadable timestamp".to_owned())
}

/// An id that can be a key.
fn id(text: &str) -> Result<MessageId, String> {
    let fits = (1..=ID_BYTES_MAX).contains(&text.len()) && !text.contains(char::is_control);
    fits.then(|| MessageId::new(text)).ok_or_else(|| "an id that is none".to_owned())
}

/// Text without NUL, which no database column holds alike.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// A word of the provider's as a reason may show it: letters, digits and `_`, at most 40.
fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::mend;

    #[test]
    fn half_a_surrogate_pair_is_mended_and_nothing_else() {
        for (written, mended) in [
            (r"a\ud83d\ude00b", r"a\ud83d\ude00b"),
            (r"a\ud83db", r"a\ufffdb"),
            (r"\ude00\ud83d", r"\ufffd\ufffd"),
            (r"\ud83d\ud83d\ude00", r"\ufffd\ud83d\ude00"),
            (r"\\ud83d \u00e9 \/", r"\\ud83d \u00e9 \/"),
            (r"\ud8", r"\ud8"),
            ("\\", "\\"),
            ("\\é\\uéé", "\\é\\uéé"),
        ] {
            assert_eq!(mend(written), mended, "{written}");
        }
    }
}
