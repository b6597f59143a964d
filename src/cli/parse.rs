//! `antrean parse`: reads messages as an office would and prints what came of them, one JSON object each.
//!
//! On a terminal, and without `--json`, one message is drawn with the broken piece underlined.

use std::io::{self, BufRead, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;

use super::value;
use crate::clock::{Clock, SystemClock};
use crate::domain::office::{Office, OfficeId};
use crate::grammar::{Ask, Choice, Field, Form, Format, Misread, Note, Reading, Request, Span, read, reading};
use crate::replay::Playbill;
use crate::roster::Roster;

/// Exit code of a message that is no whole form.
const NO_FORM: u8 = 1;
/// Most mistakes told of one message: more than a form has pieces.
const MISTAKES_MAX: usize = 24;
/// Days ahead for the visit by which broken pieces are put right.
const VISIT_DAYS: u64 = 7;
/// Exit code of an office, a file or an input that cannot be used.
const MISUSED: u8 = 2;

/// Reads messages as an office would.
///
/// Prints one JSON object for each. A form has `format`, `fields` and `notes`; a form with an unclear date `ask`; a command or a code
/// `command`; what cannot be read `error`. A question has `topics`, the names of what it asks about in the order of the message:
/// {"ok":false,"topics":["hours","fee"]}. Where a question stands beside something else, that object has `topics` too.
#[derive(Debug, clap::Args)]
pub struct ParseArgs {
    /// The office: the id of a shipped one or of one in `--offices`, or a file.
    #[arg(long, value_name = "ID-or-FILE")]
    pub office: String,
    /// Files or folders with offices and their own formats, among which `--office` is an id; the shipped ones if not given.
    #[arg(long, value_name = "PATH")]
    pub offices: Vec<PathBuf>,
    /// When the message was sent: 2026-08-03 (nine o'clock WIB), "2026-08-03 14:30" or RFC 3339; now, if not given.
    #[arg(long, value_name = "TIME", value_parser = value::sent)]
    pub sent: Option<DateTime<FixedOffset>>,
    /// Print what the citizen would be answered by an office with all places free, instead of what was read.
    #[arg(long, conflicts_with_all = ["json", "jsonl"], requires = "text")]
    pub reply: bool,
    /// Print JSON on a terminal too.
    #[arg(long)]
    pub json: bool,
    /// Each line of standard input is a JSON string, so that a message may hold newlines.
    #[arg(long, conflicts_with = "text")]
    pub jsonl: bool,
    /// The message; without it, one message a line is read from standard input.
    #[arg(allow_hyphen_values = true)]
    pub text: Option<String>,
}

/// Runs the command: exit code 0 for a whole form and for standard input, 1 for any other message, 2 for a misuse.
pub fn run(args: &ParseArgs) -> ExitCode {
    let done = load(&args.office, &args.offices).and_then(|(roster, office)| {
        let sent = args.sent.map_or_else(|| SystemClock.now(), |sent| sent.with_timezone(&Utc));
        let reader = Reader { formats: roster.formats_of(&office), sent_on: office.date_at(sent) };
        let out = io::stdout();
        if let (true, Some(text)) = (args.reply, &args.text) {
            return reply(&roster, &office, text, office.zone.local(sent));
        }
        let written = match &args.text {
            Some(text) if args.json || !out.is_terminal() => reader.print_json(text, &mut out.lock()),
            Some(text) => reader.draw(text, &mut out.lock()),
            None => reader.print_lines(args.jsonl, io::stdin().lock(), &mut out.lock()).map(|()| ExitCode::SUCCESS),
        };
        written.map_err(|error| format!("cannot read or write: {error}"))
    });
    done.unwrap_or_else(|problem| {
        // A closed standard error leaves nobody to tell.
        let _ = writeln!(io::stderr(), "{problem}");
        ExitCode::from(MISUSED)
    })
}

/// Plays the message on an empty database and prints what comes back. Exit code 1 where that is nothing.
fn reply(roster: &Roster, office: &Office, text: &str, sent: NaiveDateTime) -> Result<ExitCode, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot play the message: {error}"))?;
    let replies = runtime.block_on(async {
        let bill = Playbill::prepare(roster.clone(), None).await.map_err(|error| error.to_string())?;
        bill.replies(&office.id, text, sent).await.map_err(|error| error.to_string())
    })?;
    let mut out = io::stdout().lock();
    for reply in &replies {
        writeln!(out, "{reply}").map_err(|error| format!("cannot write: {error}"))?;
    }
    if replies.is_empty() {
        return Err("this gets no answer".to_owned());
    }
    Ok(ExitCode::SUCCESS)
}

