//! Words that are names as well as something else, and the words of a name.

use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::is_blank;

/// Whether the word is a name as well as thanks, a form of address, talk or a day.
pub(crate) fn may_be_name(word: &str) -> bool {
    WORDS.names.also_names.get(word).is_some()
}

/// The words of a piece.
pub(crate) fn words(piece: &str) -> impl DoubleEndedIterator<Item = &str> {
    piece.split(|c: char| is_blank(c) || matches!(c, ',' | ';')).filter(|word| !word.is_empty())
}
