//! A reply on its way: as it is due, and what became of it.

use chrono::{DateTime, Utc};

use crate::conversation::Lang;
use crate::domain::message::{ChannelId, Contact, MessageId, Outbound};
use crate::domain::notice::Kind;
use crate::domain::office::OfficeId;

/// A reply that could be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its number.
    pub id: i64,
    /// The channel to send it on.
    pub channel: ChannelId,
    /// The contact to send it to.
    pub contact: Contact,
    /// The address that the contact last wrote from: where to send it.
    pub address: Contact,
    /// The office that answers.
    pub office: OfficeId,
    /// The language it is in.
    pub lang: Lang,
    /// What it says.
    pub outbound: Outbound,
    /// Whether a message asked for it.
    pub asked: bool,
    /// What notice it says; `None` for the reply to a message.
    pub notice: Option<SaidNotice>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Sending time of the citizen's last message.
    pub heard_at: Option<DateTime<Utc>>,
    /// Whether the citizen wants no unasked messages: they said so to us, or to the provider.
    pub muted: bool,
    /// How often it has been claimed: the fencing token, together with the owner.
    pub attempts: u32,
    /// Attempts that failed for a passing reason.
    pub faults: u32,
    /// Attempts whose answer was lost.
    pub doubts: u32,
    /// Attempts whose process died, or let the lease end: it may have been sent.
    pub lapses: u32,
    /// Messages of it that were sent already.
    pub parts: u32,
    /// The pace of its contact: the state of a [`crate::domain::rate::Rate`].
    pub pace: DateTime<Utc>,
    /// When the claim on it ends, if there is one: in the past, or later than any claim lasts.
    pub lease: Option<DateTime<Utc>>,
}

/// The notice that a reply says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaidNotice {
    /// What it is about.
    pub kind: Kind,
    /// From when on it is too late to be of use.
    pub drop_after: DateTime<Utc>,
    /// Whether what it is about is not so any more: the booking was cancelled or moved, the hold confirmed; or an
    /// officer stopped it.
    pub is_outdated: bool,
    /// Whether it asks for an answer without which the place is given back: only its whole text tells that.
    pub must_be_answered: bool,
}

/// Replies that were put back to be sent again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retried {
    /// Those that had been given up.
    pub dead: u64,
    /// Those that had come too late.
    pub expired: u64,
    /// Those that were held.
    pub held: u64,
}

impl Retried {
    /// All of them.
    pub fn count(self) -> u64 {
        self.dead + self.expired + self.held
    }
}

/// The messages of a reply that were sent: a long text or a picture makes several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentParts {
    /// How many were sent in earlier attempts.
    pub before: u32,
    /// The provider's ids of those that were sent in this attempt, in order.
    pub ids: Vec<Option<MessageId>>,
}

/// What became of a claimed reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its number.
    pub id: i64,
    /// The channel.
    pub channel: ChannelId,
    /// The contact that it was sent to.
    pub contact: Contact,
    /// The claim that it was sent under (the fencing token).
    pub attempts: u32,
    /// Tries that failed for a passing reason, this one included.
    pub faults: u32,
    /// Tries whose answer was lost, this one included.
    pub doubts: u32,
    /// The messages of it that were sent.
    pub parts: SentParts,
    /// What became of it.
    pub outcome: Sending,
    /// Whether the provider said that the citizen wants no messages.
    pub opted_out: bool,
    /// Whether it went as a template, outside of the window for free messages.
    pub as_template: bool,
}

/// The outcome of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sending {
    /// The provider accepted all of it.
    Taken {
        /// Whether the picture had to be left out.
        without_picture: bool,
    },
    /// To be tried again.
    PutOff {
        /// When.
        until: DateTime<Utc>,
        /// Why, without personal data.
        error: String,
    },
    /// It waits until its citizen writes again.
    Held {
        /// Why, without personal data.
        error: String,
    },
    /// Too late to be of use.
    Expired {
        /// Why, without personal data.
        error: String,
    },
    /// Given up.
    Dead {
        /// Why, without personal data.
        error: String,
    },
}
