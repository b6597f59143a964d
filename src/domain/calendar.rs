//! National holidays and joint leave, year by year. A year that was not loaded is a state of its own, never "open".

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// One day on which public offices close.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Its name in Indonesian, as citizens read it (`Hari Kemerdekaan`).
    pub name: String,
    /// Its name in English.
    pub name_en: String,
    /// Whether it is joint leave (`cuti bersama`) rather than a holiday proper; offices close on both.
    #[serde(default)]
    pub joint_leave: bool,
}

/// The holidays of the years that have been loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    years: BTreeMap<i32, BTreeMap<NaiveDate, Holiday>>,
}

impl Calendar {
    /// Adds a whole year, in place of what was known of it: an amended decree replaces the first one. Dates of other
    /// years in `holidays` are a mistake of the caller and are dropped.
    pub fn add_year(&mut self, year: i32, holidays: BTreeMap<NaiveDate, Holiday>) {
        let own = holidays.into_iter().filter(|(date, _)| date.year() == year).collect();
        self.years.insert(year, own);
    }

    /// Whether the year of `date` has been loaded.
    pub fn knows(&self, date: NaiveDate) -> bool {
        self.years.contains_key(&date.year())
    }

    /// The holiday on `date`, if it is one.
    pub fn holiday(&self, date: NaiveDate) -> Option<&Holiday> {
        self.years.get(&date.year())?.get(&date)
    }

    /// Whether another calendar says the same of a year.
    #[must_use]
    pub fn agrees(&self, other: &Self, year: i32) -> bool {
        self.years.get(&year) == other.years.get(&year)
    }

    /// The loaded years, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn named(name: &str) -> Holiday {
        Holiday { name: name.to_owned(), name_en: name.to_owned(), joint_leave: false }
    }

    #[test]
    fn a_year_without_holidays_is_known_and_another_is_not() {
        let mut calendar = Calendar::default();
        calendar.add_year(2017, BTreeMap::new());
        assert!(calendar.knows(day(2017, 8, 17)));
        assert!(!calendar.knows(day(2018, 1, 1)));
        assert_eq!(calendar.holiday(day(2018, 1, 1)), None);
        assert_eq!(calendar.years().collect::<Vec<_>>(), [2017]);
    }

    #[test]
    fn an_amended_year_replaces_the_first_one() {
        // Broken once by extending the year instead: the day that the decree moved stayed a holiday.
        let mut calendar = Calendar::default();
        calendar.add_year(2026, [(day(2026, 3, 21), named("Idulfitri"))].into());
        calendar.add_year(2026, [(day(2026, 3, 22), named("Idulfitri"))].into());
        assert_eq!(calendar.holiday(day(2026, 3, 21)), None);
        assert_eq!(calendar.holiday(day(2026, 3, 22)), Some(&named("Idulfitri")));
    }

    #[test]
    fn a_day_of_another_year_does_not_slip_in() {
        let mut calendar = Calendar::default();
        calendar.add_year(2017, [(day(2018, 1, 1), named("Tahun Baru"))].into());
        assert!(!calendar.knows(day(2018, 1, 1)));
        assert_eq!(calendar.holiday(day(2018, 1, 1)), None);
    }
}
