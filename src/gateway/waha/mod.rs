//! WAHA, a WhatsApp-Web bridge that an office runs itself, with three engines that differ in small things.
//!
//! Files in reading order: `read` (payloads, webhook body to items), `send` (text and picture out, pictures in, what the
//! bridge is asked, errors).

mod read;
mod send;

use std::collections::HashMap;
use std::fmt;
use std::sync::Mutex;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::HeaderValue;
use reqwest::{Client, Url};

use super::settings::{self, SettingsError};
use super::signature::{self, Hash};
use super::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Rate, Receipt, SendError, Statuses,
    WebhookRequest, address,
};
use crate::domain::message::{Attachment, Contact};

/// What an address looks like in a message about a wrong one: where the bridge listens by default.
pub const API_EXAMPLE: &str = "http://127.0.0.1:3000";
/// The header with the signature over the raw body, 128 hex digits.
const SIGNATURE_HEADER: &str = "x-webhook-hmac";
/// The reference of a picture that the bridge itself could not fetch.
const NOT_FETCHED: &str = "not-fetched";

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

/// One bridge: a line for each session.
pub struct Waha {
    name: String,
    base: Url,
    api_key: HeaderValue,
    hmac_keys: Vec<String>,
    client: Client,
    capabilities: Capabilities,
    /// Numbers by privacy id, as the bridge told them.
    numbers: Mutex<HashMap<Contact, Contact>>,
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
            // An unofficial bridge is limited by what does not look like a machine.
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

#[async_trait]
impl Gateway for Waha {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        signature::hex_of(request.headers, (SIGNATURE_HEADER, ""), Hash::Sha512).map(|_| Precheck::Pending)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        signature::check_hex(request.headers, (SIGNATURE_HEADER, ""), Hash::Sha512, &self.hmac_keys, request.body)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(&self.name, body, received_at)
    }

    async fn complete(&self, mut items: Vec<Item>) -> Vec<Item> {
        for item in &mut items {
            if let Item::Message(inbound) = item
                && address::is_lid(inbound.contact.as_str())
                && let Some(number) = self.number_behind(inbound.channel.key(), &inbound.contact).await
            {
                inbound.also.push(std::mem::replace(&mut inbound.contact, number));
            }
        }
        items
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
