//! Runs an office's formats over a message: cuts it into pieces, chooses the format, reads each piece by its field.
//!
//! All that goes wrong is named with the piece it is about; nothing is read that is not written in the message.

use std::cmp::Reverse;

use chrono::NaiveDate;

use super::cut::{Opened, cut, has_shape, is_dated, is_placeholder, open};
use super::field::Field;
use super::fill::{Doubt, FOUND_CHARS_MAX, Filled, Wrong, in_shape, lay, run};
use super::format::Format;
use super::misread::{Misread, MisreadKind};
use super::pattern::Shape;
use super::pieces::{bare, before, is_blank, offset, span};
use super::request::{Ask, CHOICES_MAX, Choice, Form, Note, NoteKind, Request, Suggestion};
use super::value::{self, Broken};
use super::vocabulary::{Keyword, WORDS};
use super::{date, day, lone, mend, respace};
use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::person::TglLahir;

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
    if is_placeholder(formats, &opened) {
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
            filled.form.notes.extend(opened.separator.map(|mark| separator(format, mark)));
            Ok(told(format, message, filled))
        }
        Err(wrong) => match respaced(format, message, &opened.pieces, sent_on) {
            Some(filled) => Ok(told(format, message, filled)),
            None => Err(Failed { format, wrong, pieces: opened.pieces }),
        },
    }
}

/// What a filled form is: read, or asked about where a date may be several days.
fn told(format: &Format, message: &str, filled: Filled<'_>) -> Request {
    let Filled { form, doubts } = filled;
    if let Some(Doubt { field, at, .. }) = doubts.iter().find(|doubt| doubt.others.len() >= CHOICES_MAX) {
        let wrong = Broken { kind: MisreadKind::AmbiguousDate, at };
        return Request::Misread(misread(format, message, (Some(*field), wrong)));
    }
    match ask(message, &form, &doubts) {
        Some(ask) => Request::Ask(ask),
        None => Request::Form(form),
    }
}

/// The question about the first doubt, and behind each of its answers the question about the next one.
fn ask(message: &str, form: &Form, doubts: &[Doubt<'_>]) -> Option<Ask> {
    let (Doubt { field, at, others }, later) = doubts.split_first()?;
    let with = |date: NaiveDate| {
        let mut form = form.clone();
        match field {
            Field::TglKedatangan => form.visit = Some(date),
            // Every reading was judged by the field's rule already: only days that fit are readings.
            _ => form.applicant.tgl_lahir = TglLahir::judge(date, date).ok(),
        }
        // Once it is chosen, it is the citizen's own word.
        let mut chosen = form.clone();
        chosen.notes.retain(|note| note.field != Some(*field));
        for note in form.notes.iter_mut().filter(|note| note.field == Some(*field)) {
            note.to = date.to_string();
        }
        Choice { date, form, then: ask(message, &chosen, later).map(Box::new) }
    };
    let own = if *field == Field::TglKedatangan { form.visit } else { form.applicant.tgl_lahir.map(TglLahir::date) };
    let choices = own.into_iter().chain(others.iter().copied()).map(with).collect();
    Some(Ask { field: *field, at: span(message, at), found: at.chars().take(FOUND_CHARS_MAX).collect(), choices })
}

/// The note on another mark than the format's between the pieces.
fn separator(format: &Format, mark: &str) -> Note {
    let to = format.separator().mark().to_string();
    Note { kind: NoteKind::Separator, field: None, from: mark.to_owned(), to }
}

/// The pieces cut apart where only a space stands between a date and its neighbours, if that makes a whole form.
fn respaced<'m>(format: &Format, message: &'m str, pieces: &[&'m str], sent_on: NaiveDate) -> Option<Filled<'m>> {
    let mut longer = format.shapes().iter().filter(|shape| pieces.len() < shape.fields.len()).peekable();
    longer.peek()?;
    let cut: Vec<&str> = pieces.iter().flat_map(|piece| respace::around_dates(piece)).collect();
    let mut shapes = longer.filter(|shape| cut.len() == shape.fields.len());
    let mut filled = shapes.find_map(|shape| in_shape(format, shape, message, &cut, sent_on).ok())?;
    filled.form.notes.push(separator(format, " "));
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
    let is_own = |c: char| formats.iter().any(|format| format.separator().is(c));
    let whole_form = |line: &&str| {
        cut(formats, line).is_some_and(|opened| {
            formats.iter().any(|format| has_shape(format, format.separator().mark(), &opened.pieces))
        })
    };
    if message.contains('\n') {
        let mut lines = message.split('\n').filter(|line| line.contains(is_own)).filter(whole_form);
        if let Some(first) = lines.next()
            && let Some(second) = lines.find(|line| bare(line) != bare(first))
        {
            return Some(bare(second));
        }
    }
    let pieces = &opened?.pieces;
    let shapes = formats.iter().flat_map(|format| format.shapes().iter().map(move |shape| (format, shape)));
    shapes.into_iter().find_map(|(format, shape)| {
        let fields = &shape.fields;
        let (first, behind) = pieces.split_at_checked(fields.len()).filter(|(_, behind)| !behind.is_empty())?;
        let born_at = fields.iter().position(|&field| field == Field::TglLahir)?;
        let born = |pieces: &[&str]| pieces.get(born_at).is_some_and(|piece| is_dated(piece));
        let name = value::read(format.rules(), Field::Nama, behind.first()?, sent_on).is_ok();
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
        (None, Some((_, at))) => return Err((None, Broken { kind: MisreadKind::Surplus, at })),
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
            (_, Some(field)) => format.rules().expected(field),
            (_, None) => format.line().to_owned(),
        },
        suggestion: None,
    }
}
