//! `antrean display`: the displays in the halls.

use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::shared::acting::Acting;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::{Installation, WithInstallation, zones};
use super::shared::office::office_known;
use super::shared::value::counted;
use crate::config::Config;
use crate::domain::office::OfficeId;
use crate::front_desk::{Actor, DisplayError, Displays};
use crate::storage::{Display, Storage};

/// Arguments of `antrean display`.
pub type DisplayArgs = WithInstallation<Action>;

/// What `antrean display` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Add a display to an office's hall, and print its address, which is told once
    Add {
        /// The office
        #[arg(value_parser = OfficeId::read)]
        office: OfficeId,
        /// Where it hangs
        #[arg(long, value_name = "TEXT", default_value = "Ruang tunggu")]
        name: String,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// List an office's displays: whether they are connected, and whether they can be heard
    List {
        /// The office
        #[arg(value_parser = OfficeId::read)]
        office: OfficeId,
        /// Print a JSON list
        #[arg(long)]
        json: bool,
    },
    /// Remove a display: its address shows nothing any more
    Remove {
        /// The office
        #[arg(value_parser = OfficeId::read)]
        office: OfficeId,
        /// Its number, as `list` shows it
        display: i64,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub fn run(args: &DisplayArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        let displays = Displays::new(storage.clone(), args.installation.clock()?);
        match &args.what {
            Action::Add { office, name, json } => {
                office_known(&storage, office).await?;
                add(&displays, (office, name), (&args.installation, &args.acting), *json).await
            }
            Action::List { office, json } => {
                office_known(&storage, office).await?;
                list(&storage, &displays, office, *json).await
            }
            Action::Remove { office, display, json } => {
                office_known(&storage, office).await?;
                if !displays.remove(office, *display, &actor(&args.acting)?).await? {
                    return Err(CommandError::Other(format!(
                        "{office} has no display {display}; see `antrean display list {office}`"
                    )));
                }
                if *json {
                    println!("{}", json!({ "removed": display }));
                } else {
                    println!("display {display} is removed; its address shows nothing any more");
                }
                Ok(ExitCode::SUCCESS)
            }
        }
    })
}

/// Who acts, as the record keeps it.
fn actor(acting: &Acting) -> Result<Actor, CommandError> {
    Actor::at_terminal(&acting.operator()).map_err(|error| CommandError::Usage(error.to_string()))
}

async fn add(
    displays: &Displays,
    (office, name): (&OfficeId, &str),
    (installation, acting): (&Installation, &Acting),
    as_json: bool,
) -> Result<ExitCode, CommandError> {
    let by = actor(acting)?;
    let (id, token) = match displays.add(office, name, &by).await {
        Ok(added) => added,
        Err(DisplayError::Storage(error)) => return Err(error.into()),
        Err(error) => return Err(CommandError::Other(error.to_string())),
    };
    let link = link(&installation.read()?, &token);
    if as_json {
        println!("{}", json!({ "display": id, "office": office.as_str(), "name": name.trim(), "address": link }));
    } else {
        println!("Display {id} of {office}, {}. Its address, told this once:", name.trim());
        println!("{link}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Where a display is opened: inside, beside the console.
fn link(config: &Config, token: &str) -> String {
    let address = config.console.as_ref().and_then(|console| console.address.clone());
    format!("{}/display/{token}", address.unwrap_or_else(|| format!("http://{}", config.listen)))
}

async fn list(
    storage: &Storage,
    displays: &Displays,
    office: &OfficeId,
    as_json: bool,
) -> Result<ExitCode, CommandError> {
    let all = displays.of_office(office).await?;
    let zone = zones(storage).await?.remove(office.as_str());
    if as_json {
        let row = |display: &Display| {
            json!({
                "display": display.id,
                "name": display.name,
                "connected": displays.is_connected(display),
                "seen_at": display.seen_at.map(|at| at.to_rfc3339()),
                "sound": display.sound.name(),
                "added_at": display.added_at.to_rfc3339(),
                "added_by": display.added_by,
            })
        };
        println!("{}", json!(all.iter().map(row).collect::<Vec<_>>()));
        return Ok(ExitCode::SUCCESS);
    }
    for display in &all {
        let time =
            |at| zone.map_or_else(String::new, |zone| zone.local(at).format(" since %Y-%m-%d %H:%M").to_string());
        let connection = match display.seen_at {
            None => "never opened".to_owned(),
            Some(_) if displays.is_connected(display) => "connected".to_owned(),
            Some(seen) => format!("not connected{}", time(seen)),
        };
        println!("{:>6}  {:<28} {connection}, sound {}", display.id, display.name, display.sound.name());
    }
    println!("{}", counted(all.len(), "display", "displays"));
    Ok(ExitCode::SUCCESS)
}
