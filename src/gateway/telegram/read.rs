//! What Telegram posts, and what of it is a message to an office. Pure; a body is one update.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use crate::domain::message::{Attachment, ChannelId, Contact, Content, OtherKind};
use crate::gateway::inlet::{
    InboundDraft, ReadItem, caption, clean, fields_as_text, ignored, or_malformed, parse, word,
};
use crate::gateway::picture::{self, MEDIA_BYTES_MAX};
use crate::gateway::unread::unread;
use crate::gateway::{Item, address, lenient};

/// What stands before the words of a tapped button of ours, in its data.
pub(super) const SAYS: &str = "says:";

/// A message.
#[derive(Deserialize)]
struct Incoming {
    /// Unique in its chat only.
    #[serde(default, deserialize_with = "lenient::number")]
    message_id: Option<i64>,
    /// The album that it is part of.
    #[serde(default, deserialize_with = "lenient::text")]
    media_group_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    chat: Option<Chat>,
    #[serde(default, deserialize_with = "lenient::part")]
    from: Option<User>,
    date: Option<Value>,
    #[serde(default)]
    text: Value,
    #[serde(default, deserialize_with = "lenient::text")]
    caption: Option<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    photo: Vec<PhotoSize>,
    #[serde(default, deserialize_with = "lenient::part")]
    document: Option<File>,
    #[serde(default, deserialize_with = "lenient::part")]
    contact: Option<Card>,
    #[serde(default, deserialize_with = "lenient::part")]
    web_app_data: Option<AppData>,
}

#[derive(Deserialize)]
struct Chat {
    #[serde(default, deserialize_with = "lenient::number")]
    id: Option<i64>,
    #[serde(rename = "type", default, deserialize_with = "lenient::text")]
    kind: Option<String>,
}

impl Chat {
    /// Whether it is a chat with one person: by its type, or where that says nothing known, by its number, which is
    /// negative for all others.
    fn is_private(&self) -> bool {
        match self.kind.as_deref() {
            Some("private") => true,
            Some("group" | "supergroup" | "channel") => false,
            _ => self.id.is_none_or(|id| id > 0),
        }
    }
}

#[derive(Deserialize)]
struct User {
    #[serde(default, deserialize_with = "lenient::number")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "lenient::truth")]
    is_bot: bool,
}

/// One size of a photo.
#[derive(Deserialize)]
struct PhotoSize {
    file_id: String,
    #[serde(default, deserialize_with = "lenient::number")]
    width: Option<i64>,
    #[serde(default, deserialize_with = "lenient::number")]
    height: Option<i64>,
    #[serde(default, deserialize_with = "lenient::number")]
    file_size: Option<i64>,
}

#[derive(Deserialize)]
struct File {
    file_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    mime_type: Option<String>,
}

/// A shared contact; one's own tells the telephone number.
#[derive(Deserialize)]
struct Card {
    #[serde(default, deserialize_with = "lenient::text")]
    phone_number: Option<String>,
    #[serde(default, deserialize_with = "lenient::number")]
    user_id: Option<i64>,
}

/// What a mini app sends: a line, or its fields as JSON.
#[derive(Deserialize)]
struct AppData {
    #[serde(default, deserialize_with = "lenient::text")]
    data: Option<String>,
}

/// A tapped button.
#[derive(Deserialize)]
struct Callback {
    #[serde(default, deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    from: Option<User>,
    message: Option<Value>,
    #[serde(default, deserialize_with = "lenient::text")]
    data: Option<String>,
}

/// What a person sends that this service cannot use, by its key.
const OTHERS: [(&str, OtherKind); 14] = [
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
    ("photo", OtherKind::PhotoLost),
    ("live_photo", OtherKind::Unsupported),
    ("poll", OtherKind::Unsupported),
    ("gift", OtherKind::Unsupported),
];

/// What stands in every message and says nothing of what it holds.
const AROUND: [&str; 36] = [
    "message_id",
    "message_thread_id",
    "direct_messages_topic",
    "from",
    "sender_chat",
    "sender_boost_count",
    "sender_business_bot",
    "date",
    "edit_date",
    "business_connection_id",
    "chat",
    "forward_origin",
    "forward_from",
    "forward_from_chat",
    "forward_from_message_id",
    "forward_signature",
    "forward_sender_name",
    "forward_date",
    "is_topic_message",
    "is_automatic_forward",
    "reply_to_message",
    "external_reply",
    "quote",
    "reply_to_story",
    "reply_to_checklist_task_id",
    "via_bot",
    "has_protected_content",
    "is_from_offline",
    "media_group_id",
    "author_signature",
    "entities",
    "link_preview_options",
    "effect_id",
    "reply_markup",
    "caption",
    "caption_entities",
];

