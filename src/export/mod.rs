//! Files that are taken out of an installation: lines of bookings, visits and messages as CSV or XLSX, and the list of a day as PDF.
//!
//! A file is written by one task, a day at a time, into a folder that no address leads to; it is there for a day. A text of a citizen is
//! a text in it, never a formula.

mod files;
mod job;
mod lines;
mod pdf;
mod sheet;
mod text;

pub use files::{Exports, KEPT_HOURS};
pub use job::{Ask, ExportError, write};
pub use pdf::{DayList, ListHour, ListRow, ListWords, PdfError, day_list};
pub use text::harmless;
