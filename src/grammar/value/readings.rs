//! The pieces of one misread form, each read as each field at most once, and only when asked for: reading a name as a date is
//! expensive, and what is wrong with a form is looked for in several ways.

use std::cell::OnceCell;

use chrono::NaiveDate;

use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::format::rules::Rules;
use crate::grammar::request::field::Field;
use crate::grammar::request::piece_error::PieceError;
use crate::grammar::value;
use crate::grammar::value::parsed::Parsed;

/// What a piece is as a field.
#[derive(Clone, Default)]
struct Cell<'m> {
    read: OnceCell<Result<Parsed, PieceError<'m>>>,
    repaired: OnceCell<Option<Parsed>>,
}

/// The pieces of a form, and what they are as fields of its format.
pub(crate) struct Readings<'f, 'm> {
    pub(crate) format: &'f Format,
    pub(crate) pieces: &'f [&'m str],
    pub(crate) sent_on: NaiveDate,
    fields: Vec<Field>,
    /// By piece and field; empty where there are more pieces than the longest form has.
    cells: Vec<Cell<'m>>,
}

impl<'f, 'm> Readings<'f, 'm> {
    /// The pieces of a message that was sent on a date; nothing is read yet.
    pub(crate) fn of(format: &'f Format, pieces: &'f [&'m str], sent_on: NaiveDate) -> Self {
        let fields_of = |shape: &'f Shape| shape.fields.iter().copied();
        let mut fields: Vec<Field> = Vec::new();
        for field in format.shapes().iter().flat_map(fields_of) {
            if !fields.contains(&field) {
                fields.push(field);
            }
        }
        let longest = format.shapes().iter().map(|shape| shape.fields.len()).max().unwrap_or_default();
        let count = if pieces.len() <= longest { pieces.len() * fields.len() } else { 0 };
        Self { format, pieces, sent_on, fields, cells: vec![Cell::default(); count] }
    }

    /// The rules of the format.
    pub(crate) fn rules(&self) -> &'f Rules {
        self.format.rules()
    }

    fn cell(&self, at: usize, field: Field) -> Option<&Cell<'m>> {
        let place = self.fields.iter().position(|known| *known == field)?;
        self.cells.get(at * self.fields.len() + place)
    }

    /// The piece at a place, read as a field; `None` where there are more pieces than any form has.
    pub(crate) fn read(&self, at: usize, field: Field) -> Option<&Result<Parsed, PieceError<'m>>> {
        let piece = self.pieces.get(at)?;
        Some(self.cell(at, field)?.read.get_or_init(|| value::read(self.rules(), field, piece, self.sent_on)))
    }

    /// The piece at a place, repaired by `repair` so that it reads as a field.
    pub(crate) fn repaired(
        &self,
        at: usize,
        field: Field,
        repair: impl FnOnce(&'m str) -> Option<Parsed>,
    ) -> Option<&Parsed> {
        let piece = self.pieces.get(at)?;
        self.cell(at, field)?.repaired.get_or_init(|| repair(piece)).as_ref()
    }
}
