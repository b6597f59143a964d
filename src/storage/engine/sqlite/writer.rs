//! Transactions of the one connection that writes to a SQLite file.

use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Executor};
use tokio::sync::OwnedMutexGuard;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::database::{Database, Writer};
use crate::storage::engine::sqlite::options::{BUSY_WAIT, PROBE_WAIT};

/// SQLite's writer, held.
#[derive(Debug)]
pub struct SqliteTx {
    file: Arc<Database>,
    writer: OwnedMutexGuard<Writer>,
}

impl Database {
    /// The writer, its transaction still to be begun.
    pub(in crate::storage) async fn take(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
        self.sound()?;
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        // Whoever had it before may have heard of the failure meanwhile.
        self.sound()?;
        writer.idle().await;
        writer.open = true;
        Ok(SqliteTx { file: Arc::clone(self), writer })
    }

    /// Begins a transaction that writes.
    pub(in crate::storage) async fn begin(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
        let mut tx = self.take().await?;
        // Immediate: a plain `begin` fails at its first write while readers are busy, without waiting.
        let begun = tx.conn().execute("begin immediate").await;
        if let Err(error) = tx.noted(begun) {
            tx.writer.open = false;
            return Err(error.into());
        }
        Ok(tx)
    }

    /// Writes a little where nobody else writes at this moment, and waits until the disk has it.
    pub(in crate::storage) async fn try_writing(self: &Arc<Self>) {
        if self.sound().is_err() {
            return;
        }
        let writer = Arc::clone(&self.writer);
        let mut writer = if self.writes.has_failed() {
            // Its turn comes while others write; whoever waits for another process's lock keeps it longer, and tells.
            let Ok(writer) = tokio::time::timeout(PROBE_WAIT, writer.lock_owned()).await else { return };
            writer
        } else if let Ok(writer) = writer.try_lock_owned() {
            writer
        } else {
            // Whoever has the writer tells what becomes of it; nobody waits for a health check.
            return;
        };
        writer.idle().await;
        writer.open = true;
        let mut tx = SqliteTx { file: Arc::clone(self), writer };
        tx.wait_for_others(PROBE_WAIT).await;
        // A number that nobody gets: SQLite does not write what is there already.
        let written = tx.conn().execute("begin immediate; update id_block set next = next + 1; commit").await;
        let written = tx.noted(written);
        tx.wait_for_others(BUSY_WAIT).await;
        if written.is_ok() {
            self.writes.succeeded();
            tx.ended();
            self.durable().await.ok();
        }
    }
}

impl SqliteTx {
    pub(in crate::storage) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer.conn
    }

    /// How long the next statements wait for another process that writes.
    async fn wait_for_others(&mut self, wait: Duration) {
        let pragma = format!("pragma busy_timeout = {}", wait.as_millis());
        self.conn().execute(AssertSqlSafe(pragma)).await.ok();
    }

    /// Notes what an error of a statement says about the disk.
    pub(in crate::storage) fn noted<T>(&self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        done.inspect_err(|error| _ = self.file.judge(error))
    }

    /// Commits, lets the next one have the writer, and waits for the disk. After an error nobody knows whether it was
    /// committed.
    pub(in crate::storage) async fn commit(self) -> Result<(), StorageError> {
        let file = Arc::clone(&self.file);
        self.commit_ahead().await?;
        file.durable().await?;
        file.relieve().await;
        Ok(())
    }

    /// Commits without waiting for the disk.
    pub(in crate::storage) async fn commit_ahead(mut self) -> Result<(), StorageError> {
        let done = self.conn().execute("commit").await;
        self.noted(done)?;
        self.ended();
        Ok(())
    }

    /// Its last statement has committed it, or undone it.
    pub(in crate::storage) fn ended(mut self) {
        self.file.writes.ended();
        if self.file.writes.is_due() {
            // After a failure: whether it was the last one.
            let file = Arc::clone(&self.file);
            tokio::spawn(async move { file.try_writing().await });
        }
        self.writer.open = false;
    }

    pub(in crate::storage) async fn rollback(mut self) -> Result<(), StorageError> {
        self.conn().execute("rollback").await?;
        self.writer.open = false;
        Ok(())
    }
}
