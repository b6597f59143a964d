//! `antrean serve`: runs an installation until it is told to stop.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::shared::error::{CommandError, block_on};
use super::shared::installation::Installation;
use super::shared::log::start_log;
use crate::app::{self, End, Time};
use crate::clock::SteadyClock;
use crate::config::{Creation, listen};

/// The warning where nobody can write to the installation.
const NO_CHANNEL: &str = "no channel is configured, so no message can come in and there is no simulator: write an antrean.toml with a \
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
            eprintln!("antrean: {NO_CHANNEL}");
        }
        start_log(config.log_json);
        let app = app::build(&config, Time::Real(Arc::new(SteadyClock::start()))).await?;
        let address = app.address()?;
        tracing::info!(%address, ?config, "serving");
        let stop = stop_signal()?;
        // For whoever started it with port 0: the log's form may change, this line may not.
        println!("listening on http://{address}");
        Ok(exit_code(app.run_until(stop).await))
    })
}

/// The exit code of an installation: a service manager starts it anew after a failure.
pub(super) fn exit_code(end: End) -> ExitCode {
    match end {
        End::Asked => ExitCode::SUCCESS,
        End::SyncFailed => ExitCode::FAILURE,
    }
}

/// Completes on a signal of the terminal or of the service manager.
///
/// Listens from the call on, not from the first poll: whoever starts the process may stop it as soon as it says that it
/// serves, and a signal that nobody listens for kills it.
///
/// # Errors
/// When the system lets nobody listen for signals.
#[cfg(unix)]
pub(super) fn stop_signal() -> Result<impl Future<Output = ()>, CommandError> {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).map_err(|error| cannot_listen(&error));
    let (mut interrupt, mut terminate) = (listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Completes on the console's Ctrl-C, listening from the call on.
///
/// # Errors
/// When the system lets nobody listen for it.
#[cfg(windows)]
pub(super) fn stop_signal() -> Result<impl Future<Output = ()>, CommandError> {
    let mut interrupt = tokio::signal::windows::ctrl_c().map_err(|error| cannot_listen(&error))?;
    Ok(async move {
        interrupt.recv().await;
    })
}

fn cannot_listen(error: &io::Error) -> CommandError {
    CommandError::Other(format!("cannot listen for the signal that stops it: {error}"))
}
