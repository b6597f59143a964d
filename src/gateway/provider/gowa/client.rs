//! How one bridge is reached: its settings, and what it can do.

use std::fmt;

use reqwest::header::HeaderValue;
use reqwest::{Client, Url};

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
    /// Who may use it (`--basic-auth`).
    pub user: String,
    /// The word that goes with it.
    pub password: String,
    /// The secrets that webhook bodies may be signed with (`--webhook-secret`): one, or two during a rotation.
    pub webhook_secrets: Vec<String>,
    /// The bridge's name of the device to send by; `None`: the channel's own address.
    pub device: Option<String>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("api", &self.api).finish_non_exhaustive()
    }
}

/// One bridge: a channel for each linked telephone, known by its number.
pub struct Gowa {
    pub(super) name: String,
    pub(super) base: Url,
    pub(super) webhook_secrets: Vec<String>,
    pub(super) device: Option<HeaderValue>,
    /// `Basic …`, marked as sensitive.
    pub(super) authorization: HeaderValue,
    pub(super) client: Client,
    pub(super) capabilities: Capabilities,
}

impl fmt::Debug for Gowa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gowa").field("name", &self.name).field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Gowa {
    /// A gateway for one bridge. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = settings::address("api", &settings.api, API_EXAMPLE)?;
        settings::secrets("webhook_secret", &settings.webhook_secrets)?;
        if settings.user.is_empty() || settings.user.contains(':') {
            return Err(SettingsError::Invalid("user", "must be a name without a colon".to_owned()));
        }
        settings::own("password", &settings.password)?;
        let authorization = settings::basic("password", &settings.user, &settings.password)?;
        let device = settings.device.map(|device| HeaderValue::from_str(&device)).transpose();
        let device = device.map_err(|_| SettingsError::Header("device"))?;
        let client = settings::client(&base)?;
        let (name, webhook_secrets) = (settings.name, settings.webhook_secrets);
        Ok(Self { name, base, webhook_secrets, device, authorization, client, capabilities: capabilities() })
    }
}

/// An unofficial bridge must not look like a machine: about twenty messages a minute, and a few seconds between two to one
/// citizen.
fn capabilities() -> Capabilities {
    Capabilities {
        channel_rate: Rate::one_in_seconds(3).with_burst(10),
        recipient_rate: Rate::one_in_seconds(2).with_burst(3),
        documents: true,
        statuses: Statuses::ById,
        ..Capabilities::default()
    }
}
