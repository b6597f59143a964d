//! Reads one piece of a form as the value that its field asks for.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};

use super::date::{self, DateError, digit};
use super::pieces::{bare, visible, visible_char};
use super::request::{Field, MisreadKind};
use super::vocabulary::WORDS;
use crate::domain::office::HORIZON_DAYS_MAX;
use crate::domain::person::{AGE_YEARS_MAX, Address, Nama, NamaError, Nik, PARTY_MAX, TglLahir, TglLahirError};

/// One value of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Nama(Nama),
    TglLahir(TglLahir),
    TglKedatangan(NaiveDate),
    Alamat(Address),
    Jumlah(u8),
    Nik(Nik),
}

/// What is wrong with a piece, and the slice of the message that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Broken<'m> {
    pub(super) kind: MisreadKind,
    pub(super) at: &'m str,
}

/// Birth dates that can be, as of a day.
fn births(sent_on: NaiveDate) -> RangeInclusive<NaiveDate> {
    NaiveDate::from_ymd_opt(sent_on.year() - AGE_YEARS_MAX, 1, 1).unwrap_or(NaiveDate::MIN)..=sent_on
}

/// Visit dates that a two-digit year may mean, as of a day. Full dates beyond are read as written and left to the office's horizon.
fn visits(sent_on: NaiveDate) -> RangeInclusive<NaiveDate> {
    sent_on..=sent_on.checked_add_days(Days::new(u64::from(HORIZON_DAYS_MAX))).unwrap_or(NaiveDate::MAX)
}

/// The piece without its own label in front (`Nama: Budi`).
pub(super) fn unlabelled(field: Field, piece: &str) -> &str {
    match piece.split_once([':', '=']) {
        Some((label, value)) if WORDS.fields.get(label) == Some(field) => bare(value),
        _ => piece,
    }
}

/// Reads `piece` as the value of `field`, as of the day of sending.
pub(super) fn read(field: Field, piece: &str, sent_on: NaiveDate) -> Result<Value, Broken<'_>> {
    let piece = unlabelled(field, piece);
    let broken = |kind| Broken { kind, at: piece };
    // The poster's own word in place of a value: `#Nama#25011987#07082017`.
    if piece.is_empty() || WORDS.fields.get(piece) == Some(field) {
        return Err(broken(MisreadKind::Missing));
    }
    let text = visible(piece);
    match field {
        Field::Nama => name(piece).map(Value::Nama),
        Field::TglLahir => {
            let day = date::read(&text, &births(sent_on)).map_err(|error| broken(date_kind(error)))?;
            TglLahir::judge(day, sent_on).map(Value::TglLahir).map_err(|error| broken(birth_kind(error)))
        }
        Field::TglKedatangan => {
            let day = date::read(&text, &visits(sent_on)).map_err(|error| broken(date_kind(error)))?;
            if day < sent_on { Err(broken(MisreadKind::VisitPast)) } else { Ok(Value::TglKedatangan(day)) }
        }
        Field::Alamat => address(&text).map(Value::Alamat).ok_or(broken(MisreadKind::Address)),
        Field::Jumlah => match count(&text) {
            Some(party @ 1..=PARTY_MAX) => Ok(Value::Jumlah(party)),
            _ => Err(broken(MisreadKind::Count)),
        },
        Field::Nik => Nik::read(&text).map(Value::Nik).ok_or(broken(MisreadKind::Nik)),
    }
}

fn date_kind(error: DateError) -> MisreadKind {
    match error {
        DateError::NotADate => MisreadKind::NotADate,
        DateError::NoSuchDay => MisreadKind::NoSuchDay,
        DateError::Ambiguous => MisreadKind::AmbiguousDate,
    }
}

fn birth_kind(error: TglLahirError) -> MisreadKind {
    match error {
        TglLahirError::Future => MisreadKind::BirthInFuture,
        TglLahirError::TooOld => MisreadKind::BirthTooOld,
    }
}

fn name(piece: &str) -> Result<Nama, Broken<'_>> {
    let text = visible(piece);
    Nama::read(&text).map_err(|error| match error {
        // A date is all characters that no name has; what is wrong is its place.
        _ if date::shape(&text).is_some() => Broken { kind: MisreadKind::Swapped, at: piece },
        NamaError::Character { at, .. } => {
            Broken { kind: MisreadKind::NameCharacter, at: visible_char(piece, at).unwrap_or(piece) }
        }
        NamaError::NoLetter => Broken { kind: MisreadKind::NameEmpty, at: piece },
        NamaError::TooLong => Broken { kind: MisreadKind::NameTooLong, at: piece },
    })
}

