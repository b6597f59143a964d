//! What citizens are told about the data that is kept of them.

use chrono::NaiveDate;

use crate::domain::booking::Booking;

/// What is told about kept data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonalDataTold {
    /// What is kept, in short; the rest is told at the office.
    Summary {
        /// Live bookings and holds, soonest first.
        bookings: Vec<Booking>,
    },
    /// Is everything to be erased?
    EraseAsked {
        /// What has to be over before: then it is done after the last of them.
        bookings: Vec<Booking>,
        /// Whether a talk with an officer, or a wait for a seat, has to be over before.
        is_waiting: bool,
    },
    /// Everything will be erased: at once, or after this.
    WillErase {
        /// The day of the last visit.
        visit: Option<NaiveDate>,
        /// Whether a talk with an officer, or a wait for a seat, has to be over before.
        is_waiting: bool,
    },
}

impl PersonalDataTold {
    /// Its name in logs.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Summary { .. } => "kept data",
            Self::EraseAsked { .. } => "erase asked",
            Self::WillErase { .. } => "will erase",
        }
    }
}
