//! Turns a chat that a tester exported from WhatsApp into a story in which nobody can be recognised.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{NaiveDateTime, Timelike};

use super::bless::statement;
use super::disguise::Disguise;
use super::export::{self, Exported, Line};
use super::pattern::{Captures, codes_in, escape};
use super::script;
use crate::domain::code::ApprovalCode;
use crate::domain::message::OtherKind;
use crate::domain::office::OfficeId;
use crate::grammar::{self, Request};
use crate::roster::Roster;

/// Digits in a row that a reply may show without being somebody's: a year has four.
const DIGITS_SHOWN_MAX: usize = 5;

/// Why a chat cannot become a story.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// No line looks like WhatsApp's.
    #[error("no message found; expected lines like `[07/08/17 09.00.12] Budi: text` or `07/08/17 09.00 - Budi: text`")]
    NoMessage,
    /// The office is not on the roster.
    #[error("there is no office `{0}`")]
    NoOffice(OfficeId),
    /// Nobody is called so.
    #[error("nobody in this chat is called `{0}`")]
    NoSender(String),
    /// More than two people write.
    #[error("several people write in this chat; say which one is the office with --office-name: {0}")]
    WhichSender(String),
    /// The story came out wrong, which is a mistake of the importer.
    #[error("the story cannot be read back: {0}")]
    Story(#[from] script::ScriptError),
}

/// The story of an exported chat with `office`, who is called `office_name` in it.
///
/// # Errors
/// [`ImportError`] says what is missing.
pub fn import(
    roster: &Roster,
    office: &OfficeId,
    office_name: Option<&str>,
    text: &str,
) -> Result<String, ImportError> {
    let place = roster.offices.get(office).ok_or_else(|| ImportError::NoOffice(office.clone()))?;
    let lines = export::read(text);
    let first = lines.first().ok_or(ImportError::NoMessage)?;
    let office_name = office_sender(&lines, office_name)?;
    let formats = roster.formats_of(place);
    let mut disguise = Disguise::new(text);
    for line in lines.iter().filter(|line| Some(&line.who) != office_name.as_ref()) {
        disguise.name(&line.who);
        if let Exported::Text(said) | Exported::Image(Some(said)) = &line.what {
            match grammar::read(&formats, said, line.at.date()) {
                Request::Form(form) => disguise.learn(&form.applicant),
                Request::Misread(_) => disguise.learn_pieces(said, line.at.date()),
                _ => {}
            }
        }
    }
    let mut scribe = Scribe { story: String::new(), disguise, captures: Captures::new(), now: first.at, last: None };
    let _ = writeln!(
        scribe.story,
        "# why: imported from a chat of {} with {office}; say here why it is kept.\noffice {office}\nclock {}\n",
        first.at.date(),
        moment(first.at),
    );
    for line in &lines {
        if Some(&line.who) == office_name.as_ref() { scribe.answer(line) } else { scribe.say(line) }
    }
    script::read(&scribe.story).map_err(|errors| ImportError::Story(errors.into_iter().next().unwrap_or_default()))?;
    Ok(scribe.story)
}

/// Who is the office: the one named, or of two people the one who did not write first.
fn office_sender(lines: &[Line], named: Option<&str>) -> Result<Option<String>, ImportError> {
    let senders: BTreeSet<&str> = lines.iter().map(|line| line.who.as_str()).collect();
    if let Some(name) = named {
        let found = senders.get(name).ok_or_else(|| ImportError::NoSender(name.to_owned()))?;
        return Ok(Some((*found).to_owned()));
    }
    let first = lines.first().map(|line| line.who.as_str());
    let mut others = senders.iter().filter(|&&name| Some(name) != first);
    match (others.next(), others.next()) {
        (other, None) => Ok(other.map(|name| (*name).to_owned())),
        _ => Err(ImportError::WhichSender(senders.into_iter().collect::<Vec<_>>().join(", "))),
    }
}