/// The office of an id or a file, and the roster with its formats.
fn load(named: &str, offices: &[PathBuf]) -> Result<(Roster, Arc<Office>), String> {
    let say = |problems: crate::roster::Problems| {
        problems.0.iter().map(|problem| format!("{problem:?}")).collect::<Vec<_>>().join("\n")
    };
    let path = PathBuf::from(named);
    if let Ok(id) = OfficeId::read(named)
        && !path.is_file()
    {
        let roster = Roster::load(offices).map_err(say)?;
        let office = roster.offices.get(&id).cloned();
        let unknown = || match offices {
            [] => format!("`{named}` is no shipped office and no file; see `antrean office list`"),
            _ => format!("there is no office `{named}` in the files of --offices"),
        };
        return Ok((roster, office.ok_or_else(unknown)?));
    }
    if !offices.is_empty() {
        return Err(format!("`{named}` is no id: with --offices, --office is the id of an office in it"));
    }
    let own_formats = "note: an office with a format file of its own: antrean parse --offices FOLDER --office ID";
    let roster = Roster::load(&[path]).map_err(|problems| format!("{}\n{own_formats}", say(problems)))?;
    let mut offices = roster.offices.values().cloned();
    match (offices.next(), offices.next()) {
        (Some(office), None) => Ok((roster, office)),
        _ => Err(format!("`{named}` must hold exactly one office")),
    }
}

/// Whose form a mistake is in, counted from 1.
fn person(misread: &Misread) -> Option<u8> {
    misread.member.as_ref().map(|member| member.number)
}

/// A place in what was written, for one in what was mended.
fn unshifted(mut at: usize, shifts: &[(usize, isize)]) -> usize {
    for (from, shift) in shifts.iter().rev() {
        if at >= *from {
            at = at.saturating_add_signed(-shift);
        }
    }
    at
}

/// What is printed of one message: the contract with outside tools.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Answer {
    /// Questions and nothing else.
    Question { ok: bool, topics: Names },
    Form {
        ok: bool,
        format: String,
        fields: Fields,
        /// Everybody's values, where the message has a line for each of several people.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        people: Vec<Fields>,
        notes: Vec<NoteAnswer>,
        /// What is asked besides, by name, in the order of the message; in every kind of answer.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        topics: Names,
    },
    Ask {
        ok: bool,
        ask: AskAnswer,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        topics: Names,
    },
    Command {
        ok: bool,
        command: CommandAnswer,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        topics: Names,
    },
    Error {
        ok: bool,
        error: ErrorAnswer,
        /// Every mistake, that one first, where there are several.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        errors: Vec<ErrorAnswer>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        topics: Names,
    },
}

/// Names of topics.
type Names = Vec<&'static str>;

/// Values by name; what the form does not have is not there.
#[derive(Debug, Default)]
struct Fields(Vec<(String, serde_json::Value)>);

