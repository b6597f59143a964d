//! What a failed call means. Codes decide, never titles or messages, which are prose and change.
//!
//! Classes and codes: Meta's page of error codes (May 2026) and what open-source clients make of them.

use std::fmt;

use super::payload::ApiError;
use crate::gateway::client::call;
use crate::gateway::{Scope, SendError};

/// Shortest pause after 131057, the minute in which the provider widens the channel.
const UPGRADE_SECONDS: u64 = 60;

/// Why a call gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ApiFailure {
    /// No whole answer came back.
    Call(call::CallError),
    /// The provider answered with success, but without what would prove it.
    Unproven(u16),
    /// The provider said no.
    Answered(ErrorResponse),
}

/// A "no" of the provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ErrorResponse {
    pub status: u16,
    pub code: Option<i64>,
    pub subcode: Option<i64>,
    pub trace: Option<String>,
    pub retry_after_seconds: Option<u64>,
}

impl ErrorResponse {
    pub(super) fn new(status: u16, error: Option<ApiError>, retry_after_seconds: Option<u64>) -> Self {
        let (code, subcode, trace) = error.map_or((None, None, None), |e| (e.code, e.error_subcode, e.fbtrace_id));
        // Quoted to the provider's support; one that does not look like an id is not repeated.
        let is_id =
            |text: &String| text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        Self { status, code, subcode, trace: trace.filter(is_id), retry_after_seconds }
    }

    /// Whether the picture is at fault, not the message: it could not be taken from the upload.
    pub(super) fn is_about_media(&self) -> bool {
        self.code == Some(131_053)
    }

    /// Whether what was asked for does not exist (any more).
    pub(super) fn is_gone(&self) -> bool {
        matches!(self.code, Some(100 | 131_052)) || (self.code.is_none() && matches!(self.status, 404 | 410))
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP {}", self.status)?;
        if let Some(code) = self.code {
            write!(f, ", code {code}")?;
        }
        if let Some(subcode) = self.subcode {
            write!(f, "/{subcode}")?;
        }
        if let Some(trace) = &self.trace {
            write!(f, ", fbtrace_id {trace}")?;
        }
        Ok(())
    }
}

impl From<call::CallError> for ApiFailure {
    fn from(fault: call::CallError) -> Self {
        Self::Call(fault)
    }
}

impl From<ApiFailure> for SendError {
    fn from(fault: ApiFailure) -> Self {
        match fault {
            ApiFailure::Call(fault) => fault.into(),
            ApiFailure::Unproven(status) => Self::Ambiguous(format!("HTTP {status} without a message id")),
            ApiFailure::Answered(refusal) => verdict(&refusal),
        }
    }
}

/// The verdict on a code that came alone, with a status.
pub(super) fn of_code(code: i64) -> SendError {
    verdict(&ErrorResponse { status: 400, code: Some(code), ..ErrorResponse::default() })
}

/// The error table.
fn verdict(refusal: &ErrorResponse) -> SendError {
    let detail = refusal.to_string();
    let after_seconds = refusal.retry_after_seconds;
    match refusal.code {
        // Too fast for this citizen: one message in six seconds, with a small burst.
        Some(131_056) => SendError::Throttled { scope: Scope::Recipient, after_seconds, detail },
        // Too fast for the channel or the app.
        Some(4 | 613 | 80_007 | 130_429) => SendError::Throttled { scope: Scope::Channel, after_seconds, detail },
        Some(131_057) => {
            let after_seconds = Some(after_seconds.unwrap_or_default().max(UPGRADE_SECONDS));
            SendError::Throttled { scope: Scope::Channel, after_seconds, detail }
        }
        // The provider's own passing faults.
        Some(1 | 2 | 131_000 | 131_016 | 135_000) => SendError::Transient(detail),
        // More than 24 hours since the citizen's last message.
        Some(131_047 | 470) => SendError::WindowClosed(detail),
        // Token, rights, lock, payment, registration: nothing is sent until a person acts.
        // 33, and 100 with subcode 33, is a phone-number id that this token does not know.
        Some(
            0 | 3 | 10 | 33 | 190 | 200..=299 | 130_497 | 131_005 | 131_031 | 131_037 | 131_042 | 131_045 | 133_010,
        ) => SendError::Misconfigured(detail),
        // Spam, policy block, templates of the wrong class: going on makes it worse.
        Some(368 | 131_048 | 131_064) => SendError::Limited(detail),
        // The citizen has stopped messages from this business.
        Some(131_050) => SendError::OptedOut(detail),
        // The template is unknown, paused, disabled, or its parameters do not fit.
        Some(131_063 | 132_000..=132_999) => SendError::TemplateRefused(detail),
        Some(100) if refusal.subcode == Some(33) => SendError::Misconfigured(detail),
        // The citizen cannot be reached or does not want to be; our request is wrong; or flows, which
        // this service does not send.
        Some(
            100
            | 130_472
            | 131_008
            | 131_009
            | 131_021
            | 131_026
            | 131_030
            | 131_049
            | 131_051..=131_053
            | 131_062
            | 137_000,
        ) => SendError::Refused(detail),
        _ => by_status(refusal, detail),
    }
}

