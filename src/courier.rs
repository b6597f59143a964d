//! Takes due replies out of the outbox, sends them, and records what became of each.

use chrono::{DateTime, Utc};

use crate::clock::SharedClock;
use crate::gateway::Gateways;
use crate::storage::{Storage, StorageError};

/// What one step did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Replies that the provider took.
    pub sent: usize,
    /// Replies put off.
    pub put_off: usize,
    /// Replies given up.
    pub dead: usize,
    /// When the next reply is due, if any is waiting.
    pub next_due: Option<DateTime<Utc>>,
}

/// The courier.
pub struct Courier {}

impl Courier {
    /// A courier for these gateways.
    pub fn new(storage: Storage, gateways: Gateways, clock: SharedClock) -> Self {
        let _ = (storage, gateways, clock);
        todo!("courier room")
    }

    /// Sends what is due now: at most two commits.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn step(&self) -> Result<Step, StorageError> {
        todo!("courier room")
    }
}
