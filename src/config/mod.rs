//! The configuration: read once, validated as a whole, every problem with its place. `Debug` shows no secret.
//!
//! `antrean.toml` beside this file is the documentation and the defaults at once.

mod gateway;
mod line;
mod listen;
mod mask;
mod read;
mod strangers;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::courier::{Line, REPLY_HOURS};
use crate::desk::MESSAGES_PER_COMMIT;
use crate::domain::office::OfficeId;
use crate::gateway::settings::SettingsError;
use crate::gateway::site::Site;
use crate::gateway::{Gateway, address, gowa, http_json, telegram, twilio, waha, whatsapp_cloud};
use crate::sheet::Problems;
use crate::storage::{Address, Tls};

pub use self::listen::listen;
pub use self::strangers::Strangers;

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("antrean.toml");
/// The office that a demo opens with.
pub const DEMO_OFFICE: &str = "bogor";

/// When a database that is missing is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Creation {
    /// Where nothing tells of an earlier one.
    #[default]
    First,
    /// For this start, in place of one that is gone.
    Anew,
    /// Whenever it is missing: a demo, whose folder may be removed at any time.
    Freely,
}

/// What an installation is told from outside.
#[derive(Clone)]
pub struct Config {
    /// The file that it was read from, if any.
    pub file: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database; a relative SQLite path has been resolved.
    pub database: String,
    /// The least that the way to a database server must offer, where somebody said.
    pub database_tls: Option<Tls>,
    /// Whether a start that finds no database is refused, whatever else is known.
    pub require_database: bool,
    /// When the database is made; the command line says so.
    pub creation: Creation,
    /// Whether the account's group may read what it writes.
    pub group_read: bool,
    /// Office files and folders; none: the shipped ones.
    pub offices: Vec<PathBuf>,
    /// The folder for photos.
    pub media: PathBuf,
    /// Days before messages, replies and the record of bookings go to the archive.
    pub keep_days: u32,
    /// Whether the log is written as JSON.
    pub log_json: bool,
    /// Hours after which a reply is too old to be sent.
    pub reply_hours: u16,
    /// Messages that a lane serves in one commit, at most.
    pub messages_per_commit: u32,
    /// What those are allowed who have not proved who they are.
    pub strangers: Strangers,
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
    WhatsAppCloud(whatsapp_cloud::Settings),
    /// A bridge of one's own: gowa.
    Gowa(gowa::Settings),
    /// A bridge of one's own: WAHA.
    Waha(waha::Settings),
    /// Any gateway that posts and takes JSON or forms.
    HttpJson(Box<http_json::Settings>),
    /// A Telegram bot.
    Telegram(telegram::Settings),
    /// Twilio: WhatsApp and SMS.
    Twilio(twilio::Settings),
    /// The simulator page, and the names that it answers to.
    Simulator(Site),
}

