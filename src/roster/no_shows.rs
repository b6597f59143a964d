//! `[policy.no_shows]` of an office file: what is asked of those who did not come to earlier visits.

use chrono::{Duration, NaiveTime};

use super::value::time_of_day;
use crate::domain::attendance::{ANSWER_ENDS_MINUTES, ANSWER_MINUTES};
use crate::domain::notice::Kind;
use crate::domain::office::{NO_SHOWS, NoShows, Notices};
use crate::sheet::{Entry, Place, Table, whole};

/// Most visits without anybody that an office may wait for before it asks: more never happens within a year.
const ANSWER_FROM_MAX: u32 = 20;
/// Longest time for which an earlier visit may count, in days: bookings are kept for a year.
const WITHIN_DAYS_MAX: u32 = 365;
pub(super) const KEYS: [&str; 4] = ["answer_from", "within_days", "days_before", "until"];

/// The table as it is written: every key may be missing.
#[derive(Debug, Clone, Default)]
pub(super) struct NoShowsDraft {
    answer_from: Entry<u32>,
    within_days: Entry<u32>,
    days_before: Entry<u32>,
    until: Entry<NaiveTime>,
}

/// What else an office has, that its rule has to fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'a> {
    /// Whether arrivals are entered.
    pub(super) arrivals: bool,
    /// What it says unasked.
    pub(super) notices: &'a Notices,
    /// When it opens on the day on which it opens first; `None` where it never does.
    pub(super) opens: Option<NaiveTime>,
}

impl NoShowsDraft {
    /// Reads the table; every mistake is noted in it.
    pub(super) fn read(mut table: Table<'_, '_>) -> Self {
        table.refuse_unknown(&KEYS);
        Self {
            answer_from: table.take("answer_from", |value| whole(value, 0, ANSWER_FROM_MAX)),
            within_days: table.take("within_days", |value| whole(value, 1, WITHIN_DAYS_MAX)),
            // The reminder goes out on the evening before the visit.
            days_before: table.take("days_before", |value| whole(value, 0, 1)),
            until: table.take("until", time_of_day),
        }
    }

    /// This table, with what its base says where it says nothing.
    pub(super) fn over(self, base: Self) -> Self {
        Self {
            answer_from: self.answer_from.or(base.answer_from),
            within_days: self.within_days.or(base.within_days),
            days_before: self.days_before.or(base.days_before),
            until: self.until.or(base.until),
        }
    }

    /// The rule, with what holds where an office says nothing; `None` where it asks nobody.
    pub(super) fn rule(&self) -> Option<NoShows> {
        let answer_from = self.answer_from.given().map_or(NO_SHOWS.answer_from, |spot| spot.value);
        (answer_from > 0).then(|| NoShows {
            answer_from,
            within_days: self.within_days.given().map_or(NO_SHOWS.within_days, |spot| spot.value),
            days_before: self.days_before.given().map_or(NO_SHOWS.days_before, |spot| spot.value),
            until: self.until.given().map_or(NO_SHOWS.until, |spot| spot.value),
        })
    }

    /// What keeps the rule from working at this office: where, what, and what to do.
    pub(super) fn misfits(&self, beside: Beside<'_>) -> Vec<(Place, String, String)> {
        let (Some(rule), Some(spot)) = (self.rule(), self.answer_from.given()) else { return Vec::new() };
        let mut found = Vec::new();
        let mut note = |place: &Place, what: &str, remedy: String| found.push((place.clone(), what.to_owned(), remedy));
        if !beside.arrivals {
            let what = "`policy.no_shows` has to know who came, but arrivals are not recorded";
            let remedy = "write arrivals = true under [policy] once every arrival is entered; or answer_from = 0 here";
            note(&spot.place, what, remedy.to_owned());
        }
        for kind in [Kind::Reminder, Kind::Released] {
            if !beside.notices.says(kind) {
                let key = kind.key();
                let what = format!("`policy.no_shows` needs the notice `{key}`, which is off");
                note(
                    &spot.place,
                    &what,
                    format!("remove {key} = false under [notices]; or write answer_from = 0 here"),
                );
            }
        }
        let reminder = beside.notices.reminder_at;
        if beside.notices.quiet.is_some_and(|quiet| quiet.holds(reminder)) {
            let what = "the reminder that must be answered would fall into the quiet hours, and never be sent";
            note(&spot.place, what, "write at = \"18:00\" or the like under [policy.reminder]".to_owned());
        }
        let place = self.until.given().map_or(&spot.place, |until| &until.place);
        let (from, days) = reminder.overflowing_add_signed(Duration::minutes(ANSWER_MINUTES));
        if rule.days_before == 1 && (days != 0 || rule.until < from) {
            let what = "the answer would be awaited for less than two hours after the reminder";
            let remedy = format!("write until = \"{}\" or later, or days_before = 0", from.format("%H:%M"));
            note(place, what, remedy);
        }
        let latest = beside.opens.map(|opens| opens.overflowing_sub_signed(Duration::minutes(ANSWER_ENDS_MINUTES)).0);
        if let Some(latest) = latest.filter(|latest| rule.days_before == 0 && rule.until > *latest) {
            let what = "the answer would be awaited until citizens of the first hour are on their way";
            let remedy = format!("write until = \"{}\" or earlier, or days_before = 1", latest.format("%H:%M"));
            note(place, what, remedy);
        }
        found
    }
}
