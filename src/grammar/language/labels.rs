//! Labels before values: `Nama: Budi`, `Tgl Lahir 25-01-1987`.

use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::text::characters::{is_blank, is_pause};
use crate::grammar::text::pieces::bare;
use crate::grammar::text::words::Words;

/// The piece without its own label in front (`Nama: Budi`, `Tgl Lahir 25-01-1987`).
pub(crate) fn unlabelled(field: Field, piece: &str) -> &str {
    // What begins no label has none; this is the case for nearly every piece.
    let Some((label, after)) = WORDS.fields.front(piece) else { return piece };
    match after_label(&WORDS.fields, field, piece) {
        Some(value) => value,
        None if label == field && after.starts_with(is_blank) => bare(after),
        None => piece,
    }
}

/// What stands after a label and its colon.
fn after_label<'m, T: Copy + PartialEq>(labels: &Words<T>, label: T, piece: &'m str) -> Option<&'m str> {
    let (written, value) = piece.split_once([':', '=']).filter(|(written, _)| labels.get(written) == Some(label))?;
    // `*Nama:* Budi`: the label alone is bold.
    Some(bare(if written.starts_with(is_markup) { value.trim_start_matches(is_markup) } else { value }))
}

/// The same for any piece, one that the office named itself too.
pub(crate) fn without_label<'m>(own: &Words<u8>, field: Field, piece: &'m str) -> &'m str {
    match field {
        Field::Teks(place) => after_label(own, place, piece).unwrap_or(piece),
        _ => unlabelled(field, piece),
    }
}

/// Whether the piece is a field's own name and nothing else.
pub(crate) fn is_label(own: &Words<u8>, field: Field, piece: &str) -> bool {
    match field {
        Field::Teks(place) => own.get(piece) == Some(place),
        _ => WORDS.fields.get(piece) == Some(field),
    }
}

/// The field whose label and a colon open the piece.
pub(crate) fn label(piece: &str) -> Option<Field> {
    WORDS.fields.front(piece)?;
    piece.split_once([':', '=']).and_then(|(label, _)| WORDS.fields.get(label))
}

/// Whether the piece opens with any field's label and a colon.
pub(crate) fn is_labelled(piece: &str) -> bool {
    label(piece).is_some()
}

/// What stands after a field's label, or after another that is known and has its colon.
fn after_any_label(text: &str) -> Option<&str> {
    let other = WORDS.leftovers.labels.front(text).map(|((), after)| after);
    let other = other.filter(|after| after.trim_start_matches(is_blank).starts_with([':', '=']));
    other.or_else(|| WORDS.fields.front(text).map(|(_, after)| after))
}

/// The text cut in front of each label.
pub(crate) fn at_labels(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut seen, mut in_word) = (0, 0, false);
    for (at, c) in text.char_indices() {
        let was_in_word = std::mem::replace(&mut in_word, c.is_alphanumeric());
        if !in_word || was_in_word || at < seen {
            continue;
        }
        if let Some(after) = text.get(at..).and_then(after_any_label) {
            pieces.extend(text.get(start..at));
            (start, seen) = (at, text.len() - after.len());
        }
    }
    pieces.extend(text.get(start..));
    pieces.into_iter().map(|piece| bare(piece.trim_matches(is_pause))).filter(|piece| !piece.is_empty()).collect()
}

fn is_markup(c: char) -> bool {
    matches!(c, '*' | '_' | '~')
}
