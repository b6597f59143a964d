//! `antrean format from-examples`: the line of a poster that reads some messages. Nothing of them is kept.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset};
use clap::Args;
use serde_json::json;

use super::input::{self, MISUSED};
use super::printed::cut;
use crate::cli::shared::value;
use crate::clock::{Clock, SystemClock};
use crate::domain::office::{FormatId, Zone};
use crate::grammar::{Doubt, NoProposal, Proposal, propose};

/// Exit code where no line reads all of them.
const NOTHING: u8 = 1;

/// Arguments of `antrean format from-examples`.
#[derive(Debug, Args)]
pub struct FromExamplesArgs {
    /// A text file with one message on each line, three to five of them; standard input where none is named
    #[arg(value_name = "FILE", default_value = "-")]
    messages: PathBuf,
    /// The messages have several lines each, with an empty line between them
    #[arg(long)]
    paragraphs: bool,
    /// The id of the format in the file that is printed
    #[arg(long, value_name = "ID", default_value = "poster", value_parser = FormatId::read)]
    id: FormatId,
    /// When the messages were sent: 2026-08-03, "2026-08-03 14:30" (WIB) or RFC 3339; now, if not given
    #[arg(long, value_name = "TIME", value_parser = value::sent)]
    sent: Option<DateTime<FixedOffset>>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command: exit code 0 with a line, 1 where there is none, 2 where the messages cannot be read.
pub(super) fn run(args: &FromExamplesArgs) -> ExitCode {
    let today = args.sent.map_or_else(|| Zone::Wib.local(SystemClock.now()).date(), |sent| sent.date_naive());
    let done = input::messages(&args.messages, args.paragraphs).and_then(|messages| {
        let texts: Vec<&str> = messages.iter().map(String::as_str).collect();
        let proposal = propose(&texts, today, &args.id);
        let mut out = io::stdout().lock();
        match &proposal {
            Ok(proposal) if args.json => writeln!(out, "{}", as_json(proposal))?,
            Err(reason) if args.json => writeln!(out, "{}", json!({ "ok": false, "reason": reason }))?,
            Ok(proposal) => print(proposal, &mut out)?,
            Err(reason) => eprintln!("antrean: {}", why(*reason, &texts)),
        }
        Ok(ExitCode::from(if proposal.is_ok() { 0 } else { NOTHING }))
    });
    done.unwrap_or_else(|error| {
        eprintln!("antrean: {}: {error}", args.messages.display());
        ExitCode::from(MISUSED)
    })
}

fn as_json(proposal: &Proposal) -> serde_json::Value {
    let Proposal { line, file, doubts, .. } = proposal;
    json!({ "ok": true, "pattern": line, "file": file, "doubts": doubts })
}

fn print(proposal: &Proposal, out: &mut impl Write) -> io::Result<()> {
    for doubt in &proposal.doubts {
        writeln!(out, "# {}", in_words(proposal, doubt))?;
    }
    write!(out, "{}", proposal.file)
}

fn in_words(proposal: &Proposal, doubt: &Doubt) -> String {
    match doubt {
        Doubt::Few { messages } => format!("unsure: only {messages} messages; three say more"),
        Doubt::Either { taken, instead } => {
            format!("unsure: {} may be {} as well", proposal.format.called(*taken), instead.name())
        }
        Doubt::Name { taken } => format!("unsure: `{taken}` is an invented name; write what the poster prints"),
        Doubt::Services { known } => format!("unsure: only these services are known: {}", known.join(", ")),
        Doubt::LeftOut { taken, messages } => {
            format!("unsure: `{taken}` is missing in {messages} of the messages, so it may be left out")
        }
        Doubt::HoldsSeparator { taken } => format!("unsure: `{taken}` holds the separator"),
        Doubt::Past => "the days of visit are over: the messages were read as sent the day before".to_owned(),
    }
}

fn why(reason: NoProposal, messages: &[&str]) -> String {
    let quoted = |message: usize| cut(messages.get(message.saturating_sub(1)).copied().unwrap_or_default());
    match reason {
        NoProposal::Empty => "there is no message".to_owned(),
        NoProposal::TooMany { messages } => format!("{messages} messages are too many; 20 will do"),
        NoProposal::TooLong { message } => format!("message {message} is longer than a form"),
        NoProposal::NoMark { message } => {
            format!("no common separator, such as #, stands in message {message}: {}", quoted(message))
        }
        NoProposal::TooManyPieces { message } => format!("message {message} has too many pieces: {}", quoted(message)),
        NoProposal::NoName => "no piece is a name in every message".to_owned(),
        NoProposal::Unread { message } => {
            format!("no line reads all of them; message {message} is unlike the others: {}", quoted(message))
        }
    }
}
