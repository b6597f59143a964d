//! Any gateway that posts JSON (or a form) and takes JSON (or a form): where things stand is configuration.
//!
//! Files in reading order: `mapping` (what is configured), `presets` (where it need not be), `read` (webhook body to items), `kept`
//! (what may be kept of a body), `send` (text out, pictures in, words to verdicts).

mod kept;
mod mapping;
mod presets;
mod read;
mod send;

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Url};

pub use self::mapping::{
    Condition, Encoding, InboundMapping, Kind, Mapping, OutboundMapping, Pointers, Probe, Proof, Verdict, VerdictWords,
};
pub use self::presets::PRESETS;
use super::settings::{self, SettingsError};
use super::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Receipt, SendError, WebhookRequest,
    signature,
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
    name: String,
    proof: Proof,
    takes_get: bool,
    mapping: Mapping,
    /// The token, as an address or a field may hold it.
    token: String,
    /// What must never be kept of a body: the secrets of the proof, and the token.
    secrets: Vec<String>,
    /// The host that replies go to; never with the token in it.
    origin: Url,
    auth_header: HeaderName,
    /// The token, marked as sensitive.
    authorization: HeaderValue,
    client: Client,
    capabilities: Capabilities,
}

impl fmt::Debug for HttpJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, origin, .. } = self;
        f.debug_struct("HttpJson").field("name", name).field("origin", &origin.as_str()).finish_non_exhaustive()
    }
}

/// An address with its line and token put in. It may hold a secret, and is shown nowhere.
fn filled_address(key: &'static str, template: &str, line: &str, token: &str) -> Result<Url, SettingsError> {
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

/// The values of a field in the query of what was asked for.
fn field_in<'a>(target: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let fields = url::form_urlencoded::parse(query.as_bytes());
    fields.filter(move |(key, _)| key == name).map(|(_, value)| value.into_owned())
}

#[async_trait]
impl Gateway for HttpJson {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        match &self.proof {
            Proof::Path(_) | Proof::Header { .. } | Proof::Query { .. } => {
                self.verify(request).map(|()| Precheck::Verified)
            }
            Proof::Hmac { header, prefix, hash, base64: false, .. } => {
                signature::hex_of(request.headers, (header, prefix), *hash).map(|_| Precheck::Pending)
            }
            Proof::Hmac { header, prefix, hash, base64: true, .. } => {
                signature::base64_of(request.headers, (header, prefix), *hash).map(|_| Precheck::Pending)
            }
        }
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        let is_signed = match &self.proof {
            Proof::Path(secrets) => signature::repeats(request.tail.as_bytes(), secrets),
            Proof::Query { name, secrets } => {
                let mut given = field_in(request.target, name);
                let only = given.next().filter(|_| given.next().is_none()).ok_or(Denied)?;
                signature::repeats(only.as_bytes(), secrets)
            }
            Proof::Header { name, secrets } => signature::repeats(signature::only(request.headers, name)?, secrets),
            Proof::Hmac { header, prefix, hash, base64: false, secrets } => {
                return signature::check_hex(request.headers, (header, prefix), *hash, secrets, request.body);
            }
            Proof::Hmac { header, prefix, hash, base64: true, secrets } => {
                let given = signature::base64_of(request.headers, (header, prefix), *hash)?;
                signature::signs(*hash, secrets, request.body, &given)
            }
        };
        is_signed.then_some(()).ok_or(Denied)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read((&self.name, &self.mapping.inbound), body, received_at)
    }

    fn kept(&self, body: &[u8]) -> String {
        let fields = self.mapping.inbound.hidden_fields();
        let proven = match &self.proof {
            // The secret stands in the query that came as the body.
            Proof::Query { name, .. } => Some(name.clone()),
            _ => None,
        };
        let fields: Vec<String> = fields.into_iter().chain(proven).collect();
        kept::kept(body, &fields, &self.secrets)
    }

    fn takes_get(&self) -> bool {
        self.takes_get
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
