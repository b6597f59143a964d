//! How a command ends: its runtime, its errors and its exit codes.

use std::fmt::Display;
use std::future::Future;
use std::process::ExitCode;

use crate::access::AccessError;
use crate::app::BuildError;
use crate::config::ConfigError;
use crate::roster::Problems;
use crate::storage::{MoveError, StorageError};

/// Exit code of wrong use, as of arguments that clap refuses.
const MISUSED: u8 = 2;

/// An error that ends a command, with a sentence that says what to mend.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The installation cannot start.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Signing in.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// A move.
    #[error(transparent)]
    Move(#[from] MoveError),
    /// Reading or writing.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Arguments that make no sense together.
    #[error("{0}")]
    Usage(String),
    /// Anything else, as a sentence.
    #[error("{0}")]
    Other(String),
}

/// Runs a command's future to its end and turns its result into an exit code.
pub fn block_on(future: impl Future<Output = Result<ExitCode, CommandError>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(future) {
        Ok(code) => code,
        Err(
            CommandError::Config(ConfigError::Problems(problems)) | CommandError::Build(BuildError::Offices(problems)),
        ) => show(&problems),
        Err(error @ CommandError::Usage(_)) => {
            fail(&error);
            ExitCode::from(MISUSED)
        }
        Err(error) => fail(&error),
    }
}

/// Shows every problem of a file with its place and remedy.
fn show(problems: &Problems) -> ExitCode {
    for problem in &problems.0 {
        eprintln!("{problem:?}");
    }
    fail(problems)
}

/// Says what went wrong on standard error.
fn fail(error: &dyn Display) -> ExitCode {
    eprintln!("antrean: {error}");
    ExitCode::from(1)
}
