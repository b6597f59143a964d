//! `antrean office`: offices in and out of the database.

mod calendar;
mod calendar_shown;
mod displaced;
mod import;
pub(in crate::cli) mod reach;
mod remedies;

use std::process::ExitCode;

use clap::Subcommand;

use self::calendar::{CapacityArgs, ChangeArgs, ListArgs, UndoArgs};
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
    /// Close a day or hours of it; lists first who has booked there, and what becomes of them
    Close(ChangeArgs),
    /// Open a day or hours of it, also on a holiday
    Open(ChangeArgs),
    /// Give the hours of a day more seats, or fewer
    Capacity(CapacityArgs),
    /// Take a change of the calendar back: within a minute as if it had not been, later with a message that corrects it
    Undo(UndoArgs),
    /// List the exceptions to an office's calendar and the last changes of them
    Calendar(ListArgs),
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
                    let exceptions = match stored.exceptions.days.len() {
                        0 => String::new(),
                        days => {
                            format!("  ({})", counted(days, "exception to its calendar", "exceptions to its calendar"))
                        }
                    };
                    println!("{:<20} version {:<4} {name}{exceptions}", stored.id.as_str(), stored.version);
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
                print!("{}", calendar_shown::as_comments(&stored.exceptions));
                Ok(ExitCode::SUCCESS)
            }
            Action::Import(what) => import::run((&args.installation, &args.acting), &storage, what).await,
            Action::Close(what) => calendar::close((&args.installation, &args.acting), &storage, what).await,
            Action::Open(what) => calendar::open((&args.installation, &args.acting), &storage, what).await,
            Action::Capacity(what) => calendar::capacity((&args.installation, &args.acting), &storage, what).await,
            Action::Undo(what) => calendar::undo((&args.installation, &args.acting), &storage, what).await,
            Action::Calendar(what) => calendar::list((&args.installation, &args.acting), &storage, what).await,
        }
    })
}
