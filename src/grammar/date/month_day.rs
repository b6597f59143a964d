//! A day by its number in the month, with or without the month: `tgl 7`, `7 Agustus`, `7/8`, `sepuluh agustus`.

use chrono::{Datelike, NaiveDate};

use crate::grammar::date::weekday::is_dress;
use crate::grammar::date::worded;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::{digit, is_blank, is_pause};

/// Years that a day and a month are looked for in: this one and the next.
const YEARS: i32 = 2;

/// A text with the day's number in words, `sepuluh agustus`, with it in digits; `None` where none stands in words.
pub(crate) fn in_digits(text: &str) -> Option<String> {
    let text = text.trim_matches(is_dress);
    let mut start = 0;
    // Weekday and label in front of the number.
    let rest = loop {
        let rest = text.get(start..)?;
        if WORDS.dates.day_numbers.front(rest).is_some() {
            break rest;
        }
        let after = rest.find(is_blank).and_then(|end| rest.get(end..))?.trim_start_matches(is_dress);
        let word = rest.split(is_blank).next()?;
        let known = WORDS.on.get(word).is_some() || WORDS.day_of_month.get(word).is_some();
        let is_weekday = || WORDS.weekdays.get(word.trim_matches(is_dress)).is_some();
        if !known && !is_weekday() {
            return None;
        }
        start = text.len() - after.len();
    };
    let (number, after) = WORDS.dates.day_numbers.front(rest)?;
    let month = after.trim_start_matches(is_pause);
    let is_labelled = start > 0;
    let is_month = || {
        let word = month.split(is_pause).next().unwrap_or_default();
        WORDS.months.get(word).is_some() || WORDS.dates.month_words.get(word).is_some()
    };
    let front = text.get(..start)?;
    (month.is_empty() && is_labelled || is_month()).then(|| format!("{front}{number} {month}").trim_end().to_owned())
}

/// A day of the month: one or two digits and nothing else.
pub(in crate::grammar::date) fn day_of_month(text: &str) -> Option<u32> {
    let digits = text.chars().try_fold(0_u32, |value, c| Some(value.checked_mul(10)? + digit(c)?));
    (!text.is_empty()).then_some(digits?).filter(|day| (1..=31).contains(day))
}

/// The next day with this number; today and in a month, when it is today's.
pub(in crate::grammar::date) fn next_of_month(sent_on: NaiveDate, day: u32) -> Vec<NaiveDate> {
    let months = sent_on
        .with_day(1)
        .into_iter()
        .flat_map(|first| [Some(first), first.checked_add_months(chrono::Months::new(1))].into_iter().flatten());
    let mut days: Vec<NaiveDate> =
        months.filter_map(|month| month.with_day(day)).filter(|date| *date >= sent_on).collect();
    if days.first() != Some(&sent_on) {
        days.truncate(1);
    }
    days
}

/// A day and a month without a year, `7 Agustus`, `Aug 7` or `7/8`: the next such day.
pub(in crate::grammar::date) fn day_and_month(text: &str, sent_on: NaiveDate) -> Option<Vec<NaiveDate>> {
    let (day, month) = match WORDS.months.front(text) {
        Some((month, after)) => {
            let day = day_of_month(after.trim_matches(is_pause))?;
            // `Agustus 17` in 2017 is a month of that year as well.
            let is_year = (0..YEARS).any(|ahead| u32::try_from((sent_on.year() + ahead) % 100) == Ok(day));
            (!is_year).then_some((day, month))?
        }
        None => day_before_month(text)?,
    };
    let in_year = |year| NaiveDate::from_ymd_opt(year, month, day);
    let next = (sent_on.year()..sent_on.year() + YEARS).filter_map(in_year).find(|date| *date >= sent_on);
    Some(next.into_iter().collect())
}

/// `7 Agustus`, `7/8`.
fn day_before_month(text: &str) -> Option<(u32, u32)> {
    let digits = text.find(|c| digit(c).is_none())?;
    let (day, after) = text.split_at_checked(digits)?;
    let day = day_of_month(day)?;
    let written = after.trim_start_matches(|c| is_blank(c) || matches!(c, '-' | '/' | '.'));
    let is_parted = written.len() < after.len();
    let said = WORDS.dates.month_words.front(written).filter(|_| is_parted);
    if let Some(((), after)) = said {
        return Some((day, worded::month(after.trim_matches(is_pause)).filter(|month| *month <= 12)?));
    }
    let month = WORDS.months.get(written).or_else(|| WORDS.dates.clipped_months.get(written));
    match month.or_else(|| WORDS.dates.roman.get(written).filter(|_| is_parted)) {
        Some(month) => Some((day, month)),
        None if written.len() < after.len() => Some((day, day_of_month(written).filter(|month| *month <= 12)?)),
        None => None,
    }
}
