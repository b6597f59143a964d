//! `antrean talk show`: the conversation of a ticket, with times, and what each message is read as by the office's formats.

use std::io::Write;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::list::{TicketOutput, standing, state};
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value::local;
use crate::domain::message::Content;
use crate::domain::office::{Office, Zone};
use crate::grammar::{self, Format, Reading, Request};
use crate::roster::{self, Roster};
use crate::storage::{Storage, StoredTicket, TalkLine};

/// A ticket with its conversation, as programs read it.
#[derive(Debug, Serialize)]
struct TalkOutput<'a> {
    #[serde(flatten)]
    ticket: TicketOutput<'a>,
    lines: Vec<LineOutput>,
}

/// Something that was said.
#[derive(Debug, Serialize)]
struct LineOutput {
    at: DateTime<Utc>,
    /// `citizen` or `office`.
    from: &'static str,
    text: String,
    /// What a message is read as.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_as: Option<String>,
    /// Whether a message was left to the officer without a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    unanswered: Option<bool>,
    /// How far a reply has come: `waiting`, `claimed`, `sent`, `held`, `dead` or `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Prints the conversation.
///
/// # Errors
/// [`CommandError`] when storage failed, the formats cannot be read, or nothing can be written.
pub(super) async fn run(
    stored: &StoredTicket,
    json: bool,
    installation: &Installation,
    storage: &Storage,
) -> Result<ExitCode, CommandError> {
    let now = installation.clock()?.now();
    let roster = Roster::load(&installation.read()?.offices).map_err(crate::config::ConfigError::Problems)?;
    let offices = storage.offices().await?;
    let kept = offices.iter().find(|kept| kept.id == stored.office);
    let office = kept.and_then(|kept| roster::read(&kept.file).ok());
    let lines: Vec<LineOutput> =
        storage.talk(stored).await?.into_iter().map(|line| output(line, &roster, office.as_ref())).collect();
    let mut out = std::io::stdout().lock();
    if json {
        let ticket = TicketOutput::of(stored, stored.of.1.as_str().to_owned(), now);
        serde_json::to_writer_pretty(&mut out, &TalkOutput { ticket, lines }).map_err(std::io::Error::from)?;
        writeln!(out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let zone = office.map_or(Zone::Wib, |office| office.zone);
    let ticket = &stored.ticket;
    writeln!(
        out,
        "ticket {}  {}  {}  {}  {}  opened {}, {}",
        ticket.id,
        state(stored, now),
        stored.office,
        stored.of.0.as_str(),
        stored.of.1.as_str(),
        local(ticket.opened_at, zone),
        standing(stored, now)
    )?;
    for line in &lines {
        writeln!(out, "\n{}  {}{}", local(line.at, zone), line.from, remark(line))?;
        for text in line.text.lines() {
            writeln!(out, "    {}", harmless(text))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// What stands behind the name of whoever wrote.
fn remark(line: &LineOutput) -> String {
    let read_as = line.read_as.as_deref().map_or_else(String::new, |read_as| format!("  ({read_as})"));
    let unanswered = if line.unanswered == Some(true) { "  left to the officer" } else { "" };
    let state = line.state.as_deref().filter(|state| *state != "sent");
    let state = state.map_or_else(String::new, |state| format!("  {state}"));
    let error = line.error.as_deref().filter(|_| !state.is_empty());
    let error = error.map_or_else(String::new, |error| format!(": {error}"));
    format!("{read_as}{unanswered}{state}{error}")
}

/// A line of which nothing steers the terminal.
fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn output(line: TalkLine, roster: &Roster, office: Option<&Office>) -> LineOutput {
    match line {
        TalkLine::Citizen { at, content, unanswered, .. } => {
            let formats = office.map(|office| roster.formats_of(office)).unwrap_or_default();
            let read_as = written(&content).zip(office).map(|(text, office)| read_as(&formats, text, office, at));
            LineOutput {
                at,
                from: "citizen",
                text: shown(&content),
                read_as,
                unanswered: Some(unanswered),
                state: None,
                error: None,
            }
        }
        TalkLine::Office { at, text, state, error, .. } => {
            LineOutput { at, from: "office", text, read_as: None, unanswered: None, state: Some(state), error }
        }
    }
}

/// What was written in a message.
fn written(content: &Content) -> Option<&str> {
    match content {
        Content::Text(text) | Content::Edited(text) => Some(text),
        Content::Picture { caption, .. } => caption.as_deref(),
        Content::Other(_) => None,
    }
}

/// A message as it is shown, with its kind in brackets where it is more than text.
fn shown(content: &Content) -> String {
    match content {
        Content::Text(text) => text.clone(),
        Content::Edited(text) => format!("[edited] {text}"),
        Content::Picture { caption, .. } => format!("[image] {}", caption.as_deref().unwrap_or_default()),
        Content::Other(kind) => {
            let kind = serde_json::to_value(kind).ok();
            format!("[{}]", kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or("unsupported"))
        }
    }
}

/// What a text is read as, by the formats that the office has now.
fn read_as(formats: &[&Format], text: &str, office: &Office, at: DateTime<Utc>) -> String {
    let Reading { request, topics } = grammar::reading(formats, text, office.date_at(at));
    let kind = match request {
        Request::Form(_) => "form".to_owned(),
        Request::Ask(_) => "form with an unclear date".to_owned(),
        Request::Misread(misread) => format!("form with a mistake: {}", misread.kind.name()),
        Request::Command(command) => format!("#{}", command.name.name()),
        Request::ChangeDay(_) => "#ganti".to_owned(),
        Request::Wait(_) => "#tunggu".to_owned(),
        Request::Digits(_) => "code or number".to_owned(),
        Request::Placeholder => "the office's line itself".to_owned(),
        Request::Automatic => "automatic".to_owned(),
        Request::Day(_)
        | Request::AboutCancelling
        | Request::Question
        | Request::Greeting
        | Request::Thanks
        | Request::Unreadable => "talk".to_owned(),
    };
    if topics.is_empty() { kind } else { format!("{kind} about {}", topics.names().join(", ")) }
}
