//! What a configuration says.

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::client_limits::ClientLimits;
use super::console::ConsoleConfig;
use crate::courier::ChannelSettings;
use crate::domain::office::OfficeId;
use crate::domain::price::Price;
use crate::domain::retention::Retention;
use crate::gateway::settings::SettingsError;
use crate::gateway::site::Site;
use crate::gateway::{Gateway, address, gowa, http_json, telegram, twilio, waha, whatsapp_cloud};
use crate::storage::{Address, Tls};

/// The documented defaults.
pub const DEFAULTS: &str = include_str!("antrean.toml");
/// The office that a demo opens with.
pub const DEMO_OFFICE: &str = "bogor";

/// When a missing database is created.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Creation {
    /// Where nothing says that there was one before.
    #[default]
    First,
    /// For this start, to replace one that is lost.
    Anew,
    /// Whenever it is missing: a demo, whose folder may be removed at any time.
    Freely,
}

/// The configuration of an installation.
#[derive(Clone)]
pub struct Config {
    /// The file that it was read from, if any.
    pub file: Option<PathBuf>,
    /// Where to listen.
    pub listen: SocketAddr,
    /// The database; a relative SQLite path has been resolved.
    pub database: String,
    /// How the connection to a database server is secured at least, where it is set.
    pub database_tls: Option<Tls>,
    /// Whether a start without a database is refused in any case.
    pub require_database: bool,
    /// When the database is created; the command line says so.
    pub creation: Creation,
    /// Whether the account's group may read what it writes.
    pub group_read: bool,
    /// Office files and folders; none: the shipped ones.
    pub offices: Vec<PathBuf>,
    /// The folder for photos.
    pub media: PathBuf,
    /// The folder for the keys that photos are encrypted with.
    pub media_keys: PathBuf,
    /// Days before messages, replies and the record of bookings go to the archive.
    pub keep_days: u32,
    /// How long personal data is kept before it is erased.
    pub retention: Retention,
    /// Whether the log is written as JSON.
    pub log_json: bool,
    /// Hours after which a reply is too old to be sent.
    pub reply_hours: u16,
    /// Messages that a lane serves in one commit, at most.
    pub messages_per_commit: u32,
    /// How long a message may wait until it is served; what would wait longer is refused, and comes again.
    pub wait_max: Duration,
    /// What clients may use before they have proved who they are.
    pub client_limits: ClientLimits,
    /// The address that citizens reach, `https://antrean.example.go.id`; `None`: they are told none.
    pub public_address: Option<String>,
    /// The console of the staff; `None`: there is none.
    pub console: Option<ConsoleConfig>,
    /// Gateways by name.
    pub gateways: BTreeMap<String, GatewayConfig>,
    /// Which office answers on which channel.
    pub channels: Vec<ChannelConfig>,
}

impl Config {
    /// The database, and how the connection is secured.
    pub fn address(&self) -> Address<'_> {
        Address { url: &self.database, tls: self.database_tls }
    }
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
            .field("media_keys", &self.media_keys)
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
    /// A self-hosted bridge: gowa.
    Gowa(gowa::Settings),
    /// A self-hosted bridge: WAHA.
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
    /// The gateway; `None` for a simulator, which needs the program's clock.
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

    /// The channel's key as the gateway spells it: telephone numbers have several spellings.
    pub(super) fn channel_key(&self, key: &str) -> String {
        match self {
            Self::Gowa(_) => address::read(key).map_or_else(|| key.to_owned(), |number| number.as_str().to_owned()),
            Self::HttpJson(settings) => {
                settings.mapping.inbound.number(key).map_or_else(|| key.to_owned(), |number| number.as_str().to_owned())
            }
            _ => key.to_owned(),
        }
    }

    /// The channel's key where the file has none: a simulator takes the office's id, and a bot has only one.
    pub(super) fn only_channel(&self, office: &OfficeId) -> Option<String> {
        match self {
            Self::Simulator(_) => Some(office.as_str().to_owned()),
            Self::Telegram(settings) => Some(settings.key().to_owned()),
            _ => None,
        }
    }

    /// Which setting is missing where the channel has no key, and what to write.
    pub(super) fn channel_remedy(&self) -> (&'static str, &'static str) {
        match self {
            Self::WhatsAppCloud(_) => ("phone_number_id", "add phone_number_id = \"…\", as the provider shows it"),
            Self::Waha(_) => ("key", "add key = \"…\", the name of the session"),
            Self::Twilio(_) => ("key", "add key = \"whatsapp:+62…\" or \"+62…\", the sender as Twilio shows it"),
            _ => ("key", "add key = \"62…\", the number of the channel"),
        }
    }
}

/// One channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelConfig {
    /// The gateway's name.
    pub gateway: String,
    /// The provider's key for the channel.
    pub key: String,
    /// The office that answers on it.
    pub office: OfficeId,
    /// Where the file names that office, `antrean.toml:12:10`; empty in the demo, which has no file.
    pub place: String,
    /// Replies to one contact in ten minutes, where it is set.
    pub replies_max: Option<u32>,
    /// How fast it sends, and which template it sends when the provider takes no free text.
    pub sending: ChannelSettings,
    /// What its messages cost, where that is written.
    pub price: Option<Price>,
}
