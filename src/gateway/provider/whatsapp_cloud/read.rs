//! A webhook body to items: entries, changes, messages and statuses, each judged alone.
//!
//! Pure; a malformed item costs none of the others. A reason never quotes content.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::content::{content, part};
use super::errors;
use super::payload::{Message, Status as WireStatus, System};
use super::sender::{is_own, sender};
use crate::domain::message::{AddressChange, ChannelId, Contact, Content, Delivery};
use crate::gateway::inbound::draft::InboundDraft;
use crate::gateway::inbound::item::{ignored, or_malformed, unread};
use crate::gateway::inbound::json::parse;
use crate::gateway::inbound::text::{id, word};
use crate::gateway::{Health, Item, Notice, Status, Unread, address, timestamp};

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
        self.items.push(Item::Malformed { reason: reason.to_owned(), unread: Unread::default() });
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
        let value = change.get("value").unwrap_or(&Value::Null);
        // A list of messages says itself what it is.
        let has_messages = ["messages", "statuses"].iter().any(|key| value.get(key).is_some_and(Value::is_array));
        let field = match change.get("field").and_then(Value::as_str) {
            _ if has_messages => "messages",
            Some(field) => field,
            None => return self.malformed("a change without a field"),
        };
        if field == "account_update"
            && let Some(health) = account_health(value)
        {
            return self.items.push(Notice::of_account(self.gateway, health));
        }
        if field != "messages" {
            return self.ignored(other_field(field, value));
        }
        if !value.is_object() {
            return self.malformed("a change without an object");
        }
        let before = self.items.len();
        for message in self.list(value, "messages") {
            let item = self.message(value, message);
            self.items.push(item.unwrap_or_else(|reason| alone(reason, value, message)));
        }
        for status in self.list(value, "statuses") {
            let item = or_malformed(self.status(value, status));
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

    /// The channel, by the number's id: several numbers come to one webhook.
    fn channel(&self, value: &Value) -> Result<ChannelId, String> {
        let key = match value.pointer("/metadata/phone_number_id") {
            Some(Value::String(key)) => key.clone(),
            Some(Value::Number(key)) => key.to_string(),
            _ => String::new(),
        };
        id(&key).map(|_| ChannelId::new(self.gateway, &key)).map_err(|_| "no phone_number_id".to_owned())
    }

    fn message(&self, value: &Value, raw: &Value) -> Result<Item, String> {
        let message = Message::deserialize(raw).map_err(|_| "a message that is no object")?;
        let kind = message.kind.as_deref().unwrap_or_default();
        let shown = word(kind);
        if message.group_id.as_deref().is_some_and(|group| !group.is_empty()) {
            return Ok(ignored(format!("{shown} message in a group")));
        }
        if kind == "system" {
            return self.system(value, raw, &message);
        }
        let is_excused = !message.errors.is_empty() || value.get("errors").is_some_and(|errors| !errors.is_null());
        let Some(content) = content(kind, raw, is_excused)? else {
            return Ok(ignored(format!("{shown} message")));
        };
        let mut addresses = sender(&message, value).into_iter();
        let contact = addresses.next().ok_or_else(|| format!("{shown} message without a sender"))?;
        if is_own(&contact, value) {
            return Ok(ignored(format!("{shown} message of our own number")));
        }
        let edited = match content {
            Content::Edited(_) => raw.pointer("/edit/original_message_id").and_then(Value::as_str),
            _ => None,
        };
        // However often one message is changed, it is answered once.
        let edited = edited.map(|original| format!("edit/{original}"));
        Ok(InboundDraft {
            channel: self.channel(value)?,
            contact,
            also: addresses.collect(),
            id: edited.as_deref().or(message.id.as_deref()),
            time: message.timestamp.as_ref(),
            content,
        }
        .into_item(self.received_at))
    }

    /// A notice of the provider's: a citizen's number or id changed, or something that is not processed here.
    fn system(&self, value: &Value, raw: &Value, message: &Message) -> Result<Item, String> {
        let system: System = part("system", raw).ok_or("system message not of the documented form")?;
        let read = |addresses: &[Option<&String>]| -> Vec<Contact> {
            addresses.iter().flatten().filter_map(|address| address::read(address)).collect()
        };
        let previous = system.previous_user_id.as_ref().or(message.from_user_id.as_ref());
        let (left, taken) = match system.kind.as_deref().unwrap_or_default() {
            "user_changed_number" => {
                // The id changes with the number; where the old one is missing, the new one is all there is.
                let left = read(&[message.from.as_ref(), system.previous_user_id.as_ref()]);
                let number = system.wa_id.as_ref().or(system.new_wa_id.as_ref());
                (left, read(&[number, system.user_id.as_ref()]))
            }
            "user_changed_user_id" => (read(&[previous]), read(&[system.user_id.as_ref()])),
            other => return Ok(ignored(format!("system message {}", word(other)))),
        };
        if left.is_empty() || taken.is_empty() {
            return Err("a change of number that names only one".to_owned());
        }
        let at = timestamp::sent_at(message.timestamp.as_ref(), self.received_at);
        Ok(Item::AddressChanged(AddressChange { channel: self.channel(value)?, left, taken, at }))
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

/// What a reply that failed later says about its channel: some codes are about that rather than about the reply.
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

/// A message that cannot be read, with a body that holds only this message: the others need not be kept with it.
fn alone(reason: String, value: &Value, raw: &Value) -> Item {
    let mut value = value.clone();
    if let Some(fields) = value.as_object_mut() {
        fields.insert("messages".to_owned(), serde_json::json!([raw]));
        fields.remove("statuses");
    }
    let body = serde_json::json!({"entry": [{"changes": [{"field": "messages", "value": value}]}]});
    let sender = Message::deserialize(raw).ok().and_then(|message| sender(&message, &Value::Null).into_iter().next());
    unread(reason, sender, body.to_string())
}
