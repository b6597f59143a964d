//! What an office says unasked: what a notice says, and whether it is said at all.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::chat::Chat;
use super::day_changed::DayChanged;
use super::reminder_choice::ReminderChoice;
use crate::domain::booking::Booking;
use crate::domain::calendar::Calendar;
use crate::domain::code::BookingCode;
use crate::domain::masked_debug::masked_debug;
use crate::domain::notice::Dropped;
use crate::domain::office::Office;
use crate::domain::opening::Opening;
use crate::domain::slot::Slot;
use crate::domain::visit::Visit;

/// What a notice of the kind [`Ready`](crate::domain::notice::Kind::Ready) says, as its detail keeps it: the booking itself may be
/// over for months by then.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadyDetail {
    /// The code that it was booked under.
    pub code: BookingCode,
    /// Whose it is.
    pub name: String,
}

/// What a notice says.
#[derive(Clone, PartialEq, Eq)]
pub enum NoticeContent {
    /// An unconfirmed hold lapses in some minutes: what it still waits for.
    HoldLapsing {
        /// The hold.
        hold: Booking,
    },
    /// An unconfirmed hold has lapsed.
    HoldLapsed {
        /// The lapsed hold.
        hold: Booking,
    },
    /// What was applied for can be collected.
    Ready(ReadyDetail),
    /// Days open now that they asked for too early.
    Opening(Opening),
    /// A message of the office to everybody booked on a day.
    Message {
        /// The booking.
        booking: Booking,
        /// What the office says.
        text: String,
    },
    /// The visit is tomorrow.
    Reminder {
        /// The booking; where the reminder must be answered, it says until when.
        booking: Booking,
        /// What can be chosen, numbered from 1 in this order; empty where another question waits for its answer, or
        /// nothing but coming is possible.
        choices: Vec<ReminderChoice>,
    },
    /// Nobody of a booking came before its grace was over.
    Forfeited {
        /// The booking.
        booking: Booking,
    },
    /// A place was given back because its reminder was not answered.
    Released {
        /// The booking, cancelled.
        booking: Booking,
    },
    /// Somebody else took the seat that was offered to them too; they keep their turn.
    OfferTaken {
        /// The hour.
        slot: Slot,
    },
    /// The office closed or shrank the day of a place.
    DayChanged(Box<DayChanged>),
}

masked_debug!(ReadyDetail, NoticeContent);

impl NoticeContent {
    /// The booking whose citizen is asked by it for an answer.
    pub fn asked(&self) -> Option<&Booking> {
        match self {
            Self::Reminder { booking, .. } => Some(booking).filter(|booking| booking.must_be_answered()),
            _ => None,
        }
    }

    /// Its name for the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::HoldLapsing { .. } => "notice: hold lapsing",
            Self::HoldLapsed { .. } => "notice: hold lapsed",
            Self::Ready(_) => "notice: ready",
            Self::Opening(_) => "notice: opening",
            Self::Message { .. } => "notice: message",
            Self::Reminder { .. } => "notice: reminder",
            Self::Forfeited { .. } => "notice: forfeited",
            Self::Released { .. } => "notice: released",
            Self::OfferTaken { .. } => "notice: offered seat taken",
            Self::DayChanged(_) => "notice: day changed",
        }
    }
}

/// What a notice is decided on.
#[derive(Debug, Clone, Copy)]
pub struct NoticeSnapshot<'a> {
    /// The office.
    pub office: &'a Office,
    /// The holidays.
    pub calendar: &'a Calendar,
    /// What is remembered of the contact.
    pub chat: &'a Chat,
    /// Their bookings and holds that can still matter.
    pub bookings: &'a [Booking],
    /// The visits of the booking that it is about, on its day.
    pub visits: &'a [Visit],
    /// When it is decided.
    pub now: DateTime<Utc>,
}

/// What becomes of a planned notice that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeDecision {
    /// It is said.
    Say {
        /// What it says.
        content: Box<NoticeContent>,
        /// What is remembered of the contact from now on.
        chat: Box<Chat>,
    },
    /// Not before this instant: the office is quiet until then.
    Later(DateTime<Utc>),
    /// It is never said.
    Drop(Dropped),
}
