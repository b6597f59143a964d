//! `antrean format rehearse PATTERN|--format FILE --office ID`: a draft of an office's format against the one in force in the database, as
//! the console's page does.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, FixedOffset, Utc};
use clap::Args;

use super::input::{self, MISUSED};
use super::printed::{Compared, cut};
use crate::access::{PAST_MESSAGES_MAX, masked};
use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::{CommandError, block_on};
use crate::cli::shared::in_force::office_in_force;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::value;
use crate::domain::audit::{Act, AuditEvent, Subject};
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::grammar::{Format, Rehearsal, Trial, TrialMessage, check};
use crate::roster::EditedFile;
use crate::storage::Storage;

/// Exit code where something that was read is not any more, or is ambiguous.
const WORSE: u8 = 1;

/// Arguments of `antrean format rehearse`.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command")]
pub struct RehearseArgs {
    /// The line as it will be printed: `#Nama#TglLahir#Email`; rules and sentences stay those of the version in force
    #[arg(allow_hyphen_values = true, required_unless_present = "format")]
    pattern: Option<String>,
    /// A format file in place of the line: its line with its rules
    #[arg(long, value_name = "FILE", conflicts_with = "pattern")]
    format: Option<PathBuf>,
    /// The office, by its id
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: OfficeId,
    /// The format that the draft would replace; the one with its id, or else the office's ordinary one
    #[arg(long, value_name = "FORMAT", value_parser = FormatId::read)]
    of: Option<FormatId>,
    /// Messages to try: a text file with one on each line, or `-` for standard input; without it, the examples of the file
    #[arg(long, value_name = "FILE", conflicts_with = "past")]
    messages: Option<PathBuf>,
    /// The file's messages have several lines each, with an empty line between them
    #[arg(long, requires = "messages")]
    paragraphs: bool,
    /// Try the latest 1,000 messages that the office was sent, from the installation's database; their letters and digits are hidden
    #[arg(long)]
    past: bool,
    /// Show what the messages say
    #[arg(long, requires = "past")]
    reveal: bool,
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

/// Runs the command: exit code 0 where nothing gets worse, 1 where something does or the draft cannot be used, 2 on wrong use.
pub(super) fn run(args: &RehearseArgs) -> ExitCode {
    block_on(rehearse(args))
}

async fn rehearse(args: &RehearseArgs) -> Result<ExitCode, CommandError> {
    let storage = args.installation.storage().await?;
    // What citizens are served by, which the configured files may be behind or ahead of.
    let (office, roster) = office_in_force(&args.installation, &storage, &args.office).await?;
    let in_force = roster.formats_of(&office);
    let draft = match draft(args, &in_force)? {
        Ok(draft) => draft,
        Err(code) => return Ok(code),
    };
    let messages = match messages(args, (&storage, &office), &draft).await? {
        Ok(messages) => messages,
        Err(code) => return Ok(code),
    };
    let result = Trial { draft: &draft, in_force: &in_force }.run(&messages);
    let hide = args.past && !args.reveal;
    let shown = |place: usize| {
        let text = cut(&messages.get(place)?.text);
        Some((place, if hide { masked(&text) } else { text }))
    };
    let texts: BTreeMap<usize, String> = result.named().filter_map(shown).collect();
    print(args, &draft, &result, texts)?;
    let is_worse = !result.lost.is_empty() || !result.clashes.is_empty();
    Ok(ExitCode::from(if is_worse { WORSE } else { 0 }))
}

fn print(args: &RehearseArgs, draft: &Format, result: &Rehearsal, texts: BTreeMap<usize, String>) -> io::Result<()> {
    let compared =
        Compared { office: args.office.as_str(), format: draft.id().as_str(), pattern: draft.line(), result, texts };
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &compared)?;
        return writeln!(out);
    }
    compared.print(&mut out)
}

/// The draft: the file, or the file in force with another line.
fn draft(args: &RehearseArgs, in_force: &[&Format]) -> Result<Result<Format, ExitCode>, CommandError> {
    let (name, text) = if let Some(file) = &args.format {
        match input::text_of(file) {
            Ok(text) => (file.display().to_string(), text),
            Err(code) => return Ok(Err(code)),
        }
    } else {
        let replaced = match &args.of {
            Some(id) => in_force.iter().find(|format| format.id() == id),
            None => in_force.first(),
        };
        let Some(replaced) = replaced else { return Err(unknown(args.of.as_ref(), in_force)) };
        let line = args.pattern.clone().unwrap_or_default();
        let changed = EditedFile::read(replaced.text()).and_then(|mut file| {
            file.set(&["pattern"], Some(&line.as_str().into()))?;
            Ok(file.text())
        });
        let text = changed.map_err(|error| {
            CommandError::Other(format!("the file of `{}` cannot be changed: {error}", replaced.id()))
        })?;
        (format!("{} with the new pattern", replaced.id()), text)
    };
    let draft = match input::format_of(&name, text.clone()) {
        Ok(draft) => draft,
        Err(code) => return Ok(Err(code)),
    };
    if let Some(id) = &args.of
        && draft.id() != id
    {
        return Err(CommandError::Usage(format!("the file is of the format `{}`, not of `{id}`", draft.id())));
    }
    let errors = check(&draft);
    if !errors.is_empty() {
        // Its own examples may be what the change is about: they are told, and the rehearsal goes on.
        input::draw(&name, text, errors);
    }
    Ok(Ok(draft))
}

fn unknown(id: Option<&FormatId>, in_force: &[&Format]) -> CommandError {
    let known: Vec<&str> = in_force.iter().map(|format| format.id().as_str()).collect();
    let id = id.map_or("", FormatId::as_str);
    CommandError::Usage(format!("the office has no format `{id}`: it has {}", known.join(", ")))
}

/// The messages to try.
async fn messages(
    args: &RehearseArgs,
    (storage, office): (&Storage, &Office),
    draft: &Format,
) -> Result<Result<Vec<TrialMessage>, ExitCode>, CommandError> {
    let now = args.installation.clock()?.now();
    let sent = args.sent.map_or(now, |sent| sent.with_timezone(&Utc));
    let today = office.date_at(sent);
    if args.past {
        let event = AuditEvent::of(Act::Rehearse).at(&office.id).about(Subject::format(draft.id().as_str()));
        args.acting.record(storage, event).await?;
        let texts = storage.served_texts(&office.id, PAST_MESSAGES_MAX).await?;
        let message = |(sent, text)| TrialMessage { text, sent_on: office.date_at(sent) };
        return Ok(Ok(texts.into_iter().map(message).collect()));
    }
    let Some(file) = &args.messages else {
        return Ok(Ok(draft.example_messages().into_iter().chain(draft.ways(today)).collect()));
    };
    match input::messages(file, args.paragraphs) {
        Ok(texts) => Ok(Ok(texts.into_iter().map(|text| TrialMessage { text, sent_on: today }).collect())),
        Err(error) => {
            eprintln!("antrean: {}: {error}", file.display());
            Ok(Err(ExitCode::from(MISUSED)))
        }
    }
}
