//! Who may speak: the verification GET, and the signature over the raw bytes of every body.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::gateway::{Denied, HeaderMap};

/// The header with the signature. The older one without `-256` is SHA-1 and is not looked at.
const SIGNATURE_HEADER: &str = "x-hub-signature-256";
/// Longest challenge that is echoed, in bytes; real ones are about ten digits.
const CHALLENGE_BYTES_MAX: usize = 256;

/// The challenge to send back, if the provider's three parameters are each there once and right.
pub(super) fn challenge(verify_token: &str, query: &[(String, String)]) -> Result<String, Denied> {
    let only = |name: &str| {
        let mut values = query.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none()).ok_or(Denied)
    };
    let (mode, token, challenge) = (only("hub.mode")?, only("hub.verify_token")?, only("hub.challenge")?);
    // Hashed first, so that the time tells nothing of the token's length either.
    let is_token = Sha256::digest(token).ct_eq(&Sha256::digest(verify_token));
    let fits = (1..=CHALLENGE_BYTES_MAX).contains(&challenge.len());
    (bool::from(is_token) && mode == "subscribe" && fits).then(|| challenge.to_owned()).ok_or(Denied)
}

/// Checks `sha256=<64 hex digits>`: HMAC-SHA256 of the body as it came. A body that was parsed and written anew is
/// another one: the provider escapes `é` as `\u00e9` and `/` as `\/`.
pub(super) fn admit(app_secrets: &[String], headers: &HeaderMap, body: &[u8]) -> Result<(), Denied> {
    let mut values = headers.get_all(SIGNATURE_HEADER).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return Err(Denied) };
    let digits = value.as_bytes().strip_prefix(b"sha256=").ok_or(Denied)?;
    let mut signature = [0; 32];
    hex::decode_to_slice(digits, &mut signature).map_err(|_| Denied)?;
    // Every secret is tried, so that the time does not tell which one fits.
    let is_signed = app_secrets.iter().fold(false, |known, secret| known | signs(secret, body, &signature));
    is_signed.then_some(()).ok_or(Denied)
}

/// Whether `signature` is the one of `body` under `secret`, in constant time.
fn signs(secret: &str, body: &[u8], signature: &[u8]) -> bool {
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(signature).is_ok())
}
