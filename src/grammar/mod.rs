//! Reads one message by an office's formats. Never touches a clock, a database or a citizen's reply.
//!
//! The line on an office's poster is its format; [`Format`] holds it, [`read`] runs it over a message. The words that are
//! spelled in many ways are data: `grammar/vocabulary.toml`. What nom reads stays inside this room.

mod date;
mod examples;
mod form;
mod format;
mod lone;
mod pattern;
mod pieces;
mod request;
#[cfg(test)]
mod tests;
mod value;
mod vocabulary;

use chrono::NaiveDate;

use crate::domain::message::MESSAGE_BYTES_MAX;

pub use format::{Format, FormatError};

pub use request::{Command, CommandName, Field, Form, Misread, MisreadKind, Request, Span};

/// Reads `text`, sent on `sent_on` (the office's date), by an office's formats, the ordinary one first.
///
/// Every text is something: never an error, never a panic. Linear in the length of the text.
pub fn read(formats: &[&Format], text: &str, sent_on: NaiveDate) -> Request {
    if text.len() > MESSAGE_BYTES_MAX {
        return formats.first().map_or(Request::Unreadable, |format| Request::Misread(form::too_long(format, text)));
    }
    lone::read(text).unwrap_or_else(|| form::read(formats, text, sent_on))
}
