//! WhatsApp Business Platform, Cloud API (Meta), and whoever speaks it under another address.
//!
//! Files in reading order: `payload` (the shapes on the wire), `admit` (signature), `read` (webhook body to items),
//! `send` (text and picture out), `media` (pictures in), `errors` (code to verdict), `tests`.

mod admit;
mod errors;
mod media;
mod payload;
mod read;
mod send;
#[cfg(test)]
mod tests;

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::HeaderValue;
use reqwest::{Client, Url};

use super::{
    Capabilities, Denied, FetchError, Gateway, HeaderMap, Item, Media, Parcel, Rate, Receipt, SendError, Statuses, http,
};
use crate::domain::message::{Attachment, Contact};

/// The provider's own address.
pub const API_DEFAULT: &str = "https://graph.facebook.com";
/// The version of the API that this file was written for; a version lives about two years.
pub const VERSION_DEFAULT: &str = "v25.0";
/// App secrets valid at once: the present one, and its follower while a rotation lasts.
pub const APP_SECRETS_MAX: usize = 2;

/// How to reach one WhatsApp app. `Debug` shows no secret.
#[derive(Clone)]
pub struct Settings {
    /// The gateway's configured name, `wa`.
    pub name: String,
    /// Where the API is: [`API_DEFAULT`], or whoever speaks it. Trusted as it stands, http and loopback included.
    pub api: String,
    /// The API's version, [`VERSION_DEFAULT`].
    pub version: String,
    /// The text that the provider repeats when it proves the webhook's address.
    pub verify_token: String,
    /// The secrets that webhook bodies may be signed with: one, or two during a rotation.
    pub app_secrets: Vec<String>,
    /// The token that sends are made with.
    pub access_token: String,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("api", &self.api)
            .field("version", &self.version)
            .field("app_secrets", &self.app_secrets.len())
            .finish_non_exhaustive()
    }
}

/// Settings that cannot work. The text names the setting, never its value where that is a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The address is none.
    #[error("`api` must be an http or https address without user, query or fragment, like {API_DEFAULT}")]
    Api,
    /// The version is none.
    #[error("`version` must look like {VERSION_DEFAULT}")]
    Version,
    /// Nothing would be checked: an empty secret is one that everybody knows.
    #[error("`{0}` must not be empty")]
    Empty(&'static str),
    /// More secrets than a rotation needs.
    #[error("at most {APP_SECRETS_MAX} app secrets may be valid at once")]
    TooManySecrets,
    /// A token with a line break or the like in it.
    #[error("`access_token` holds characters that no token has")]
    AccessToken,
    /// No HTTPS without certificates to check it by.
    #[error("cannot speak HTTPS: {0}")]
    Tls(String),
}

/// One WhatsApp app: any number of lines (phone-number ids), one webhook.
pub struct WhatsAppCloud {
    name: String,
    /// `{api}/{version}`.
    base: Url,
    verify_token: String,
    app_secrets: Vec<String>,
    /// `Bearer …`, marked as sensitive.
    authorization: HeaderValue,
    client: Client,
    capabilities: Capabilities,
}

impl fmt::Debug for WhatsAppCloud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WhatsAppCloud")
            .field("name", &self.name)
            .field("base", &self.base.as_str())
            .finish_non_exhaustive()
    }
}

impl WhatsAppCloud {
    /// A gateway for one app. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let Settings { name, api, version, verify_token, app_secrets, access_token } = settings;
        if verify_token.is_empty() {
            return Err(SettingsError::Empty("verify_token"));
        }
        if app_secrets.is_empty() || app_secrets.iter().any(String::is_empty) {
            return Err(SettingsError::Empty("app_secret"));
        }
        if app_secrets.len() > APP_SECRETS_MAX {
            return Err(SettingsError::TooManySecrets);
        }
        if access_token.is_empty() {
            return Err(SettingsError::Empty("access_token"));
        }
        let mut authorization =
            HeaderValue::from_str(&format!("Bearer {access_token}")).map_err(|_| SettingsError::AccessToken)?;
        authorization.set_sensitive(true);
        let base = base(&api, &version)?;
        let client = http::client(&base).map_err(|error| SettingsError::Tls(http::causes(error)))?;
        Ok(Self { name, base, verify_token, app_secrets, authorization, client, capabilities: capabilities() })
    }

    /// `{api}/{version}/` and these segments, each escaped.
    fn url(&self, segments: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.extend(segments);
        }
        url
    }
}

/// What the platform takes: 80 messages a second on one number; one in six seconds to one citizen, of which 45 may be
/// borrowed at once; free replies for a day after the citizen's last message.
fn capabilities() -> Capabilities {
    Capabilities {
        channel_rate: Rate::per_second(80),
        recipient_rate: Rate::one_in_seconds(6).with_burst(45),
        free_reply_window: Some(TimeDelta::hours(24)),
        statuses: Statuses::ByTracker,
        ..Capabilities::default()
    }
}

fn base(api: &str, version: &str) -> Result<Url, SettingsError> {
    let mut url = Url::parse(api).map_err(|_| SettingsError::Api)?;
    let is_plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || !is_plain {
        return Err(SettingsError::Api);
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts = version.strip_prefix('v').and_then(|number| number.split_once('.'));
    if !parts.is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
        return Err(SettingsError::Version);
    }
    url.path_segments_mut().map_err(|()| SettingsError::Api)?.pop_if_empty().push(version);
    Ok(url)
}

#[async_trait]
impl Gateway for WhatsAppCloud {
    fn name(&self) -> &str {
        &self.name
    }

    fn challenge(&self, query: &[(String, String)]) -> Result<String, Denied> {
        admit::challenge(&self.verify_token, query)
    }

    fn admit(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Denied> {
        admit::admit(&self.app_secrets, headers, body)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(&self.name, body, received_at)
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, key: &str) -> Result<String, SendError> {
        self.look_up(key).await
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        self.deliver(key, to, parcel).await
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.fetch(attachment).await
    }
}
