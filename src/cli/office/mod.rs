//! `antrean office`: offices in and out of the database.

mod displaced;
mod export;
mod import;
pub(in crate::cli) mod reach;
mod remedies;
mod versions;

use std::process::ExitCode;

use clap::Subcommand;

use self::export::ExportArgs;
use self::import::ImportArgs;
use self::versions::{DiffArgs, RollbackArgs, ShowArgs, VersionsArgs};
use super::shared::error::block_on;
use super::shared::installation::WithInstallation;
use super::shared::value::counted;
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
    /// Print an office as one whole file, or write its files into a folder
    Export(ExportArgs),
    /// List the versions of an office: who published each, when and why
    Versions(VersionsArgs),
    /// Print a version with its files
    Show(ShowArgs),
    /// Say what differs between two versions
    Diff(DiffArgs),
    /// Bring the content of an earlier version back, as a new version
    Rollback(RollbackArgs),
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
            Action::Export(what) => export::run(&storage, what).await,
            Action::Versions(what) => versions::list(&storage, what).await,
            Action::Show(what) => versions::show(&storage, what).await,
            Action::Diff(what) => versions::diff(&storage, what).await,
            Action::Rollback(what) => versions::roll_back((&args.installation, &args.acting), &storage, what).await,
            Action::Import(what) => import::run((&args.installation, &args.acting), &storage, what).await,
        }
    })
}
