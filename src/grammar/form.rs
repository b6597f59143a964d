//! Runs an office's formats over a message: cuts it into pieces, chooses the format, reads each piece by its field.
//!
//! All that goes wrong is named with the piece it is about; nothing is read that is not written in the message.

use std::borrow::Cow;
use std::cmp::Reverse;

use chrono::NaiveDate;

use super::format::Format;
use super::pattern;
use super::pieces::{bare, before, end, is_blank, is_hash, joined, offset, span, split};
use super::request::{
    Ask, CHOICES_MAX, Choice, Field, Form, Misread, MisreadKind, Note, NoteKind, Request, Suggestion,
};
use super::value::{self, Broken, Read, Value};
use super::vocabulary::{Keyword, WORDS};
use super::{date, day, lone, mend, repair, respace};
use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::person::{ADDRESS_CHARS_MAX, Applicant, NAMA_CHARS_MAX, PARTY_MAX, TglLahir};

/// Most of a broken piece that is quoted, in characters.
const FOUND_CHARS_MAX: usize = 40;
/// What people write between the pieces in place of `#`, in the order of trying.
const OTHER_SEPARATORS: [char; 6] = ['\n', ';', '|', '*', '＊', ','];
/// Pieces of an ordinary form: with no more of them, none can be chat.
const FIELDS_USUAL: usize = 3;
/// Words in front of a form that are looked at: chat, a habit and a service (`mau REG E-PASSPORT#...`).
const WORDS_IN_FRONT_MAX: usize = 3;

/// A message cut up, with the keywords in front taken off.
struct Opened<'m> {
    /// Keywords in order, and where they stand.
    keywords: Vec<(Keyword, &'m str)>,
    pieces: Vec<&'m str>,
    /// The mark that was used throughout in place of `#` and line ends.
    separator: Option<&'m str>,
}

/// What went wrong, and with which field.
type Wrong<'m> = (Option<Field>, Broken<'m>);

/// A form with every piece read.
#[derive(Debug)]
pub(super) struct Filled<'m> {
    pub(super) form: Form,
    /// The first date that may be several days, and those besides the form's own.
    doubt: Option<(Field, &'m str, Vec<NaiveDate>)>,
    /// How many dates may be several days.
    doubts: usize,
}

impl Filled<'_> {
    /// Whether every value is the only one that it can be.
    pub(super) fn is_certain(&self) -> bool {
        self.doubt.is_none()
    }
}

