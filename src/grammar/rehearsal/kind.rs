//! What becomes of one message, and why.

use crate::grammar::format::Format;
use crate::grammar::rehearsal::result::Tally;
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::text::span::Span;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Repaired,
    Asked,
    Misread,
    Other,
}

impl Kind {
    pub(crate) fn of(request: &Request) -> Self {
        match request {
            Request::Form(form) if form.notes.is_empty() => Self::Read,
            Request::Form(_) => Self::Repaired,
            Request::Ask(_) => Self::Asked,
            Request::Misread(_) | Request::Placeholder | Request::Day(_) | Request::Unreadable => Self::Misread,
            Request::Command(_)
            | Request::AboutCancelling
            | Request::ChangeDay(_)
            | Request::Wait(_)
            | Request::Digits(_)
            | Request::Question
            | Request::Greeting
            | Request::Thanks
            | Request::Automatic => Self::Other,
        }
    }

    /// Whether a whole form came of it.
    pub(crate) fn is_whole(self) -> bool {
        matches!(self, Self::Read | Self::Repaired)
    }
}

impl Tally {
    pub(crate) fn add(&mut self, kind: Kind) {
        *match kind {
            Kind::Read => &mut self.read,
            Kind::Repaired => &mut self.repaired,
            Kind::Asked => &mut self.asked,
            Kind::Misread => &mut self.misread,
            Kind::Other => &mut self.other,
        } += 1;
    }
}

/// What keeps a message from being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub(crate) kind: &'static str,
    /// The piece, as its format calls it.
    pub(crate) field: Option<String>,
    pub(crate) at: Option<Span>,
    pub(crate) expected: Option<String>,
}

impl Reason {
    /// Why a request is no whole form; of a form, that it is another.
    pub(crate) fn of(formats: &[&Format], request: &Request) -> Self {
        let called = |id, field: Field| {
            let format = formats.iter().find(|format| format.id() == id);
            format.map_or(field.name(), |format| format.called(field)).to_owned()
        };
        let plain = |kind| Self { kind, field: None, at: None, expected: None };
        match request {
            Request::Ask(ask) => {
                let days: Vec<String> = ask.choices.iter().map(|choice| choice.date.to_string()).collect();
                let field = ask.choices.first().map(|choice| called(&choice.form.format, ask.field));
                let expected = Some(format!("one of {}", days.join(", ")));
                Self { kind: "ask", field, at: Some(ask.at), expected }
            }
            Request::Misread(misread) => Self {
                kind: misread.kind.name(),
                field: misread.field.map(|field| called(&misread.format, field)),
                at: Some(misread.at),
                expected: Some(misread.expected.clone()),
            },
            Request::Placeholder => plain("placeholder"),
            Request::Day(_) | Request::Unreadable => plain("unreadable"),
            _ => plain("other"),
        }
    }
}
