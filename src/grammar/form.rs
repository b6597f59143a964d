//! Runs an office's formats over a message: cuts it into pieces, chooses the format, reads each piece by its field.
//!
//! All that goes wrong is named with the piece it is about; nothing is read that is not written in the message.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::format::Format;
use super::pattern;
use super::pieces::{bare, before, end, is_blank, is_hash, joined, span, split};
use super::request::{Field, Form, Misread, MisreadKind, Request};
use super::value::{self, Broken, Value};
use super::vocabulary::{Keyword, WORDS};
use super::{date, lone};
use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::person::{ADDRESS_CHARS_MAX, Applicant, NAMA_CHARS_MAX, PARTY_MAX};

/// Most of a broken piece that is quoted, in characters.
const FOUND_CHARS_MAX: usize = 40;
/// What people write between the pieces in place of `#`, in the order of trying.
const OTHER_SEPARATORS: [char; 5] = ['\n', ';', '|', '*', ','];
/// Words in front of a form that are looked at: a habit and a service (`REG E-PASSPORT#...`).
const KEYWORDS_MAX: usize = 2;

/// A message cut up, with the keywords in front taken off.
struct Opened<'m> {
    /// Keywords in order, and where they stand.
    keywords: Vec<(Keyword, &'m str)>,
    pieces: Vec<&'m str>,
}

/// What went wrong, and with which field.
type Wrong<'m> = (Option<Field>, Broken<'m>);

/// Reads a form, or names what is wrong with it; `formats` are the office's, the ordinary one first.
pub(super) fn read(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Request {
    let Some(ordinary) = formats.first().copied() else { return Request::Unreadable };
    let Some(opened) = cut(formats, message) else { return Request::Unreadable };
    if is_placeholder(&opened) {
        return Request::Placeholder;
    }
    let Some((first, behind)) = opened.pieces.split_first() else { return Request::Unreadable };
    // `#batal#...` with something that is no code: no form either, unless somebody is called that.
    if lone::is_command(first) && !behind.iter().any(|piece| date::shape(piece).is_some()) {
        return Request::Unreadable;
    }
    match choose(formats, message, &opened, sent_on) {
        Ok(format) => match run(format, message, &opened.pieces, sent_on) {
            Ok(form) => Request::Form(form),
            Err(wrong) => Request::Misread(misread(format, message, wrong)),
        },
        Err(wrong) => Request::Misread(misread(ordinary, message, wrong)),
    }
}

/// The misreading of a message that is longer than any form.
pub(super) fn too_long(format: &Format, message: &str) -> Misread {
    misread(format, message, (None, Broken { kind: MisreadKind::MessageTooLong, at: message }))
}

/// Takes greetings and keywords off the front, politeness off the back.
fn open(mut pieces: Vec<&str>) -> Opened<'_> {
    if let Some(first) = pieces.first().copied() {
        match lone::after_greeting(first) {
            // A greeting alone, unless it is somebody's name with the birth date behind it.
            "" if pieces.get(1).is_some_and(|next| date::shape(value::unlabelled(Field::TglLahir, next)).is_none()) => {
                pieces.remove(0);
            }
            "" => {}
            rest => pieces.splice(..1, [bare(rest)]).for_each(drop),
        }
    }
    let mut keywords = Vec::new();
    while keywords.len() < KEYWORDS_MAX
        && let Some((keyword, at, rest)) = pieces.first().and_then(|first| keyword(first))
    {
        keywords.push((keyword, at));
        pieces.splice(..1, (!rest.is_empty()).then_some(rest)).for_each(drop);
    }
    if pieces.len() > 1 {
        pieces.pop_if(|last| lone::is_filler(last));
    }
    Opened { keywords, pieces }
}

/// A keyword that fills the piece or opens it (`REG Budi`), where it stands, and the rest of the piece.
fn keyword(piece: &str) -> Option<(Keyword, &str, &str)> {
    let (keyword, behind) = WORDS.keywords.front(piece)?;
    let at = piece.get(..piece.len() - behind.len())?;
    let rest = behind.trim_start_matches(|c| is_blank(c) || c == ':');
    (rest.is_empty() || rest.len() < behind.len()).then_some((keyword, at, rest))
}

/// Whether every piece is a field's name: the poster's line itself.
fn is_placeholder(opened: &Opened<'_>) -> bool {
    opened.pieces.len() > 1 && opened.pieces.iter().all(|piece| pattern::field(piece).is_some())
}

