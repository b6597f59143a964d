//! Imports chats that were exported from WhatsApp: reads the file, masks everybody in it, and writes it as a story.

mod anonymize;
mod case;
mod convert;
mod disguise;
mod export;
mod exported_file;
mod head;
mod message;
mod notice;
mod story_writer;

pub use anonymize::Leftover;
pub use case::{FormatCase, format_case};
pub use convert::{ImportError, Imported, Wanted, import};
pub use exported_file::{FileError, read as read_export};
pub use head::DayOrder;
