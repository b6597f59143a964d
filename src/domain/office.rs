//! An office as its file describes it: where, when, how many, and by which rules.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc, Weekday};
use serde::{Deserialize, Serialize};

use super::calendar::{Calendar, Holiday};

/// Furthest that any office may let people book ahead, in days: half a year, beyond which no calendar is decreed.
pub const HORIZON_DAYS_MAX: u32 = 180;
/// Most places in one hour that an office may offer; the largest documented office serves 384 a day.
pub const SEATS_PER_HOUR_MAX: u32 = 2_000;

/// An office's id in kebab-case, `jakarta-pusat`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficeId(Arc<str>);

/// A text that is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is in kebab-case: a-z, 0-9 and single dashes, like `jakarta-pusat`, at most 64 characters")]
pub struct IdError;

fn is_kebab_case(text: &str) -> bool {
    text.len() <= 64
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

impl OfficeId {
    /// Reads an id.
    ///
    /// # Errors
    /// [`IdError`] when it is not in kebab-case.
    pub fn read(text: &str) -> Result<Self, IdError> {
        is_kebab_case(text).then(|| Self(text.into())).ok_or(IdError)
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OfficeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OfficeId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::read(&text)
    }
}

impl From<OfficeId> for String {
    fn from(id: OfficeId) -> Self {
        id.0.as_ref().to_owned()
    }
}

/// The id of a message format in `grammar/formats`, in kebab-case like an office's. Every form carries it, so copies share
/// one text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FormatId(Arc<str>);

impl FormatId {
    /// Reads an id.
    ///
    /// # Errors
    /// [`IdError`] when it is not in kebab-case.
    pub fn read(text: &str) -> Result<Self, IdError> {
        is_kebab_case(text).then(|| Self(text.into())).ok_or(IdError)
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FormatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for FormatId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::read(&text)
    }
}

impl From<FormatId> for String {
    fn from(id: FormatId) -> Self {
        (*id.0).to_owned()
    }
}

/// One of Indonesia's three time zones; none has summer time (Keppres 41/1987).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Zone {
    /// Western, UTC+7: Sumatra, Java, West and Central Kalimantan.
    Wib,
    /// Central, UTC+8: Bali, Nusa Tenggara, Sulawesi, the rest of Kalimantan.
    Wita,
    /// Eastern, UTC+9: Maluku, Papua.
    Wit,
}

impl Zone {
    fn hours_east(self) -> i32 {
        match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }

    /// Wall time in this zone at an instant.
    pub fn local(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.naive_utc() + chrono::Duration::hours(i64::from(self.hours_east()))
    }

    /// The instant of a wall time in this zone.
    pub fn instant(self, wall: NaiveDateTime) -> DateTime<Utc> {
        (wall - chrono::Duration::hours(i64::from(self.hours_east()))).and_utc()
    }

    /// The instant with this zone's offset, for printing.
    pub fn offset(self) -> FixedOffset {
        FixedOffset::east_opt(self.hours_east() * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
    }

    /// `WIB`, `WITA` or `WIT`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }
}

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

/// What an office does when the asked day has no place left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenFull {
    /// Books the next open day (Batam 2017; the national announcement of August 2017).
    Roll,
    /// Names a day with room and lets the citizen send again (Jakarta Pusat, November 2018).
    Suggest,
    /// Says that the day is full (Bogor 2018).
    Refuse,
}

/// Whether a form must be confirmed by a code before it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Echo and code first (Jakarta Pusat, Bogor).
    Code,
    /// The form books at once (Batam).
    None,
}

/// The first day that may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Earliest {
    /// The day after sending.
    Tomorrow,
    /// The day of sending, until so many minutes before the hour begins.
    Today {
        /// Minutes between the last moment of booking and the hour.
        minutes_before: u32,
    },
}

/// What an office does about a person who has live places from other numbers, or under another spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PerPerson {
    /// Serves the form; officers see it in their lists.
    Note,
    /// Refuses a form of whoever has so many live places here.
    AtMost(u32),
}

/// A part of a day's places, more than nothing and at most all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// So many parts,
    pub parts: u32,
    /// of so many.
    pub of: u32,
}

impl Share {
    /// Its places of so many, rounded up: a small day lets at least one hold have its whole time.
    pub fn places(self, all: u32) -> u32 {
        let places = (u64::from(all) * u64::from(self.parts)).div_ceil(u64::from(self.of.max(1)));
        u32::try_from(places).unwrap_or(u32::MAX)
    }
}

/// As office files write it, `1/3`.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.parts, self.of)
    }
}

