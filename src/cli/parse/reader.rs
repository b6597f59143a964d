//! Reads a message by an office's formats, and finds all mistakes of a form.

use chrono::{Days, NaiveDate};

use super::output::{AskOutput, ErrorOutput, NoteOutput, Output, WithTopics, fields_of};
use crate::grammar::{About, Field, Form, Format, Misread, Reading, Request, Topic, read, reading};

/// Most mistakes reported of one message: more than a form has pieces.
const MISTAKES_MAX: usize = 24;
/// How many days ahead the visit lies in the examples that replace broken pieces.
const VISIT_DAYS: u64 = 7;

/// An office's formats and the day by which messages are read.
pub(super) struct Reader<'a> {
    pub(super) formats: Vec<&'a Format>,
    pub(super) sent_on: NaiveDate,
}

impl Reader<'_> {
    fn line(&self) -> String {
        self.formats.first().map_or_else(String::new, |format| format.line().to_owned())
    }

    /// The answer to a message that is no form, no command and no code.
    fn nothing(&self, kind: &'static str, text: &str, says: &str) -> Output {
        let at = Some((0, text.chars().count()));
        let expected = self.line();
        let message = format!("{says}: expected {expected} with the values in place of the names");
        Output::Error {
            ok: false,
            error: ErrorOutput { kind, field: None, person: None, at, expected, message, suggestion: None },
            errors: Vec::new(),
        }
    }

    /// Every mistake of a form: each broken piece is put right by an example of its kind, and the form is read again.
    fn mistakes(&self, text: &str, first: &Misread) -> Vec<ErrorOutput> {
        let visit = self.sent_on.checked_add_days(Days::new(VISIT_DAYS)).unwrap_or(self.sent_on);
        let mut found = vec![self.mistake(first)];
        let mut text: Vec<char> = text.chars().collect();
        let mut misread = first.clone();
        // By how much positions in the corrected message are behind those in the message as written, and from which position
        // on.
        let mut shifts: Vec<(usize, isize)> = Vec::new();
        while found.len() < MISTAKES_MAX {
            let (from, until) = misread.at;
            let format = self.formats.iter().find(|format| *format.id() == misread.format);
            let (Some(field), Some(format), true) = (misread.field, format, from < until && until <= text.len()) else {
                break;
            };
            // A mistake may be one character; the whole piece is replaced.
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

    fn mistake(&self, misread: &Misread) -> ErrorOutput {
        ErrorOutput {
            kind: misread.kind.name(),
            field: misread.field.map(|field| self.called(misread, field)),
            person: person(misread),
            at: Some(misread.at),
            expected: misread.expected.clone(),
            message: misread.to_string(),
            suggestion: misread.suggestion.as_ref().map(|suggestion| suggestion.line.clone()),
        }
    }

    fn misread(&self, text: &str, misread: &Misread) -> Output {
        let errors = self.mistakes(text, misread);
        let errors = if errors.len() > 1 { errors } else { Vec::new() };
        Output::Error { ok: false, error: self.mistake(misread), errors }
    }

    /// What is printed of one message.
    pub(super) fn output(&self, text: &str) -> WithTopics {
        let Reading { request, topics } = reading(&self.formats, text, self.sent_on);
        let cek = topics.asked.iter().find(|about| request == Request::Question && is_cek(about, text));
        let output = cek.map_or_else(|| self.output_of(text, request), |about| Output::dated("cek", &about.days, None));
        WithTopics { output, topics: topics.names() }
    }

    fn output_of(&self, text: &str, request: Request) -> Output {
        match request {
            Request::Question => Output::Question { ok: false },
            Request::Form(form) => {
                let notes = form.notes.iter().map(NoteOutput::of).collect();
                let format = self.formats.iter().find(|format| *format.id() == form.format);
                let fields = format.map(|format| fields_of(format, &form)).unwrap_or_default();
                let party = if form.applicant.others.is_empty() { Vec::new() } else { form.each().collect() };
                let people = party.iter().filter_map(|form: &Form| Some(fields_of(format?, form))).collect();
                Output::Form { ok: true, format: form.format.to_string(), fields, people, notes }
            }
            Request::Ask(ask) => Output::Ask { ok: false, ask: AskOutput::of(&ask) },
            Request::Misread(misread) => self.misread(text, &misread),
            Request::Command(command) => {
                Output::about(command.name.name(), command.code.map(|code| code.to_string()), command.person)
            }
            Request::ChangeDay(change) => Output::change_day(&change),
            Request::Wait(wait) => Output::wait(&wait),
            Request::Digits(digits) => Output::command("kode", Some(digits)),
            Request::Placeholder => self.nothing("placeholder", text, "this is the office's line itself"),
            Request::Greeting => self.nothing("greeting", text, "this is a greeting"),
            Request::Thanks => self.nothing("thanks", text, "this is a word of thanks"),
            Request::Automatic => self.nothing("automatic", text, "this is what a machine answers by itself"),
            Request::AboutCancelling => self.nothing("unreadable", text, "`#batal` cancels only when it stands alone"),
            Request::Day(_) => self.nothing("unreadable", text, "this is a day and no form"),
            Request::Unreadable => self.nothing("unreadable", text, "this is neither a form nor a command"),
        }
    }
}

/// Whether a question about free days is written as the command for it: `#cek`, `#cek 14`.
fn is_cek(about: &About, text: &str) -> bool {
    let asked = text.trim_start().strip_prefix('#').map(str::trim_start).unwrap_or_default();
    let word: String = asked.chars().take_while(|c| c.is_alphanumeric()).collect();
    about.topic == Topic::FreeDays && word.eq_ignore_ascii_case("cek")
}

/// The person whose form a mistake is in, counted from 1.
fn person(misread: &Misread) -> Option<u8> {
    misread.member.as_ref().map(|member| member.number)
}

/// The position in the message as it was written, for a position in the corrected message.
fn unshifted(mut at: usize, shifts: &[(usize, isize)]) -> usize {
    for (from, shift) in shifts.iter().rev() {
        if at >= *from {
            at = at.saturating_add_signed(-shift);
        }
    }
    at
}
