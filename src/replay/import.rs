//! Turns a chat that a tester exported from WhatsApp into a story in which nobody can be recognised.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{NaiveDateTime, Timelike};

use super::bless::statement;
use super::disguise::{Disguise, Fixed, Leftover, office_words};
use super::export::{self, Chat, ExportError, Exported, Line};
use super::head::DayOrder;
use super::pattern::{Captures, codes_in};
use super::script::{self, STORY_BYTES_MAX};
use crate::domain::code::ApprovalCode;
use crate::domain::message::OtherKind;
use crate::domain::office::OfficeId;
use crate::grammar::{self, Format, Request};
use crate::roster::Roster;

/// Letters of a name that are shown to those who must tell senders apart.
const HINT_CHARS: usize = 2;

/// Why a chat cannot become a story. What stands in the chat is personal and not shown in full.
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
    /// The order of day and month, where only the phone's way of writing told it.
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
    let disguise = learnt(Disguise::new(text, first.at.date(), &own), &formats, &chat, office_name.as_deref());
    let mut scribe = Scribe { story: String::new(), disguise, captures: Captures::new(), now: first.at, last: None };
    let _ = writeln!(
        scribe.story,
        "# why: imported from a chat of {} with {office}; say here why it is kept.\noffice {office}\nclock {}\n",
        first.at.date(),
        moment(first.at),
    );
    for line in &chat.lines {
        if Some(&line.who) == office_name.as_ref() { scribe.answer(line) } else { scribe.say(line) }
    }
    if scribe.story.len() > STORY_BYTES_MAX {
        return Err(ImportError::TooLong);
    }
    let line_of = |errors: Vec<script::ScriptError>| errors.first().map_or(1, |error| error.line);
    script::read(&scribe.story).map_err(|errors| ImportError::Story(line_of(errors)))?;
    let leftovers = scribe.disguise.leftovers(&scribe.story);
    Ok(Imported { story: scribe.story, leftovers, by_writing: chat.by_writing })
}

/// The disguise of everybody in a chat: senders in the order in which they write, then whoever is written about. The office's
/// answers are learnt from as well: they echo forms.
fn learnt(mut disguise: Disguise, formats: &[&Format], chat: &Chat, office: Option<&str>) -> Disguise {
    for line in chat.lines.iter().filter(|line| Some(line.who.as_str()) != office) {
        disguise.name(&line.who);
    }
    for name in &chat.quoted {
        disguise.name(name);
    }
    if let Some(name) = office {
        disguise.learn_clerk(name);
    }
    for line in &chat.lines {
        if let Some(said) = said(line) {
            let citizen = Some(line.who.as_str()) != office;
            disguise.learn(&grammar::read(formats, said, line.at.date()), said, citizen);
        }
    }
    disguise.settled()
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
    last: Option<String>,
}

impl Scribe {
    fn say(&mut self, line: &Line) {
        if line.at > self.now {
            self.now = line.at;
            let _ = writeln!(self.story, "\nwait until {}", moment(line.at));
        }
        let who = self.disguise.name(&line.who);
        let said = match &line.what {
            Exported::Text(text) => spoken(self.sent(text)),
            Exported::Image(None) => "[image]".to_owned(),
            Exported::Image(Some(caption)) => format!("[image] {}", self.sent(caption)),
            Exported::Other(kind) => format!("[{}]", word(*kind)),
        };
        let _ = writeln!(self.story, "{who} > {}", said.replace('\n', "\n  "));
        self.last = Some(who);
    }

    /// What a citizen sent, with the codes that the office gave them.
    fn sent(&self, text: &str) -> String {
        let mut fixed: Vec<Fixed> = Vec::new();
        for (name, code) in &self.captures {
            let bare = code.replace('-', "");
            let (front, back) = bare.split_at_checked(bare.len() / 2).unwrap_or((&bare, ""));
            let spellings = [
                (code.clone(), format!("{{{name}}}")),
                (format!("{front} {back}"), format!("{{{name}|spaced}}")),
                (bare.to_lowercase(), format!("{{{name}|lower}}")),
            ];
            for (spelled, with) in spellings {
                for (at, _) in text.match_indices(&spelled) {
                    let range = at..at + spelled.len();
                    let taken = fixed.iter().any(|(old, _)| old.start < range.end && range.start < old.end);
                    if !taken && is_alone(text, &range) {
                        fixed.push((range, with.clone()));
                    }
                }
            }
            let trimmed = code.trim_start_matches('0');
            if text.trim() == trimmed && trimmed != code && ApprovalCode::read(trimmed).is_some() {
                return format!("{{{name}|trimmed}}");
            }
        }
        self.disguise.sent(text, fixed)
    }

    /// An answer of the office; pictures above it are drawn anew, so only its text counts.
    fn answer(&mut self, line: &Line) {
        let (qr, text) = match &line.what {
            Exported::Text(text) => (false, text.as_str()),
            Exported::Image(caption) => (true, caption.as_deref().unwrap_or("...")),
            Exported::Other(_) => return,
        };
        let written = self.expected(text);
        // `nothing` alone is the story's word for no answer.
        let written = if written == "nothing" { "{*}" } else { &written };
        let pattern = super::pattern::Pattern::read(written);
        let reply = super::story::Reply { qr, pattern };
        if self.last.is_some() {
            let _ = writeln!(self.story, "{}", statement(None, Some(&reply)));
        }
    }

    /// An answer as the story expects it: codes become captures, what is somebody's is masked.
    fn expected(&mut self, text: &str) -> String {
        let mut fixed: Vec<Fixed> = Vec::new();
        for (at, code) in codes_in(text) {
            let range = at..at + code.len();
            if !self.disguise.is_inside_a_number(text, &range) {
                fixed.push((range, format!("{{{}}}", self.capture(code))));
            }
        }
        self.disguise.answered(text, fixed)
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

/// Whether no letter or digit stands directly beside `range`.
fn is_alone(text: &str, range: &std::ops::Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|front| front.chars().next_back());
    let after = text.get(range.end..).and_then(|rest| rest.chars().next());
    ![before, after].into_iter().flatten().any(char::is_alphanumeric)
}

/// A text that no reader of stories takes for a picture or a voice message: `[image]` typed by hand.
fn spoken(text: String) -> String {
    match text.strip_prefix('[').and_then(|open| open.split_once(']')) {
        Some((inside, after)) if inside.chars().all(|c| c.is_ascii_lowercase()) => format!("({inside}){after}"),
        _ => text,
    }
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
