//! Cuts a message into the pieces between its separators.
//!
//! Every piece is a slice of the message, so its place is never lost: [`span`] counts it when something must be pointed at.

use std::borrow::Cow;

use crate::grammar::request::Span;

/// Pieces that are told apart; more than any form has, and what follows stays in the last one.
const PIECES_MAX: usize = 32;
/// Pairs of marks around one value that are taken off: `*"<Budi>"*` has three.
const WRAPS_MAX: usize = 4;

/// Whether this is the mark between pieces: `#`, or what a phone's keyboard offers in its place.
pub(crate) fn is_hash(c: char) -> bool {
    matches!(c, '#' | '＃' | '﹟' | '♯')
}

/// Whether nothing is seen where this character stands: zero-width and direction marks, and the parts of a keycap emoji `#️⃣`.
fn is_invisible(c: char) -> bool {
    !c.is_ascii()
        && matches!(c, '\u{ad}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{20e3}' | '\u{fe0e}' | '\u{fe0f}' | '\u{feff}')
}

/// Whether this is white space of any kind, seen or not.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_invisible(c)
}

/// Whether more than `chars` characters of the text are no blanks.
pub(crate) fn is_longer(text: &str, chars: usize) -> bool {
    text.len() > chars && text.chars().filter(|&c| !is_blank(c)).nth(chars).is_some()
}

/// The text without characters that nobody sees.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() && text.contains(is_invisible) {
        Cow::Owned(text.chars().filter(|&c| !is_invisible(c)).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The slice of `text` that is its `at`-th visible character.
pub(crate) fn visible_char(text: &str, at: usize) -> Option<&str> {
    let (start, c) = text.char_indices().filter(|&(_, c)| !is_invisible(c)).nth(at)?;
    text.get(start..start + c.len_utf8())
}

/// What closes a mark that people put around a value (`<Budi>`, `*Budi*`).
fn closing(open: char) -> Option<char> {
    match open {
        '<' => Some('>'),
        '[' => Some(']'),
        '(' => Some(')'),
        '“' => Some('”'),
        '‘' => Some('’'),
        '"' | '\'' | '*' | '_' | '~' | '`' => Some(open),
        _ => None,
    }
}

/// The text without blanks at its ends and without pairs of marks around all of it.
pub(crate) fn bare(text: &str) -> &str {
    let mut text = text.trim_matches(is_blank);
    for _ in 0..WRAPS_MAX {
        let Some((open, close)) = text.chars().next().and_then(|open| Some((open, closing(open)?))) else { break };
        let mut inner = text.chars();
        inner.next();
        if inner.next_back() != Some(close) {
            break;
        }
        // `<Budi>#<25011987>`: the first mark is closed before the end, so it is not around all of it.
        if inner.as_str().trim_start_matches(open).trim_end_matches(close).contains(close) {
            break;
        }
        text = inner.as_str().trim_matches(is_blank);
    }
    text
}

/// The message's pieces, bare; empty ones are dropped, since people double the separator.
pub(crate) fn split(message: &str, is_separator: impl Fn(char) -> bool + Copy) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = message.trim_matches(is_separator);
    for number in 1..=PIECES_MAX {
        let (piece, behind) = match rest.find(is_separator) {
            Some(end) if number < PIECES_MAX => rest.split_at(end),
            _ => (rest, ""),
        };
        pieces.extend(Some(bare(piece)).filter(|piece| !piece.is_empty()));
        rest = behind.trim_start_matches(is_separator);
        if rest.is_empty() {
            break;
        }
    }
    pieces
}

/// The message's lines as its pieces. A line that opens with a colon belongs to the label above it, and numbers in front come
/// off where every line has its own.
pub(crate) fn lines(message: &str) -> Vec<&str> {
    let mut pieces: Vec<&str> = Vec::new();
    for line in split(message, |c| c == '\n') {
        match pieces.last_mut() {
            Some(label) if line.starts_with(':') => *label = joined(message, label, line),
            _ => pieces.push(line),
        }
    }
    let unnumbered: Option<Vec<&str>> = (1..).zip(&pieces).map(|(number, line)| unnumbered(line, number)).collect();
    unnumbered.filter(|lines| lines.len() > 1).unwrap_or(pieces)
}

