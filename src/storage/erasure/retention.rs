//! Erases what is too old, a few rows at a time, by one node at a time. Killed at any moment it has erased what it committed, and the
//! next step continues there.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::domain::retention::Retention;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::Tx;
use crate::storage::erasure::step::{Erased, Step};
use crate::storage::erasure::{old, photos};
use crate::storage::handle::Storage;
use crate::storage::housekeeping::job::{self, Done, Job, Turn};

/// One step of the retention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionStep {
    /// How many rows of each kind were erased.
    pub erased: BTreeMap<Erased, u64>,
    /// When it is due again.
    pub due: DateTime<Utc>,
    /// Whether this node has just erased the last of what is old for now.
    pub is_done: bool,
}

impl Storage {
    /// Erases about `limit` rows of each kind that are too old, if it is due and no other node does it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn retain(&self, now: DateTime<Utc>, keep: Retention, limit: u32) -> Result<RetentionStep, StorageError> {
        let repeat_key = self.repeat_key().await?;
        let mut tx = match self.claim_job(Job::Retention, now, self.pool.begin()).await? {
            Turn::Ours(tx) => tx,
            Turn::Later(due) => return Ok(RetentionStep { erased: BTreeMap::new(), due, is_done: false }),
        };
        let mut step = Step {
            now,
            keep,
            limit: i64::from(limit),
            repeat_key,
            erased: BTreeMap::new(),
            contacts: BTreeSet::new(),
            has_more: false,
        };
        run(&mut tx, &mut step).await?;
        let rows = step.erased.values().sum();
        let is_done = rows > 0 && !step.has_more;
        let done = job::finish(tx, Job::Retention, Done { rows, has_more: step.has_more }, now).await?;
        Ok(RetentionStep { erased: step.erased, due: done.due, is_done })
    }

    /// Takes what was erased out of SQLite's log too: copies the log into the file, where it overwrites what stood there, and empties
    /// it. A server does the like by `VACUUM` and its own checkpoints.
    ///
    /// # Errors
    /// [`StorageError`] when the disk failed.
    pub async fn empty_log(&self) -> Result<(), StorageError> {
        self.pool.empty_log().await
    }
}

async fn run(tx: &mut Tx, step: &mut Step<'_>) -> Result<(), StorageError> {
    old::replies(tx, step).await?;
    old::unanswered(tx, step).await?;
    old::archives(tx, step).await?;
    old::small_tables(tx, step).await?;
    photos::erase(tx, step).await?;
    old::tickets(tx, step).await?;
    old::bookings(tx, step).await?;
    old::visits(tx, step).await?;
    old::contacts(tx, step).await?;
    old::guards(tx, step).await
}
