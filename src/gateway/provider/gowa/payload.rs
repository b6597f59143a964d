//! What the bridge posts, as far as it is read. Everything but an id may be missing.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::domain::message::OtherKind;
use crate::gateway::inbound::lenient;
use crate::gateway::picture;

/// An event.
#[derive(Deserialize)]
pub(super) struct WebhookEvent {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) event: Option<String>,
    /// The linked telephone that it happened on.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) device_id: Option<String>,
    #[serde(default)]
    pub(super) payload: Value,
}

/// The payload of `message` and `message.edited`.
#[derive(Deserialize)]
pub(super) struct Message {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) id: Option<String>,
    /// The message that was changed.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) original_message_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) chat_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) from: Option<String>,
    /// The sender's privacy id, where the number is known too.
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) from_lid: Option<String>,
    pub(super) timestamp: Option<Value>,
    #[serde(default, deserialize_with = "lenient::truth")]
    pub(super) is_from_me: bool,
    #[serde(default)]
    pub(super) body: Value,
    #[serde(default, deserialize_with = "lenient::truth")]
    pub(super) view_once: bool,
    #[serde(default, deserialize_with = "file")]
    pub(super) image: Option<File>,
    #[serde(default, deserialize_with = "file")]
    pub(super) document: Option<File>,
}

/// A file: a path on the bridge's disk, or the address of something encrypted that the bridge has to fetch and open.
#[derive(Default, Deserialize)]
pub(super) struct File {
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) path: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) url: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) caption: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) filename: Option<String>,
}

/// A file, which is a path alone where there is nothing to say of it.
fn file<'de, D: Deserializer<'de>>(from: D) -> Result<Option<File>, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(path) => Some(File { path: Some(path), ..File::default() }),
        given @ Value::Object(_) => File::deserialize(given).ok(),
        _ => None,
    })
}

impl File {
    /// Whether its name is one of a picture. Asked only of documents; the bytes decide later.
    pub(super) fn is_picture(&self) -> bool {
        [&self.path, &self.filename].into_iter().flatten().any(|name| picture::is_named(name))
    }

    /// How it is fetched: by the place on the bridge's disk, or by the message that the bridge shall open.
    pub(super) fn reference(&self, message: &Message) -> Option<String> {
        let filled = |given: &Option<String>| given.clone().filter(|given| !given.is_empty());
        filled(&self.path).or_else(|| {
            filled(&self.url)?;
            let chat = message.chat_id.as_deref().or(message.from.as_deref()).unwrap_or_default();
            Some(format!("message:{}:{chat}", message.id.as_deref()?))
        })
    }
}

/// The payload of `message.ack`.
#[derive(Deserialize)]
pub(super) struct AckPayload {
    pub(super) ids: Vec<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) chat_id: Option<String>,
    #[serde(default, deserialize_with = "lenient::text")]
    pub(super) receipt_type: Option<String>,
}

/// What a message holds that this service cannot use, by its key.
pub(super) const OTHERS: [(&str, OtherKind); 11] = [
    ("audio", OtherKind::Audio),
    ("video", OtherKind::Video),
    ("video_note", OtherKind::Video),
    ("sticker", OtherKind::Sticker),
    ("location", OtherKind::Location),
    ("live_location", OtherKind::Location),
    ("contact", OtherKind::ContactCard),
    ("contacts_array", OtherKind::ContactCard),
    ("poll", OtherKind::Unsupported),
    ("list", OtherKind::Unsupported),
    ("order", OtherKind::Unsupported),
];
