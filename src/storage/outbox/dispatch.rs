//! The courier's transaction: it records what became of the last sends and makes the next claims, in one commit.
//!
//! Channels are locked first (see `channels`), so that on PostgreSQL two nodes never search one channel for claims at once,
//! and every node takes from the same rate.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::Tx;
use crate::storage::handle::Storage;

/// The open transaction.
#[derive(Debug)]
pub struct Dispatch {
    pub(super) tx: Tx,
}

impl Storage {
    /// Begins a round of the courier.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn dispatch(&self) -> Result<Dispatch, StorageError> {
        Ok(Dispatch { tx: self.pool.begin_dispatch().await? })
    }
}

impl Dispatch {
    /// The transaction, for the statements of other files of this module.
    pub(in crate::storage) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Commits. Only now may anything be sent.
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
