//! What has been loaded: offices, their formats, and the calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};

use crate::domain::calendar::Calendar;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::domain::slot;
use crate::grammar::Format;

/// Offices, the formats that they name, and the holidays.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Offices by id.
    pub offices: BTreeMap<OfficeId, Arc<Office>>,
    /// Formats by id.
    pub formats: BTreeMap<FormatId, Arc<Format>>,
    /// The holidays of the loaded years.
    pub calendar: Arc<Calendar>,
}

impl Roster {
    /// The formats of an office, in its order.
    pub fn formats_of(&self, office: &Office) -> Vec<&Format> {
        office.formats.iter().filter_map(|id| self.formats.get(id)).map(Arc::as_ref).collect()
    }

    /// The years that people could ask for at `now`, but whose holidays are not loaded; with the offices concerned.
    pub fn unknown_years(&self, now: DateTime<Utc>) -> BTreeMap<i32, Vec<OfficeId>> {
        let known: BTreeSet<i32> = self.calendar.years().collect();
        let mut unknown = BTreeMap::<i32, Vec<OfficeId>>::new();
        for office in self.offices.values() {
            let years = office.date_at(now).year()..=slot::horizon(office, now).year();
            for year in years.filter(|year| !known.contains(year)) {
                unknown.entry(year).or_default().push(office.id.clone());
            }
        }
        unknown
    }
}
