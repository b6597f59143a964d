//! `antrean person`: what concerns single people: what is kept of a citizen, shown, handed out and erased; and who was concerned by a
//! breach.

mod draft;
mod erase;
mod found;
mod list;
mod photos;
mod show;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;

use self::erase::Consent;
use self::found::{Asked, Who};
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
    /// Write all of it as JSON, and their photos, to be handed to the citizen; exit code 1 where a photo is missing
    Export {
        /// Who.
        #[command(flatten)]
        who: Who,
        /// Write to this file, which only this account may read, and the photos into a folder beside it (`copy.json`: `copy-photos`);
        /// without it all goes to standard output, photos as base64
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
    /// After a breach: list whose data somebody saw or changed, by the audit trail, and how each can be told; draft the notice
    List(list::ListArgs),
}

/// Runs the command. The exit code is 1 where nothing is kept of them, or nothing was erased because something is still needed.
pub fn run(args: &PersonArgs) -> ExitCode {
    let (installation, acting) = (&args.installation, &args.acting);
    block_on(async {
        let who = match &args.what {
            Action::List(what) => return list::run(what, (installation, acting)).await,
            Action::Show { who } | Action::Export { who, .. } | Action::Erase { who, .. } => who,
        };
        let storage = installation.storage().await?;
        let asked = Asked { who, installation, acting, storage: &storage };
        match &args.what {
            Action::Export { to, .. } => show::export(&asked, to.as_deref()).await,
            Action::Erase { yes, cancel, .. } => erase::run(&asked, Consent { yes: *yes, cancel: *cancel }).await,
            Action::Show { .. } | Action::List(_) => show::show(&asked).await,
        }
    })
}
