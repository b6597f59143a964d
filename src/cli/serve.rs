//! `antrean serve`: an installation, until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::install::{CommandError, Installation, block_on, start_log};
use crate::app::{self, End, Time};
use crate::clock::SteadyClock;
use crate::config::{Creation, listen};

/// What is said where nobody can write to the installation.
const NO_LINE: &str = "no line is configured, so no message can come in and there is no simulator: write an antrean.toml with a \
    [gateway.NAME] and a [[channel]] for it, and start again in its folder or with --config FILE; `antrean demo` shows \
    everything without a configuration";

/// Arguments of `antrean serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The configuration file [default: antrean.toml here, if there is one]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Where to listen, instead of the configuration's `listen`; a port alone: on this machine only
    #[arg(long, value_name = "ADDR", value_parser = listen)]
    pub listen: Option<SocketAddr>,
    /// Begin anew, with an empty database, where the earlier one is gone for good; for one start, not for a service's unit
    #[arg(long)]
    pub create: bool,
}

/// Runs the command.
pub fn run(args: &ServeArgs) -> ExitCode {
    block_on(async {
        let mut config = Installation { config: args.config.clone(), database: None }.read()?;
        if args.create {
            config.creation = Creation::Anew;
        }
        if let Some(listen) = args.listen {
            config.listen = listen;
        }
        if config.channels.is_empty() {
            // Before the log, which says much else.
            eprintln!("antrean: {NO_LINE}");
        }
        start_log(config.log_json);
        let app = app::build(&config, Time::Real(Arc::new(SteadyClock::start()))).await?;
        let address = app.address()?;
        tracing::info!(%address, ?config, "serving");
        let stop = told_to_stop()?;
        // For whoever started it with port 0: the log's form may change, this line may not.
        println!("listening on http://{address}");
        Ok(match app.run_until(stop).await {
            End::Asked => ExitCode::SUCCESS,
            End::SyncFailed => ExitCode::FAILURE,
        })
    })
}

/// What tells an installation to stop: the terminal or the service manager.
///
/// Listens from the call on, not from the first poll: whoever starts the process may stop it as soon as it says that it
/// serves, and a signal that nobody listens for ends it without a word.
///
/// # Errors
///
/// When the system refuses to tell of signals.
#[cfg(unix)]
pub(super) fn told_to_stop() -> Result<impl Future<Output = ()>, CommandError> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| deaf(&error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// What tells an installation to stop: the console's Ctrl-C, from the call on.
///
/// # Errors
///
/// When the system refuses to tell of it.
#[cfg(windows)]
pub(super) fn told_to_stop() -> Result<impl Future<Output = ()>, CommandError> {
    let mut interrupt = tokio::signal::windows::ctrl_c().map_err(|error| deaf(&error))?;
    Ok(async move {
        interrupt.recv().await;
    })
}

fn deaf(error: &io::Error) -> CommandError {
    CommandError::Other(format!("cannot listen for the signal that stops it: {error}"))
}
