//! What an applicant says about themselves. A value of one of these types is valid by construction.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use super::identity::{Email, Nik, NoKk, Phone};
use super::letters::{foreign_letter, piled_mark};
use super::slot::Session;

/// Longest name on a family card or e-KTP, in characters with spaces (Permendagri 73/2022).
pub const NAMA_CHARS_MAX: usize = 60;
/// Most characters that NFC makes one of: what is longer than so many names is no name, and need not be composed to know it.
const COMPOSED_OF_MAX: usize = 4;
/// Longest address we keep, in characters; the longest documented sample has 72.
pub const ADDRESS_CHARS_MAX: usize = 200;
/// Nobody older registers; older birth dates are typing slips.
pub const AGE_YEARS_MAX: i32 = 120;
/// Longest answer to a question of the office's own, in characters: a line or two on a phone.
pub const ANSWER_CHARS_MAX: usize = 100;
/// Longest name of a service, in characters.
pub const SERVICE_CHARS_MAX: usize = 40;
/// Persons of one message, by a count (`#JUMLAH`) or with a line each, the applicant included: as many as APAPO and M-Paspor
/// let one account register.
pub const PARTY_MAX: u8 = 5;

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

/// The text in NFC, with single spaces between its words and none at its ends.
fn composed(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    if spaced.is_ascii() || is_nfc(&spaced) { spaced } else { spaced.nfc().collect() }
}

impl Nama {
    /// Reads a name: NFC, runs of white space become one space, ends trimmed.
    ///
    /// # Errors
    /// [`NamaError`] names the first thing that no name has.
    pub fn read(text: &str) -> Result<Self, NamaError> {
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

/// A birth date that is not in the future and not more than [`AGE_YEARS_MAX`] years back.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TglLahir(NaiveDate);

/// Why a date is not a birth date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TglLahirError {
    /// After the day of sending.
    #[error("a birth date is not in the future")]
    Future,
    /// More than [`AGE_YEARS_MAX`] years back.
    #[error("nobody is older than {AGE_YEARS_MAX}")]
    TooOld,
}

impl TglLahir {
    /// Takes `date` as a birth date, judged on `today` (the office's date of sending).
    ///
    /// # Errors
    /// [`TglLahirError`] when it lies in the future or too far back.
    pub fn judge(date: NaiveDate, today: NaiveDate) -> Result<Self, TglLahirError> {
        if date > today {
            return Err(TglLahirError::Future);
        }
        if today.year() - date.year() > AGE_YEARS_MAX {
            return Err(TglLahirError::TooOld);
        }
        Ok(Self(date))
    }

    /// The date.
    pub fn date(self) -> NaiveDate {
        self.0
    }
}

impl fmt::Debug for TglLahir {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TglLahir(…)")
    }
}

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

/// Whom a booking is for: what a form said, and nothing that it did not say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applicant {
    /// Full name.
    pub nama: Nama,
    /// Birth date.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tgl_lahir: Option<TglLahir>,
    /// Address, where the office's format asks for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub alamat: Option<Address>,
    /// National identity number, where the office's format asks for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub nik: Option<Nik>,
    /// Number of the family card, where the office's format asks for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub no_kk: Option<NoKk>,
    /// A telephone number to call, which may be another than the one that the message came from.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub telepon: Option<Phone>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub email: Option<Email>,
    /// The half of the day that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sesi: Option<Session>,
    /// The service that was asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub layanan: Option<Service>,
    /// Answers to what the office asks in its own words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub teks: Vec<FreeText>,
    /// The others of a party of which each has a line in the message. They have no others themselves.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub others: Vec<Self>,
}

impl Applicant {
    /// Somebody of whom no more is known than the name.
    pub fn named(nama: Nama) -> Self {
        Self {
            nama,
            tgl_lahir: None,
            alamat: None,
            nik: None,
            no_kk: None,
            telepon: None,
            email: None,
            sesi: None,
            layanan: None,
            teks: Vec::new(),
            others: Vec::new(),
        }
    }

    /// Everybody who is named: the applicant, then the others in the order of their lines.
    pub fn people(&self) -> impl Iterator<Item = &Self> {
        std::iter::once(self).chain(&self.others)
    }

    /// Whether somebody is named in both.
    pub fn shares_a_person(&self, other: &Self) -> bool {
        self.people().any(|one| other.people().any(|another| one.same_person(another)))
    }

    /// Whether the birth date inside the NIK is another than the one given: for the office to look at.
    pub fn nik_differs(&self) -> bool {
        matches!((&self.nik, self.tgl_lahir), (Some(nik), Some(born)) if !nik.agrees_with(born.date()))
    }

