//! Names.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::char::is_combining_mark;

use super::composed::composed;
use crate::domain::letters::{foreign_letter, piled_mark};

/// Longest name on a family card or e-KTP, in characters with spaces (Permendagri 73/2022).
pub const NAMA_CHARS_MAX: usize = 60;
/// Most characters that NFC makes one of: what is longer than so many names is no name, and need not be composed to know it.
const COMPOSED_OF_MAX: usize = 4;

/// An applicant's name as written: NFC, single spaces, letters and marks of any script and `. , ' ’ -`.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Nama(String);

/// Why a text is not a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NamaError {
    /// No letter in it.
    #[error("a name needs at least one letter")]
    NoLetter,
    /// More than [`NAMA_CHARS_MAX`] characters.
    #[error("a name has at most {NAMA_CHARS_MAX} characters")]
    TooLong,
    /// A character that no name has; the offset counts characters of the given text.
    #[error("`{found}` cannot stand in a name")]
    Character {
        /// The character.
        found: char,
        /// Its offset in characters.
        at: usize,
    },
    /// A letter of another alphabet than the rest of the name; the offset counts characters of the given text.
    #[error("`{found}` is of another alphabet than the rest of the name")]
    Alphabet {
        /// The letter.
        found: char,
        /// Its offset in characters.
        at: usize,
    },
    /// A letter with too many marks; the offsets count characters of the given text.
    #[error("a letter has too many marks")]
    Marks {
        /// The letter's.
        letter: usize,
        /// That of the mark that is one too many.
        mark: usize,
    },
}

impl Nama {
    /// Reads a name: NFC, runs of white space become one space, ends trimmed.
    ///
    /// # Errors
    /// [`NamaError`] names the first thing that no name has.
    pub fn read(text: &str) -> Result<Self, NamaError> {
        if is_plain(text) {
            return Ok(Self(text.to_owned()));
        }
        let nama = Self::stored(text)?;
        if let Some((letter, mark)) = piled_mark(text) {
            return Err(NamaError::Marks { letter, mark });
        }
        match foreign_letter(text) {
            Some((at, found)) => Err(NamaError::Alphabet { found, at }),
            None => Ok(nama),
        }
    }

    /// A name that was taken before its letters were looked at more closely still reads.
    fn stored(text: &str) -> Result<Self, NamaError> {
        for (at, found) in text.chars().enumerate() {
            let fits = found.is_alphabetic()
                || is_combining_mark(found)
                || found.is_whitespace()
                || matches!(found, '.' | ',' | '\'' | '’' | '-');
            if !fits {
                return Err(NamaError::Character { found, at });
            }
        }
        if text.chars().filter(|c| !c.is_whitespace()).nth(NAMA_CHARS_MAX * COMPOSED_OF_MAX).is_some() {
            return Err(NamaError::TooLong);
        }
        let nfc = composed(text);
        if !nfc.chars().any(char::is_alphabetic) {
            return Err(NamaError::NoLetter);
        }
        if nfc.chars().count() > NAMA_CHARS_MAX {
            return Err(NamaError::TooLong);
        }
        Ok(Self(nfc))
    }

    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name in capitals, as the offices echo it.
    pub fn capitals(&self) -> String {
        self.0.to_uppercase()
    }
}

/// Whether this is a name as nearly everybody writes it: words of plain letters with one space between them. Nothing in it can
/// be wrong, or changes.
fn is_plain(text: &str) -> bool {
    text.len() <= NAMA_CHARS_MAX
        && text.split(' ').all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

impl TryFrom<String> for Nama {
    type Error = NamaError;
    fn try_from(text: String) -> Result<Self, NamaError> {
        Self::stored(&text)
    }
}

impl From<Nama> for String {
    fn from(nama: Nama) -> Self {
        nama.0
    }
}

/// Names are personal data: Debug shows only their length.
impl fmt::Debug for Nama {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nama({} chars)", self.0.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_spelling_and_lose_extra_spaces() {
        for (written, read) in [
            ("Budi", "Budi"),
            ("  Siti \t Nurhaliza ", "Siti Nurhaliza"),
            ("H. Ahmad, S.Pd", "H. Ahmad, S.Pd"),
            ("Ma’ruf-O'Neil", "Ma’ruf-O'Neil"),
            ("陳小明", "陳小明"),
            ("Rene\u{301}", "René"),
        ] {
            assert_eq!(Nama::read(written).map(String::from), Ok(read.to_owned()), "{written}");
        }
    }

    #[test]
    fn what_is_no_name_is_named() {
        assert_eq!(Nama::read("Bud1"), Err(NamaError::Character { found: '1', at: 3 }));
        assert_eq!(Nama::read(" - "), Err(NamaError::NoLetter));
        assert_eq!(Nama::read(&"a".repeat(61)), Err(NamaError::TooLong));
    }

    // Negative control: an `is_plain` without its limit, or with empty words, fails this.
    #[test]
    fn a_plain_name_is_read_as_any_other() {
        let long = "a".repeat(61);
        for written in
            ["Budi", "MUHAMMAD RIZKY PRATAMA", " Budi", "Budi ", "Budi  S", "", " ", "Bud1", &long, &long[..60]]
        {
            let whole = Nama::stored(written);
            assert_eq!(Nama::read(written), whole, "{written:?}");
        }
    }

    // Negative control: reading what is stored by today's rules makes a kept booking unreadable.
    #[test]
    fn letters_that_pass_for_others_are_refused_in_a_new_name_and_read_in_a_kept_one() {
        assert_eq!(Nama::read("Budi Sаntoso"), Err(NamaError::Alphabet { found: 'а', at: 6 }));
        assert_eq!(Nama::read("Bu\u{301}\u{302}\u{303}\u{304}di"), Err(NamaError::Marks { letter: 1, mark: 5 }));
        let kept: Nama = serde_json::from_str("\"Budi Sаntoso\"").expect("a name");
        assert_eq!(kept.as_str(), "Budi Sаntoso");
    }
}
