//! The formats and calendars that an office has for itself, and the formats that it had until lately: a conversation that began with
//! those ends with them.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use miette::{NamedSource, Report};

use super::year;
use crate::domain::calendar::{Calendar, Holiday};
use crate::domain::office::FormatId;
use crate::domain::office_files::OfficeFiles;
use crate::grammar::Format;
use crate::sheet::{Problem, Problems, Source};

/// The holidays of a year.
type Year = BTreeMap<NaiveDate, Holiday>;

/// What an office has for itself; it outranks what all offices have.
#[derive(Debug, Clone, Default)]
pub struct OwnFiles {
    pub(super) formats: BTreeMap<FormatId, Arc<Format>>,
    years: BTreeMap<i32, Year>,
}

/// The formats that an office had before others replaced them.
#[derive(Debug, Clone)]
pub struct EarlierFormats {
    /// The last version of the office that had them.
    pub version: u32,
    /// When they were replaced.
    pub until: DateTime<Utc>,
    /// The formats, in the order of that version.
    pub formats: Arc<Vec<Arc<Format>>>,
}

/// By what a conversation shows when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Began {
    /// With this version of its office.
    Version(u32),
    /// At this moment.
    At(DateTime<Utc>),
}

impl EarlierFormats {
    /// Whether a conversation that began then began with these formats or earlier ones.
    pub(super) fn saw(&self, began: Began) -> bool {
        match began {
            Began::Version(version) => version <= self.version,
            Began::At(at) => at < self.until,
        }
    }
}

impl OwnFiles {
    /// Reads the formats and calendars among an office's files. They are checked when they are published, not here.
    ///
    /// # Errors
    /// All [`Problems`] of the texts.
    pub fn read(files: &OfficeFiles) -> Result<Self, Problems> {
        let mut problems: Vec<Problem> = Vec::new();
        let source = |name: &str, text: &str| -> Source { Arc::new(NamedSource::new(name, text.to_owned())) };
        let mut own = Self::default();
        for file in &files.formats {
            if let Some(format) = Format::read(&source(&file.name, &file.text), &mut problems) {
                own.formats.insert(format.id().clone(), Arc::new(format));
            }
        }
        for file in &files.calendars {
            if let Some(read) = year::read(&source(&file.name, &file.text), &mut problems) {
                own.years.insert(read.year.value, read.holidays);
            }
        }
        if problems.is_empty() { Ok(own) } else { Err(Problems(problems.into_iter().map(Report::new).collect())) }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.formats.is_empty() && self.years.is_empty()
    }

    /// Whether both have the same formats, and the same holidays in every year that both have.
    pub fn agrees(&self, other: &Self) -> bool {
        let same_year = |(year, holidays): (&i32, &Year)| other.years.get(year).is_none_or(|theirs| theirs == holidays);
        self.has_same_formats(other) && self.years.iter().all(same_year)
    }

    /// Whether both have the same formats and years.
    pub fn is_same(&self, other: &Self) -> bool {
        self.has_same_formats(other) && self.years == other.years
    }

    fn has_same_formats(&self, other: &Self) -> bool {
        let same = |(id, format): (&FormatId, &Arc<Format>)| {
            other.formats.get(id).is_some_and(|theirs| theirs.is_same(format))
        };
        self.formats.len() == other.formats.len() && self.formats.iter().all(same)
    }

    /// The calendar of all offices with these years in place of its own.
    #[must_use]
    pub fn over(&self, shared: &Arc<Calendar>) -> Arc<Calendar> {
        if self.years.is_empty() {
            return Arc::clone(shared);
        }
        let mut calendar = Calendar::clone(shared);
        for (year, holidays) in &self.years {
            calendar.add_year(*year, holidays.clone());
        }
        Arc::new(calendar)
    }

    /// The holidays of its own years.
    pub fn holidays(&self) -> impl Iterator<Item = (&NaiveDate, &Holiday)> {
        self.years.values().flatten()
    }

    /// A format of its own.
    pub fn format(&self, id: &FormatId) -> Option<&Arc<Format>> {
        self.formats.get(id)
    }

    /// Its own formats, by id.
    pub fn formats(&self) -> impl Iterator<Item = &Arc<Format>> {
        self.formats.values()
    }
}
