//! Numbers in digits or in words.

use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::text::characters::digit;

/// A number of one or two digits or a number word, perhaps with `orang` after it; any number, not only one that a form may have.
pub(crate) fn count(text: &str) -> Option<u8> {
    let text = text.trim();
    let digits = text.find(|c| digit(c).is_none()).unwrap_or(text.len());
    let (value, after) = match text.split_at_checked(digits)? {
        ("", _) => WORDS.counts.front(text)?,
        (number, after) => {
            let value = number
                .chars()
                .try_fold(0_u8, |value, c| value.checked_mul(10)?.checked_add(u8::try_from(digit(c)?).ok()?));
            (value.filter(|value| *value < 100)?, after)
        }
    };
    let after = after.trim_matches(|c: char| !c.is_alphanumeric());
    (after.is_empty() || WORDS.people.get(after).is_some()).then_some(value)
}
