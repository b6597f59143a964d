//! Changes single keys of an office's, a calendar's or a format's file, and leaves comments, order and spacing as they are written. No
//! other module edits TOML.

mod days;
mod file;
mod value;

pub use days::DayEntry;
pub use file::{EditError, EditedFile};
pub use value::NewValue;
