//! Texts of a form: addresses, answers to the office's own questions, services.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::composed::composed;

/// Longest address we keep, in characters; the longest documented sample has 72.
pub const ADDRESS_CHARS_MAX: usize = 200;
/// Longest answer to a question of the office's own, in characters: a line or two on a phone.
pub const ANSWER_CHARS_MAX: usize = 100;
/// Longest name of a service, in characters.
pub const SERVICE_CHARS_MAX: usize = 40;

/// A postal address as written: NFC, runs of white space folded, 1 to [`ADDRESS_CHARS_MAX`] characters.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

impl Address {
    /// Reads an address; `None` when it holds no letter or digit, or is too long.
    pub fn read(text: &str) -> Option<Self> {
        let nfc = composed(text);
        let fits = nfc.chars().any(char::is_alphanumeric) && nfc.chars().count() <= ADDRESS_CHARS_MAX;
        fits.then_some(Self(nfc))
    }

    /// The address as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

/// What an office chose to ask in its own words, and the answer: NFC, runs of white space folded.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FreeText {
    /// What the office calls it (`Pekerjaan`).
    pub label: String,
    /// What the citizen wrote.
    text: String,
}

impl FreeText {
    /// Reads the answer to `label`; `None` when it holds no letter or digit, or more than `chars_max` characters.
    pub fn read(label: &str, text: &str, chars_max: usize) -> Option<Self> {
        let spaced = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let nfc: String = spaced.nfc().collect();
        let fits = nfc.chars().any(char::is_alphanumeric) && nfc.chars().count() <= chars_max.min(ANSWER_CHARS_MAX);
        fits.then(|| Self { label: label.to_owned(), text: nfc })
    }

    /// The answer as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Personal data: Debug shows only what was asked.
impl fmt::Debug for FreeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FreeText({}: …)", self.label)
    }
}

/// One of the services that an office offers, by the name that it gave it (`perpanjang`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Service(String);

impl Service {
    /// The service of a name; `None` when the name is empty or has more than [`SERVICE_CHARS_MAX`] characters.
    pub fn named(name: &str) -> Option<Self> {
        let fits = name.chars().any(char::is_alphanumeric) && name.chars().count() <= SERVICE_CHARS_MAX;
        fits.then(|| Self(name.to_owned()))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