/// Reads a form, or names what is wrong with it; `formats` are the office's, the ordinary one first.
pub(super) fn read(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Request {
    let Some(ordinary) = formats.first().copied() else { return Request::Unreadable };
    let opened = cut(formats, message);
    if let Some(second) = second_form(formats, message, opened.as_ref(), sent_on) {
        return several(formats, message, second, sent_on);
    }
    let (format, wrong, pieces) = match one(formats, ordinary, message, opened, sent_on) {
        Ok(request) => return request,
        Err(Failed { format, wrong, pieces }) => (format, wrong, pieces),
    };
    let suggestion = mend::suggest(format, message, &pieces, sent_on);
    let suggestion = suggestion.filter(|suggestion| reads_back(formats, suggestion, sent_on)).map(Box::new);
    Request::Misread(Misread { suggestion, ..misread(format, message, wrong) })
}

/// Whether the suggested line, sent as it stands, is the form that it stands for: a name with marks around it is not.
fn reads_back(formats: &[&Format], suggestion: &Suggestion, sent_on: NaiveDate) -> bool {
    let Suggestion { line, form } = suggestion;
    let Some(ordinary) = formats.first().copied() else { return false };
    let opened = cut(formats, line);
    lone::read(line).is_none()
        && second_form(formats, line, opened.as_ref(), sent_on).is_none()
        && matches!(one(formats, ordinary, line, opened, sent_on), Ok(Request::Form(read)) if read == *form)
}

/// A form with something wrong in it, for which a mended line may be looked for.
struct Failed<'f, 'm> {
    format: &'f Format,
    wrong: Wrong<'m>,
    /// Its pieces; none where it is not even known which format was meant.
    pieces: Vec<&'m str>,
}

/// Reads a message of one form at most, cut up already.
fn one<'f, 'm>(
    formats: &[&'f Format],
    ordinary: &'f Format,
    message: &'m str,
    opened: Option<Opened<'m>>,
    sent_on: NaiveDate,
) -> Result<Request, Failed<'f, 'm>> {
    let Some(opened) = opened else {
        return Ok(spaced(formats, message, sent_on).unwrap_or(Request::Unreadable));
    };
    if is_placeholder(&opened) {
        return Ok(Request::Placeholder);
    }
    let Some((first, behind)) = opened.pieces.split_first() else { return Ok(Request::Unreadable) };
    // `#batal#...` with something that is no code: no form either, unless somebody is called that.
    if lone::is_command(first) && !behind.iter().any(|piece| date::shape(piece).is_some()) {
        return Ok(Request::Unreadable);
    }
    let format = choose(formats, message, &opened, sent_on).map_err(|wrong| Failed {
        format: ordinary,
        wrong,
        pieces: Vec::new(),
    })?;
    match run(format, message, &opened.pieces, sent_on) {
        Ok(mut filled) => {
            filled.form.notes.extend(opened.separator.map(separator));
            Ok(told(format, message, filled))
        }
        Err(wrong) => match respaced(format, message, &opened.pieces, sent_on) {
            Some(filled) => Ok(told(format, message, filled)),
            None => Err(Failed { format, wrong, pieces: opened.pieces }),
        },
    }
}

/// What a filled form is: read, or asked about where one date may be several days.
fn told(format: &Format, message: &str, filled: Filled<'_>) -> Request {
    let Filled { form, doubt, doubts } = filled;
    let Some((field, at, others)) = doubt else { return Request::Form(form) };
    if doubts > 1 || others.len() >= CHOICES_MAX {
        return Request::Misread(misread(
            format,
            message,
            (Some(field), Broken { kind: MisreadKind::AmbiguousDate, at }),
        ));
    }
    let with = |date: NaiveDate| {
        let mut form = form.clone();
        match field {
            Field::TglKedatangan => form.visit = Some(date),
            // Every reading was judged by the field's rule already: only days that fit are readings.
            _ => form.applicant.tgl_lahir = TglLahir::judge(date, date).ok(),
        }
        for note in form.notes.iter_mut().filter(|note| note.field == Some(field)) {
            note.to = date.to_string();
        }
        Choice { date, form }
    };
    let own = if field == Field::TglKedatangan { form.visit } else { form.applicant.tgl_lahir.map(TglLahir::date) };
    let choices = own.into_iter().chain(others).map(with).collect();
    Request::Ask(Ask { field, at: span(message, at), found: at.chars().take(FOUND_CHARS_MAX).collect(), choices })
}

/// The note on another mark than `#` between the pieces.
fn separator(mark: &str) -> Note {
    Note { kind: NoteKind::Separator, field: None, from: mark.to_owned(), to: "#".to_owned() }
}

/// The pieces cut apart where only a space stands between a date and its neighbours, if that makes a whole form.
fn respaced<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Option<Filled<'m>> {
    if pieces.len() >= format.fields().len() {
        return None;
    }
    let cut: Vec<&str> = pieces.iter().flat_map(|piece| respace::around_dates(piece)).collect();
    let mut filled = run(format, message, &cut, sent_on).ok().filter(|_| cut.len() == format.fields().len())?;
    filled.form.notes.push(separator(" "));
    Some(filled)
}

/// A text without any mark that is a form all the same: `Budi Santoso 25011987 07082017`, without a word of chat.
fn spaced(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Option<Request> {
    let text = lone::after_greeting(bare(message));
    let pieces = open(vec![text]).pieces;
    let is_chat = |word: &str| !word.is_empty() && WORDS.chat.get(word).is_some();
    let text = pieces.first()?;
    let words = text.split(|c: char| is_blank(c) || c == ',').map(|word| word.trim_matches(lone::is_pause));
    let dated = respace::around_dates(text).into_iter().filter(|piece| date::shape(piece).is_some());
    let days: Vec<&str> = dated.collect();
    let in_date = |word: &str| days.iter().any(|day| day.contains(word)) || day::is_day(word);
    if words.filter(|word| !in_date(word)).any(is_chat) || WORDS.commands.front(text).is_some() {
        return None;
    }
    formats.iter().filter(|format| format.keyword().is_none()).find_map(|format| {
        let filled = respaced(format, message, &pieces, sent_on)?;
        Some(told(format, message, filled))
    })
}

/// Where a second form begins, if one does: each person on a line, or one behind the other.
fn second_form<'m>(
    formats: &[&Format],
    message: &'m str,
    opened: Option<&Opened<'m>>,
    sent_on: NaiveDate,
) -> Option<&'m str> {
    let whole_form = |line: &&str| {
        cut(formats, line).is_some_and(|opened| formats.iter().any(|format| has_shape(format, '#', &opened.pieces)))
    };
    if message.contains('\n') {
        let mut lines = message.split('\n').filter(|line| line.contains(is_hash)).filter(whole_form);
        if let Some(first) = lines.next()
            && let Some(second) = lines.find(|line| bare(line) != bare(first))
        {
            return Some(bare(second));
        }
    }
    let pieces = &opened?.pieces;
    formats.iter().find_map(|format| {
        let fields = format.fields().len();
        let (first, behind) = pieces.split_at_checked(fields).filter(|(_, behind)| !behind.is_empty())?;
        let born_at = format.fields().iter().position(|&field| field == Field::TglLahir)?;
        let born = |pieces: &[&str]| pieces.get(born_at).is_some_and(|piece| date::shape(piece).is_some());
        let name = value::read(Field::Nama, behind.first()?, sent_on).is_ok();
        (born(first) && born(behind) && name).then(|| behind.first().copied())?
    })
}

