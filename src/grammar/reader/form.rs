//! Runs an office's formats over a message: cuts it into pieces, chooses the format, reads each piece by its field.
//!
//! All that goes wrong is named with the piece it is about; nothing is read that is not written in the message.

use std::cmp::Reverse;

use chrono::NaiveDate;

use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::person::{PARTY_MAX, TglLahir};
use crate::grammar::date::{named_day, split_at_dates};
use crate::grammar::format::Format;
use crate::grammar::format::pattern::Shape;
use crate::grammar::language::vocabulary::{Keyword, WORDS};
use crate::grammar::reader::assign::{Doubt, FOUND_CHARS_MAX, Filled, Wrong, in_shape, lay, nik_note, run};
use crate::grammar::reader::keyword::Near;
use crate::grammar::reader::party::Parts;
use crate::grammar::reader::segment::{Opened, cut, is_dated, is_placeholder, open};
use crate::grammar::reader::{command, keyword, party, suggestion};
use crate::grammar::request::field::Field;
use crate::grammar::request::misread::{Member, Misread, MisreadKind};
use crate::grammar::request::{Ask, CHOICES_MAX, Choice, Form, Note, NoteKind, Request, Suggestion};
use crate::grammar::text::pieces::{bare, before, digit, is_blank, span};
use crate::grammar::value::{Broken, name};
use crate::grammar::{date, value};

/// Most forms among which questions choose, each of which is kept until the last is answered: with more of them, a date is
/// to be written in full instead.
const BRANCHES_MAX: usize = 16;
/// Digits of the shortest date that stands in a form without marks.
const DATE_DIGITS_MIN: usize = 5;

/// Reads a form, or names what is wrong with it; `formats` are the office's, the ordinary one first.
pub(crate) fn read(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Request {
    let (poster, message) = below_poster(formats, message);
    let request = attempt(formats, message, sent_on).unwrap_or_else(|failed| {
        let Failed { format, wrong, member, guess } = failed;
        let suggestion = suggest(formats, format, guess, sent_on);
        let suggestion = suggestion.filter(|suggestion| reads_back(formats, suggestion, sent_on)).map(Box::new);
        Request::Misread(Misread { member, suggestion, ..misread(format, message, wrong) })
    });
    request.behind(poster)
}

/// The poster's line that people copy above their own form, and what stands below it.
fn below_poster<'m>(formats: &[&Format], message: &'m str) -> (&'m str, &'m str) {
    let Some(end) = message.find('\n') else { return ("", message) };
    let (line, below) = message.split_at(end + 1);
    let is_poster = cut(formats, command::after_greeting(line)).is_some_and(|opened| is_placeholder(formats, &opened));
    let is_form = || cut(formats, below).is_some_and(|opened| opened.pieces.iter().any(|piece| is_dated(piece)));
    if is_poster && is_form() { (line, below) } else { ("", message) }
}

/// Reads a message of one form or of several; nothing in it is mended.
fn attempt<'f, 'm>(formats: &[&'f Format], message: &'m str, sent_on: NaiveDate) -> Result<Request, Failed<'f, 'm>> {
    let Some(ordinary) = formats.first().copied() else { return Ok(Request::Unreadable) };
    let (opened, forms) = match party::parts(formats, message, sent_on) {
        Parts::Forms(forms) => return party::read(formats, ordinary, message, forms, sent_on),
        Parts::One(opened, forms) => (opened, forms),
    };
    let several = forms.len() > 1;
    match one(formats, ordinary, message, opened, sent_on) {
        Ok(One::Other(request)) => Ok(request),
        Ok(One::Form(format, filled)) if !several || !holds_mark(format, &filled.form) => {
            Ok(told(format, message, filled))
        }
        Err(failed) if !several => Err(failed),
        // An address may hold the mark, but not somebody else's form; and lines that are not one form were meant to be several.
        Ok(One::Form(..)) | Err(_) => party::read(formats, ordinary, message, forms, sent_on),
    }
}

/// Whether a value has taken in marks.
fn holds_mark(format: &Format, form: &Form) -> bool {
    let open = format.shapes().iter().filter_map(|shape| shape.fields.get(shape.open_at?));
    open.filter_map(|&field| format.value(form, field)).any(|value| value.contains(|c| format.separator().is(c)))
}

/// The one form that was probably meant.
fn suggest(formats: &[&Format], format: &Format, guess: Guess<'_>, sent_on: NaiveDate) -> Option<Suggestion> {
    match guess {
        Guess::None => None,
        Guess::Form(form) => suggestion::of_form(formats, *form),
        Guess::Pieces { text, pieces, others } => {
            let mended = suggestion::meant(format, text, &pieces, sent_on)?;
            let (before, behind) = others.map_or_else(Default::default, |others| *others);
            let forms = before.into_iter().chain([mended]).chain(behind);
            suggestion::of_form(formats, party::party(forms.collect())?)
        }
    }
}

/// Whether the suggested line, sent as it stands, is the form that it stands for: a name with marks around it is not.
fn reads_back(formats: &[&Format], suggestion: &Suggestion, sent_on: NaiveDate) -> bool {
    let Suggestion { line, form } = suggestion;
    command::read(line).is_none() && matches!(attempt(formats, line, sent_on), Ok(Request::Form(read)) if read == *form)
}

/// A form with something wrong in it.
pub(crate) struct Failed<'f, 'm> {
    pub(crate) format: &'f Format,
    pub(crate) wrong: Wrong<'m>,
    /// Whose form, where the message has several.
    pub(crate) member: Option<Member>,
    pub(crate) guess: Guess<'m>,
}

/// From what a mended form may be guessed.
pub(crate) enum Guess<'m> {
    /// Nothing: it is not even known what was meant.
    None,
    /// The pieces of a form in which something is wrong.
    Pieces {
        text: &'m str,
        pieces: Vec<&'m str>,
        /// The forms of the others in the message, before it and behind it.
        others: Option<Box<(Vec<Form>, Vec<Form>)>>,
    },
    /// A form that is whole.
    Form(Box<Form>),
}

