//! Words at the end of an address that a house number would follow.

use crate::grammar::language::vocabulary::WORDS;

/// Whether a house number would follow an address.
pub(crate) fn is_awaited(address: &str) -> bool {
    let mut words = address.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let is_block = |word: &str| WORDS.block.get(word).is_some();
    let is_letter = last.chars().count() == 1 && last.contains(char::is_alphabetic);
    WORDS.house_number.get(last).is_some() || is_block(last) || is_letter && is_block(before)
}