    /// Whether both forms are about one person: the same name but for case, the same birth date.
    pub fn same_person(&self, other: &Self) -> bool {
        self.nama.capitals() == other.nama.capitals() && self.tgl_lahir == other.tgl_lahir
    }

    /// Whether both forms say the same of the same people, whatever their order and letter case: people send a form again as
    /// `#BUDI#…` and mean the same.
    pub fn says_the_same(&self, other: &Self) -> bool {
        self.others.len() == other.others.len()
            && self.people().all(|one| other.people().any(|another| one.says_the_same_of_one(another)))
    }

    /// The same of the applicants alone.
    fn says_the_same_of_one(&self, other: &Self) -> bool {
        let capitals = |alamat: &Option<Address>| alamat.as_ref().map(|alamat| alamat.0.to_uppercase());
        let answers = |teks: &[FreeText]| -> Vec<_> {
            teks.iter().map(|answer| (answer.label.clone(), answer.text.to_uppercase())).collect()
        };
        let same_mail = match (&self.email, &other.email) {
            (Some(email), Some(other)) => email.is_same(other),
            (email, other) => email == other,
        };
        self.same_person(other)
            && capitals(&self.alamat) == capitals(&other.alamat)
            && same_mail
            && (&self.nik, &self.no_kk, &self.telepon) == (&other.nik, &other.no_kk, &other.telepon)
            && (self.sesi, &self.layanan) == (other.sesi, &other.layanan)
            && answers(&self.teks) == answers(&other.teks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a date")
    }

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

    // Negative control: reading what is stored by today's rules makes a kept booking unreadable.
    #[test]
    fn letters_that_pass_for_others_are_refused_in_a_new_name_and_read_in_a_kept_one() {
        assert_eq!(Nama::read("Budi Sаntoso"), Err(NamaError::Alphabet { found: 'а', at: 6 }));
        assert_eq!(Nama::read("Bu\u{301}\u{302}\u{303}\u{304}di"), Err(NamaError::Marks { letter: 1, mark: 5 }));
        let kept: Nama = serde_json::from_str("\"Budi Sаntoso\"").expect("a name");
        assert_eq!(kept.as_str(), "Budi Sаntoso");
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        let today = day(2017, 8, 1);
        assert!(TglLahir::judge(today, today).is_ok());
        assert_eq!(TglLahir::judge(day(2017, 8, 2), today), Err(TglLahirError::Future));
        assert_eq!(TglLahir::judge(day(1896, 1, 1), today), Err(TglLahirError::TooOld));
    }

    #[test]
    fn a_stored_applicant_of_an_older_version_still_reads() {
        let old = r#"{"nama":"Budi","tgl_lahir":"1987-01-25","nik":"3271042501870001"}"#;
        let budi: Applicant = serde_json::from_str(old).expect("an applicant");
        assert_eq!((budi.nama.as_str(), budi.no_kk, budi.sesi), ("Budi", None, None));
        assert!(budi.teks.is_empty() && budi.others.is_empty());
    }

    #[test]
    fn a_party_is_the_same_in_any_order_and_another_with_another_person() {
        let one = |name: &str| Applicant::named(Nama::read(name).expect("a name"));
        let party = |first: &str, others: &[&str]| Applicant {
            others: others.iter().map(|name| one(name)).collect(),
            ..one(first)
        };
        let three = party("Budi", &["Siti", "Agus"]);
        assert!(three.says_the_same(&party("AGUS", &["Budi", "siti"])));
        assert!(three.shares_a_person(&one("agus")) && !three.shares_a_person(&party("Dewi", &["Rina"])));
        assert!(!three.says_the_same(&party("Budi", &["Siti"])) && !party("Budi", &["Siti"]).says_the_same(&three));
        assert!(!three.says_the_same(&party("Budi", &["Siti", "Dewi"])));
    }

    #[test]
    fn forms_say_the_same_but_for_letter_case() {
        let form = |email: &str, pekerjaan: &str, sesi| Applicant {
            email: Email::read(email),
            teks: FreeText::read("Pekerjaan", pekerjaan, 40).into_iter().collect(),
            sesi: Some(sesi),
            ..Applicant::named(Nama::read("Budi").expect("a name"))
        };
        let first = form("budi@example.id", "guru", Session::Pagi);
        assert!(first.says_the_same(&form("BUDI@example.id", "Guru", Session::Pagi)));
        for other in [
            form("siti@example.id", "guru", Session::Pagi),
            form("budi@example.id", "dokter", Session::Pagi),
            form("budi@example.id", "guru", Session::Siang),
        ] {
            assert!(!first.says_the_same(&other));
        }
    }
}
