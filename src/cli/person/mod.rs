//! `antrean person`: what concerns single people.

mod draft;
mod list;

use std::process::ExitCode;

use clap::Subcommand;

use super::shared::error::block_on;
use super::shared::installation::WithInstallation;

/// Arguments of `antrean person`.
pub type PersonArgs = WithInstallation<Action>;

/// What `antrean person` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// After a breach: list whose data somebody saw or changed, by the audit trail, and how each can be told; draft the notice
    List(list::ListArgs),
}

/// Runs the command.
pub fn run(args: &PersonArgs) -> ExitCode {
    block_on(async {
        match &args.what {
            Action::List(what) => list::run(what, (&args.installation, &args.acting)).await,
        }
    })
}
