//! The signature over the address as Twilio called it and every field of the form.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Url;

use crate::gateway::signature::{self, Hash, SignatureHeader};
use crate::gateway::{Denied, WebhookRequest};

/// The header with the signature, base64.
const SIGNATURE: SignatureHeader<'_> = SignatureHeader { name: "x-twilio-signature", prefix: "" };
/// Most fields of one body; Twilio posts about forty.
const FIELDS_MAX: usize = 1_000;

/// The bytes of the signature that a request carries.
pub(super) fn signature_in(request: &WebhookRequest<'_>) -> Result<Vec<u8>, Denied> {
    signature::base64_of(request.headers, SIGNATURE, Hash::Sha1)
}

/// Verifies the signature; `called` is the address as Twilio called it.
pub(super) fn verify(auth_tokens: &[String], called: &str, request: &WebhookRequest<'_>) -> Result<(), Denied> {
    let signature = signature_in(request)?;
    // The signed text is built before the sender is verified: that of a form of a million fields would take a hundred
    // megabytes.
    if url::form_urlencoded::parse(request.body).nth(FIELDS_MAX).is_some() {
        return Err(Denied);
    }
    let turned = with_port_turned(called);
    let signs =
        |address: &str| signature::signs(Hash::Sha1, auth_tokens, &signed_text(address, request.body), &signature);
    let is_signed = signs(called) | turned.is_some_and(|turned| signs(&turned));
    is_signed.then_some(()).ok_or(Denied)
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use hmac::{Hmac, KeyInit, Mac};
    use sha1::Sha1;

    use super::super::client::{Settings, Twilio};
    use super::*;
    use crate::gateway::{Gateway, HeaderMap};

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
        headers.insert(SIGNATURE.name, signature.parse().expect("a value"));
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

    // Negative control: without the limit of fields, a rightly signed form of a thousand and one is verified.
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
