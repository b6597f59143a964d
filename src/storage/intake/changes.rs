//! What a batch of messages writes.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use crate::conversation::Chat;
use crate::domain::booking::{Booking, State};
use crate::domain::message::{Attachment, ChannelId, Contact, Inbound, MessageId};
use crate::domain::office::OfficeId;
use crate::domain::seats::{DayLoad, HourLoad};
use crate::domain::slot::Slot;
use crate::storage::intake::people::PersonPlace;

/// One contact on one line.
pub type ContactKey = (ChannelId, Contact);

/// What is remembered of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChat {
    /// The office of the line.
    pub office: OfficeId,
    /// What the conversation remembers.
    pub chat: Chat,
    /// The number of the last reply to them.
    pub last_reply: Option<i64>,
    /// Sending time of the latest message.
    pub heard_at: DateTime<Utc>,
}

/// What is to be remembered of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChat {
    /// Whom.
    pub of: ContactKey,
    /// What.
    pub stored: StoredChat,
    /// The numbers of their bookings that can still matter: the next look at the contact looks at these.
    pub bookings: Vec<i64>,
}

/// A step of a booking, for the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number.
    pub id: i64,
    /// The booking after the step.
    pub booking: i64,
    /// The state after the step.
    pub state: State,
    /// The hour after the step.
    pub slot: Slot,
    /// The seats after the step.
    pub seats: Vec<u32>,
}

/// An answer to be sent; what it says comes with [`Intake::finish`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReply {
    /// Its number.
    pub id: i64,
    /// Whom it goes to.
    pub to: ContactKey,
    /// The reply to them before it, which goes first.
    pub previous: Option<i64>,
    /// The office that answers.
    pub office: OfficeId,
    /// The message that it answers; `None` when nobody asked.
    pub reply_to: Option<MessageId>,
}

/// A photo to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMedia {
    /// Its number.
    pub id: i64,
    /// The office it is for.
    pub office: OfficeId,
    /// Who sent it, by which line.
    pub from: ContactKey,
    /// Where to fetch it.
    pub attachment: Attachment,
}

/// Everything that a batch writes, each row once in its last state.
#[derive(Debug, Default)]
pub struct Changes {
    /// Contacts.
    pub chats: Vec<NewChat>,
    /// Bookings made or changed.
    pub bookings: Vec<Booking>,
    /// Seats that go back.
    pub released: Vec<(OfficeId, Slot, u32)>,
    /// Bookings (from `bookings`) whose seats are new.
    pub seated: BTreeSet<i64>,
    /// Days touched.
    pub days: Vec<(OfficeId, NaiveDate, DayLoad)>,
    /// Hours touched.
    pub hours: Vec<(OfficeId, Slot, HourLoad)>,
    /// Steps, in order.
    pub events: Vec<Event>,
    /// Messages served.
    pub inbounds: Vec<(OfficeId, Inbound)>,
    /// Answers.
    pub replies: Vec<NewReply>,
    /// Photos.
    pub media: Vec<NewMedia>,
    /// Places of people, at offices that look for them.
    pub people: BTreeSet<PersonPlace>,
}
