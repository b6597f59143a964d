//! Whether writes succeed: the last failure is remembered until a write succeeds.
//!
//! This covers failures that can pass (a full disk, a quota, a file system that became read-only, an input/output
//! error). A failed sync does not pass: [`super::sqlite::wal_sync::WalSync`] remembers it.

use std::fmt::Display;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::storage::engine::error::StorageError;

/// How long a successful write speaks for the next one; a later health check writes by itself. Ten seconds are short
/// for a monitor, and one page in ten seconds is nothing to a disk.
const TRUSTED_FOR: Duration = Duration::from_secs(10);
/// The same after a failure: it should show soon that the disk has room again.
const DOUBTED_FOR: Duration = Duration::from_secs(1);

/// The results of the last writes of one kind.
#[derive(Debug)]
pub(in crate::storage) struct WriteHealth {
    /// What the log says when one fails.
    fails: &'static str,
    /// What the log says when the next one succeeds.
    succeeds: &'static str,
    begun: Instant,
    /// Read at every commit; the reason is locked only where there is one.
    has_failed: AtomicBool,
    reason: Mutex<Option<String>>,
    /// When a write last succeeded, or a health check last tried one, in milliseconds after `begun`; 0: never.
    known_ms: AtomicU64,
    #[cfg(test)]
    aged_ms: AtomicU64,
}

impl WriteHealth {
    /// Writes of transactions.
    pub(in crate::storage) fn of_database() -> Self {
        Self::of("the database cannot be written", "the database can be written again")
    }

    /// Writes of SQLite's checkpoints.
    pub(in crate::storage) fn of_checkpoints() -> Self {
        Self::of(
            "the log of the database cannot be written to its file",
            "the log of the database can be written to its file again",
        )
    }

    fn of(fails: &'static str, succeeds: &'static str) -> Self {
        Self {
            fails,
            succeeds,
            begun: Instant::now(),
            has_failed: AtomicBool::new(false),
            reason: Mutex::new(None),
            known_ms: AtomicU64::new(0),
            #[cfg(test)]
            aged_ms: AtomicU64::new(0),
        }
    }

    /// A transaction committed, maybe without a write. Costs two atomic operations.
    pub(in crate::storage) fn transaction_ended(&self) {
        if !self.has_failed() {
            self.known_ms.store(self.now_ms(), Ordering::Relaxed);
        }
    }

    /// A write succeeded.
    pub(in crate::storage) fn succeeded(&self) {
        self.known_ms.store(self.now_ms(), Ordering::Relaxed);
        if self.has_failed() {
            self.set(None);
            tracing::warn!("{}", self.succeeds);
        }
    }

    /// A write failed. Only the first failure in a row is logged.
    pub(in crate::storage) fn failed(&self, error: &dyn Display) {
        let is_first = !self.has_failed();
        self.set(Some(error.to_string()));
        if is_first {
            tracing::error!(%error, "{}; /readyz is red until it can", self.fails);
        }
    }

    fn set(&self, reason: Option<String>) {
        let mut held = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        self.has_failed.store(reason.is_some(), Ordering::Relaxed);
        *held = reason;
    }

    /// Whether the last write failed.
    pub(in crate::storage) fn has_failed(&self) -> bool {
        self.has_failed.load(Ordering::Relaxed)
    }

    /// Whether a health check should write now. Of many callers at once, one gets `true`.
    pub(in crate::storage) fn is_due(&self) -> bool {
        let rest = if self.has_failed() { DOUBTED_FOR } else { TRUSTED_FOR };
        let (now, known) = (self.now_ms(), self.known_ms.load(Ordering::Relaxed));
        let is_old = now.saturating_sub(known) >= u64::try_from(rest.as_millis()).unwrap_or(u64::MAX);
        (is_old || known == 0)
            && self.known_ms.compare_exchange(known, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    /// What a health check reports.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] while the last write failed.
    pub(in crate::storage) fn check(&self) -> Result<(), StorageError> {
        if !self.has_failed() {
            return Ok(());
        }
        let held = self.reason.lock().unwrap_or_else(PoisonError::into_inner);
        held.as_ref().map_or(Ok(()), |reason| Err(StorageError::Unavailable(format!("{}: {reason}", self.fails))))
    }

    /// Never 0.
    fn now_ms(&self) -> u64 {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX).saturating_add(1);
        #[cfg(test)]
        let now = now + self.aged_ms.load(Ordering::Relaxed);
        now
    }

    /// Lets the last write be long ago.
    #[cfg(test)]
    pub(in crate::storage) fn age(&self) {
        self.aged_ms.fetch_add(u64::try_from(TRUSTED_FOR.as_millis()).expect("some seconds"), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: without `set(None)` in `succeeded` it stays red.
    #[test]
    fn a_write_that_failed_is_remembered_until_one_succeeds() {
        let writes = WriteHealth::of_database();
        writes.check().unwrap();
        writes.failed(&"no space left");
        writes.failed(&"no space at all");
        let told = writes.check().unwrap_err().to_string();
        assert!(told.contains("the database cannot be written: no space at all"), "{told}");
        writes.transaction_ended();
        writes.check().expect_err("a transaction of repeats writes nothing, and says nothing of the disk");
        writes.succeeded();
        writes.check().unwrap();
    }

    // Negative control: without `compare_exchange` each caller is told to write.
    #[test]
    fn a_health_check_writes_only_where_nobody_else_did_and_then_once() {
        let writes = WriteHealth::of_database();
        assert!(writes.is_due() && !writes.is_due(), "of many that ask, one writes");
        writes.age();
        assert!(writes.is_due() && !writes.is_due());
        writes.age();
        writes.transaction_ended();
        assert!(!writes.is_due(), "somebody has just written");
    }
}
