//! What a contact did last to their bookings, so that `#urung` can take it back.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::booking::Booking;
use crate::domain::deadline;
use crate::domain::person::Applicant;
use crate::domain::slot::Slot;

/// How long the last act can be taken back, in minutes: long enough to read the reply, too short to trade with seats.
pub const UNDO_MINUTES: i64 = 10;

/// What a contact did last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastAct {
    /// What it was.
    pub act: Act,
    /// When it was done.
    pub at: DateTime<Utc>,
}

/// What can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A booking or hold was cancelled: its id in the database.
    Cancelled(i64),
    /// A form was booked in one step: the booking's id.
    Booked(i64),
    /// A booking or hold was moved to another day, or one of its people gave up their place.
    Changed(Box<Change>),
}

/// A booking or hold that goes on, otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its id in the database.
    pub booking: i64,
    /// Its hour before.
    pub slot: Slot,
    /// Its seats before.
    pub seats: Vec<u32>,
    /// The day that it was asked for before.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asked: Option<NaiveDate>,
    /// How often it had been moved before.
    pub moves: u32,
    /// Everybody whom it was for, where one of them gave up; `None` where it was moved.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub people: Option<Applicant>,
    /// Its hour since. With other seats than these, something else has changed it.
    pub left_slot: Slot,
    /// Its seats since.
    pub left_seats: Vec<u32>,
}

impl Change {
    /// What changed between a booking as it was and as it is.
    pub(super) fn between(before: &Booking, after: &Booking) -> Self {
        Self {
            booking: before.id,
            slot: before.slot,
            seats: before.seats.clone(),
            asked: before.asked,
            moves: before.moves,
            people: (before.party() > after.party()).then(|| before.applicant.clone()),
            left_slot: after.slot,
            left_seats: after.seats.clone(),
        }
    }

    /// Whether nothing has changed the booking since.
    pub(super) fn left(&self, booking: &Booking) -> bool {
        (self.left_slot, &self.left_seats) == (booking.slot, &booking.seats)
    }
}

impl LastAct {
    /// Whether it can still be taken back. One that a clock noted which was ahead has no known age, and counts as too old.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let window = Duration::minutes(UNDO_MINUTES);
        deadline::is_open(self.at + window, window, now)
    }

    /// The booking that it was done to.
    pub fn booking(&self) -> i64 {
        match &self.act {
            Act::Cancelled(booking) | Act::Booked(booking) => *booking,
            Act::Changed(change) => change.booking,
        }
    }
}
