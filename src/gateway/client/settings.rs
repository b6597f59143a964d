//! Checks of a gateway's settings: addresses, secrets, headers. An error names the setting, never its value.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Client, Url};

use super::http;

/// Shortest secret in an address, where it is the only authentication, in characters: 24 letters and digits are
/// more than 120 bits.
pub const PATH_SECRET_CHARS_MIN: usize = 24;
/// Secrets valid at once: the present one, and its follower while a rotation lasts.
pub const SECRETS_MAX: usize = 2;
/// Secrets that everybody knows: what providers ship as their default, and what people write into an example.
const KNOWN_SECRETS: [&str; 6] = ["secret", "my-secret-key", "changeme", "password", "admin", "test"];

/// Settings that cannot work. The text names the setting, never its value where that is a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The address is none.
    #[error("`{0}` must be an http or https address without user, query or fragment, like {1}")]
    Address(&'static str, &'static str),
    /// The version is none.
    #[error("`version` must look like {0}")]
    Version(&'static str),
    /// Nothing would be checked: an empty secret is one that everybody knows.
    #[error("`{0}` must not be empty")]
    Empty(&'static str),
    /// The secret that the provider ships, or one from an example.
    #[error("`{0}` is a secret that everybody knows; set one of your own at the provider and here")]
    Known(&'static str),
    /// More secrets than a rotation needs.
    #[error("at most {SECRETS_MAX} of `{0}` may be valid at once")]
    TooMany(&'static str),
    /// A secret that could be guessed, or that an address cannot hold.
    #[error("`{0}` must be at least {PATH_SECRET_CHARS_MIN} letters, digits, `-` or `_`")]
    PathSecret(&'static str),
    /// A token with a line break or the like in it.
    #[error("`{0}` holds characters that no header has")]
    Header(&'static str),
    /// Something else, in a sentence.
    #[error("`{0}` {1}")]
    Invalid(&'static str, String),
    /// No HTTPS without certificates to check it by.
    #[error("cannot speak HTTPS: {0}")]
    Tls(String),
}

/// Reads an address that others are built on, `example` being a right one.
pub(in crate::gateway) fn address(key: &'static str, text: &str, example: &'static str) -> Result<Url, SettingsError> {
    let wrong = || SettingsError::Address(key, example);
    let mut url = Url::parse(text).map_err(|_| wrong())?;
    let is_plain =
        url.query().is_none() && url.fragment().is_none() && url.username().is_empty() && url.password().is_none();
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() || !is_plain {
        return Err(wrong());
    }
    url.path_segments_mut().map_err(|()| wrong())?.pop_if_empty();
    Ok(url)
}

/// An address with these segments behind it, each escaped.
pub(in crate::gateway) fn under(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

/// Checks secrets that sign or accompany webhooks.
pub(in crate::gateway) fn secrets(key: &'static str, secrets: &[String]) -> Result<(), SettingsError> {
    if secrets.is_empty() {
        return Err(SettingsError::Empty(key));
    }
    if secrets.len() > SECRETS_MAX {
        return Err(SettingsError::TooMany(key));
    }
    secrets.iter().try_for_each(|secret| own(key, secret))
}

/// Checks that a secret is set and is not a well-known one.
pub(in crate::gateway) fn own(key: &'static str, secret: &str) -> Result<(), SettingsError> {
    if secret.trim().is_empty() {
        return Err(SettingsError::Empty(key));
    }
    if KNOWN_SECRETS.iter().any(|known| known.eq_ignore_ascii_case(secret.trim())) {
        return Err(SettingsError::Known(key));
    }
    Ok(())
}

/// Checks a secret in the webhook's address, where it is the only authentication.
pub(in crate::gateway) fn path_secret(key: &'static str, secret: &str) -> Result<(), SettingsError> {
    own(key, secret)?;
    let fits = secret.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fits && secret.len() >= PATH_SECRET_CHARS_MIN { Ok(()) } else { Err(SettingsError::PathSecret(key)) }
}

/// A header's value that never shows in logs.
pub(in crate::gateway) fn sensitive(key: &'static str, text: &str) -> Result<HeaderValue, SettingsError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| SettingsError::Header(key))?;
    value.set_sensitive(true);
    Ok(value)
}

/// The value of a header that carries a name and a password.
pub(in crate::gateway) fn basic(key: &'static str, user: &str, password: &str) -> Result<HeaderValue, SettingsError> {
    sensitive(key, &format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
}

/// A header's name.
pub(in crate::gateway) fn header_name(key: &'static str, text: &str) -> Result<HeaderName, SettingsError> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| SettingsError::Header(key))
}

/// A client for the provider at `api`.
pub(in crate::gateway) fn client(api: &Url) -> Result<Client, SettingsError> {
    http::client(api).map_err(|error| SettingsError::Tls(http::causes(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_that_others_can_be_built_on() {
        let read = |text| address("api", text, "https://example.org").map(|url| under(&url, &["a", "b/c"]).to_string());
        assert_eq!(read("https://example.org").as_deref(), Ok("https://example.org/a/b%2Fc"));
        assert_eq!(read("http://127.0.0.1:3000/gowa/").as_deref(), Ok("http://127.0.0.1:3000/gowa/a/b%2Fc"));
        for wrong in ["", "example.org", "ftp://x", "https://u:p@x", "https://x?a=1", "https://x#a", "file:///etc"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_secret_that_everybody_knows_is_refused() {
        for known in ["secret", "Secret", " secret ", "my-secret-key", "changeme"] {
            assert_eq!(own("webhook_secret", known), Err(SettingsError::Known("webhook_secret")), "{known}");
        }
        assert_eq!(own("webhook_secret", "  "), Err(SettingsError::Empty("webhook_secret")));
        assert_eq!(own("webhook_secret", "rahasia kantor kami"), Ok(()));
    }

    #[test]
    fn a_secret_in_an_address_is_long_and_plain() {
        assert_eq!(path_secret("path_secret", "abcdefghijklmnopqrstuvwx"), Ok(()));
        for weak in ["abcdefghijklmnopqrstuvw", "abcdefghijklmnopqrstuvw/", "abcdefghijklmnopqrstuvw x"] {
            assert_eq!(path_secret("path_secret", weak), Err(SettingsError::PathSecret("path_secret")), "{weak}");
        }
    }
}
