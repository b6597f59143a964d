//! `antrean format example TEXT --office ID`: a misread message becomes an example of the office's format, with everybody in it masked.

use std::io::{self, Read};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use clap::Args;
use serde::Serialize;

use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::{CommandError, block_on};
use crate::cli::shared::in_force::office_in_force;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::refused::refused;
use crate::cli::shared::value;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::message::MESSAGE_BYTES_MAX;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::grammar::Format;
use crate::replay::{FormatCase, format_case};
use crate::roster::Roster;
use crate::storage::Storage;
use crate::versions::{Edit, PublishError, Versions, format_text, put_format, with_example};

/// Exit code where nothing can be kept, or nothing was.
const NOTHING: u8 = 1;

/// Arguments of `antrean format example`.
#[derive(Debug, Args)]
pub struct ExampleArgs {
    /// The message as its citizen wrote it; `-` reads it from standard input, so that no shell remembers it
    #[arg(value_name = "TEXT", default_value = "-", allow_hyphen_values = true)]
    text: String,
    /// The office, by its id
    #[arg(long, value_name = "ID", value_parser = OfficeId::read)]
    office: OfficeId,
    /// When the message was sent: 2026-08-03, "2026-08-03 14:30" (WIB) or RFC 3339; now, if not given
    #[arg(long, value_name = "TIME", value_parser = value::sent)]
    sent: Option<DateTime<FixedOffset>>,
    /// Keep the example: publish a new version of the office's format with it. Look at what is printed without this first
    #[arg(long)]
    keep: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    installation: Installation,
}

/// What became of it; it is printed as JSON. The message itself is not repeated.
#[derive(Debug, Serialize)]
struct Done<'a> {
    office: &'a str,
    /// The message with everybody in it masked.
    text: &'a str,
    /// What still looks personal, by its shape.
    left: &'a [String],
    format: Option<&'a str>,
    /// What is added to the file of the format.
    part: Option<&'a str>,
    /// The version that has it, where it was kept.
    version: Option<u32>,
}

/// Runs the command: exit code 0 where there is an example, 1 where the message is of no use as one or must not be kept, 2 on wrong use.
pub(super) fn run(args: &ExampleArgs) -> ExitCode {
    block_on(example(args))
}

async fn example(args: &ExampleArgs) -> Result<ExitCode, CommandError> {
    let text = text(&args.text)?;
    let storage = args.installation.storage().await?;
    let (office, roster) = office_in_force(&args.installation, &storage, &args.office).await?;
    let formats = roster.formats_of(&office);
    let case = format_case(&formats, &office, &text, sent_on(args, &office)?);
    let format = case.example.as_ref().and_then(|(id, _)| formats.iter().find(|format| format.id() == id));
    let version = match (&case.example, format) {
        (Some((id, part)), Some(format)) if args.keep => Some(keep(args, &storage, (id, part), format).await?),
        _ => None,
    };
    show(args, &case, version)?;
    Ok(ExitCode::from(if case.example.is_some() { 0 } else { NOTHING }))
}

fn text(written: &str) -> Result<String, CommandError> {
    let mut text = written.to_owned();
    if written == "-" {
        text.clear();
        io::stdin().lock().read_to_string(&mut text)?;
    }
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() || text.len() > MESSAGE_BYTES_MAX {
        return Err(CommandError::Usage(format!("the message is empty, or longer than {MESSAGE_BYTES_MAX} bytes")));
    }
    Ok(text)
}

fn sent_on(args: &ExampleArgs, office: &Office) -> Result<NaiveDate, CommandError> {
    let now = args.installation.clock()?.now();
    Ok(office.date_at(args.sent.map_or(now, |sent| sent.with_timezone(&Utc))))
}

/// Publishes a version with the example; its number.
async fn keep(
    args: &ExampleArgs,
    storage: &Storage,
    (id, part): (&FormatId, &str),
    format: &Format,
) -> Result<u32, CommandError> {
    let operator = args.acting.operator();
    if operator.why().is_empty() {
        return Err(CommandError::Usage("say why: --why \"31 June is written often\"".to_owned()));
    }
    let shared = Roster::load(&args.installation.read()?.offices).map_err(crate::app::BuildError::from)?;
    let versions = Versions::new(storage.clone(), Arc::new(shared), args.installation.clock()?.now());
    let said = |error: PublishError| refused(&args.office, error);
    let current = versions.current(&args.office).await?.ok_or_else(|| said(PublishError::Unknown))?;
    let (parent, mut files) = (current.version, current.files);
    let text = with_example(format_text(&files, format), part)
        .ok_or_else(|| CommandError::Other(format!("nothing was changed: `{id}` has the same example already")))?;
    put_format(&mut files, id, text);
    versions.preview(&args.office, &files).await.map_err(said)?;
    let event = AuditEvent::of(Act::PublishFormat).at(&args.office).about(Subject::format(id.as_str()));
    let changed = Scope::Words(format!("version {}", parent.saturating_add(1)));
    args.acting.record(storage, event.reaching(changed)).await?;
    let edit = Edit { office: &args.office, parent, files, why: operator.why(), actor: operator.name() };
    Ok(versions.publish(edit).await.map_err(said)?.version)
}

fn show(args: &ExampleArgs, case: &FormatCase, version: Option<u32>) -> io::Result<()> {
    let FormatCase { text, left, example } = case;
    let (format, part) = example.as_ref().map(|(id, part)| (id.as_str(), part.as_str())).unzip();
    if args.json {
        let done = Done { office: args.office.as_str(), text, left, format, part, version };
        println!("{}", serde_json::to_string_pretty(&done)?);
        return Ok(());
    }
    match (format.zip(part), version) {
        (Some((format, part)), None) => {
            println!("# for the file of `{format}`\n{part}");
            eprintln!("nothing was changed; compare it with the message, then add --keep and --why to publish it");
        }
        (Some((format, part)), Some(version)) => {
            println!("# for the file of `{format}`\n{part}");
            println!("{}: version {version} is in force, with this example", args.office);
        }
        (None, _) if left.is_empty() => {
            println!("{text}");
            eprintln!(
                "antrean: of no use as an example: the message is not misread, or no more in the same way once it is masked"
            );
        }
        (None, _) => {
            eprintln!("antrean: this cannot become an example: something still looks personal: {}", left.join("; "));
            eprintln!("antrean: write one by hand, with an invented name and date of the same shape");
        }
    }
    Ok(())
}
