//! Opening hours: spans of a day, the week, and dates of their own.

use chrono::{NaiveTime, Timelike, Weekday};
use serde::{Deserialize, Serialize};

/// A stretch of one day, `08:00-12:00`; the end is not part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First instant in it.
    pub from: NaiveTime,
    /// First instant after it; later than `from`.
    pub until: NaiveTime,
}

impl Span {
    /// Whether a wall time lies in it.
    pub fn holds(self, time: NaiveTime) -> bool {
        self.from <= time && time < self.until
    }

    /// The whole hours that lie in it entirely: `11:30-15:00` holds 12, 13 and 14.
    pub fn hours(self) -> impl Iterator<Item = u8> {
        (0..24_u8).filter(move |&hour| {
            let start = u32::from(hour) * 3600;
            let seconds = |time: NaiveTime| time.num_seconds_from_midnight();
            seconds(self.from) <= start && start + 3600 <= seconds(self.until)
        })
    }
}

/// Opening hours by weekday, breaks left out (`08:00-12:00`, `13:00-15:00`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WeeklyHours(pub [Vec<Span>; 7]);

impl WeeklyHours {
    /// The spans of a weekday, in order.
    pub fn on(&self, weekday: Weekday) -> &[Span] {
        self.0.get(weekday.num_days_from_monday() as usize).map_or(&[], Vec::as_slice)
    }
}

/// What an office does on one date, whatever the week and the national calendar say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dated {
    /// Closed, and why (`Pindah gedung`), as citizens read it.
    Closed {
        /// The reason in Indonesian.
        reason: String,
    },
    /// Open, in these spans.
    Open {
        /// The spans, in order.
        spans: Vec<Span>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::sample::hours;

    #[test]
    fn a_span_holds_its_whole_hours_only() {
        let time = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        let whole = |from, until| Span { from, until }.hours().collect::<Vec<_>>();
        assert_eq!(whole(time(11, 30), time(15, 0)), [12, 13, 14]);
        assert_eq!(whole(time(8, 0), time(8, 59)), [0_u8; 0]);
        assert_eq!(whole(time(22, 0), time(23, 59)), [22]);
        assert!(hours(8, 12).holds(time(8, 0)));
        assert!(!hours(8, 12).holds(time(12, 0)));
    }
}
