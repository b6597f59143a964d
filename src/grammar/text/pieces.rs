//! Splits a message into the pieces between its separators.
//!
//! Every piece is a slice of the message, so its place can be counted when it has to be shown (`span`).

use crate::grammar::text::characters::is_blank;
use crate::grammar::text::span::joined;

/// Most pieces of a message, more than any form has; what follows stays in the last one.
const PIECES_MAX: usize = 32;
/// Pairs of marks around one value that are taken off: `*"<Budi>"*` has three.
const WRAPS_MAX: usize = 4;

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
        let (piece, after) = match rest.find(is_separator) {
            Some(end) if number < PIECES_MAX => rest.split_at(end),
            _ => (rest, ""),
        };
        pieces.extend(Some(bare(piece)).filter(|piece| !piece.is_empty()));
        rest = after.trim_start_matches(is_separator);
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
    let (written, after) = line.split_at_checked(line.find(|c: char| !c.is_ascii_digit())?)?;
    let rest = after.strip_prefix(['.', ')'])?;
    // `1.2.1987` is a date.
    let is_number = written.parse() == Ok(number) && !rest.starts_with(|c: char| c.is_ascii_digit());
    is_number.then(|| bare(rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grammar::text::characters::is_hash;
    use crate::grammar::text::span::end;
    use crate::grammar::text::span::span;
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
