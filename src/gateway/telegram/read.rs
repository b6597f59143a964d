//! What Telegram posts, and what of it is a message to an office. Pure; a body is one update.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::message::{Attachment, ChannelId, Contact, Content, Inbound, MessageId, OtherKind};
use crate::gateway::inlet::{ReadItem, caption, clean, id, ignored, instant, parse, sent_at, settled, word};
use crate::gateway::picture::{self, MEDIA_BYTES_MAX};
use crate::gateway::{Item, address};

/// A message.
#[derive(Deserialize)]
struct Incoming {
    /// Unique in its chat only.
    message_id: i64,
    chat: Chat,
    from: Option<User>,
    date: Option<Value>,
    text: Option<String>,
    caption: Option<String>,
    photo: Option<Vec<PhotoSize>>,
    document: Option<File>,
    contact: Option<Card>,
}

#[derive(Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct User {
    id: i64,
    #[serde(default)]
    is_bot: bool,
}

/// One size of a photo.
#[derive(Deserialize)]
struct PhotoSize {
    file_id: String,
    #[serde(default)]
    width: u64,
    #[serde(default)]
    height: u64,
    file_size: Option<u64>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
    mime_type: Option<String>,
}

/// A shared contact; one's own tells the telephone number.
#[derive(Deserialize)]
struct Card {
    phone_number: Option<String>,
    user_id: Option<i64>,
}

/// A tapped button.
#[derive(Deserialize)]
struct Callback {
    id: String,
    from: User,
    message: Option<Value>,
    data: Option<String>,
}

/// What a person sends that this service cannot use, by its key.
const OTHERS: [(&str, OtherKind); 15] = [
    ("voice", OtherKind::Audio),
    ("audio", OtherKind::Audio),
    ("video", OtherKind::Video),
    ("video_note", OtherKind::Video),
    ("animation", OtherKind::Video),
    ("sticker", OtherKind::Sticker),
    ("venue", OtherKind::Location),
    ("location", OtherKind::Location),
    ("contact", OtherKind::ContactCard),
    ("document", OtherKind::Document),
    ("poll", OtherKind::Unsupported),
    ("dice", OtherKind::Unsupported),
    ("story", OtherKind::Unsupported),
    ("game", OtherKind::Unsupported),
    ("paid_media", OtherKind::Unsupported),
];

/// Reads a whole body for a gateway and its line; every body gives exactly one item.
pub(super) fn read(line: (&str, &str), body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let Some(update) = parse(body) else {
        return vec![Item::Malformed { reason: "the body is no JSON".to_owned() }];
    };
    let item = if let Some(raw) = update.get("message") {
        message(line, raw, received_at)
    } else if let Some(raw) = update.get("callback_query") {
        callback(line, raw, received_at)
    } else if update.get("update_id").is_some() {
        // Edits, reactions, channel posts, members: nothing that an office is asked.
        let kind = update.as_object().and_then(|keys| keys.keys().find(|key| *key != "update_id"));
        Ok(ignored(format!("update {}", kind.map_or_else(String::new, |kind| word(kind)))))
    } else {
        Err("no update".to_owned())
    };
    vec![settled(item)]
}

/// The id of a tapped button's query.
pub(super) fn callback_of(body: &[u8]) -> Option<String> {
    parse(body)?.pointer("/callback_query/id")?.as_str().map(str::to_owned)
}

fn message((gateway, key): (&str, &str), raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    let message = Incoming::deserialize(raw).map_err(|_| "a message not of the documented form")?;
    if message.chat.kind != "private" {
        return Ok(ignored("a message in a group or channel"));
    }
    let from = message.from.as_ref().ok_or("a message without a sender")?;
    if from.is_bot {
        return Ok(ignored("a message of a bot"));
    }
    let Some(content) = content(&message, raw) else {
        return Ok(ignored("a notice of the chat"));
    };
    // Only one's own card says who one is; anybody may share anybody else's.
    let own_card = message.contact.as_ref().filter(|card| card.user_id == Some(from.id));
    let phone = own_card.and_then(|card| card.phone_number.as_deref()).and_then(address::read);
    let claimed = message.date.as_ref().map_or(Ok(received_at), instant)?;
    Ok(Item::Message(Inbound {
        channel: ChannelId::new(gateway, key),
        contact: chat_contact(message.chat.id),
        also: phone.into_iter().collect(),
        id: MessageId::new(format!("{}/{}", message.chat.id, message.message_id)),
        sent_at: sent_at(claimed, received_at),
        content,
    }))
}

/// A chat's address. Its number is none of a telephone, and must not be taken for one.
pub(super) fn chat_contact(chat: i64) -> Contact {
    Contact::new(format!("tg:{chat}"))
}

fn content(message: &Incoming, raw: &Value) -> Option<Content> {
    if let Some(text) = &message.text {
        return Some(Content::Text(clean(text)));
    }
    let picture = |file_id: &str, mime: Option<&str>| Content::Picture {
        attachment: Attachment { reference: file_id.to_owned(), mime: mime.map(str::to_owned), sha256: None },
        caption: caption(message.caption.as_deref()),
    };
    if let Some(sizes) = &message.photo {
        let limit = u64::try_from(MEDIA_BYTES_MAX).unwrap_or(u64::MAX);
        let fitting = sizes.iter().filter(|size| size.file_size.is_none_or(|bytes| bytes <= limit));
        let largest = fitting.max_by_key(|size| size.width.saturating_mul(size.height));
        return Some(largest.map_or(Content::Other(OtherKind::Unsupported), |size| picture(&size.file_id, None)));
    }
    if let Some(file) = &message.document
        && file.mime_type.as_deref().is_some_and(picture::is_claimed)
    {
        return Some(picture(&file.file_id, file.mime_type.as_deref()));
    }
    let has = |key: &str| raw.get(key).is_some_and(|value| !value.is_null());
    OTHERS.iter().find(|(key, _)| has(key)).map(|(_, kind)| Content::Other(*kind))
}

/// A tapped button says what its data says.
fn callback((gateway, key): (&str, &str), raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    let callback = Callback::deserialize(raw).map_err(|_| "a callback not of the documented form")?;
    if callback.from.is_bot {
        return Ok(ignored("a callback of a bot"));
    }
    let chat = callback.message.as_ref().and_then(|message| message.get("chat"));
    let chat = chat.and_then(|chat| Chat::deserialize(chat).ok());
    if chat.as_ref().is_some_and(|chat| chat.kind != "private") {
        return Ok(ignored("a callback in a group or channel"));
    }
    let words = callback.data.as_deref().map(clean).filter(|data| !data.trim().is_empty());
    Ok(Item::Message(Inbound {
        channel: ChannelId::new(gateway, key),
        contact: chat_contact(chat.map_or(callback.from.id, |chat| chat.id)),
        also: Vec::new(),
        id: id(&format!("callback/{}", callback.id))?,
        // A callback carries the time of the message under the button, not of the tap.
        sent_at: received_at,
        content: Content::Text(words.ok_or("a callback without data")?),
    }))
}
