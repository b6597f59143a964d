//! Keyed hashes (HMAC) over the raw bytes of a body, and secrets that a provider repeats. All comparisons take constant
//! time.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::request::{Denied, HeaderMap};

/// The hash under a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1, which Twilio still signs with; as a keyed hash it is not broken.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// Bytes of its result.
    fn size(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// The header that carries a signature.
#[derive(Debug, Clone, Copy)]
pub(in crate::gateway) struct SignatureHeader<'a> {
    /// The header's name.
    pub(in crate::gateway) name: &'a str,
    /// What the value begins with, before the digits: `sha256=`.
    pub(in crate::gateway) prefix: &'a str,
}

/// Whether `signature` is the keyed hash of `body` under one of the secrets. Every secret is tried, so that the time
/// does not tell which one fits.
pub(in crate::gateway) fn signs(hash: Hash, secrets: &[String], body: &[u8], signature: &[u8]) -> bool {
    let fits = |secret: &String| match hash {
        Hash::Sha1 => verifies::<Hmac<Sha1>>(secret, body, signature),
        Hash::Sha256 => verifies::<Hmac<Sha256>>(secret, body, signature),
        Hash::Sha512 => verifies::<Hmac<Sha512>>(secret, body, signature),
    };
    secrets.iter().fold(false, |known, secret| known | fits(secret))
}

fn verifies<M: Mac + KeyInit>(secret: &str, body: &[u8], signature: &[u8]) -> bool {
    <M as KeyInit>::new_from_slice(secret.as_bytes())
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(signature).is_ok())
}

/// The bytes of `{prefix}{hex digits}` in a header that must be there exactly once: what [`check_hex`] compares.
///
/// # Errors
/// [`Denied`] whatever is wrong with it.
pub(in crate::gateway) fn hex_of(
    headers: &HeaderMap,
    header: SignatureHeader<'_>,
    hash: Hash,
) -> Result<[u8; 64], Denied> {
    let digits = only(headers, header.name)?.strip_prefix(header.prefix.as_bytes()).ok_or(Denied)?;
    let mut signature = [0; 64];
    hex::decode_to_slice(digits, signature.get_mut(..hash.size()).ok_or(Denied)?).map_err(|_| Denied)?;
    Ok(signature)
}

/// The bytes of `{prefix}{base64}` in a header that must be there exactly once, as many as the hash has.
///
/// # Errors
/// [`Denied`] whatever is wrong with it.
pub(in crate::gateway) fn base64_of(
    headers: &HeaderMap,
    header: SignatureHeader<'_>,
    hash: Hash,
) -> Result<Vec<u8>, Denied> {
    let given = only(headers, header.name)?.strip_prefix(header.prefix.as_bytes()).ok_or(Denied)?;
    let signature = BASE64_STANDARD.decode(given).map_err(|_| Denied)?;
    (signature.len() == hash.size()).then_some(signature).ok_or(Denied)
}

/// Checks `{prefix}{hex digits}` in a header that must be there exactly once.
///
/// # Errors
/// [`Denied`] whatever is wrong with it.
pub(in crate::gateway) fn check_hex(
    headers: &HeaderMap,
    header: SignatureHeader<'_>,
    hash: Hash,
    secrets: &[String],
    body: &[u8],
) -> Result<(), Denied> {
    let signature = hex_of(headers, header, hash)?;
    let signature = signature.get(..hash.size()).ok_or(Denied)?;
    signs(hash, secrets, body, signature).then_some(()).ok_or(Denied)
}

/// The value of a header that is there exactly once.
///
/// # Errors
/// [`Denied`] when it is missing or doubled: of two values, a proxy may have looked at the other one.
pub(in crate::gateway) fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<&'h [u8], Denied> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => Ok(value.as_bytes()),
        _ => Err(Denied),
    }
}

/// Whether a repeated secret is one of ours. Both are hashed first, so that the time does not depend on their length.
pub(in crate::gateway) fn repeats(given: &[u8], secrets: &[String]) -> bool {
    let given = Sha256::digest(given);
    secrets.iter().fold(false, |known, secret| known | bool::from(given.ct_eq(&Sha256::digest(secret))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Vec<String> {
        vec!["rahasia".to_owned(), "penerus".to_owned()]
    }

    // RFC 2202, RFC 4231: the second case of each, key "Jefe".
    #[test]
    fn the_published_vectors_verify() {
        let jefe = ["Jefe".to_owned()];
        let body = b"what do ya want for nothing?";
        for (hash, digits) in [
            (Hash::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
            (Hash::Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (
                Hash::Sha512,
                "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
            ),
        ] {
            let signature = hex::decode(digits).expect("hex");
            assert!(signs(hash, &jefe, body, &signature), "{hash:?}");
            assert!(!signs(hash, &jefe, b"another body", &signature), "{hash:?}");
            assert!(!signs(hash, &secrets(), body, &signature), "{hash:?}");
            assert!(!signs(hash, &jefe, body, &signature[1..]), "{hash:?}: a shorter one");
        }
    }

    #[test]
    fn a_secret_is_repeated_whole_or_not_at_all() {
        assert!(repeats(b"rahasia", &secrets()) && repeats(b"penerus", &secrets()));
        for wrong in [&b""[..], b"rahasi", b"rahasiaa", b"Rahasia"] {
            assert!(!repeats(wrong, &secrets()));
        }
        assert!(!repeats(b"", &[]));
    }

    #[test]
    fn a_header_that_is_there_twice_proves_nothing() {
        let mut headers = HeaderMap::new();
        assert_eq!(only(&headers, "x-token"), Err(Denied));
        headers.append("x-token", "a".parse().expect("a value"));
        assert_eq!(only(&headers, "x-token"), Ok(&b"a"[..]));
        headers.append("x-token", "a".parse().expect("a value"));
        assert_eq!(only(&headers, "x-token"), Err(Denied));
    }
}
