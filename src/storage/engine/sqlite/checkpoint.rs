//! SQLite's checkpoints and what their results mean. SQLite is asked for none of its own: it drops their errors.
//!
//! A checkpoint copies pages from the log into the file. It syncs the file only when it has copied all of the log, and
//! says so only then when an earlier part did not arrive. Linux tells a failed sync once and then takes the pages for
//! written, so whoever drops that one answer lets the log begin anew over rows that the file does not have.

use sqlx::sqlite::SqliteConnection;

/// How much a checkpoint is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Mode {
    /// What it can without keeping anybody waiting.
    Passive,
    /// All, waiting for readers, and then it empties the log.
    Truncate,
}

/// What a checkpoint came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(in crate::storage) struct Copied {
    /// Somebody stood in its way: another checkpoint, or a reader.
    busy: i64,
    /// Pages in the log.
    pub(in crate::storage) log: i64,
    /// How many of them are in the file.
    pub(super) checkpointed: i64,
}

impl Copied {
    /// Whether all of the log is in the file, which then has been synced too.
    pub(in crate::storage) fn is_complete(self) -> bool {
        self.busy == 0 && self.log == self.checkpointed
    }
}

/// Runs one.
///
/// # Errors
/// Whatever kept it from copying or syncing: [`fault`] tells what follows. That a reader stands in the way is no error.
pub(in crate::storage) async fn checkpoint(conn: &mut SqliteConnection, mode: Mode) -> Result<Copied, sqlx::Error> {
    let sql = match mode {
        Mode::Passive => "pragma wal_checkpoint(passive)",
        Mode::Truncate => "pragma wal_checkpoint(truncate)",
    };
    sqlx::query_as(sql).fetch_one(conn).await
}

/// A connection that is never closed: SQLite's last close of a file checkpoints and deletes the log by itself and tells
/// nobody how that went. While this one is open no other is the last; at the end of the process the system takes it.
#[derive(Debug)]
pub(in crate::storage) struct Unclosed(Option<SqliteConnection>);

impl Unclosed {
    /// Keeps it open for as long as the process lives.
    pub(in crate::storage) fn new(conn: SqliteConnection) -> Self {
        Self(Some(conn))
    }
}

impl Drop for Unclosed {
    fn drop(&mut self) {
        std::mem::forget(self.0.take());
    }
}
