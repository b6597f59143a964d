//! How one account is reached: its settings, and what it can do.

use std::fmt;

use chrono::TimeDelta;
use reqwest::header::HeaderValue;
use reqwest::{Client, Url};

use crate::gateway::settings::{self, SettingsError};
use crate::gateway::{Capabilities, Rate, Statuses};

/// The provider's own address.
pub const API_DEFAULT: &str = "https://api.twilio.com";
/// The example in the error about a wrong public address.
pub const PUBLIC_EXAMPLE: &str = "https://antrean.example.go.id";
/// Longest text of one message, in characters.
const TEXT_CHARS_MAX: usize = 1_600;

/// How to reach one account. `Debug` shows no secret.
#[derive(Clone)]
pub struct Settings {
    /// The gateway's configured name.
    pub name: String,
    /// Where the API is: [`API_DEFAULT`].
    pub api: String,
    /// The account (`AC…`).
    pub account_sid: String,
    /// Its tokens: the first is used, both verify webhooks (the primary and the secondary one, during a rotation).
    pub auth_tokens: Vec<String>,
    /// The address by which Twilio reaches this server, without the path: that of the proxy in front.
    pub public_url: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            api: API_DEFAULT.to_owned(),
            account_sid: String::new(),
            auth_tokens: Vec::new(),
            public_url: String::new(),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("api", &self.api).finish_non_exhaustive()
    }
}

/// One account: a channel for each sender, `whatsapp:+62…` or `+62…`.
pub struct Twilio {
    pub(super) name: String,
    pub(super) base: Url,
    pub(super) account_sid: String,
    pub(super) auth_tokens: Vec<String>,
    pub(super) public: Url,
    /// `Basic …`, marked as sensitive.
    pub(super) authorization: HeaderValue,
    pub(super) client: Client,
    pub(super) capabilities: Capabilities,
}

impl fmt::Debug for Twilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Twilio").field("name", &self.name).field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Twilio {
    /// A gateway for one account. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = settings::address("api", &settings.api, API_DEFAULT)?;
        let public = settings::address("public_url", &settings.public_url, PUBLIC_EXAMPLE)?;
        let is_word = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !is_word(&settings.account_sid) {
            return Err(SettingsError::Invalid(
                "account_sid",
                "must look like AC0123…, as the console shows it".to_owned(),
            ));
        }
        settings::secrets("auth_token", &settings.auth_tokens)?;
        let token = settings.auth_tokens.first().map(String::as_str).unwrap_or_default();
        let authorization = settings::basic("auth_token", &settings.account_sid, token)?;
        let client = settings::client(&base)?;
        let Settings { name, account_sid, auth_tokens, .. } = settings;
        Ok(Self { name, base, account_sid, auth_tokens, public, authorization, client, capabilities: capabilities() })
    }

    /// An address as Twilio calls it: the public one, with path and query as they came.
    pub(super) fn called(&self, target: &str) -> String {
        format!("{}{target}", self.public.as_str().trim_end_matches('/'))
    }
}

/// Pictures would have to lie where everybody can fetch them, which a booking code must not. Buttons need templates.
fn capabilities() -> Capabilities {
    Capabilities {
        text_chars_max: TEXT_CHARS_MAX,
        caption_chars_max: TEXT_CHARS_MAX,
        pictures: false,
        channel_rate: Rate::per_second(20),
        recipient_rate: Rate::one_in_seconds(6).with_burst(45),
        free_reply_window: Some(TimeDelta::hours(24)),
        templates: true,
        statuses: Statuses::ById,
        ..Capabilities::default()
    }
}
