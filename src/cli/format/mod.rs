//! `antrean format try PATTERN|--format FILE`: rehearses a poster's line, or a file with its rules, on examples, a
//! file of messages, or what an office was sent. Nothing is booked and nothing is kept.

mod rehearsal;

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Days, FixedOffset, NaiveDate, Utc};
use clap::{Args, Subcommand};
use miette::{NamedSource, Report};

use super::shared::error::{CommandError, block_on};
use super::shared::installation::Installation;
use super::shared::value;
use crate::clock::{Clock, SystemClock};
use crate::domain::office::{OfficeId, Zone};
use crate::grammar::Format;
use crate::roster;
use crate::sheet::{Place, Problem};
use rehearsal::{Message, Rehearsal};

/// Exit code of a pattern that cannot be used.
const NO_PATTERN: u8 = 1;
/// Exit code of an input that cannot be used.
const MISUSED: u8 = 2;
/// Most past messages of an office that are tried, the latest: some weeks of a large one.
const PAST_MAX: u32 = 100_000;
/// How far ahead the filled example asks for a visit.
const AHEAD: Days = Days::new(7);

/// Arguments of `antrean format`.
#[derive(Debug, Args)]
pub struct FormatArgs {
    #[command(subcommand)]
    what: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Rehearse a poster's line: how many messages it reads, repairs, asks about and misreads, and where it fails most
    Try(TryArgs),
}

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
    installation: Installation,
}

/// Runs the command: exit code 0 when the line was tried, 1 where it cannot be used, 2 where the messages cannot be read.
pub fn run(args: &FormatArgs) -> ExitCode {
    let Action::Try(args) = &args.what;
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
        None => Ok(rehearsal::examples(&format, today)),
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
    let (name, text, read) = match &args.format {
        None => {
            let line = args.pattern.clone().unwrap_or_default();
            let read = Format::of_line(&line).map_err(|error| vec![error]);
            ("PATTERN".to_owned(), line, read)
        }
        Some(file) => {
            let text = fs::read_to_string(file).map_err(|error| {
                eprintln!("antrean: {}: {error}", file.display());
                ExitCode::from(MISUSED)
            })?;
            let read = Format::from_toml(&text);
            (file.display().to_string(), text, read)
        }
    };
    read.map_err(|errors| {
        let source = Arc::new(NamedSource::new(name, text));
        for error in errors {
            let place = Place { source: Arc::clone(&source), at: error.at };
            eprintln!("{:?}", Report::new(Problem::at(place, error.message, error.remedy)));
        }
        ExitCode::from(NO_PATTERN)
    })
}

/// The texts that an office was sent, each on its own day.
async fn past(args: &TryArgs, office: &OfficeId) -> Result<Vec<Message>, CommandError> {
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
    let texts = storage.past_texts(&office.id, PAST_MAX).await?;
    Ok(texts.into_iter().map(|(sent, text)| Message { text, sent_on: office.date_at(sent) }).collect())
}

/// The messages of a file; bytes that are no UTF-8 are read as replacement characters, as they would be from a provider.
fn written(file: &Path, paragraphs: bool, sent_on: NaiveDate) -> io::Result<Vec<Message>> {
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().lock().read_to_end(&mut bytes)?;
    } else {
        bytes = fs::read(file)?;
    }
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    let messages: Vec<&str> = if paragraphs { text.split("\n\n").collect() } else { text.lines().collect() };
    let messages = messages.into_iter().map(str::trim).filter(|text| !text.is_empty());
    Ok(messages.map(|text| Message { text: text.to_owned(), sent_on }).collect())
}

/// Reads the messages and prints what came of them.
fn report(format: &Format, today: NaiveDate, messages: &[Message], json: bool) -> io::Result<ExitCode> {
    let visit = today.checked_add_days(AHEAD).unwrap_or(today);
    let rehearsal = Rehearsal::of(format, &format.example(visit), messages);
    let mut out = io::stdout().lock();
    if json {
        serde_json::to_writer(&mut out, &rehearsal)?;
        writeln!(out)?;
    } else {
        rehearsal.print(&mut out)?;
    }
    Ok(ExitCode::SUCCESS)
}
