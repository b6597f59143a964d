//! What has been loaded: offices, their formats, and the calendar.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};

use super::own::{Began, EarlierFormats, OwnFiles};
use super::sources::Sources;
use crate::domain::calendar::Calendar;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::domain::office_files::OfficeFiles;
use crate::domain::slot;
use crate::grammar::Format;

/// Offices, the formats that they name, and the holidays.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// Offices by id.
    pub offices: BTreeMap<OfficeId, Arc<Office>>,
    /// Formats by id, for every office that has none of its own by that id.
    pub formats: BTreeMap<FormatId, Arc<Format>>,
    /// The holidays of the loaded years, for every office that has none of its own.
    pub calendar: Arc<Calendar>,
    /// What offices have for themselves.
    pub(super) own: BTreeMap<OfficeId, Arc<OfOffice>>,
    /// The texts that were read.
    pub(super) sources: Arc<Sources>,
}

/// What one office has for itself.
#[derive(Debug)]
pub(super) struct OfOffice {
    formats: BTreeMap<FormatId, Arc<Format>>,
    calendar: Arc<Calendar>,
    /// The formats that it had, the earliest first.
    earlier: Vec<EarlierFormats>,
}

impl Roster {
    /// The formats of an office, in its order.
    pub fn formats_of(&self, office: &Office) -> Vec<&Format> {
        office.formats.iter().filter_map(|id| self.format(&office.id, id)).map(Arc::as_ref).collect()
    }

    /// A format as an office has it.
    pub fn format(&self, office: &OfficeId, id: &FormatId) -> Option<&Arc<Format>> {
        let own = self.own.get(office).and_then(|own| own.formats.get(id));
        own.or_else(|| self.formats.get(id))
    }

    /// The holidays as an office has them.
    pub fn calendar_of(&self, office: &OfficeId) -> &Arc<Calendar> {
        self.own.get(office).map_or(&self.calendar, |own| &own.calendar)
    }

    /// The formats with which a conversation began, where its office has others by now.
    pub fn earlier_formats(&self, office: &OfficeId, began: Began) -> Option<&EarlierFormats> {
        self.own.get(office)?.earlier.iter().find(|earlier| earlier.saw(began))
    }

    /// Whether an office had other formats lately.
    pub fn has_earlier_formats(&self, office: &OfficeId) -> bool {
        self.own.get(office).is_some_and(|own| !own.earlier.is_empty())
    }

    /// Puts an office in force with what it has for itself. `earlier` are the formats that it had, the earliest first.
    pub fn put(&mut self, office: Arc<Office>, own: OwnFiles, earlier: Vec<EarlierFormats>) {
        if own.is_empty() && earlier.is_empty() {
            self.own.remove(&office.id);
        } else {
            let calendar = own.over(&self.calendar);
            let of_office = OfOffice { formats: own.formats, calendar, earlier };
            self.own.insert(office.id.clone(), Arc::new(of_office));
        }
        self.offices.insert(office.id.clone(), office);
    }

    /// The files from which an office was read; `None` where it was not read from files.
    pub fn files_of(&self, office: &Office) -> Option<OfficeFiles> {
        self.sources.of_office(office)
    }

    /// Adds the formats that an office file names and that only this roster's files have, so that they travel with the office.
    pub fn add_known_formats(&self, files: &mut OfficeFiles) {
        self.sources.add_known_formats(files);
    }

    /// The years that people could ask for at `now`, but whose holidays are not loaded; with the offices concerned.
    pub fn unknown_years(&self, now: DateTime<Utc>) -> BTreeMap<i32, Vec<OfficeId>> {
        let mut unknown = BTreeMap::<i32, Vec<OfficeId>>::new();
        for office in self.offices.values() {
            let known: BTreeSet<i32> = self.calendar_of(&office.id).years().collect();
            let years = office.date_at(now).year()..=slot::horizon(office, now).year();
            for year in years.filter(|year| !known.contains(year)) {
                unknown.entry(year).or_default().push(office.id.clone());
            }
        }
        unknown
    }
}
