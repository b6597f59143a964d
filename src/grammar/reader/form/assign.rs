//! Assigns the pieces of a message to the fields of a format and reads each by its field; names what is missing, too many or
//! wrong.

use std::borrow::Cow;
use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::language::labels;
use crate::grammar::language::politeness::is_filler;
use crate::grammar::reader::form::filled::{Filled, FormBuilder};
use crate::grammar::reader::form::{house_number, intruder};
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::piece_error::{FormError, PieceError};
use crate::grammar::text::characters::is_blank;
use crate::grammar::text::pieces::bare;
use crate::grammar::text::span::{before, end, joined};
use crate::grammar::value;
use crate::grammar::value::resemblance::{is_countish, resembles};

/// One piece for each field of a shape: surplus pieces are joined in the field that may hold the separator.
pub(crate) fn align<'p, 'm>(shape: &Shape, message: &'m str, pieces: &'p [&'m str]) -> Cow<'p, [&'m str]> {
    let surplus = pieces.len().saturating_sub(shape.fields.len());
    let cut = shape.open_at.filter(|_| surplus > 0).and_then(|at| {
        let (front, rest) = pieces.split_at_checked(at)?;
        let (address, back) = rest.split_at_checked(surplus + 1)?;
        Some((front, joined(message, address.first()?, address.last()?), back))
    });
    match cut {
        Some((front, address, back)) => Cow::Owned([front, &[address], back].concat()),
        None => Cow::Borrowed(pieces),
    }
}

/// Reads the pieces as a form in this format, in whichever of its shapes they have.
pub(crate) fn assign_in_any_shape<'m>(
    format: &Format,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Result<Filled<'m>, FormError<'m>> {
    if let [only] = format.shapes() {
        return assign_in_shape(format, only, message, pieces, sent_on);
    }
    let fitting = format.shapes().iter().filter(|shape| align(shape, message, pieces).len() == shape.fields.len());
    let read =
        fitting.filter_map(|shape| Some((shape, assign_in_shape(format, shape, message, pieces, sent_on).ok()?)));
    let read: Vec<_> = read.collect();
    match read.len() {
        0 => assign_in_shape(format, closest(format, message, pieces, sent_on)?, message, pieces, sent_on),
        1 => read.into_iter().next().map(|(_, filled)| filled).ok_or((None, before_all(message))),
        _ => one_of(read, message, pieces),
    }
}

/// An error at the start of the message, for what is no single piece's fault.
fn before_all(message: &str) -> PieceError<'_> {
    PieceError { kind: MisreadKind::Missing, at: before(message, message) }
}

/// Of several readings the one that the form itself confirms: a NIK with the birth date in it. Otherwise it is asked
/// which piece is meant, never guessed.
fn one_of<'m>(
    read: Vec<(&Shape, Filled<'m>)>,
    message: &'m str,
    pieces: &[&'m str],
) -> Result<Filled<'m>, FormError<'m>> {
    let confirmed = |filled: &Filled<'_>| {
        let applicant = &filled.form.applicant;
        applicant.nik.is_some() && applicant.tgl_lahir.is_some() && !applicant.nik_differs()
    };
    let differs = |field: &Field, at: usize| read.iter().any(|(shape, _)| shape.fields.get(at) != Some(field));
    let first = read.first().and_then(|(shape, _)| {
        let (at, field) = shape.fields.iter().enumerate().find(|(at, field)| differs(field, *at))?;
        Some((Some(*field), PieceError { kind: MisreadKind::WhichPiece, at: pieces.get(at)? }))
    });
    let wrong = first.unwrap_or((None, before_all(message)));
    let mut likely = read.into_iter().map(|(_, filled)| filled).filter(confirmed);
    match (likely.next(), likely.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(wrong),
    }
}

/// The shape that the pieces come closest to: in their number, then in how many read, then in how they look.
fn closest<'f, 'm>(
    format: &'f Format,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Result<&'f Shape, FormError<'m>> {
    let rank = |shape: &&Shape| {
        let aligned = align(shape, message, pieces);
        let pairs = || aligned.iter().zip(&shape.fields);
        let reading = pairs().filter(|(piece, field)| value::read(format.rules(), **field, piece, sent_on).is_ok());
        let alike = pairs().filter(|(piece, field)| resembles(**field, piece));
        (aligned.len().abs_diff(shape.fields.len()), Reverse(reading.count()), Reverse(alike.count()))
    };
    format.shapes().iter().min_by_key(rank).ok_or((None, before_all(message)))
}

/// The pieces in the shape's order, where each has the label of a field of its own: `Tgl Lahir: ...`, `Nama: ...`.
fn by_label<'m>(shape: &Shape, pieces: &[&'m str]) -> Option<Vec<&'m str>> {
    // Hardly any message has labels.
    pieces.first().and_then(|first| labels::label(first))?;
    let labels: Vec<Field> = pieces.iter().map(|piece| labels::label(piece)).collect::<Option<_>>()?;
    shape.in_order(&labels, pieces)
}

