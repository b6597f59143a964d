//! How one app is reached: its settings, and what it can do.

use std::fmt;

use chrono::TimeDelta;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::{Client, Url};

use crate::domain::message::{CAPTION_CHARS_MAX, QUICK_REPLIES_MAX};
use crate::gateway::settings::{self, SettingsError};
use crate::gateway::{Capabilities, QuickReplyLimits, Rate, Statuses};

/// The provider's own address.
pub const API_DEFAULT: &str = "https://graph.facebook.com";
/// The version of the API that this file was written for; a version lives about two years.
pub const VERSION_DEFAULT: &str = "v25.0";
/// The header that carries the access token, as `Bearer`.
pub const AUTH_HEADER_DEFAULT: &str = "authorization";

/// What a partner that does not sign repeats with every webhook request.
#[derive(Clone)]
pub struct WebhookToken {
    /// The header.
    pub header: String,
    /// Its values: one, or two during a rotation.
    pub tokens: Vec<String>,
}

/// How to reach one WhatsApp app, at Meta or at a partner with the same JSON. `Debug` shows no secret.
#[derive(Clone)]
pub struct Settings {
    /// The gateway's configured name, `wa`.
    pub name: String,
    /// Where the API is: [`API_DEFAULT`], or a partner with the same API. Trusted as it stands, http and loopback included.
    pub api: String,
    /// The API's version, [`VERSION_DEFAULT`]; empty where a partner's addresses have none.
    pub version: String,
    /// Whether addresses hold the number's id; a partner whose key belongs to one number may leave it out.
    pub number_in_path: bool,
    /// The text that the provider repeats when it proves the webhook's address.
    pub verify_token: String,
    /// The secrets that webhook bodies may be signed with: one, or two during a rotation. None only where a partner
    /// does not sign, and [`Self::webhook_token`] is its word instead.
    pub app_secrets: Vec<String>,
    /// A header and its value that a partner repeats with every webhook.
    pub webhook_token: Option<WebhookToken>,
    /// The header that carries the access token: [`AUTH_HEADER_DEFAULT`] as `Bearer`, any other as it stands.
    pub auth_header: String,
    /// The token that sends are made with.
    pub access_token: String,
}

impl Default for Settings {
    /// Meta's own, without secrets.
    fn default() -> Self {
        Self {
            name: String::new(),
            api: API_DEFAULT.to_owned(),
            version: VERSION_DEFAULT.to_owned(),
            number_in_path: true,
            verify_token: String::new(),
            app_secrets: Vec::new(),
            webhook_token: None,
            auth_header: AUTH_HEADER_DEFAULT.to_owned(),
            access_token: String::new(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("name", &self.name)
            .field("api", &self.api)
            .field("version", &self.version)
            .field("app_secrets", &self.app_secrets.len())
            .field("auth_header", &self.auth_header)
            .finish_non_exhaustive()
    }
}

/// One WhatsApp app: any number of channels (phone-number ids), one webhook.
pub struct WhatsAppCloud {
    pub(super) name: String,
    /// `{api}/{version}`.
    pub(super) base: Url,
    pub(super) number_in_path: bool,
    pub(super) verify_token: String,
    pub(super) app_secrets: Vec<String>,
    pub(super) webhook_token: Option<WebhookToken>,
    pub(super) auth_header: HeaderName,
    /// The token as its header carries it, marked as sensitive.
    pub(super) authorization: HeaderValue,
    pub(super) client: Client,
    pub(super) capabilities: Capabilities,
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
        let Settings { name, api, version, number_in_path, verify_token, app_secrets, .. } = settings;
        settings::own("verify_token", &verify_token)?;
        let webhook_token = settings.webhook_token;
        if let Some(WebhookToken { header, tokens }) = &webhook_token {
            settings::header_name("webhook_header", header)?;
            settings::secrets("webhook_token", tokens)?;
        }
        if webhook_token.is_none() || !app_secrets.is_empty() {
            settings::secrets("app_secret", &app_secrets)?;
        }
        settings::own("access_token", &settings.access_token)?;
        let auth_header = settings::header_name("auth_header", &settings.auth_header)?;
        let prefix = if auth_header == AUTHORIZATION { "Bearer " } else { "" };
        let authorization = settings::sensitive("access_token", &format!("{prefix}{}", settings.access_token))?;
        let base = base(&api, &version)?;
        let client = settings::client(&base)?;
        Ok(Self {
            name,
            base,
            number_in_path,
            verify_token,
            app_secrets,
            webhook_token,
            auth_header,
            authorization,
            client,
            capabilities: capabilities(),
        })
    }

    /// `{api}/{version}/` and these segments, each escaped.
    pub(super) fn url(&self, segments: &[&str]) -> Url {
        settings::under(&self.base, segments)
    }

    /// The address of something that belongs to the channel `key`.
    pub(super) fn url_of_channel(&self, key: &str, segment: &str) -> Url {
        if self.number_in_path { self.url(&[key, segment]) } else { self.url(&[segment]) }
    }
}

/// What the platform takes: 80 messages a second on one number; one in six seconds to one citizen, with a burst of 45; free
/// replies for a day after the citizen's last message.
fn capabilities() -> Capabilities {
    Capabilities {
        channel_rate: Rate::per_second(80),
        recipient_rate: Rate::one_in_seconds(6).with_burst(45),
        free_reply_window: Some(TimeDelta::hours(24)),
        documents: true,
        quick_replies: Some(QuickReplyLimits {
            count_max: QUICK_REPLIES_MAX,
            title_chars_max: 20,
            text_chars_max: CAPTION_CHARS_MAX,
            under_pictures: true,
        }),
        templates: true,
        statuses: Statuses::ByTracker,
        ..Capabilities::default()
    }
}

fn base(api: &str, version: &str) -> Result<Url, SettingsError> {
    let url = settings::address("api", api, API_DEFAULT)?;
    if version.is_empty() {
        return Ok(url);
    }
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let parts = version.strip_prefix('v').and_then(|number| number.split_once('.'));
    if !parts.is_some_and(|(major, minor)| is_number(major) && is_number(minor)) {
        return Err(SettingsError::Version(VERSION_DEFAULT));
    }
    Ok(settings::under(&url, &[version]))
}