/// An address names a place: a date or a number alone is another office's piece. The poster's `+ FotoKTP`, copied behind it,
/// is no part of it.
fn address(text: &str) -> Option<Address> {
    let text = match text.rsplit_once('+') {
        Some((address, photo)) if WORDS.photos.get(photo).is_some() => address,
        _ => text,
    };
    let names_a_place = text.contains(char::is_alphabetic) && date::shape(text).is_none();
    if names_a_place { Address::read(text) } else { None }
}

/// A number of one or two digits or a number word, perhaps with `orang` behind it; any number, not only one that a form may have.
pub(super) fn count(text: &str) -> Option<u8> {
    let text = text.trim();
    let digits = text.find(|c| digit(c).is_none()).unwrap_or(text.len());
    let (value, behind) = match text.split_at_checked(digits)? {
        ("", _) => WORDS.counts.front(text)?,
        (number, behind) => {
            let value = number
                .chars()
                .try_fold(0_u8, |value, c| value.checked_mul(10)?.checked_add(u8::try_from(digit(c)?).ok()?));
            (value.filter(|value| *value < 100)?, behind)
        }
    };
    let behind = behind.trim_matches(|c: char| !c.is_alphanumeric());
    (behind.is_empty() || WORDS.people.get(behind).is_some()).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date")
    }

    fn kind(field: Field, piece: &str) -> Option<(MisreadKind, &str)> {
        read(field, piece, today()).err().map(|broken| (broken.kind, broken.at))
    }

    #[test]
    fn a_broken_name_is_pointed_at() {
        assert_eq!(
            kind(Field::Nama, "Bu\u{200b}d1"),
            Some((MisreadKind::NameCharacter, "1")),
            "past the invisible character"
        );
        assert_eq!(kind(Field::Nama, "Budi 😀"), Some((MisreadKind::NameCharacter, "😀")));
        assert_eq!(kind(Field::Nama, "--"), Some((MisreadKind::NameEmpty, "--")));
        assert_eq!(kind(Field::Nama, "25 Jan 1987"), Some((MisreadKind::Swapped, "25 Jan 1987")));
        assert_eq!(kind(Field::Nama, &"a".repeat(61)).map(|(kind, _)| kind), Some(MisreadKind::NameTooLong));
        assert_eq!(
            kind(Field::Nama, "Nama Lengkap").map(|(kind, _)| kind),
            Some(MisreadKind::Missing),
            "the poster's own word"
        );
    }

    #[test]
    fn labels_come_off_their_own_field_only() {
        let named = |piece| match read(Field::Nama, piece, today()) {
            Ok(Value::Nama(nama)) => Some(nama.as_str().to_owned()),
            _ => None,
        };
        assert_eq!(named("Nama : Budi").as_deref(), Some("Budi"));
        assert_eq!(named("Alamat: Budi"), None);
        assert_eq!(kind(Field::Nama, "Nama:").map(|(kind, _)| kind), Some(MisreadKind::Missing));
    }

    #[test]
    fn dates_are_judged_by_their_field() {
        assert_eq!(kind(Field::TglLahir, "02082017").map(|(kind, _)| kind), Some(MisreadKind::BirthInFuture));
        assert_eq!(kind(Field::TglLahir, "01011896").map(|(kind, _)| kind), Some(MisreadKind::BirthTooOld));
        assert_eq!(kind(Field::TglLahir, "01-01-0001").map(|(kind, _)| kind), Some(MisreadKind::BirthTooOld));
        assert_eq!(kind(Field::TglKedatangan, "31072017").map(|(kind, _)| kind), Some(MisreadKind::VisitPast));
        assert!(read(Field::TglKedatangan, "01082017", today()).is_ok());
        assert!(read(Field::TglLahir, "01082017", today()).is_ok());
    }

    #[test]
    fn a_count_is_digits_or_a_word() {
        for (text, value) in [
            ("4", Some(4)),
            ("04", Some(4)),
            ("4 orang", Some(4)),
            ("Empat", Some(4)),
            ("dua org", Some(2)),
            ("9", Some(9)),
            ("0", Some(0)),
            ("nol", Some(0)),
            ("123", None),
            ("4 kucing", None),
            ("", None),
            ("Jl. Melati 4", None),
        ] {
            assert_eq!(count(text), value, "{text}");
        }
        for wrong in ["0", "6", "sembilan", "banyak"] {
            assert_eq!(kind(Field::Jumlah, wrong), Some((MisreadKind::Count, wrong)));
        }
    }

    #[test]
    fn an_address_names_a_place() {
        assert!(read(Field::Alamat, "JL. MELATI N0.3, RT 02/RW 03", today()).is_ok());
        for wrong in ["07082017", "7 Agustus 2017", "4", "..."] {
            assert_eq!(kind(Field::Alamat, wrong), Some((MisreadKind::Address, wrong)));
        }
        assert_eq!(kind(Field::Alamat, &"Jl ".repeat(100)).map(|(kind, _)| kind), Some(MisreadKind::Address));
    }
}
