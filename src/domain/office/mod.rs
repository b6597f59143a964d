//! An office as its file describes it: where, when, how many, and by which rules.

mod hours;
mod id;
mod notices;
mod policy;
mod release;
mod zone;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

pub use self::hours::{Dated, Span, WeeklyHours};
pub use self::id::{FormatId, IdError, OfficeId};
pub use self::notices::{Notices, QUIET, Quiet, REMINDER_AT};
pub use self::policy::{
    Approval, Earliest, HOLDS_PER_NUMBER, HOLDS_SHARE, HORIZON_DAYS_MAX, PerPerson, Policy, RELATIVES_PER_NUMBER,
    RESCHEDULE, Relatives, Reschedule, Share, WhenFull,
};
pub use self::release::{Release, Wave};
pub use self::zone::Zone;
use super::calendar::{Calendar, Holiday};
use super::notice_kind::Kind;

/// Most seats in one hour that an office may offer; the largest documented office serves 384 a day.
pub const SEATS_PER_HOUR_MAX: u32 = 2_000;

/// An office's own words, in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficeTexts {
    /// What to bring, for `#persyaratan`: one line a document.
    pub requirements: Vec<String>,
    /// What to bring in one short sentence, for the confirmation.
    pub bring: String,
    /// Who cannot book here and what they do instead (lost or damaged passports).
    pub excluded: String,
    /// By what citizens know that this number is the office's own; empty where the office does not say.
    pub official: String,
    /// What the office says about a topic, by the topic's name (`fee`).
    pub topics: BTreeMap<String, String>,
}

/// An office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// Its id.
    pub id: OfficeId,
    /// The version of its file; bookings remember the one they were made under.
    pub version: u32,
    /// Its name as citizens know it (`Kantor Imigrasi Bogor`).
    pub name: String,
    /// Where to come, in one line.
    pub site: String,
    /// The telephone number to ask at; empty where it is not known.
    pub telephone: String,
    /// The link to it on a map; empty where there is none.
    pub map: String,
    /// Its time zone.
    pub zone: Zone,
    /// The message formats it reads, the ordinary one first; never empty.
    pub formats: Vec<FormatId>,
    /// Its week.
    pub hours: WeeklyHours,
    /// Its own closings and extra openings.
    pub dated: BTreeMap<NaiveDate, Dated>,
    /// Seats in one hour.
    pub seats_per_hour: u32,
    /// Seats in one day, where that is less than the hours together.
    pub seats_per_day: Option<u32>,
    /// When messages are taken on open days; `None`: at any hour of any day.
    pub intake: Option<Span>,
    /// When the days of a week can be booked; `None`: every day, as far ahead as [`Policy::horizon_days`].
    pub release: Option<Release>,
    /// Its rules.
    pub policy: Policy,
    /// What it says unasked.
    pub notices: Notices,
    /// Whether whoever looks for a citizen or opens a booking in the console says why.
    pub asks_why: bool,
    /// Its texts in Indonesian.
    pub texts_id: OfficeTexts,
    /// Its texts in English.
    pub texts_en: OfficeTexts,
}

/// What one date is for one office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day<'a> {
    /// People are served in these whole hours, ascending; never empty.
    Open(Vec<u8>),
    /// Nobody is served.
    Closed(Closed<'a>),
}

