//! The days and hours that a sentence names.

use std::ops::RangeInclusive;

use chrono::{Days, NaiveDate, NaiveTime};

use super::word::Word;
use crate::domain::office::HORIZON_DAYS_MAX;
use crate::domain::slot::Session;
use crate::grammar::date::{self, named_day};
use crate::grammar::language::vocabulary::WORDS;

/// Words of the longest day: `hari Senin tanggal 7 bulan 12 tahun 2026`.
const DAY_WORDS_MAX: usize = 6;
/// Hours from which on one without `pagi` or `siang` is said of the morning: no office opens before.
const MORNING: u32 = 7;
/// Half of a day, in hours.
const HALF: u32 = 12;

/// What a sentence says of days and hours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct When {
    /// Each day that is named: every day it may mean, and the words that name it.
    pub(super) days: Vec<(std::ops::Range<usize>, Vec<NaiveDate>)>,
    /// The first hour, and the words that name it.
    pub(super) hour: Option<(std::ops::Range<usize>, NaiveTime)>,
    /// The first half of the day that is named.
    pub(super) session: Option<Session>,
}

impl When {
    /// Whether the word belongs to a day or an hour.
    pub(super) fn holds(&self, word: usize) -> bool {
        let days = self.days.iter().any(|(words, _)| words.contains(&word));
        days || self.hour.as_ref().is_some_and(|(words, _)| words.contains(&word))
    }

    /// Every day that may be meant, in the order of the sentence.
    pub(super) fn all_days(&self) -> Vec<NaiveDate> {
        self.days.iter().flat_map(|(_, days)| days).copied().collect()
    }
}

/// Reads the days and hours of a sentence.
pub(super) fn read(text: &str, words: &[Word], sent_on: NaiveDate) -> When {
    let Some(last) = sent_on.checked_add_days(Days::new(u64::from(HORIZON_DAYS_MAX))) else { return When::default() };
    let allowed = sent_on..=last;
    let mut when = When::default();
    let mut at = 0;
    while at < words.len() {
        if when.hour.is_none()
            && let Some((length, hour)) = hour(text, words, at)
        {
            when.hour = Some((at..at + length, hour));
            at += length;
        } else if let Some((length, days)) = day(text, words, at, sent_on, &allowed) {
            when.days.push((at..at + length, days));
            at += length;
        } else {
            let session = words.get(at).and_then(|word| session(written(text, word)));
            when.session = when.session.or(session);
            at += 1;
        }
    }
    when
}

fn written<'m>(text: &'m str, word: &Word) -> &'m str {
    text.get(word.at.clone()).unwrap_or_default()
}

fn session(word: &str) -> Option<Session> {
    WORDS
        .sessions
        .get(word)
        .or_else(|| ["sore", "afternoon"].iter().any(|said| word.eq_ignore_ascii_case(said)).then_some(Session::Siang))
}

/// The longest day that begins at a word: how many words it takes, and the days it may mean. Days that are over are none: they
/// are somebody's birth date.
fn day(
    text: &str,
    words: &[Word],
    at: usize,
    sent_on: NaiveDate,
    allowed: &RangeInclusive<NaiveDate>,
) -> Option<(usize, Vec<NaiveDate>)> {
    let from = words.get(at)?.at.start;
    let rest = text.get(from..)?;
    if words.get(at)?.number.is_none()
        && WORDS.of_days.front(rest).is_none()
        && WORDS.dates.short_weekdays.front(rest).is_none()
    {
        return None;
    }
    let longest = DAY_WORDS_MAX.min(words.len() - at);
    let day_of_month = words
        .get(at)?
        .number
        .filter(|_| at.checked_sub(1).and_then(|before| words.get(before)).is_some_and(|word| word.marks.precedes_day));
    let found = (1..=longest).rev().find_map(|length| {
        let to = words.get(at + length - 1)?.at.end;
        let named = text.get(from..to)?;
        let days = match date::parse(named) {
            Some(written) => written.days(allowed).ok()?,
            None => named_day::read(named, sent_on, allowed)?.ok()?.days,
        };
        Some((length, std::iter::once(days.first).chain(days.others).collect::<Vec<_>>()))
    });
    // `cek 14`
    let found = found.or_else(|| {
        let days = named_day::read(&format!("tgl {}", day_of_month?), sent_on, allowed)?.ok()?.days;
        Some((1, std::iter::once(days.first).chain(days.others).collect()))
    });
    found.filter(|(_, days)| days.iter().all(|day| allowed.contains(day)))
}

/// `jam 9`, `pukul 13.30`, `jam dua siang`: how many words it takes, and the hour.
fn hour(text: &str, words: &[Word], at: usize) -> Option<(usize, NaiveTime)> {
    english_hour(text, words, at).or_else(|| indonesian_hour(text, words, at))
}

/// `9 am`, `2pm`.
fn english_hour(text: &str, words: &[Word], at: usize) -> Option<(usize, NaiveTime)> {
    let hour = words.get(at)?.number.filter(|hour| (1..=HALF).contains(hour))?;
    let half = written(text, words.get(at + 1)?).to_ascii_lowercase();
    let later = match &*half {
        "am" => 0,
        "pm" => HALF,
        _ => return None,
    };
    Some((2, NaiveTime::from_hms_opt(hour % HALF + later, 0, 0)?))
}

fn indonesian_hour(text: &str, words: &[Word], at: usize) -> Option<(usize, NaiveTime)> {
    WORDS.hour.get(written(text, words.get(at)?))?;
    let number = |at: usize| {
        let word = words.get(at)?;
        word.number.or_else(|| WORDS.counts.get(written(text, word)).map(u32::from))
    };
    let mut hour = number(at + 1).filter(|hour| *hour <= 2 * HALF)?;
    let mut length = 2;
    // `9.30`, `9:30`: nothing but the mark between the numbers.
    let gap = words.get(at + 1).zip(words.get(at + 2)).and_then(|(one, other)| text.get(one.at.end..other.at.start));
    let mut minute = 0;
    if gap.is_some_and(|gap| matches!(gap, "." | ":"))
        && let Some(written) = number(at + 2).filter(|minute| *minute < 60)
    {
        (minute, length) = (written, 3);
    }
    let half = words.get(at + length).map(|word| written(text, word)).and_then(session);
    length += usize::from(half.is_some());
    let is_afternoon = half == Some(Session::Siang) || half.is_none() && hour < MORNING;
    if hour < HALF && hour > 0 && is_afternoon && !(half == Some(Session::Siang) && hour == 11) {
        hour += HALF;
    }
    Some((length, NaiveTime::from_hms_opt(hour % (2 * HALF), minute, 0)?))
}
