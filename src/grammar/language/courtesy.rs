//! Removes thanks and wishes for an answer from the end of a value: `07082017 makasih min`.

use crate::grammar::language::names::{may_be_name, words};
use crate::grammar::language::politeness::is_filler;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::text::characters::{is_blank, is_pause};
use crate::grammar::text::peel::peel_with;
use crate::grammar::text::pieces::bare;
use crate::grammar::text::span::offset;
use crate::grammar::text::words::{Words, folded};

/// Most words of thanks after a value that are looked for, from the end.
const THANKS_WORDS_MAX: usize = 12;

/// Letters at most of short thanks (`thx`, `tks`, `trims`, `suwun`). Nobody takes those apart, but names stand like
/// that: `Budi T Ks`.
const SHORT_THANKS_CHARS_MAX: usize = 5;

/// The piece without thanks after it; in a date or a number without any form of address too.
pub(crate) fn without_thanks(field: Field, piece: &str) -> &str {
    let is_text = matches!(field, Field::Nama | Field::Alamat | Field::Teks(_));
    let seen = piece.trim_end_matches(is_pause);
    // Its last letters show that a piece ends in nothing polite; this is the case for nearly every piece.
    if (is_text || seen.len() == piece.len()) && !WORDS.politeness.ends(seen) {
        return piece;
    }
    let polite = |front: &str, gap_and_thanks: &str| {
        let after = gap_and_thanks.trim_matches(is_pause);
        match field {
            Field::Nama => thanks_in_front(after).is_some_and(|(said, rest)| is_filler(rest) && is_thanked(said, rest)),
            Field::Alamat | Field::Teks(_) => {
                let said = courtesy_in_front(after).filter(|(_, rest)| is_courteous(rest));
                let gap = gap_and_thanks.get(..offset(gap_and_thanks, after)).unwrap_or_default();
                said.is_some_and(|(said, _)| !may_be_name(said) || is_apart(front, gap))
            }
            _ => is_courteous(after),
        }
    };
    let is_gap = |c: char| is_blank(c) || matches!(c, ',' | '.');
    let backwards = || piece.char_indices().rev();
    let ends = backwards().zip(backwards().skip(1)).filter(|((_, c), (_, before))| is_gap(*c) && !is_gap(*before));
    let tails = ends.take(THANKS_WORDS_MAX).filter_map(|((at, _), _)| piece.split_at_checked(at));
    let cut = tails.filter(|(front, after)| polite(front, after)).last();
    cut.map_or(piece, |(front, _)| bare(front.trim_end_matches(is_pause)))
}

/// The words of a table that open a text, and what stands after them.
fn said_in_front<'m>(words: &Words<()>, text: &'m str) -> Option<(&'m str, &'m str)> {
    let ((), rest) = words.front(text)?;
    let said = text.strip_suffix(rest)?.trim_matches(|c: char| !c.is_alphanumeric());
    let is_in_pieces = said.contains(|c: char| !c.is_alphanumeric()) && folded(said).count() <= SHORT_THANKS_CHARS_MAX;
    (!is_in_pieces).then_some((said, rest))
}

/// The thanks that open a text, and what stands after them.
fn thanks_in_front(text: &str) -> Option<(&str, &str)> {
    said_in_front(&WORDS.thanks, text)
}

/// The thanks or the courtesy that opens a text, the longer of the two, and what stands after it.
fn courtesy_in_front(text: &str) -> Option<(&str, &str)> {
    let courtesy = said_in_front(&WORDS.leftovers.courtesy, text);
    [thanks_in_front(text), courtesy].into_iter().flatten().min_by_key(|(_, rest)| rest.len())
}

/// Whether the text is courtesy and nothing else: thanks, wishes for an answer, forms of address.
pub(crate) fn is_courteous(text: &str) -> bool {
    let longest = |rest| {
        let filler = WORDS.fillers.front(rest).map(|((), after)| after);
        let courtesy = courtesy_in_front(rest).map(|(_, after)| after);
        courtesy.into_iter().chain(filler).min_by_key(|after| after.len())
    };
    peel_with(text, longest).is_empty()
}

/// Whether thanks that may be a name stand at the end of one: only a form of address after them shows that they are thanks.
pub(crate) fn is_thanked(thanks: &str, after: &str) -> bool {
    let address = words(after).next();
    !may_be_name(thanks) || address.is_some_and(|word| is_filler(after) && !may_be_name(word))
}

/// Whether thanks after an address that may be a name of a street stand apart from it: after a number, a comma or a line.
pub(crate) fn is_apart(front: &str, gap: &str) -> bool {
    gap.contains([',', '\n']) || front.ends_with(|c: char| c.is_numeric())
}
