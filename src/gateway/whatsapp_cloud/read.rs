//! A webhook body to items: entries, changes, messages and statuses, each judged alone.
//!
//! Pure, and never all-or-nothing: whatever is wrong with one item, its neighbours live. A reason never quotes content.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::errors;
use super::payload::{
    Button, Choice, File, FlowAnswer, Interactive, Message, Person, SAYS, Status as WireStatus, System, Text,
};
use crate::domain::message::{Attachment, ChannelId, Contact, Content, Delivery, Inbound, Moved, OtherKind};
use crate::gateway::inlet::{caption, clean, id, ignored, instant, parse, sent_at, settled, word};
use crate::gateway::{Health, Item, Notice, Status, address, picture};

/// Reads a whole body; every body gives at least one item.
pub(super) fn read(gateway: &str, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let mut reader = Reader { gateway, received_at, items: Vec::new() };
    match parse(body) {
        Some(root) => reader.body(&root),
        None => reader.malformed("the body is no JSON"),
    }
    reader.items
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
        let value = change.get("value").unwrap_or(&Value::Null);
        if field == "account_update"
            && let Some(health) = account_health(value)
        {
            return self.items.push(Notice::of_account(self.gateway, health));
        }
        if field != "messages" {
            return self.ignored(other_field(field, value));
        }
        let before = self.items.len();
        for message in self.list(value, "messages") {
            self.items.push(settled(self.message(value, message)));
        }
        for status in self.list(value, "statuses") {
            let item = settled(self.status(value, status));
            let notice = of_line(&item);
            self.items.push(item);
            self.items.extend(notice);
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
            return Ok(ignored(format!("{kind} message in a group")));
        }
        if message.kind == "system" {
            return self.system(value, raw, &message);
        }
        let is_excused = !message.errors.is_empty() || value.get("errors").is_some_and(|errors| !errors.is_null());
        let Some(content) = content(&message.kind, raw, is_excused)? else {
            return Ok(ignored(format!("{kind} message")));
        };
        let mut addresses = sender(&message, value).into_iter();
        let contact = addresses.next().ok_or_else(|| format!("{kind} message without a sender"))?;
        if is_own(&contact, value) {
            return Ok(ignored(format!("{kind} message of our own number")));
        }
        Ok(Item::Message(Inbound {
            channel: self.channel(value)?,
            contact,
            also: addresses.collect(),
            id: id(&message.id)?,
            sent_at: self.sent_at(&message)?,
            content,
        }))
    }

    fn sent_at(&self, message: &Message) -> Result<DateTime<Utc>, String> {
        let claimed = message.timestamp.as_ref().map_or(Ok(self.received_at), instant)?;
        Ok(sent_at(claimed, self.received_at))
    }

    /// A notice of the provider's: a citizen's number or id changed, or something that is of no use here.
    fn system(&self, value: &Value, raw: &Value, message: &Message) -> Result<Item, String> {
        let system: System = part("system", raw)?;
        let read = |addresses: &[Option<&String>]| -> Vec<Contact> {
            addresses.iter().flatten().filter_map(|address| address::read(address)).collect()
        };
        let previous = system.previous_user_id.as_ref().or(message.from_user_id.as_ref());
        let (left, taken) = match system.kind.as_deref().unwrap_or_default() {
            "user_changed_number" => {
                // The id changes with the number; where no old one is told, the new one is all there is.
                let left = read(&[message.from.as_ref(), system.previous_user_id.as_ref()]);
                (left, read(&[system.wa_id.as_ref(), system.user_id.as_ref()]))
            }
            "user_changed_user_id" => (read(&[previous]), read(&[system.user_id.as_ref()])),
            other => return Ok(ignored(format!("system message {}", word(other)))),
        };
        if left.is_empty() || taken.is_empty() {
            return Err("a change of number that names only one".to_owned());
        }
        Ok(Item::Moved(Moved { channel: self.channel(value)?, left, taken, at: self.sent_at(message)? }))
    }

    fn status(&self, value: &Value, raw: &Value) -> Result<Item, String> {
        let status = WireStatus::deserialize(raw).map_err(|_| "a status not of the documented form")?;
        let delivery = match status.stage.as_str() {
            "sent" => Delivery::Sent,
            "delivered" => Delivery::Delivered,
            "read" | "played" => Delivery::Read,
            "failed" => Delivery::Failed,
            other => return Ok(ignored(format!("status {}", word(other)))),
        };
        if status.recipient_type.as_deref() == Some("group") {
            return Ok(ignored("status of a group message"));
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

/// What a reply that failed later says about its line: some codes are about that rather than about the reply.
fn of_line(item: &Item) -> Option<Item> {
    let Item::Status(Status { channel, error: Some(code), .. }) = item else { return None };
    let health = Health::after(errors::of_code(code.parse().ok()?))?;
    Some(Notice::of_line(channel.gateway(), channel.key(), health))
}

/// What an event of the account says about its numbers. It names none of them, so the provider is asked about each.
fn account_health(value: &Value) -> Option<Health> {
    let event = value.get("event").and_then(Value::as_str)?;
    let ban = value.pointer("/ban_info/waba_ban_state").and_then(Value::as_str).unwrap_or_default();
    match (event, ban) {
        ("DISABLED_UPDATE", "REINSTATE") | ("ACCOUNT_RECONNECTED", _) => Some(Health::Well),
        (
            "DISABLED_UPDATE"
            | "ACCOUNT_VIOLATION"
            | "ACCOUNT_RESTRICTION"
            | "ACCOUNT_DELETED"
            | "ACCOUNT_OFFBOARDED"
            | "PARTNER_REMOVED"
            | "PARTNER_APP_UNINSTALLED",
            _,
        ) => Some(Health::Broken(format!("the provider reports {event}"))),
        _ => None,
    }
}

/// What came under another field than `messages`: account and template events, and echoes of what the staff typed on
/// their own phone.
fn other_field(field: &str, value: &Value) -> String {
    let event = value.get("event").and_then(Value::as_str).map(word).filter(|event| !event.is_empty());
    match (field, event) {
        ("smb_message_echoes", _) => "what the staff wrote themselves (smb_message_echoes)".to_owned(),
        (_, Some(event)) => format!("field {}, event {event}", word(field)),
        (_, None) => format!("field {}", word(field)),
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
    let caption = caption(file.caption.as_deref());
    Ok(Content::Picture {
        attachment: Attachment { reference: file.id, mime: file.mime_type, sha256: file.sha256 },
        caption,
    })
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
        ("nfm_reply", ..) => Ok(Some(flow_answer(part.nfm_reply.as_ref()))),
        _ => Ok(Some(Content::Other(OtherKind::Unsupported))),
    }
}

/// What a flow was answered with: its field `message`, which a flow for this service has; any other flow is none of ours.
fn flow_answer(answer: Option<&FlowAnswer>) -> Content {
    let fields = answer.and_then(|answer| serde_json::from_str::<Value>(&answer.response_json).ok());
    let message = fields.as_ref().and_then(|fields| fields.get("message")).and_then(Value::as_str);
    caption(message).map_or(Content::Other(OtherKind::Unsupported), Content::Text)
}

/// What a tapped button of ours says; else the words on what was tapped, or its id where it has none.
fn tapped(choice: &Choice) -> Result<Content, String> {
    if let Some(words) = choice.id.strip_prefix(SAYS) {
        return Ok(Content::Text(clean(words)));
    }
    let words = [&choice.title, &choice.id].into_iter().map(|text| clean(text)).find(|text| !text.trim().is_empty());
    words.map(Content::Text).ok_or_else(|| "a choice without words".to_owned())
}

/// The sender's addresses: the numbers first, then the ids scoped to this business, each told once.
fn sender(message: &Message, value: &Value) -> Vec<Contact> {
    let people: Vec<Person> = value
        .get("contacts")
        .and_then(Value::as_array)
        .map(|list| list.iter().filter_map(|person| Person::deserialize(person).ok()).collect())
        .unwrap_or_default();
    let person = match (&message.from_user_id, &message.from, people.as_slice()) {
        (Some(user), _, people) => people.iter().find(|person| person.user_id.as_ref() == Some(user)),
        (None, Some(from), people) => people.iter().find(|person| person.wa_id.as_ref() == Some(from)),
        (None, None, [only]) => Some(only),
        (None, None, _) => None,
    };
    let listed = |pick: fn(&Person) -> Option<&String>| person.and_then(pick).map(String::as_str);
    let told = [
        message.from.as_deref(),
        listed(|person| person.wa_id.as_ref()),
        message.from_user_id.as_deref(),
        listed(|person| person.user_id.as_ref()),
    ];
    let mut addresses: Vec<Contact> = Vec::new();
    for address in told.into_iter().flatten().filter_map(address::read) {
        if !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    // Intermediaries put an id where a number belongs: shape counts, not place.
    addresses.sort_by_key(|address| address::is_scoped_id(address.as_str()));
    addresses
}

/// Whether a message comes from the office's own number: answering it would be a bot talking to itself.
fn is_own(contact: &Contact, value: &Value) -> bool {
    let shown = value.pointer("/metadata/display_phone_number").and_then(Value::as_str).unwrap_or_default();
    // One number ends alike in every spelling; the library, which takes its time, is asked only about those that do.
    let last = shown.chars().rfind(char::is_ascii_digit);
    last.is_some() && last == contact.as_str().chars().next_back() && address::read(shown).as_ref() == Some(contact)
}
