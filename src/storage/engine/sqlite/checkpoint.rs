//! SQLite's checkpoints, all of them explicit: SQLite drops the errors of automatic ones.
//!
//! A checkpoint copies pages from the WAL into the file. It syncs the file only when it has copied the whole WAL, and
//! only then reports that an earlier write failed. Linux reports a failed sync once and then counts the pages as
//! written, so a caller that drops this one error lets the WAL restart over rows that the file does not have.

use sqlx::sqlite::SqliteConnection;

use crate::storage::engine::result_row::result_row;

/// The mode of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Mode {
    /// Copies what it can without blocking anyone.
    Passive,
    /// Waits for readers, copies all pages and truncates the WAL.
    Truncate,
}

result_row! {
    /// The result row of a checkpoint.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::storage) struct CheckpointResult {
        /// 1 where another checkpoint or a reader kept it from completing.
        busy: i64,
        /// Pages in the WAL.
        pub(in crate::storage) log: i64,
        /// How many of them are in the file.
        pub(super) checkpointed: i64,
    }
}

impl CheckpointResult {
    /// Whether the whole WAL is in the file, which then has been synced as well.
    pub(in crate::storage) fn is_complete(self) -> bool {
        self.busy == 0 && self.log == self.checkpointed
    }
}

/// Runs a checkpoint.
///
/// # Errors
/// Any error of copying or syncing; [`fault`](super::fault::fault) classifies it. A reader that keeps it from
/// completing is no error.
pub(in crate::storage) async fn checkpoint(
    conn: &mut SqliteConnection,
    mode: Mode,
) -> Result<CheckpointResult, sqlx::Error> {
    let sql = match mode {
        Mode::Passive => "pragma wal_checkpoint(passive)",
        Mode::Truncate => "pragma wal_checkpoint(truncate)",
    };
    sqlx::query_as(sql).fetch_one(conn).await
}

/// A connection that is never closed. When SQLite closes the last connection of a file, it makes a checkpoint, deletes
/// the WAL, and drops the errors of both. While this connection is open, no other one is the last; the operating system
/// releases it when the process ends.
#[derive(Debug)]
pub(in crate::storage) struct LeakedConnection(Option<SqliteConnection>);

impl LeakedConnection {
    /// Keeps the connection open until the process ends.
    pub(in crate::storage) fn new(conn: SqliteConnection) -> Self {
        Self(Some(conn))
    }
}

impl Drop for LeakedConnection {
    fn drop(&mut self) {
        std::mem::forget(self.0.take());
    }
}
