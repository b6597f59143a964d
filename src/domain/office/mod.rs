//! An office as its file describes it: where, when, how many, and by which rules.

mod exception;
mod hours;
mod id;
mod notices;
mod policy;
mod release;
mod zone;

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

pub use self::exception::{Exception, Exceptions, KeptException};
pub use self::hours::{Dated, Span, WeeklyHours};
pub use self::id::{FormatId, IdError, OfficeId};
pub use self::notices::{Notices, QUIET, Quiet, REMINDER_AT};
pub use self::policy::{
    Approval, Earliest, HOLDS_PER_NUMBER, HOLDS_SHARE, HORIZON_DAYS_MAX, NO_SHOWS, NoShows, PerPerson, Policy,
    RELATIVES_PER_NUMBER, RESCHEDULE, Relatives, Reschedule, Share, WhenFull,
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

/// An office's notice about personal data: who keeps what, why, how long, which rights there are, and whom to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privacy {
    /// Its version: whoever was told an earlier one is told this one with the next answer.
    pub version: u32,
    /// In Indonesian.
    pub id: String,
    /// In English; empty: the Indonesian one is told.
    pub en: String,
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
    /// What was decided about single dates since, which outranks everything above; no part of the file.
    pub exceptions: Exceptions,
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
    /// What it tells a citizen about personal data with the first answer; `None`: nothing.
    pub privacy: Option<Privacy>,
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
    /// What `date` is for this office. An exception outranks its own dated entries, those the calendar, and the calendar the week.
    pub fn day<'a>(&'a self, calendar: &'a Calendar, date: NaiveDate) -> Day<'a> {
        match self.exceptions.days.get(&date) {
            Some(exception) if exception.hours().is_empty() => Day::Closed(Closed::Dated(exception.reason())),
            Some(exception) => Day::Open(exception.hours().keys().copied().collect()),
            None => self.planned_day(calendar, date),
        }
    }

    /// The same without exceptions.
    pub fn planned_day<'a>(&'a self, calendar: &'a Calendar, date: NaiveDate) -> Day<'a> {
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
        match (self.day(calendar, date), self.own_spans(date)) {
            (Day::Closed(_), _) => &[],
            (Day::Open(_), Some(spans)) => spans,
            (Day::Open(_), None) => self.hours.on(date.weekday()),
        }
    }

    /// The opening hours that the office itself named for one date; `None` where it named none, or closed it.
    pub fn own_spans(&self, date: NaiveDate) -> Option<&[Span]> {
        match (self.exceptions.days.get(&date), self.dated.get(&date)) {
            (Some(exception), _) => Some(exception.spans()).filter(|spans| !spans.is_empty()),
            (None, Some(Dated::Open { spans })) => Some(spans),
            (None, _) => None,
        }
    }

    /// Seats of an hour, where it is open.
    pub fn seats_at(&self, date: NaiveDate, hour: u8) -> u32 {
        let own = self.exceptions.days.get(&date).and_then(|exception| exception.hours().get(&hour).copied());
        own.flatten().unwrap_or(self.seats_per_hour)
    }

    /// Seats on an open day with these hours: the day's own limit, or all hours together. Where an exception gives hours more seats
    /// than the file, the limit grows by as many.
    pub fn day_capacity(&self, date: NaiveDate, hours: &[u8]) -> u32 {
        let seats = |hour: &u8| self.seats_at(date, *hour);
        let all = hours.iter().map(seats).fold(0, u32::saturating_add);
        let Some(limit) = self.seats_per_day else { return all };
        let more =
            hours.iter().map(|hour| seats(hour).saturating_sub(self.seats_per_hour)).fold(0, u32::saturating_add);
        limit.saturating_add(more).min(all)
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
        // Negative control: with the dated entries asked first, Monday stays closed.
        office.exceptions.days.insert(monday, Exception::new([(9, None)].into(), "Selesai".into()));
        office.exceptions.days.insert(sunday, Exception::new(BTreeMap::new(), "Banjir".into()));
        assert_eq!(office.day(&calendar, monday), Day::Open(vec![9]));
        assert_eq!(office.spans(&calendar, monday), [hours(9, 10)]);
        assert_eq!(office.day(&calendar, sunday), Day::Closed(Closed::Dated("Banjir")));
        assert_eq!(office.planned_day(&calendar, sunday), Day::Open(vec![9, 10]));
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
        let monday = day(2017, 8, 21);
        let capacity = |office: &Office, hours: &[u8]| office.day_capacity(monday, hours);
        assert_eq!(capacity(&office, &[8, 9, 10]), 150);
        office.seats_per_day = Some(120);
        assert_eq!(capacity(&office, &[8, 9, 10]), 120);
        assert_eq!(capacity(&office, &[8]), 50);
        let hours = [(8, Some(70)), (9, Some(10)), (10, None)].into();
        office.exceptions.days.insert(monday, Exception::new(hours, "Loket tambahan".into()));
        assert_eq!(capacity(&office, &[8, 9, 10]), 130, "twenty more than the limit, since one hour has twenty more");
        assert_eq!(capacity(&office, &[9, 10]), 60);
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
