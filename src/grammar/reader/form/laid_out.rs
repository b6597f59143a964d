//! Lays a misread line out piece by piece: all that is wrong with it, and the line with what is right or can be repaired.

use crate::grammar::format::pattern::Shape;
use crate::grammar::format::rules::Rules;
use crate::grammar::language::labels;
use crate::grammar::reader::form::suggestion::said_at;
use crate::grammar::request::field::Field;
use crate::grammar::request::length::is_too_long;
use crate::grammar::request::misread::{FOUND_CHARS_MAX, MisreadKind, Mistake, OwnPiece};
use crate::grammar::request::piece_error::{FormError, PieceError};
use crate::grammar::value::parsed::{Parsed, Value};
use crate::grammar::value::readings::Readings;

/// A misread line, piece by piece.
#[derive(Default)]
pub(crate) struct LaidOut {
    /// What is wrong besides the mistake that is reported first.
    pub(crate) mistakes: Vec<Mistake>,
    /// The pieces, as far as they are right or can be repaired.
    pub(crate) pieces: Vec<OwnPiece>,
}

/// Lays a line out in the fullest shape that has no fewer fields than it has pieces; `wrong` is the mistake that is reported first.
/// What holds more pieces than any form cannot be laid out: nobody knows which piece is too many.
pub(crate) fn laid_out(wrong: &FormError<'_>, readings: &Readings<'_, '_>) -> LaidOut {
    let (wrong_field, wrong_kind) = (wrong.0, wrong.1.kind);
    let is_by_piece = !matches!(wrong_kind, MisreadKind::Surplus | MisreadKind::Swapped | MisreadKind::WhichPiece);
    let pieces = readings.pieces;
    let fits = |shape: &&Shape| shape.fields.len() >= pieces.len();
    let Some(shape) = readings.format.shapes().iter().filter(fits).min_by_key(|shape| shape.fields.len()) else {
        return LaidOut::default();
    };
    let Some(wrong_field) = wrong_field.filter(|field| is_by_piece && shape.fields.contains(field)) else {
        return LaidOut::default();
    };
    // Pieces that have their field.
    let mut placed = 0;
    let mut laid_out = LaidOut::default();
    for (at, &field) in shape.fields.iter().enumerate() {
        let fields_left = shape.fields.len() - at;
        // With as many pieces as fields left, each piece is its field's; with fewer, one that does not read is another's.
        let is_own = |read: &&Result<Parsed, PieceError<'_>>| pieces.len() - placed >= fields_left || read.is_ok();
        let (mistake, text) = match readings.read(placed, field).filter(is_own) {
            Some(read) => {
                placed += 1;
                one(readings, placed - 1, field, read)
            }
            None => (Some((MisreadKind::Missing, String::new())), None),
        };
        if let Some((kind, found)) = mistake.filter(|_| field != wrong_field) {
            laid_out.mistakes.push(Mistake { kind, field, found });
        }
        let text = text.filter(|_| field != wrong_field || wrong_kind != MisreadKind::Missing);
        laid_out.pieces.push(OwnPiece { field, text });
    }
    if placed == pieces.len() { laid_out } else { LaidOut::default() }
}

/// What is wrong with a piece and the part of it at fault, and what to print for it: as it was written, or repaired.
fn one(
    readings: &Readings<'_, '_>,
    at: usize,
    field: Field,
    read: &Result<Parsed, PieceError<'_>>,
) -> (Option<(MisreadKind, String)>, Option<String>) {
    match read {
        Ok(read) => {
            let own = || labels::unlabelled(field, readings.pieces.get(at).copied().unwrap_or_default()).to_owned();
            (None, Some(printed(readings.rules(), read).unwrap_or_else(own)).filter(|text| !is_too_long(field, text)))
        }
        Err(wrong) => {
            let repaired = said_at(readings, at, field).filter(|read| read.others.is_empty());
            let text = repaired.and_then(|read| printed(readings.rules(), read));
            (Some((wrong.kind, wrong.at.chars().take(FOUND_CHARS_MAX).collect())), text)
        }
    }
}

/// A name or a date that has one reading, as the format writes it.
fn printed(rules: &Rules, read: &Parsed) -> Option<String> {
    match &read.value {
        Value::Nama(nama) => Some(nama.as_str().to_owned()),
        Value::TglLahir(born) if read.others.is_empty() => Some(rules.born.spell(born.date())),
        Value::TglKedatangan(day) if read.others.is_empty() => Some(rules.visit.spell(*day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::grammar::format::Format;
    use crate::grammar::request::Request;
    use crate::grammar::request::misread::Misread;

    fn misread(text: &str) -> Misread {
        let format = Format::of_line("#Nama#TglLahir#TglKedatangan").expect("a line");
        let sent = NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date");
        match crate::grammar::read(&[&format], text, sent) {
            Request::Misread(misread) => misread,
            other => panic!("{text}: {other:?}"),
        }
    }

    // Negative control: without `laid_out` in `message::read_form` every line of this test fails.
    #[test]
    fn every_mistake_of_a_line_is_found() {
        for (text, first, others, own) in [
            (
                "#Budi#31021987#18072017",
                MisreadKind::NoSuchDay,
                vec![MisreadKind::VisitPast],
                vec![Some("Budi"), None, None],
            ),
            ("#Budi#31021987#07082017", MisreadKind::NoSuchDay, vec![], vec![Some("Budi"), None, Some("07082017")]),
            ("#Budi#25 Januari 1987", MisreadKind::Missing, vec![], vec![Some("Budi"), Some("25011987"), None]),
            ("#Budi", MisreadKind::Missing, vec![MisreadKind::Missing], vec![Some("Budi"), None, None]),
        ] {
            let misread = misread(text);
            assert_eq!(misread.kind, first, "{text}");
            assert_eq!(misread.others.iter().map(|other| other.kind).collect::<Vec<_>>(), others, "{text}");
            assert_eq!(misread.pieces.iter().map(|piece| piece.text.as_deref()).collect::<Vec<_>>(), own, "{text}");
        }
    }

    #[test]
    fn a_line_with_a_piece_too_many_is_not_laid_out() {
        assert!(misread("#Budi#25011987#07082017#08111100").pieces.is_empty());
    }
}
