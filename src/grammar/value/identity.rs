//! Reads identity numbers and telephone numbers.

use crate::grammar::date::repair;
use crate::grammar::request::note::NoteKind;
use crate::grammar::text::characters::digit;
use crate::grammar::value::parsed::{Parsed, Value};

/// A number as written in any digits, or with letters for digits repaired.
pub(crate) fn number(text: &str, read: impl Fn(&str) -> Option<Value>) -> Option<Parsed> {
    let ascii: String =
        text.chars().map(|c| digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c)).collect();
    if let Some(value) = read(&ascii) {
        return Some(value.into());
    }
    let digits = repair::digits(&ascii)?;
    let value = read(&digits)?;
    Some(Parsed { value, others: Vec::new(), repaired: Some((NoteKind::Digit, digits)) })
}
