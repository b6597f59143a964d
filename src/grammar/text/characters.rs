//! Kinds of characters: `#` and its look-alikes, blanks, invisible characters, digits of any script.

use std::borrow::Cow;

/// Whether this is the mark between pieces: `#`, or what a phone's keyboard offers in its place.
pub(crate) fn is_hash(c: char) -> bool {
    matches!(c, '#' | '＃' | '﹟' | '♯')
}

/// Whether this is a letter or a digit, as `char::is_alphanumeric` says, which asks large tables about every character that is not ASCII:
/// messages are full of emoji and curly quotes, and of these it is known.
#[inline]
pub(crate) fn is_letter_or_digit(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        '\u{2000}'..='\u{206f}' | '\u{2600}'..='\u{2775}' | '\u{1f300}'..='\u{1faff}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// Whether the character is invisible: zero-width and direction marks, and the parts of a keycap emoji `#️⃣`.
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

/// The text without its invisible characters.
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

/// Whether this may stand between words that mean something: blanks, punctuation, an emoji.
pub(crate) fn is_pause(c: char) -> bool {
    // Asked of the ends of nearly every word: what is ASCII comes first, and needs no table.
    if c.is_ascii() {
        return c.is_whitespace() || matches!(c, ',' | '.' | '!' | '?' | ':' | ';' | '-' | '~');
    }
    is_blank(c) || (!is_letter_or_digit(c) && !is_hash(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `\u{2776}`, a digit in a circle, in the second range.
    #[test]
    fn letters_and_digits_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_letter_or_digit(c), c.is_alphanumeric(), "{c:?}");
        }
    }
}
