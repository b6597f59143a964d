//! One step over what is too old: what it works with, and what it counts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};

use crate::domain::retention::Retention;
use crate::storage::engine::column::us;

/// What was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Erased {
    /// Messages of citizens, those included that were set aside.
    Messages,
    /// Replies and notices.
    Replies,
    /// Photos.
    Photos,
    /// Bookings, of which a count stays.
    Bookings,
    /// Tickets and entries of waiting lists, of which a count stays.
    Tickets,
    /// What was remembered of contacts.
    Contacts,
}

impl Erased {
    /// Its name in metrics and logs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Replies => "replies",
            Self::Photos => "photos",
            Self::Bookings => "bookings",
            Self::Tickets => "tickets",
            Self::Contacts => "contacts",
        }
    }
}

/// What a step works with.
pub(super) struct Step<'k> {
    pub(super) now: DateTime<Utc>,
    pub(super) keep: Retention,
    pub(super) limit: i64,
    pub(super) repeat_key: &'k str,
    pub(super) erased: BTreeMap<Erased, u64>,
    /// Contacts of whom something was erased: perhaps nothing else is kept of them.
    pub(super) contacts: BTreeSet<(String, String)>,
    /// Whether as many again may be waiting.
    pub(super) has_more: bool,
}

impl Step<'_> {
    /// The instant before which something is too old.
    pub(super) fn before_us(&self, days: u32) -> i64 {
        us(self.now - TimeDelta::days(i64::from(days)))
    }

    /// The first day that is not too old. A day more is kept, because no office's date is more than a day from the date in Greenwich.
    pub(super) fn before_day(&self, days: u32) -> NaiveDate {
        let today = self.now.date_naive();
        today.checked_sub_days(Days::new(u64::from(days) + 1)).unwrap_or_default()
    }

    /// Counts what was erased.
    pub(super) fn count(&mut self, what: Erased, rows: usize) {
        if rows > 0 {
            *self.erased.entry(what).or_default() += rows as u64;
        }
    }

    /// Notes that a search found as many as it may, or fewer.
    pub(super) fn found(&mut self, rows: usize) {
        self.has_more |= i64::try_from(rows).is_ok_and(|rows| rows >= self.limit);
    }
}
