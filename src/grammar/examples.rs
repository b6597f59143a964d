//! The examples in a format file: messages with the values they must give, or with what must be wrong with them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use super::format::Format;
use super::request::{Field, Form, Misread, MisreadKind, Request};

/// A message that the format must read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reading {
    text: String,
    sent: NaiveDate,
    /// Values by field, as [`values`] prints them.
    fields: BTreeMap<FieldName, String>,
    /// What was read otherwise than it is written, by kind; none where the file says none.
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "for whoever reads the file")]
    why: String,
}

/// A message that the format must not read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Misreading {
    text: String,
    sent: NaiveDate,
    kind: KindName,
    field: Option<FieldName>,
    at: Option<(usize, usize)>,
    #[serde(default)]
    #[expect(dead_code, reason = "for whoever reads the file")]
    why: String,
}

/// A message of which the format must ask which day is meant.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asking {
    text: String,
    sent: NaiveDate,
    field: FieldName,
    choices: Vec<NaiveDate>,
    #[serde(default)]
    #[expect(dead_code, reason = "for whoever reads the file")]
    why: String,
}

/// A field by its canonical name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct FieldName(Field);

impl TryFrom<String> for FieldName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        let known = || format!("`{name}` is no field: write one of {}", Field::ALL.map(Field::name).join(", "));
        Field::named(&name).map(Self).ok_or_else(known)
    }
}

/// A kind of misreading by its name.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct KindName(MisreadKind);

impl TryFrom<String> for KindName {
    type Error = String;
    fn try_from(name: String) -> Result<Self, String> {
        let known =
            || format!("`{name}` is no kind: write one of {}", MisreadKind::ALL.map(MisreadKind::name).join(", "));
        MisreadKind::named(&name).map(Self).ok_or_else(known)
    }
}

/// A form's values by field, as text: dates as yyyy-mm-dd, and the count where the format asks for one.
fn values(format: &Format, form: &Form) -> BTreeMap<FieldName, String> {
    let applicant = &form.applicant;
    let value = |field| match field {
        Field::Nama => Some(applicant.nama.as_str().to_owned()),
        Field::TglLahir => applicant.tgl_lahir.map(|born| born.date().to_string()),
        Field::TglKedatangan => form.visit.map(|day| day.to_string()),
        Field::Alamat => applicant.alamat.as_ref().map(|address| address.as_str().to_owned()),
        Field::Jumlah => Some(form.party.to_string()),
        Field::Nik => applicant.nik.as_ref().map(|nik| nik.as_str().to_owned()),
    };
    format.fields().iter().filter_map(|&field| Some((FieldName(field), value(field)?))).collect()
}

fn list(values: &BTreeMap<FieldName, String>) -> String {
    let values: Vec<String> =
        values.iter().map(|(FieldName(field), value)| format!("{} = {value}", field.name())).collect();
    values.join(", ")
}

/// A form's notes as the file writes them: the kind's name.
fn notes(form: &Form) -> Vec<String> {
    form.notes.iter().map(|note| note.kind.name().to_owned()).collect()
}

fn noted(notes: &[String]) -> String {
    if notes.is_empty() { String::new() } else { format!(" with {} repaired", notes.join(", ")) }
}

/// What came out instead, in words.
fn outcome(format: &Format, request: &Request) -> String {
    match request {
        Request::Form(form) => format!("a form with {}{}", list(&values(format, form)), noted(&notes(form))),
        Request::Misread(Misread { kind, field, at: (from, to), .. }) => {
            format!("{} in {} at [{from}, {to}]", kind.name(), field.map_or("the whole form", Field::name))
        }
        Request::Ask(ask) => format!("a question about {}", ask.field.name()),
        Request::Command(command) => format!("the command {}", command.name.name()),
        Request::Digits(_) => "a code".to_owned(),
        Request::Placeholder => "the poster's own line".to_owned(),
        Request::Greeting => "a greeting".to_owned(),
        Request::Thanks => "thanks".to_owned(),
        Request::Automatic => "a machine's answer".to_owned(),
        Request::Unreadable => "nothing that can be read".to_owned(),
    }
}

impl Reading {
    /// Reads the message; the error says what came out instead.
    pub(super) fn run(&self, format: &Format) -> Result<(), String> {
        let request = super::read(&[format], &self.text, self.sent);
        match &request {
            Request::Form(form) if values(format, form) == self.fields && notes(form) == self.notes => Ok(()),
            _ => Err(format!(
                "this should give {}{}; it gives {}",
                list(&self.fields),
                noted(&self.notes),
                outcome(format, &request)
            )),
        }
    }
}

impl Asking {
    /// Reads the message; the error says what came out instead.
    pub(super) fn run(&self, format: &Format) -> Result<(), String> {
        let FieldName(field) = self.field;
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
            _ => {
                Err(format!("this should ask which {} is meant; it gives {}", field.name(), outcome(format, &request)))
            }
        }
    }
}

impl Misreading {
    /// Reads the message; the error says what came out instead.
    pub(super) fn run(&self, format: &Format) -> Result<(), String> {
        let request = super::read(&[format], &self.text, self.sent);
        let field = self.field.map(|FieldName(field)| field);
        match &request {
            Request::Misread(misread)
                if misread.kind == self.kind.0
                    && misread.field == field
                    && self.at.is_none_or(|at| at == misread.at) =>
            {
                Ok(())
            }
            _ => {
                let place = self.at.map_or_else(String::new, |(from, to)| format!(" at [{from}, {to}]"));
                let piece = field.map_or("the whole form", Field::name);
                Err(format!(
                    "this should give {} in {piece}{place}; it gives {}",
                    self.kind.0.name(),
                    outcome(format, &request)
                ))
            }
        }
    }
}
