//! The next moment at which an office with a release calendar opens more seats.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::office::{Day, Office};
use super::slot::horizon;

/// A moment at which more seats can be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The first of the days that get more seats then.
    pub first: NaiveDate,
    /// The last of them.
    pub last: NaiveDate,
}

/// The next opening after `now`, closed days left out; `None` where the office has no release calendar, or opens nothing up to
/// its horizon.
pub fn next_opening(office: &Office, calendar: &Calendar, now: DateTime<Utc>) -> Option<Opening> {
    let release = office.release.as_ref()?;
    let last = horizon(office, now);
    let days = office.date_at(now).iter_days().take_while(|&date| date <= last);
    days.filter(|&date| matches!(office.day(calendar, date), Day::Open(_)))
        .filter_map(|date| Some((release.next_wave(office.zone, date, now)?, date)))
        .fold(None, |next: Option<Opening>, (at, date)| match next {
            Some(next) if next.at < at => Some(next),
            Some(next) if next.at == at => Some(Opening { last: date, ..next }),
            _ => Some(Opening { at, first: date, last: date }),
        })
}

#[cfg(test)]
mod tests {
    use chrono::{NaiveTime, Weekday};

    use super::*;
    use crate::domain::office::{Dated, Release, Share, Wave};
    use crate::domain::sample::{calendar, day, office};
    use crate::domain::slot::{Asked, judge, next_day};

    fn at(office: &Office, date: NaiveDate, hour: u32) -> DateTime<Utc> {
        office.zone.instant(date.and_hms_opt(hour, 0, 0).unwrap())
    }

    fn wave(parts: u32, weekday: Weekday, hour: u32) -> Wave {
        Wave { share: Share { parts, of: 2 }, weekday, at: NaiveTime::from_hms_opt(hour, 0, 0).unwrap() }
    }

    // Negative control: without the test of `opens_later` in `hours_left`, the third line gives the 14th on Monday.
    #[test]
    fn days_are_given_only_once_they_are_released() {
        let mut office = office();
        office.release = Some(Release { waves: vec![wave(2, Weekday::Fri, 14)] });
        let (calendar, opens) = (calendar(), at(&office, day(2017, 8, 11), 14));
        let monday = at(&office, day(2017, 8, 7), 10);
        assert_eq!(judge(&office, &calendar, day(2017, 8, 14), monday), Asked::NotReleased { opens });
        assert_eq!(judge(&office, &calendar, day(2017, 8, 11), monday), Asked::Open);
        assert_eq!(next_day(&office, &calendar, day(2017, 8, 12), monday), None);
        assert_eq!(next_day(&office, &calendar, day(2017, 8, 12), opens), Some(day(2017, 8, 14)));
        // The holiday of that week is closed, released or not.
        assert!(matches!(judge(&office, &calendar, day(2017, 8, 17), monday), Asked::Closed(_)));
        // On the last day of a week, the earliest day is the first one that will be released.
        let friday = at(&office, day(2017, 8, 11), 10);
        let earliest = day(2017, 8, 14);
        assert_eq!(judge(&office, &calendar, day(2017, 8, 11), friday), Asked::TooSoon { earliest });
    }

    #[test]
    fn the_next_opening_names_the_open_days_that_it_opens() {
        let mut office = office();
        let calendar = calendar();
        assert_eq!(next_opening(&office, &calendar, at(&office, day(2017, 8, 7), 10)), None);
        office.release = Some(Release { waves: vec![wave(1, Weekday::Fri, 14), wave(1, Weekday::Sat, 9)] });
        office.dated.insert(day(2017, 8, 14), Dated::Closed { reason: "Pindah gedung".into() });
        let (first, last) = (day(2017, 8, 15), day(2017, 8, 18));
        let (friday, saturday) = (at(&office, day(2017, 8, 11), 14), at(&office, day(2017, 8, 12), 9));
        let next = |now| next_opening(&office, &calendar, now);
        assert_eq!(next(at(&office, day(2017, 8, 7), 10)), Some(Opening { at: friday, first, last }));
        assert_eq!(next(friday), Some(Opening { at: saturday, first, last }), "the second wave");
        let later = next(saturday).unwrap();
        assert_eq!((later.first, later.last), (day(2017, 8, 21), day(2017, 8, 25)));
    }
}
