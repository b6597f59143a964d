//! A `[gateway.…]` section: which provider, how to reach it, and its secrets, each mistake with its place.

use super::http_json;
use super::model::GatewayConfig;
use super::section::Section;
use super::value::{taken, text, words};
use crate::domain::message::SIMULATED_GATEWAY;
use crate::gateway::site::Site;
use crate::gateway::{gowa, telegram, twilio, waha, whatsapp_cloud};
use crate::sheet::{choice, truth};

/// What kinds there are, as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    WhatsAppCloud,
    Gowa,
    Waha,
    HttpJson,
    Telegram,
    Twilio,
    Simulator,
}

const KINDS: [(&str, Kind); 7] = [
    ("whatsapp_cloud", Kind::WhatsAppCloud),
    ("gowa", Kind::Gowa),
    ("waha", Kind::Waha),
    ("http_json", Kind::HttpJson),
    ("telegram", Kind::Telegram),
    ("twilio", Kind::Twilio),
    ("simulator", Kind::Simulator),
];

/// The keys of each kind besides `kind`; a secret stands for itself and for `…_file`.
fn keys(kind: Kind) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Kind::WhatsAppCloud => (
            &["api", "version", "number_in_path", "auth_header", "webhook_header"],
            &["verify_token", "app_secret", "app_secret_next", "webhook_token", "webhook_token_next", "access_token"],
        ),
        Kind::Gowa => (&["api", "user", "device"], &["password", "webhook_secret", "webhook_secret_next"]),
        Kind::Waha => (&["api"], &["api_key", "hmac_key", "hmac_key_next"]),
        Kind::HttpJson => (
            &[
                "preset",
                "get",
                "secret_header",
                "secret_field",
                "signature_header",
                "signature_prefix",
                "signature_hash",
                "signature_base64",
                "inbound",
                "outbound",
            ],
            &[
                "token",
                "path_secret",
                "path_secret_next",
                "header_secret",
                "header_secret_next",
                "field_secret",
                "field_secret_next",
                "hmac_secret",
                "hmac_secret_next",
            ],
        ),
        Kind::Telegram => (&["api"], &["token", "secret_token", "secret_token_next"]),
        Kind::Twilio => (&["api", "account_sid", "public_url"], &["auth_token", "auth_token_next"]),
        Kind::Simulator => (&["allow_beside_real", "hosts"], &[]),
    }
}

/// Reads a gateway; `None` where a mistake was noted.
pub(super) fn read(section: &mut Section<'_, '_, '_, '_>) -> Option<GatewayConfig> {
    let example =
        "kind = \"whatsapp_cloud\", \"gowa\", \"waha\", \"http_json\", \"telegram\", \"twilio\" or \"simulator\"";
    let kind = section.table.need("kind", |value| choice(value, &KINDS), example)?.value;
    if section.name == SIMULATED_GATEWAY && kind != Kind::Simulator {
        let fault = format!("a gateway called `{SIMULATED_GATEWAY}` tells citizens that it is a simulation");
        section.table.note(section.table.here(), fault, "give it another name");
    }
    let (plain, secrets) = keys(kind);
    let files: Vec<String> = secrets.iter().map(|secret| format!("{secret}_file")).collect();
    let known: Vec<&str> = ["kind"]
        .into_iter()
        .chain(plain.iter().copied())
        .chain(secrets.iter().copied())
        .chain(files.iter().map(String::as_str))
        .collect();
    section.table.refuse_unknown(&known);
    let config = match kind {
        Kind::WhatsAppCloud => whatsapp_cloud(section),
        Kind::Gowa => gowa(section),
        Kind::Waha => waha(section),
        Kind::HttpJson => http_json::read(section),
        Kind::Telegram => telegram(section),
        Kind::Twilio => twilio(section),
        Kind::Simulator => Some(GatewayConfig::Simulator(Site::called(
            words(section.table.take_list("hosts", text)).unwrap_or_default(),
        ))),
    }?;
    // The gateway checks its own settings. It is asked here, so that its error is reported with the place in the file.
    match config.open() {
        Ok(_) => Some(config),
        Err(error) => {
            section.table.note(section.table.here(), error.to_string(), "mend it in this section, or in its variables");
            None
        }
    }
}

fn whatsapp_cloud(section: &mut Section<'_, '_, '_, '_>) -> Option<GatewayConfig> {
    let defaults = whatsapp_cloud::Settings::default();
    let api = section.text("api");
    // A partner's addresses may have no version: then it is written, and empty.
    let version = section.exact("version");
    let number_in_path = taken(section.table.take("number_in_path", truth));
    let auth_header = section.text("auth_header");
    let webhook_header = section.text("webhook_header");
    let verify_token = section.secret("verify_token");
    let webhook_token = match webhook_header {
        Some(header) => section.secrets("webhook_token").map(|tokens| whatsapp_cloud::WebhookToken { header, tokens }),
        None => None,
    };
    let app_secrets = match &webhook_token {
        // A partner may prove itself by its repeated token alone, without a signature.
        Some(_) => section.optional_secrets("app_secret"),
        None => section.secrets("app_secret")?,
    };
    let access_token = section.secret("access_token");
    Some(GatewayConfig::WhatsAppCloud(whatsapp_cloud::Settings {
        name: section.name.to_owned(),
        api: api.unwrap_or(defaults.api),
        version: version.unwrap_or(defaults.version),
        number_in_path: number_in_path.unwrap_or(defaults.number_in_path),
        verify_token: verify_token?,
        app_secrets,
        webhook_token,
        auth_header: auth_header.unwrap_or(defaults.auth_header),
        access_token: access_token?,
    }))
}

fn gowa(section: &mut Section<'_, '_, '_, '_>) -> Option<GatewayConfig> {
    let api = section.needed("api", gowa::API_EXAMPLE);
    let user = section.needed("user", "antrean");
    let device = section.text("device");
    let password = section.secret("password");
    let webhook_secrets = section.secrets("webhook_secret")?;
    Some(GatewayConfig::Gowa(gowa::Settings {
        name: section.name.to_owned(),
        api: api?,
        user: user?,
        password: password?,
        webhook_secrets,
        device,
    }))
}

fn waha(section: &mut Section<'_, '_, '_, '_>) -> Option<GatewayConfig> {
    let api = section.needed("api", waha::API_EXAMPLE);
    let api_key = section.secret("api_key");
    let hmac_keys = section.secrets("hmac_key")?;
    Some(GatewayConfig::Waha(waha::Settings { name: section.name.to_owned(), api: api?, api_key: api_key?, hmac_keys }))
}

fn telegram(section: &mut Section<'_, '_, '_, '_>) -> Option<GatewayConfig> {
    let api = section.text("api").unwrap_or_else(|| telegram::API_DEFAULT.to_owned());
    let token = section.secret("token");
    let secret_tokens = section.secrets("secret_token")?;
    Some(GatewayConfig::Telegram(telegram::Settings {
        name: section.name.to_owned(),
        api,
        token: token?,
        secret_tokens,
    }))
}

fn twilio(section: &mut Section<'_, '_, '_, '_>) -> Option<GatewayConfig> {
    let api = section.text("api").unwrap_or_else(|| twilio::API_DEFAULT.to_owned());
    let account_sid = section.needed("account_sid", "AC…");
    let public_url = section.needed("public_url", twilio::PUBLIC_EXAMPLE);
    let auth_tokens = section.secrets("auth_token")?;
    Some(GatewayConfig::Twilio(twilio::Settings {
        name: section.name.to_owned(),
        api,
        account_sid: account_sid?,
        auth_tokens,
        public_url: public_url?,
    }))
}
