//! The open intake transaction.

use chrono::{DateTime, Utc};

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::Tx;

/// The open intake transaction.
#[derive(Debug)]
pub struct Intake {
    pub(in crate::storage) tx: Tx,
    pub(in crate::storage) now: DateTime<Utc>,
}

impl Intake {
    /// The transaction, for the statements of other files of this room.
    pub(in crate::storage) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Makes it durable without changes of its own. Only now may anybody be told.
    ///
    /// # Errors
    /// [`StorageError`] when it is not known to be durable.
    pub async fn commit(self) -> Result<(), StorageError> {
        self.tx.commit().await
    }

    /// Undoes it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; it is undone all the same.
    pub async fn rollback(self) -> Result<(), StorageError> {
        self.tx.rollback().await
    }
}
