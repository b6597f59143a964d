//! Reads days that are named without a whole date: `besok`, `lusa`, `senin depan`, `tgl 7`, `7 Agustus`.
//!
//! Every reading is given: `senin`, sent on a Monday, is today or in a week, and only the citizen knows which.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days as Count, NaiveDate};

use crate::domain::office::HORIZON_DAYS_MAX;
use crate::domain::person::AGE_YEARS_MAX;
use crate::grammar::date::month_day::{day_and_month, day_of_month, next_of_month};
use crate::grammar::date::weekday::{
    WEEK, Week, falls_on, is_dress, last_word, weekday_after_date, weekday_in_front, weekdays,
};
use crate::grammar::date::written::{DateError, Days};
use crate::grammar::date::{parse, relative};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::{digit, is_pause};
use crate::grammar::text::peel::peel;

/// What a text names.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) days: Days,
    /// Whether the day is counted from the day of sending, and so not literally written.
    pub(crate) counted: bool,
}

fn counted(days: Vec<NaiveDate>) -> Result<Named, DateError> {
    Days::of(days).map(|days| Named { days, counted: true }).ok_or(DateError::NoSuchDay)
}

/// Reads a day, perhaps with its part after it (`lusa siang`); `None` when the text names none. `allowed` as in
/// [`written::Written::days`].
pub(crate) fn read(
    text: &str,
    sent_on: NaiveDate,
    allowed: &RangeInclusive<NaiveDate>,
) -> Option<Result<Named, DateError>> {
    let text = text.trim_matches(is_dress);
    if !may_open(text) {
        return None;
    }
    read_whole(text, sent_on, allowed).or_else(|| {
        let (front, part) = last_word(text);
        WORDS.dates.parts_of_day.get(part).filter(|()| !front.is_empty())?;
        let (before, day) = last_word(front);
        let front = if WORDS.on.get(day).is_some() { before } else { front };
        read_whole(front, sent_on, allowed).filter(|named| named.as_ref().map_or(true, |named| named.counted))
    })
}

/// Reads a day without its part.
fn read_whole(text: &str, sent_on: NaiveDate, allowed: &RangeInclusive<NaiveDate>) -> Option<Result<Named, DateError>> {
    let text = text.trim_matches(is_dress);
    // What begins with no word of a day and no digit names none; this is the case for nearly every text.
    if !may_open(text) {
        return None;
    }
    let ahead = |days: u64| sent_on.checked_add_days(Count::new(days));
    if let Some(days) = WORDS.days.get(text) {
        return Some(counted(ahead(days).into_iter().collect()));
    }
    if let Some((days, after)) = WORDS.days.front(text)
        && let Some(weekday) = WORDS.weekdays.get(peel(&[&WORDS.on], after))
    {
        // `besok selasa`.
        let fitting = ahead(days).into_iter().filter(|day| falls_on(*day, weekday)).collect();
        return Some(Days::of(fitting).map(|days| Named { days, counted: true }).ok_or(DateError::Contradicts));
    }
    if let Some(days) = relative::read(text, sent_on) {
        return Some(counted(days));
    }
    if WORDS.next.get(text).is_some() || WORDS.this.get(text).is_some() {
        return None;
    }
    let text = peel(&[&WORDS.on], text).trim_start_matches(is_dress);
    if let Some(((), after)) = WORDS.dates.next_week.front(text)
        && let Some(weekday) = WORDS.weekdays.get(peel(&[&WORDS.on], after))
    {
        return Some(counted(weekdays(sent_on, weekday, Week::After)));
    }
    if let Some(((), after)) = WORDS.next.front(text)
        && let Some(weekday) = WORDS.weekdays.get(after)
    {
        return Some(counted(weekdays(sent_on, weekday, Week::Next)));
    }
    if let Some((weekday, after)) = weekday_in_front(text) {
        return on_weekday(weekday, after, sent_on, allowed);
    }
    if let Some((front, weekday)) = weekday_after_date(text) {
        return on_weekday(weekday, front, sent_on, allowed);
    }
    if let Some(((), after)) = WORDS.day_of_month.front(text) {
        let after = after.trim_matches(is_dress);
        return match (day_of_month(after), relative::read(after, sent_on)) {
            (Some(day), _) => Some(counted(next_of_month(sent_on, day))),
            (None, Some(days)) => Some(counted(days)),
            (None, None) => dated(after, sent_on, allowed),
        };
    }
    day_and_month(text, sent_on).map(counted)
}

