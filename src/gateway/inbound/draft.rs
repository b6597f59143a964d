//! A message of a citizen as a reader found it. An id or a time that the provider left out is replaced here.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::item::Item;
use super::text::id;
use super::timestamp;
use crate::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};

/// Seconds within which two messages without id and time, of one sender and one text, are one: shorter than the minute
/// after which such providers deliver again what we did not take.
const SAME_SECONDS: i64 = 60;

/// A message whose id or time may be missing.
pub(in crate::gateway) struct InboundDraft<'a> {
    /// The channel.
    pub(in crate::gateway) channel: ChannelId,
    /// Who sent it: the address to answer to. Never empty.
    pub(in crate::gateway) contact: Contact,
    /// Other addresses of the same citizen.
    pub(in crate::gateway) also: Vec<Contact>,
    /// The provider's id, where there is one.
    pub(in crate::gateway) id: Option<&'a str>,
    /// The time of sending, in the provider's spelling.
    pub(in crate::gateway) time: Option<&'a Value>,
    /// What it holds.
    pub(in crate::gateway) content: Content,
}

impl InboundDraft<'_> {
    /// The message; an id that cannot be a key is replaced as one that is missing.
    pub(in crate::gateway) fn into_item(self, received_at: DateTime<Utc>) -> Item {
        let id = self.id.and_then(|given| id(given).ok()).unwrap_or_else(|| self.made_id(received_at));
        let Self { channel, contact, also, time, content, .. } = self;
        Item::Message(Inbound { channel, contact, also, id, sent_at: timestamp::sent_at(time, received_at), content })
    }

    /// An id for a message without one, derived from what it holds: the same when the provider delivers it again.
    fn made_id(&self, received_at: DateTime<Utc>) -> MessageId {
        let when = match self.time {
            Some(time) if !time.is_null() => time.to_string(),
            _ => (received_at.timestamp() / SAME_SECONDS).to_string(),
        };
        let (kind, text, file) = match &self.content {
            Content::Text(text) => ("text".to_owned(), text.as_str(), ""),
            Content::Edited(text) => ("edited".to_owned(), text.as_str(), ""),
            Content::Picture { attachment, caption } => {
                ("picture".to_owned(), caption.as_deref().unwrap_or_default(), attachment.reference.as_str())
            }
            Content::Other(kind) => (format!("{kind:?}"), "", ""),
        };
        let mut hash = Sha256::new();
        for part in [self.channel.as_str(), self.contact.as_str(), &kind, text, file, &when] {
            hash.update(part.len().to_be_bytes());
            hash.update(part.as_bytes());
        }
        MessageId::new(format!("made-{}", hex::encode(hash.finalize())))
    }
}
