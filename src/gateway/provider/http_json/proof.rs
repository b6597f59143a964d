//! What authenticates a webhook request: a repeated secret, or a keyed hash over the raw body.

use std::fmt;

use crate::gateway::settings::{self, SettingsError};
use crate::gateway::signature::{self, Hash, SignatureHeader};
use crate::gateway::{Denied, Precheck, WebhookRequest};

/// What authenticates a webhook request.
#[derive(Clone)]
pub enum Proof {
    /// A secret at the end of the webhook's address, where the provider signs nothing: one, or two during a rotation.
    Path(Vec<String>),
    /// A secret that the provider repeats in a header.
    Header {
        /// The header.
        name: String,
        /// The secrets.
        secrets: Vec<String>,
    },
    /// A secret in a field of the query.
    Query {
        /// The field.
        name: String,
        /// The secrets.
        secrets: Vec<String>,
    },
    /// A keyed hash of the raw body in a header.
    Hmac {
        /// The header.
        header: String,
        /// What stands before it, such as `sha256=`.
        prefix: String,
        /// The hash.
        hash: Hash,
        /// Whether it is written in base64 rather than hex.
        base64: bool,
        /// The secrets.
        secrets: Vec<String>,
    },
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path(_) => "Path",
            Self::Header { .. } => "Header",
            Self::Query { .. } => "Query",
            Self::Hmac { .. } => "Hmac",
        })
    }
}

impl Proof {
    /// Its secrets, whatever it is.
    pub(super) fn secrets(&self) -> &[String] {
        match self {
            Self::Path(secrets)
            | Self::Header { secrets, .. }
            | Self::Query { secrets, .. }
            | Self::Hmac { secrets, .. } => secrets,
        }
    }

    /// Checks that the secrets can prove anything.
    pub(super) fn check(&self) -> Result<(), SettingsError> {
        match self {
            Self::Path(secrets) => {
                settings::secrets("path_secret", secrets)?;
                secrets.iter().try_for_each(|secret| settings::path_secret("path_secret", secret))
            }
            Self::Header { name, secrets } => {
                settings::header_name("secret_header", name)?;
                settings::secrets("header_secret", secrets)
            }
            Self::Query { name, secrets } => {
                if name.is_empty() {
                    return Err(SettingsError::Empty("secret_field"));
                }
                settings::secrets("field_secret", secrets)?;
                secrets.iter().try_for_each(|secret| settings::path_secret("field_secret", secret))
            }
            Self::Hmac { header, secrets, .. } => {
                settings::header_name("signature_header", header)?;
                settings::secrets("hmac_secret", secrets)
            }
        }
    }

    /// Judges path and headers: a repeated secret in full, a signature by its form.
    pub(super) fn precheck(&self, request: &WebhookRequest<'_>) -> Result<Precheck, Denied> {
        match self {
            Self::Path(_) | Self::Header { .. } | Self::Query { .. } => {
                self.verify(request).map(|()| Precheck::Verified)
            }
            Self::Hmac { header, prefix, hash, base64: false, .. } => {
                let header = SignatureHeader { name: header, prefix };
                signature::hex_of(request.headers, header, *hash).map(|_| Precheck::Pending)
            }
            Self::Hmac { header, prefix, hash, base64: true, .. } => {
                let header = SignatureHeader { name: header, prefix };
                signature::base64_of(request.headers, header, *hash).map(|_| Precheck::Pending)
            }
        }
    }

    /// Verifies the whole request.
    pub(super) fn verify(&self, request: &WebhookRequest<'_>) -> Result<(), Denied> {
        let is_verified = match self {
            Self::Path(secrets) => signature::repeats(request.tail.as_bytes(), secrets),
            Self::Query { name, secrets } => {
                let mut given = query_values(request.target, name);
                let only = given.next().filter(|_| given.next().is_none()).ok_or(Denied)?;
                signature::repeats(only.as_bytes(), secrets)
            }
            Self::Header { name, secrets } => signature::repeats(signature::only(request.headers, name)?, secrets),
            Self::Hmac { header, prefix, hash, base64: false, secrets } => {
                let header = SignatureHeader { name: header, prefix };
                return signature::check_hex(request.headers, header, *hash, secrets, request.body);
            }
            Self::Hmac { header, prefix, hash, base64: true, secrets } => {
                let header = SignatureHeader { name: header, prefix };
                let given = signature::base64_of(request.headers, header, *hash)?;
                signature::signs(*hash, secrets, request.body, &given)
            }
        };
        is_verified.then_some(()).ok_or(Denied)
    }
}

/// The values of a field in the query of the target.
fn query_values<'a>(target: &'a str, name: &'a str) -> impl Iterator<Item = String> + 'a {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let fields = url::form_urlencoded::parse(query.as_bytes());
    fields.filter(move |(key, _)| key == name).map(|(_, value)| value.into_owned())
}
