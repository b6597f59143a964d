//! Days that are counted from the day of sending: `3 hari lagi`, `10 bulan depan`, `minggu depan`.
//!
//! Visit dates only: a birth date is never counted like that.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::grammar::language::vocabulary::{DatePerhaps as Perhaps, WORDS};
use crate::grammar::text::characters::{digit, is_pause};

/// Days of a week.
const WEEK: u64 = 7;
/// Days of a week on which an office may be open.
const WORKING_DAYS: u64 = 6;
/// Most days ahead that may be counted: nobody counts the days of more than a year.
const AHEAD_MAX: u64 = 366;

/// The days that the text may mean; `None` when it counts none.
pub(crate) fn read(text: &str, sent_on: NaiveDate) -> Option<Vec<NaiveDate>> {
    if WORDS.dates.next_week.get(text).is_some() {
        return Some(next_week(sent_on));
    }
    if let Some(days) = ahead(text) {
        return Some(sent_on.checked_add_days(Days::new(days)).into_iter().collect());
    }
    let (day, after) = number(text)?;
    let months = WORDS.dates.months_ahead.get(after)?;
    let first = sent_on.with_day(1)?.checked_add_months(Months::new(months))?;
    let day = u32::try_from(day).ok().and_then(|day| first.with_day(day));
    // A day of this month that is over is said to be over.
    Some(day.into_iter().collect())
}

/// A number in digits or in a word, and what stands after it.
fn number(text: &str) -> Option<(u64, &str)> {
    if !text.starts_with(|c| digit(c).is_some()) {
        let (value, after) = WORDS.counts.front(text)?;
        return Some((u64::from(value), after.trim_start_matches(is_pause)));
    }
    let mut value = 0;
    let mut end = text.len();
    for (at, c) in text.char_indices() {
        let Some(digit) = digit(c) else {
            end = at;
            break;
        };
        value = value * 10 + u64::from(digit);
        // A date in one run of digits, nearly always.
        if value > AHEAD_MAX {
            return None;
        }
    }
    let after = text.get(end..)?;
    Some((value, after.trim_start_matches(is_pause)))
}

/// How many days `3 hari lagi`, `2 minggu lagi` and `seminggu lagi` are.
fn ahead(text: &str) -> Option<u64> {
    let is_later = |after: &str| WORDS.dates.later.get(after.trim_start_matches(is_pause)).is_some();
    if let Some(((), after)) = WORDS.dates.one_week.front(text) {
        return is_later(after).then_some(WEEK);
    }
    let (count, after) = number(text)?;
    let (unit, after) = WORDS.dates.units.front(after)?;
    let days = count.checked_mul(unit)?;
    (is_later(after) && (1..=AHEAD_MAX).contains(&days)).then_some(days)
}

/// Monday to Saturday of the week after the one of the day of sending.
fn next_week(sent_on: NaiveDate) -> Vec<NaiveDate> {
    let to_monday = WEEK - u64::from(sent_on.weekday().num_days_from_monday());
    (to_monday..to_monday + WORKING_DAYS).filter_map(|days| sent_on.checked_add_days(Days::new(days))).collect()
}

/// The day that a text without a day of its own probably means: to be shown, never taken.
pub(crate) fn perhaps(text: &str, sent_on: NaiveDate) -> Option<NaiveDate> {
    let first_in = |months| sent_on.with_day(1)?.checked_add_months(Months::new(months));
    match WORDS.dates.perhaps.get(text)? {
        Perhaps::InTwoDays => sent_on.checked_add_days(Days::new(2)),
        Perhaps::LastOfMonth => first_in(1)?.pred_opt(),
        Perhaps::LastOfNextMonth => first_in(2)?.pred_opt(),
        Perhaps::FirstOfNextMonth => first_in(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    // Negative control: with weeks of five days, or months counted from the day of sending, this fails.
    #[test]
    fn days_are_counted_from_the_day_of_sending() {
        // A Tuesday.
        let sent_on = day("2017-08-01");
        for (text, meant) in [
            ("3 hari lagi", "2017-08-04"),
            ("tiga hari lagi", "2017-08-04"),
            ("2 minggu lagi", "2017-08-15"),
            ("seminggu lagi", "2017-08-08"),
            ("10 bulan depan", "2017-09-10"),
            ("10 bln dpn", "2017-09-10"),
            ("10 bulan ini", "2017-08-10"),
        ] {
            assert_eq!(read(text, sent_on), Some(vec![day(meant)]), "{text}");
        }
        let week: Vec<NaiveDate> = (7..13).map(|date| day(&format!("2017-08-{date:02}"))).collect();
        assert_eq!(read("minggu depan", sent_on), Some(week));
        for text in ["hari lagi", "0 hari lagi", "3 hari", "3 lagi", "bulan depan", "minggu", "9999 hari lagi"] {
            assert_eq!(read(text, sent_on), None, "{text}");
        }
        assert_eq!(read("31 bulan depan", sent_on), Some(Vec::new()), "September has thirty days");
    }

    #[test]
    fn a_day_that_is_only_likely_is_a_guess() {
        let sent_on = day("2017-08-01");
        for (text, meant) in [
            ("besok lusa", Some("2017-08-03")),
            ("akhir bulan", Some("2017-08-31")),
            ("akhir bulan depan", Some("2017-09-30")),
            ("awal bulan depan", Some("2017-09-01")),
            ("bulan depan", None),
        ] {
            assert_eq!(perhaps(text, sent_on), meant.map(day), "{text}");
            assert_eq!(read(text, sent_on), None, "{text}");
        }
    }
}
