//! Reads one piece as the value of its field: removes labels and thanks, then parses by the kind of field.

use chrono::NaiveDate;

use crate::domain::identity::{Email, Nik, NoKk, Phone};
use crate::domain::person::FreeText;
use crate::grammar::date;
use crate::grammar::format::rules::Rules;
use crate::grammar::language::courtesy::without_thanks;
use crate::grammar::language::labels::{is_label, without_label};
use crate::grammar::language::numbers::count;
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::request::field::Field;
use crate::grammar::request::length::is_too_long;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::request::piece_error::PieceError;
use crate::grammar::text::characters::visible;
use crate::grammar::value::address::address;
use crate::grammar::value::date::{born, visit};
use crate::grammar::value::identity::number;
use crate::grammar::value::name;
use crate::grammar::value::parsed::{Parsed, Value};

/// Reads `piece` as the value of `field` by a format's rules, as of the day of sending.
pub(crate) fn read<'m>(
    rules: &Rules,
    field: Field,
    piece: &'m str,
    sent_on: NaiveDate,
) -> Result<Parsed, PieceError<'m>> {
    if is_too_long(field, piece) {
        return Err(PieceError { kind: broken_kind(field), at: piece });
    }
    let piece = without_label(&rules.text_words, field, piece);
    let broken = |kind| PieceError { kind, at: piece };
    // The poster's own word in place of a value: `#Nama#25011987#07082017`.
    if piece.is_empty() || is_label(&rules.text_words, field, piece) {
        return Err(broken(MisreadKind::Missing));
    }
    let read = whole(rules, field, piece, sent_on);
    let thanked = || Some(without_thanks(field, piece)).filter(|front| front.len() < piece.len());
    let polite = match (&read, field) {
        // Thanks would pass for a part of these.
        (_, Field::Nama | Field::Alamat | Field::Teks(_)) | (Err(_), _) => thanked(),
        (Ok(_), _) => None,
    };
    match polite.map(|front| whole(rules, field, front, sent_on)) {
        Some(Ok(read)) => Ok(read),
        _ => read,
    }
}

/// What is wrong with a piece that is no value of its field at all.
fn broken_kind(field: Field) -> MisreadKind {
    match field {
        Field::Nama => MisreadKind::NameTooLong,
        Field::TglLahir | Field::TglKedatangan => MisreadKind::NotADate,
        Field::Alamat => MisreadKind::Address,
        Field::Jumlah => MisreadKind::Count,
        Field::Nik => MisreadKind::Nik,
        Field::NoKk => MisreadKind::FamilyCard,
        Field::Telepon => MisreadKind::Phone,
        Field::Email => MisreadKind::Email,
        Field::Sesi => MisreadKind::Session,
        Field::Layanan => MisreadKind::Service,
        Field::Teks(_) => MisreadKind::Text,
    }
}

/// Reads the whole piece and nothing but it.
pub(crate) fn whole<'m>(
    rules: &Rules,
    field: Field,
    piece: &'m str,
    sent_on: NaiveDate,
) -> Result<Parsed, PieceError<'m>> {
    let broken = |kind| PieceError { kind, at: piece };
    let text = visible(piece);
    match field {
        Field::Nama => name::read(piece, rules.nama_chars_max),
        Field::TglLahir => born(rules, &text, sent_on).map_err(broken),
        Field::TglKedatangan => visit(rules, &text, sent_on).map_err(broken),
        Field::Alamat => address(&text)
            .filter(|address| address.as_str().chars().count() <= rules.alamat_chars_max)
            .map(|address| Value::Alamat(address).into())
            .ok_or(broken(MisreadKind::Address)),
        Field::Jumlah => match count(&text) {
            Some(party) if (1..=rules.party_max).contains(&party) => Ok(Value::Jumlah(party).into()),
            _ => Err(broken(MisreadKind::Count)),
        },
        Field::Nik => number(&text, |text| Nik::read(text).map(Value::Nik)).ok_or(broken(MisreadKind::Nik)),
        Field::NoKk => number(&text, |text| NoKk::read(text).map(Value::NoKk)).ok_or(broken(MisreadKind::FamilyCard)),
        // Eight digits that may be a date, as in `25081946`, are a number somewhere in the world too.
        Field::Telepon if date::parse(&text).is_some() => Err(broken(MisreadKind::Phone)),
        Field::Telepon => number(&text, |text| Phone::read(text).map(Value::Telepon)).ok_or(broken(MisreadKind::Phone)),
        Field::Email => Email::read(&text).map(|email| Value::Email(email).into()).ok_or(broken(MisreadKind::Email)),
        Field::Sesi => {
            WORDS.sessions.get(&text).map(|session| Value::Sesi(session).into()).ok_or(broken(MisreadKind::Session))
        }
        Field::Layanan => {
            let at = rules.service_words.get(&text).map(usize::from);
            let service = at.and_then(|at| rules.services.get(at)).cloned();
            service.map(|service| Value::Layanan(service).into()).ok_or(broken(MisreadKind::Service))
        }
        Field::Teks(place) => {
            let answer = rules.text(place).and_then(|rule| FreeText::read(&rule.name, &text, rule.chars_max));
            answer.map(|answer| Value::Teks(answer).into()).ok_or(broken(MisreadKind::Text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2017, 8, 1).expect("a date")
    }

    fn kind(field: Field, piece: &str) -> Option<(MisreadKind, &str)> {
        read(&Rules::default(), field, piece, today()).err().map(|broken| (broken.kind, broken.at))
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
        let named = |piece| match read(&Rules::default(), Field::Nama, piece, today()).map(|read| read.value) {
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
        assert!(read(&Rules::default(), Field::TglKedatangan, "01082017", today()).is_ok());
        assert!(read(&Rules::default(), Field::TglLahir, "01082017", today()).is_ok());
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
        assert!(read(&Rules::default(), Field::Alamat, "JL. MELATI N0.3, RT 02/RW 03", today()).is_ok());
        for wrong in ["07082017", "7 Agustus 2017", "4", "..."] {
            assert_eq!(kind(Field::Alamat, wrong), Some((MisreadKind::Address, wrong)));
        }
        assert_eq!(kind(Field::Alamat, &"Jl ".repeat(100)).map(|(kind, _)| kind), Some(MisreadKind::Address));
    }
}