/// Cuts a message at its `#`; where that gives one piece at most, at another separator, if that gives a form's pieces with a
/// date where one belongs. `None` is no form.
fn cut<'m>(formats: &[&Format], message: &'m str) -> Option<Opened<'m>> {
    let by_hash = message.contains(is_hash).then(|| open(split(bare(message), is_hash)));
    if by_hash.as_ref().is_some_and(|opened| opened.pieces.len() > 1) {
        return by_hash;
    }
    let text = message.trim_matches(|c| is_hash(c) || is_blank(c));
    let otherwise = OTHER_SEPARATORS.into_iter().filter(|&separator| text.contains(separator)).find_map(|separator| {
        let opened = open(split(text, |c| c == separator));
        formats.iter().any(|format| has_shape(format, separator, &opened.pieces)).then_some(opened)
    });
    otherwise.or(by_hash)
}

/// Whether the pieces are as many as the format's, the birth date in its place. Commas do not make an address's pieces:
/// chat has commas and dates too.
fn has_shape(format: &Format, separator: char, pieces: &[&str]) -> bool {
    let fields = format.fields();
    let open = format.open_at().is_some();
    let fits = if open { separator != ',' && pieces.len() >= fields.len() } else { pieces.len() == fields.len() };
    let born_at = fields.iter().position(|&field| field == Field::TglLahir);
    let born = born_at.and_then(|at| pieces.get(at)).map(|piece| value::unlabelled(Field::TglLahir, piece));
    fits && born.is_some_and(|piece| date::shape(piece).is_some())
}

/// Chooses the format: by keyword first, then by the count at the end, the number of pieces, and how many of them read.
fn choose<'f, 'm>(
    formats: &[&'f Format],
    message: &'m str,
    opened: &Opened<'m>,
    sent_on: NaiveDate,
) -> Result<&'f Format, Wrong<'m>> {
    let with = |keyword: Option<Keyword>| formats.iter().copied().filter(move |format| format.keyword() == keyword);
    let spoken = opened.keywords.iter().find(|(keyword, _)| with(Some(*keyword)).next().is_some());
    let foreign = opened.keywords.iter().find(|(keyword, _)| matches!(keyword, Keyword::Service(_)));
    let keyword = match (spoken, foreign) {
        (Some((keyword, _)), _) => Some(*keyword),
        (None, Some((_, at))) => return Err((None, Broken { kind: MisreadKind::Surplus, at })),
        (None, None) => None,
    };
    let mut fitting = with(keyword);
    let first = fitting.next().ok_or_else(|| {
        let place = opened.pieces.first().map_or(message, |first| before(message, first));
        (None, Broken { kind: MisreadKind::Missing, at: place })
    })?;
    let Some(second) = fitting.next() else { return Ok(first) };
    let rank = |format: &&Format| Reverse(fit(format, message, &opened.pieces, sent_on));
    // The first of equals: an office lists its ordinary format first.
    Ok([first, second].into_iter().chain(fitting).min_by_key(rank).unwrap_or(first))
}

/// How well a format fits: a count at the end, then the number of pieces, then pieces that read.
fn fit(format: &Format, message: &str, pieces: &[&str], sent_on: NaiveDate) -> (bool, bool, usize) {
    let fields = format.fields();
    let asks_count = fields.last() == Some(&Field::Jumlah);
    let has_count = pieces.last().is_some_and(|piece| value::count(piece).is_some());
    let laid = lay(format, message, pieces);
    let whole = laid.len() == fields.len() && asks_count == (asks_count && has_count);
    let reading = laid.iter().zip(fields).filter(|(piece, field)| value::read(**field, piece, sent_on).is_ok()).count();
    (asks_count && has_count, whole, reading)
}

/// Lays the pieces on the format's fields: what is too many belongs to the address, which may hold the separator.
fn lay<'m>(format: &Format, message: &'m str, pieces: &[&'m str]) -> Vec<&'m str> {
    let surplus = pieces.len().saturating_sub(format.fields().len());
    let cut = format.open_at().filter(|_| surplus > 0).and_then(|at| {
        let (front, rest) = pieces.split_at_checked(at)?;
        let (address, back) = rest.split_at_checked(surplus + 1)?;
        Some((front, joined(message, address.first()?, address.last()?), back))
    });
    match cut {
        Some((front, address, back)) => [front, &[address], back].concat(),
        None => pieces.to_vec(),
    }
}

/// Reads the pieces as a form in this format.
fn run<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Result<Form, Wrong<'m>> {
    let laid = lay(format, message, pieces);
    let fields = format.fields();
    if laid.len() < fields.len() {
        return Err(missing(fields, message, &laid, sent_on));
    }
    let read = fill(format, &laid, sent_on);
    if pieces.len() == fields.len() || (read.is_ok() && laid.len() == fields.len()) {
        return read;
    }
    let surplus = |at| (None, Broken { kind: MisreadKind::Surplus, at });
    if let Some(at) = mending(format, message, pieces, sent_on) {
        return Err(surplus(at));
    }
    match (read, laid.get(fields.len()), laid.last()) {
        (_, Some(first), Some(last)) => Err(surplus(joined(message, first, last))),
        (read, ..) => read,
    }
}

/// A piece without which the others are a form: what stands in front of the first mark, or else the last such piece.
fn mending<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Option<&'m str> {
    let in_front = (!message.trim_start_matches(is_blank).starts_with(is_hash)).then_some(0);
    in_front.into_iter().chain((0..pieces.len()).rev()).find_map(|at| {
        let mut others = pieces.to_vec();
        let piece = others.remove(at);
        let laid = lay(format, message, &others);
        (laid.len() == format.fields().len() && fill(format, &laid, sent_on).is_ok()).then_some(piece)
    })
}

