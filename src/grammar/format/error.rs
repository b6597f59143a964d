//! What is wrong with a format, and where in its file.

use std::ops::Range;

/// A format file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormatError {
    /// What is wrong.
    pub message: String,
    /// What to do; empty where the message says it already.
    pub remedy: String,
    /// Where, in bytes of the file's text.
    pub at: Range<usize>,
}
