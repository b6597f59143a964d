//! What people write around a value: its label in front (`Nama: Budi`), thanks behind (`07082017 makasih min`).

use crate::grammar::format::rules::Rules;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::command::{is_filler, is_pause};
use crate::grammar::request::field::Field;
use crate::grammar::text::pieces::{bare, is_blank, offset};
use crate::grammar::text::words::{Words, folded};
use crate::grammar::value::name::{is_apart, is_thanked, may_be_name};

/// Most words of thanks behind a value that are looked for, from the end.
const THANKS_WORDS_MAX: usize = 12;
/// Letters at most of short thanks (`thx`, `tks`, `trims`, `suwun`). Nobody takes those apart, but names stand like
/// that: `Budi T Ks`.
const SHORT_THANKS_CHARS_MAX: usize = 5;

/// The piece without its own label in front (`Nama: Budi`, `Tgl Lahir 25-01-1987`).
pub(crate) fn unlabelled(field: Field, piece: &str) -> &str {
    // What begins no label has none; nearly all pieces come to this.
    let Some((label, behind)) = WORDS.fields.front(piece) else { return piece };
    match behind_label(&WORDS.fields, field, piece) {
        Some(value) => value,
        None if label == field && behind.starts_with(is_blank) => bare(behind),
        None => piece,
    }
}

/// What stands behind a label and its colon.
fn behind_label<'m, T: Copy + PartialEq>(labels: &Words<T>, label: T, piece: &'m str) -> Option<&'m str> {
    let (written, value) = piece.split_once([':', '=']).filter(|(written, _)| labels.get(written) == Some(label))?;
    // `*Nama:* Budi`: the label alone is bold.
    Some(bare(if written.starts_with(is_markup) { value.trim_start_matches(is_markup) } else { value }))
}

/// The same for any piece, one that the office named itself too.
pub(crate) fn without_name<'m>(rules: &Rules, field: Field, piece: &'m str) -> &'m str {
    match field {
        Field::Teks(place) => behind_label(&rules.text_words, place, piece).unwrap_or(piece),
        _ => unlabelled(field, piece),
    }
}

/// Whether the piece is a field's own name and nothing else.
pub(crate) fn is_name(rules: &Rules, field: Field, piece: &str) -> bool {
    match field {
        Field::Teks(place) => rules.text_words.get(piece) == Some(place),
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

/// What stands behind a field's label, or behind another that is known and has its colon.
fn behind_any_label(text: &str) -> Option<&str> {
    let other = WORDS.leftovers.labels.front(text).map(|((), behind)| behind);
    let other = other.filter(|behind| behind.trim_start_matches(is_blank).starts_with([':', '=']));
    other.or_else(|| WORDS.fields.front(text).map(|(_, behind)| behind))
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
        if let Some(behind) = text.get(at..).and_then(behind_any_label) {
            pieces.extend(text.get(start..at));
            (start, seen) = (at, text.len() - behind.len());
        }
    }
    pieces.extend(text.get(start..));
    pieces.into_iter().map(|piece| bare(piece.trim_matches(is_pause))).filter(|piece| !piece.is_empty()).collect()
}

fn is_markup(c: char) -> bool {
    matches!(c, '*' | '_' | '~')
}

/// The piece without thanks behind it; in a date or a number without any form of address too.
pub(crate) fn without_thanks(field: Field, piece: &str) -> &str {
    let is_text = matches!(field, Field::Nama | Field::Alamat | Field::Teks(_));
    let seen = piece.trim_end_matches(is_pause);
    // Its last letters show that a piece ends in nothing polite; nearly all pieces come to this.
    if (is_text || seen.len() == piece.len()) && !WORDS.politeness.ends(seen) {
        return piece;
    }
    let polite = |front: &str, gap_and_thanks: &str| {
        let behind = gap_and_thanks.trim_matches(is_pause);
        match field {
            Field::Nama => {
                thanks_in_front(behind).is_some_and(|(said, rest)| is_filler(rest) && is_thanked(said, rest))
            }
            Field::Alamat | Field::Teks(_) => {
                let said = courtesy_in_front(behind).filter(|(_, rest)| is_courteous(rest));
                let gap = gap_and_thanks.get(..offset(gap_and_thanks, behind)).unwrap_or_default();
                said.is_some_and(|(said, _)| !may_be_name(said) || is_apart(front, gap))
            }
            _ => is_courteous(behind),
        }
    };
    let is_gap = |c: char| is_blank(c) || matches!(c, ',' | '.');
    let backwards = || piece.char_indices().rev();
    let ends = backwards().zip(backwards().skip(1)).filter(|((_, c), (_, before))| is_gap(*c) && !is_gap(*before));
    let tails = ends.take(THANKS_WORDS_MAX).filter_map(|((at, _), _)| piece.split_at_checked(at));
    let cut = tails.filter(|(front, behind)| polite(front, behind)).last();
    cut.map_or(piece, |(front, _)| bare(front.trim_end_matches(is_pause)))
}

/// The words of a table that open a text, and what stands behind them.
fn said_in_front<'m>(words: &Words<()>, text: &'m str) -> Option<(&'m str, &'m str)> {
    let ((), rest) = words.front(text)?;
    let said = text.strip_suffix(rest)?.trim_matches(|c: char| !c.is_alphanumeric());
    let is_in_pieces = said.contains(|c: char| !c.is_alphanumeric()) && folded(said).count() <= SHORT_THANKS_CHARS_MAX;
    (!is_in_pieces).then_some((said, rest))
}

/// The thanks that open a text, and what stands behind them.
fn thanks_in_front(text: &str) -> Option<(&str, &str)> {
    said_in_front(&WORDS.thanks, text)
}

/// The thanks or the courtesy that opens a text, the longer of the two, and what stands behind it.
fn courtesy_in_front(text: &str) -> Option<(&str, &str)> {
    let courtesy = said_in_front(&WORDS.leftovers.courtesy, text);
    [thanks_in_front(text), courtesy].into_iter().flatten().min_by_key(|(_, rest)| rest.len())
}

/// Whether the text is courtesy and nothing else: thanks, wishes for an answer, forms of address.
pub(crate) fn is_courteous(text: &str) -> bool {
    let mut rest = text.trim_start_matches(is_pause);
    while !rest.is_empty() {
        let filler = || WORDS.fillers.front(rest).map(|((), behind)| behind);
        let courtesy = courtesy_in_front(rest).map(|(_, behind)| behind);
        let Some(behind) = courtesy.into_iter().chain(filler()).min_by_key(|behind| behind.len()) else { return false };
        rest = behind.trim_start_matches(is_pause);
    }
    true
}
