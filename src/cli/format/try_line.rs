//! `antrean format try PATTERN|--format FILE`: rehearses a poster's line, or a file with its rules, on examples, a file of messages, or
//! what an office was sent.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, Utc};
use clap::Args;

use super::input::{self, MISUSED, NO_PATTERN};
use super::printed::Tried;
use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::{CommandError, block_on};
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value;
use crate::clock::{Clock, SystemClock};
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::office::{OfficeId, Zone};
use crate::grammar::{Format, Trial, TrialMessage};
use crate::roster;

/// Most past messages of an office that are tried, the latest: some weeks of a large one.
const PAST_MAX: u32 = 100_000;
/// How far ahead the filled example asks for a visit.
const AHEAD: Days = Days::new(7);

/// Arguments of `antrean format try`.
#[derive(Debug, Args)]
pub struct TryArgs {
    /// The line as it will be printed: `#Nama#TglLahir#Alamat`
    #[arg(allow_hyphen_values = true, required_unless_present = "format")]
    pattern: Option<String>,
    /// A format file in place of the line: its line with its rules
    #[arg(long, value_name = "FILE", conflicts_with = "pattern")]
    format: Option<PathBuf>,
    /// Messages to try: a text file with one on each line, or `-` for standard input; without it, the line's own filled
    /// example in the ways people write it
    #[arg(long, value_name = "FILE", conflicts_with = "office")]
    messages: Option<PathBuf>,
    /// The file's messages have several lines each, with an empty line between them
    #[arg(long, requires = "messages")]
    paragraphs: bool,
    /// Try what this office was sent, from an installation's database
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: Option<OfficeId>,
    /// When the file's messages were sent: 2026-08-03, "2026-08-03 14:30" (WIB) or RFC 3339; now, if not given
    #[arg(long, value_name = "TIME", value_parser = value::sent)]
    sent: Option<DateTime<FixedOffset>>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    installation: Installation,
}

/// Runs the command: exit code 0 when the line was tried, 1 where it cannot be used, 2 where the messages cannot be read.
pub(super) fn run(args: &TryArgs) -> ExitCode {
    let format = match format_of(args) {
        Ok(format) => format,
        Err(code) => return code,
    };
    let sent = args.sent.map_or_else(|| SystemClock.now(), |sent| sent.with_timezone(&Utc));
    let today = args.sent.map_or_else(|| Zone::Wib.local(sent).date(), |sent| sent.date_naive());
    if let Some(office) = &args.office {
        return block_on(async { Ok(report(&format, today, &past(args, office).await?, args.json)?) });
    }
    let messages = match &args.messages {
        Some(file) => written(file, args.paragraphs, today),
        None => Ok(format.ways(today)),
    };
    let done = messages.and_then(|messages| report(&format, today, &messages, args.json));
    done.unwrap_or_else(|error| {
        let name = args.messages.as_deref().map_or_else(String::new, |file| format!("{}: ", file.display()));
        eprintln!("antrean: {name}{error}");
        ExitCode::from(MISUSED)
    })
}

/// The format of the line or the file; what is wrong with it is drawn.
fn format_of(args: &TryArgs) -> Result<Format, ExitCode> {
    if let Some(file) = &args.format {
        return input::format_of(&file.display().to_string(), input::text_of(file)?);
    }
    let line = args.pattern.clone().unwrap_or_default();
    Format::of_line(&line).map_err(|error| {
        input::draw("PATTERN", line, vec![error]);
        ExitCode::from(NO_PATTERN)
    })
}

/// The texts that an office was sent, each on its own day.
async fn past(args: &TryArgs, office: &OfficeId) -> Result<Vec<TrialMessage>, CommandError> {
    let storage = args.installation.storage().await?;
    let offices = storage.offices().await?;
    let Some(stored) = offices.iter().find(|stored| stored.id == *office) else {
        let known: Vec<&str> = offices.iter().map(|stored| stored.id.as_str()).collect();
        return Err(CommandError::Other(format!(
            "this installation has no office `{office}`: it has {}",
            known.join(", ")
        )));
    };
    let office = roster::read(&stored.file).map_err(|problems| CommandError::Other(problems.to_string()))?;
    let event = AuditEvent::of(Act::Rehearse).at(&office.id).about(Subject::office(&office.id));
    args.acting.record(&storage, event).await?;
    let texts = storage.served_texts(&office.id, PAST_MAX).await?;
    Ok(texts.into_iter().map(|(sent, text)| TrialMessage { text, sent_on: office.date_at(sent) }).collect())
}

/// The messages of a file.
fn written(file: &Path, paragraphs: bool, sent_on: NaiveDate) -> io::Result<Vec<TrialMessage>> {
    let messages = input::messages(file, paragraphs)?;
    Ok(messages.into_iter().map(|text| TrialMessage { text, sent_on }).collect())
}

/// Reads the messages and prints what came of them.
fn report(format: &Format, today: NaiveDate, messages: &[TrialMessage], json: bool) -> io::Result<ExitCode> {
    let visit = today.checked_add_days(AHEAD).unwrap_or(today);
    let rehearsal = Trial { draft: format, in_force: &[] }.run(messages);
    let tried = Tried::of(format, format.example(visit), &rehearsal, messages);
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, &tried)?;
        writeln!(out)?;
    } else {
        tried.print(&mut out)?;
    }
    Ok(ExitCode::SUCCESS)
}
