//! Plans notices: each kind, subject and occasion once, however often it is asked for, on however many nodes.

use chrono::{DateTime, Utc};

use crate::domain::notice::Notice;
use crate::storage::engine::column::us;
use crate::storage::engine::error::StorageError;
use crate::storage::handle::Storage;
use crate::storage::intake::notices::plan;
use crate::storage::visits::DayTransaction;

/// Notices that one commit plans: some milliseconds of the one writer that SQLite has.
const PLAN_ROWS: usize = 200;

impl Storage {
    /// Plans notices, some hundred a commit, and numbers them. Those that are planned or said already stay as they are. Returns
    /// how many are new.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: some may be planned, and asking again plans the others.
    pub async fn plan_notices(&self, mut notices: Vec<Notice>, now: DateTime<Utc>) -> Result<u64, StorageError> {
        let mut new = 0;
        for some in notices.chunks_mut(PLAN_ROWS) {
            for (notice, id) in some.iter_mut().zip(self.ids(PLAN_ROWS).await?) {
                notice.id = id;
            }
            let mut tx = self.pool.begin().await?;
            new += plan(&mut tx, some, us(now)).await?;
            tx.commit().await?;
        }
        Ok(new)
    }
}

impl DayTransaction {
    /// Plans notices with what an action at the counter changes. Those that are planned or said already stay as they are.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn plan_notices(&mut self, notices: &[Notice]) -> Result<(), StorageError> {
        let now = us(self.now);
        plan(&mut self.tx, notices, now).await.map(drop)
    }
}
