//! One call to a provider: what came back, or whether anything can have gone out. Each provider's error table decides
//! on its own codes first and on the status last.

use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde::de::DeserializeOwned;

use super::http;
use crate::gateway::outbound::error::{Scope, SendError};

/// Largest answer that is read, in bytes; real ones have a few hundred.
const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// Why there is no complete response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::gateway) enum CallError {
    /// Nothing was written: no name, no connection, no TLS.
    Unreachable(String),
    /// Written, but no whole answer came back.
    Lost(&'static str),
}

impl From<CallError> for SendError {
    fn from(fault: CallError) -> Self {
        match fault {
            CallError::Unreachable(detail) => Self::Transient(detail),
            CallError::Lost(detail) => Self::Ambiguous(detail.to_owned()),
        }
    }
}

/// A complete response, whatever its status.
#[derive(Debug)]
pub(in crate::gateway) struct ApiResponse {
    pub(in crate::gateway) status: u16,
    pub(in crate::gateway) retry_after_seconds: Option<u64>,
    body: Vec<u8>,
}

impl ApiResponse {
    /// A stand-in where an error code comes by a status webhook rather than by a response.
    pub(in crate::gateway) fn none() -> Self {
        Self { status: 400, retry_after_seconds: None, body: Vec::new() }
    }

    /// Whether the status is a success. Some providers report failures with 200: their modules look into the body.
    pub(in crate::gateway) fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body, if it is this type as JSON.
    pub(in crate::gateway) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A "too fast" with the wait that the provider asks for.
    pub(in crate::gateway) fn throttled(&self, scope: Scope, detail: String) -> SendError {
        SendError::Throttled { scope, after_seconds: self.retry_after_seconds, detail }
    }

    /// The verdict where no code of the provider's decides.
    pub(in crate::gateway) fn by_status(&self, detail: String) -> SendError {
        match self.status {
            429 => self.throttled(Scope::Channel, detail),
            503 if self.retry_after_seconds.is_some() => self.throttled(Scope::Channel, detail),
            // A success without proof, or a gateway in between that does not know what the provider did.
            200..=299 | 504 => SendError::Ambiguous(detail),
            408 | 500..=599 => SendError::Transient(detail),
            // Another server answers there, or our credentials are refused.
            300..=399 | 401 | 403 | 404 | 405 => SendError::Misconfigured(detail),
            _ => SendError::Refused(detail),
        }
    }
}

/// A request with a form for its body.
pub(in crate::gateway) fn with_form<'a>(
    request: RequestBuilder,
    fields: impl Iterator<Item = (&'a str, String)>,
) -> RequestBuilder {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.finish())
}

/// Makes one call.
///
/// # Errors
/// [`CallError`] says whether anything can have gone out.
pub(in crate::gateway) async fn call(request: RequestBuilder) -> Result<ApiResponse, CallError> {
    let answer = request.send().await.map_err(call_error_of)?;
    let status = answer.status().as_u16();
    let retry_after_seconds = http::retry_after_seconds(answer.headers());
    let body = match http::read_capped(answer, ANSWER_BYTES_MAX).await {
        Ok(body) => body,
        Err(_) if (200..300).contains(&status) => return Err(CallError::Lost("the answer broke off")),
        Err(_) => Vec::new(), // the status alone says no
    };
    Ok(ApiResponse { status, retry_after_seconds, body })
}

/// Whether anything was written decides between "not out" and "perhaps out".
pub(in crate::gateway) fn call_error_of(error: reqwest::Error) -> CallError {
    if error.is_connect() || error.is_builder() {
        CallError::Unreachable(http::causes(error))
    } else if error.is_timeout() {
        CallError::Lost("no answer in time")
    } else {
        CallError::Lost("the connection broke before the answer")
    }
}

/// Longest quotation, in words, and longest word of it, in letters.
const QUOTED_WORDS_MAX: usize = 10;
const QUOTED_LETTERS_MAX: usize = 24;

/// A provider's words as an error may quote them: a few, and of those only plain ones (`invalid token`, `INVALID_JID`).
/// Whatever could be a number, a code of a citizen or a token of ours becomes a dot.
pub(in crate::gateway) fn quoted(text: &str) -> String {
    let plain = |word: &str| {
        let word = word.trim_matches(|c: char| matches!(c, '.' | ',' | ':' | ';' | '!' | '(' | ')'));
        let is_name = word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        let rest_is_small = word.bytes().skip(1).all(|b| b.is_ascii_lowercase());
        let is_word = rest_is_small && word.bytes().all(|b| b.is_ascii_alphabetic());
        let fits = word.len() <= QUOTED_LETTERS_MAX && (is_name || is_word);
        if fits { word.to_owned() } else { "·".to_owned() }
    };
    text.split_whitespace().take(QUOTED_WORDS_MAX).map(plain).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_decides_where_no_code_does() {
        let verdict = |status, retry_after_seconds| {
            let answer = ApiResponse { status, retry_after_seconds, body: Vec::new() };
            match answer.by_status(String::new()) {
                SendError::Throttled { scope: Scope::Channel, after_seconds, .. } => {
                    format!("throttled {after_seconds:?}")
                }
                SendError::Throttled { .. } => "throttled recipient".to_owned(),
                SendError::Transient(_) => "transient".to_owned(),
                SendError::Ambiguous(_) => "ambiguous".to_owned(),
                SendError::Misconfigured(_) => "misconfigured".to_owned(),
                SendError::Refused(_) => "refused".to_owned(),
                other => format!("{other:?}"),
            }
        };
        for (status, retry, expected) in [
            (429, None, "throttled None"),
            (429, Some(7), "throttled Some(7)"),
            (503, Some(7), "throttled Some(7)"),
            (503, None, "transient"),
            (500, Some(7), "transient"),
            (408, None, "transient"),
            (504, None, "ambiguous"),
            (200, None, "ambiguous"),
            (302, None, "misconfigured"),
            (401, None, "misconfigured"),
            (404, None, "misconfigured"),
            (400, None, "refused"),
            (413, None, "refused"),
        ] {
            assert_eq!(verdict(status, retry), expected, "{status}");
        }
    }

    #[test]
    fn a_quotation_holds_no_number_and_no_token() {
        for (said, quotation) in [
            ("invalid token", "invalid token"),
            ("Bad Request: chat not found", "Bad Request chat not found"),
            ("WA_REACHOUT_TIMELOCK", "WA_REACHOUT_TIMELOCK"),
            ("no 6281200001234", "no ·"),
            ("token kunci-kirim EAAGxyz AAkunci-bot_telegram ab1", "token · · · ·"),
            ("", ""),
        ] {
            assert_eq!(quoted(said), quotation);
        }
    }
}
