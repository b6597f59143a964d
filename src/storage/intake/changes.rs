//! What a batch of messages writes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Serialize, Serializer};

use crate::conversation::Chat;
use crate::domain::booking::{Booking, State};
use crate::domain::message::{Attachment, ChannelId, Contact, Inbound, MessageId};
use crate::domain::notice::Notice;
use crate::domain::office::OfficeId;
use crate::domain::seats::{DayLoad, HourLoad};
use crate::domain::slot::Slot;
use crate::domain::ticket::Ticket;
use crate::storage::erasure::contact::NewErasure;
use crate::storage::intake::people::PersonBooking;

/// A contact on a channel.
pub type ContactKey = (ChannelId, Contact);

/// A day of an office.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfficeDate {
    /// The office.
    pub office: OfficeId,
    /// The day.
    pub date: NaiveDate,
}

// Statements read it as a JSON array: `each.value->>0` is the office.
impl Serialize for OfficeDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (&self.office, self.date).serialize(serializer)
    }
}

/// What is remembered of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChat {
    /// The office of the channel.
    pub office: OfficeId,
    /// What the conversation remembers.
    pub chat: Chat,
    /// Number of the last reply to the contact.
    pub last_reply: Option<i64>,
    /// Sending time of the latest message.
    pub heard_at: DateTime<Utc>,
}

/// What is to be remembered of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewChat {
    /// The contact.
    pub of: ContactKey,
    /// What is remembered.
    pub stored: StoredChat,
    /// Numbers of their bookings that can still matter: the next snapshot of the contact reads these.
    pub bookings: Vec<i64>,
}

/// A change of a booking's state, for the record.
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

/// A reply to be sent; its text comes with [`Intake::finish`](super::transaction::Intake::finish).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReply {
    /// Its number.
    pub id: i64,
    /// The contact that it goes to.
    pub to: ContactKey,
    /// The reply to the same contact before it, which must be sent first.
    pub previous: Option<i64>,
    /// The office that answers.
    pub office: OfficeId,
    /// The message that it answers; `None` for one that no message asked for.
    pub reply_to: Option<MessageId>,
    /// The notice that it says, by its number.
    pub notice: Option<i64>,
    /// What it is, in the words of reports.
    pub outcome: &'static str,
}

/// A photo to be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMedia {
    /// Its number.
    pub id: i64,
    /// The office it is for.
    pub office: OfficeId,
    /// Who sent it, on which channel.
    pub from: ContactKey,
    /// Where to fetch it.
    pub attachment: Attachment,
}

/// A link by which a photo is sent, that a reply names. Of its token only a hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// The hash of its token.
    pub token: String,
    /// The office that asks for the photo.
    pub office: OfficeId,
    /// Who is asked.
    pub of: ContactKey,
    /// The booking that the photo belongs to.
    pub booking: i64,
    /// Until when it works.
    pub until: DateTime<Utc>,
}

/// A ticket, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTicket {
    /// The ticket.
    pub ticket: Ticket,
    /// The office that is asked.
    pub office: OfficeId,
    /// The citizen.
    pub of: ContactKey,
}

/// Something that was said while a ticket was open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTalk {
    /// The ticket.
    pub ticket: i64,
    /// Its number.
    pub id: i64,
    /// The citizen's message; `None` where an officer wrote.
    pub message: Option<MessageId>,
    /// The reply, by its number; `None` where there was none.
    pub reply: Option<i64>,
    /// When it was served.
    pub at: DateTime<Utc>,
}

/// A seat that is given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleasedSeat {
    /// Its office.
    pub office: OfficeId,
    /// Its hour.
    pub slot: Slot,
    /// Its number in that hour.
    pub number: u32,
}

/// How full a day of an office is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeDay {
    /// The office.
    pub office: OfficeId,
    /// The day.
    pub date: NaiveDate,
    /// How full it is.
    pub load: DayLoad,
}

/// How full an hour of an office is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeHour {
    /// The office.
    pub office: OfficeId,
    /// The hour.
    pub slot: Slot,
    /// How full it is.
    pub load: HourLoad,
}

/// What became of a planned notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettledNotice {
    /// Its number.
    pub id: i64,
    /// `queued`, `dropped`, or `planned` again.
    pub state: &'static str,
    /// Why it was dropped.
    pub reason: Option<&'static str>,
    /// Its message in the outbox.
    pub outbox: Option<i64>,
    /// When it is due, in microseconds since 1970; `None` where that is as it was.
    pub due_us: Option<i64>,
}

/// Everything that a batch writes, each row once in its last state.
#[derive(Debug, Default)]
pub struct Changes {
    /// Contacts.
    pub chats: Vec<NewChat>,
    /// Bookings made or changed.
    pub bookings: Vec<Booking>,
    /// Seats that are given back.
    pub released: Vec<ReleasedSeat>,
    /// Bookings (from `bookings`) whose seats are new.
    pub seated: BTreeSet<i64>,
    /// Days touched.
    pub days: Vec<OfficeDay>,
    /// Hours touched.
    pub hours: Vec<OfficeHour>,
    /// Steps of bookings, in order.
    pub events: Vec<Event>,
    /// Messages served.
    pub inbounds: Vec<(OfficeId, Inbound)>,
    /// Answers.
    pub replies: Vec<NewReply>,
    /// Photos.
    pub media: Vec<NewMedia>,
    /// The people of bookings, at offices that limit bookings per person.
    pub people: BTreeSet<PersonBooking>,
    /// Tickets that were opened, written to or closed, by number.
    pub tickets: BTreeMap<i64, StoredTicket>,
    /// What was said while a ticket was open.
    pub talk: Vec<NewTalk>,
    /// Notices to be planned, each with a number of its own; those that are planned or said already stay as they are.
    pub notices: Vec<Notice>,
    /// Contacts who ask that everything about them be erased, each with their office.
    pub asked_erasure: Vec<(ContactKey, OfficeId)>,
    /// Contacts who are erased with this commit, after everything else was written.
    pub erased: Vec<NewErasure>,
    /// What became of planned notices.
    pub settled: Vec<SettledNotice>,
    /// Links by which photos are sent, that replies name.
    pub uploads: Vec<NewUpload>,
}
