//! Notices: what an office says unasked.

use chrono::{DateTime, Utc};

use super::message::{ChannelId, Contact};
pub use super::notice_kind::{Dropped, Kind};
use super::office::OfficeId;
use crate::domain::masked_debug::masked_debug;

/// Notices of one channel that stand in the outbox at most: what a slow channel sends in some seconds. The others stay planned, so that
/// replies never queue behind them, and an officer can stop them.
pub const WAITING_MAX: u32 = 4;

/// A notice that is planned.
#[derive(Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: i64,
    /// The office that says it.
    pub office: OfficeId,
    /// What it is about.
    pub kind: Kind,
    /// The channel that it goes out by.
    pub channel: ChannelId,
    /// The contact that it goes to.
    pub contact: Contact,
    /// The booking that it is about, by its number, if it is about one.
    pub booking: Option<i64>,
    /// What makes it another notice than the last one of its kind about the same booking, or to the same contact: the day of a
    /// reminder, the number of a closing.
    pub occasion: String,
    /// What it says besides the booking, as JSON of its kind's own.
    pub detail: Option<String>,
    /// Not before.
    pub due: DateTime<Utc>,
    /// Not after: late news is dropped.
    pub drop_after: DateTime<Utc>,
}

masked_debug!(Notice);

impl Notice {
    /// Whom or what it is said to once for each kind and occasion: the booking, or the contact where it is about none.
    pub fn subject(&self) -> String {
        self.booking.map_or_else(|| format!("{} {}", self.channel.as_str(), self.contact.as_str()), |id| id.to_string())
    }
}
