//! Plays `.chat` stories through the real desk, courier, caretaker and SQLite, on a virtual clock with seeded codes.
//!
//! [`run()`] finds and plays stories, [`bless`] rewrites the replies of those that differ, [`import()`] turns a chat that
//! was exported from WhatsApp into a story. `fixtures/conversations/README.md` describes the language, which `story` reads;
//! `play` plays one story, `run` many, and `report` prints what came of them.

mod import;
mod play;
pub mod report;
mod run;
mod story;

pub use import::{
    DayOrder, FileError, FormatCase, ImportError, Imported, Leftover, Wanted, format_case, import, read_export,
};
pub use play::player::Difference;
pub use report::{Ending, Played, Tally};
pub use run::{Blessed, Change, ReplayError, Rewritten, Runner, bless, find, run};
pub use story::read::ScriptError;
