//! Finds messages that fit two shapes of one format, or two formats of one office.
//!
//! Each shape's filled example is read, and variants of it with every other value that its pieces may have. A message that
//! fits twice is shown to the office.

use chrono::NaiveDate;

use crate::grammar::format::error::FormatError;
use crate::grammar::format::pattern::Shape;
use crate::grammar::format::{Format, sample};
use crate::grammar::reader::message::read;
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::note::NoteKind;

/// The day by which examples are read. Any day serves: each example is laid out for it.
fn day_of_sending() -> NaiveDate {
    NaiveDate::from_ymd_opt(2017, 8, 1).unwrap_or_default()
}

/// Messages in one shape: the filled example, and one for each other value of each piece.
fn messages(format: &Format, shape: &Shape) -> Vec<String> {
    let visit = day_of_sending().succ_opt().unwrap_or_default();
    let value = |field: Field| sample::value(format.rules(), field, visit);
    let with = |changed: Field, other: &str| {
        format.pattern().print(shape, |field| if field == changed { other.to_owned() } else { value(field) })
    };
    let first = format.filled(shape, visit);
    let varied = shape.fields.iter().flat_map(|&field| {
        let others = sample::others(format.rules(), field, day_of_sending());
        others.iter().map(|other| with(field, other)).collect::<Vec<_>>()
    });
    std::iter::once(first).chain(varied).collect()
}

/// Whether a form has this shape's fields and no other of the format's: a session in front may have passed for a greeting.
fn has_shape(format: &Format, shape: &Shape, form: &Form) -> bool {
    let fields = format.fields().into_iter().filter(|&field| field != Field::Jumlah);
    fields.into_iter().all(|field| format.value(form, field).is_some() == shape.fields.contains(&field))
}

/// The shapes of a format that another shape stands in the way of, each with a message.
pub(crate) fn between_shapes(format: &Format) -> Vec<FormatError> {
    let sent_on = day_of_sending();
    let error =
        |message: String, remedy: &str| FormatError { message, remedy: remedy.to_owned(), at: format.line_at() };
    let mut errors = Vec::new();
    for shape in format.shapes() {
        let names = shape.fields.iter().map(|&field| format.called(field)).collect::<Vec<_>>().join(", ");
        let all = messages(format, shape);
        let wrong = all.iter().find_map(|message| match read(&[format], message, sent_on) {
            Request::Form(form) if has_shape(format, shape, &form) => None,
            Request::Form(_) => Some((message, true)),
            Request::Misread(misread) if misread.kind == MisreadKind::WhichPiece => Some((message, true)),
            _ => Some((message, false)),
        });
        match wrong {
            None => {}
            Some((message, true)) => errors.push(error(
                format!("a form with {names} cannot be told from another of this line, or is never reached: `{message}` reads as both"),
                "let only one of the pieces be left out, or make two formats with a keyword in front of one",
            )),
            Some((message, false)) => errors.push(error(
                format!("the line does not read its own filled example `{message}`"),
                "look at the rules under [fields]: do they leave any value?",
            )),
        }
    }
    errors
}

/// Whether a message is a form of this format, and not by another mark than its own, which is read as a typo: the office's other format
/// may have it as its own.
pub(crate) fn is_own_form(format: &Format, message: &str, sent_on: NaiveDate) -> bool {
    match read(&[format], message, sent_on) {
        Request::Form(form) => !form.notes.iter().any(|note| note.kind == NoteKind::Separator),
        _ => false,
    }
}

/// A message that two formats of an office would both read, so that nobody knows which is meant.
pub(crate) fn between_formats(one: &Format, other: &Format) -> Option<String> {
    let is_form = |format: &Format, message: &str| is_own_form(format, message, day_of_sending());
    let of =
        |format: &Format| -> Vec<String> { format.shapes().iter().flat_map(|shape| messages(format, shape)).collect() };
    of(one).into_iter().chain(of(other)).find(|message| is_form(one, message) && is_form(other, message))
}

/// Two formats of an office that cannot be distinguished.
#[derive(Debug)]
pub struct Ambiguity<'f> {
    /// The one that would be taken.
    pub taken: &'f Format,
    /// The one that would not.
    pub never: &'f Format,
    /// A message that both read.
    pub message: String,
}

/// The first two of an office's formats that cannot be distinguished, if any are.
pub fn ambiguity<'f>(formats: &[&'f Format]) -> Option<Ambiguity<'f>> {
    formats.iter().enumerate().find_map(|(place, taken)| {
        formats.iter().skip(place + 1).find_map(|never| {
            let message = between_formats(taken, never)?;
            Some(Ambiguity { taken, never, message })
        })
    })
}
