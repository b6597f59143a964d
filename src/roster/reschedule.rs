//! `[policy.reschedule]` of an office file: when a confirmed booking may be moved to another day.

use chrono::NaiveTime;

use super::value::time_of_day;
use crate::domain::office::{RESCHEDULE, Reschedule};
use crate::sheet::{Entry, Table, truth, whole};

/// Most moves of one booking: whoever has to change more often is better served at the counter.
const TIMES_MAX: u32 = 10;
/// Furthest before the visit that moving may end, in days: as far as most offices book ahead.
const DAYS_BEFORE_MAX: u32 = 30;
pub(super) const KEYS: [&str; 4] = ["times", "days_before", "until", "extra_after_closing"];

/// The table as it is written: every key may be missing.
#[derive(Debug, Clone, Default)]
pub(super) struct RescheduleDraft {
    times: Entry<u32>,
    days_before: Entry<u32>,
    until: Entry<NaiveTime>,
    extra_after_closing: Entry<bool>,
}

impl RescheduleDraft {
    /// Reads the table; every mistake is noted in it.
    pub(super) fn read(mut table: Table<'_, '_>) -> Self {
        table.refuse_unknown(&KEYS);
        Self {
            times: table.take("times", |value| whole(value, 0, TIMES_MAX)),
            days_before: table.take("days_before", |value| whole(value, 0, DAYS_BEFORE_MAX)),
            until: table.take("until", time_of_day),
            extra_after_closing: table.take("extra_after_closing", truth),
        }
    }

    /// This table, with what its base says where it says nothing.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            times: self.times.or(base.times),
            days_before: self.days_before.or(base.days_before),
            until: self.until.or(base.until),
            extra_after_closing: self.extra_after_closing.or(base.extra_after_closing),
        }
    }

    /// The rule, with what holds where an office says nothing.
    pub(super) fn rule(&self) -> Reschedule {
        Reschedule {
            times: self.times.given().map_or(RESCHEDULE.times, |spot| spot.value),
            days_before: self.days_before.given().map_or(RESCHEDULE.days_before, |spot| spot.value),
            until: self.until.given().map_or(RESCHEDULE.until, |spot| spot.value),
            extra_after_closing: self
                .extra_after_closing
                .given()
                .map_or(RESCHEDULE.extra_after_closing, |spot| spot.value),
        }
    }
}
