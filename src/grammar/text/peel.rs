//! Removes known words, one after the other, from the front of a text.

use crate::grammar::text::characters::is_pause;
use crate::grammar::text::words::Words;

/// The text without what `front` takes off its front, step by step, and without the pauses around each. `front` gives what is
/// left, and takes off something whenever it gives anything.
pub(crate) fn peel_with<'m>(text: &'m str, front: impl Fn(&'m str) -> Option<&'m str>) -> &'m str {
    let mut rest = text.trim_start_matches(is_pause);
    while let Some(after) = front(rest) {
        rest = after.trim_start_matches(is_pause);
    }
    rest
}

/// The text without the entries of these tables that it begins with; where several tables fit, the first of them counts.
pub(crate) fn peel<'m>(tables: &[&Words<()>], text: &'m str) -> &'m str {
    peel_with(text, |rest| after_entry(tables, rest))
}

/// The text after an entry of the first of these tables that has one in front of it.
pub(crate) fn after_entry<'m>(tables: &[&Words<()>], text: &'m str) -> Option<&'m str> {
    tables.iter().find_map(|words| words.front(text)).map(|((), after)| after)
}
