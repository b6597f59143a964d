//! What a citizen is told when their office closed or shrank the day of their place.

use chrono::NaiveDate;

use crate::domain::booking::Booking;

/// What a citizen is told when their office closed or shrank the day of their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChanged {
    /// Their booking, as it is now.
    pub booking: Booking,
    /// The day that was closed or shrunk.
    pub date: NaiveDate,
    /// What became of the place.
    pub told: DayChangeTold,
}

/// What became of a place that an office could not keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayChangeTold {
    /// They are to choose another day.
    Choose {
        /// The days to choose from, numbered from 1; empty where none has room, `None` where they are not asked now.
        days: Option<Vec<NaiveDate>>,
    },
    /// It was moved, with its code.
    Moved {
        /// As it was.
        before: Box<Booking>,
    },
    /// It was cancelled.
    Cancelled,
    /// It had not been confirmed, and ended.
    HoldEnded {
        /// The next day that can be given.
        next: Option<NaiveDate>,
    },
}
