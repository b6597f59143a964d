//! Reads a whole message: a command, one form, several forms, or something else; suggests a line where a form is misread.

use chrono::NaiveDate;

use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::grammar::date::detect::is_dated;
use crate::grammar::date::named_day;
use crate::grammar::format::Format;
use crate::grammar::language::politeness::after_greeting;
use crate::grammar::reader::form::assign::assign;
use crate::grammar::reader::form::laid_out::{LaidOut, laid_out};
use crate::grammar::reader::form::letter_end;
use crate::grammar::reader::form::misreading::{misread, too_long};
use crate::grammar::reader::form::one::{Failed, Guess, OneForm, one};
use crate::grammar::reader::form::question::form_or_question;
use crate::grammar::reader::form::suggestion;
use crate::grammar::reader::reading::{Reading, with_topics};
use crate::grammar::reader::segment::{is_placeholder, segment};
use crate::grammar::reader::split_forms::{FormSplit, split_forms};
use crate::grammar::reader::{change_day, command, copied_head, fast_path, party};
use crate::grammar::request::Request;
use crate::grammar::request::ask::{Ask, Choice};
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::{FOUND_CHARS_MAX, Misread, MisreadKind};
use crate::grammar::request::piece_error::PieceError;
use crate::grammar::request::suggestion::Suggestion;
use crate::grammar::text::characters::{is_blank, is_longer, visible};
use crate::grammar::text::span::{offset, span};
use crate::grammar::value::readings::Readings;

/// Most characters of a message that is looked at, blanks not counted: a form for each of five people, with greetings, stays
/// well below; what is longer is a letter or an attack.
const FORM_CHARS_MAX: usize = 2048;