/// A line without the number in front of it (`2. 25-01-1987`); `None` where it has another or none.
pub(crate) fn unnumbered(line: &str, number: usize) -> Option<&str> {
    let (written, behind) = line.split_at_checked(line.find(|c: char| !c.is_ascii_digit())?)?;
    let rest = behind.strip_prefix(['.', ')'])?;
    // `1.2.1987` is a date.
    let is_number = written.parse() == Ok(number) && !rest.starts_with(|c: char| c.is_ascii_digit());
    is_number.then(|| bare(rest))
}

/// Where a slice of a text begins in it, in bytes. A slice of something else begins nowhere in particular, but nothing breaks.
pub(crate) fn offset(text: &str, slice: &str) -> usize {
    slice.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

/// The stretch of the message from the first piece to the last, what lies between included.
pub(crate) fn joined<'m>(message: &'m str, first: &'m str, last: &'m str) -> &'m str {
    message.get(offset(message, first)..offset(message, last) + last.len()).unwrap_or(first)
}

/// The empty place in front of a piece.
pub(crate) fn before<'m>(message: &'m str, piece: &'m str) -> &'m str {
    let at = offset(message, piece);
    message.get(at..at).unwrap_or("")
}

/// The empty place behind all that is seen of the message.
pub(crate) fn end(message: &str) -> &str {
    let seen = message.trim_end_matches(is_blank);
    seen.get(seen.len()..).unwrap_or("")
}

/// Where a slice of the message stands, in characters.
pub(crate) fn span(message: &str, slice: &str) -> Span {
    let start = message.get(..offset(message, slice)).map_or(0, |front| front.chars().count());
    (start, start + slice.chars().count())
}

/// The value of a digit: ASCII, full-width or Arabic-Indic.
pub(crate) fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    Some(u32::from(c) - u32::from(zero))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn separators_may_be_doubled_leading_trailing_and_foreign() {
        for message in ["#Budi#25#07", "Budi#25#07#", " ## Budi＃\u{200b}25\n#\u{a0}07 # ", "#️⃣Budi#️⃣25♯07"]
        {
            assert_eq!(split(message, is_hash), ["Budi", "25", "07"], "{message}");
        }
    }

    #[test]
    fn marks_around_a_value_come_off_in_pairs_only() {
        for (written, read) in
            [("<Budi>", "Budi"), (" *_Budi_* ", "Budi"), ("“Budi”", "Budi"), ("<Budi", "<Budi"), ("*", "*")]
        {
            assert_eq!(bare(written), read, "{written}");
        }
    }

    #[test]
    fn lines_lose_their_numbers_only_if_all_have_theirs() {
        for (message, pieces) in [
            ("1. Budi\n2) 25-01-1987\n3.7/8/2017", &["1. Budi", "2) 25-01-1987", "3.7/8/2017"][..]),
            ("1. Budi\n2) 25-01-1987\n3. 7/8/2017", &["Budi", "25-01-1987", "7/8/2017"]),
            ("Budi\n2. 25-01-1987", &["Budi", "2. 25-01-1987"]),
            ("Nama\n: Budi\nTgl Lahir\n: 25-01-1987", &["Nama\n: Budi", "Tgl Lahir\n: 25-01-1987"]),
        ] {
            assert_eq!(lines(message), pieces, "{message}");
        }
    }

    #[test]
    fn a_span_counts_characters_of_the_message_as_sent() {
        let message = "＃Bùdi＃25";
        let pieces = split(message, is_hash);
        assert_eq!(span(message, pieces[0]), (1, 5));
        assert_eq!(span(message, pieces[1]), (6, 8));
        assert_eq!(span(message, end(message)), (8, 8));
    }

    #[test]
    fn what_is_beyond_the_limit_stays_in_the_last_piece() {
        let message = "#a".repeat(40);
        let pieces = split(&message, is_hash);
        assert_eq!(pieces.len(), PIECES_MAX);
        assert_eq!(pieces.last().map(|last| last.len()), Some(17), "a#a#a#a#a#a#a#a#a");
    }

    proptest! {
        // Negative control: with `offset` off by one the text there is another.
        #[test]
        fn every_piece_is_a_stretch_of_the_message(message in any::<String>()) {
            let characters: Vec<char> = message.chars().collect();
            for piece in split(&message, is_hash) {
                let (from, to) = span(&message, piece);
                let there: String = characters[from..to].iter().collect();
                prop_assert_eq!(there, piece);
            }
        }
    }
}
