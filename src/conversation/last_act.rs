//! What a contact did last to their bookings, so that `#urung` can take it back.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::deadline;

/// How long the last act can be taken back, in minutes: long enough to read the reply, too short to trade with seats.
pub const UNDO_MINUTES: i64 = 10;

/// What a contact did last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastAct {
    /// What it was.
    pub act: Act,
    /// When it was done.
    pub at: DateTime<Utc>,
}

/// What can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// A booking or hold was cancelled: its id in the database.
    Cancelled(i64),
    /// A form was booked in one step: the booking's id.
    Booked(i64),
}

impl LastAct {
    /// Whether it can still be taken back. One that a clock noted which was ahead has no known age, and counts as too old.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        let window = Duration::minutes(UNDO_MINUTES);
        deadline::is_open(self.at + window, window, now)
    }

    /// The booking that it was done to.
    pub fn booking(&self) -> i64 {
        match self.act {
            Act::Cancelled(booking) | Act::Booked(booking) => booking,
        }
    }
}
