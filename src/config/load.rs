//! Where a configuration comes from: a file, the environment, or the demo.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::client_limits::ClientLimits;
use super::console::ConsoleConfig;
use super::model::{ChannelConfig, Config, Creation, DEMO_OFFICE, GatewayConfig};
use super::{read, variables};
use crate::courier::{ChannelSettings, REPLY_HOURS};
use crate::desk::{MESSAGES_PER_COMMIT, WAIT_MAX};
use crate::domain::message::SIMULATED_GATEWAY;
use crate::domain::office::OfficeId;
use crate::domain::retention::Retention;
use crate::gateway::site::Site;
use crate::roster::Roster;
use crate::sheet::Problems;

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
        let config = read::config(&file.display().to_string(), &text, &folder, &environment())?;
        Ok(Self { file: Some(file.to_owned()), ..config })
    }

    /// The defaults, with the environment over them.
    ///
    /// # Errors
    /// [`ConfigError`] with every problem of the environment.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Ok(read::config("the environment", "", Path::new(""), &environment())?)
    }

    /// A demo: every shipped office and its own on a simulator, its data in one folder. Its page answers to `hosts` as well.
    ///
    /// # Errors
    /// A sentence, if the shipped offices cannot be read.
    pub fn demo(listen: SocketAddr, data: &Path, hosts: Vec<String>) -> Result<Self, String> {
        let roster = Roster::demo().map_err(|problems| problems.to_string())?;
        let channel = |office: &OfficeId| ChannelConfig {
            gateway: SIMULATED_GATEWAY.to_owned(),
            key: office.as_str().to_owned(),
            office: office.clone(),
            place: String::new(),
            replies_max: None,
            sending: ChannelSettings::default(),
            price: None,
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
            media_keys: data.join("media-keys"),
            keep_days: read::KEEP_DAYS_MAX,
            retention: Retention::default(),
            log_json: false,
            reply_hours: REPLY_HOURS,
            messages_per_commit: MESSAGES_PER_COMMIT,
            wait_max: WAIT_MAX,
            client_limits: ClientLimits::default(),
            gateways: BTreeMap::from([(SIMULATED_GATEWAY.to_owned(), GatewayConfig::Simulator(Site::called(hosts)))]),
            public_address: None,
            console: Some(ConsoleConfig::default()),
            // The simulator opens the first one, which the terminal names.
            channels: in_order.map(channel).collect(),
        })
    }
}

/// The variables of this process that begin with `ANTREAN_`.
fn environment() -> BTreeMap<String, String> {
    std::env::vars().filter(|(name, _)| name.starts_with(variables::PREFIX)).collect()
}
