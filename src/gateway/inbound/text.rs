//! Texts of a provider as they may be stored, and as a reason may quote them.

use crate::domain::message::MessageId;

/// Longest id that is accepted, in bytes; providers' have at most about 128.
const ID_BYTES_MAX: usize = 512;

/// An id that can be a key.
pub(in crate::gateway) fn id(text: &str) -> Result<MessageId, String> {
    let fits = (1..=ID_BYTES_MAX).contains(&text.len()) && !text.contains(char::is_control);
    fits.then(|| MessageId::new(text)).ok_or_else(|| "an id that is none".to_owned())
}

/// Text without NUL, which no database column holds alike.
pub(in crate::gateway) fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// A caption that says something.
pub(in crate::gateway) fn caption(text: Option<&str>) -> Option<String> {
    text.map(clean).filter(|text| !text.trim().is_empty())
}

/// A word of the provider's as a reason may show it: letters, digits, `_` and `.`, at most 40.
pub(in crate::gateway) fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')).take(40).collect()
}
