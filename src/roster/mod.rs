//! Reads office and calendar files into offices, formats and calendar; every problem with file, line, column and remedy.
//!
//! A file is read top to bottom whatever is wrong in it, so that one run tells a clerk everything: `files` finds the
//! files, `draft` reads one office file, `whole` makes an office of a draft, `year` reads a calendar, `survey` joins all.

mod advice;
mod draft;
mod files;
mod print;
mod survey;
mod value;
mod whole;
mod year;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Datelike, Utc};
use miette::{NamedSource, Report};

use crate::domain::calendar::Calendar;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::domain::slot;
use crate::grammar::Format;

use crate::sheet::Problem;
pub use crate::sheet::Problems;
pub use advice::{Advice, advice};
pub use print::print;
pub use survey::{Survey, survey};

/// Everything that files say: offices, the formats they name, and the holidays.
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
    /// The offices, formats and calendars compiled in from `fixtures/` and `grammar/`.
    ///
    /// # Errors
    /// [`Problems`], which the project's own tests rule out.
    pub fn shipped() -> Result<Self, Problems> {
        Self::load(&[])
    }

    /// What the files of `paths` (files or folders) say, over the shipped formats and calendars; a format or year among
    /// them outranks the shipped one. Without any path, the shipped offices.
    ///
    /// # Errors
    /// All [`Problems`] of all files.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Problems> {
        let Survey { roster, problems } = survey(paths);
        if problems.0.is_empty() { Ok(roster) } else { Err(problems) }
    }

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

/// Reads one whole office file, as [`print()`] writes it. Whether its formats exist is not asked here.
///
/// # Errors
/// All [`Problems`] of the text.
pub fn read(text: &str) -> Result<Office, Problems> {
    read_whole(text).map_err(|problems| Problems(problems.into_iter().map(Report::new).collect()))
}

fn read_whole(text: &str) -> Result<Office, Vec<Problem>> {
    let mut problems = Vec::new();
    let source = Arc::new(NamedSource::new("office", text.to_owned()));
    let draft = draft::Draft::read(&source, &mut problems);
    if let Some(extend) = draft.extend.given() {
        let what = "this text has to stand alone, so it cannot extend another";
        problems.push(Problem::at(extend.place.clone(), what, "write out everything in it"));
    }
    draft.office(None, &mut problems).filter(|_| problems.is_empty()).ok_or(problems)
}