/// The misreading of several forms; the first of them is suggested.
fn several(formats: &[&Format], message: &str, second: &str, sent_on: NaiveDate) -> Request {
    let Some(ordinary) = formats.first().copied() else { return Request::Unreadable };
    let first = message.get(..offset(message, second)).unwrap_or_default();
    let rest = message.get(offset(message, second)..).map_or(second, |rest| rest.trim_end_matches(is_blank));
    let suggestion = match one(formats, ordinary, first, cut(formats, first), sent_on) {
        Ok(Request::Form(form)) => mend::of_form(formats, form),
        _ => None,
    };
    let suggestion = suggestion.filter(|suggestion| reads_back(formats, suggestion, sent_on)).map(Box::new);
    let wrong = misread(ordinary, message, (None, Broken { kind: MisreadKind::Several, at: rest }));
    Request::Misread(Misread { suggestion, ..wrong })
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
            rest => {
                if let Some(first) = pieces.first_mut() {
                    *first = bare(rest);
                }
            }
        }
    }
    let mut keywords = Vec::new();
    for _ in 0..WORDS_IN_FRONT_MAX {
        let Some(first) = pieces.first() else { break };
        if let Some((keyword, at, rest)) = keyword(first) {
            keywords.push((keyword, at));
            pieces.splice(..1, (!rest.is_empty()).then_some(rest)).for_each(drop);
        } else if pieces.len() > FIELDS_USUAL && is_chat(first) {
            // `mau daftar paspor #Budi#...`
            pieces.remove(0);
        } else {
            break;
        }
    }
    if pieces.len() > 1 {
        pieces.pop_if(|last| lone::is_filler(last));
    }
    if pieces.len() > 1 {
        pieces.pop_if(|last| WORDS.thanks.front(last).is_some_and(|((), rest)| lone::is_filler(rest)));
    }
    Opened { keywords, pieces, separator: None }
}

/// Whether the text is chat, or marks, and nothing that could be a name: every word of it is one of chat or politeness.
fn is_chat(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_habit = |word| matches!(WORDS.keywords.get(word), Some(Keyword::Habit(_)));
    words.all(|word| WORDS.chat.get(word).is_some() || lone::is_filler(word) || is_habit(word))
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
        let mut opened = open(split(text, |c| c == separator));
        let at = text.find(separator).filter(|_| separator != '\n');
        opened.separator = at.and_then(|at| text.get(at..at + separator.len_utf8()));
        let labels = || opened.pieces.iter().filter(|piece| value::is_labelled(piece)).count();
        let fits = formats.iter().any(|format| has_shape(format, separator, &opened.pieces)) || labels() > 1;
        fits.then_some(opened)
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
    let dated = |piece: &str| date::shape(piece).is_some() || repair::birth_date(piece).is_some();
    let visit = fields.iter().position(|&field| field == Field::TglKedatangan).and_then(|at| pieces.get(at));
    let chat = separator == ',' && visit.is_some_and(|piece| !dated(piece) && !day::is_day(piece));
    fits && !chat && born.is_some_and(dated)
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
    let has_count = pieces.last().is_some_and(|piece| value::is_countish(piece));
    let laid = lay(format, message, pieces);
    let whole = laid.len() == fields.len() && asks_count == (asks_count && has_count);
    let reading = laid.iter().zip(fields).filter(|(piece, field)| value::read(**field, piece, sent_on).is_ok()).count();
    (asks_count && has_count, whole, reading)
}

