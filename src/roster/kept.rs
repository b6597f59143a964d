//! Checks the files of one office exactly as `antrean check` does, and gives every problem with its file and place.

use std::ops::Range;
use std::sync::Arc;

use super::files::File;
use super::loaded::Roster;
use super::survey::surveyed;
use crate::domain::office::{Office, OfficeId};
use crate::domain::office_files::OfficeFiles;
use crate::sheet::{Place, Problem};

/// Something that keeps an office's files from being used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The file's name; empty where it is about all of them.
    pub file: String,
    /// Line, from 1; 0 where there is no place.
    pub line: usize,
    /// Column, from 1; 0 where there is no place.
    pub column: usize,
    /// The stretch of the text, in bytes.
    pub at: Range<usize>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

impl FileProblem {
    /// A problem that has no place.
    pub fn whole(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        let (what, remedy) = (what.into(), remedy.into());
        Self { file: String::new(), line: 0, column: 0, at: 0..0, what, remedy }
    }

    fn of(problem: Problem) -> Self {
        let (what, remedy, place) = problem.into_placed();
        let Some(place) = place else { return Self::whole(what, remedy) };
        let (line, column) = place.line_column();
        let Place { source, at } = place;
        Self { file: source.name().to_owned(), line, column, at, what, remedy }
    }
}

/// Reads and checks the files of one office, which has to be `id`.
///
/// # Errors
/// Every problem, in the order of the files.
pub fn check_files(id: &OfficeId, files: &OfficeFiles) -> Result<(Arc<Office>, Roster), Vec<FileProblem>> {
    let found = std::iter::once(&files.office).chain(&files.formats).chain(&files.calendars).map(File::kept).collect();
    let bases = files.bases.iter().map(File::kept).collect();
    let (roster, problems) = surveyed(found, bases, Vec::new());
    let mut problems: Vec<FileProblem> = problems.into_iter().map(FileProblem::of).collect();
    match (roster.offices.get(id), roster.offices.keys().next()) {
        (Some(office), _) if problems.is_empty() => return Ok((Arc::clone(office), roster)),
        (None, Some(other)) => problems.push(FileProblem::whole(
            format!("the office file says id = \"{other}\", but this is `{id}`"),
            "leave the id as it is: bookings and channels know the office by it",
        )),
        (None, None) if problems.is_empty() => {
            problems
                .push(FileProblem::whole("this is no office file", "an office file has `id`, `name` and `version`"));
        }
        _ => {}
    }
    Err(problems)
}

/// The version made elsewhere that an office file says it continues; 0 where it says nothing.
pub fn based_on(text: &str) -> u32 {
    let table: Option<toml::Table> = text.parse().ok();
    let number = table.as_ref().and_then(|table| table.get("based_on")?.as_integer());
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}
