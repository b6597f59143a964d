//! `antrean parse`: reads messages as an office would and prints what came of them, one JSON object each.
//!
//! On a terminal, and without `--json`, one message is drawn with the broken piece underlined.

mod output;
pub(super) mod print;
mod reader;

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};

use self::reader::Reader;
use super::shared::value;
use crate::clock::{Clock, SystemClock};
use crate::domain::office::{Office, OfficeId};
use crate::replay::Runner;
use crate::roster::Roster;

/// Exit code of an office, a file or an input that cannot be used.
const MISUSED: u8 = 2;

/// Reads messages as an office would.
///
/// Prints one JSON object for each. A form has `format`, `fields` and `notes`; a form with an unclear date `ask`; a command or a code
/// `command`; what cannot be read `error`. A question has `topics`, the names of what it asks about in the order of the message:
/// `{"ok":false,"topics":["hours","fee"]}`. Where a question stands beside something else, that object has `topics` too.
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
    /// Print what the citizen would be answered by an office with all seats free, instead of what was read.
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
        let runner = Runner::prepare(roster.clone(), None).await.map_err(|error| error.to_string())?;
        Box::pin(runner.replies(&office.id, text, sent)).await.map_err(|error| error.to_string())
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

#[cfg(test)]
mod tests;
