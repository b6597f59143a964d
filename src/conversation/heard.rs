//! One message, read by its office's formats.

use chrono::{DateTime, Utc};

use super::said::Said;
use crate::grammar::Topics;

/// One message, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// When the citizen sent it.
    pub sent_at: DateTime<Utc>,
    /// A fingerprint of its text, the same for the same text; `None` without one.
    pub text: Option<u64>,
    /// Whether it has several paragraphs, as replies have and questions hardly ever: it may be a machine's.
    pub has_paragraphs: bool,
    /// What it holds.
    pub said: Said,
    /// What it asks about, alone or beside what it holds; the language that it is written in.
    pub topics: Topics,
}
