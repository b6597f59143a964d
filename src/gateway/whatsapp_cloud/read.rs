//! A webhook body to items: entries, changes, messages and statuses, each judged alone.
//!
//! Pure, and never all-or-nothing: whatever is wrong with one item, its neighbours live. A reason never quotes content.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::errors;
use super::payload::{
    Button, Choice, File, FlowAnswer, Interactive, Message, Person, SAYS, Status as WireStatus, System,
};
use crate::domain::message::{AddressChange, Attachment, ChannelId, Contact, Content, Delivery, OtherKind};
use crate::gateway::inlet::{InboundDraft, caption, clean, fields_as_text, id, ignored, or_malformed, parse, word};
use crate::gateway::unread::unread;
use crate::gateway::{Health, Item, Notice, Status, Unread, address, picture, timestamp};

/// The types that hold something which a citizen sent, in the order in which a message of no known type is searched for
/// them.
const KINDS: [&str; 11] = [
    "text",
    "image",
    "document",
    "button",
    "interactive",
    "audio",
    "video",
    "sticker",
    "location",
    "contacts",
    "order",
];

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

    /// The line, by the number's id: several numbers come to one webhook.
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

    /// A notice of the provider's: a citizen's number or id changed, or something that is of no use here.
    fn system(&self, value: &Value, raw: &Value, message: &Message) -> Result<Item, String> {
        let system: System = part("system", raw).ok_or("system message not of the documented form")?;
        let read = |addresses: &[Option<&String>]| -> Vec<Contact> {
            addresses.iter().flatten().filter_map(|address| address::read(address)).collect()
        };
        let previous = system.previous_user_id.as_ref().or(message.from_user_id.as_ref());
        let (left, taken) = match system.kind.as_deref().unwrap_or_default() {
            "user_changed_number" => {
                // The id changes with the number; where no old one is told, the new one is all there is.
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

/// A message that cannot be read, with a body in which it is alone: its neighbours need not be kept with it.
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

/// What a message of this type holds; `None` for what is no message to an office (reaction, system notice …).
///
/// `is_excused`: the provider itself says that it could not pass the content on.
fn content(kind: &str, raw: &Value, is_excused: bool) -> Result<Option<Content>, String> {
    let has = |kind: &str| raw.get(kind).is_some_and(|part| !part.is_null());
    // Where the type is missing or is not known, the keys tell it.
    let kind = match kind {
        "voice" => "audio",
        "edit" => return Ok(edit(raw)),
        // Answering what may be a machine's notice costs money and annoys.
        "reaction" | "revoke" | "request_welcome" | "ephemeral" => return Ok(None),
        known if KINDS.contains(&known) => known,
        _ => KINDS.into_iter().find(|kind| has(kind)).unwrap_or("unsupported"),
    };
    let unsupported = || Ok(Some(Content::Other(OtherKind::Unsupported)));
    let content = match kind {
        "image" if !has(kind) && is_excused => Content::Other(OtherKind::PhotoLost),
        _ if !has(kind) && is_excused => Content::Other(OtherKind::Unsupported),
        "text" => return text(raw).map(Some),
        "image" => return Ok(Some(part(kind, raw).map_or(Content::Other(OtherKind::PhotoLost), picture_of))),
        "document" => part(kind, raw).map_or(Content::Other(OtherKind::Document), document),
        "button" => {
            let button: Option<Button> = part(kind, raw);
            let tapped = button.and_then(|button| tapped(&Choice { id: button.payload, title: button.text }));
            tapped.ok_or("a choice without words")?
        }
        "interactive" => return part(kind, raw).map_or_else(unsupported, |part| interactive(&part)),
        "audio" => Content::Other(OtherKind::Audio),
        "video" => Content::Other(OtherKind::Video),
        "sticker" => Content::Other(OtherKind::Sticker),
        "location" => Content::Other(OtherKind::Location),
        "contacts" => Content::Other(OtherKind::ContactCard),
        // `unsupported`, `unknown`, `order`, `poll`, `event`, and what is not known yet.
        _ => Content::Other(OtherKind::Unsupported),
    };
    Ok(Some(content))
}

/// A text. One that is none is kept, for a later version may know where it stands.
fn text(raw: &Value) -> Result<Content, String> {
    match raw.pointer("/text/body").or_else(|| raw.get("text")) {
        Some(Value::String(body)) => Ok(Content::Text(clean(body))),
        Some(Value::Number(body)) => Ok(Content::Text(body.to_string())),
        _ => Err("text message without its text".to_owned()),
    }
}

/// A message changed after it was sent: its new text, or the caption of its file.
fn edit(raw: &Value) -> Option<Content> {
    let message = raw.pointer("/edit/message").unwrap_or(&Value::Null);
    let text = text(message).ok().or_else(|| {
        let caption = message.as_object()?.values().find_map(|part| part.get("caption")?.as_str())?;
        Some(Content::Text(clean(caption)))
    });
    match text {
        Some(Content::Text(text)) => Some(Content::Edited(text)),
        _ => None,
    }
}

/// The object under the key of the type's name, where it is one.
fn part<'v, T: Deserialize<'v>>(kind: &str, raw: &'v Value) -> Option<T> {
    raw.get(kind).and_then(|object| T::deserialize(object).ok())
}

/// A picture. Without its id it cannot be fetched: a form under it is read, and the photo asked for again.
fn picture_of(file: File) -> Content {
    let caption = caption(file.caption.as_deref());
    match file.id.filter(|file| id(file).is_ok()) {
        Some(reference) => Content::Picture {
            attachment: Attachment { reference, mime: file.mime_type, sha256: file.sha256 },
            caption,
        },
        None => caption.map_or(Content::Other(OtherKind::PhotoLost), Content::Text),
    }
}

/// A photo sent "as a document" is a photo.
fn document(file: File) -> Content {
    if file.mime_type.as_deref().is_some_and(picture::is_claimed) {
        return picture_of(file);
    }
    Content::Other(OtherKind::Document)
}

fn interactive(part: &Interactive) -> Result<Option<Content>, String> {
    if let Some(choice) = part.button_reply.as_ref().or(part.list_reply.as_ref()) {
        return tapped(choice).map(Some).ok_or_else(|| "a choice without words".to_owned());
    }
    match part.kind.as_deref().unwrap_or_default() {
        "button_reply" | "list_reply" => Err("interactive message without its choice".to_owned()),
        // Settled between phone and provider; the citizen said nothing.
        "call_permission_reply" => Ok(None),
        _ => Ok(Some(flow_answer(part.nfm_reply.as_ref()))),
    }
}

/// What a flow was answered with: its field `message`, or its fields as lines with labels.
fn flow_answer(answer: Option<&FlowAnswer>) -> Content {
    let fields = answer.and_then(|answer| match &answer.response_json {
        Value::String(written) => serde_json::from_str::<Value>(written).ok(),
        fields => Some(fields.clone()),
    });
    fields.as_ref().and_then(fields_as_text).map_or(Content::Other(OtherKind::Unsupported), Content::Text)
}

/// What a tapped button of ours says; else the words on what was tapped, which the citizen saw, or its id where it has none.
fn tapped(choice: &Choice) -> Option<Content> {
    if let Some(words) = choice.id.as_deref().and_then(|id| id.strip_prefix(SAYS)) {
        return Some(Content::Text(clean(words)));
    }
    [&choice.title, &choice.id].into_iter().find_map(|text| caption(text.as_deref())).map(Content::Text)
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
