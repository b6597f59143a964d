//! A webhook body as JSON values, one for each message.

use serde_json::{Map, Value};

/// Bytes within which the first line of a multipart form ends: two dashes, a boundary of at most seventy, and the break.
const BOUNDARY_BYTES_MAX: usize = 80;

/// Why no version can read a body of this encoding, where that is so: a setting at the provider has to change.
pub(super) fn undecodable(body: &[u8]) -> Option<&'static str> {
    if body.starts_with(&[0x1F, 0x8B]) {
        return Some("a compressed body (gzip): turn compression off at the provider");
    }
    let is_multipart = body.starts_with(b"--") && body.iter().take(BOUNDARY_BYTES_MAX).any(|byte| *byte == b'\n');
    is_multipart.then_some("a multipart form: let the provider post JSON, or a form of one line")
}

/// A form as an object of texts: some providers posted forms before they posted JSON.
pub(super) fn form(body: &[u8]) -> Option<Value> {
    let fields: Map<String, Value> =
        url::form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), Value::from(value))).collect();
    let is_form = body.contains(&b'=') && !matches!(body.trim_ascii_start().first(), Some(b'{' | b'[' | 0xEF));
    is_form.then_some(Value::Object(fields))
}