/// `2017-08-07 09:00`, with seconds where there are some.
fn moment(at: NaiveDateTime) -> String {
    at.format(if at.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

/// Writes the story, line by line.
struct Scribe {
    story: String,
    disguise: Disguise,
    captures: Captures,
    now: NaiveDateTime,
    /// Who spoke last, masked.
    last: Option<&'static str>,
}

impl Scribe {
    fn say(&mut self, line: &Line) {
        if line.at > self.now {
            self.now = line.at;
            let _ = writeln!(self.story, "\nwait until {}", moment(line.at));
        }
        let who = self.disguise.name(&line.who);
        self.last = Some(who);
        let said = match &line.what {
            Exported::Text(text) => self.sent(text),
            Exported::Image(None) => "[image]".to_owned(),
            Exported::Image(Some(caption)) => format!("[image] {}", self.sent(caption)),
            Exported::Other(kind) => format!("[{}]", word(*kind)),
        };
        let _ = writeln!(self.story, "{who} > {}", said.replace('\n', "\n  "));
    }

    /// What a citizen sent, with the codes that the office gave them.
    fn sent(&self, text: &str) -> String {
        let mut sent = escape(&self.disguise.mask(text));
        for (name, code) in &self.captures {
            sent = sent.replace(code.as_str(), &format!("{{{name}}}"));
            let trimmed = code.trim_start_matches('0');
            if sent.trim() == trimmed && ApprovalCode::read(trimmed).is_some() {
                sent = format!("{{{name}|trimmed}}");
            }
        }
        sent
    }

    /// An answer of the office; pictures above it are drawn anew, so only its text counts.
    fn answer(&mut self, line: &Line) {
        let (qr, text) = match &line.what {
            Exported::Text(text) => (false, text.as_str()),
            Exported::Image(caption) => (true, caption.as_deref().unwrap_or("...")),
            Exported::Other(_) => return,
        };
        let masked = self.disguise.mask(text);
        let written: Vec<String> = masked.lines().map(|line| self.expected(line)).collect();
        let pattern = super::pattern::Pattern::read(&written.join("\n"));
        let reply = super::story::Reply { qr, pattern };
        if self.last.is_some() {
            let _ = writeln!(self.story, "{}", statement(None, Some(&reply)));
        }
    }

    /// A line of an answer: codes become captures, masked and other long numbers become `{*}`.
    fn expected(&mut self, line: &str) -> String {
        let mut written = String::new();
        let mut done = 0;
        for (at, code) in codes_in(line) {
            written.push_str(&hide_numbers(&escape(line.get(done..at).unwrap_or_default())));
            let _ = write!(written, "{{{}}}", self.capture(code));
            done = at + code.len();
        }
        written + &hide_numbers(&escape(line.get(done..).unwrap_or_default()))
    }

    fn capture(&mut self, code: &str) -> String {
        if let Some((name, _)) = self.captures.iter().find(|(_, seen)| *seen == code) {
            return name.clone();
        }
        let word = if code.contains('-') { "booking" } else { "code" };
        let mut names = std::iter::once(word.to_owned()).chain((2_u32..).map(|n| format!("{word}{n}")));
        let name = names.find(|name| !self.captures.contains_key(name)).unwrap_or_else(|| word.to_owned());
        self.captures.insert(name.clone(), code.to_owned());
        name
    }
}

/// Numbers that may be somebody's, starred ones (`0812****89`) among them. A form's example stays as it is.
fn hide_numbers(line: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    let mut before = ' ';
    for c in line.chars().chain(['\n']) {
        if c.is_ascii_digit() || (c == '*' && run.bytes().any(|b| b.is_ascii_digit())) {
            run.push(c);
            continue;
        }
        let starred = run.contains("**");
        let hidden = (starred || run.len() > DIGITS_SHOWN_MAX) && before != '#';
        out.push_str(if hidden { "{*}" } else { &run });
        run.clear();
        out.push(c);
        before = c;
    }
    out.pop();
    out
}

/// The word of a kind in stories.
fn word(kind: OtherKind) -> &'static str {
    match kind {
        OtherKind::Audio => "voice",
        OtherKind::Video => "video",
        OtherKind::Sticker => "sticker",
        OtherKind::Location => "location",
        OtherKind::ContactCard => "contact",
        OtherKind::Document => "document",
        OtherKind::PhotoLost => "photolost",
        // An export shows a message as it was at the end, and no edits.
        OtherKind::Edit | OtherKind::Empty | OtherKind::Unsupported => "unsupported",
    }
}