/// What a text of one form at most is.
pub(crate) enum One<'f, 'm> {
    Form(&'f Format, Filled<'m>),
    Other(Request),
}

/// Reads a message of one form at most, cut up already.
pub(crate) fn one<'f, 'm>(
    formats: &[&'f Format],
    ordinary: &'f Format,
    message: &'m str,
    opened: Option<Opened<'m>>,
    sent_on: NaiveDate,
) -> Result<One<'f, 'm>, Failed<'f, 'm>> {
    let Some(mut opened) = opened else {
        return Ok(spaced(formats, message, sent_on).unwrap_or(One::Other(Request::Unreadable)));
    };
    if is_placeholder(formats, &opened) {
        return Ok(One::Other(Request::Placeholder));
    }
    let Some((first, behind)) = opened.pieces.split_first() else { return Ok(One::Other(Request::Unreadable)) };
    // `#batal#...` with something that is no code: no form either, unless somebody is called that.
    if command::is_command(first) && !behind.iter().any(|piece| date::parse(piece).is_some()) {
        return Ok(One::Other(Request::Unreadable));
    }
    let slip = match keyword::near(formats, &opened) {
        None => None,
        Some(Near::Keyword(keyword, note, pieces)) => {
            opened.keywords.push((keyword, ""));
            opened.pieces = pieces;
            Some(note)
        }
        Some(Near::AnotherWord(at)) => {
            let wrong = (None, Broken { kind: MisreadKind::Keyword, at });
            return Err(Failed { format: ordinary, wrong, member: None, guess: Guess::None });
        }
    };
    let format = match choose(formats, message, &opened, sent_on) {
        Ok(format) => format,
        Err(wrong) => {
            let left_out = keyword::left_out(formats, &opened);
            let filled = left_out.and_then(|format| run(format, message, &opened.pieces, sent_on).ok());
            let guess = filled.filter(Filled::is_certain).map_or(Guess::None, |filled| Guess::Form(filled.form.into()));
            return Err(Failed { format: left_out.unwrap_or(ordinary), wrong, member: None, guess });
        }
    };
    match run(format, message, &opened.pieces, sent_on) {
        Ok(mut filled) => {
            let mark = opened.separator.map(|mark| separator(format, mark));
            filled.form.notes.extend(mark.into_iter().chain(slip).chain(opened.passed));
            Ok(One::Form(format, filled))
        }
        Err(wrong) => {
            if let Some(filled) = respaced(format, message, &opened.pieces, sent_on) {
                return Ok(One::Form(format, filled));
            }
            let guess = Guess::Pieces { text: message, pieces: opened.pieces, others: None };
            Err(Failed { format, wrong, member: None, guess })
        }
    }
}

/// What a filled form is: read, or asked about where a date may be several days.
pub(crate) fn told(format: &Format, message: &str, filled: Filled<'_>) -> Request {
    let Filled { form, doubts, house } = filled;
    if let Some(at) = house {
        let wrong = Broken { kind: MisreadKind::WhichPiece, at };
        return Request::Misread(misread(format, message, (Some(Field::Jumlah), wrong)));
    }
    if let Some(Doubt { field, at, .. }) = doubts.iter().find(|doubt| doubt.others.len() >= CHOICES_MAX) {
        let wrong = Broken { kind: MisreadKind::AmbiguousDate, at };
        return Request::Misread(misread(format, message, (Some(*field), wrong)));
    }
    if let Some(Doubt { field, person, at, .. }) = doubts.first().filter(|_| branches(&doubts) > BRANCHES_MAX) {
        let nama = form.person(*person).map(|person| person.nama.clone());
        let wrong = Broken { kind: MisreadKind::AmbiguousDate, at };
        let member = person.map(|number| Member { number, nama });
        return Request::Misread(Misread { member, ..misread(format, message, (Some(*field), wrong)) });
    }
    match ask(message, &form, &doubts) {
        Some(ask) => Request::Ask(ask),
        None => Request::Form(form),
    }
}

/// The forms that may be meant: every reading of each doubt with every reading of the others.
fn branches(doubts: &[Doubt<'_>]) -> usize {
    doubts.iter().fold(1, |forms: usize, doubt| forms.saturating_mul(1 + doubt.others.len()))
}

/// The question about the first doubt, and behind each of its answers the question about the next one.
fn ask(message: &str, form: &Form, doubts: &[Doubt<'_>]) -> Option<Ask> {
    let (Doubt { field, person, at, others }, later) = doubts.split_first()?;
    let (field, person) = (*field, *person);
    let with = |date: NaiveDate| {
        let mut form = form.clone();
        if field == Field::TglKedatangan {
            form.visit = Some(date);
        } else if let Some(applicant) = form.person_mut(person) {
            // Every reading was judged by the field's rule already: only days that fit are readings.
            applicant.tgl_lahir = TglLahir::judge(date, date).ok();
            let note = nik_note(applicant).map(|note| Note { person, ..note });
            form.notes.extend(note);
        }
        // Once it is chosen, it is the citizen's own word.
        let mut chosen = form.clone();
        chosen.settle(field, person);
        for note in form.notes.iter_mut().filter(|note| (note.field, note.person) == (Some(field), person)) {
            note.to = date.to_string();
        }
        Choice { date, form, then: ask(message, &chosen, later).map(Box::new) }
    };
    let born = || form.person(person)?.tgl_lahir.map(TglLahir::date);
    let own = if field == Field::TglKedatangan { form.visit } else { born() };
    let choices = own.into_iter().chain(others.iter().copied()).map(with).collect();
    let found = at.chars().take(FOUND_CHARS_MAX).collect();
    Some(Ask { field, person, at: span(message, at), found, choices })
}

/// The note on another mark than the format's between the pieces.
fn separator(format: &Format, mark: &str) -> Note {
    let to = format.separator().mark().to_string();
    Note { kind: NoteKind::Separator, field: None, person: None, from: mark.to_owned(), to }
}

/// The pieces cut apart where only a space stands between a date and its neighbours, if that makes a whole form.
fn respaced<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Option<Filled<'m>> {
    let mut longer = format.shapes().iter().filter(|shape| pieces.len() < shape.fields.len()).peekable();
    longer.peek()?;
    let cut: Vec<&str> = pieces.iter().flat_map(|piece| split_at_dates::around_dates(piece)).collect();
    let mut shapes = longer.filter(|shape| cut.len() == shape.fields.len());
    let read = shapes.find_map(|shape| in_shape(format, shape, message, &cut, sent_on).ok());
    // A name of words that are days too: `Minggu Sihombing 25011987 07082017`.
    let by_name = || {
        let cut = split_at_dates::name_first(message, &cut)?;
        let mut shapes = format.shapes().iter().filter(|shape| {
            shape.fields.len() == cut.len() && cut.len() > pieces.len() && shape.fields.first() == Some(&Field::Nama)
        });
        shapes.find_map(|shape| in_shape(format, shape, message, &cut, sent_on).ok())
    };
    let mut filled = read.or_else(by_name)?;
    filled.form.notes.push(separator(format, " "));
    Some(filled)
}

/// A text without any mark that is a form all the same: `Budi Santoso 25011987 07082017`, without a word of chat.
fn spaced<'f, 'm>(formats: &[&'f Format], message: &'m str, sent_on: NaiveDate) -> Option<One<'f, 'm>> {
    let text = command::after_greeting(bare(message));
    let Opened { pieces, keywords, .. } = open(formats, vec![text]);
    let is_chat = |word: &str| !word.is_empty() && WORDS.chat.get(word).is_some();
    let text = pieces.first()?;
    let words = text.split(|c: char| is_blank(c) || c == ',').map(|word| word.trim_matches(command::is_pause));
    let dated = split_at_dates::around_dates(text).into_iter().filter(|piece| date::parse(piece).is_some());
    let days: Vec<&str> = dated.collect();
    let in_date = |word: &str| days.iter().any(|day| day.contains(word)) || named_day::is_day(word);
    let is_name = |word: &str| name::is_in_front(text, word);
    if words.filter(|word| !in_date(word) && !is_name(word)).any(is_chat) || WORDS.commands.front(text).is_some() {
        return None;
    }
    let own = |keyword: Keyword| formats.iter().any(|format| format.keyword() == Some(keyword));
    let asked = keywords.iter().map(|(keyword, _)| *keyword).find(|keyword| own(*keyword));
    // A service that the office does not have is no ordinary form.
    if asked.is_none() && keywords.iter().any(|(keyword, _)| matches!(keyword, Keyword::Service(_))) {
        return None;
    }
    formats.iter().copied().filter(|format| format.keyword() == asked).find_map(|format| {
        let filled = respaced(format, message, &pieces, sent_on)?;
        Some(One::Form(format, filled))
    })
}

/// Whether a line without any mark is somebody's whole form.
pub(crate) fn is_spaced(formats: &[&Format], line: &str, sent_on: NaiveDate) -> bool {
    // Without a date's digits it is none, and an address has many such lines.
    line.chars().filter(|&c| digit(c).is_some()).nth(DATE_DIGITS_MIN - 1).is_some()
        && spaced(formats, line, sent_on).is_some()
}

/// The misreading of a message that is longer than any form.
pub(crate) fn too_long(format: &Format, message: &str) -> Misread {
    misread(format, message, (None, Broken { kind: MisreadKind::MessageTooLong, at: message }))
}

/// Chooses the format: by keyword first, then by its looks, and among those that look alike by how many pieces read.
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
        (None, Some((_, at))) => return Err((None, Broken { kind: MisreadKind::Keyword, at })),
        (None, None) => None,
    };
    let mut fitting = with(keyword);
    let first = fitting.next().ok_or_else(|| {
        let place = opened.pieces.first().map_or(message, |first| before(message, first));
        (None, Broken { kind: MisreadKind::Missing, at: place })
    })?;
    let Some(second) = fitting.next() else { return Ok(first) };
    let pieces = &opened.pieces;
    let has_count = pieces.last().is_some_and(|piece| value::is_countish(piece));
    // Its own mark, a count where one is asked for, the number of pieces.
    let look = |format: &Format, shape: &Shape| {
        let asks_count = shape.fields.last() == Some(&Field::Jumlah);
        let whole = lay(shape, message, pieces).len() == shape.fields.len() && (has_count || !asks_count);
        (opened.own.is_none_or(|mark| mark == format.separator()), asks_count && has_count, whole)
    };
    let shapes = |format: &'f Format| format.shapes().iter().map(move |shape| (format, shape, look(format, shape)));
    let looked: Vec<_> = [first, second].into_iter().chain(fitting).flat_map(shapes).collect();
    let best = looked.iter().map(|(.., look)| *look).max();
    let likely = || looked.iter().filter(|(.., look)| Some(*look) == best).map(|&(format, shape, _)| (format, shape));
    let first = likely().next().map_or(first, |(format, _)| format);
    // Reading is dear: it is left for formats that look alike.
    if likely().all(|(format, _)| format.id() == first.id()) {
        return Ok(first);
    }
    let reading = |(format, shape): &(&Format, &Shape)| {
        let laid = lay(shape, message, pieces);
        let reads = |(piece, field): &(&&str, &Field)| value::read(format.rules(), **field, piece, sent_on).is_ok();
        Reverse(laid.iter().zip(&shape.fields).filter(reads).count())
    };
    // The first of equals: an office lists its ordinary format first.
    Ok(likely().min_by_key(reading).map_or(first, |(format, _)| format))
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
            (MisreadKind::TooManyPeople, _) => format!("at most {PARTY_MAX} people in one message"),
            (MisreadKind::NotTogether, _) => "the same for everybody in the message".to_owned(),
            (_, Some(field)) => format.rules().expected(field),
            (_, None) => format.line().to_owned(),
        },
        member: None,
        suggestion: None,
    }
}
