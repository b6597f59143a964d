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
    /// Adds a whole year. Dates of other years in `holidays` are a mistake of the caller and are dropped.
    pub fn add_year(&mut self, year: i32, holidays: BTreeMap<NaiveDate, Holiday>) {
        let own = holidays.into_iter().filter(|(date, _)| date.year() == year);
        self.years.entry(year).or_default().extend(own);
    }

    /// Whether the year of `date` has been loaded.
    pub fn knows(&self, date: NaiveDate) -> bool {
        self.years.contains_key(&date.year())
    }

    /// The holiday on `date`, if it is one.
    pub fn holiday(&self, date: NaiveDate) -> Option<&Holiday> {
        self.years.get(&date.year())?.get(&date)
    }

    /// The loaded years, ascending.
    pub fn years(&self) -> impl Iterator<Item = i32> + '_ {
        self.years.keys().copied()
    }
}