/// Beginnings of the names of the chat's own notices: nobody wrote them.
const NOTICES: [&str; 27] = [
    "new_chat",
    "left_chat",
    "delete_chat",
    "group_chat",
    "supergroup_chat",
    "channel_chat",
    "message_auto_delete",
    "migrate_",
    "pinned_message",
    "invoice",
    "successful_payment",
    "refunded_payment",
    "users_shared",
    "user_shared",
    "chat_shared",
    "connected_website",
    "write_access_allowed",
    "passport_data",
    "proximity_alert",
    "boost_added",
    "chat_background",
    "forum_topic",
    "general_forum_topic",
    "giveaway",
    "video_chat",
    "voice_chat",
    "suggested_post",
];

/// Reads a whole body for a gateway and its line; every body gives exactly one item.
pub(super) fn read(line: (&str, &str), body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let Some(update) = parse(body) else {
        return vec![or_malformed(Err("the body is no JSON".to_owned()))];
    };
    let (item, raw) = if let Some(raw) = update.get("message") {
        (message(line, (&update, raw), received_at), raw)
    } else if let Some(raw) = update.get("edited_message") {
        (edited(line, raw, received_at), raw)
    } else if let Some(raw) = update.get("callback_query") {
        (callback(line, raw, received_at), raw)
    } else if update.get("update_id").is_some() {
        // Reactions, channel posts, members: nothing that an office is asked.
        let kind = update.as_object().and_then(|keys| keys.keys().find(|key| *key != "update_id"));
        (Ok(ignored(format!("update {}", kind.map_or_else(String::new, |kind| word(kind))))), &update)
    } else {
        (Err("no update".to_owned()), &update)
    };
    let sender = || raw.pointer("/chat/id").or_else(|| raw.pointer("/from/id"))?.as_i64().map(chat_contact);
    vec![item.unwrap_or_else(|reason| unread(reason, sender(), String::new()))]
}

/// The id of a tapped button's query.
pub(super) fn callback_of(body: &[u8]) -> Option<String> {
    parse(body)?.pointer("/callback_query/id")?.as_str().map(str::to_owned)
}

/// The chat that a message is of, where an answer would go; an item where it needs none.
fn chat_of(message: &Incoming) -> Result<Result<i64, Item>, String> {
    if message.chat.as_ref().is_some_and(|chat| !chat.is_private()) {
        return Ok(Err(ignored("a message in a group or channel")));
    }
    if message.from.as_ref().is_some_and(|from| from.is_bot) {
        return Ok(Err(ignored("a message of a bot")));
    }
    // A private chat has the number of its person.
    let told = message.chat.as_ref().and_then(|chat| chat.id).or(message.from.as_ref().and_then(|from| from.id));
    told.map(Ok).ok_or_else(|| "a message without a sender".to_owned())
}

fn message((gateway, key): (&str, &str), (update, raw): (&Value, &Value), received_at: DateTime<Utc>) -> ReadItem {
    let message = Incoming::deserialize(raw).map_err(|_| "a message that is no object")?;
    let chat = match chat_of(&message)? {
        Ok(chat) => chat,
        Err(item) => return Ok(item),
    };
    let Some(content) = content(&message, raw)? else {
        return Ok(ignored("a notice of the chat"));
    };
    // Only one's own card says who one is; anybody may share anybody else's.
    let own_card = message.contact.as_ref().filter(|card| card.user_id.is_some() && card.user_id == Some(chat));
    let phone = own_card.and_then(|card| card.phone_number.as_deref()).and_then(address::read);
    let id = match (&content, &message.media_group_id, message.message_id) {
        // However many parts of an album cannot be read, they get one answer.
        (Content::Other(_), Some(album), _) => format!("album/{chat}/{album}"),
        (_, _, Some(number)) => format!("{chat}/{number}"),
        _ => update.get("update_id").and_then(Value::as_i64).map_or_else(String::new, |id| format!("update/{id}")),
    };
    Ok(InboundDraft {
        channel: ChannelId::new(gateway, key),
        contact: chat_contact(chat),
        also: phone.into_iter().collect(),
        id: Some(&id),
        time: message.date.as_ref(),
        content,
    }
    .into_item(received_at))
}

/// A message changed after it was sent. However often that happens, it is answered once.
fn edited((gateway, key): (&str, &str), raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    let message = Incoming::deserialize(raw).map_err(|_| "a message that is no object")?;
    let chat = match chat_of(&message)? {
        Ok(chat) => chat,
        Err(item) => return Ok(item),
    };
    let text = caption(message.text.as_str()).or_else(|| caption(message.caption.as_deref()));
    let Some(text) = text else { return Ok(ignored("an edit without a text")) };
    let id = format!("edit/{chat}/{}", message.message_id.unwrap_or_default());
    Ok(InboundDraft {
        channel: ChannelId::new(gateway, key),
        contact: chat_contact(chat),
        also: Vec::new(),
        id: Some(&id),
        time: raw.get("edit_date").or(message.date.as_ref()),
        content: Content::Edited(text),
    }
    .into_item(received_at))
}

/// A chat's address. Its number is none of a telephone, and must not be taken for one.
pub(super) fn chat_contact(chat: i64) -> Contact {
    Contact::new(format!("tg:{chat}"))
}

