//! Days and times as citizens read them, always by the office's own clock.

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc, Weekday};

use super::letter::Letter;
use super::locale::Locale;
use crate::conversation::Lang;
use crate::domain::office::Office;
use crate::domain::slot::Slot;

/// `Senin, 7 Agustus 2017`, for a page that is no reply.
pub fn day_in_words(date: NaiveDate, lang: Lang) -> String {
    let locale = Locale::of(lang);
    let (weekday, month) = (locale.say(weekday_key(date.weekday()), []), locale.say(month_key(date.month()), []));
    format!("{weekday}, {} {month} {}", date.day(), date.year())
}

fn weekday_key(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "weekday-monday",
        Weekday::Tue => "weekday-tuesday",
        Weekday::Wed => "weekday-wednesday",
        Weekday::Thu => "weekday-thursday",
        Weekday::Fri => "weekday-friday",
        Weekday::Sat => "weekday-saturday",
        Weekday::Sun => "weekday-sunday",
    }
}

impl Letter<'_> {
    /// `Senin, 7 Agustus 2017`. The month is a word: digits alone are read both ways.
    pub(super) fn day(&self, date: NaiveDate) -> String {
        format!("{}, {}", self.weekday(date.weekday()), self.date(date))
    }

    /// `7 Agustus 2017`.
    pub(super) fn date(&self, date: NaiveDate) -> String {
        let month = self.say(month_key(date.month()), []);
        format!("{} {month} {}", date.day(), date.year())
    }

    /// `Senin`.
    pub(super) fn weekday(&self, weekday: Weekday) -> String {
        self.say(weekday_key(weekday), [])
    }

    /// `09.00`, in English `09:00`.
    pub(super) fn time(&self, time: NaiveTime) -> String {
        let pattern = match self.scene.lang {
            Lang::Id => "%H.%M",
            Lang::En => "%H:%M",
        };
        time.format(pattern).to_string()
    }

    /// `09.00 WIB`.
    pub(super) fn zoned(&self, time: NaiveTime) -> String {
        format!("{} {}", self.time(time), self.scene.office.zone.name())
    }

    /// `09.30 WIB`, with the day where that is not today.
    pub(super) fn moment(&self, instant: DateTime<Utc>) -> String {
        let office = self.scene.office;
        let local = office.zone.local(instant);
        let time = self.zoned(local.time());
        if local.date() == office.date_at(self.scene.now) {
            time
        } else {
            self.say("time-on-day", [("time", time.into()), ("day", self.day(local.date()).into())])
        }
    }

    /// `Senin, 7 Agustus 2017, pukul 09.00 WIB`.
    pub(super) fn slot(&self, slot: Slot) -> String {
        let time = self.zoned(begins(slot));
        self.say("day-at-time", [("day", self.day(slot.date).into()), ("time", time.into())])
    }
}

/// The name of a month, counted from 1.
fn month_key(month: u32) -> &'static str {
    const MONTHS: [&str; 12] = [
        "month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10",
        "month-11", "month-12",
    ];
    let place = usize::try_from(month).unwrap_or_default().wrapping_sub(1);
    MONTHS.get(place).copied().unwrap_or("month-1")
}

/// `07-08-2017`.
pub(super) fn dashed(date: NaiveDate) -> String {
    date.format("%d-%m-%Y").to_string()
}

/// The wall time at which an hour begins.
pub(super) fn begins(slot: Slot) -> NaiveTime {
    NaiveTime::from_hms_opt(u32::from(slot.hour), 0, 0).unwrap_or(NaiveTime::MIN)
}

/// When to be at the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// So many minutes before the hour.
    Early {
        /// The wall time.
        at: NaiveTime,
        /// The minutes.
        minutes: i64,
    },
    /// When the doors open: people were told 07.15 where doors open at 07.30 (Batam, 2017).
    DoorsOpen {
        /// The wall time.
        at: NaiveTime,
    },
}

impl Arrival {
    /// When to come for `slot`.
    pub(super) fn at(office: &Office, slot: Slot) -> Self {
        let hour = begins(slot);
        let minutes = i64::from(office.policy.arrive_early_minutes);
        let (early, days) = hour.overflowing_sub_signed(Duration::minutes(minutes));
        match doors_open(office, slot.date) {
            Some(at) if at <= hour && (early < at || days != 0) => Self::DoorsOpen { at },
            _ => Self::Early { at: early, minutes },
        }
    }
}

/// When the doors open on a day; `None` on a day that has no hours (any more).
fn doors_open(office: &Office, date: NaiveDate) -> Option<NaiveTime> {
    let spans = office.own_spans(date).unwrap_or_else(|| office.hours.on(date.weekday()));
    spans.iter().map(|span| span.from).min()
}
