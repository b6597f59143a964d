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
    if let Some(value) = at_colon(piece, after) {
        return if label == field { value } else { piece };
    }
    match after_label(&WORDS.fields, field, piece) {
        Some(value) => value,
        None if label == field && after.starts_with(is_blank) => bare(after),
        None => piece,
    }
}

/// What stands after a label and its colon.
fn after_label<'m, T: Copy + PartialEq>(labels: &Words<T>, label: T, piece: &'m str) -> Option<&'m str> {
    let (written, value) = piece.split_once([':', '=']).filter(|(written, _)| labels.get(written) == Some(label))?;
    Some(value_of(written, value))
}

/// The value that stands after a label and its colon.
fn value_of<'m>(written: &str, value: &'m str) -> &'m str {
    // `*Nama:* Budi`: the label alone is bold.
    bare(if written.starts_with(is_markup) { value.trim_start_matches(is_markup) } else { value })
}

/// The value where the label that opens the piece ends at its first colon, as nearly every label does: then it need not be looked up
/// once more. `after` stands after the label.
fn at_colon<'m>(piece: &'m str, after: &'m str) -> Option<&'m str> {
    let value = after.trim_start_matches(' ').strip_prefix([':', '='])?;
    let written = piece.get(..piece.len() - after.len()).filter(|written| !written.contains([':', '=']))?;
    Some(value_of(written, value))
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
    let (label, after) = WORDS.fields.front(piece)?;
    if at_colon(piece, after).is_some() {
        return Some(label);
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        // Negative control: an `at_colon` without its look at the colons inside of the label fails this.
        #[test]
        fn a_label_that_ends_at_its_colon_is_the_one_that_looking_it_up_finds(
            label in prop::sample::select(WORDS.fields.entries().map(|(label, _)| label.to_owned()).collect::<Vec<_>>()),
            at in 0_usize..12,
            inside in prop::sample::select(vec!["", " ", ":", "=", "-", ". ", "*"]),
            front in prop::sample::select(vec!["", "*", "_"]),
            after in "[ :=*]{0,3}(Budi|[a-z]{0,2})[ :=]{0,2}",
        ) {
            let at = (0..=at.min(label.len())).rev().find(|&at| label.is_char_boundary(at)).unwrap_or(0);
            let (one, other) = label.split_at(at);
            let piece = format!("{front}{one}{inside}{other}{after}");
            let slowly = piece.split_once([':', '=']).and_then(|(written, _)| WORDS.fields.get(written));
            prop_assert_eq!(super::label(&piece), slowly, "{}", piece);
            if let Some(field) = slowly {
                prop_assert_eq!(Some(unlabelled(field, &piece)), after_label(&WORDS.fields, field, &piece), "{}", piece);
            }
        }
    }
}
