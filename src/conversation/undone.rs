//! What `#urung` takes back, and why it does not.

use chrono::{NaiveDate, NaiveTime};

use super::refusal::RefusedDay;
use crate::domain::person::Nama;

/// What was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undone {
    /// A cancellation: the place is theirs again.
    Cancel,
    /// A booking in one step: the place is given up.
    Booking,
    /// A move to another day: the place from before is theirs again.
    Move,
    /// One person's place that was given up: they are registered again.
    Member,
}

/// Why a change of a booking is not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotUndone {
    /// The place was given to others, and no other one is nearer than the present.
    Taken,
    /// The day cannot be given any more.
    Day {
        /// The day.
        day: NaiveDate,
        /// Why not.
        why: RefusedDay,
    },
    /// Somebody of it has as many live places as one person may have.
    Person {
        /// Who.
        nama: Nama,
    },
    /// It would be for more people than one booking may be for.
    People {
        /// How many that is.
        limit: u32,
    },
    /// People are registered at certain hours only.
    Intake {
        /// First minute of the window.
        from: NaiveTime,
        /// First minute after the window.
        until: NaiveTime,
    },
}
