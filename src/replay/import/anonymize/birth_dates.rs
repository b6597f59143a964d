//! Which days are somebody's birth date.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::dates::Said;

/// First year that somebody alive may be born in.
pub(super) const BIRTH_YEAR_MIN: i32 = 1900;
/// Tells birth dates from other days.
#[derive(Debug, Clone)]
pub struct BirthDates {
    /// The day of the first message: a day before it is no visit that can still be asked for.
    pub first: NaiveDate,
    /// Birth dates that were read in the chat.
    pub known: BTreeSet<NaiveDate>,
    /// The mask of every birth date.
    pub mask: NaiveDate,
}

impl BirthDates {
    /// Whether a written date is somebody's birth date.
    pub fn is_birth(&self, said: Said) -> bool {
        match said {
            Said::Day(date) => date < self.first || self.known.contains(&date),
            Said::Yearly(day, month) => self.known.iter().any(|born| (born.day(), born.month()) == (day, month)),
            // A day that no calendar has, in this year or the next, is a slip in a visit.
            Said::Broken(year) => (BIRTH_YEAR_MIN..self.first.year()).contains(&year),
        }
    }
}
