//! One hour of one day at one office, and in which order hours are offered.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::office::{Closed, Day, Earliest, Office};

/// One hour of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// The date at the office.
    pub date: NaiveDate,
    /// The hour at the office, 0 to 23.
    pub hour: u8,
}

impl Slot {
    /// When it begins, by the office's clock.
    pub fn begins(self, office: &Office) -> DateTime<Utc> {
        let time = NaiveTime::from_hms_opt(u32::from(self.hour), 0, 0).unwrap_or(NaiveTime::MIN);
        office.zone.instant(self.date.and_time(time))
    }

    /// When it is over: a booking lives until then.
    pub fn ends(self, office: &Office) -> DateTime<Utc> {
        self.begins(office) + Duration::hours(1)
    }
}

/// The queue number that people read at the counter: hour and seat, `09-017`.
pub fn queue_number(slot: Slot, seat: u32) -> String {
    format!("{:02}-{seat:03}", slot.hour)
}

/// What is to be said of an asked day before looking at seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked<'a> {
    /// It may be given.
    Open,
    /// It is over.
    Past,
    /// It is today (or tomorrow is the earliest), and this office books from `earliest` on.
    TooSoon {
        /// The first day that may be asked for.
        earliest: NaiveDate,
    },
    /// It lies further ahead than the office books.
    BeyondHorizon {
        /// The last day that may be asked for.
        last: NaiveDate,
    },
    /// The office does not serve on it.
    Closed(Closed<'a>),
}

/// The last day that may be asked for, as seen at `now`.
pub fn horizon(office: &Office, now: DateTime<Utc>) -> NaiveDate {
    let today = office.date_at(now);
    today.checked_add_days(Days::new(u64::from(office.policy.horizon_days))).unwrap_or(today)
}

/// The hours of `date` that can still be given at `now`: open, and not past the office's cut-off.
pub fn hours_left(office: &Office, calendar: &Calendar, date: NaiveDate, now: DateTime<Utc>) -> Vec<u8> {
    let Day::Open(hours) = office.day(calendar, date) else {
        return Vec::new();
    };
    match office.policy.earliest {
        Earliest::Tomorrow if date > office.date_at(now) => hours,
        Earliest::Tomorrow => Vec::new(),
        // By instants, not dates: shortly before midnight the cut-off may reach into tomorrow.
        Earliest::Today { minutes_before } => {
            let first = now + Duration::minutes(i64::from(minutes_before));
            hours.into_iter().filter(|&hour| first <= Slot { date, hour }.begins(office)).collect()
        }
    }
}

/// Judges an asked day at `now`, seats aside.
pub fn judge<'a>(office: &'a Office, calendar: &'a Calendar, date: NaiveDate, now: DateTime<Utc>) -> Asked<'a> {
    let today = office.date_at(now);
    if date < today {
        return Asked::Past;
    }
    let last = horizon(office, now);
    if date > last {
        return Asked::BeyondHorizon { last };
    }
    if let Day::Closed(why) = office.day(calendar, date) {
        return Asked::Closed(why);
    }
    if hours_left(office, calendar, date, now).is_empty() {
        // With no open day before the horizon, the next day is at least no lie: it may be asked for.
        let earliest = next_day(office, calendar, today, now).or_else(|| date.succ_opt()).unwrap_or(date);
        return Asked::TooSoon { earliest };
    }
    Asked::Open
}

/// The days from `from` on that can still be given at `now`, ascending up to the horizon, each with its hours.
pub fn candidates<'a>(
    office: &'a Office,
    calendar: &'a Calendar,
    from: NaiveDate,
    now: DateTime<Utc>,
) -> impl Iterator<Item = (NaiveDate, Vec<u8>)> + 'a {
    let last = horizon(office, now);
    from.max(office.date_at(now))
        .iter_days()
        .take_while(move |&date| date <= last)
        .map(move |date| (date, hours_left(office, calendar, date, now)))
        .filter(|(_, hours)| !hours.is_empty())
}

/// The first day from `from` on that can still be given at `now`, seats aside.
pub fn next_day(office: &Office, calendar: &Calendar, from: NaiveDate, now: DateTime<Utc>) -> Option<NaiveDate> {
    candidates(office, calendar, from, now).next().map(|(date, _)| date)
}
