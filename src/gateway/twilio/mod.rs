//! Twilio: WhatsApp and SMS through one account. Bodies are forms, and the signature is over the address as Twilio
//! called it, so the public address behind a proxy is a setting.
//!
//! Files in reading order: `read` (webhook body to items), `send` (text out, pictures in, errors).

mod read;
mod send;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::header::HeaderValue;
use reqwest::{Client, Url};

use super::settings::{self, SettingsError};
use super::signature::{self, Hash};
use super::{
    Acknowledgement, Capabilities, Denied, FetchError, Gateway, Item, Media, Parcel, Precheck, Rate, Receipt,
    SendError, Statuses, WebhookRequest,
};
use crate::domain::message::{Attachment, Contact};

/// The provider's own address.
pub const API_DEFAULT: &str = "https://api.twilio.com";
/// What a public address looks like in a message about a wrong one.
pub const PUBLIC_EXAMPLE: &str = "https://antrean.example.go.id";
/// The header with the signature, base64.
const SIGNATURE_HEADER: &str = "x-twilio-signature";
/// Most fields of one body; Twilio posts about forty.
const FIELDS_MAX: usize = 1_000;
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
    /// Its tokens: the first is used, both are believed (the primary and the secondary one, during a rotation).
    pub auth_tokens: Vec<String>,
    /// The address by which Twilio reaches this server, without the path: what the proxy in front is called.
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

/// One account: a line for each sender, `whatsapp:+62…` or `+62…`.
pub struct Twilio {
    name: String,
    base: Url,
    account_sid: String,
    auth_tokens: Vec<String>,
    public: Url,
    /// `Basic …`, marked as sensitive.
    authorization: HeaderValue,
    client: Client,
    capabilities: Capabilities,
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
    fn called(&self, target: &str) -> String {
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

/// What Twilio signs: the address, and behind it name and value of every field, by name; a field that is there several
/// times gives each of its values once, in order.
fn signed_text(address: &str, body: &[u8]) -> Vec<u8> {
    let mut fields: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        fields.entry(name.into_owned()).or_default().insert(value.into_owned());
    }
    let mut text = address.as_bytes().to_vec();
    for (name, values) in fields {
        for value in values {
            text.extend(name.bytes());
            text.extend(value.bytes());
        }
    }
    text
}

/// The address with the scheme's own port written out, or without it: Twilio has signed both.
fn with_port_turned(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let (scheme, rest) = address.split_once("://")?;
    let host_end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(host_end);
    let port = url.port_or_known_default()?;
    let bare = host.strip_suffix(&format!(":{port}"));
    Some(bare.map_or_else(|| format!("{scheme}://{host}:{port}{path}"), |bare| format!("{scheme}://{bare}{path}")))
}

#[async_trait]
impl Gateway for Twilio {
    fn name(&self) -> &str {
        &self.name
    }

    fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        signature::base64_of(request.headers, (SIGNATURE_HEADER, ""), Hash::Sha1).map(|_| Precheck::Pending)
    }

    fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        let signature = signature::base64_of(request.headers, (SIGNATURE_HEADER, ""), Hash::Sha1)?;
        // What is signed is built before anybody is believed: a form of a million fields would be a hundred megabytes.
        if url::form_urlencoded::parse(request.body).nth(FIELDS_MAX).is_some() {
            return Err(Denied);
        }
        let called = self.called(request.target);
        let turned = with_port_turned(&called);
        let signs = |address: &str| {
            signature::signs(Hash::Sha1, &self.auth_tokens, &signed_text(address, request.body), &signature)
        };
        let is_signed = signs(&called) | turned.is_some_and(|turned| signs(&turned));
        is_signed.then_some(()).ok_or(Denied)
    }

    fn read(&self, body: &[u8], received_at: DateTime<Utc>) -> Vec<Item> {
        read::read(&self.name, body, received_at)
    }

    /// An answer in Twilio's own markup that says nothing: answers go out by the API.
    fn acknowledge(&self, _body: &[u8]) -> Option<Acknowledgement> {
        Some(Acknowledgement { mime: "text/xml", text: "<Response/>".to_owned() })
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use hmac::{Hmac, KeyInit, Mac};
    use sha1::Sha1;

    use super::*;
    use crate::gateway::HeaderMap;

    fn twilio(public_url: &str, token: &str) -> Twilio {
        let settings = Settings {
            name: "tw".into(),
            account_sid: "AC00112233".into(),
            auth_tokens: vec![token.into()],
            public_url: public_url.into(),
            ..Settings::default()
        };
        Twilio::new(settings).expect("settings that work")
    }

    fn verifies(gateway: &Twilio, target: &str, body: &[u8], signature: &str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(SIGNATURE_HEADER, signature.parse().expect("a value"));
        gateway.verify(&WebhookRequest { target, tail: "", headers: &headers, body }).is_ok()
    }

    // The example of Twilio's own page on webhook security.
    const BODY: &[u8] =
        b"Digits=1234&To=%2B18005551212&From=%2B14158675309&Caller=%2B14158675309&CallSid=CA1234567890ABCDE";

    #[test]
    fn the_published_vector_verifies_behind_a_proxy_with_and_without_the_port() {
        let gateway = twilio("https://mycompany.com", "12345");
        assert!(verifies(&gateway, "/myapp.php?foo=1&bar=2", BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        assert!(!verifies(&gateway, "/myapp.php?foo=1&bar=3", BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
        let other = twilio("https://mycompany.com:443/", "12345");
        assert!(
            verifies(&other, "/myapp.php?foo=1&bar=2", BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            "the port is implied"
        );
        let wrong = twilio("https://mycompany.com", "12346");
        assert!(!verifies(&wrong, "/myapp.php?foo=1&bar=2", BODY, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }

    // Negative control: without the limit of fields, a rightly signed form of a thousand and one is let in.
    #[test]
    fn a_form_of_more_fields_than_twilio_posts_is_turned_away_before_it_is_sorted() {
        let gateway = twilio("https://mycompany.com", "12345");
        let signed = |fields: usize| {
            let body = vec!["a=1"; fields].join("&").into_bytes();
            let text = signed_text("https://mycompany.com/x", &body);
            let mac = Hmac::<Sha1>::new_from_slice(b"12345").expect("any key fits").chain_update(text);
            let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
            verifies(&gateway, "/x", &body, &signature)
        };
        assert!(signed(FIELDS_MAX));
        assert!(!signed(FIELDS_MAX + 1));
    }

    #[test]
    fn repeated_fields_are_signed_once_for_each_value_and_in_order() {
        let text = signed_text("https://x/", b"b=2&a=1&b=1&b=2");
        assert_eq!(String::from_utf8_lossy(&text), "https://x/a1b1b2");
        assert_eq!(with_port_turned("https://x/a?b").as_deref(), Some("https://x:443/a?b"));
        assert_eq!(with_port_turned("https://x:443/a?b").as_deref(), Some("https://x/a?b"));
    }
}
