//! The language of the replies.

use serde::{Deserialize, Serialize};

/// The language that a contact chose; Indonesian until they say `#english`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}
