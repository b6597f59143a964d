//! What one Cloud webhook of 600 bytes costs: reading and verifying it, beside the bare signature and the bare parse.
//!
//! `cargo bench --bench webhook`. The promise is at most 15 microseconds for the whole of it.
#![expect(clippy::expect_used, reason = "a benchmark may fail loudly")]

use antrean::clock::{Clock, SystemClock};
use antrean::gateway::whatsapp_cloud::{Settings, WhatsAppCloud};
use antrean::gateway::{Gateway, HeaderMap, WebhookRequest};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const SECRET: &str = "rahasia-aplikasi";

fn main() {
    divan::main();
}

/// A text message as the provider writes it, escapes and all, padded by its ids to 600 bytes.
fn body() -> Vec<u8> {
    let message = r##"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"622155500001","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Budi Contoh"},"wa_id":"6281200001234","user_id":"ID.13491208655302741918"}],"messages":[{"from":"6281200001234","from_user_id":"ID.13491208655302741918","id":"wamid.HBgNNjI4MTIwMDAwMTIzNBUCABIYFDNBQUNCNjk5RDUwNUZGMUZEM0VBRAA=","timestamp":"STAMP","type":"text","text":{"body":"#Andr\u00e9 Contoh#25\/01\/1987#24\/11\/2026"}}]},"field":"messages"}]}]}"##;
    message.replace("STAMP", &SystemClock.now().timestamp().to_string()).into_bytes()
}

fn signature(body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key fits");
    format!("sha256={}", hex::encode(mac.chain_update(body).finalize().into_bytes()))
}

fn gateway() -> WhatsAppCloud {
    let settings = Settings {
        name: "wa".into(),
        verify_token: "kata-periksa".into(),
        app_secrets: vec![SECRET.into()],
        access_token: "kunci-kirim".into(),
        ..Settings::default()
    };
    WhatsAppCloud::new(settings).expect("settings that work")
}

#[divan::bench]
fn verify_and_read(bencher: divan::Bencher<'_, '_>) {
    let (gateway, body, now) = (gateway(), body(), SystemClock.now());
    assert!((560..=640).contains(&body.len()), "about 600 bytes, not {}", body.len());
    let mut headers = HeaderMap::new();
    headers.insert("x-hub-signature-256", signature(&body).parse().expect("a header's value"));
    let request = WebhookRequest { target: "/webhooks/wa", tail: "", headers: &headers, body: &body };
    bencher.bench(|| {
        gateway.verify(divan::black_box(&request)).expect("signed");
        gateway.read(divan::black_box(&body), now)
    });
}

#[divan::bench]
fn bare_hmac(bencher: divan::Bencher<'_, '_>) {
    let body = body();
    bencher.bench(|| {
        let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).expect("any key fits");
        mac.chain_update(divan::black_box(&body)).finalize()
    });
}

#[divan::bench]
fn bare_parse(bencher: divan::Bencher<'_, '_>) {
    let body = body();
    bencher.bench(|| serde_json::from_slice::<serde_json::Value>(divan::black_box(&body)).expect("JSON"));
}
