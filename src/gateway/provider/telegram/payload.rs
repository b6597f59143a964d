//! What Telegram posts, as far as it is read. Everything but a file's id may be missing.

use serde::Deserialize;
use serde_json::Value;

use crate::gateway::inbound::lenient;

/// Prefix of a button's data in our own messages; the words that a tap says follow it.
pub(super) const SAYS: &str = "says:";

/// A message.
#[derive(Deserialize)]
pub(super) struct Incoming {
    /// Unique in its chat only.
    #[serde(default, deserialize_with = "lenient::number")]
    pub(super) message_id: Option<i64>,
    /// The album that it is part of.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) media_group_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) chat: Option<Chat>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) from: Option<User>,
    pub(super) date: Option<Value>,
    #[serde(default)]
    pub(super) text: Value,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) caption: Option<String>,
    #[serde(default, deserialize_with = "lenient::list")]
    pub(super) photo: Vec<PhotoSize>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) document: Option<File>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) contact: Option<Card>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) web_app_data: Option<AppData>,
}

#[derive(Deserialize)]
pub(super) struct Chat {
    #[serde(default, deserialize_with = "lenient::number")]
    pub(super) id: Option<i64>,
    #[serde(rename = "type", default, deserialize_with = "lenient::text")]
    pub(super) kind: Option<String>,
}

impl Chat {
    /// Whether it is a chat with one person: by its type, or where that says nothing known, by its number, which is
    /// negative for all others.
    pub(super) fn is_private(&self) -> bool {
        match self.kind.as_deref() {
            Some("private") => true,
            Some("group" | "supergroup" | "channel") => false,
            _ => self.id.is_none_or(|id| id > 0),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct User {
    #[serde(default, deserialize_with = "lenient::number")]
    pub(super) id: Option<i64>,
    #[serde(default, deserialize_with = "lenient::truth")]
    pub(super) is_bot: bool,
}

/// One size of a photo.
#[derive(Deserialize)]
pub(super) struct PhotoSize {
    pub(super) file_id: String,
    #[serde(default, deserialize_with = "lenient::number")]
    pub(super) width: Option<i64>,
    #[serde(default, deserialize_with = "lenient::number")]
    pub(super) height: Option<i64>,
    #[serde(default, deserialize_with = "lenient::number")]
    pub(super) file_size: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) file_id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) mime_type: Option<String>,
}

/// A shared contact; the sender's own card carries their telephone number.
#[derive(Deserialize)]
pub(super) struct Card {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) phone_number: Option<String>,
    #[serde(default, deserialize_with = "lenient::number")]
    pub(super) user_id: Option<i64>,
}

/// What a mini app sends: a line, or its fields as JSON.
#[derive(Deserialize)]
pub(super) struct AppData {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) data: Option<String>,
}

/// A tapped button.
#[derive(Deserialize)]
pub(super) struct Callback {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) id: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) from: Option<User>,
    pub(super) message: Option<Value>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) data: Option<String>,
}