/// Whether a day may begin like the text; not with a number alone.
fn may_open(text: &str) -> bool {
    if text.starts_with(|c| digit(c).is_some()) {
        !text.bytes().all(|byte| byte.is_ascii_digit())
    } else {
        WORDS.of_days.front(text).is_some()
    }
}

/// Whether the text names a day, whichever.
pub(crate) fn is_day(text: &str) -> bool {
    let any = NaiveDate::default();
    read(text, any, &(any..=any)).is_some()
}

/// Longest message that is looked at as a day alone, in bytes: `hari Senin tanggal 7 September 2026 ya min`.
const ALONE_BYTES_MAX: usize = 64;

/// The days that a whole message may mean which names one and nothing else; a short year may be of either century.
pub(crate) fn alone(text: &str, sent_on: NaiveDate) -> Option<Vec<NaiveDate>> {
    let first = sent_on.with_year(sent_on.year() - AGE_YEARS_MAX)?;
    let allowed = first..=sent_on.checked_add_days(Count::new(u64::from(HORIZON_DAYS_MAX)))?;
    if text.len() > ALONE_BYTES_MAX {
        return None;
    }
    let text = text.trim_matches(is_pause);
    let days = match parse(text) {
        Some(written) => written.days(&allowed).ok()?,
        None => read(text, sent_on, &allowed)?.ok()?.days,
    };
    Some(std::iter::once(days.first).chain(days.others).collect())
}

/// A date with or without its year.
fn dated(text: &str, sent_on: NaiveDate, allowed: &RangeInclusive<NaiveDate>) -> Option<Result<Named, DateError>> {
    match parse(text) {
        Some(written) => Some(written.days(allowed).map(|days| Named { days, counted: false })),
        None => day_and_month(text, sent_on).map(counted),
    }
}

/// A weekday's name and what stands after it.
fn on_weekday(
    weekday: u64,
    after: &str,
    sent_on: NaiveDate,
    allowed: &RangeInclusive<NaiveDate>,
) -> Option<Result<Named, DateError>> {
    let after = after.trim_matches(is_dress);
    if after.is_empty() {
        return Some(counted(weekdays(sent_on, weekday, Week::Coming)));
    }
    if WORDS.dates.next_week.get(after).is_some() {
        return Some(counted(weekdays(sent_on, weekday, Week::After)));
    }
    if WORDS.next.get(after).is_some() {
        return Some(counted(weekdays(sent_on, weekday, Week::Next)));
    }
    if WORDS.this.get(after).is_some() {
        return Some(counted(weekdays(sent_on, weekday, Week::This)));
    }
    let named = match read_whole(after, sent_on, allowed) {
        Some(named) => named,
        None => dated(after, sent_on, allowed)?,
    };
    Some(named.and_then(|named| {
        let all = std::iter::once(named.days.first).chain(named.days.others);
        let fitting = all.filter(|day| falls_on(*day, weekday)).collect();
        Days::of(fitting).map(|days| Named { days, counted: named.counted }).ok_or(DateError::Contradicts)
    }))
}

/// Half a week: the nearest day with another weekday is not further away.
const HALF_WEEK: u64 = 3;