/// Which piece is missing: the first whose place is taken by what reads as the next field, or else the last.
fn missing<'m>(fields: &[Field], message: &'m str, laid: &[&'m str], sent_on: NaiveDate) -> Wrong<'m> {
    let gone = |field, at| (Some(field), Broken { kind: MisreadKind::Missing, at });
    let mut pieces = laid.iter().peekable();
    for (&field, next) in fields.iter().zip(fields.iter().skip(1)) {
        match pieces.peek() {
            None => return gone(field, end(message)),
            Some(piece)
                if value::read(field, piece, sent_on).is_err() && value::read(*next, piece, sent_on).is_ok() =>
            {
                return gone(field, before(message, piece));
            }
            Some(_) => pieces.next(),
        };
    }
    gone(fields.last().copied().unwrap_or(Field::Nama), end(message))
}

/// Reads each piece by its field; there are as many as fields, or more.
fn fill<'m>(format: &Format, laid: &[&'m str], sent_on: NaiveDate) -> Result<Form, Wrong<'m>> {
    let (mut nama, mut tgl_lahir, mut alamat, mut nik, mut visit, mut party) = (None, None, None, None, None, 1);
    for (&field, piece) in format.fields().iter().zip(laid) {
        match value::read(field, piece, sent_on).map_err(|broken| (Some(field), broken))? {
            Value::Nama(value) => nama = Some(value),
            Value::TglLahir(value) => tgl_lahir = Some(value),
            Value::TglKedatangan(value) => visit = Some(value),
            Value::Alamat(value) => alamat = Some(value),
            Value::Jumlah(value) => party = value,
            Value::Nik(value) => nik = Some(value),
        }
    }
    // Every pattern has a name; `Pattern::read` holds that.
    let nama =
        nama.ok_or((Some(Field::Nama), Broken { kind: MisreadKind::Missing, at: laid.first().unwrap_or(&"") }))?;
    let applicant = Applicant { nama, tgl_lahir, alamat, nik };
    Ok(Form { format: format.id().clone(), applicant, visit, party, wants_photo: format.wants_photo() })
}

fn misread(format: &Format, message: &str, (field, Broken { kind, at }): Wrong<'_>) -> Misread {
    Misread {
        format: format.id().clone(),
        kind,
        field,
        at: span(message, at),
        found: at.chars().take(FOUND_CHARS_MAX).collect(),
        expected: match (kind, field) {
            (MisreadKind::MessageTooLong, _) => format!("at most {MESSAGE_BYTES_MAX} bytes"),
            (_, Some(field)) => expected(field),
            (_, None) => format.line().to_owned(),
        },
    }
}

/// What a field's piece should be, in English, for tools.
fn expected(field: Field) -> String {
    match field {
        Field::Nama => format!("a name of letters, spaces and . , ' -, at most {NAMA_CHARS_MAX} characters"),
        Field::TglLahir => "a birth date as ddmmyyyy, such as 25011987".to_owned(),
        Field::TglKedatangan => "the date of the visit as ddmmyyyy, not in the past".to_owned(),
        Field::Alamat => format!("an address of at most {ADDRESS_CHARS_MAX} characters"),
        Field::Jumlah => format!("the number of persons, 1 to {PARTY_MAX}"),
        Field::Nik => "the sixteen digits of the NIK".to_owned(),
    }
}
