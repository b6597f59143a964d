//! One spelling of a text: Unicode's composed form, with single spaces.

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The text in NFC, with single spaces between its words and none at its ends.
pub(super) fn composed(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    if spaced.is_ascii() || is_nfc(&spaced) { spaced } else { spaced.nfc().collect() }
}