/// The two days that a date and a weekday which contradict each other may mean: the date, and the day with that weekday which
/// is nearest to it.
pub(crate) fn contradicting(
    text: &str,
    sent_on: NaiveDate,
    allowed: &RangeInclusive<NaiveDate>,
) -> Option<[NaiveDate; 2]> {
    let text = peel(&[&WORDS.on], text.trim_matches(is_dress)).trim_matches(is_dress);
    let in_front = weekday_in_front(text).map(|(weekday, date)| (date, weekday));
    let (date, weekday) = in_front.or_else(|| weekday_after_date(text))?;
    let named = match read_whole(date, sent_on, allowed) {
        Some(named) => named.ok()?,
        None => dated(date, sent_on, allowed)?.ok()?,
    };
    let day = named.days.first;
    let first = day.checked_sub_days(Count::new(HALF_WEEK))?;
    let other =
        (0..WEEK).filter_map(|ahead| first.checked_add_days(Count::new(ahead))).find(|day| falls_on(*day, weekday))?;
    (named.days.others.is_empty() && other != day).then_some([day.min(other), day.max(other)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn days(text: &str, sent_on: &str) -> Vec<String> {
        let sent_on = day(sent_on);
        match read(text, sent_on, &(sent_on..=sent_on + Count::new(180))) {
            Some(Ok(Named { days, .. })) => {
                std::iter::once(days.first).chain(days.others).map(|day| day.to_string()).collect()
            }
            other => vec![format!("{other:?}")],
        }
    }

    #[test]
    fn a_day_is_counted_from_the_day_of_sending() {
        // 1 August 2017 was a Tuesday.
        for (text, read) in [
            ("besok", "2017-08-02"),
            ("Besok.", "2017-08-02"),
            ("lusa", "2017-08-03"),
            ("hari ini", "2017-08-01"),
            ("tomorrow", "2017-08-02"),
            ("senin", "2017-08-07"),
            ("hari Senin", "2017-08-07"),
            ("Senin depan", "2017-08-07"),
            ("next monday", "2017-08-07"),
            ("jumat ini", "2017-08-04"),
            ("jum'at", "2017-08-04"),
            ("minggu", "2017-08-06"),
            ("tgl 7", "2017-08-07"),
            ("tanggal 7", "2017-08-07"),
            ("tgl 7 Agustus", "2017-08-07"),
            ("7 agt", "2017-08-07"),
            ("7/8", "2017-08-07"),
            ("5 Januari", "2018-01-05"),
            ("Senin, 7 Agustus 2017", "2017-08-07"),
            ("senin 07-08-2017", "2017-08-07"),
            ("senin tgl 7", "2017-08-07"),
            ("kamis minggu depan", "2017-08-10"),
            ("senin minggu depan", "2017-08-07"),
            ("minggu depan hari kamis", "2017-08-10"),
            ("lusa siang", "2017-08-03"),
            ("kamis pagi", "2017-08-03"),
            ("10 agst", "2017-08-10"),
            ("besok rabu", "2017-08-02"),
            ("tgl 07082017", "2017-08-07"),
        ] {
            let text = if text == "besok rabu" { "rabu besok" } else { text };
            assert_eq!(days(text, "2017-08-01"), [read], "{text}");
        }
    }

    #[test]
    fn two_readings_are_both_given() {
        assert_eq!(days("selasa", "2017-08-01"), ["2017-08-01", "2017-08-08"]);
        assert_eq!(days("jumat depan", "2017-08-01"), ["2017-08-04", "2017-08-11"]);
        assert_eq!(days("tgl 1", "2017-08-01"), ["2017-08-01", "2017-09-01"]);
    }

    #[test]
    fn what_names_no_day_is_none_and_what_contradicts_itself_says_so() {
        for text in
            ["bulan depan", "minggu ini", "depan", "kapan saja", "besok lusa kalau bisa", "7", "7 Brumaire", "tgl", ""]
        {
            assert_eq!(days(text, "2017-08-01"), ["None"], "{text}");
        }
        assert_eq!(days("Senin, 8 Agustus 2017", "2017-08-01"), ["Some(Err(Contradicts))"]);
        assert_eq!(days("31 februari", "2017-08-01"), ["Some(Err(NoSuchDay))"]);
    }
}
