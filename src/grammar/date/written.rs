//! A written date, and the days that it may mean.

use std::ops::RangeInclusive;

use chrono::{Datelike, NaiveDate};

use crate::grammar::text::characters::is_blank;

/// Most digits in one run of a date: `25011987`.
pub(crate) const RUN_DIGITS_MAX: usize = 8;

/// Why a text gives no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DateError {
    /// It has no date's shape.
    NotADate,
    /// It has, but no calendar has the day.
    NoSuchDay,
    /// Its parts do not agree: a weekday and a date that is another.
    Contradicts,
}

/// A text in a date's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// With the year in full.
    Full {
        /// Year.
        year: u32,
        /// Month, perhaps none of the calendar.
        month: u32,
        /// Day, perhaps none of the calendar.
        day: u32,
    },
    /// With a year of two digits: the year first or last, as (year, month, day).
    Short([Option<(u32, u32, u32)>; 2]),
}

/// Whether this stands between the parts.
pub(crate) fn is_gap(c: char) -> bool {
    is_blank(c) || matches!(c, '-' | '/' | '.' | ',' | '_' | '\'' | '‐'..='―' | '−' | '－' | '／' | '．' | '，')
}

/// Three parts in a row, the month in the middle: the year is the run of four digits, or may be either run of two.
pub(crate) fn around_month(
    (first, first_digits): (u32, usize),
    month: u32,
    (last, last_digits): (u32, usize),
) -> Option<Written> {
    match (first_digits, last_digits) {
        (1 | 2, 4) => Some(Written::Full { year: last, month, day: first }),
        (4, 1 | 2) => Some(Written::Full { year: first, month, day: last }),
        (1 | 2, 1 | 2) if first_digits + last_digits > 2 => Some(Written::Short([
            (last_digits == 2).then_some((last, month, first)),
            (first_digits == 2).then_some((first, month, last)),
        ])),
        _ => None,
    }
}

fn calendar_day(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// The days that a written date may mean: the first, and the others in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) first: NaiveDate,
    pub(crate) others: Vec<NaiveDate>,
}

impl Days {
    /// One day and no other.
    pub(crate) fn one(first: NaiveDate) -> Self {
        Self { first, others: Vec::new() }
    }

    /// The days of a list, in order and each once; `None` of an empty one.
    pub(crate) fn of(mut days: Vec<NaiveDate>) -> Option<Self> {
        days.sort_unstable();
        days.dedup();
        let mut days = days.into_iter();
        Some(Self { first: days.next()?, others: days.collect() })
    }
}

impl Written {
    /// The days that may be meant. `allowed` decides between the readings of a two-digit year and nothing else:
    /// a full date outside it is still what was written, and so is a short one of which no reading fits.
    ///
    /// # Errors
    /// [`DateError::NoSuchDay`].
    pub(crate) fn days(self, allowed: &RangeInclusive<NaiveDate>) -> Result<Days, DateError> {
        let readings = match self {
            Self::Full { year, month, day } => {
                return calendar_day(year, month, day).map(Days::one).ok_or(DateError::NoSuchDay);
            }
            Self::Short(readings) => readings,
        };
        let centuries = allowed.start().year() / 100..=allowed.end().year() / 100;
        let real = |century: i32| {
            readings.into_iter().flatten().filter_map(move |(year, month, day)| {
                calendar_day(u32::try_from(century).ok()? * 100 + year, month, day)
            })
        };
        let fitting = centuries.clone().flat_map(real).filter(|day| allowed.contains(day)).collect();
        // Nothing fits: what is nearest to what would is what was meant, for its field to refuse.
        Days::of(fitting)
            .or_else(|| {
                let off = |day: &NaiveDate| (*allowed.start() - *day).abs().min((*day - *allowed.end()).abs());
                centuries.flat_map(real).min_by_key(off).map(Days::one)
            })
            .ok_or(DateError::NoSuchDay)
    }
}
