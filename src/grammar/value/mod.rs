//! Reads one piece of a form as the value that its field asks for.

pub(crate) mod name;

use chrono::NaiveDate;

use crate::domain::identity::{EMAIL_CHARS_MAX, Email, Nik, NoKk, Phone};
use crate::domain::person::{
    ADDRESS_CHARS_MAX, ANSWER_CHARS_MAX, Address, FreeText, NAMA_CHARS_MAX, Nama, NamaError, Service, TglLahir,
    TglLahirError,
};
use crate::domain::slot::Session;
use crate::grammar::date;
use crate::grammar::date::parse::{DateError, Days as Readings};
use crate::grammar::date::{named_day, repair};
use crate::grammar::format::pattern;
use crate::grammar::format::rules::{Rules, Shapes};
use crate::grammar::language::labels::{is_name, unlabelled, without_name, without_thanks};
use crate::grammar::language::vocabulary::WORDS;
use crate::grammar::reader::{command, intruder};
use crate::grammar::request::NoteKind;
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::MisreadKind;
use crate::grammar::text::pieces::{digit, joined, visible, visible_char};

/// Bytes of a character at most, taken apart into letter and marks (a syllable of Hangul is three letters of three bytes).
const CHAR_BYTES_MAX: usize = 9;
/// Longest date, number or word that is looked at, in bytes, with all that people put around it.
const DATE_BYTES_MAX: usize = 256;
/// Longest e-mail address that is looked at, in bytes, with thanks behind it.
const EMAIL_BYTES_MAX: usize = 2 * EMAIL_CHARS_MAX;

/// One value of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Nama(Nama),
    TglLahir(TglLahir),
    TglKedatangan(NaiveDate),
    Alamat(Address),
    Jumlah(u8),
    Nik(Nik),
    NoKk(NoKk),
    Telepon(Phone),
    Email(Email),
    Sesi(Session),
    Layanan(Service),
    Teks(FreeText),
}

/// A piece as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    /// Its value; of several readings the first.
    pub(crate) value: Value,
    /// The other days that a date may be.
    pub(crate) others: Vec<NaiveDate>,
    /// The slip that was mended, and what it was read as.
    pub(crate) mended: Option<(NoteKind, String)>,
}

impl From<Value> for Read {
    fn from(value: Value) -> Self {
        Self { value, others: Vec::new(), mended: None }
    }
}

/// What is wrong with a piece, and the slice of the message that it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken<'m> {
    pub(crate) kind: MisreadKind,
    pub(crate) at: &'m str,
}

