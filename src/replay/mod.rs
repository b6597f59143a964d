//! Plays `.chat` stories through the real desk, courier, caretaker and SQLite, on a virtual clock with seeded codes.
//!
//! [`run`] finds and plays stories, [`bless`] rewrites the replies of those that differ, [`import`] turns a chat that
//! was exported from WhatsApp into a story. `fixtures/conversations/README.md` describes the language.

mod bless;
mod crowd;
mod disguise;
mod export;
mod exported_file;
mod head;
mod import;
mod notice;
mod pattern;
mod player;
pub mod report;
mod run;
mod script;
mod setting;
mod stage;
mod story;

pub use disguise::Leftover;
pub use exported_file::{FileError, read as read_export};
pub use head::DayOrder;
pub use import::{ImportError, Imported, Wanted, import};
pub use player::Difference;
pub use report::{Ending, Played, Tally};
pub use run::{Blessed, Playbill, ReplayError, bless, find, run};
pub use script::ScriptError;
