//! Builds the misreading: what is wrong with a form, where, and what was expected.

use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::person::PARTY_MAX;
use crate::grammar::format::Format;
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::{FOUND_CHARS_MAX, Misread, MisreadKind};
use crate::grammar::request::piece_error::{FormError, PieceError};
use crate::grammar::text::span::span;
use crate::grammar::value::name;

pub(crate) fn misread(format: &Format, message: &str, (field, PieceError { kind, at }): FormError<'_>) -> Misread {
    Misread {
        format: format.id().clone(),
        kind,
        field,
        at: span(message, at),
        found: at.chars().take(FOUND_CHARS_MAX).collect(),
        expected: match (kind, field) {
            (MisreadKind::MessageTooLong, _) => format!("at most {MESSAGE_BYTES_MAX} bytes"),
            (MisreadKind::TooManyPeople, _) => format!("at most {PARTY_MAX} people in one message"),
            (MisreadKind::NotTogether, _) => "the same for everybody in the message".to_owned(),
            (_, Some(field)) => format.rules().expected(field),
            (_, None) => format.line().to_owned(),
        },
        others: Vec::new(),
        pieces: Vec::new(),
        member: None,
        suggestion: None,
        either: None,
        several: field == Some(Field::Nama) && name::holds_several(kind, at),
    }
}

/// The misreading of a message that is longer than any form.
pub(crate) fn too_long(format: &Format, message: &str) -> Misread {
    misread(format, message, (None, PieceError { kind: MisreadKind::MessageTooLong, at: message }))
}