/// What a message holds; `None` for a notice of the chat's own.
fn content(message: &Incoming, raw: &Value) -> Result<Option<Content>, String> {
    match &message.text {
        Value::Null => {}
        Value::String(text) => return Ok(Some(Content::Text(clean(started(text))))),
        Value::Number(text) => return Ok(Some(Content::Text(text.to_string()))),
        _ => return Err("a text that is none".to_owned()),
    }
    if let Some(data) = message.web_app_data.as_ref().and_then(|app| caption(app.data.as_deref())) {
        let fields = serde_json::from_str::<Value>(&data).ok().filter(Value::is_object);
        return Ok(Some(match fields {
            Some(fields) => fields_as_text(&fields).map_or(Content::Other(OtherKind::Unsupported), Content::Text),
            None => Content::Text(data),
        }));
    }
    let picture = |file_id: &str, mime: Option<&str>| Content::Picture {
        attachment: Attachment { reference: file_id.to_owned(), mime: mime.map(str::to_owned), sha256: None },
        caption: caption(message.caption.as_deref()),
    };
    let limit = i64::try_from(MEDIA_BYTES_MAX).unwrap_or(i64::MAX);
    let fitting = message.photo.iter().filter(|size| size.file_size.is_none_or(|bytes| bytes <= limit));
    let pixels = |size: &&PhotoSize| size.width.unwrap_or_default().saturating_mul(size.height.unwrap_or_default());
    if let Some(largest) = fitting.max_by_key(pixels) {
        return Ok(Some(picture(&largest.file_id, None)));
    }
    if let Some(file) = &message.document
        && file.mime_type.as_deref().is_some_and(picture::is_claimed)
    {
        return Ok(Some(picture(&file.file_id, file.mime_type.as_deref())));
    }
    Ok(other(message, raw))
}

/// What holds neither text nor picture: of a known kind, a notice, or something that is not known yet. A form under what
/// is not known is read.
fn other(message: &Incoming, raw: &Value) -> Option<Content> {
    let has = |key: &str| raw.get(key).is_some_and(|value| !value.is_null());
    let known = OTHERS.iter().find(|(key, _)| has(key)).map(|(_, kind)| *kind);
    let kind = known.or_else(|| {
        let mut keys = raw.as_object()?.iter().filter(|(_, value)| !value.is_null()).map(|(key, _)| key.as_str());
        let is_held = |key: &str| !AROUND.contains(&key) && !NOTICES.iter().any(|notice| key.starts_with(notice));
        keys.any(is_held).then_some(OtherKind::Unsupported)
    });
    let under = caption(message.caption.as_deref());
    match (kind, under) {
        (Some(OtherKind::Unsupported | OtherKind::PhotoLost) | None, Some(form)) => Some(Content::Text(form)),
        (kind, _) => kind.map(Content::Other),
    }
}

/// What a link to the bot carries behind `/start` is the link's, not the citizen's.
fn started(text: &str) -> &str {
    match text.split_once(' ') {
        Some((start, _)) if start == "/start" || start.starts_with("/start@") => "/start",
        _ => text,
    }
}

/// A tapped button: ours says what we put behind it; of another the words that the citizen saw count, or what is behind it
/// where they cannot be found.
fn callback((gateway, key): (&str, &str), raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    let callback = Callback::deserialize(raw).map_err(|_| "a callback that is no object")?;
    if callback.from.as_ref().is_some_and(|from| from.is_bot) {
        return Ok(ignored("a callback of a bot"));
    }
    let chat = callback.message.as_ref().and_then(|message| Chat::deserialize(message.get("chat")?).ok());
    if chat.as_ref().is_some_and(|chat| !chat.is_private()) {
        return Ok(ignored("a callback in a group or channel"));
    }
    let chat = chat.and_then(|chat| chat.id).or(callback.from.and_then(|from| from.id));
    let data = callback.data.as_deref().unwrap_or_default();
    let words = data.strip_prefix(SAYS).map(str::to_owned);
    let words = words.or_else(|| title_of(callback.message.as_ref()?, data)).unwrap_or_else(|| data.to_owned());
    let content = caption(Some(&words)).map(Content::Text).ok_or("a callback without data")?;
    let id = callback.id.map(|id| format!("callback/{id}"));
    Ok(InboundDraft {
        channel: ChannelId::new(gateway, key),
        contact: chat_contact(chat.ok_or("a callback without a sender")?),
        also: Vec::new(),
        id: id.as_deref(),
        // A callback carries the time of the message under the button, not of the tap.
        time: None,
        content,
    }
    .into_item(received_at))
}

/// What stood on the button with this data.
fn title_of(message: &Value, data: &str) -> Option<String> {
    let rows = message.pointer("/reply_markup/inline_keyboard")?.as_array()?;
    let mut buttons = rows.iter().filter_map(Value::as_array).flatten();
    let tapped = buttons.find(|button| button.get("callback_data").and_then(Value::as_str) == Some(data))?;
    caption(tapped.get("text").and_then(Value::as_str))
}
