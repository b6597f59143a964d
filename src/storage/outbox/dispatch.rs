//! The courier's transaction: it records what became of the last sends and makes the next claims, in one commit.
//!
//! Channels are locked first (see `channels`), so that on PostgreSQL two nodes never search one channel for claims at once,
//! and every node takes from the same rate.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::{Tx, open_transaction};
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

open_transaction!(Dispatch);
