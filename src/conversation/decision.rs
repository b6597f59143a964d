//! What a message leads to: the reply, what is remembered, and what is written.

use chrono::{DateTime, Utc};

use super::chat::Chat;
use super::outcome::Outcome;
use super::waiting::WaitingStep;
use crate::domain::booking::Booking;
use crate::domain::message::Attachment;
use crate::domain::opening::Opening;
use crate::domain::ticket::Ticket;

/// A photo to be fetched, written in the same commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// Its id in the database.
    pub id: i64,
    /// Where to fetch it.
    pub attachment: Attachment,
}

/// What a message leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What to reply; `None` for further pictures of an album, for automatic replies, and beyond the reply quota.
    pub outcome: Option<Outcome>,
    /// Where this reply is the last one that the quota allows: when replies begin again.
    pub pause_until: Option<DateTime<Utc>>,
    /// What is remembered from now on.
    pub chat: Chat,
    /// Bookings made or changed, each in its new state, in the order of the changes.
    pub changed: Vec<Booking>,
    /// A photo to fetch.
    pub photo: Option<NewPhoto>,
    /// What changes on the waiting list.
    pub waiting: Option<WaitingStep>,
    /// The opening at which they are to be told.
    pub opening: Option<Opening>,
    /// A ticket that was opened, written to or closed, in its new state.
    pub ticket: Option<Ticket>,
    /// Whether the reply also tells the office's notice about personal data.
    pub tells_privacy: bool,
    /// Whether everything that is kept of them is to be erased once nothing of it is needed.
    pub erase: bool,
}

impl Decision {
    /// One that replies.
    pub(super) fn tell(chat: Chat, outcome: Outcome) -> Self {
        Self { outcome: Some(outcome), ..Self::silent(chat) }
    }

    /// One without a reply.
    pub(super) fn silent(chat: Chat) -> Self {
        Self {
            outcome: None,
            pause_until: None,
            chat,
            changed: Vec::new(),
            photo: None,
            ticket: None,
            waiting: None,
            opening: None,
            tells_privacy: false,
            erase: false,
        }
    }

    /// The same with further bookings made or changed.
    pub(super) fn with(mut self, changed: impl IntoIterator<Item = Booking>) -> Self {
        self.changed.extend(changed);
        self
    }

    /// The same with a photo to fetch.
    pub(super) fn with_photo(mut self, photo: NewPhoto) -> Self {
        self.photo = Some(photo);
        self
    }
}
