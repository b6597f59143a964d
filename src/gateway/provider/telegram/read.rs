//! What Telegram posts, and what of it is a message to an office. Pure; a body is one update.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::content::content;
use super::payload::{Callback, Chat, Incoming, SAYS};
use crate::domain::message::{ChannelId, Contact, Content};
use crate::gateway::inbound::draft::InboundDraft;
use crate::gateway::inbound::item::{ReadItem, ignored, or_malformed, unread};
use crate::gateway::inbound::json::parse;
use crate::gateway::inbound::text::{caption, word};
use crate::gateway::{Item, address};

/// Reads a whole body for the bot's channel; every body gives exactly one item.
pub(super) fn read(channel: &ChannelId, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
    let Some(update) = parse(body) else {
        return vec![or_malformed(Err("the body is no JSON".to_owned()))];
    };
    let (item, raw) = if let Some(raw) = update.get("message") {
        (message(channel, &update, raw, received_at), raw)
    } else if let Some(raw) = update.get("edited_message") {
        (edited(channel, raw, received_at), raw)
    } else if let Some(raw) = update.get("callback_query") {
        (callback(channel, raw, received_at), raw)
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

/// Where a message comes from.
enum Origin {
    /// The chat with one person: an answer goes there.
    Person(i64),
    /// Nothing that is answered.
    Unanswered(Item),
}

/// Where a message comes from.
fn origin(message: &Incoming) -> Result<Origin, String> {
    if message.chat.as_ref().is_some_and(|chat| !chat.is_private()) {
        return Ok(Origin::Unanswered(ignored("a message in a group or channel")));
    }
    if message.from.as_ref().is_some_and(|from| from.is_bot) {
        return Ok(Origin::Unanswered(ignored("a message of a bot")));
    }
    // A private chat has the number of its person.
    let chat = message.chat.as_ref().and_then(|chat| chat.id).or(message.from.as_ref().and_then(|from| from.id));
    chat.map(Origin::Person).ok_or_else(|| "a message without a sender".to_owned())
}

fn message(channel: &ChannelId, update: &Value, raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    let message = Incoming::deserialize(raw).map_err(|_| "a message that is no object")?;
    let chat = match origin(&message)? {
        Origin::Person(chat) => chat,
        Origin::Unanswered(item) => return Ok(item),
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
        channel: channel.clone(),
        contact: chat_contact(chat),
        also: phone.into_iter().collect(),
        id: Some(&id),
        time: message.date.as_ref(),
        content,
    }
    .into_item(received_at))
}

/// A message changed after it was sent. However often that happens, it is answered once.
fn edited(channel: &ChannelId, raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
    let message = Incoming::deserialize(raw).map_err(|_| "a message that is no object")?;
    let chat = match origin(&message)? {
        Origin::Person(chat) => chat,
        Origin::Unanswered(item) => return Ok(item),
    };
    let text = caption(message.text.as_str()).or_else(|| caption(message.caption.as_deref()));
    let Some(text) = text else { return Ok(ignored("an edit without a text")) };
    let id = format!("edit/{chat}/{}", message.message_id.unwrap_or_default());
    Ok(InboundDraft {
        channel: channel.clone(),
        contact: chat_contact(chat),
        also: Vec::new(),
        id: Some(&id),
        time: raw.get("edit_date").or(message.date.as_ref()),
        content: Content::Edited(text),
    }
    .into_item(received_at))
}

/// A chat's address. The prefix keeps its number from being read as a phone number.
pub(super) fn chat_contact(chat: i64) -> Contact {
    Contact::new(format!("tg:{chat}"))
}

/// A tapped button: ours says what we put behind it; of another the words that the citizen saw count, or what is behind it
/// where they cannot be found.
fn callback(channel: &ChannelId, raw: &Value, received_at: DateTime<Utc>) -> ReadItem {
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
        channel: channel.clone(),
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
