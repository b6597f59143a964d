//! Who may send webhook requests: the GET that verifies the address, and the signature over the raw bytes of every body.

use super::client::WebhookToken;
use crate::gateway::signature::{self, Hash, SignatureHeader};
use crate::gateway::{Denied, HeaderMap, Precheck};

/// The header with the signature. The older header without `-256` is SHA-1 and is
/// not looked at.
const SIGNATURE: SignatureHeader<'_> = SignatureHeader { name: "x-hub-signature-256", prefix: "sha256=" };
/// Longest challenge that is echoed, in bytes; real ones are about ten digits.
const CHALLENGE_BYTES_MAX: usize = 256;

/// The challenge to send back, if the provider's three parameters are each there once and right.
pub(super) fn challenge(verify_token: &str, query: &[(String, String)]) -> Result<String, Denied> {
    let only = |name: &str| {
        let mut values = query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none()).ok_or(Denied)
    };
    let (mode, token, challenge) = (only("hub.mode")?, only("hub.verify_token")?, only("hub.challenge")?);
    let is_token = signature::repeats(token.as_bytes(), &[verify_token.to_owned()]);
    let fits = (1..=CHALLENGE_BYTES_MAX).contains(&challenge.len());
    (is_token && mode == "subscribe" && fits).then(|| challenge.to_owned()).ok_or(Denied)
}

/// Checks `sha256=<64 hex digits>`: HMAC-SHA256 of the body as it came. A body that was parsed and written anew is
/// another one: the provider escapes `é` as `\u00e9` and `/` as `\/`. A partner that does not sign repeats a token.
pub(super) fn verify(
    app_secrets: &[String],
    webhook_token: Option<&WebhookToken>,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), Denied> {
    match precheck(app_secrets, webhook_token, headers)? {
        Precheck::Verified => Ok(()),
        Precheck::Pending => signature::check_hex(headers, SIGNATURE, Hash::Sha256, app_secrets, body),
    }
}

/// What the headers say before the body has arrived: a partner's token in full, the signature by its form.
pub(super) fn precheck(
    app_secrets: &[String],
    webhook_token: Option<&WebhookToken>,
    headers: &HeaderMap,
) -> Result<Precheck, Denied> {
    if let Some(WebhookToken { header, tokens }) = webhook_token {
        let given = signature::only(headers, header)?;
        if !signature::repeats(given, tokens) {
            return Err(Denied);
        }
        if app_secrets.is_empty() {
            return Ok(Precheck::Verified);
        }
    }
    signature::hex_of(headers, SIGNATURE, Hash::Sha256).map(|_| Precheck::Pending)
}

#[cfg(test)]
mod tests {
    use hmac::{Hmac, KeyInit, Mac};
    use proptest::prelude::*;
    use sha2::Sha256;

    use super::*;

    const SECRET: &str = "rahasia-aplikasi";
    const NEXT_SECRET: &str = "rahasia-berikutnya";

