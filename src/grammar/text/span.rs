//! Where a slice of a message is in it, in bytes or in characters.

use crate::grammar::text::characters::is_blank;

/// A stretch of a message: start and end in Unicode scalar values of the message as sent, end not included.
pub type Span = (usize, usize);

/// Where a slice of a text begins in it, in bytes. For a slice of another text the number means nothing, but nothing panics.
pub(crate) fn offset(text: &str, slice: &str) -> usize {
    slice.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// The stretch of the message from the first piece to the last, what lies between included.
pub(crate) fn joined<'m>(message: &'m str, first: &'m str, last: &'m str) -> &'m str {
    message.get(offset(message, first)..offset(message, last) + last.len()).unwrap_or(first)
}

/// The empty slice before a piece.
pub(crate) fn before<'m>(message: &'m str, piece: &'m str) -> &'m str {
    let at = offset(message, piece);
    message.get(at..at).unwrap_or("")
}

/// The empty slice after the last visible character of the message.
pub(crate) fn end(message: &str) -> &str {
    let seen = message.trim_end_matches(is_blank);
    seen.get(seen.len()..).unwrap_or("")
}

/// Where a slice of the message stands, in characters.
pub(crate) fn span(message: &str, slice: &str) -> Span {
    let start = message.get(..offset(message, slice)).map_or(0, |front| front.chars().count());
    (start, start + slice.chars().count())
}