/// One object, in the order of the office's line.
impl Serialize for Fields {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// Something that was read otherwise than it is written.
#[derive(Debug, Serialize)]
struct NoteAnswer {
    kind: &'static str,
    field: Option<&'static str>,
    /// Whose it is, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<u8>,
    from: String,
    to: String,
}

/// A piece with several readings.
#[derive(Debug, Serialize)]
struct AskAnswer {
    field: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<u8>,
    choices: Vec<ChoiceAnswer>,
}

#[derive(Debug, Serialize)]
struct ChoiceAnswer {
    value: NaiveDate,
    meaning: String,
}

#[derive(Debug, Serialize)]
struct CommandAnswer {
    name: &'static str,
    code: Option<String>,
}

#[derive(Debug, Clone, Serialize)]
struct ErrorAnswer {
    kind: &'static str,
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<u8>,
    at: Option<Span>,
    expected: String,
    message: String,
    /// The line that was probably meant.
    suggestion: Option<String>,
}

/// A form's values in the order of the line, by canonical name or by what the office calls its own questions.
fn fields(format: &Format, form: &Form) -> Fields {
    let value = |field| match field {
        Field::Jumlah => Some(form.party.into()),
        _ => format.value(form, field).map(serde_json::Value::from),
    };
    let named = |field| Some((format.called(field).to_owned(), value(field)?));
    Fields(format.fields().into_iter().filter_map(named).collect())
}

impl NoteAnswer {
    fn of(note: &Note) -> Self {
        let field = note.field.map(Field::name);
        Self { kind: note.kind.name(), field, person: note.person, from: note.from.clone(), to: note.to.clone() }
    }
}

impl AskAnswer {
    fn of(ask: &Ask) -> Self {
        let choice =
            |choice: &Choice| ChoiceAnswer { value: choice.date, meaning: choice.date.format("%-d %B %Y").to_string() };
        Self { field: ask.field.name(), person: ask.person, choices: ask.choices.iter().map(choice).collect() }
    }
}

impl Answer {
    fn command(name: &'static str, code: Option<String>) -> Self {
        Self::Command { ok: false, command: CommandAnswer { name, code }, topics: Vec::new() }
    }

    /// The same, with what is asked besides.
    fn asking(mut self, names: Names) -> Self {
        match &mut self {
            Self::Question { topics, .. }
            | Self::Form { topics, .. }
            | Self::Ask { topics, .. }
            | Self::Command { topics, .. }
            | Self::Error { topics, .. } => *topics = names,
        }
        self
    }

    /// What is asked, alone or besides.
    fn topics(&self) -> &[&'static str] {
        match self {
            Self::Question { topics, .. }
            | Self::Form { topics, .. }
            | Self::Ask { topics, .. }
            | Self::Command { topics, .. }
            | Self::Error { topics, .. } => topics,
        }
    }

    /// A line of `--jsonl` that is no JSON string.
    fn not_json(error: &serde_json::Error) -> Self {
        let expected = "a JSON string".to_owned();
        let message = format!("this line is no JSON string: {error}");
        let error =
            ErrorAnswer { kind: "input", field: None, person: None, at: None, expected, message, suggestion: None };
        Self::Error { ok: false, error, errors: Vec::new(), topics: Vec::new() }
    }
}

/// An office's formats and the day by which messages are read.
struct Reader<'a> {
    formats: Vec<&'a Format>,
    sent_on: NaiveDate,
}