/// Reads `piece` as the value of `field` by a format's rules, as of the day of sending.
pub(crate) fn read<'m>(rules: &Rules, field: Field, piece: &'m str, sent_on: NaiveDate) -> Result<Read, Broken<'m>> {
    if is_too_long(field, piece) {
        return Err(Broken { kind: broken_kind(field), at: piece });
    }
    let piece = without_name(rules, field, piece);
    let broken = |kind| Broken { kind, at: piece };
    // The poster's own word in place of a value: `#Nama#25011987#07082017`.
    if piece.is_empty() || is_name(rules, field, piece) {
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

/// Whether a piece is longer than any value of its field, so that reading it is no use.
pub(crate) fn is_too_long(field: Field, piece: &str) -> bool {
    let most = match field {
        Field::Nama => NAMA_CHARS_MAX * CHAR_BYTES_MAX,
        Field::Alamat => ADDRESS_CHARS_MAX * CHAR_BYTES_MAX,
        Field::Teks(_) => ANSWER_CHARS_MAX * CHAR_BYTES_MAX,
        Field::Email => EMAIL_BYTES_MAX,
        _ => DATE_BYTES_MAX,
    };
    piece.len() > most
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
pub(crate) fn whole<'m>(rules: &Rules, field: Field, piece: &'m str, sent_on: NaiveDate) -> Result<Read, Broken<'m>> {
    let broken = |kind| Broken { kind, at: piece };
    let text = visible(piece);
    match field {
        Field::Nama => named(piece, rules.nama_chars_max),
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

/// A number as written in any digits, or with letters for digits mended.
fn number(text: &str, read: impl Fn(&str) -> Option<Value>) -> Option<Read> {
    let ascii: String =
        text.chars().map(|c| digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c)).collect();
    if let Some(value) = read(&ascii) {
        return Some(value.into());
    }
    let digits = repair::digits(&ascii)?;
    let value = read(&digits)?;
    Some(Read { value, others: Vec::new(), mended: Some((NoteKind::Digit, digits)) })
}

fn born(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Read, MisreadKind> {
    let (days, mended) = birth_date(rules, text, sent_on).map_err(date_kind)?;
    let born = TglLahir::judge(days.first, sent_on).map_err(birth_kind)?;
    if let Some(wrong) = rules.judge_age(days.first, sent_on) {
        return Err(wrong);
    }
    spelled(&rules.born, text, mended.as_ref())?;
    Ok(Read { value: Value::TglLahir(born), others: days.others, mended })
}

fn visit(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Read, MisreadKind> {
    let (mut days, mended) = visit_date(rules, text, sent_on).map_err(date_kind)?;
    // `selasa` on a Tuesday, where today cannot be asked for: only the coming one is left.
    if !days.others.is_empty() {
        let all = std::iter::once(days.first).chain(days.others.iter().copied());
        let fitting = all.filter(|&day| rules.judge_visit(day, sent_on).is_none()).collect();
        days = Readings::of(fitting).unwrap_or(days);
    }
    let mended = mended.map(|(kind, _)| (kind, days.first.to_string()));
    if let Some(wrong) = rules.judge_visit(days.first, sent_on) {
        return Err(wrong);
    }
    spelled(&rules.visit, text, mended.as_ref())?;
    Ok(Read { value: Value::TglKedatangan(days.first), others: days.others, mended })
}

/// Whether a date is spelled as the format wants it; a slip in it is looked past.
fn spelled(shapes: &Shapes, text: &str, mended: Option<&(NoteKind, String)>) -> Result<(), MisreadKind> {
    let allowed = match mended {
        Some((NoteKind::Digit, _)) => shapes.allow(&repair::digits(text).unwrap_or_default()),
        _ => shapes.allow(text),
    };
    if allowed { Ok(()) } else { Err(MisreadKind::DateShape) }
}

/// The days that a date may be, and the slip that was mended in it.
type Dated = (Readings, Option<(NoteKind, String)>);

/// Days with the note on how they came about: what was read is told as the day itself.
fn mended(days: Readings, kind: NoteKind) -> Dated {
    let note = Some((kind, days.first.to_string()));
    (days, note)
}

/// A birth date as written, or with one slip mended.
fn birth_date(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Dated, DateError> {
    let allowed = rules.births(sent_on);
    if let Some(written) = date::parse(text) {
        return Ok((written.days(&allowed)?, None));
    }
    // `tgl 25-01-1987`, `Senin, 25 Januari 1987`: a day without its year is no birth date.
    if let Some(named) = named_day::read(text, sent_on, &allowed)
        && named.as_ref().map_or(true, |named| !named.counted)
    {
        return named.map(|named| (named.days, None));
    }
    let (written, kind) = repair::birth_date(text).ok_or(DateError::NotADate)?;
    Ok(mended(written.days(&allowed)?, kind))
}

/// A visit date as written, as a day counted from the day of sending, or with one slip mended.
fn visit_date(rules: &Rules, text: &str, sent_on: NaiveDate) -> Result<Dated, DateError> {
    let allowed = rules.visits(sent_on);
    if let Some(written) = date::parse(text) {
        return Ok((written.days(&allowed)?, None));
    }
    if let Some(named) = named_day::read(text, sent_on, &allowed) {
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
        DateError::Contradicts => MisreadKind::OtherWeekday,
    }
}

fn birth_kind(error: TglLahirError) -> MisreadKind {
    match error {
        TglLahirError::Future => MisreadKind::BirthInFuture,
        TglLahirError::TooOld => MisreadKind::BirthTooOld,
    }
}

/// A name, without the titles in front of it.
fn named(piece: &str, chars_max: usize) -> Result<Read, Broken<'_>> {
    let Some(untitled) = name::untitled(piece) else {
        return name(piece, chars_max).map(|nama| Value::Nama(nama).into());
    };
    let nama = name(untitled, chars_max)?;
    let mended = Some((NoteKind::Title, nama.as_str().to_owned()));
    Ok(Read { value: Value::Nama(nama), others: Vec::new(), mended })
}

fn name(piece: &str, chars_max: usize) -> Result<Nama, Broken<'_>> {
    let text = visible(piece);
    // Nobody is called `besok`.
    if WORDS.days.get(&text).is_some() {
        return Err(Broken { kind: MisreadKind::Swapped, at: piece });
    }
    if let Some(at) = intruder::beside_name(piece) {
        return Err(Broken { kind: MisreadKind::Mingled, at });
    }
    let read = Nama::read(&text)
        .and_then(|nama| if nama.as_str().chars().count() > chars_max { Err(NamaError::TooLong) } else { Ok(nama) });
    read.map_err(|error| match error {
        // A date is all characters that no name has; what is wrong is its place.
        _ if date::parse(&text).is_some() => Broken { kind: MisreadKind::Swapped, at: piece },
        NamaError::Character { at, .. } => {
            Broken { kind: MisreadKind::NameCharacter, at: visible_char(piece, at).unwrap_or(piece) }
        }
        NamaError::Alphabet { at, .. } => {
            Broken { kind: MisreadKind::NameAlphabet, at: visible_char(piece, at).unwrap_or(piece) }
        }
        NamaError::Marks { letter, mark } => {
            let marked = visible_char(piece, letter).zip(visible_char(piece, mark));
            let at = marked.map_or(piece, |(first, last)| joined(piece, first, last));
            Broken { kind: MisreadKind::NameMarks, at }
        }
        NamaError::NoLetter => Broken { kind: MisreadKind::NameEmpty, at: piece },
        NamaError::TooLong => Broken { kind: MisreadKind::NameTooLong, at: piece },
    })
}

/// An address names a place: a date or a number alone is another office's piece. The poster's `+ FotoKTP`, copied behind it,
/// is no part of it.
fn address(text: &str) -> Option<Address> {
    let text = match text.rsplit_once('+') {
        Some((address, photo)) if pattern::is_photo(photo) => address,
        _ => text,
    };
    let is_told_to_us = WORDS.commands.get(text).is_some() || command::is_filler(text);
    let says_nothing = WORDS.no_address.get(text).is_some() || is_told_to_us;
    let names_a_place = text.contains(char::is_alphabetic) && date::parse(text).is_none() && !says_nothing;
    if names_a_place { Address::read(text) } else { None }
}

/// Whether a piece that does not read looks as if it was meant for a field.
pub(crate) fn resembles(field: Field, piece: &str) -> bool {
    let digits = piece.chars().filter(|&c| digit(c).is_some()).count();
    let letters = piece.chars().filter(|c| c.is_alphabetic()).count();
    match field {
        Field::Nama | Field::Alamat | Field::Layanan | Field::Sesi | Field::Teks(_) => letters > digits,
        Field::TglLahir | Field::TglKedatangan => (5..=9).contains(&digits),
        Field::Jumlah => is_countish(piece),
        Field::Nik | Field::NoKk => digits > 12 && digits > letters,
        Field::Telepon => (7..=14).contains(&digits) && digits > letters,
        Field::Email => piece.contains('@'),
    }
}

/// Whether a piece stands where a count would, right or wrong: no letter in it, a number word, or the count's own label.
pub(crate) fn is_countish(piece: &str) -> bool {
    let value = unlabelled(Field::Jumlah, piece);
    let letterless = !value.contains(char::is_alphabetic) && date::parse(value).is_none();
    letterless
        || count(without_thanks(Field::Jumlah, value)).is_some()
        || WORDS.fields.get(value) == Some(Field::Jumlah)
}

/// A number of one or two digits or a number word, perhaps with `orang` behind it; any number, not only one that a form may have.
pub(crate) fn count(text: &str) -> Option<u8> {
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
