//! Whether two forms are about one person, however each was written: the same name and the same birth date.
//!
//! Case, spaces, titles, degrees and accents make no difference, since one person writes them now and leaves them out then. A
//! form without a birth date is about nobody in particular: nobody is taken for somebody else on a name alone.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::person::Applicant;

/// What stands in front of a name and is no part of it, in small letters without dots.
const TITLES: [&str; 29] = [
    "h", "hj", "haji", "hajjah", "hajah", "kh", "ust", "ustad", "ustadz", "ustazah", "prof", "dr", "drg", "drh", "drs",
    "dra", "ir", "bpk", "bapak", "pak", "ibu", "bu", "tn", "tuan", "ny", "nyonya", "nn", "sdr", "sdri",
];
/// Degrees behind a name, in small letters without dots; without a comma before it, one counts only where it has a dot inside.
const DEGREES: [&str; 34] = [
    "spd", "sh", "se", "st", "skom", "ssos", "sag", "ssi", "sip", "spsi", "sfarm", "sked", "skep", "sikom", "stp",
    "shum", "spt", "mpd", "mh", "mm", "mkom", "msi", "mt", "msc", "ma", "mag", "mhum", "mkes", "mak", "amd", "ama",
    "phd", "mba", "bsc",
];

/// A person as a number: the same for every way of writing one name and birth date. What was written cannot be read from it at
/// sight, but it is no secret: whoever guesses a name and a birth date can compute it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct PersonKey(i64);

impl PersonKey {
    /// The number.
    pub fn number(self) -> i64 {
        self.0
    }
}

/// A person by the letters of the name and the birth date.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Person {
    letters: String,
    born: NaiveDate,
}

/// Personal data: Debug shows nothing of it.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(…)")
    }
}

impl Person {
    /// Who an applicant is, the others of the party aside; `None` without a birth date.
    pub fn of(applicant: &Applicant) -> Option<Self> {
        let letters = letters(applicant.nama.as_str());
        Some(Self { letters, born: applicant.tgl_lahir?.date() })
    }

    /// Everybody on a form who can be identified by name and birth date.
    pub fn all(applicant: &Applicant) -> impl Iterator<Item = Self> {
        applicant.people().filter_map(Self::of)
    }

    /// When they were born.
    pub fn born(&self) -> NaiveDate {
        self.born
    }

    /// The number that stands for this person.
    pub fn key(&self) -> PersonKey {
        let mut hash = Sha256::new();
        hash.update(self.born.to_string());
        hash.update(b" ");
        hash.update(&self.letters);
        let first: Vec<u8> = hash.finalize().iter().copied().take(8).collect();
        PersonKey(first.iter().fold(0, |key, byte| key << 8 | i64::from(*byte)))
    }
}

/// The letters of a name without titles and degrees, small and without accents.
fn letters(name: &str) -> String {
    let only_letters = |text: &str| -> String {
        text.nfkd()
            .filter(|&c| c.is_alphabetic() && !is_combining_mark(c) && !is_apostrophe(c))
            .flat_map(char::to_lowercase)
            .collect()
    };
    // Behind a comma stand degrees.
    let front = name.split(',').next().unwrap_or(name);
    let mut words: Vec<(&str, String)> = front.split_whitespace().map(|word| (word, only_letters(word))).collect();
    words.retain(|(_, letters)| !letters.is_empty());
    let titles = words.iter().take_while(|(_, letters)| TITLES.contains(&letters.as_str())).count();
    // Somebody may be called by a title alone.
    let first = if titles < words.len() { titles } else { 0 };
    let is_degree = |(word, letters): &(&str, String)| {
        word.trim_end_matches('.').contains('.') && DEGREES.contains(&letters.as_str())
    };
    let degrees = words.iter().skip(first + 1).rev().take_while(|word| is_degree(word)).count();
    let of_name = words.len().saturating_sub(first + degrees);
    words.into_iter().skip(first).take(of_name).map(|(_, letters)| letters).collect()
}

/// Letters by the standard that people write or leave out as they do an apostrophe (Hawaiian ʻ, Arabic ʼ).
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\u{2B9}'..='\u{2C1}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::person::{Nama, TglLahir};

    fn person(name: &str, born: &str) -> Option<Person> {
        let today = NaiveDate::from_ymd_opt(2026, 8, 3).expect("a date");
        let born = born.parse().ok().and_then(|born| TglLahir::judge(born, today).ok());
        Person::of(&Applicant { tgl_lahir: born, ..Applicant::named(Nama::read(name).expect("a name")) })
    }

    // Negative control: each step of `letters` left out makes one of these two people.
    #[test]
    fn one_person_is_one_however_the_name_is_written() {
        let ahmad = person("Ahmad Ma'ruf", "1987-01-25").expect("a person");
        for same in [
            "AHMAD MA’RUF",
            "ahmad  maruf",
            "H. Ahmad Ma'ruf",
            "Haji Ahmad Ma`ruf".replace('`', "ʼ").as_str(),
            "Dr. H. Ahmad Maruf, S.Pd., M.Si",
            "Ahmad Maruf S.Pd",
            "Áhmad Mä'ruf",
            "Ahmadma'ruf",
            "Bapak Ahmad Ma-ruf",
        ] {
            let same = person(same, "1987-01-25").expect("a person");
            assert_eq!((same.clone(), same.key()), (ahmad.clone(), ahmad.key()));
        }
    }

    // Negative control: leaving the birth date out of the key fails the first.
    #[test]
    fn others_are_others() {
        let ahmad = person("Ahmad Maruf", "1987-01-25").expect("a person");
        for (name, born) in [("Ahmad Maruf", "1987-01-26"), ("Ahmad Marup", "1987-01-25"), ("Maruf", "1987-01-25")] {
            let other = person(name, born).expect("a person");
            assert!(other != ahmad && other.key() != ahmad.key(), "{name}");
        }
        assert_eq!(person("Ahmad Maruf", ""), None, "nobody is told by a name alone");
        // A degree's letters without its dots are a name, and so is a title alone.
        assert_ne!(person("Siti Ma", "1987-01-25"), person("Siti", "1987-01-25"));
        assert_ne!(person("Haji", "1987-01-25"), person("Ibu", "1987-01-25"));
    }
}
