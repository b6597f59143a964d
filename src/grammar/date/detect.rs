//! Whether a text is a date, or may hold one that has a typo in it.

use crate::grammar::date;
use crate::grammar::date::{repair, split_at_dates};
use crate::grammar::text::characters::{digit, visible};

/// Whether the piece is a date, written right or with a typo.
pub(crate) fn is_dated(piece: &str) -> bool {
    date::parse(piece).is_some() || repair::birth_date(piece).is_some()
}

/// Digits in one run that may be a date with a typo: `5121990`, `051219900`. A postal code has fewer, a telephone more.
const DATE_DIGITS: std::ops::RangeInclusive<usize> = 6..=9;

/// Whether a date stands in the text, or a run of digits or a year that may be what is left of one.
pub(crate) fn may_hold_date(text: &str) -> bool {
    let is_year = |run: &str| run.len() == 4 && (run.starts_with("19") || run.starts_with("20"));
    let holds = |text: &str| {
        let mut runs = text.split(|c| digit(c).is_none());
        runs.any(|run| DATE_DIGITS.contains(&run.chars().count()) || is_year(run))
            || split_at_dates::around_dates(text).into_iter().any(|part| date::parse(part).is_some())
    };
    let text = &*visible(text);
    text.contains(|c| digit(c).is_some())
        && (holds(text) || repair::digits(text).is_some_and(|repaired| holds(&repaired)))
}
