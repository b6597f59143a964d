//! Reads one piece of a form as the value that its field asks for.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate};

use super::date::{self, DateError, Days as Readings, digit};
use super::lone::{is_filler, is_pause};
use super::pieces::{bare, is_blank, visible, visible_char};
use super::request::{Field, MisreadKind, NoteKind};
use super::vocabulary::WORDS;
use super::{day, repair};
use crate::domain::office::HORIZON_DAYS_MAX;
use crate::domain::person::{
    ADDRESS_CHARS_MAX, AGE_YEARS_MAX, Address, NAMA_CHARS_MAX, Nama, NamaError, Nik, PARTY_MAX, TglLahir, TglLahirError,
};

/// Bytes of a character at most, taken apart into letter and marks (a syllable of Hangul is three letters of three bytes).
const CHAR_BYTES_MAX: usize = 9;
/// Longest date, number or identity number that is looked at, in bytes, with all that people put around it.
const DATE_BYTES_MAX: usize = 256;
/// Most words of thanks behind a value that are looked for, from the end.
const THANKS_WORDS_MAX: usize = 12;

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

/// A piece as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Read {
    /// Its value; of several readings the first.
    pub(super) value: Value,
    /// The other days that a date may be.
    pub(super) others: Vec<NaiveDate>,
    /// The slip that was mended, and what it was read as.
    pub(super) mended: Option<(NoteKind, String)>,
}

impl From<Value> for Read {
    fn from(value: Value) -> Self {
        Self { value, others: Vec::new(), mended: None }
    }
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

/// The piece without its own label in front (`Nama: Budi`, `Tgl Lahir 25-01-1987`).
pub(super) fn unlabelled(field: Field, piece: &str) -> &str {
    if let Some((label, value)) = piece.split_once([':', '='])
        && WORDS.fields.get(label) == Some(field)
    {
        // `*Nama:* Budi`: the label alone is bold.
        let value = if label.starts_with(is_markup) { value.trim_start_matches(is_markup) } else { value };
        return bare(value);
    }
    match WORDS.fields.front(piece) {
        Some((label, behind)) if label == field && behind.starts_with(is_blank) => bare(behind),
        _ => piece,
    }
}

/// Whether the piece opens with any field's label and a colon.
pub(super) fn is_labelled(piece: &str) -> bool {
    piece.split_once([':', '=']).is_some_and(|(label, _)| WORDS.fields.get(label).is_some())
}

fn is_markup(c: char) -> bool {
    matches!(c, '*' | '_' | '~')
}

/// The piece without thanks behind it; in a date or a number without any form of address too.
fn without_thanks(field: Field, piece: &str) -> &str {
    let polite = |behind: &str| {
        let behind = behind.trim_matches(is_pause);
        match field {
            Field::Nama | Field::Alamat => {
                let thanks = WORDS.thanks.front(behind);
                thanks.is_some_and(|((), rest)| is_filler(rest))
            }
            _ => is_filler(behind),
        }
    };
    let is_gap = |c: char| is_blank(c) || matches!(c, ',' | '.');
    let backwards = || piece.char_indices().rev();
    let ends = backwards().zip(backwards().skip(1)).filter(|((_, c), (_, before))| is_gap(*c) && !is_gap(*before));
    let tails = ends.take(THANKS_WORDS_MAX).filter_map(|((at, _), _)| piece.split_at_checked(at));
    let cut = tails.filter(|(_, behind)| polite(behind)).last();
    cut.map_or(piece, |(front, _)| bare(front.trim_end_matches(is_pause)))
}

/// Reads `piece` as the value of `field`, as of the day of sending.
pub(super) fn read(field: Field, piece: &str, sent_on: NaiveDate) -> Result<Read, Broken<'_>> {
    if is_too_long(field, piece) {
        return Err(Broken { kind: too_long(field), at: piece });
    }
    let piece = unlabelled(field, piece);
    let broken = |kind| Broken { kind, at: piece };
    // The poster's own word in place of a value: `#Nama#25011987#07082017`.
    if piece.is_empty() || WORDS.fields.get(piece) == Some(field) {
        return Err(broken(MisreadKind::Missing));
    }
    let read = whole(field, piece, sent_on);
    let thanked = || Some(without_thanks(field, piece)).filter(|front| front.len() < piece.len());
    let polite = match (&read, field) {
        // Thanks would pass for a part of these.
        (_, Field::Nama | Field::Alamat) | (Err(_), _) => thanked(),
        (Ok(_), _) => None,
    };
    match polite.map(|front| whole(field, front, sent_on)) {
        Some(Ok(read)) => Ok(read),
        _ => read,
    }
}

/// Whether a piece is longer than any value of its field, so that reading it is no use.
pub(super) fn is_too_long(field: Field, piece: &str) -> bool {
    let most = match field {
        Field::Nama => NAMA_CHARS_MAX * CHAR_BYTES_MAX,
        Field::Alamat => ADDRESS_CHARS_MAX * CHAR_BYTES_MAX,
        Field::TglLahir | Field::TglKedatangan | Field::Jumlah | Field::Nik => DATE_BYTES_MAX,
    };
    piece.len() > most
}

