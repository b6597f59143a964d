//! The JSON that is printed for one message. Outside tools depend on it.

use chrono::NaiveDate;
use serde::Serialize;

use crate::grammar::{Ask, ChangeDay, Choice, Field, Form, Format, Note, Span, Wait};

/// The JSON that is printed for one message. Outside tools depend on it.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Output {
    /// Questions and nothing else.
    Question {
        ok: bool,
    },
    Form {
        ok: bool,
        format: String,
        fields: Fields,
        /// Everybody's values, where the message has a line for each of several people.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        people: Vec<Fields>,
        notes: Vec<NoteOutput>,
    },
    Ask {
        ok: bool,
        ask: AskOutput,
    },
    Command {
        ok: bool,
        command: CommandOutput,
    },
    ChangeDay {
        ok: bool,
        command: DatedOutput,
    },
    Error {
        ok: bool,
        error: ErrorOutput,
        /// All mistakes, the one in `error` first; left out where that is the only one.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        errors: Vec<ErrorOutput>,
    },
}

/// One object: what a message is, and what it asks about.
#[derive(Debug, Serialize)]
pub(super) struct WithTopics {
    #[serde(flatten)]
    pub(super) output: Output,
    /// Names of topics, in the order of the message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) topics: Vec<&'static str>,
}

/// Values by name; what the form does not have is not there.
#[derive(Debug, Default)]
pub(super) struct Fields(pub(super) Vec<(String, serde_json::Value)>);

/// One object, in the order of the office's line.
impl Serialize for Fields {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Something that was read otherwise than it is written.
#[derive(Debug, Serialize)]
pub(super) struct NoteOutput {
    pub(super) kind: &'static str,
    pub(super) field: Option<&'static str>,
    /// Whose it is, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<u8>,
    pub(super) from: String,
    pub(super) to: String,
}

/// A piece with several readings.
#[derive(Debug, Serialize)]
pub(super) struct AskOutput {
    pub(super) field: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<u8>,
    pub(super) choices: Vec<ChoiceOutput>,
}

#[derive(Debug, Serialize)]
pub(super) struct ChoiceOutput {
    pub(super) value: NaiveDate,
    pub(super) meaning: String,
}

#[derive(Debug, Serialize)]
pub(super) struct CommandOutput {
    pub(super) name: &'static str,
    pub(super) code: Option<String>,
    /// Of a party, the person whom the command is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<String>,
}

/// A command that may name a day.
#[derive(Debug, Serialize)]
pub(super) struct DatedOutput {
    pub(super) name: &'static str,
    pub(super) date: Option<NaiveDate>,
    pub(super) code: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct ErrorOutput {
    pub(super) kind: &'static str,
    pub(super) field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) person: Option<u8>,
    pub(super) at: Option<Span>,
    pub(super) expected: String,
    pub(super) message: String,
    /// The line that was probably meant.
    pub(super) suggestion: Option<String>,
}

/// A form's values in the order of the line, by canonical name or by what the office calls its own questions.
pub(super) fn fields_of(format: &Format, form: &Form) -> Fields {
    let value = |field| match field {
        Field::Jumlah => Some(form.party.into()),
        _ => format.value(form, field).map(serde_json::Value::from),
    };
    let named = |field| Some((format.called(field).to_owned(), value(field)?));
    Fields(format.fields().into_iter().filter_map(named).collect())
}

impl NoteOutput {
    pub(super) fn of(note: &Note) -> Self {
        let field = note.field.map(Field::name);
        Self { kind: note.kind.name(), field, person: note.person, from: note.from.clone(), to: note.to.clone() }
    }
}

impl AskOutput {
    pub(super) fn of(ask: &Ask) -> Self {
        let choice =
            |choice: &Choice| ChoiceOutput { value: choice.date, meaning: choice.date.format("%-d %B %Y").to_string() };
        Self { field: ask.field.name(), person: ask.person, choices: ask.choices.iter().map(choice).collect() }
    }
}

impl Output {
    pub(super) fn command(name: &'static str, code: Option<String>) -> Self {
        Self::about(name, code, None)
    }

    pub(super) fn about(name: &'static str, code: Option<String>, person: Option<String>) -> Self {
        Self::Command { ok: false, command: CommandOutput { name, code, person } }
    }

    pub(super) fn change_day(change: &ChangeDay) -> Self {
        Self::dated("ganti", &change.days, change.code.as_ref().map(ToString::to_string))
    }

    /// A command with a day beside it; one that can be read in more than one way is none.
    pub(super) fn dated(name: &'static str, days: &[NaiveDate], code: Option<String>) -> Self {
        let date = if let [only] = days { Some(*only) } else { None };
        Self::ChangeDay { ok: false, command: DatedOutput { name, date, code } }
    }

    pub(super) fn wait(wait: &Wait) -> Self {
        Self::dated("tunggu", &wait.days, wait.code.as_ref().map(ToString::to_string))
    }

    /// A line of `--jsonl` that is no JSON string.
    pub(super) fn not_json(error: &serde_json::Error) -> WithTopics {
        let expected = "a JSON string".to_owned();
        let message = format!("this line is no JSON string: {error}");
        let error =
            ErrorOutput { kind: "input", field: None, person: None, at: None, expected, message, suggestion: None };
        WithTopics { output: Self::Error { ok: false, error, errors: Vec::new() }, topics: Vec::new() }
    }
}
