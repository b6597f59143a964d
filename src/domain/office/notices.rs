//! What an office says unasked, and when it may: the quiet hours, the kinds that it leaves out, the hour of reminders.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, NaiveTime, Utc};

use super::zone::Zone;
use crate::domain::notice_kind::Kind;

/// A stretch of the night, or of the day, in which nothing is said unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quiet {
    /// Its first instant, by the office's clock.
    pub from: NaiveTime,
    /// The first instant after it; earlier than `from` where it goes past midnight.
    pub until: NaiveTime,
}

impl Quiet {
    /// Whether a time of day lies in it.
    pub fn holds(self, time: NaiveTime) -> bool {
        if self.from <= self.until {
            self.from <= time && time < self.until
        } else {
            time >= self.from || time < self.until
        }
    }

    /// When it ends, where `now` lies in it.
    pub fn end(self, zone: Zone, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let local = zone.local(now);
        if !self.holds(local.time()) {
            return None;
        }
        let today = local.date();
        let day = if local.time() < self.until { today } else { today.checked_add_days(Days::new(1)).unwrap_or(today) };
        Some(zone.instant(day.and_time(self.until)))
    }
}

/// Where an office says nothing else: from 20.00 to 06.00.
pub const QUIET: Quiet = Quiet { from: on_the_hour(20), until: on_the_hour(6) };
/// When an office reminds of tomorrow's visits, where it says nothing else.
pub const REMINDER_AT: NaiveTime = on_the_hour(18);

const fn on_the_hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

/// What an office says unasked, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notices {
    /// When it says nothing; `None` where it may at any hour.
    pub quiet: Option<Quiet>,
    /// The kinds that it never says.
    pub off: BTreeSet<Kind>,
    /// When it reminds of tomorrow's visits.
    pub reminder_at: NaiveTime,
}

impl Default for Notices {
    fn default() -> Self {
        Self { quiet: Some(QUIET), off: BTreeSet::new(), reminder_at: REMINDER_AT }
    }
}

impl Notices {
    /// Whether the office says notices of this kind.
    pub fn says(&self, kind: Kind) -> bool {
        !self.off.contains(&kind)
    }

    /// When a notice of this kind may be said that is due: `now`, or the end of the quiet hours.
    pub fn earliest(&self, kind: Kind, zone: Zone, now: DateTime<Utc>) -> DateTime<Utc> {
        let quiet = self.quiet.filter(|_| !kind.ignores_quiet_hours());
        quiet.and_then(|quiet| quiet.end(zone, now)).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wib(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let date = chrono::NaiveDate::from_ymd_opt(2017, 8, day).expect("a date");
        Zone::Wib.instant(date.and_hms_opt(hour, minute, 0).expect("a time"))
    }

    // Negative control: with the end always on the same day, 21.00 waits until 06.00 of a morning that is over.
    #[test]
    fn quiet_hours_reach_past_midnight_and_end_in_the_morning() {
        let notices = Notices::default();
        let earliest = |at| notices.earliest(Kind::Reminder, Zone::Wib, at);
        for open in [wib(1, 6, 0), wib(1, 12, 0), wib(1, 19, 59)] {
            assert_eq!(earliest(open), open);
        }
        for (quiet, end) in
            [(wib(1, 20, 0), wib(2, 6, 0)), (wib(1, 23, 59), wib(2, 6, 0)), (wib(2, 5, 59), wib(2, 6, 0))]
        {
            assert_eq!(earliest(quiet), end);
        }
        assert_eq!(notices.earliest(Kind::Officer, Zone::Wib, wib(1, 23, 0)), wib(1, 23, 0));
        let noon = Notices { quiet: Some(Quiet { from: on_the_hour(12), until: on_the_hour(13) }), ..notices };
        assert_eq!(noon.earliest(Kind::Message, Zone::Wib, wib(1, 12, 30)), wib(1, 13, 0));
    }
}
