//! Any body at any provider's door: the first byte chooses the provider, the rest is the body, and for half of the
//! choices also the proof. Nothing panics, every body gives an item, and no proof made of noise is believed.

#![no_main]
#![expect(dead_code, unused_imports, reason = "a target uses a part of the modules that it takes")]

#[path = "../../src/clock/mod.rs"]
mod clock;
#[path = "../../src/domain/mod.rs"]
mod domain;
#[path = "../../src/gateway/mod.rs"]
mod gateway;

use std::sync::{Arc, LazyLock};

use chrono::DateTime;
use gateway::http_json::{HttpJson, Mapping, Probe, Proof};
use gateway::{
    Gateway, HeaderMap, Item, WebhookRequest, gowa, http_json, telegram, timestamp, twilio, waha, whatsapp_cloud,
};
use libfuzzer_sys::fuzz_target;

const NOWHERE: &str = "http://127.0.0.1:9";
const SECRET: &str = "kata-rahasia-untuk-percobaan-saja";

/// The providers, in the order of the first byte.
static GATEWAYS: LazyLock<Vec<(Arc<dyn Gateway>, &'static str)>> = LazyLock::new(|| {
    let secret = || SECRET.to_owned();
    let (name, api) = ("g".to_owned(), NOWHERE.to_owned());
    let cloud = whatsapp_cloud::Settings {
        name: name.clone(),
        api: api.clone(),
        verify_token: secret(),
        app_secrets: vec![secret()],
        access_token: secret(),
        ..whatsapp_cloud::Settings::default()
    };
    let gowa = gowa::Settings {
        name: name.clone(),
        api: api.clone(),
        user: "u".to_owned(),
        password: secret(),
        webhook_secrets: vec![secret()],
        device: None,
    };
    let waha = waha::Settings { name: name.clone(), api: api.clone(), api_key: secret(), hmac_keys: vec![secret()] };
    let telegram = telegram::Settings {
        name: name.clone(),
        api: api.clone(),
        token: "1:abc".to_owned(),
        secret_tokens: vec![secret()],
    };
    let twilio = twilio::Settings {
        name: name.clone(),
        api: api.clone(),
        account_sid: "AC1".to_owned(),
        auth_tokens: vec![secret()],
        public_url: "https://antrean.example.go.id".to_owned(),
    };
    let mut mapping = Mapping::fonnte();
    mapping.outbound.probe = mapping.outbound.probe.map(|probe| Probe { url: api.clone(), ..probe });
    mapping.outbound.url = api;
    let json = http_json::Settings { name, proof: Proof::Path(vec![secret()]), token: secret(), get: false, mapping };
    vec![
        (Arc::new(whatsapp_cloud::WhatsAppCloud::new(cloud).expect("settings")), "x-hub-signature-256"),
        (Arc::new(gowa::Gowa::new(gowa).expect("settings")), "x-hub-signature-256"),
        (Arc::new(waha::Waha::new(waha).expect("settings")), "x-webhook-hmac"),
        (Arc::new(telegram::Telegram::new(telegram).expect("settings")), "x-telegram-bot-api-secret-token"),
        (Arc::new(twilio::Twilio::new(twilio).expect("settings")), "x-twilio-signature"),
        (Arc::new(HttpJson::new(json).expect("settings")), "x-unused"),
    ]
});

fuzz_target!(|data: &[u8]| {
    let Some((&choice, body)) = data.split_first() else { return };
    let (gateway, header) = &GATEWAYS[usize::from(choice & 0x7F) % GATEWAYS.len()];
    let received_at = DateTime::from_timestamp(1_795_316_400, 0).expect("an instant");
    let items = gateway::bounded_read::read(gateway.as_ref(), body, received_at).items;
    assert!(!items.is_empty());
    for item in &items {
        match item {
            Item::Message(message) => {
                let age = received_at - message.sent_at;
                assert!(age <= timestamp::SENT_AGE_MAX && -age <= timestamp::SENT_AHEAD_MAX, "{age}");
                assert!(!message.contact.as_str().is_empty() && !message.id.as_str().is_empty());
            }
            Item::Channel(notice) => assert!(!notice.gateway.is_empty()),
            Item::AddressChanged(moved) => assert!(!moved.left.is_empty() && !moved.taken.is_empty()),
            Item::Status(status) => assert!(!status.id.as_str().is_empty()),
            // A reason never quotes more than a word of the provider's.
            Item::Ignored { reason } | Item::Malformed { reason, .. } => assert!(reason.len() < 120, "{reason}"),
        }
    }
    let _ = gateway.acknowledge(body);
    // The proof: up to 200 bytes of the body itself, as a header and as the end of the path.
    if choice & 0x80 != 0 {
        let proof = &body[..body.len().min(200)];
        let mut headers = HeaderMap::new();
        if let Ok(value) = std::str::from_utf8(proof).unwrap_or_default().parse() {
            headers.insert(*header, value);
        }
        let tail = String::from_utf8_lossy(proof);
        let request = WebhookRequest { target: "/webhooks/g", tail: &tail, headers: &headers, body };
        let is_repeated = proof == SECRET.as_bytes();
        assert!(gateway.verify(&request).is_err() || is_repeated, "noise was believed");
    }
});
