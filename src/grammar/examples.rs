//! The examples in a format file: messages with the values they must give, or with what must be wrong with them.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::NaiveDate;
use toml::de::DeValue;

use super::field::Field;
use super::format::{Format, FormatError};
use super::misread::{Misread, MisreadKind};
use super::request::{Form, NoteKind, Request};
use super::rules::Rules;
use crate::sheet::{Entry, Mistake, Read, Table, choice, date, nearest, string, whole};

/// All examples of a file, each with its place.
#[derive(Debug, Clone, Default)]
pub(super) struct Examples {
    reads: Vec<(Range<usize>, Reading)>,
    asks: Vec<(Range<usize>, Asking)>,
    misreads: Vec<(Range<usize>, Misreading)>,
}

/// A message that the format must read.
#[derive(Debug, Clone)]
struct Reading {
    text: String,
    sent: NaiveDate,
    /// Values by field, as [`Format::value`] prints them.
    fields: BTreeMap<Field, String>,
    /// What was read otherwise than it is written, by kind; none where the file says none.
    notes: Vec<NoteKind>,
}

/// A message that the format must not read.
#[derive(Debug, Clone)]
struct Misreading {
    text: String,
    sent: NaiveDate,
    kind: MisreadKind,
    field: Option<Field>,
    at: Option<(usize, usize)>,
}

/// A message of which the format must ask which day is meant.
#[derive(Debug, Clone)]
struct Asking {
    text: String,
    sent: NaiveDate,
    field: Field,
    choices: Vec<NaiveDate>,
}

