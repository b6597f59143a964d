//! Why somebody could not be let in, or a change not be made, through no fault of theirs.

use crate::storage::StorageError;

/// A failure, which another try may not meet.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// More sign-ins wait than are judged in time.
    #[error("too many sign-ins at once")]
    Busy,
    /// The operating system has no random numbers.
    #[error("the operating system gives no random numbers")]
    Chance,
    /// A password could not be hashed.
    #[error("a password could not be hashed: {0}")]
    Hash(String),
}