/// Reads `message`, sent on `sent_on` (the office's date), by an office's formats, the ordinary one first.
///
/// Any text gives a request: there are no errors and no panics. The time is linear in the length of the text.
pub fn read(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Request {
    reading(formats, message, sent_on).request
}

/// The same, with what the message asks about.
pub fn reading(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Reading {
    let text = message.trim_matches(is_blank);
    let text = copied_head::without_head(text).unwrap_or(text);
    if message.len() > MESSAGE_BYTES_MAX || is_longer(text, FORM_CHARS_MAX) {
        let long = |format: &&Format| Request::Misread(too_long(format, message));
        return Reading::without_topics(formats.first().map_or(Request::Unreadable, long));
    }
    // Returned at once, since a request is large to move; nothing in a form is a place in the message.
    if let Some(form) = fast_path::read(formats, text, sent_on) {
        return Reading::without_topics(form);
    }
    let read = |text: &str| {
        let request = change_day::read(text, sent_on)
            .or_else(|| change_day::wait::read(text, sent_on))
            .or_else(|| command::read(text))
            .unwrap_or_else(|| read_form(formats, text, sent_on));
        // Asked last: hardly any message comes to it.
        match request {
            Request::Unreadable if command::is_automatic(text) => Request::Automatic,
            Request::Unreadable => named_day::alone(text, sent_on).map_or(Request::Unreadable, Request::Day),
            request => request,
        }
    };
    let Reading { mut request, topics } = with_topics(text, read(text), sent_on, read);
    request.shift(message.get(..offset(message, text)).unwrap_or_default());
    Reading { request, topics }
}

/// Reads a form, or names what is wrong with it; `formats` are the office's, the ordinary one first.
pub(crate) fn read_form(formats: &[&Format], message: &str, sent_on: NaiveDate) -> Request {
    let (poster, message) = below_poster(formats, message);
    let ended = letter_end::without_end(formats, message);
    let message = ended.form;
    let request = attempt(formats, message, sent_on).unwrap_or_else(|failed| {
        let either = either_day(&failed, message, sent_on).map(Box::new);
        let Failed { format, wrong, member, guess } = failed;
        let (laid_out, suggestion) = match guess {
            Guess::None => (LaidOut::default(), None),
            Guess::Form(form) => (LaidOut::default(), suggestion::of_form(formats, *form)),
            Guess::Pieces { text, pieces, others } => {
                let readings = Readings::of(format, &pieces, sent_on);
                (laid_out(&wrong, &readings), suggest(formats, text, &readings, others))
            }
        };
        let LaidOut { mistakes: others, pieces } = laid_out;
        let pieces = if member.is_some() { Vec::new() } else { pieces };
        let suggestion = suggestion.filter(|suggestion| reads_back(formats, suggestion, sent_on)).map(Box::new);
        Request::Misread(Misread { others, pieces, member, suggestion, either, ..misread(format, message, wrong) })
    });
    let mut request = ended.noted(request);
    request.shift(poster);
    request
}

/// The question which day is meant, where the weekday of a visit contradicts its date and all else is right.
fn either_day(failed: &Failed<'_, '_>, message: &str, sent_on: NaiveDate) -> Option<Ask> {
    let (field, PieceError { kind, at }) = failed.wrong;
    let Guess::Pieces { pieces, others: None, .. } = &failed.guess else { return None };
    if (field, kind) != (Some(Field::TglKedatangan), MisreadKind::OtherWeekday) || failed.member.is_some() {
        return None;
    }
    let rules = failed.format.rules();
    let shape = failed.format.shapes().iter().find(|shape| shape.fields.len() == pieces.len())?;
    let days = named_day::contradicting(&visible(at), sent_on, &rules.visits(sent_on))?;
    let choice = |date: NaiveDate| {
        let written = rules.visit.spell(date);
        let is_own = |piece: &str| !at.is_empty() && piece.ends_with(at);
        let pieces: Vec<&str> =
            pieces.iter().map(|piece| if is_own(piece) { written.as_str() } else { *piece }).collect();
        let filled = assign(failed.format, shape, &pieces, sent_on).ok()?;
        (filled.is_certain() && filled.form.visit == Some(date)).then_some(Choice {
            date,
            form: filled.form,
            then: None,
        })
    };
    let choices: Option<Vec<Choice>> = days.into_iter().map(choice).collect();
    let found = at.chars().take(FOUND_CHARS_MAX).collect();
    Some(Ask { field: Field::TglKedatangan, person: None, at: span(message, at), found, choices: choices? })
}

/// The poster's line that people copy above their own form, and what stands below it.
fn below_poster<'m>(formats: &[&Format], message: &'m str) -> (&'m str, &'m str) {
    let Some(end) = message.find('\n') else { return ("", message) };
    let (line, below) = message.split_at(end + 1);
    let is_poster = segment(formats, after_greeting(line)).is_some_and(|opened| is_placeholder(formats, &opened));
    let is_form = || segment(formats, below).is_some_and(|opened| opened.pieces.iter().any(|piece| is_dated(piece)));
    if is_poster && is_form() { (line, below) } else { ("", message) }
}

/// Reads a message of one form or of several; nothing in it is repaired.
fn attempt<'f, 'm>(formats: &[&'f Format], message: &'m str, sent_on: NaiveDate) -> Result<Request, Failed<'f, 'm>> {
    let Some(ordinary) = formats.first().copied() else { return Ok(Request::Unreadable) };
    let (opened, forms) = match split_forms(formats, message, sent_on) {
        FormSplit::Forms(forms) => return party::read(formats, ordinary, message, forms, sent_on),
        FormSplit::One(opened, forms) => (opened, forms),
    };
    let several = forms.len() > 1;
    match one(formats, ordinary, message, opened, sent_on) {
        Ok(OneForm::Other(request)) => Ok(request),
        Ok(OneForm::Form(format, filled)) if !several || !holds_mark(format, &filled.form) => {
            Ok(form_or_question(format, message, filled))
        }
        Err(failed) if !several => Err(failed),
        // An address may hold the mark, but not another person's form; and lines that are not one form were meant to be several.
        Ok(OneForm::Form(..)) | Err(_) => party::read(formats, ordinary, message, forms, sent_on),
    }
}

/// Whether a value has taken in marks.
fn holds_mark(format: &Format, form: &Form) -> bool {
    let open = format.shapes().iter().filter_map(|shape| shape.fields.get(shape.open_at?));
    open.filter_map(|&field| format.value(form, field)).any(|value| value.contains(|c| format.separator().is(c)))
}

/// The one form that a misread one was probably meant to be, with the forms of the others in its message.
fn suggest(
    formats: &[&Format],
    text: &str,
    readings: &Readings<'_, '_>,
    others: Option<Box<(Vec<Form>, Vec<Form>)>>,
) -> Option<Suggestion> {
    let repaired = suggestion::meant(text, readings)?;
    let (before, after) = others.map_or_else(Default::default, |others| *others);
    let forms = before.into_iter().chain([repaired]).chain(after);
    suggestion::of_form(formats, party::party(forms.collect())?)
}

/// Whether the suggested line, sent as it stands, is the form that it stands for: a name with marks around it is not.
fn reads_back(formats: &[&Format], suggestion: &Suggestion, sent_on: NaiveDate) -> bool {
    let Suggestion { line, form } = suggestion;
    command::read(line).is_none() && matches!(attempt(formats, line, sent_on), Ok(Request::Form(read)) if read == *form)
}
