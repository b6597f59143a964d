//! Turns a chat that a tester exported from WhatsApp into a story in which nobody can be recognised.

use std::collections::BTreeSet;

use super::super::story::read::{self, STORY_BYTES_MAX, ScriptError};
use super::anonymize::{Anonymizer, Leftover, office_words};
use super::export::{self, Chat, ExportError};
use super::head::DayOrder;
use super::message::{Exported, Line};
use super::story_writer::{StoryWriter, moment};
use crate::domain::office::OfficeId;
use crate::grammar::{self, Format, Request};
use crate::roster::Roster;

/// Letters of a name that are shown to somebody who has to pick the office among the senders.
const HINT_CHARS: usize = 2;

/// Why a chat cannot become a story. The text of the chat is personal and not shown in full.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// No line looks like WhatsApp's.
    #[error("no message found; expected lines like `[07/08/17 09.00.12] Budi: text` or `07/08/17 09.00 - Budi: text`")]
    NoMessage,
    /// A line or the dates cannot be read.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The office is not on the roster.
    #[error("there is no office `{0}`")]
    NoOffice(OfficeId),
    /// Nobody is called so.
    #[error("nobody in this chat is called `{0}`")]
    NoSender(String),
    /// More than two people write.
    #[error("several people write in this chat; say which one is the office with --office-name: {0}")]
    WhichSender(String),
    /// The story is too long.
    #[error("the story would have more than {} KiB; keep only the part of the chat that it needs", STORY_BYTES_MAX / 1024)]
    TooLong,
    /// The story came out wrong, which is a mistake of the importer.
    #[error(
        "line {0} of the story cannot be read back, which is a mistake of the import; please report the shape of that line"
    )]
    Story(usize),
}

/// Which chat it is, and how it is read.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The office that the chat was with.
    pub office: &'a OfficeId,
    /// What the office is called in the chat, if the user says so.
    pub office_name: Option<&'a str>,
    /// The order of day and month, if the user says so.
    pub dates: Option<DayOrder>,
}

/// A story out of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Its text.
    pub story: String,
    /// What still has the form of personal data.
    pub leftovers: Vec<Leftover>,
    /// The order of day and month, where only the phone's way of writing showed it.
    pub by_writing: Option<DayOrder>,
}

/// The story of an exported chat.
///
/// # Errors
/// [`ImportError`] says what is missing.
pub fn import(roster: &Roster, wanted: &Wanted<'_>, text: &str) -> Result<Imported, ImportError> {
    let Wanted { office, office_name, dates } = *wanted;
    let place = roster.offices.get(office).ok_or_else(|| ImportError::NoOffice(office.clone()))?;
    let chat = export::read(text, dates)?;
    let first = chat.lines.first().ok_or(ImportError::NoMessage)?;
    let formats = roster.formats_of(place);
    let office_name = office_sender(&formats, &chat.lines, office_name)?;
    let own = office_words(&place.name, office.as_str());
    let anonymizer = learned(Anonymizer::new(text, first.at.date(), &own), &formats, &chat, office_name.as_deref());
    let head = format!(
        "# why: imported from a chat of {} with {office}; say here why it is kept.\noffice {office}\nclock {}\n\n",
        first.at.date(),
        moment(first.at),
    );
    let mut writer = StoryWriter::new(head, anonymizer, first.at);
    for line in &chat.lines {
        if Some(&line.who) == office_name.as_ref() { writer.write_reply(line) } else { writer.write_message(line) }
    }
    let (story, anonymizer) = writer.finish();
    if story.len() > STORY_BYTES_MAX {
        return Err(ImportError::TooLong);
    }
    let line_of = |errors: Vec<ScriptError>| errors.first().map_or(1, |error| error.line);
    read::read(&story, |id| id == office).map_err(|errors| ImportError::Story(line_of(errors)))?;
    let leftovers = anonymizer.leftovers(&story);
    Ok(Imported { story, leftovers, by_writing: chat.by_writing })
}

/// Teaches the anonymizer everybody in a chat: senders in the order in which they write, then whoever is written about. It learns
/// from the office's replies as well, since they repeat forms.
fn learned(mut anonymizer: Anonymizer, formats: &[&Format], chat: &Chat, office: Option<&str>) -> Anonymizer {
    for line in chat.lines.iter().filter(|line| Some(line.who.as_str()) != office) {
        anonymizer.name(&line.who);
    }
    for name in &chat.quoted {
        anonymizer.name(name);
    }
    if let Some(name) = office {
        anonymizer.learn_clerk(name);
    }
    for line in &chat.lines {
        if let Some(said) = said(line) {
            let citizen = Some(line.who.as_str()) != office;
            anonymizer.learn(&grammar::read(formats, said, line.at.date()), said, citizen);
        }
    }
    anonymizer.finished()
}

/// The text of a message.
fn said(line: &Line) -> Option<&str> {
    match &line.what {
        Exported::Text(said) | Exported::Image(Some(said)) => Some(said),
        _ => None,
    }
}

/// Who is the office: the one named; or of two people the one who sends no forms where the other does; or who did not write
/// first.
fn office_sender(formats: &[&Format], lines: &[Line], named: Option<&str>) -> Result<Option<String>, ImportError> {
    let senders: BTreeSet<&str> = lines.iter().map(|line| line.who.as_str()).collect();
    if let Some(name) = named {
        let found = senders.get(name).ok_or_else(|| ImportError::NoSender(name.to_owned()))?;
        return Ok(Some((*found).to_owned()));
    }
    let first = lines.first().map(|line| line.who.as_str()).unwrap_or_default();
    let mut others = senders.iter().copied().filter(|&name| name != first);
    match (others.next(), others.next()) {
        (Some(other), None) => {
            let forms = |who: &str| lines.iter().filter(|line| line.who == who && is_form(formats, line)).count();
            let first_is_office = forms(first) == 0 && forms(other) > 0;
            Ok(Some(if first_is_office { first } else { other }.to_owned()))
        }
        (None, _) => Ok(None),
        _ => Err(ImportError::WhichSender(senders.into_iter().map(hint).collect::<Vec<_>>().join(", "))),
    }
}

/// Whether a citizen wrote this: a form, and not an office's echo of one, which has bold labels and no `#`.
fn is_form(formats: &[&Format], line: &Line) -> bool {
    let Some(said) = said(line) else { return false };
    match grammar::read(formats, said, line.at.date()) {
        Request::Form(_) | Request::Ask(_) => !said.contains('*'),
        Request::Misread(_) => said.trim_start().starts_with('#'),
        _ => false,
    }
}

/// A sender as far as somebody who knows the chat needs it: `Ri… As…`.
fn hint(name: &str) -> String {
    let words = name.split_whitespace().map(|word| word.chars().take(HINT_CHARS).chain(['…']).collect::<String>());
    words.collect::<Vec<_>>().join(" ")
}
