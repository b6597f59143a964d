//! The courier's transaction: what became of the last sends goes in, the next claims come out, in one commit.
//!
//! Lines are locked first (see `channels`), so on PostgreSQL two nodes never look for claims on one line at once, and
//! every node takes from the same pace.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::Tx;
use crate::storage::handle::Storage;

/// The open transaction.
#[derive(Debug)]
pub struct Dispatch {
    pub(super) tx: Tx,
}

impl Storage {
    /// Begins one.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn dispatch(&self) -> Result<Dispatch, StorageError> {
        Ok(Dispatch { tx: self.pool.begin_dispatch().await? })
    }
}

impl Dispatch {
    /// The transaction, for the statements of other files of this room.
    pub(in crate::storage) fn tx(&mut self) -> &mut Tx {
        &mut self.tx
    }

    /// Makes it durable. Only now may anything be sent.
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
