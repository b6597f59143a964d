//! How one bot is reached: its settings, and what it can do.

use std::fmt;

use reqwest::{Client, Url};

use crate::domain::message::{CAPTION_CHARS_MAX, ChannelId, QUICK_REPLIES_MAX};
use crate::gateway::settings::{self, SettingsError};
use crate::gateway::{Capabilities, QuickReplyLimits, Rate};

/// The provider's own address.
pub const API_DEFAULT: &str = "https://api.telegram.org";
/// How to reach one bot. `Debug` shows no secret.
#[derive(Clone)]
pub struct Settings {
    /// The gateway's configured name.
    pub name: String,
    /// Where the API is: [`API_DEFAULT`], or a server of one's own. Trusted as it stands.
    pub api: String,
    /// The bot's token, `123456:ABC…`. What stands before the colon is the bot's id, and the key of its only channel.
    pub token: String,
    /// The secrets that webhooks may repeat: one, or two during a rotation.
    pub secret_tokens: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { name: String::new(), api: API_DEFAULT.to_owned(), token: String::new(), secret_tokens: Vec::new() }
    }
}

impl Settings {
    /// The bot's id: the key of its channel.
    pub fn key(&self) -> &str {
        self.token.split_once(':').map_or("", |(id, _)| id)
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("api", &self.api).finish_non_exhaustive()
    }
}

/// One bot: one channel.
pub struct Telegram {
    pub(super) name: String,
    /// Its only channel.
    pub(super) channel: ChannelId,
    /// `{api}`.
    pub(super) base: Url,
    /// `bot123456:ABC…`: a segment of every address, so no address may be shown.
    pub(super) bot: String,
    pub(super) secret_tokens: Vec<String>,
    pub(super) client: Client,
    pub(super) capabilities: Capabilities,
}

impl fmt::Debug for Telegram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telegram").field("name", &self.name).field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Telegram {
    /// A gateway for one bot. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let base = settings::address("api", &settings.api, API_DEFAULT)?;
        settings::own("token", &settings.token)?;
        let is_id = !settings.key().is_empty() && settings.key().bytes().all(|b| b.is_ascii_digit());
        let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b':' | b'-' | b'_');
        if !is_id || !settings.token.bytes().all(is_word) {
            return Err(SettingsError::Invalid(
                "token",
                "must look like 123456:ABC-xyz, as BotFather gave it".to_owned(),
            ));
        }
        settings::secrets("secret_token", &settings.secret_tokens)?;
        for secret in &settings.secret_tokens {
            settings::path_secret("secret_token", secret)?;
        }
        let client = settings::client(&base)?;
        let capabilities = Capabilities {
            channel_rate: Rate::per_second(30),
            recipient_rate: Rate::one_in_seconds(1).with_burst(3),
            documents: true,
            quick_replies: Some(QuickReplyLimits {
                count_max: QUICK_REPLIES_MAX,
                title_chars_max: 40,
                text_chars_max: CAPTION_CHARS_MAX,
                under_pictures: true,
            }),
            ..Capabilities::default()
        };
        let channel = ChannelId::new(&settings.name, settings.key());
        let bot = format!("bot{}", settings.token);
        let Settings { name, secret_tokens, .. } = settings;
        Ok(Self { name, channel, base, bot, secret_tokens, client, capabilities })
    }
}
