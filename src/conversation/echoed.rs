//! The hold whose echo was the last reply.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// The hold whose echo was the last reply: a word like `ya` that was sent after it approves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Echoed {
    /// The hold, by its id in the database.
    pub hold: i64,
    /// When the echo was written.
    pub at: DateTime<Utc>,
}
