//! A webhook request before its sender is verified, and how it is answered.

use std::fmt;

pub use reqwest::header::HeaderMap;

/// A webhook request whose sender is not verified yet.
#[derive(Clone, Copy)]
pub struct WebhookRequest<'a> {
    /// Path and query as they were asked for: some providers sign them too.
    pub target: &'a str,
    /// The rest of the path after the gateway's name: nothing, or a secret.
    pub tail: &'a str,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The raw bytes.
    pub body: &'a [u8],
}

/// Paths and headers hold secrets, bodies personal data: Debug shows the length only.
impl fmt::Debug for WebhookRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebhookRequest({} bytes)", self.body.len())
    }
}

/// The response that a provider wants to a body that was accepted. Most take any 200.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acknowledgement {
    /// The content type.
    pub mime: &'static str,
    /// The body.
    pub text: String,
}

/// The sender is not the provider: the request is answered with 401 and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the request is not signed by the provider")]
pub struct Denied;

/// What path and headers alone say about the sender, before the body has arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precheck {
    /// They authenticate the sender: a secret is repeated in full.
    Verified,
    /// They carry a signature of the right form; only the body can verify it.
    Pending,
}
