//! Pages at an address that one citizen alone was told: nobody signs in, search engines keep away, and who tries addresses is slowed down.

use std::net::IpAddr;

use askama::Template;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::middleware::RequestContext;
use super::protection::RateLimit;
use crate::conversation::Lang;
use crate::storage::StorageError;

/// Seconds after which somebody who asked too often may come back.
const COME_BACK: &str = "30";

/// `?l=en`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) l: String,
}

/// What a page says that shows nothing else: a title and a text each.
pub(super) struct Words {
    /// The address of the style sheet.
    pub(super) css: String,
    pub(super) other_language: &'static str,
    pub(super) gone: (&'static str, &'static str),
    pub(super) often: (&'static str, &'static str),
    pub(super) busy: (&'static str, &'static str),
}

#[derive(Template)]
#[template(path = "link/message.html")]
struct Message<'a> {
    words: &'a Words,
    css: &'a str,
    lang: Lang,
    title: &'static str,
    text: &'static str,
}

/// A page with a title and a text.
pub(super) fn message(
    status: StatusCode,
    (lang, words): (Lang, &Words),
    (title, text): (&'static str, &'static str),
) -> Response {
    sent(status, MESSAGE_POLICY, &Message { words, css: &words.css, lang, title, text })
}

/// Why nothing is shown.
pub(super) enum Refused {
    /// There is nothing, there was nothing, or its time is over: one answer for all, so that nobody learns which.
    Gone,
    TooOften,
    Storage(StorageError),
}

impl From<StorageError> for Refused {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

/// Nothing from elsewhere, and nothing that a script could change.
const MESSAGE_POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; base-uri 'none'; \
     form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

impl Refused {
    /// What whoever asks for an address gets that is none of ours.
    pub(super) fn unknown(
        limit: &RateLimit<Option<IpAddr>>,
        context: Option<&RequestContext>,
        now: DateTime<Utc>,
    ) -> Self {
        let network = context.and_then(|context| context.client.key());
        // This machine and trusted proxies are not limited.
        if network.is_none() || limit.admits(network, now) { Self::Gone } else { Self::TooOften }
    }

    /// As a page.
    pub(super) fn page(self, lang: Lang, words: &Words) -> Response {
        let (status, said) = match self {
            Self::Gone => (StatusCode::NOT_FOUND, words.gone),
            Self::TooOften => (StatusCode::TOO_MANY_REQUESTS, words.often),
            Self::Storage(error) => {
                tracing::error!(%error, "a citizen's page could not be shown");
                (StatusCode::SERVICE_UNAVAILABLE, words.busy)
            }
        };
        let mut response = message(status, (lang, words), said);
        if status != StatusCode::NOT_FOUND {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static(COME_BACK));
        }
        response
    }
}

/// A page with its headers.
pub(super) fn sent(status: StatusCode, policy: &'static str, page: &impl Template) -> Response {
    let Ok(html) = page.render() else {
        tracing::error!("a template could not be rendered");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let headers: [(HeaderName, &str); 4] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    (status, headers, html).into_response()
}
