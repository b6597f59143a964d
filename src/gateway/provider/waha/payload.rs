//! What the bridge posts, as far as it is read. Everything but an id may be missing. `_data` is never read: each engine fills
//! it otherwise.

use serde::Deserialize;
use serde_json::Value;

use crate::gateway::inbound::lenient;

/// An event.
#[derive(Deserialize)]
pub(super) struct WebhookEvent {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) event: Option<String>,
    /// The linked telephone that it happened on, by its name.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) session: Option<String>,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) me: Option<Me>,
    #[serde(default)]
    pub(super) payload: Value,
}

#[derive(Deserialize)]
pub(super) struct Me {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) id: Option<String>,
}

/// The payload of `message` and `message.edited`.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) id: Option<String>,
    /// The message that was changed.
    #[serde(rename = "editedMessageId", default, deserialize_with = "lenient::text")]
    pub(super) edited: Option<String>,
    pub(super) timestamp: Option<Value>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) from: Option<String>,
    #[serde(rename = "fromMe", default, deserialize_with = "lenient::truth")]
    pub(super) from_me: bool,
    #[serde(default)]
    pub(super) body: Value,
    #[serde(rename = "hasMedia", default, deserialize_with = "lenient::truth")]
    pub(super) has_media: bool,
    #[serde(default, deserialize_with = "lenient::part")]
    pub(super) media: Option<File>,
    pub(super) location: Option<Value>,
    #[serde(rename = "vCards", default, deserialize_with = "lenient::list")]
    pub(super) cards: Vec<Value>,
}

/// A file that the bridge fetched, or tried to.
#[derive(Deserialize)]
pub(super) struct File {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) mimetype: Option<String>,
}

/// The payload of `message.ack`.
#[derive(Deserialize)]
pub(super) struct AckPayload {
    pub(super) id: String,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) from: Option<String>,
    pub(super) ack: i64,
}