/// A field by its canonical name, or by the name that the file itself gives it.
fn field_named(rules: &Rules, name: &str) -> Read<Field> {
    let own = || rules.texts.iter().position(|text| text.name == name).and_then(|at| u8::try_from(at).ok());
    let known = || Field::KNOWN.map(Field::name).into_iter().chain(rules.texts.iter().map(|text| text.name.as_str()));
    let field = Field::KNOWN.into_iter().find(|field| field.name() == name);
    field.or_else(|| own().map(Field::Teks)).ok_or_else(|| {
        let remedy = nearest(name, known()).map_or_else(
            || format!("write one of {}", known().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        Mistake::new(format!("`{name}` is no field"), remedy)
    })
}

fn message(value: &DeValue<'_>) -> Read<String> {
    string(value).map(str::to_owned)
}

/// The message and its day of sending, which every example has.
fn sent(table: &mut Table<'_, '_>) -> Option<(String, NaiveDate)> {
    let text = table.need("text", message, "text = \"#Budi#25011987\", the message");
    let sent = table.need("sent", date, "sent = \"2017-08-01\", the day on which it is sent");
    Some((text?.value, sent?.value))
}

fn field_of(table: &mut Table<'_, '_>, rules: &Rules) -> Entry<Field> {
    table.take("field", |value| {
        let name = string(value)?;
        field_named(rules, name).map_err(|mistake| Mistake::new("is no field", mistake.remedy))
    })
}

/// The values of `fields`; a number needs no quotes.
fn values(table: &mut Table<'_, '_>, rules: &Rules) -> Option<BTreeMap<Field, String>> {
    let here = table.here();
    let before = table.problems();
    let Some(mut fields) = table.table("fields") else {
        if table.problems() == before {
            table.note(
                here,
                "the values are missing",
                "add fields = { Nama = \"Budi\" }, with every piece of the message",
            );
        }
        return None;
    };
    let mut values = BTreeMap::new();
    let mut whole = true;
    for (key, place) in fields.keys() {
        let value = fields.take(key, message);
        match (field_named(rules, key), value) {
            (Ok(field), Entry::Given(spot)) => {
                values.insert(field, spot.value);
            }
            (Err(mistake), _) => {
                fields.note(place, mistake.what, mistake.remedy);
                whole = false;
            }
            (Ok(_), _) => whole = false,
        }
    }
    whole.then_some(values)
}

fn reading(mut table: Table<'_, '_>, rules: &Rules) -> Option<Reading> {
    table.refuse_unknown(&["text", "sent", "fields", "notes", "why"]);
    let kinds = NoteKind::ALL.map(|kind| (kind.name(), kind));
    let notes = match table.take_list("notes", |value| choice(value, &kinds)) {
        Entry::Absent => Some(Vec::new()),
        Entry::Broken => None,
        Entry::Given(list) => Some(list.value.into_iter().map(|spot| spot.value).collect()),
    };
    let sent = sent(&mut table);
    let fields = values(&mut table, rules);
    let (text, sent) = sent?;
    Some(Reading { text, sent, fields: fields?, notes: notes? })
}

fn asking(mut table: Table<'_, '_>, rules: &Rules) -> Option<Asking> {
    table.refuse_unknown(&["text", "sent", "field", "choices", "why"]);
    let sent = sent(&mut table);
    let field = field_of(&mut table, rules);
    let choices = table.take_list("choices", date);
    if matches!(field, Entry::Absent) || matches!(choices, Entry::Absent) {
        let here = table.here();
        table.note(here, "what is asked is missing", "add field = \"TglLahir\" and choices = [...], the days in order");
    }
    let (text, sent) = sent?;
    let choices = choices.given()?.value.iter().map(|spot| spot.value).collect();
    Some(Asking { text, sent, field: field.given()?.value, choices })
}

fn misreading(mut table: Table<'_, '_>, rules: &Rules) -> Option<Misreading> {
    table.refuse_unknown(&["text", "sent", "kind", "field", "at", "why"]);
    let sent = sent(&mut table);
    let kinds = MisreadKind::ALL.map(|kind| (kind.name(), kind));
    let kind = table.need("kind", |value| choice(value, &kinds), "kind = \"missing\", what must be wrong");
    let field = match field_of(&mut table, rules) {
        Entry::Absent => Some(None),
        Entry::Broken => None,
        Entry::Given(spot) => Some(Some(spot.value)),
    };
    let at = match table.take_list("at", |value| whole(value, 0, u32::MAX)) {
        Entry::Absent => Some(None),
        Entry::Broken => None,
        Entry::Given(list) => {
            let ends: Vec<usize> = list.value.iter().filter_map(|spot| usize::try_from(spot.value).ok()).collect();
            if let [from, to] = ends[..] {
                Some(Some((from, to)))
            } else {
                table.note(list.place, "a place is two numbers", "write at = [from, to], in characters");
                None
            }
        }
    };
    let (text, sent) = sent?;
    Some(Misreading { text, sent, kind: kind?.value, field: field?, at: at? })
}

impl Examples {
    /// Reads `[[reads]]`, `[[asks]]` and `[[misreads]]`.
    pub(super) fn read(top: &mut Table<'_, '_>, rules: &Rules) -> Self {
        let mut examples = Self::default();
        top.each_table("reads", |table| {
            let at = table.here().at;
            examples.reads.extend(reading(table, rules).map(|example| (at, example)));
        });
        top.each_table("asks", |table| {
            let at = table.here().at;
            examples.asks.extend(asking(table, rules).map(|example| (at, example)));
        });
        top.each_table("misreads", |table| {
            let at = table.here().at;
            examples.misreads.extend(misreading(table, rules).map(|example| (at, example)));
        });
        examples
    }

    /// Whether there are messages to be read and messages not to be.
    #[cfg(test)]
    pub(super) fn are_of_both_kinds(&self) -> bool {
        !self.reads.is_empty() && !self.misreads.is_empty()
    }

    /// Runs all; every one that comes out otherwise is an error at its place.
    pub(super) fn run(&self, format: &Format) -> Vec<FormatError> {
        let reads = self.reads.iter().map(|(at, example)| (at, example.run(format)));
        let asks = self.asks.iter().map(|(at, example)| (at, example.run(format)));
        let misreads = self.misreads.iter().map(|(at, example)| (at, example.run(format)));
        let failed = |(at, result): (&Range<usize>, Result<(), String>)| {
            let remedy = "mend the example, or the line and its rules".to_owned();
            Some(FormatError { message: result.err()?, remedy, at: at.clone() })
        };
        reads.chain(asks).chain(misreads).filter_map(failed).collect()
    }
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
        Request::Question => "a question".to_owned(),
        Request::Unreadable => "nothing that can be read".to_owned(),
    }
}

impl Reading {
    /// Reads the message; the error says what came out instead.
    fn run(&self, format: &Format) -> Result<(), String> {
        let request = super::read(&[format], &self.text, self.sent);
        match &request {
            Request::Form(form) if values_of(format, form) == self.fields && kinds_of(form) == self.notes => Ok(()),
            _ => Err(format!(
                "this should give {}{}; it gives {}",
                list(format, &self.fields),
                noted(&self.notes),
                outcome(format, &request)
            )),
        }
    }
}

impl Asking {
    /// Reads the message; the error says what came out instead.
    fn run(&self, format: &Format) -> Result<(), String> {
        let field = self.field;
        let request = super::read(&[format], &self.text, self.sent);
        match &request {
            Request::Ask(ask)
                if ask.field == field
                    && ask.choices.iter().map(|choice| choice.date).eq(self.choices.iter().copied()) =>
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
}

impl Misreading {
    /// Reads the message; the error says what came out instead.
    fn run(&self, format: &Format) -> Result<(), String> {
        let request = super::read(&[format], &self.text, self.sent);
        let field = self.field;
        match &request {
            Request::Misread(misread)
                if misread.kind == self.kind && misread.field == field && self.at.is_none_or(|at| at == misread.at) =>
            {
                Ok(())
            }
            _ => {
                let place = self.at.map_or_else(String::new, |(from, to)| format!(" at [{from}, {to}]"));
                let piece = field.map_or("the whole form", |field| format.called(field));
                Err(format!(
                    "this should give {} in {piece}{place}; it gives {}",
                    self.kind.name(),
                    outcome(format, &request)
                ))
            }
        }
    }
}
