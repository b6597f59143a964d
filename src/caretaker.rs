//! The timers: lapsed holds, photos to fetch.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::clock::SharedClock;
use crate::desk::Desk;
use crate::gateway::Gateways;
use crate::storage::{Storage, StorageError};

/// The caretaker.
pub struct Caretaker {}

impl Caretaker {
    /// A caretaker that keeps fetched pictures in `media_dir`.
    pub fn new(storage: Storage, desk: Desk, gateways: Gateways, media_dir: PathBuf, clock: SharedClock) -> Self {
        let _ = (storage, desk, gateways, media_dir, clock);
        todo!("caretaker room")
    }

    /// Does what is due now; says when something is due next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn step(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        todo!("caretaker room")
    }
}
