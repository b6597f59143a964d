//! How a request came: over TLS through a trusted proxy, from this machine itself, or in a way in which others can read it.

use axum::http::HeaderMap;

use crate::web::middleware::RequestContext;

/// How a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    /// A trusted proxy says that it came over TLS.
    Tls,
    /// From this machine, without a proxy.
    Loopback,
    /// Others can read it.
    Plain,
    /// A proxy passed it on that is not trusted, so nothing is known about how it came.
    UnknownProxy,
}

impl Transport {
    /// How this request came.
    pub(super) fn of(context: &RequestContext, headers: &HeaderMap) -> Self {
        let Some(socket) = context.connection.as_ref().and_then(|connection| connection.client.address) else {
            return Self::Plain;
        };
        let said = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        if context.guard.is_proxy(socket) {
            return match said("x-forwarded-proto") {
                Some(scheme) if scheme.trim().eq_ignore_ascii_case("https") => Self::Tls,
                _ => Self::Plain,
            };
        }
        let is_forwarded =
            ["x-forwarded-for", "x-forwarded-proto", "forwarded", "via"].iter().any(|name| said(name).is_some());
        match (socket.is_loopback(), is_forwarded) {
            (true, false) => Self::Loopback,
            (true, true) => Self::UnknownProxy,
            (false, _) => Self::Plain,
        }
    }

    /// Whether a password may come this way.
    pub(super) fn is_safe(self) -> bool {
        matches!(self, Self::Tls | Self::Loopback)
    }

    /// The name of the session's cookie. Browsers keep one with the prefix only for the very host, and only over TLS.
    pub(super) fn cookie_name(self) -> &'static str {
        match self {
            Self::Loopback => "antrean-session",
            _ => "__Host-antrean-session",
        }
    }

    /// Attributes of every cookie.
    pub(super) fn cookie_attributes(self) -> &'static str {
        match self {
            Self::Loopback => "Path=/; HttpOnly; SameSite=Strict",
            _ => "Path=/; HttpOnly; SameSite=Strict; Secure",
        }
    }
}