/// Why nobody is served on a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closed<'a> {
    /// The office never opens on this weekday.
    Weekday(Weekday),
    /// A holiday or joint leave.
    Holiday(&'a Holiday),
    /// The office's own closing.
    Dated(&'a str),
    /// No calendar is loaded for the year.
    UnknownCalendar,
}

impl Office {
    /// What `date` is for this office. Its own dated entries outrank the calendar, the calendar the week.
    pub fn day<'a>(&'a self, calendar: &'a Calendar, date: NaiveDate) -> Day<'a> {
        let spans = match self.dated.get(&date) {
            Some(Dated::Closed { reason }) => return Day::Closed(Closed::Dated(reason)),
            Some(Dated::Open { spans }) => spans.as_slice(),
            None if self.hours.on(date.weekday()).is_empty() => {
                return Day::Closed(Closed::Weekday(date.weekday()));
            }
            None if !calendar.knows(date) => return Day::Closed(Closed::UnknownCalendar),
            None => match calendar.holiday(date) {
                Some(holiday) => return Day::Closed(Closed::Holiday(holiday)),
                None => self.hours.on(date.weekday()),
            },
        };
        let hours: Vec<u8> = spans.iter().flat_map(|span| span.hours()).collect();
        if hours.is_empty() { Day::Closed(Closed::Weekday(date.weekday())) } else { Day::Open(hours) }
    }

    /// When the office is open on `date`, in order; empty where it is closed.
    pub fn spans(&self, calendar: &Calendar, date: NaiveDate) -> &[Span] {
        match (self.day(calendar, date), self.dated.get(&date)) {
            (Day::Closed(_), _) => &[],
            (Day::Open(_), Some(Dated::Open { spans })) => spans,
            (Day::Open(_), _) => self.hours.on(date.weekday()),
        }
    }

    /// Seats on an open day with these hours: the day's own limit, or all hours together.
    pub fn day_capacity(&self, hours: &[u8]) -> u32 {
        let all = self.seats_per_hour.saturating_mul(u32::try_from(hours.len()).unwrap_or(u32::MAX));
        self.seats_per_day.map_or(all, |limit| limit.min(all))
    }

    /// How many of the seats of a date can be booked by `now`, as its release calendar says; `all` without one.
    pub fn released(&self, date: NaiveDate, all: u32, now: DateTime<Utc>) -> u32 {
        self.release.as_ref().map_or(all, |release| release.seats(self.zone, date, all, now))
    }

    /// Whether citizens may wait for seats that come back, and are offered them.
    pub fn has_waiting_list(&self) -> bool {
        self.policy.waiting && self.notices.says(Kind::Offer)
    }

    /// When the first seats of a date can be booked, where that is later than `now`.
    pub fn opens_later(&self, date: NaiveDate, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let release = self.release.as_ref()?;
        Some(release.opens(self.zone, date)).filter(|&opens| now < opens)
    }

    /// The date at this office at an instant.
    pub fn date_at(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.zone.local(instant).date()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::sample::{any_calendar, any_day, any_office, calendar, day, hours, office};

    #[test]
    fn the_offices_own_entry_outranks_the_calendar_and_the_calendar_the_week() {
        let mut office = office();
        let calendar = calendar();
        let (holiday, sunday, monday) = (day(2017, 8, 17), day(2017, 8, 20), day(2017, 8, 21));
        assert!(
            matches!(office.day(&calendar, holiday), Day::Closed(Closed::Holiday(h)) if h.name == "Hari Kemerdekaan")
        );
        assert_eq!(office.day(&calendar, sunday), Day::Closed(Closed::Weekday(Weekday::Sun)));
        assert_eq!(office.day(&calendar, monday), Day::Open(vec![8, 9, 10, 11, 13, 14]));
        for date in [holiday, sunday] {
            office.dated.insert(date, Dated::Open { spans: vec![hours(9, 11)] });
            assert_eq!(office.day(&calendar, date), Day::Open(vec![9, 10]));
        }
        office.dated.insert(monday, Dated::Closed { reason: "Pindah gedung".into() });
        assert_eq!(office.day(&calendar, monday), Day::Closed(Closed::Dated("Pindah gedung")));
    }

    #[test]
    fn a_year_without_a_calendar_is_not_open() {
        let mut office = office();
        let monday = day(2018, 1, 8);
        assert_eq!(office.day(&calendar(), monday), Day::Closed(Closed::UnknownCalendar));
        // The office itself knows better about a day that it opens extra.
        office.dated.insert(monday, Dated::Open { spans: vec![hours(9, 11)] });
        assert_eq!(office.day(&calendar(), monday), Day::Open(vec![9, 10]));
    }

    #[test]
    fn a_day_has_its_hours_places_up_to_its_own_limit() {
        let mut office = office();
        assert_eq!(office.day_capacity(&[8, 9, 10]), 150);
        office.seats_per_day = Some(120);
        assert_eq!(office.day_capacity(&[8, 9, 10]), 120);
        assert_eq!(office.day_capacity(&[8]), 50);
    }

    proptest! {
        #[test]
        fn the_hours_of_an_open_day_ascend_and_are_never_empty(
            office in any_office(), calendar in any_calendar(), date in any_day()
        ) {
            if let Day::Open(hours) = office.day(&calendar, date) {
                prop_assert!(!hours.is_empty());
                prop_assert!(hours.windows(2).all(|pair| pair[0] < pair[1]), "{hours:?}");
            }
        }
    }
}
