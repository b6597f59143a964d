//! How one bridge is reached: its settings, and what it can do.

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

use reqwest::header::HeaderValue;
use reqwest::{Client, Url};

use crate::domain::message::Contact;
use crate::gateway::settings::{self, SettingsError};
use crate::gateway::{Capabilities, Rate, Statuses};

/// The example in the error about a wrong address: where the bridge listens by default.
pub const API_EXAMPLE: &str = "http://127.0.0.1:3000";
/// How to reach one bridge. `Debug` shows no secret.
#[derive(Clone, Default)]
pub struct Settings {
    /// The gateway's configured name.
    pub name: String,
    /// Where the bridge is. Trusted as it stands, http and loopback included.
    pub api: String,
    /// The bridge's key (`WAHA_API_KEY`).
    pub api_key: String,
    /// The keys that webhook bodies may be signed with (`hmac.key`): one, or two during a rotation.
    pub hmac_keys: Vec<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("api", &self.api).finish_non_exhaustive()
    }
}

/// One bridge: a channel for each session.
pub struct Waha {
    pub(super) name: String,
    pub(super) base: Url,
    pub(super) api_key: HeaderValue,
    pub(super) hmac_keys: Vec<String>,
    pub(super) client: Client,
    pub(super) capabilities: Capabilities,
    /// Numbers by privacy id, as the bridge gave them: a cache.
    pub(super) numbers: Mutex<HashMap<Contact, Contact>>,
}

impl fmt::Debug for Waha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waha").field("name", &self.name).field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Waha {
    /// A gateway for one bridge. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = settings::address("api", &settings.api, API_EXAMPLE)?;
        settings::own("api_key", &settings.api_key)?;
        settings::secrets("hmac_key", &settings.hmac_keys)?;
        let api_key = settings::sensitive("api_key", &settings.api_key)?;
        let client = settings::client(&base)?;
        let capabilities = Capabilities {
            // An unofficial bridge must not look like a machine, so it is limited to the pace of a person.
            channel_rate: Rate::one_in_seconds(3).with_burst(10),
            recipient_rate: Rate::one_in_seconds(2).with_burst(3),
            documents: true,
            statuses: Statuses::ById,
            ..Capabilities::default()
        };
        let (name, hmac_keys) = (settings.name, settings.hmac_keys);
        Ok(Self { name, base, api_key, hmac_keys, client, capabilities, numbers: Mutex::default() })
    }
}
