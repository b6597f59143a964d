//! Which installation a command is about, and its database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::acting::Acting;
use super::error::CommandError;
use crate::app;
use crate::clock::{DemoClock, SharedClock, SystemClock};
use crate::config::Config;
use crate::domain::office::Zone;
use crate::roster;
use crate::storage::{Storage, StorageError, StoredOffice, no_database_at, sqlite_path};

/// The file beside a demo's database that says what time it is there.
pub const DEMO_CLOCK: &str = "clock";
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

/// The arguments of a command with subcommands that is about an installation.
#[derive(Debug, Args)]
pub struct WithInstallation<Action: Subcommand> {
    /// What the command does.
    #[command(subcommand)]
    pub what: Action,
    /// The installation that it is about.
    #[command(flatten)]
    pub installation: Installation,
    /// Who acts, and why.
    #[command(flatten)]
    pub acting: Acting,
}

impl Installation {
    /// Its configuration.
    pub fn read(&self) -> Result<Config, CommandError> {
        let mut config = match &self.config {
            Some(file) => Config::load(file)?,
            None if Path::new(CONFIG_DEFAULT).is_file() => Config::load(Path::new(CONFIG_DEFAULT))?,
            None => Config::from_environment()?,
        };
        if let Some(url) = &self.database {
            config.database.clone_from(url);
            // The stamp belongs to the configuration's own database.
            config.file = None;
        }
        Ok(config)
    }

    /// What time it is there: a demo's own time, which it notes beside its database, or the machine's.
    pub fn clock(&self) -> Result<SharedClock, CommandError> {
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
    pub async fn storage(&self) -> Result<Storage, CommandError> {
        let config = self.read()?;
        if let Some(path) = no_database_at(&config.database)? {
            return Err(CommandError::Other(format!(
                "there is no database at {}; name the installation with --config FILE or --database sqlite://FILE \
                 (the demo's is sqlite://antrean-demo/antrean.db)",
                path.display()
            )));
        }
        for warning in app::warnings_of_logs_put_aside(&config.database) {
            eprintln!("antrean: {warning}");
        }
        Ok(Storage::open(config.address()).await?)
    }
}

/// The zones of the offices in force, by id.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub async fn zones(storage: &Storage) -> Result<BTreeMap<String, Zone>, StorageError> {
    let offices = storage.offices().await?;
    let zone = |stored: &StoredOffice| Some((stored.id.as_str().to_owned(), roster::read(&stored.file).ok()?.zone));
    Ok(offices.iter().filter_map(zone).collect())
}
