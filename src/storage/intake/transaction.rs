//! The intake transaction while it is open.

use chrono::{DateTime, Utc};

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::Tx;

/// The open transaction of an intake.
#[derive(Debug)]
pub struct Intake {
    pub(in crate::storage) tx: Tx,
    pub(in crate::storage) now: DateTime<Utc>,
}

impl Intake {
    /// The transaction, for the statements of other files of this module.
    pub(in crate::storage) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Commits without changes of its own, and waits until that would survive a power loss. Only now may anybody be
    /// told.
    ///
    /// # Errors
    /// [`StorageError`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.tx.commit().await
    }

    /// Rolls back.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; it is rolled back all the same.
    pub async fn rollback(self) -> Result<(), StorageError> {
        self.tx.rollback().await
    }
}
