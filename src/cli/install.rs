//! What several commands need: which installation is meant, its database, a runtime, one way to say what went wrong.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::future::Future;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::{Layer, layer::SubscriberExt, util::SubscriberInitExt};

use super::repeats::Repeats;
use crate::clock::{DemoClock, SharedClock, SystemClock};
use crate::config::{Config, ConfigError};
use crate::domain::office::Zone;
use crate::roster::{self, Problems};
use crate::storage::{Storage, StorageError, StoredOffice, no_database_at, sqlite_path};

/// The file beside a demo's database that says what time it is there.
pub(super) const DEMO_CLOCK: &str = "clock";
/// Exit code of wrong use, as of arguments that clap refuses.
const MISUSED: u8 = 2;
/// The configuration file that is used where none is named.
const CONFIG_DEFAULT: &str = "antrean.toml";

/// Which installation a command is about.
#[derive(Debug, Clone, Args)]
pub struct Installation {
    /// The configuration file [default: antrean.toml here, if there is one]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// The database, instead of the configuration's, like `sqlite://antrean.db`
    #[arg(long, value_name = "URL", conflicts_with = "config", global = true)]
    pub database: Option<String>,
}

/// A command that does one of several things to an installation.
#[derive(Debug, Args)]
pub struct Doing<What: Subcommand> {
    /// What.
    #[command(subcommand)]
    pub what: What,
    /// To which.
    #[command(flatten)]
    pub installation: Installation,
}

/// Something that ends a command, with a sentence that says what to mend.
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
    Build(#[from] crate::app::BuildError),
    /// A move.
    #[error(transparent)]
    Move(#[from] crate::storage::MoveError),
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

impl Installation {
    /// Its configuration.
    pub(super) fn read(&self) -> Result<Config, CommandError> {
        let mut config = match &self.config {
            Some(file) => Config::load(file)?,
            None if Path::new(CONFIG_DEFAULT).is_file() => Config::load(Path::new(CONFIG_DEFAULT))?,
            None => Config::from_environment()?,
        };
        if let Some(url) = &self.database {
            config.database.clone_from(url);
            // Its stamp tells of the configuration's own database.
            config.file = None;
        }
        Ok(config)
    }

    /// What time it is there: a demo's own time, which it notes beside its database, or the machine's.
    pub(super) fn clock(&self) -> Result<SharedClock, CommandError> {
        let config = self.read()?;
        let noted = sqlite_path(&config.database).map(|path| path.with_file_name(DEMO_CLOCK));
        let time =
            noted.and_then(|noted| std::fs::read_to_string(noted).ok()).and_then(|text| text.trim().parse().ok());
        Ok(match time {
            Some(time) => Arc::new(DemoClock::starting_at(time, Vec::new())),
            None => Arc::new(SystemClock),
        })
    }

    /// Its database, which must exist already.
    pub(super) async fn storage(&self) -> Result<Storage, CommandError> {
        let config = self.read()?;
        if let Some(path) = no_database_at(&config.database)? {
            return Err(CommandError::Other(format!(
                "there is no database at {}; name the installation with --config FILE or --database sqlite://FILE \
                 (the demo's is sqlite://antrean-demo/antrean.db)",
                path.display()
            )));
        }
        for told in crate::app::told_of_logs(&config.database) {
            eprintln!("antrean: {told}");
        }
        Ok(Storage::open(config.address()).await?)
    }
}

/// The zones of the offices in force, by id.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub(super) async fn zones(storage: &Storage) -> Result<BTreeMap<String, Zone>, StorageError> {
    let offices = storage.offices().await?;
    let zone = |stored: &StoredOffice| Some((stored.id.as_str().to_owned(), roster::read(&stored.file).ok()?.zone));
    Ok(offices.iter().filter_map(zone).collect())
}

/// Runs a command's future to its end and turns its result into an exit code.
pub(super) fn block_on(future: impl Future<Output = Result<ExitCode, CommandError>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(future) {
        Ok(code) => code,
        Err(
            CommandError::Config(ConfigError::Problems(problems))
            | CommandError::Build(crate::app::BuildError::Offices(problems)),
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
pub(super) fn fail(error: &dyn Display) -> ExitCode {
    eprintln!("antrean: {error}");
    ExitCode::from(1)
}

/// Starts the log on standard error: levels from `ANTREAN_LOG` (`info` by default), lines of text or JSON.
pub(super) fn start_log(json: bool) {
    let asked = std::env::var("ANTREAN_LOG").unwrap_or_default();
    let levels = asked.parse::<Targets>().ok().filter(|_| !asked.is_empty());
    let colours = std::io::stderr().is_terminal();
    let log =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours).log_internal_errors(false);
    let log = if json { log.json().boxed() } else { log.boxed() };
    let is_unread = levels.is_none() && !asked.is_empty();
    let levels = levels.unwrap_or_else(|| Targets::new().with_default(Level::INFO));
    // A second start (in tests of one process) changes nothing.
    let repeats = Repeats::default();
    if tracing_subscriber::registry().with(log).with(levels).with(repeats.clone()).try_init().is_ok() {
        repeats.tell();
    }
    if is_unread {
        tracing::warn!(
            asked,
            "ANTREAN_LOG is not understood, so it is info; write levels such as warn,antrean::courier=debug"
        );
    }
}
