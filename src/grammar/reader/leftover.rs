//! Pieces that the form does not have: labelled ones that no format asks for are left out, and a note names them.

use crate::grammar::format::Format;
use crate::grammar::language::labels;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::FOUND_CHARS_MAX;
use crate::grammar::request::note::{Note, NoteKind};

/// Fewest labels that the form asks for among the pieces: with fewer, what stands beside them may be anything.
const LABELS_MIN: usize = 2;

/// Whether a piece of this kind says nothing that would be missed: people, a day, a service and a session would be.
fn is_passable(field: Field) -> bool {
    matches!(field, Field::Nik | Field::NoKk | Field::Telepon | Field::Email | Field::Alamat)
}

/// The label in front of a piece, as it is written.
fn written(piece: &str) -> Option<&str> {
    piece.split_once([':', '=']).map(|(label, _)| label.trim())
}

/// The label or the line that is passed over; `label` is the field that opens the piece.
fn surplus<'m>(formats: &[&Format], piece: &'m str, label: Option<Field>) -> Option<&'m str> {
    let asks = |field| formats.iter().any(|format| format.fields().contains(&field));
    let is_own = |label: &str| formats.iter().any(|format| format.rules().text_words.get(label).is_some());
    match (label, written(piece)) {
        (Some(field), label) => label.filter(|label| is_passable(field) && !asks(field) && !is_own(label)),
        (None, Some(label)) => {
            Some(label).filter(|label| WORDS.leftovers.labels.get(label).is_some() && !is_own(label))
        }
        (None, None) => WORDS.leftovers.headings.front(piece).map(|_| piece),
    }
}

/// Takes the labelled pieces that no format asks for out of a form with labels; the note names them by their labels.
pub(crate) fn pass_over(formats: &[&Format], pieces: &mut Vec<&str>) -> Option<Note> {
    // Hardly any message has labels.
    if pieces.len() <= LABELS_MIN || !pieces.iter().any(|piece| piece.contains([':', '='])) {
        return None;
    }
    let asks = |field| formats.iter().any(|format| format.fields().contains(&field));
    let found: Vec<Option<Field>> = pieces.iter().map(|piece| labels::label(piece)).collect();
    let asked = found.iter().flatten().filter(|field| asks(**field)).count();
    // With all of them asked for there is nothing to pass over.
    if asked < LABELS_MIN || asked == pieces.len() {
        return None;
    }
    let mut found = found.into_iter();
    let mut passed: Vec<&str> = Vec::new();
    pieces.retain(|piece| match surplus(formats, piece, found.next().flatten()) {
        Some(label) => {
            passed.push(label);
            false
        }
        None => true,
    });
    if passed.is_empty() {
        return None;
    }
    // Whole labels, as many as a note has room for; the rest is counted.
    let mut from = String::new();
    let mut named = 0;
    for label in &passed {
        let separator = if from.is_empty() { "" } else { ", " };
        if named > 0 && from.chars().count() + separator.len() + label.chars().count() > FOUND_CHARS_MAX {
            break;
        }
        from.extend([separator, label]);
        named += 1;
    }
    let left = passed.len() - named;
    let to = if left == 0 { String::new() } else { left.to_string() };
    Some(Note { kind: NoteKind::PassedOver, field: None, person: None, from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The labels that are passed over, and the pieces that are left.
    fn passed(format: &str, message: &'static str) -> (Option<String>, Vec<&'static str>) {
        let shipped = Format::shipped();
        let format = shipped.iter().find(|shipped| shipped.id().as_str() == format).expect("a shipped format");
        let mut pieces: Vec<&str> = message.split('\n').collect();
        let note = pass_over(&[format], &mut pieces);
        (note.map(|note| note.from), pieces)
    }

    // Negative control: with every known label passable, `Jumlah : 3` fails this.
    #[test]
    fn only_what_nobody_misses_is_passed_over() {
        let standard = "nama-lahir-kedatangan";
        let form = ["Nama : Budi", "Lahir : 25011987", "Kedatangan : 07082017"];
        let (labels, left) = passed(
            standard,
            "KOTA BOGOR\nNIK : 1\nNama : Budi\nAgama : Islam\nLahir : 25011987\nKedatangan : 07082017",
        );
        assert_eq!((labels.as_deref(), &left[..]), (Some("KOTA BOGOR, NIK, Agama"), &form[..]));
        for kept in ["Jumlah : 3", "Layanan : baru", "Sesi : pagi", "Istri : Siti", "Siti 05121990", "mau paspor"] {
            let message: &'static str = Box::leak(format!("{}\n{kept}", form.join("\n")).into_boxed_str());
            assert_eq!(passed(standard, message).0, None, "{kept}");
        }
        let asked = "Nama : Budi\nLahir : 25011987\nAlamat : Jl. Melati 5";
        assert_eq!(passed("batam-tanpa-foto", asked).0, None, "an address is asked for there");
        assert_eq!(
            passed(standard, "NIK : 1\nBudi\n25011987\n07082017").0,
            None,
            "without labels of its own it is no such form"
        );
    }
}