    /// As the provider writes it: what is not ASCII is escaped, and so are slashes.
    const BODY: &[u8] = br##"{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"1001"},
        "messages":[{"from":"6281200001234","id":"wamid.X","timestamp":"1795316400","type":"text",
        "text":{"body":"#Andr\u00e9 \ud83d\ude00#25\/01\/1987"}}]}}]}]}"##;

    fn verified(headers: &HeaderMap, body: &[u8]) -> Result<(), Denied> {
        verify(&[SECRET.to_owned(), NEXT_SECRET.to_owned()], None, headers, body)
    }

    fn mac(secret: &str, body: &[u8]) -> Vec<u8> {
        let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key fits");
        mac.chain_update(body).finalize().into_bytes().to_vec()
    }

    fn headers(signatures: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for signature in signatures {
            headers.append("x-hub-signature-256", signature.parse().expect("a header value"));
        }
        headers
    }

    fn signed(secret: &str, body: &[u8]) -> HeaderMap {
        headers(&[&format!("sha256={}", hex::encode(mac(secret, body)))])
    }

    #[test]
    fn a_body_signed_with_either_secret_is_let_in() {
        assert_eq!(verified(&signed(SECRET, BODY), BODY), Ok(()));
        assert_eq!(verified(&signed(NEXT_SECRET, BODY), BODY), Ok(()));
        assert_eq!(verified(&signed("lain", BODY), BODY), Err(Denied));
    }

    #[test]
    fn a_signature_of_any_other_form_is_denied() {
        let digits = hex::encode(mac(SECRET, BODY));
        let good = format!("sha256={digits}");
        assert_eq!(verified(&headers(&[&good.replace(&digits, &digits.to_uppercase())]), BODY), Ok(()), "case is free");
        for bad in [
            "",
            "sha256=",
            &digits,
            &format!("sha1={digits}"),
            &format!("SHA256={digits}"),
            &format!("sha256={}", &digits[..62]),
            &format!("sha256={digits}00"),
            &format!("sha256= {digits}"),
            &format!("sha256={}", digits.replace(|c: char| c.is_ascii_digit(), "g")),
            &format!("{good},{good}"),
        ] {
            assert_eq!(verified(&headers(&[bad]), BODY), Err(Denied), "{bad}");
        }
        assert_eq!(verified(&headers(&[]), BODY), Err(Denied), "missing");
        assert_eq!(verified(&headers(&[&good, &good]), BODY), Err(Denied), "double");
        let mut older = HeaderMap::new();
        older.insert("x-hub-signature", good.parse().expect("a header value"));
        assert_eq!(verified(&older, BODY), Err(Denied), "the older header");
    }

    /// The provider escapes what is not ASCII, and slashes; a body parsed and written anew has another signature.
    #[test]
    fn the_signature_is_over_the_bytes_as_they_came() {
        let anew = serde_json::to_vec(&serde_json::from_slice::<serde_json::Value>(BODY).expect("JSON")).expect("JSON");
        let headers = signed(SECRET, BODY);
        assert_eq!(verified(&headers, BODY), Ok(()));
        assert_eq!(verified(&headers, &anew), Err(Denied));
    }

    #[test]
    fn the_challenge_is_echoed_to_who_knows_the_token_only() {
        let ask = |pairs: &[(&str, &str)]| {
            let query: Vec<(String, String)> = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            challenge("kata-periksa", &query)
        };
        let (mode, token) = (("hub.mode", "subscribe"), ("hub.verify_token", "kata-periksa"));
        let challenge = ("hub.challenge", "007-not a number");
        assert_eq!(ask(&[mode, token, challenge]), Ok("007-not a number".to_owned()));
        assert_eq!(ask(&[challenge, ("extra", "1"), token, mode]), Ok("007-not a number".to_owned()));
        let long = "9".repeat(300);
        for pairs in [
            &[][..],
            &[token, challenge],
            &[mode, challenge],
            &[mode, token],
            &[("hub.mode", "unsubscribe"), token, challenge],
            &[mode, ("hub.verify_token", "kata-periksa "), challenge],
            &[mode, ("hub.verify_token", ""), challenge],
            &[mode, token, ("hub.challenge", "")],
            &[mode, token, ("hub.challenge", &long)],
            &[mode, token, token, challenge],
        ] {
            assert_eq!(ask(pairs), Err(Denied), "{pairs:?}");
        }
    }

    proptest! {
        // Negative control: comparing only the first 31 bytes lets the flip in the last byte through.
        #[test]
        fn one_flipped_bit_in_body_or_signature_is_denied(at: prop::sample::Index, bit in 0u8..8) {
            let secrets = [SECRET.to_owned()];
            let mut flipped = BODY.to_vec();
            flipped[at.index(BODY.len())] ^= 1 << bit;
            prop_assert!(verify(&secrets, None, &signed(SECRET, BODY), BODY).is_ok());
            prop_assert!(verify(&secrets, None, &signed(SECRET, BODY), &flipped).is_err());
            let mut signature = mac(SECRET, BODY);
            signature[at.index(32)] ^= 1 << bit;
            let other = headers(&[&format!("sha256={}", hex::encode(signature))]);
            prop_assert!(verify(&secrets, None, &other, BODY).is_err());
        }
    }

    #[test]
    fn a_partner_that_does_not_sign_repeats_a_token() {
        let token = WebhookToken {
            header: "x-partner-token".to_owned(),
            tokens: vec!["kata-mitra".to_owned(), "kata-berikutnya".to_owned()],
        };
        let with = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert("x-partner-token", value.parse().expect("a header value"));
            headers
        };
        assert_eq!(verify(&[], Some(&token), &with("kata-mitra"), BODY), Ok(()));
        assert_eq!(verify(&[], Some(&token), &with("kata-berikutnya"), BODY), Ok(()), "during a rotation");
        assert_eq!(verify(&[], Some(&token), &with("kata-mitr"), BODY), Err(Denied));
        assert_eq!(verify(&[], Some(&token), &HeaderMap::new(), BODY), Err(Denied));
        // Where both are configured, both must hold.
        assert_eq!(verify(&[SECRET.to_owned()], Some(&token), &with("kata-mitra"), BODY), Err(Denied));
    }
}
