//! `antrean office versions|show|diff|rollback`: the versions of an office, what they changed, and how one comes back.

use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use serde::Serialize;

use crate::app;
use crate::cli::shared::acting::Acting;
use crate::cli::shared::error::CommandError;
use crate::cli::shared::installation::Installation;
use crate::cli::shared::refused::refused;
use crate::cli::shared::value::counted;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::office::OfficeId;
use crate::domain::office_files::{OfficeFiles, TextFile};
use crate::roster::Roster;
use crate::storage::{Origin, Storage, StoredVersion, VersionHead};
use crate::versions::{Change, Versions, difference, sentence};

/// Arguments of `antrean office versions`.
#[derive(Debug, Args)]
pub struct VersionsArgs {
    /// The office, by id
    #[arg(value_name = "ID", value_parser = OfficeId::read)]
    id: OfficeId,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `antrean office show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The office, by id
    #[arg(value_name = "ID", value_parser = OfficeId::read)]
    id: OfficeId,
    /// The version [default: the one in force]
    #[arg(value_name = "VERSION")]
    version: Option<u32>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `antrean office diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The office, by id
    #[arg(value_name = "ID", value_parser = OfficeId::read)]
    id: OfficeId,
    /// The version to start from
    #[arg(value_name = "FROM")]
    from: u32,
    /// The version to compare with it [default: the one in force]
    #[arg(value_name = "TO")]
    to: Option<u32>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Arguments of `antrean office rollback`.
#[derive(Debug, Args)]
pub struct RollbackArgs {
    /// The office, by id
    #[arg(value_name = "ID", value_parser = OfficeId::read)]
    id: OfficeId,
    /// The version whose content comes back, as a new version
    #[arg(value_name = "VERSION")]
    version: u32,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// A version as JSON has it.
#[derive(Debug, Serialize)]
struct Head<'a> {
    version: u32,
    at: String,
    by: &'a str,
    why: &'a str,
    origin: &'static str,
    came_from: Option<u32>,
    hash: &'a str,
}

impl<'a> Head<'a> {
    fn of(head: &'a VersionHead) -> Self {
        Self {
            version: head.version,
            at: head.at.to_rfc3339(),
            by: &head.actor,
            why: &head.why,
            origin: head.origin.name(),
            came_from: head.came_from,
            hash: &head.hash,
        }
    }
}

/// Lists the versions, the latest first.
pub(super) async fn list(storage: &Storage, args: &VersionsArgs) -> Result<ExitCode, CommandError> {
    let heads = storage.version_heads(Some(&args.id)).await?;
    if heads.is_empty() {
        return Err(unknown(&args.id));
    }
    if args.json {
        let heads: Vec<Head<'_>> = heads.iter().map(Head::of).collect();
        return print_json(&serde_json::json!({ "office": args.id.as_str(), "versions": heads }));
    }
    for head in &heads {
        println!("{}", line(head));
    }
    println!("{}", counted(heads.len(), "version", "versions"));
    Ok(ExitCode::SUCCESS)
}

/// Prints a version with its files.
pub(super) async fn show(storage: &Storage, args: &ShowArgs) -> Result<ExitCode, CommandError> {
    let version = version(storage, &args.id, args.version).await?;
    if args.json {
        let (head, files) = (Head::of(&version.head), &version.files);
        return print_json(&serde_json::json!({ "office": args.id.as_str(), "version": head, "files": files }));
    }
    println!("# {}", line(&version.head));
    for TextFile { name, text } in version.files.all() {
        println!("\n# --- {name}\n{}", text.trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what differs between two versions, key by key.
pub(super) async fn diff(storage: &Storage, args: &DiffArgs) -> Result<ExitCode, CommandError> {
    let from = version(storage, &args.id, Some(args.from)).await?;
    let to = version(storage, &args.id, args.to).await?;
    let changes = difference(content(&from), content(&to));
    if args.json {
        let (from, to) = (from.head.version, to.head.version);
        return print_json(
            &serde_json::json!({ "office": args.id.as_str(), "from": from, "to": to, "changes": changes }),
        );
    }
    print_changes(&changes);
    Ok(ExitCode::SUCCESS)
}

/// Brings a version back.
pub(super) async fn roll_back(
    (installation, acting): (&Installation, &Acting),
    storage: &Storage,
    args: &RollbackArgs,
) -> Result<ExitCode, CommandError> {
    let operator = acting.operator();
    if operator.why().is_empty() {
        return Err(CommandError::Usage("say why: --why \"the old poster is still in use\"".to_owned()));
    }
    let roster = Roster::load(&installation.read()?.offices).map_err(app::BuildError::from)?;
    let versions = Versions::new(storage.clone(), Arc::new(roster), installation.clock()?.now());
    let current = versions.current(&args.id).await?.ok_or_else(|| unknown(&args.id))?;
    let event = AuditEvent::of(Act::RollBack).at(&args.id).about(Subject::office(&args.id));
    acting.record(storage, event.reaching(Scope::Words(format!("version {}", args.version)))).await?;
    let done = versions.roll_back(&args.id, (current.version, args.version), (operator.why(), operator.name())).await;
    let published = done.map_err(|error| refused(&args.id, error))?;
    if args.json {
        let (version, changes) = (published.version, &published.changes);
        return print_json(&serde_json::json!({ "office": args.id.as_str(), "version": version, "changes": changes }));
    }
    println!("{}: version {} is in force, with the content of {}", args.id, published.version, args.version);
    print_changes(&published.changes);
    Ok(ExitCode::SUCCESS)
}

/// One version of an office, the one in force where none is named.
pub(super) async fn version(
    storage: &Storage,
    id: &OfficeId,
    number: Option<u32>,
) -> Result<StoredVersion, CommandError> {
    let latest = storage.version_heads(Some(id)).await?.first().map(|head| head.version);
    let latest = latest.ok_or_else(|| unknown(id))?;
    let number = number.unwrap_or(latest);
    storage.office_version(id, number).await?.ok_or_else(|| {
        CommandError::Other(format!(
            "the office `{id}` has no version {number}; `antrean office versions {id}` lists those that it has"
        ))
    })
}

fn content(version: &StoredVersion) -> (&str, &OfficeFiles) {
    (&version.file, &version.files)
}

fn unknown(id: &OfficeId) -> CommandError {
    CommandError::Other(format!("no office `{id}` is in force; `antrean office list` shows those that are"))
}

fn line(head: &VersionHead) -> String {
    let from = match (head.origin, head.came_from) {
        (Origin::File, _) => "from a file".to_owned(),
        (Origin::Page, _) => "changed here".to_owned(),
        (Origin::RollBack, None) => "brought back".to_owned(),
        (Origin::RollBack, Some(from)) => format!("brings back {from}"),
    };
    let by = if head.actor.is_empty() { "-" } else { &head.actor };
    let why = if head.why.is_empty() { String::new() } else { format!("  {}", head.why) };
    format!("version {:<4} {}  {by}  {from}{why}", head.version, head.at.format("%Y-%m-%d %H:%M UTC"))
}

fn print_changes(changes: &[Change]) {
    for change in changes {
        println!("  {}", sentence(change));
    }
    println!("{}", counted(changes.len(), "change", "changes"));
}

fn print_json(value: &serde_json::Value) -> Result<ExitCode, CommandError> {
    println!("{}", serde_json::to_string_pretty(value).map_err(std::io::Error::from)?);
    Ok(ExitCode::SUCCESS)
}
