//! Any gateway that posts JSON (or a form) and takes JSON (or a form): where things stand is configuration.
//!
//! Files in reading order: `shape` (what is configured, and the presets), `read` (webhook body to items), `send`
//! (text out, pictures in, words to verdicts).

mod read;
mod send;
mod shape;

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Url};

pub use self::shape::{Encoding, Inbound, Outbound, Probe, Proof, Shape, Verdict, Words};
use super::settings::{self, SettingsError};
use super::{
    Capabilities, Denied, FetchError, Gateway, Item, Knock, Media, Parcel, Receipt, SendError, Standing, signature,
};
use crate::domain::message::{Attachment, Contact};

/// What an address looks like in a message about a wrong one.
pub const URL_EXAMPLE: &str = "https://api.example.co.id/send";

/// How to reach one account. `Debug` shows no secret.
#[derive(Clone)]
pub struct Settings {
    /// The gateway's configured name.
    pub name: String,
    /// What proves that a body is the provider's.
    pub proof: Proof,
    /// The token that sends are made with, as its header carries it.
    pub token: String,
    /// Where things stand.
    pub shape: Shape,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("shape", &self.shape).finish_non_exhaustive()
    }
}

/// One account at such a gateway.
pub struct HttpJson {
    name: String,
    proof: Proof,
    shape: Shape,
    url: Url,
    probe_url: Option<Url>,
    auth_header: HeaderName,
    /// The token, marked as sensitive.
    authorization: HeaderValue,
    client: Client,
    capabilities: Capabilities,
}

impl fmt::Debug for HttpJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpJson").field("name", &self.name).field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}

impl HttpJson {
    /// A gateway for one account. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let Settings { name, proof, token, shape } = settings;
        proof.check()?;
        shape.check()?;
        settings::own("token", &token)?;
        let url = settings::address("url", &shape.outbound.url, URL_EXAMPLE)?;
        let probe_url =
            shape.outbound.probe.as_ref().map(|probe| settings::address("probe_url", &probe.url, URL_EXAMPLE));
        let probe_url = probe_url.transpose()?;
        if probe_url.as_ref().is_some_and(|probe| probe.origin() != url.origin()) {
            let why = "must be at the same host as `url`: the token goes nowhere else";
            return Err(SettingsError::Shape("probe_url", why.to_owned()));
        }
        let auth_header = settings::header_name("auth_header", &shape.outbound.auth_header)?;
        let authorization = settings::sensitive("token", &format!("{}{token}", shape.outbound.auth_prefix))?;
        let client = settings::client(&url)?;
        let capabilities = shape.outbound.capabilities();
        Ok(Self { name, proof, shape, url, probe_url, auth_header, authorization, client, capabilities })
    }
}

#[async_trait]
impl Gateway for HttpJson {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, knock: &Knock<'_>) -> Result<Standing, Denied> {
        match &self.proof {
            Proof::Path(_) | Proof::Header { .. } => self.admit(knock).map(|()| Standing::Proven),
            Proof::Hmac { header, prefix, hash, base64: false, .. } => {
                signature::hex_of(knock.headers, (header, prefix), *hash).map(|_| Standing::Claimed)
            }
            Proof::Hmac { header, prefix, hash, base64: true, .. } => {
                signature::base64_of(knock.headers, (header, prefix), *hash).map(|_| Standing::Claimed)
            }
        }
    }

    fn admit(&self, knock: &Knock<'_>) -> Result<(), Denied> {
        let is_signed = match &self.proof {
            Proof::Path(secrets) => signature::repeats(knock.tail.as_bytes(), secrets),
            Proof::Header { name, secrets } => signature::repeats(signature::only(knock.headers, name)?, secrets),
            Proof::Hmac { header, prefix, hash, base64: false, secrets } => {
                return signature::check_hex(knock.headers, (header, prefix), *hash, secrets, knock.body);
            }
            Proof::Hmac { header, prefix, hash, base64: true, secrets } => {
                let given = signature::base64_of(knock.headers, (header, prefix), *hash)?;
                signature::signs(*hash, secrets, knock.body, &given)
            }
        };
        is_signed.then_some(()).ok_or(Denied)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read((&self.name, &self.shape.inbound), body, received_at)
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn probe(&self, _key: &str) -> Result<String, SendError> {
        self.look_up().await
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        self.deliver(key, to, parcel).await
    }

    async fn fetch_media(&self, _key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.fetch(attachment).await
    }
}
