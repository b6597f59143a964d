//! Reads one message by an office's formats. Never touches a clock, a database or a citizen's reply.
//!
//! The line on an office's poster is its format; [`Format`] holds it, [`read`] runs it over a message. The words that are
//! spelled in many ways are data: `grammar/vocabulary.toml`. What nom reads stays inside this room.

#[cfg(test)]
mod abnf;
#[cfg(test)]
mod any_form;
mod around;
#[cfg(test)]
mod corpus;
mod cut;
mod date;
mod date_words;
mod day;
mod examples;
mod field;
mod fill;
mod form;
mod format;
mod head;
mod house_number;
mod keyword;
mod leftover;
mod lone;
mod mend;
mod misread;
mod name;
#[cfg(test)]
mod names_corpus;
mod party;
mod pattern;
mod pieces;
mod plain;
mod reading;
mod relative;
mod repair;
mod request;
mod respace;
mod rule_file;
mod rules;
mod sample;
mod separator;
mod stranger;
#[cfg(test)]
mod tests;
mod told_apart;
mod topic;
mod value;
mod vocabulary;
mod words;

use chrono::NaiveDate;

use crate::domain::message::MESSAGE_BYTES_MAX;

pub use field::{Field, PhotoKind};
pub use format::{Format, FormatError, Limits};
pub use misread::{Member, Misread, MisreadKind};
pub use reading::Reading;
pub use request::{Ask, CHOICES_MAX, Choice, Command, CommandName, Form, Note, NoteKind, Request, Span, Suggestion};
pub use rules::OwnText;
pub use topic::{About, Language, Topic, Topics};
pub use vocabulary::month_named;

/// Two formats of an office that cannot be told apart.
#[derive(Debug)]
pub struct Confused<'f> {
    /// The one that would be taken.
    pub taken: &'f Format,
    /// The one that would not.
    pub never: &'f Format,
    /// A message that both read.
    pub message: String,
}

/// The first two of an office's formats that cannot be told apart, if any are.
pub fn confused<'f>(formats: &[&'f Format]) -> Option<Confused<'f>> {
    formats.iter().enumerate().find_map(|(place, taken)| {
        formats.iter().skip(place + 1).find_map(|never| {
            let message = told_apart::between(taken, never)?;
            Some(Confused { taken, never, message })
        })
    })
}

/// Most characters of a message that is looked at, blanks not counted: a form for each of five people, with greetings, stays
/// well below; what is longer is a letter or an attack.
const FORM_CHARS_MAX: usize = 2048;

/// Reads `message`, sent on `sent_on` (the office's date), by an office's formats, the ordinary one first.
///
/// Every text is something: never an error, never a panic. Linear in the length of the text.
pub fn read(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Request {
    reading(formats, message, sent_on).request
}

/// The same, with what the message asks about.
pub fn reading(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Reading {
    let text = message.trim_matches(pieces::is_blank);
    let text = head::behind(text).unwrap_or(text);
    if message.len() > MESSAGE_BYTES_MAX || pieces::is_longer(text, FORM_CHARS_MAX) {
        let long = |format: &&Format| Request::Misread(form::too_long(format, message));
        return Reading::without_topics(formats.first().map_or(Request::Unreadable, long));
    }
    if let Some(form) = plain::read(formats, text, sent_on) {
        return Reading::without_topics(form);
    }
    let read = |text: &str| {
        // Asked last: hardly any message comes to it.
        match lone::read(text).unwrap_or_else(|| form::read(formats, text, sent_on)) {
            Request::Unreadable if lone::is_automatic(text) => Request::Automatic,
            Request::Unreadable => day::alone(text, sent_on).map_or(Request::Unreadable, Request::Day),
            request => request,
        }
    };
    let Reading { request, topics } = reading::of(text, read(text), sent_on, read);
    let front = message.get(..pieces::offset(message, text)).unwrap_or_default();
    Reading { request: request.behind(front), topics }
}
