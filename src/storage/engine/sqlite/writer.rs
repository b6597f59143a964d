//! Transactions of the one connection that writes to a SQLite file.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Executor};
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::database::{Database, Writer};
use crate::storage::engine::sqlite::options::{BUSY_WAIT, PROBE_WAIT};

/// A transaction on the writer, which it holds until its end.
#[derive(Debug)]
pub struct SqliteTx {
    file: Arc<Database>,
    writer: OwnedMutexGuard<Writer>,
}

impl Database {
    /// Waits for the writer. The caller begins the transaction.
    pub(in crate::storage) async fn lock_writer(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
        self.sound()?;
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        // The transaction before this one may have found that the disk failed.
        self.sound()?;
        writer.idle().await;
        writer.open = true;
        Ok(SqliteTx { file: Arc::clone(self), writer })
    }

    /// Waits for the writer and begins a transaction.
    pub(in crate::storage) async fn begin(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
        let mut tx = self.lock_writer().await?;
        // Immediate: a plain `begin` fails without waiting when its first write meets the lock of another process.
        let begun = tx.conn().execute("begin immediate").await;
        if let Err(error) = tx.record_result(begun) {
            tx.writer.open = false;
            return Err(error.into());
        }
        Ok(tx)
    }

    /// Health check: makes a small write where no other transaction does so at this moment, and syncs it.
    pub(in crate::storage) async fn probe_write(self: &Arc<Self>) {
        if self.sound().is_err() {
            return;
        }
        let writer = Arc::clone(&self.writer);
        let mut writer = if self.writes.has_failed() {
            // It waits its turn among other transactions; one that waits longer for another process's lock records the
            // result itself.
            let Ok(writer) = tokio::time::timeout(PROBE_WAIT, writer.lock_owned()).await else { return };
            writer
        } else if let Ok(writer) = writer.try_lock_owned() {
            writer
        } else {
            // The transaction that holds the writer will record its result; a health check waits for none.
            return;
        };
        writer.idle().await;
        writer.open = true;
        let mut tx = SqliteTx { file: Arc::clone(self), writer };
        tx.set_busy_timeout(PROBE_WAIT).await;
        // Skips one number: SQLite writes nothing for an update that changes nothing.
        let written = tx.conn().execute("begin immediate; update id_block set next = next + 1; commit").await;
        let written = tx.record_result(written);
        tx.set_busy_timeout(BUSY_WAIT).await;
        if written.is_ok() {
            self.writes.succeeded();
            tx.mark_committed();
            self.durable().await.ok();
        }
    }
}

/// A transaction that is given up (a refusal, an error, a cancelled task) is rolled back at once, not only when this process writes
/// next: until then it would keep commands beside it waiting for the lock, until they fail as busy.
impl Drop for SqliteTx {
    fn drop(&mut self) {
        if !self.writer.open {
            return;
        }
        let Ok(runtime) = Handle::try_current() else { return };
        let writer = Arc::clone(&self.file.writer);
        runtime.spawn(async move {
            writer.lock_owned().await.idle().await;
        });
    }
}

impl SqliteTx {
    pub(in crate::storage) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer.conn
    }

    /// Sets how long the next statements wait for the lock of another process.
    async fn set_busy_timeout(&mut self, wait: Duration) {
        let pragma = format!("pragma busy_timeout = {}", wait.as_millis());
        self.conn().execute(AssertSqlSafe(pragma)).await.ok();
    }

    /// Records what an error says about the disk, and passes the result on.
    pub(in crate::storage) fn record_result<T>(&self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        done.inspect_err(|error| _ = self.file.record_error(error))
    }

    /// Commits, releases the writer, and waits for the sync of the WAL. After an error it is unknown whether the commit
    /// happened.
    pub(in crate::storage) async fn commit(self) -> Result<(), StorageError> {
        let file = Arc::clone(&self.file);
        self.commit_unsynced().await?;
        file.durable().await?;
        file.checkpoint_if_long().await;
        Ok(())
    }

    /// Commits and releases the writer without waiting for the sync.
    pub(in crate::storage) async fn commit_unsynced(mut self) -> Result<(), StorageError> {
        let done = self.conn().execute("commit").await;
        self.record_result(done)?;
        self.mark_committed();
        Ok(())
    }

    /// Releases the writer: the last statement committed the transaction, or rolled it back.
    pub(in crate::storage) fn mark_committed(mut self) {
        self.file.writes.transaction_ended();
        if self.file.log().is_some() && self.file.writes.is_due() {
            // After a failed write: find out whether writes succeed again. Nobody asks that of a scratch database, where a write at
            // a moment of its own would make two plays of one history differ.
            let file = Arc::clone(&self.file);
            tokio::spawn(async move { file.probe_write().await });
        }
        self.writer.open = false;
    }

    pub(in crate::storage) async fn rollback(mut self) -> Result<(), StorageError> {
        self.conn().execute("rollback").await?;
        self.writer.open = false;
        Ok(())
    }
}