/// The verdict where the code is none or unknown.
fn by_status(refusal: &ErrorResponse, detail: String) -> SendError {
    let after_seconds = refusal.retry_after_seconds;
    match (refusal.status, refusal.code) {
        (429, _) => SendError::Throttled { scope: Scope::Channel, after_seconds, detail },
        (503, _) if after_seconds.is_some() => SendError::Throttled { scope: Scope::Channel, after_seconds, detail },
        // A middleman gave up waiting; what the provider did with the message, it does not know.
        (504, None) => SendError::Ambiguous(detail),
        (408 | 500..=599, _) => SendError::Transient(detail),
        // No word of the provider's: another server answers there, or the token is not even looked at.
        (300..=399, _) | (401 | 403 | 404 | 405, None) => SendError::Misconfigured(detail),
        _ => SendError::Refused(detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// HTTP status, code, subcode, `Retry-After`, verdict in short.
    type Row = (u16, Option<i64>, Option<i64>, Option<u64>, &'static str);

    const VERDICTS: &[Row] = &[
        (400, Some(131_056), None, None, "Throttled Recipient None"),
        (400, Some(131_056), None, Some(16), "Throttled Recipient Some(16)"),
        (400, Some(4), None, None, "Throttled Channel None"),
        (400, Some(613), None, None, "Throttled Channel None"),
        (400, Some(80_007), None, None, "Throttled Channel None"),
        (400, Some(130_429), None, Some(9), "Throttled Channel Some(9)"),
        (400, Some(131_057), None, None, "Throttled Channel Some(60)"),
        (400, Some(131_057), None, Some(90), "Throttled Channel Some(90)"),
        (429, None, None, None, "Throttled Channel None"),
        (429, None, None, Some(7), "Throttled Channel Some(7)"),
        (429, Some(999_999), None, Some(7), "Throttled Channel Some(7)"),
        (503, None, None, Some(7), "Throttled Channel Some(7)"),
        (500, Some(1), None, None, "Transient"),
        (503, Some(2), None, None, "Transient"),
        (400, Some(131_000), None, None, "Transient"),
        (400, Some(131_016), None, None, "Transient"),
        (400, Some(135_000), None, None, "Transient"),
        (500, None, None, None, "Transient"),
        (502, None, None, None, "Transient"),
        (503, None, None, None, "Transient"),
        (500, Some(999_999), None, None, "Transient"),
        (408, None, None, None, "Transient"),
        (504, None, None, None, "Ambiguous"),
        (504, Some(2), None, None, "Transient"),
        (400, Some(131_047), None, None, "WindowClosed"),
        (400, Some(470), None, None, "WindowClosed"),
        (400, Some(131_026), None, None, "Refused"),
        (400, Some(131_030), None, None, "Refused"),
        (400, Some(131_062), None, None, "Refused"),
        (400, Some(130_472), None, None, "Refused"),
        (400, Some(131_049), None, None, "Refused"),
        (400, Some(131_050), None, None, "OptedOut"),
        (400, Some(100), None, None, "Refused"),
        (500, Some(131_009), None, None, "Refused"),
        (400, Some(132_015), None, None, "TemplateRefused"),
        (400, Some(137_000), None, None, "Refused"),
        (400, Some(999_999), None, None, "Refused"),
        (400, None, None, None, "Refused"),
        (413, None, None, None, "Refused"),
        (200, Some(999_999), None, None, "Refused"),
        (400, Some(100), Some(33), None, "Misconfigured"),
        (400, Some(33), None, None, "Misconfigured"),
        (401, Some(190), None, None, "Misconfigured"),
        (400, Some(0), None, None, "Misconfigured"),
        (403, Some(10), None, None, "Misconfigured"),
        (403, Some(200), None, None, "Misconfigured"),
        (403, Some(299), None, None, "Misconfigured"),
        (403, Some(368), None, None, "Limited"),
        (400, Some(131_031), None, None, "Misconfigured"),
        (400, Some(131_042), None, None, "Misconfigured"),
        (400, Some(131_045), None, None, "Misconfigured"),
        (400, Some(131_048), None, None, "Limited"),
        (400, Some(130_497), None, None, "Misconfigured"),
        (400, Some(133_010), None, None, "Misconfigured"),
        (401, None, None, None, "Misconfigured"),
        (404, None, None, None, "Misconfigured"),
        (302, None, None, None, "Misconfigured"),
    ];

    #[test]
    fn each_code_has_its_verdict() {
        for &(status, code, subcode, retry_after_seconds, expected) in VERDICTS {
            let refusal = ErrorResponse { status, code, subcode, trace: Some("Az8-x_1".into()), retry_after_seconds };
            let verdict = SendError::from(ApiFailure::Answered(refusal));
            let short = match &verdict {
                SendError::Throttled { scope, after_seconds, .. } => format!("Throttled {scope:?} {after_seconds:?}"),
                SendError::Transient(_) => "Transient".to_owned(),
                SendError::Ambiguous(_) => "Ambiguous".to_owned(),
                SendError::WindowClosed(_) => "WindowClosed".to_owned(),
                SendError::Refused(_) => "Refused".to_owned(),
                SendError::Misconfigured(_) => "Misconfigured".to_owned(),
                SendError::Limited(_) => "Limited".to_owned(),
                SendError::OptedOut(_) => "OptedOut".to_owned(),
                SendError::TemplateRefused(_) => "TemplateRefused".to_owned(),
            };
            assert_eq!(short, expected, "{status} {code:?} {subcode:?} {retry_after_seconds:?}");
            assert!(verdict.to_string().contains("fbtrace_id Az8-x_1"), "{verdict}");
        }
    }

    #[test]
    fn a_trace_that_is_no_id_is_not_repeated() {
        let error = ApiError { code: Some(1), error_subcode: None, fbtrace_id: Some("6281200001234 said".into()) };
        assert_eq!(ErrorResponse::new(500, Some(error), None).to_string(), "HTTP 500, code 1");
    }
}
