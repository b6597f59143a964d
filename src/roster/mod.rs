//! Reads office and calendar files into offices, formats and calendar; every problem with file, line, column and remedy.
//!
//! A file is read top to bottom whatever is wrong in it, so that one run reports everything to a clerk: `files` finds the
//! files, `draft` reads one office file (with `policy`, `texts` and `days`), `whole` makes an office of a draft, `year` reads a calendar, and `survey` joins all to
//! what `loaded` holds.

mod advice;
mod days;
mod draft;
mod edited;
mod files;
mod kept;
mod keys;
mod loaded;
mod no_shows;
mod notices;
mod own;
mod policy;
mod print;
mod privacy;
mod release;
mod reschedule;
mod sources;
mod survey;
mod texts;
mod value;
mod whole;
mod year;

#[cfg(test)]
mod tests;

pub use crate::sheet::Problems;
pub use advice::{Advice, advice};
pub use edited::{DayEntry, EditError, EditedFile, NewValue};
pub use files::shipped_base;
pub use kept::{FileProblem, based_on, check_files};
pub use keys::{keys, weekdays_of};
pub use loaded::Roster;
pub use own::{Began, EarlierFormats, OwnFiles};
pub use print::print;
pub use release::release_of;
pub use sources::format_id;
pub use survey::{Survey, survey};
pub use whole::read;
