//! The configuration: read once, validated as a whole, every problem with its place. `Debug` shows no secret.
//!
//! `antrean.toml` beside this file is the documentation and the defaults at once.

mod line;
mod mask;
mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use crate::courier::{Line, REPLY_HOURS};
use crate::domain::office::OfficeId;
use crate::gateway::whatsapp_cloud::Settings;
use crate::sheet::Problems;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("antrean.toml");

/// What an installation is told from outside.
#[derive(Clone)]
pub struct Config {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database; a relative SQLite path has been resolved.
    pub database: String,
    /// Office files and folders; none: the shipped ones.
    pub offices: Vec<PathBuf>,
    /// The folder for photos.
    pub media: PathBuf,
    /// Whether the log is written as JSON.
    pub log_json: bool,
    /// Hours after which a reply is too old to be sent.
    pub reply_hours: u16,
    /// Gateways by name.
    pub gateways: BTreeMap<String, GatewayConfig>,
    /// Which office answers on which line.
    pub channels: Vec<ChannelConfig>,
}

/// The database's address may hold a password: only its kind, or its file, is shown.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.database.split(':').next().unwrap_or_default();
        let database = if kind == "sqlite" { self.database.as_str() } else { kind };
        f.debug_struct("Config")
            .field("listen", &self.listen)
            .field("database", &database)
            .field("offices", &self.offices)
            .field("media", &self.media)
            .field("gateways", &self.gateways)
            .field("channels", &self.channels.len())
            .finish_non_exhaustive()
    }
}

/// One gateway.
#[derive(Debug, Clone)]
pub enum GatewayConfig {
    /// WhatsApp's Cloud API, or whoever speaks it.
    WhatsAppCloud(Settings),
    /// The simulator page.
    Simulator,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelConfig {
    /// The gateway's name.
    pub gateway: String,
    /// The provider's key for the line.
    pub key: String,
    /// The office that answers on it.
    pub office: OfficeId,
    /// How fast it sends, and what goes when no free reply is taken.
    pub line: Line,
    /// Where the file names that office, `antrean.toml:12:10`; empty in the demo, which has no file.
    pub place: String,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// Everything that is wrong with it.
    #[error(transparent)]
    Problems(#[from] Problems),
}

impl Config {
    /// Reads a configuration file; the environment outranks it.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem of the file and the environment.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| ConfigError::File(file.to_owned(), error))?;
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        Ok(read::config(&file.display().to_string(), &text, &folder, &environment())?)
    }

    /// The defaults, and what the environment says.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem of the environment.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Ok(read::config("the environment", "", Path::new(""), &environment())?)
    }

    /// A demo: every shipped office on a simulator, its data in one folder.
    ///
    /// # Errors
    /// A sentence, if the shipped offices cannot be read.
    pub fn demo(listen: SocketAddr, data: &Path) -> Result<Self, String> {
        let roster = crate::roster::Roster::shipped().map_err(|problems| problems.to_string())?;
        let channel = |office: &OfficeId| ChannelConfig {
            gateway: "sim".to_owned(),
            key: office.as_str().to_owned(),
            office: office.clone(),
            line: Line::default(),
            place: String::new(),
        };
        Ok(Self {
            listen,
            database: format!("sqlite://{}", data.join("antrean.db").display()),
            offices: Vec::new(),
            media: data.join("media"),
            log_json: false,
            reply_hours: REPLY_HOURS,
            gateways: BTreeMap::from([("sim".to_owned(), GatewayConfig::Simulator)]),
            channels: roster.offices.keys().map(channel).collect(),
        })
    }
}

/// `ANTREAN_*` of this process.
fn environment() -> BTreeMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with(read::PREFIX)).collect()
}
