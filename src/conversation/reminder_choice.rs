//! What can be chosen in the answer to a reminder.

use serde::{Deserialize, Serialize};

/// What can be chosen in the answer to a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderChoice {
    /// I will come.
    Come,
    /// Another day, please.
    Move,
    /// I cancel it.
    Cancel,
}