/// What is wrong with a piece that is longer than any value.
fn too_long(field: Field) -> MisreadKind {
    match field {
        Field::Nama => MisreadKind::NameTooLong,
        Field::TglLahir | Field::TglKedatangan => MisreadKind::NotADate,
        Field::Alamat => MisreadKind::Address,
        Field::Jumlah => MisreadKind::Count,
        Field::Nik => MisreadKind::Nik,
    }
}

/// Reads the whole piece and nothing but it.
fn whole(field: Field, piece: &str, sent_on: NaiveDate) -> Result<Read, Broken<'_>> {
    let broken = |kind| Broken { kind, at: piece };
    let text = visible(piece);
    match field {
        Field::Nama => name(piece).map(|nama| Value::Nama(nama).into()),
        Field::TglLahir => {
            let (days, mended) = birth_date(&text, sent_on).map_err(|error| broken(date_kind(error)))?;
            let judge = |day| TglLahir::judge(day, sent_on).map_err(|error| broken(birth_kind(error)));
            Ok(Read { value: Value::TglLahir(judge(days.first)?), others: days.others, mended })
        }
        Field::TglKedatangan => {
            let (days, mended) = visit_date(&text, sent_on).map_err(|error| broken(date_kind(error)))?;
            if days.first < sent_on {
                return Err(broken(MisreadKind::VisitPast));
            }
            Ok(Read { value: Value::TglKedatangan(days.first), others: days.others, mended })
        }
        Field::Alamat => {
            address(&text).map(|address| Value::Alamat(address).into()).ok_or(broken(MisreadKind::Address))
        }
        Field::Jumlah => match count(&text) {
            Some(party @ 1..=PARTY_MAX) => Ok(Value::Jumlah(party).into()),
            _ => Err(broken(MisreadKind::Count)),
        },
        Field::Nik => {
            let mended = || repair::digits(&text).and_then(|digits| Some((Nik::read(&digits)?, digits)));
            match (Nik::read(&text), mended()) {
                (Some(nik), _) => Ok(Value::Nik(nik).into()),
                (None, Some((nik, digits))) => {
                    let mended = Some((NoteKind::Digit, digits));
                    Ok(Read { value: Value::Nik(nik), others: Vec::new(), mended })
                }
                (None, None) => Err(broken(MisreadKind::Nik)),
            }
        }
    }
}

/// The days that a date may be, and the slip that was mended in it.
type Dated = (Readings, Option<(NoteKind, String)>);

/// Days with the note on how they came about: what was read is told as the day itself.
fn mended(days: Readings, kind: NoteKind) -> Dated {
    let note = Some((kind, days.first.to_string()));
    (days, note)
}

/// A birth date as written, or with one slip mended.
fn birth_date(text: &str, sent_on: NaiveDate) -> Result<Dated, DateError> {
    let allowed = births(sent_on);
    if let Some(written) = date::shape(text) {
        return Ok((written.days(&allowed)?, None));
    }
    // `tgl 25-01-1987`, `Senin, 25 Januari 1987`: a day without its year is no birth date.
    if let Some(named) = day::read(text, sent_on, &allowed)
        && named.as_ref().map_or(true, |named| !named.counted)
    {
        return named.map(|named| (named.days, None));
    }
    let (written, kind) = repair::birth_date(text).ok_or(DateError::NotADate)?;
    Ok(mended(written.days(&allowed)?, kind))
}

/// A visit date as written, as a day counted from the day of sending, or with one slip mended.
fn visit_date(text: &str, sent_on: NaiveDate) -> Result<Dated, DateError> {
    let allowed = visits(sent_on);
    if let Some(written) = date::shape(text) {
        return Ok((written.days(&allowed)?, None));
    }
    if let Some(named) = day::read(text, sent_on, &allowed) {
        let named = named?;
        return Ok(if named.counted { mended(named.days, NoteKind::Day) } else { (named.days, None) });
    }
    let (written, kind) = repair::date(text).ok_or(DateError::NotADate)?;
    Ok(mended(written.days(&allowed)?, kind))
}

fn date_kind(error: DateError) -> MisreadKind {
    match error {
        DateError::NotADate => MisreadKind::NotADate,
        DateError::NoSuchDay => MisreadKind::NoSuchDay,
        DateError::Contradicts => MisreadKind::AmbiguousDate,
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

/// Whether a piece stands where a count would, right or wrong: no letter in it, a number word, or the count's own label.
pub(super) fn is_countish(piece: &str) -> bool {
    let value = unlabelled(Field::Jumlah, piece);
    let letterless = !value.contains(char::is_alphabetic) && date::shape(value).is_none();
    letterless || count(value).is_some() || WORDS.fields.get(value) == Some(Field::Jumlah)
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
        let named = |piece| match read(Field::Nama, piece, today()).map(|read| read.value) {
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