impl GatewayConfig {
    /// The gateway; `None` for a simulator, which needs the clock of the house.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn open(&self) -> Result<Option<Arc<dyn Gateway>>, SettingsError> {
        let gateway: Arc<dyn Gateway> = match self {
            Self::WhatsAppCloud(settings) => Arc::new(whatsapp_cloud::WhatsAppCloud::new(settings.clone())?),
            Self::Gowa(settings) => Arc::new(gowa::Gowa::new(settings.clone())?),
            Self::Waha(settings) => Arc::new(waha::Waha::new(settings.clone())?),
            Self::HttpJson(settings) => Arc::new(http_json::HttpJson::new(settings.as_ref().clone())?),
            Self::Telegram(settings) => Arc::new(telegram::Telegram::new(settings.clone())?),
            Self::Twilio(settings) => Arc::new(twilio::Twilio::new(settings.clone())?),
            Self::Simulator(_) => return Ok(None),
        };
        Ok(Some(gateway))
    }

    /// The line of a key as somebody wrote it: a telephone number in one spelling.
    fn line(&self, key: &str) -> String {
        match self {
            Self::Gowa(_) => address::read(key).map_or_else(|| key.to_owned(), |number| number.as_str().to_owned()),
            Self::HttpJson(settings) => {
                settings.mapping.inbound.number(key).map_or_else(|| key.to_owned(), |number| number.as_str().to_owned())
            }
            _ => key.to_owned(),
        }
    }

    /// The line where nobody wrote a key: on a simulator the office's id is as good as any, and a bot has only one.
    fn only_line(&self, office: &OfficeId) -> Option<String> {
        match self {
            Self::Simulator(_) => Some(office.as_str().to_owned()),
            Self::Telegram(settings) => Some(settings.key().to_owned()),
            _ => None,
        }
    }

    /// Which key is missing, and what to write.
    fn line_remedy(&self) -> (&'static str, &'static str) {
        match self {
            Self::WhatsAppCloud(_) => ("phone_number_id", "add phone_number_id = \"…\", as the provider shows it"),
            Self::Waha(_) => ("key", "add key = \"…\", the name of the session"),
            Self::Twilio(_) => ("key", "add key = \"whatsapp:+62…\" or \"+62…\", the sender as Twilio shows it"),
            _ => ("key", "add key = \"62…\", the number of the line"),
        }
    }
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
    /// Where the file names that office, `antrean.toml:12:10`; empty in the demo, which has no file.
    pub place: String,
    /// Answers to one contact in ten minutes, where it says so.
    pub replies_max: Option<u32>,
    /// How fast it sends, and what goes when no free reply is taken.
    pub line: Line,
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
    /// The database, and how the way there is secured.
    pub fn address(&self) -> Address<'_> {
        Address { url: &self.database, tls: self.database_tls }
    }

    /// Reads a configuration file; the environment outranks it.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem of the file and the environment.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|error| ConfigError::File(file.to_owned(), error))?;
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let config = read::config(&file.display().to_string(), &text, &folder, &environment())?;
        Ok(Self { file: Some(file.to_owned()), ..config })
    }

    /// The defaults, and what the environment says.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem of the environment.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Ok(read::config("the environment", "", Path::new(""), &environment())?)
    }

    /// A demo: every shipped office on a simulator, its data in one folder. Its page answers to `hosts` as well.
    ///
    /// # Errors
    /// A sentence, if the shipped offices cannot be read.
    pub fn demo(listen: SocketAddr, data: &Path, hosts: Vec<String>) -> Result<Self, String> {
        let roster = crate::roster::Roster::shipped().map_err(|problems| problems.to_string())?;
        let channel = |office: &OfficeId| ChannelConfig {
            gateway: "sim".to_owned(),
            key: office.as_str().to_owned(),
            office: office.clone(),
            place: String::new(),
            replies_max: None,
            line: Line::default(),
        };
        let is_first = |office: &&OfficeId| office.as_str() == DEMO_OFFICE;
        let offices = roster.offices.keys();
        let in_order = offices.clone().filter(is_first).chain(offices.filter(|office| !is_first(office)));
        Ok(Self {
            file: None,
            listen,
            require_database: false,
            creation: Creation::Freely,
            group_read: false,
            database: format!("sqlite://{}", data.join("antrean.db").display()),
            database_tls: None,
            offices: Vec::new(),
            media: data.join("media"),
            keep_days: read::KEEP_DAYS_MAX,
            log_json: false,
            reply_hours: REPLY_HOURS,
            messages_per_commit: MESSAGES_PER_COMMIT,
            strangers: Strangers::default(),
            gateways: BTreeMap::from([("sim".to_owned(), GatewayConfig::Simulator(Site::called(hosts)))]),
            // The first one is what the simulator opens: the one that the terminal names.
            channels: in_order.map(channel).collect(),
        })
    }
}

/// `ANTREAN_*` of this process.
fn environment() -> BTreeMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with(read::PREFIX)).collect()
}