/// The part of a day's places that unconfirmed holds may keep for their whole time, where an office says nothing else.
pub const HOLDS_SHARE: Share = Share { parts: 1, of: 3 };
/// Unconfirmed holds that one number may take in a day, where an office says nothing else: a form that is mended a dozen times
/// is a bad day, one of twenty and more is no citizen's.
pub const HOLDS_PER_NUMBER: u32 = 20;

/// The rules of one office. Minutes and days are whole numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What happens when the asked day is full.
    pub when_full: WhenFull,
    /// Whether a form needs a code.
    pub approval: Approval,
    /// How long an unconfirmed place is held, in minutes.
    pub hold_minutes: u32,
    /// How long a text waits for its photo, or a photo for its text, in minutes.
    pub photo_wait_minutes: u32,
    /// Whether `#batal` gives back a confirmed place (Jakarta Pusat: yes; Bogor 2017: no).
    pub cancelling: bool,
    /// Live bookings that one number may have.
    pub live_per_number: u32,
    /// What happens when a person has live places from other numbers.
    pub live_per_person: PerPerson,
    /// The part of a day's places that unconfirmed holds may keep for their whole time; those beyond it live five minutes.
    pub holds_share: Share,
    /// Unconfirmed holds that one number may take in a day.
    pub holds_per_number: u32,
    /// People that one booking may be for, 1 to [`super::person::PARTY_MAX`] (Bogor 2017: nobody but the owner of the number).
    pub people_per_booking: u32,
    /// The first day that may be asked for.
    pub earliest: Earliest,
    /// The last day that may be asked for, in days after sending.
    pub horizon_days: u32,
    /// How long before the hour people should come, in minutes (30; Kompas, 19 July 2017).
    pub arrive_early_minutes: u32,
    /// How late people may come, in minutes after the hour begins; afterwards the place is forfeited.
    pub grace_minutes: u32,
}

/// An office's own words, in one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OfficeTexts {
    /// What to bring, for `#persyaratan`: one line a document.
    pub requirements: Vec<String>,
    /// What to bring in one short sentence, for the confirmation.
    pub bring: String,
    /// Who cannot book here and what they do instead (lost or damaged passports).
    pub excluded: String,
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
    /// Its time zone.
    pub zone: Zone,
    /// The message formats it reads, the ordinary one first; never empty.
    pub formats: Vec<FormatId>,
    /// Its week.
    pub hours: WeeklyHours,
    /// Its own closings and extra openings.
    pub dated: BTreeMap<NaiveDate, Dated>,
    /// Places in one hour.
    pub seats_per_hour: u32,
    /// Places in one day, where that is less than the hours together.
    pub seats_per_day: Option<u32>,
    /// When messages are taken on open days; `None`: at any hour of any day.
    pub intake: Option<Span>,
    /// Its rules.
    pub policy: Policy,
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

    /// Places on an open day with these hours: the day's own limit, or all hours together.
    pub fn day_capacity(&self, hours: &[u8]) -> u32 {
        let all = self.seats_per_hour.saturating_mul(u32::try_from(hours.len()).unwrap_or(u32::MAX));
        self.seats_per_day.map_or(all, |limit| limit.min(all))
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
    fn ids_are_kebab_case() {
        for good in ["bogor", "jakarta-pusat", "ulp-2", "a".repeat(64).as_str()] {
            assert_eq!(OfficeId::read(good).map(|id| id.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "Bogor", "jakarta pusat", "-bogor", "bogor-", "a--b", "kantor_2", "é", "a".repeat(65).as_str()]
        {
            assert_eq!(OfficeId::read(bad), Err(IdError), "{bad}");
            assert_eq!(FormatId::read(bad), Err(IdError), "{bad}");
        }
    }

    #[test]
    fn a_zone_turns_an_instant_into_wall_time_and_back() {
        let instant = "2017-08-07T17:30:00Z".parse::<DateTime<Utc>>().unwrap();
        for (zone, wall) in [
            (Zone::Wib, "2017-08-08T00:30:00"),
            (Zone::Wita, "2017-08-08T01:30:00"),
            (Zone::Wit, "2017-08-08T02:30:00"),
        ] {
            assert_eq!(zone.local(instant), wall.parse::<NaiveDateTime>().unwrap());
            assert_eq!(zone.instant(zone.local(instant)), instant);
            assert_eq!(instant.with_timezone(&zone.offset()).naive_local(), zone.local(instant));
        }
    }

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
    fn a_share_is_at_least_one_place() {
        let third = HOLDS_SHARE;
        assert_eq!([1, 2, 3, 4, 300].map(|all| third.places(all)), [1, 1, 1, 2, 100]);
        assert_eq!(Share { parts: 1, of: 1 }.places(7), 7);
        assert_eq!(third.places(0), 0);
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
