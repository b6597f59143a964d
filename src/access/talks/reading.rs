//! What a message is read as, by the formats that the office has now: in types, which pages put into words.

use chrono::{DateTime, Utc};

use crate::access::day::Sight;
use crate::access::office_view::OfficeView;
use crate::domain::masked_debug::masked_debug;
use crate::grammar::{self, Field, Form, Format, MisreadKind, Reading, Request};

/// What a message is read as.
#[derive(Clone, PartialEq, Eq)]
pub enum ReadAs {
    /// A whole form: its pieces by name; empty where they may not be seen. Whether something was read otherwise than it is written.
    Form {
        /// Names and values, in the order of the line.
        pieces: Vec<(String, String)>,
        /// Whether something was repaired.
        repaired: bool,
    },
    /// A form with a date that may be several days.
    Ask {
        /// The piece.
        field: String,
    },
    /// A form with something wrong in it.
    Misread {
        /// What.
        kind: MisreadKind,
        /// The piece, if it is about one.
        field: Option<String>,
        /// What stands there, where it may be seen.
        found: Option<String>,
    },
    /// A command, by its word.
    Command(&'static str),
    /// A code, or the number of a choice.
    Digits,
    /// The office's line itself.
    Placeholder,
    /// What a machine answers by itself.
    Automatic,
    /// Questions, and nothing else.
    Question,
    /// Anything else.
    Talk,
}

masked_debug!(ReadAs);

fn pieces(format: &Format, form: &Form) -> Vec<(String, String)> {
    let named = |field: Field| Some((format.called(field).to_owned(), format.value(form, field)?));
    format.fields().into_iter().filter_map(named).collect()
}

/// What a piece is called by the format that the message came closest to.
fn called(formats: &[&Format], format: &crate::domain::office::FormatId, field: Field) -> String {
    let format = formats.iter().find(|one| one.id() == format);
    format.map_or_else(|| field.name().to_owned(), |format| format.called(field).to_owned())
}

impl OfficeView {
    /// What a text that was sent at `at` is read as.
    pub(super) fn read_as(&self, sight: Sight, text: &str, at: DateTime<Utc>) -> ReadAs {
        let formats = self.formats();
        let Reading { request, .. } = grammar::reading(&formats, text, self.office().date_at(at));
        match request {
            Request::Form(form) => {
                let format = formats.iter().find(|format| *format.id() == form.format);
                let pieces = format.filter(|_| sight == Sight::Whole).map(|format| pieces(format, &form));
                ReadAs::Form { pieces: pieces.unwrap_or_default(), repaired: !form.notes.is_empty() }
            }
            Request::Ask(ask) => ReadAs::Ask { field: ask.field.name().to_owned() },
            Request::Misread(misread) => ReadAs::Misread {
                kind: misread.kind,
                field: misread.field.map(|field| called(&formats, &misread.format, field)),
                found: Some(misread.found).filter(|found| sight == Sight::Whole && !found.is_empty()),
            },
            Request::Command(command) => ReadAs::Command(command.name.name()),
            Request::ChangeDay(_) => ReadAs::Command("ganti"),
            Request::Wait(_) => ReadAs::Command("tunggu"),
            Request::Digits(_) => ReadAs::Digits,
            Request::Placeholder => ReadAs::Placeholder,
            Request::Automatic => ReadAs::Automatic,
            Request::Question => ReadAs::Question,
            Request::Day(_) | Request::AboutCancelling | Request::Greeting | Request::Thanks | Request::Unreadable => {
                ReadAs::Talk
            }
        }
    }
}
