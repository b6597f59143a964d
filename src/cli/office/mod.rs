//! `antrean office`: offices in and out of the database.

mod displaced;
mod import;
pub(in crate::cli) mod reach;
mod remedies;

use std::process::ExitCode;

use clap::Subcommand;

use self::import::ImportArgs;
use super::shared::error::{CommandError, block_on};
use super::shared::installation::WithInstallation;
use super::shared::value::counted;
use crate::domain::office::OfficeId;
use crate::roster;

/// Arguments of `antrean office`.
pub type OfficeArgs = WithInstallation<Action>;

/// What `antrean office` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// List the offices in force
    List,
    /// Put office files in force; where people are booked on a day that closes or shrinks, say what becomes of them
    Import(ImportArgs),
    /// Print an office in force as one whole file
    Export {
        /// The office, by id
        #[arg(value_name = "ID", value_parser = OfficeId::read)]
        id: OfficeId,
    },
}

/// Runs the command.
pub fn run(args: &OfficeArgs) -> ExitCode {
    block_on(async {
        let storage = args.installation.storage().await?;
        match &args.what {
            Action::List => {
                let offices = storage.offices().await?;
                for stored in &offices {
                    let name = roster::read(&stored.file).map_or_else(|_| String::new(), |office| office.name);
                    println!("{:<20} version {:<4} {name}", stored.id.as_str(), stored.version);
                }
                println!("{}", counted(offices.len(), "office", "offices"));
                Ok(ExitCode::SUCCESS)
            }
            Action::Export { id } => {
                let offices = storage.offices().await?;
                let stored = offices.into_iter().find(|stored| stored.id == *id);
                let stored = stored.ok_or_else(|| {
                    CommandError::Other(format!(
                        "no office `{id}` is in force; `antrean office list` shows those that are"
                    ))
                })?;
                print!("{}", stored.file);
                Ok(ExitCode::SUCCESS)
            }
            Action::Import(what) => import::run((&args.installation, &args.acting), &storage, what).await,
        }
    })
}