/// Lays the pieces on the format's fields: what is too many belongs to the address, which may hold the separator.
pub(super) fn lay<'p, 'm>(format: &Format, message: &'m str, pieces: &'p [&'m str]) -> Cow<'p, [&'m str]> {
    let surplus = pieces.len().saturating_sub(format.fields().len());
    let cut = format.open_at().filter(|_| surplus > 0).and_then(|at| {
        let (front, rest) = pieces.split_at_checked(at)?;
        let (address, back) = rest.split_at_checked(surplus + 1)?;
        Some((front, joined(message, address.first()?, address.last()?), back))
    });
    match cut {
        Some((front, address, back)) => Cow::Owned([front, &[address], back].concat()),
        None => Cow::Borrowed(pieces),
    }
}

/// Reads the pieces as a form in this format.
fn run<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Result<Filled<'m>, Wrong<'m>> {
    let laid = lay(format, message, pieces);
    let fields = format.fields();
    if laid.len() < fields.len() {
        return Err(missing(fields, message, &laid, sent_on));
    }
    // What is too many goes to the address; a bare number there is more likely a count, and a date another person's.
    if let Some(at) = format.open_at()
        && laid.len() < pieces.len()
        && let Some(foreign) = pieces
            .get(at + 1..pieces.len() + at + 1 - fields.len())
            .and_then(|absorbed| absorbed.iter().rev().take(1).find(|piece| value::is_countish(piece)))
    {
        return Err((None, Broken { kind: MisreadKind::Surplus, at: foreign }));
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
    let is_form = |others: &[&'m str]| {
        let laid = lay(format, message, others);
        laid.len() == format.fields().len() && fill(format, &laid, sent_on).is_ok()
    };
    let mut surplus =
        mend::without_one(format, pieces).filter(|(_, others)| is_form(others)).map(|(at, _)| at).peekable();
    let last = surplus.peek().copied()?;
    let in_front = !message.trim_start_matches(is_blank).starts_with(is_hash) && surplus.any(|at| at == 0);
    pieces.get(if in_front { 0 } else { last }).copied()
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
pub(super) fn fill<'m>(format: &Format, laid: &[&'m str], sent_on: NaiveDate) -> Result<Filled<'m>, Wrong<'m>> {
    let (mut nama, mut tgl_lahir, mut alamat, mut nik, mut visit, mut party) = (None, None, None, None, None, 1);
    let (mut notes, mut doubt, mut doubts) = (Vec::new(), None, 0);
    for (&field, &piece) in format.fields().iter().zip(laid) {
        let Read { value, others, mended } =
            value::read(field, piece, sent_on).map_err(|broken| (Some(field), broken))?;
        match value {
            Value::Nama(value) => nama = Some(value),
            Value::TglLahir(value) => tgl_lahir = Some(value),
            Value::TglKedatangan(value) => visit = Some(value),
            Value::Alamat(value) => alamat = Some(value),
            Value::Jumlah(value) => party = value,
            Value::Nik(value) => nik = Some(value),
        }
        if !others.is_empty() {
            doubts += 1;
            doubt.get_or_insert((field, piece, others));
        }
        notes.extend(mended.map(|(kind, to)| {
            let from = value::unlabelled(field, piece).chars().take(FOUND_CHARS_MAX).collect();
            Note { kind, field: Some(field), from, to }
        }));
    }
    // Every pattern has a name; `Pattern::read` holds that.
    let nama =
        nama.ok_or((Some(Field::Nama), Broken { kind: MisreadKind::Missing, at: laid.first().unwrap_or(&"") }))?;
    let applicant = Applicant { nama, tgl_lahir, alamat, nik };
    let format_id = format.id().clone();
    let form = Form { format: format_id, applicant, visit, party, wants_photo: format.wants_photo(), notes };
    Ok(Filled { form, doubt, doubts })
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
        suggestion: None,
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
