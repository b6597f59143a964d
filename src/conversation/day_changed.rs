//! What a citizen is told when their office closed or shrank the day of their booking.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::booking::Booking;
use crate::domain::office::Office;
use crate::domain::slot::Slot;

/// What a citizen is told when their office closed or shrank the day of their booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayChanged {
    /// Their booking, as it is now.
    pub booking: Booking,
    /// The day that was closed or shrunk.
    pub date: NaiveDate,
    /// What became of the booking.
    pub told: DayChangeTold,
}

/// What became of a booking that an office could not keep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayChangeTold {
    /// They are to choose another day.
    Choose {
        /// The days to choose from, numbered from 1; empty where none has room, `None` where they are not asked now.
        days: Option<Vec<NaiveDate>>,
    },
    /// It was moved, with its code.
    Moved {
        /// The hour that it had.
        from: Slot,
        /// The seats that it had.
        seats: Vec<u32>,
    },
    /// It was cancelled.
    Cancelled,
    /// It had not been confirmed, and ended.
    HoldEnded {
        /// The next day that can be given.
        next: Option<NaiveDate>,
    },
    /// The office serves that day after all: a correction of what they were told before.
    Reopened,
}

/// What a planned notice remembers besides its booking.
#[derive(Serialize, Deserialize)]
struct Detail {
    date: NaiveDate,
    told: DayChangeTold,
}

impl DayChanged {
    /// What a planned notice remembers besides its booking, as JSON.
    pub fn detail(&self) -> Option<String> {
        serde_json::to_string(&Detail { date: self.date, told: self.told.clone() }).ok()
    }

    /// What a planned notice about a booking says.
    pub(super) fn of_detail(booking: &Booking, detail: &str) -> Option<Self> {
        let Detail { date, told } = serde_json::from_str(detail).ok()?;
        Some(Self { booking: booking.clone(), date, told })
    }

    /// When it is too late to be told.
    pub fn useful_until(&self, office: &Office) -> DateTime<Utc> {
        match &self.told {
            DayChangeTold::Choose { .. } | DayChangeTold::Moved { .. } | DayChangeTold::Reopened => {
                self.booking.slot.begins(office)
            }
            DayChangeTold::Cancelled | DayChangeTold::HoldEnded { .. } => self.booking.slot.ends(office),
        }
    }
}