/// Reads the pieces as a form in one shape.
pub(crate) fn assign_in_shape<'m>(
    format: &Format,
    shape: &Shape,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Result<Filled<'m>, FormError<'m>> {
    let by_label = by_label(shape, pieces);
    let pieces = by_label.as_deref().unwrap_or(pieces);
    let aligned = align(shape, message, pieces);
    let fields = &shape.fields;
    if aligned.len() < fields.len() {
        return Err(missing(format, fields, message, &aligned, sent_on));
    }
    let surplus = |at| (None, PieceError { kind: MisreadKind::Surplus, at });
    // What is too many goes to the address; a bare number at its end is more likely a count, and a date another person's.
    let absorbed = shape.open_at.filter(|_| pieces.len() > fields.len());
    let last = absorbed.and_then(|at| pieces.get(at + pieces.len() - fields.len()));
    if let Some(count) = last.filter(|last| is_countish(last)) {
        return Err(surplus(count));
    }
    let read = assign(format, shape, &aligned, sent_on)
        .map(|filled| Filled { house: house_number::doubtful(format, shape, message, &aligned), ..filled });
    if let (Some(last), Ok(filled)) = (last, &read)
        && !is_closed(format, shape, &filled.form)
    {
        return Err(surplus(last));
    }
    if read.is_ok()
        && let Some(wrong) = intruder_in(format, fields, &aligned)
    {
        return Err(wrong);
    }
    if pieces.len() == fields.len() || (read.is_ok() && aligned.len() == fields.len()) {
        return read;
    }
    if let Some(at) = surplus_piece(format, shape, message, pieces, sent_on) {
        return Err(surplus(at));
    }
    match (read, aligned.get(fields.len()), aligned.last()) {
        (_, Some(first), Some(last)) => Err(surplus(joined(message, first, last))),
        (read, ..) => read,
    }
}

/// Whether the value that took in pieces of its own reads the same from the form's printed line: neither thanks nor the
/// photo's name have left a count or a mark at its end (`Jl. Melati#4 makasih`), and no pair of quotes is left around a part.
fn is_closed(format: &Format, shape: &Shape, form: &Form) -> bool {
    let open = shape.open_at.and_then(|at| shape.fields.get(at));
    let value = open.and_then(|&field| format.value(form, field)).unwrap_or_default();
    let is_mark = |c| format.separator().is(c);
    let is_bare = |part: &str| !bare(part).is_empty() && bare(part) == part.trim_matches(is_blank);
    let (first, last) = (value.split(is_mark).next(), value.rsplit(is_mark).next());
    let is_end = |last: &str| is_bare(last) && !is_countish(bare(last)) && !is_filler(last);
    first.is_some_and(is_bare) && last.is_some_and(is_end)
}

/// The surplus piece: one without which the others are a form. What stands before the first separator is preferred, then the
/// last such piece.
fn surplus_piece<'m>(
    format: &Format,
    shape: &Shape,
    message: &'m str,
    pieces: &[&'m str],
    sent_on: NaiveDate,
) -> Option<&'m str> {
    let is_form = |others: &[&'m str]| {
        let aligned = align(shape, message, others);
        aligned.len() == shape.fields.len() && assign(format, shape, &aligned, sent_on).is_ok()
    };
    let mut surplus = shape.without_one(pieces).filter(|(_, others)| is_form(others)).map(|(at, _)| at).peekable();
    let last = surplus.peek().copied()?;
    let opens = message.trim_start_matches(is_blank).starts_with(|c| format.separator().is(c));
    let in_front = !opens && surplus.any(|at| at == 0);
    pieces.get(if in_front { 0 } else { last }).copied()
}

/// Which piece is missing: the first whose place is taken by what reads as the next field, or else the last.
fn missing<'m>(
    format: &Format,
    fields: &[Field],
    message: &'m str,
    aligned: &[&'m str],
    sent_on: NaiveDate,
) -> FormError<'m> {
    let reads = |field, piece| value::read(format.rules(), field, piece, sent_on).is_ok();
    let gone = |field, at| (Some(field), PieceError { kind: MisreadKind::Missing, at });
    let mut pieces = aligned.iter().peekable();
    for (&field, next) in fields.iter().zip(fields.iter().skip(1)) {
        match pieces.peek() {
            None => return gone(field, end(message)),
            // What has no letter is no name, whatever else it is.
            Some(piece)
                if !reads(field, piece)
                    && (reads(*next, piece) || field == Field::Nama && !piece.contains(char::is_alphabetic)) =>
            {
                return gone(field, before(message, piece));
            }
            Some(_) => pieces.next(),
        };
    }
    gone(fields.last().copied().unwrap_or(Field::Nama), end(message))
}

/// Reads each piece by its field; there are as many as fields, or more.
pub(crate) fn assign<'m>(
    format: &Format,
    shape: &Shape,
    aligned: &[&'m str],
    sent_on: NaiveDate,
) -> Result<Filled<'m>, FormError<'m>> {
    let mut builder = FormBuilder::new();
    for (&field, &piece) in shape.fields.iter().zip(aligned) {
        let read = value::read(format.rules(), field, piece, sent_on).map_err(|broken| (Some(field), broken))?;
        builder.fill(field, piece, read);
    }
    builder.form(format)
}

/// The first part of a piece that belongs to something else, with the field where it is mingled with the field's own value.
fn intruder_in<'m>(format: &Format, fields: &[Field], aligned: &[&'m str]) -> Option<FormError<'m>> {
    fields.iter().zip(aligned).find_map(|(&field, piece)| {
        let intruder = intruder::find(format, field, piece)?;
        Some(((intruder.kind == MisreadKind::Mingled).then_some(field), intruder))
    })
}
