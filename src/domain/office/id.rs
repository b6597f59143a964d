//! Ids of offices and message formats.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Longest id, in characters: it stands in file names, addresses and log lines.
const ID_CHARS_MAX: usize = 64;

/// An office's id in kebab-case, `jakarta-pusat`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficeId(Arc<str>);

/// A text that is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is in kebab-case: a-z, 0-9 and single dashes, like `jakarta-pusat`, at most 64 characters")]
pub struct IdError;

fn is_kebab_case(text: &str) -> bool {
    text.len() <= ID_CHARS_MAX
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

impl OfficeId {
    /// Reads an id.
    ///
    /// # Errors
    /// [`IdError`] when it is not in kebab-case.
    pub fn read(text: &str) -> Result<Self, IdError> {
        is_kebab_case(text).then(|| Self(text.into())).ok_or(IdError)
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OfficeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for OfficeId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::read(&text)
    }
}

impl From<OfficeId> for String {
    fn from(id: OfficeId) -> Self {
        id.0.as_ref().to_owned()
    }
}

/// The id of a message format in `grammar/formats`, in kebab-case like an office's. Every form carries it, so copies share
/// one text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FormatId(Arc<str>);

impl FormatId {
    /// Reads an id.
    ///
    /// # Errors
    /// [`IdError`] when it is not in kebab-case.
    pub fn read(text: &str) -> Result<Self, IdError> {
        is_kebab_case(text).then(|| Self(text.into())).ok_or(IdError)
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FormatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for FormatId {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::read(&text)
    }
}

impl From<FormatId> for String {
    fn from(id: FormatId) -> Self {
        (*id.0).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_kebab_case() {
        for good in ["bogor", "jakarta-pusat", "ulp-2", "a".repeat(64).as_str()] {
            assert_eq!(OfficeId::read(good).map(|id| id.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "Bogor", "jakarta pusat", "-bogor", "bogor-", "a--b", "kantor_2", "é", "a".repeat(65).as_str()]
        {
            assert_eq!(OfficeId::read(bad), Err(IdError), "{bad}");
            assert_eq!(FormatId::read(bad), Err(IdError), "{bad}");
        }
    }
}
