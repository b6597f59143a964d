//! Runs the examples of a format file: each must come out as the file says.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::grammar::format::Format;
use crate::grammar::format::error::FormatError;
use crate::grammar::format::examples::{Asking, Misreading, Reading};
use crate::grammar::reader::message::read;
use crate::grammar::request::Request;
use crate::grammar::request::field::Field;
use crate::grammar::request::form::Form;
use crate::grammar::request::misread::Misread;
use crate::grammar::request::note::NoteKind;

/// Runs all examples; every one that comes out otherwise is an error at its place.
pub(crate) fn run(format: &Format) -> Vec<FormatError> {
    let examples = format.examples();
    let reads = examples.reads.iter().map(|(at, example)| (at, reading(example, format)));
    let asks = examples.asks.iter().map(|(at, example)| (at, asking(example, format)));
    let misreads = examples.misreads.iter().map(|(at, example)| (at, misreading(example, format)));
    let failed = |(at, result): (&Range<usize>, Result<(), String>)| {
        let remedy = "mend the example, or the line and its rules".to_owned();
        Some(FormatError { message: result.err()?, remedy, at: at.clone() })
    };
    reads.chain(asks).chain(misreads).filter_map(failed).collect()
}

/// The examples that come out otherwise than the file says: their list in the file, and their place in it. For whoever takes them out.
pub fn failing_examples(format: &Format) -> Vec<(&'static str, usize)> {
    let examples = format.examples();
    let reads = examples.reads.iter().map(|(_, example)| reading(example, format)).enumerate();
    let asks = examples.asks.iter().map(|(_, example)| asking(example, format)).enumerate();
    let misreads = examples.misreads.iter().map(|(_, example)| misreading(example, format)).enumerate();
    let named =
        |list: &'static str| move |(at, result): (usize, Result<(), String>)| result.is_err().then_some((list, at));
    reads
        .filter_map(named("reads"))
        .chain(asks.filter_map(named("asks")))
        .chain(misreads.filter_map(named("misreads")))
        .collect()
}

/// A form's values by field, as text: dates as yyyy-mm-dd, and the count where the format asks for one.
fn values_of(format: &Format, form: &Form) -> BTreeMap<Field, String> {
    format.fields().into_iter().filter_map(|field| Some((field, format.value(form, field)?))).collect()
}

fn list(format: &Format, values: &BTreeMap<Field, String>) -> String {
    let values: Vec<String> =
        values.iter().map(|(&field, value)| format!("{} = {value}", format.called(field))).collect();
    values.join(", ")
}

fn kinds_of(form: &Form) -> Vec<NoteKind> {
    form.notes.iter().map(|note| note.kind).collect()
}

fn noted(kinds: &[NoteKind]) -> String {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
    if names.is_empty() { String::new() } else { format!(" with {} repaired", names.join(", ")) }
}

/// What came out instead, in words.
fn outcome(format: &Format, request: &Request) -> String {
    match request {
        Request::Form(form) => {
            format!("a form with {}{}", list(format, &values_of(format, form)), noted(&kinds_of(form)))
        }
        Request::Misread(Misread { kind, field, at: (from, to), .. }) => {
            let piece = field.map_or("the whole form", |field| format.called(field));
            format!("{} in {piece} at [{from}, {to}]", kind.name())
        }
        Request::Ask(ask) => format!("a question about {}", format.called(ask.field)),
        Request::Command(command) => format!("the command {}", command.name.name()),
        Request::Digits(_) => "a code".to_owned(),
        Request::Day(_) => "a day alone".to_owned(),
        Request::Placeholder => "the poster's own line".to_owned(),
        Request::Greeting => "a greeting".to_owned(),
        Request::Thanks => "thanks".to_owned(),
        Request::Automatic => "a machine's answer".to_owned(),
        Request::AboutCancelling => "talk about cancelling".to_owned(),
        Request::ChangeDay(_) => "the command ganti".to_owned(),
        Request::Wait(_) => "the command tunggu".to_owned(),
        Request::Question => "a question".to_owned(),
        Request::Unreadable => "nothing that can be read".to_owned(),
    }
}

/// Reads the message of an example; the error says what came out instead.
fn reading(example: &Reading, format: &Format) -> Result<(), String> {
    let request = read(&[format], &example.text, example.sent);
    match &request {
        Request::Form(form) if values_of(format, form) == example.fields && kinds_of(form) == example.notes => Ok(()),
        _ => Err(format!(
            "this should give {}{}; it gives {}",
            list(format, &example.fields),
            noted(&example.notes),
            outcome(format, &request)
        )),
    }
}

/// Reads the message of an example; the error says what came out instead.
fn asking(example: &Asking, format: &Format) -> Result<(), String> {
    let field = example.field;
    let request = read(&[format], &example.text, example.sent);
    match &request {
        Request::Ask(ask)
            if ask.field == field
                && ask.choices.iter().map(|choice| choice.date).eq(example.choices.iter().copied()) =>
        {
            Ok(())
        }
        Request::Ask(ask) => {
            let days: Vec<String> = ask.choices.iter().map(|choice| choice.date.to_string()).collect();
            Err(format!("this should ask about other days; it offers {}", days.join(", ")))
        }
        _ => Err(format!(
            "this should ask which {} is meant; it gives {}",
            format.called(field),
            outcome(format, &request)
        )),
    }
}

/// Reads the message of an example; the error says what came out instead.
fn misreading(example: &Misreading, format: &Format) -> Result<(), String> {
    let request = read(&[format], &example.text, example.sent);
    let field = example.field;
    match &request {
        Request::Misread(misread)
            if misread.kind == example.kind
                && misread.field == field
                && example.at.is_none_or(|at| at == misread.at) =>
        {
            Ok(())
        }
        _ => {
            let place = example.at.map_or_else(String::new, |(from, to)| format!(" at [{from}, {to}]"));
            let piece = field.map_or("the whole form", |field| format.called(field));
            Err(format!(
                "this should give {} in {piece}{place}; it gives {}",
                example.kind.name(),
                outcome(format, &request)
            ))
        }
    }
}
