//! What a webhook body is read into: items, each judged alone.

use super::unread::Unread;
use crate::domain::message::{AddressChange, ChannelId, Contact, Inbound, Status};
use crate::gateway::outbound::error::SendError;

/// One item of a webhook body. Each is read alone: a malformed one costs none of the others.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A message from a citizen. Whether an office owns its channel is not known here.
    Message(Inbound),
    /// How far one of our replies has come.
    Status(Status),
    /// The provider says that a citizen's address changed.
    AddressChanged(AddressChange),
    /// The provider says that a channel can no longer send, or can again.
    Channel(Notice),
    /// Authentic and understood, but nothing that is processed here (reaction, echo, template event …).
    Ignored {
        /// What it was, in the provider's words.
        reason: String,
    },
    /// Authentic, but it cannot be read: it is kept for a later version.
    Malformed {
        /// What was wrong, without any of its content.
        reason: String,
        /// What is kept of it.
        unread: Unread,
    },
}

/// What the provider says about a channel of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The gateway's configured name.
    pub gateway: String,
    /// The key of the channel; `None` where the provider speaks of the whole account.
    pub key: Option<String>,
    /// Whether it can send.
    pub health: Health,
}

/// Whether a channel can send, by the provider's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It can, perhaps again.
    Well,
    /// It cannot; the reason, without personal data. [`Outbound::probe`](crate::gateway::Outbound::probe) is asked at once whether it is so.
    Broken(String),
    /// The provider has limited it: only a person lets it send again.
    Limited(String),
}

impl Notice {
    /// About one channel.
    pub(in crate::gateway) fn of_line(gateway: &str, key: &str, health: Health) -> Item {
        Item::Channel(Self { gateway: gateway.to_owned(), key: Some(key.to_owned()), health })
    }

    /// About a whole account.
    pub(in crate::gateway) fn of_account(gateway: &str, health: Health) -> Item {
        Item::Channel(Self { gateway: gateway.to_owned(), key: None, health })
    }

    /// Whether it is about this channel.
    pub fn concerns(&self, channel: &ChannelId) -> bool {
        channel.gateway() == self.gateway && self.key.as_deref().is_none_or(|key| key == channel.key())
    }
}

impl Health {
    /// What a failure that came by a status says about its channel; most say nothing against it.
    pub(in crate::gateway) fn after(error: SendError) -> Option<Self> {
        match error {
            SendError::Misconfigured(why) => Some(Self::Broken(why)),
            SendError::Limited(why) => Some(Self::Limited(why)),
            _ => None,
        }
    }
}

/// An item, or why it is malformed.
pub(in crate::gateway) type ReadItem = Result<Item, String>;

/// An item that is not processed here.
pub(in crate::gateway) fn ignored(reason: impl Into<String>) -> Item {
    Item::Ignored { reason: reason.into() }
}

/// The item, or a malformed one with the reason.
pub(in crate::gateway) fn or_malformed(item: ReadItem) -> Item {
    item.unwrap_or_else(|reason| Item::Malformed { reason, unread: Unread::default() })
}

/// A malformed item whose sender may be known; `body` holds it alone, or is empty where only the whole body does.
pub(in crate::gateway) fn unread(reason: impl Into<String>, sender: Option<Contact>, body: String) -> Item {
    Item::Malformed { reason: reason.into(), unread: Unread { gateway: String::new(), sender, body } }
}