impl Reader<'_> {
    fn line(&self) -> String {
        self.formats.first().map_or_else(String::new, |format| format.line().to_owned())
    }

    /// The answer to a message that is no form, no command and no code.
    fn nothing(&self, kind: &'static str, text: &str, says: &str) -> Answer {
        let at = Some((0, text.chars().count()));
        let expected = self.line();
        let message = format!("{says}: expected {expected} with the values in place of the names");
        Answer::Error {
            ok: false,
            error: ErrorAnswer { kind, field: None, person: None, at, expected, message, suggestion: None },
            errors: Vec::new(),
            topics: Vec::new(),
        }
    }

    /// Every mistake of a form: each broken piece is put right by an example of its kind, and the form is read again.
    fn mistakes(&self, text: &str, first: &Misread) -> Vec<ErrorAnswer> {
        let visit = self.sent_on.checked_add_days(Days::new(VISIT_DAYS)).unwrap_or(self.sent_on);
        let mut found = vec![self.mistake(first)];
        let mut text: Vec<char> = text.chars().collect();
        let mut misread = first.clone();
        // How far the places of what is read now lie behind those of what was written, from which place on.
        let mut shifts: Vec<(usize, isize)> = Vec::new();
        while found.len() < MISTAKES_MAX {
            let (from, until) = misread.at;
            let format = self.formats.iter().find(|format| *format.id() == misread.format);
            let (Some(field), Some(format), true) = (misread.field, format, from < until && until <= text.len()) else {
                break;
            };
            // The whole piece, of which a mistake may be one character.
            let ends = |c: &char| *c == format.mark() || matches!(c, '\n' | ':' | '=');
            let before = text.iter().take(from).rposition(ends).map_or(0, |mark| mark + 1);
            let after = text.iter().skip(until).position(ends).map_or(text.len(), |mark| until + mark);
            let (from, until) = (before, after);
            let sample: Vec<char> = format.sample(field, visit).chars().collect();
            let written = until - from;
            shifts.push((from + sample.len(), sample.len().cast_signed() - written.cast_signed()));
            text.splice(from..until, sample);
            let Request::Misread(next) = read(&self.formats, &text.iter().collect::<String>(), self.sent_on) else {
                break;
            };
            if found.iter().any(|known| known.field == next.field.map(|field| self.called(&next, field)))
                && person(&next) == person(&misread)
            {
                break;
            }
            let mut mistake = self.mistake(&next);
            mistake.suggestion = None;
            mistake.at = mistake.at.map(|(from, until)| (unshifted(from, &shifts), unshifted(until, &shifts)));
            found.push(mistake);
            misread = next;
        }
        found
    }

    fn called(&self, misread: &Misread, field: Field) -> String {
        let format = self.formats.iter().find(|format| *format.id() == misread.format);
        format.map_or(Field::name(field), |format| format.called(field)).to_owned()
    }

    fn mistake(&self, misread: &Misread) -> ErrorAnswer {
        ErrorAnswer {
            kind: misread.kind.name(),
            field: misread.field.map(|field| self.called(misread, field)),
            person: person(misread),
            at: Some(misread.at),
            expected: misread.expected.clone(),
            message: misread.to_string(),
            suggestion: misread.suggestion.as_ref().map(|suggestion| suggestion.line.clone()),
        }
    }

    fn misread(&self, text: &str, misread: &Misread) -> Answer {
        let errors = self.mistakes(text, misread);
        let errors = if errors.len() > 1 { errors } else { Vec::new() };
        Answer::Error { ok: false, error: self.mistake(misread), errors, topics: Vec::new() }
    }

    fn answer(&self, text: &str) -> Answer {
        let Reading { request, topics } = reading(&self.formats, text, self.sent_on);
        self.answer_to(text, request).asking(topics.names())
    }

    fn answer_to(&self, text: &str, request: Request) -> Answer {
        match request {
            Request::Form(form) => {
                let notes = form.notes.iter().map(NoteAnswer::of).collect();
                let format = self.formats.iter().find(|format| *format.id() == form.format);
                let fields = format.map(|format| fields(format, &form)).unwrap_or_default();
                let party = if form.applicant.others.is_empty() { Vec::new() } else { form.each().collect() };
                let people = party.iter().filter_map(|form: &Form| Some(self::fields(format?, form))).collect();
                Answer::Form { ok: true, format: form.format.to_string(), fields, people, notes, topics: Vec::new() }
            }
            Request::Ask(ask) => Answer::Ask { ok: false, ask: AskAnswer::of(&ask), topics: Vec::new() },
            Request::Question => Answer::Question { ok: false, topics: Vec::new() },
            Request::Misread(misread) => self.misread(text, &misread),
            Request::Command(command) => {
                Answer::command(command.name.name(), command.code.map(|code| code.to_string()))
            }
            Request::Digits(digits) => Answer::command("kode", Some(digits)),
            Request::Placeholder => self.nothing("placeholder", text, "this is the office's line itself"),
            Request::Greeting => self.nothing("greeting", text, "this is a greeting"),
            Request::Thanks => self.nothing("thanks", text, "this is a word of thanks"),
            Request::Automatic => self.nothing("automatic", text, "this is what a machine answers by itself"),
            Request::AboutCancelling => self.nothing("unreadable", text, "`#batal` cancels only when it stands alone"),
            Request::Day(_) => self.nothing("unreadable", text, "this is a day and no form"),
            Request::Unreadable => self.nothing("unreadable", text, "this is neither a form nor a command"),
        }
    }

    /// Prints one object.
    fn print_json(&self, text: &str, out: &mut impl Write) -> io::Result<ExitCode> {
        let answer = self.answer(text);
        print(&answer, out)?;
        Ok(exit_code(&answer))
    }

    /// Prints one object for each line; bytes that are no UTF-8 are read as replacement characters.
    fn print_lines(&self, jsonl: bool, input: impl BufRead, out: &mut impl Write) -> io::Result<()> {
        for line in input.split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            let line = line.strip_suffix('\r').unwrap_or(&line);
            let answer = if jsonl {
                serde_json::from_str::<String>(line)
                    .map_or_else(|error| Answer::not_json(&error), |text| self.answer(&text))
            } else {
                self.answer(line)
            };
            print(&answer, out)?;
        }
        Ok(())
    }

    /// Draws one message for a person.
    fn draw(&self, text: &str, out: &mut impl Write) -> io::Result<ExitCode> {
        let answer = self.answer(text);
        match &answer {
            Answer::Question { .. } => writeln!(out, "{}", shown(text))?,
            Answer::Form { format, fields, people, notes, .. } => {
                writeln!(out, "{format}")?;
                let alone = people.is_empty().then_some(fields);
                for (place, fields) in alone.into_iter().chain(people).enumerate() {
                    if alone.is_none() {
                        writeln!(out, "person {}", place + 1)?;
                    }
                    for (name, value) in &fields.0 {
                        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                        writeln!(out, "  {name:<14} {value}")?;
                    }
                }
                for note in notes {
                    writeln!(out, "repaired: `{}` read as `{}`", shown(&note.from), shown(&note.to))?;
                }
            }
            Answer::Ask { ask, .. } => {
                writeln!(out, "which {} is meant?", ask.field)?;
                for (place, choice) in ask.choices.iter().enumerate() {
                    writeln!(out, "  {}. {}", place + 1, choice.meaning)?;
                }
            }
            Answer::Command { command, .. } => {
                writeln!(out, "{} {}", command.name, command.code.as_deref().unwrap_or_default())?;
            }
            Answer::Error { error, .. } => {
                for line in underlined(text, error.at) {
                    writeln!(out, "{line}")?;
                }
                writeln!(out, "{}: {}", error.kind, shown(&error.message))?;
                if let Some(line) = &error.suggestion {
                    writeln!(out, "perhaps: {}", shown(line))?;
                }
            }
        }
        let topics = answer.topics();
        if !topics.is_empty() {
            writeln!(out, "asks about: {}", topics.join(", "))?;
        }
        Ok(exit_code(&answer))
    }
}

fn print(answer: &Answer, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, answer)?;
    writeln!(out)
}

fn exit_code(answer: &Answer) -> ExitCode {
    if matches!(answer, Answer::Form { .. }) { ExitCode::SUCCESS } else { ExitCode::from(NO_FORM) }
}

/// The text without characters that could steer the terminal.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}

/// The message's lines, and under each the part of the span that lies in it; an empty span gets one caret, none none.
pub(super) fn underlined(text: &str, at: Option<Span>) -> Vec<String> {
    let Some((from, to)) = at else { return text.split('\n').map(shown).collect() };
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.chars().count();
        lines.push(shown(line));
        let (first, last) = (from.max(start), to.min(end).max(from + 1));
        if first <= end && from <= end && to >= start && first < last {
            lines.push(format!("{}{}", " ".repeat(first - start), "^".repeat(last - first)));
        }
        start = end + 1;
    }
    lines
}

#[cfg(test)]
mod tests;
