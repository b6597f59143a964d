//! Reads office and calendar files into offices, formats and calendar; every problem with file, line, column and remedy.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::domain::calendar::Calendar;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::grammar::Format;

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

/// All problems of a set of files, each with its place and remedy.
#[derive(Debug, thiserror::Error)]
#[error("{} problem(s) in the office files", .0.len())]
pub struct Problems(pub Vec<miette::Report>);

impl Roster {
    /// The offices, formats and calendars compiled in from `fixtures/` and `grammar/`.
    ///
    /// # Errors
    /// [`Problems`], which the project's own tests rule out.
    pub fn shipped() -> Result<Self, Problems> {
        todo!("roster room")
    }

    /// The shipped formats and calendars with the offices of `paths` (files or folders); the shipped offices where none is given.
    ///
    /// # Errors
    /// All [`Problems`] of all files.
    pub fn load(paths: &[PathBuf]) -> Result<Self, Problems> {
        let _ = paths;
        todo!("roster room")
    }

    /// The formats of an office, in its order.
    pub fn formats_of(&self, office: &Office) -> Vec<&Format> {
        office.formats.iter().filter_map(|id| self.formats.get(id)).map(Arc::as_ref).collect()
    }
}

/// Prints an office as one whole file without `extend`; [`read`] gives the same office back.
pub fn print(office: &Office) -> String {
    let _ = office;
    todo!("roster room")
}

/// Reads one whole office file, as [`print`] writes it.
///
/// # Errors
/// All [`Problems`] of the text.
pub fn read(text: &str) -> Result<Office, Problems> {
    let _ = text;
    todo!("roster room")
}
