//! `antrean notice`: what an office says unasked: that a passport is ready, a message to a whole day, and what became of all notices.

mod list;
mod ready;
mod send;

use std::process::ExitCode;

use clap::Subcommand;

use super::shared::error::block_on;
use super::shared::installation::WithInstallation;

/// Arguments of `antrean notice`.
pub type NoticeArgs = WithInstallation<Action>;

/// What `antrean notice` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Tell citizens once that their passport is ready, and where and when it can be collected
    Ready(ready::ReadyArgs),
    /// Send a message to everybody booked on a day: shows it, its reach and its cost; `--yes` sends it
    Send(send::SendArgs),
    /// List notices, the newest first, and what became of them
    List(list::ListArgs),
    /// Stop notices that have not gone out
    Stop(list::StopArgs),
}

/// Runs the command.
pub fn run(args: &NoticeArgs) -> ExitCode {
    block_on(async {
        match &args.what {
            Action::Ready(ready) => ready::run((&args.installation, &args.acting), ready).await,
            Action::Send(send) => send::run((&args.installation, &args.acting), send).await,
            Action::List(list) => list::run((&args.installation, &args.acting), list).await,
            Action::Stop(stop) => list::stop((&args.installation, &args.acting), stop).await,
        }
    })
}
