//! Reads a request's body whole: so many bytes, in so much time, or not at all.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;

/// Largest webhook body, in bytes: WhatsApp's own limit is 3 MB, and a simulated picture travels as base64.
pub const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
/// How much of an oversize body is read and thrown away, in bytes. A client that is still sending when the connection
/// closes never sees the 413 that tells it why.
const DISCARD_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A body that is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyError {
    TooLarge,
    TooSlow,
    BrokenOff,
}

impl BodyError {
    /// Its name in the counters.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::BrokenOff => "broken_off",
        }
    }
}

impl IntoResponse for BodyError {
    fn into_response(self) -> Response {
        match self {
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "body too large: at most 4 MiB\n"),
            Self::TooSlow => (StatusCode::REQUEST_TIMEOUT, "body too slow\n"),
            Self::BrokenOff => (StatusCode::BAD_REQUEST, "body broken off\n"),
        }
        .into_response()
    }
}

/// Reads `body` whole.
///
/// # Errors
/// [`BodyError`] when it is longer than [`BODY_BYTES_MAX`], not there after `patience`, or broken off.
pub(super) async fn read(headers: &HeaderMap, body: Body, patience: Duration) -> Result<Bytes, BodyError> {
    let declared: Option<usize> =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()).and_then(|text| text.parse().ok());
    // A client that asks first has sent nothing yet and reads our refusal at once.
    if declared.is_some_and(|length| length > BODY_BYTES_MAX) && headers.contains_key(header::EXPECT) {
        return Err(BodyError::TooLarge);
    }
    tokio::time::timeout(patience, collect(declared, body)).await.unwrap_or(Err(BodyError::TooSlow))
}

async fn collect(declared: Option<usize>, body: Body) -> Result<Bytes, BodyError> {
    let mut whole = BytesMut::with_capacity(declared.unwrap_or(0).min(BODY_BYTES_MAX));
    let mut seen = 0_usize;
    let mut chunks = body.into_data_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|_| BodyError::BrokenOff)?;
        seen = seen.saturating_add(chunk.len());
        if seen > DISCARD_BYTES_MAX {
            break;
        }
        if seen > BODY_BYTES_MAX {
            whole.clear();
        } else {
            whole.extend_from_slice(&chunk);
        }
    }
    if seen > BODY_BYTES_MAX { Err(BodyError::TooLarge) } else { Ok(whole.freeze()) }
}
