//! Versions of what an office is: its file with its formats and calendars. Every change is a version with who, when and why; the highest
//! one is in force on every node. Publishing checks exactly what `antrean check` checks.

mod difference;
mod format;
mod numbered;
mod publish;
mod standing;

pub use difference::{Change, difference, sentence};
pub use format::{format_text, put_format, with_example};
pub use numbered::with_base;
pub use publish::{Edit, PublishError, Published, Versions, WHY_CHARS_MAX};
pub use standing::{Standing, carry, standing};
