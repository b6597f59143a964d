//! Reads days that are named without a whole date: `besok`, `lusa`, `senin depan`, `tgl 7`, `7 Agustus`.
//!
//! Every reading is given: `senin`, sent on a Monday, is today or in a week, and only the citizen knows which.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days as Count, NaiveDate};

use crate::domain::office::HORIZON_DAYS_MAX;
use crate::domain::person::AGE_YEARS_MAX;
use crate::grammar::date::written::{DateError, Days};
use crate::grammar::date::{parse, relative, worded};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::{digit, is_blank, is_pause};
use crate::grammar::text::peel::peel;

/// Days of a week.
const WEEK: u64 = 7;
/// Years that a day and a month are looked for in: this one and the next.
const YEARS: i32 = 2;

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
    day_and_month(text, sent_on)
}

/// Whether a day may begin like the text; not with a number alone.
fn may_open(text: &str) -> bool {
    if text.starts_with(|c| digit(c).is_some()) {
        !text.bytes().all(|byte| byte.is_ascii_digit())
    } else {
        WORDS.of_days.front(text).is_some()
    }
}

/// What people put around a date and its weekday: `Senin (07-08-2017)`.
fn is_dress(c: char) -> bool {
    // Asked of the ends of nearly every word: letters and digits come first.
    !c.is_ascii_alphanumeric()
        && (is_pause(c) || matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '/' | '|' | '"' | '\'' | '*' | '_'))
}

/// The weekday that opens a text, and what stands after it; a shortened one only beside a date.
fn weekday_in_front(text: &str) -> Option<(u64, &str)> {
    let short = || {
        let is_dated = |after: &str| after.contains(|c| digit(c).is_some());
        WORDS.dates.short_weekdays.front(text).filter(|(_, after)| is_dated(after))
    };
    let (weekday, after) = WORDS.weekdays.front(text).or_else(short)?;
    let after = after.trim_matches(is_dress);
    let after = WORDS.dates.market_days.front(after).map_or(after, |((), after)| after.trim_matches(is_dress));
    Some((weekday, after))
}

/// The last word of a text, and what stands before it.
fn last_word(text: &str) -> (&str, &str) {
    let start = text.rfind(|c: char| is_blank(c) || is_dress(c) && c != '\'').map_or(0, |at| at + 1);
    // The character in front may be longer than a byte.
    let start = (start..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len());
    let (front, word) = text.split_at_checked(start).unwrap_or(("", text));
    (front.trim_matches(is_dress), word)
}

/// The weekday after a date, and the date: `07-08-2017 (Senin Kliwon)`.
fn weekday_after_date(text: &str) -> Option<(&str, u64)> {
    let text = text.trim_matches(is_dress);
    // Nearly every date ends in its year.
    if text.ends_with(|c| digit(c).is_some()) {
        return None;
    }
    let (front, word) = last_word(text);
    let market = WORDS.dates.market_days.get(word).map(|()| last_word(front));
    let (front, word) = market.unwrap_or((front, word));
    let weekday = WORDS.weekdays.get(word).or_else(|| WORDS.dates.short_weekdays.get(word))?;
    let (before, on) = last_word(front);
    let front = if WORDS.on.get(on).is_some() { before } else { front };
    front.contains(|c| digit(c).is_some()).then_some((front, weekday))
}

/// Whether the text is a date with its weekday after it.
pub(crate) fn ends_in_weekday(text: &str) -> bool {
    weekday_after_date(text).is_some()
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
        None => day_and_month(text, sent_on),
    }
}

/// Which of the days with a weekday's name.
#[derive(Clone, Copy)]
enum Week {
    Coming,
    This,
    Next,
    /// The week after the one of the day of sending, Monday to Sunday: `selasa minggu depan`.
    After,
}

/// The days that `senin`, `senin ini` and `senin depan` may be; weekdays count from Monday, 1.
fn weekdays(sent_on: NaiveDate, weekday: u64, which: Week) -> Vec<NaiveDate> {
    let today = u64::from(sent_on.weekday().number_from_monday());
    let coming = (weekday + WEEK - today) % WEEK;
    let ahead: &[u64] = match which {
        Week::After => &[weekday + WEEK - today],
        Week::Coming if coming == 0 => &[0, WEEK],
        Week::This if weekday >= today => &[coming],
        Week::This => &[],
        Week::Next if coming == 0 => &[WEEK],
        // Friday is still ahead this week: the next Friday is that one for some, and the one after for others.
        Week::Next if weekday > today => &[coming, coming + WEEK],
        Week::Coming | Week::Next => &[coming],
    };
    ahead.iter().filter_map(|&days| sent_on.checked_add_days(Count::new(days))).collect()
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

/// Whether a day has this weekday, Monday 1.
fn falls_on(day: NaiveDate, weekday: u64) -> bool {
    u64::from(day.weekday().number_from_monday()) == weekday
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
fn day_of_month(text: &str) -> Option<u32> {
    let digits = text.chars().try_fold(0_u32, |value, c| Some(value.checked_mul(10)? + digit(c)?));
    (!text.is_empty()).then_some(digits?).filter(|day| (1..=31).contains(day))
}

/// The next day with this number; today and in a month, when it is today's.
fn next_of_month(sent_on: NaiveDate, day: u32) -> Vec<NaiveDate> {
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
fn day_and_month(text: &str, sent_on: NaiveDate) -> Option<Result<Named, DateError>> {
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
    Some(counted(next.into_iter().collect()))
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
