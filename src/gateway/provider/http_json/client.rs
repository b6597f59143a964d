//! How one account is reached: its settings, its mapping and its token.

use std::fmt;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Url};

use super::mapping::Mapping;
use super::proof::Proof;
use crate::gateway::Capabilities;
use crate::gateway::settings::{self, SettingsError};

/// The example in the error about a wrong address.
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
    /// Whether messages come by GET as well.
    pub get: bool,
    /// Where things stand.
    pub mapping: Mapping,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("name", &self.name).field("mapping", &self.mapping).finish_non_exhaustive()
    }
}

/// One account at such a gateway.
pub struct HttpJson {
    pub(super) name: String,
    pub(super) proof: Proof,
    pub(super) takes_get: bool,
    pub(super) mapping: Mapping,
    /// The token, as an address or a field may hold it.
    pub(super) token: String,
    /// What must never be kept of a body: the secrets of the proof, and the token.
    pub(super) secrets: Vec<String>,
    /// The host that replies go to; never with the token in it.
    pub(super) origin: Url,
    pub(super) auth_header: HeaderName,
    /// The token, marked as sensitive.
    pub(super) authorization: HeaderValue,
    pub(super) client: Client,
    pub(super) capabilities: Capabilities,
}

impl fmt::Debug for HttpJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, origin, .. } = self;
        f.debug_struct("HttpJson").field("name", name).field("origin", &origin.as_str()).finish_non_exhaustive()
    }
}

/// An address with the channel's key and the token filled in. It may hold a secret, and is shown nowhere.
pub(super) fn filled_address(key: &'static str, template: &str, line: &str, token: &str) -> Result<Url, SettingsError> {
    let escape = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let text = template.replace("{line}", &escape(line)).replace("{token}", &escape(token));
    settings::address(key, &text, URL_EXAMPLE)
}

impl HttpJson {
    /// A gateway for one account. Opens no connection.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting that cannot work.
    pub fn new(settings: Settings) -> Result<Self, SettingsError> {
        let Settings { name, proof, token, get, mapping } = settings;
        proof.check()?;
        mapping.check()?;
        settings::own("token", &token)?;
        if get && !matches!(proof, Proof::Path(_) | Proof::Query { .. }) {
            let why = "needs path_secret, or secret_field and field_secret: a query has no other proof".to_owned();
            return Err(SettingsError::Invalid("get", why));
        }
        let origin = |key, template: &str| {
            let mut url = filled_address(key, template, "1", "1")?;
            url.set_path("/");
            Ok::<Url, SettingsError>(url)
        };
        let url = origin("url", &mapping.outbound.url)?;
        if let Some(probe) = &mapping.outbound.probe
            && origin("probe_url", &probe.url)?.origin() != url.origin()
        {
            let why = "must be at the same host as `url`: the token goes nowhere else";
            return Err(SettingsError::Invalid("probe_url", why.to_owned()));
        }
        let auth_header = settings::header_name("auth_header", &mapping.outbound.auth_header)?;
        let authorization = settings::sensitive("token", &format!("{}{token}", mapping.outbound.auth_prefix))?;
        let client = settings::client(&url)?;
        let capabilities = mapping.outbound.capabilities();
        let secrets = proof.secrets().iter().cloned().chain([token.clone()]).collect();
        Ok(Self {
            name,
            proof,
            takes_get: get,
            mapping,
            token,
            secrets,
            origin: url,
            auth_header,
            authorization,
            client,
            capabilities,
        })
    }
}
