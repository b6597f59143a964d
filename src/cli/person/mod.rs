//! `antrean person`: what is kept of a citizen, shown, handed out and erased.

mod erase;
mod found;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::shared::error::block_on;
use super::shared::installation::WithInstallation;

/// Arguments of `antrean person`.
pub type PersonArgs = WithInstallation<Action>;

/// What `antrean person` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Show what is kept of a citizen, in every table and by all their numbers
    Show {
        /// Who, and how to print.
        #[command(flatten)]
        who: Who,
    },
    /// Write all of it as JSON, to be handed to the citizen
    Export {
        /// Who.
        #[command(flatten)]
        who: Who,
        /// Write to this file, which only this account may read, instead of to standard output
        #[arg(long, value_name = "FILE")]
        to: Option<PathBuf>,
    },
    /// Erase it; without --yes it only says what would be erased, and what stays and why
    Erase {
        /// Who, and how to print.
        #[command(flatten)]
        who: Who,
        /// Do it; it cannot be taken back
        #[arg(long)]
        yes: bool,
        /// Cancel their valid bookings with it; without this nothing is erased while there is one
        #[arg(long)]
        cancel: bool,
    },
}

/// A citizen, and how to print.
#[derive(Debug, Clone, Args)]
pub struct Who {
    /// Their number, such as 0812-0000-0001, or another address as the provider writes it; or the code of a booking of theirs, such as
    /// LMGF-D5AQ
    #[arg(value_name = "NUMBER-OR-CODE")]
    who: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command. The exit code is 1 where nothing is kept of them, or nothing was erased because something is still needed.
pub fn run(args: &PersonArgs) -> ExitCode {
    let installation = &args.installation;
    block_on(async {
        let storage = installation.storage().await?;
        match &args.what {
            Action::Show { who } => show::show(who, installation, &storage).await,
            Action::Export { who, to } => show::export(who, to.as_deref(), installation, &storage).await,
            Action::Erase { who, yes, cancel } => {
                erase::run(who, erase::Consent { yes: *yes, cancel: *cancel }, installation, &storage).await
            }
        }
    })
}
