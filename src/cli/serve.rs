//! `antrean serve`: an installation, until it is told to stop.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::install::{Installation, block_on, start_log};
use crate::app::{self, App, Time};
use crate::clock::SystemClock;

/// Arguments of `antrean serve`.
#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The configuration file [default: antrean.toml here, if there is one]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Runs the command.
pub fn run(args: &ServeArgs) -> ExitCode {
    block_on(async {
        let config = Installation { config: args.config.clone(), database: None }.read()?;
        start_log(config.log_json);
        let app = app::build(&config, Time::Real(Arc::new(SystemClock))).await?;
        tracing::info!(address = %app.address()?, ?config, "serving");
        until_told(app).await;
        Ok(ExitCode::SUCCESS)
    })
}

/// Runs an installation until the terminal or the service manager says stop.
pub(super) async fn until_told(app: App) {
    app.run_until(told_to_stop()).await;
}

async fn told_to_stop() {
    let interrupt = async {
        tokio::signal::ctrl_c().await.ok();
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
