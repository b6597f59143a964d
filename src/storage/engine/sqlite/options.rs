//! How a connection to a SQLite file is opened: its settings, and the sizes of page, cache and WAL.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};

use crate::storage::engine::sqlite::checkpoint::LeakedConnection;

/// How long a writer waits for the lock of another process (a command beside the server) before it fails as busy.
pub(in crate::storage) const BUSY_WAIT: Duration = Duration::from_secs(5);
/// The same for the write of a health check, and how long that one waits for the writer of this process. Together they
/// are shorter than the two seconds of a probe, and each is longer than a command holds the lock for one transaction.
pub(in crate::storage) const PROBE_WAIT: Duration = Duration::from_millis(500);
/// Page size of a new file. A message changes a page of its own in nearly every index, and the WAL takes whole pages:
/// half of the default size is half of the bytes that a commit waits for.
const PAGE_BYTES: u32 = 2048;
/// Page cache of each connection, in KiB: it holds all pages that a full batch changes, so that none is written twice.
const CACHE_KIB: u32 = 4 * 1024;
/// Page cache of the connection that makes checkpoints, in KiB: it only copies pages.
const CHECKPOINTER_CACHE_KIB: u32 = 64;
/// Size from which the WAL restarts at its beginning, once all of it is in the file. A page that changes in every batch
/// is copied once for many of them, and overwriting a WAL costs half of what extending it costs.
pub(in crate::storage) const WAL_BYTES: u32 = 16 * 1024 * 1024;
/// The same in pages.
pub(in crate::storage) const WAL_PAGES: u32 = WAL_BYTES / PAGE_BYTES;
/// Size that the WAL file keeps at a restart; what one large transaction added beyond it is truncated. Four times the
/// restart size, so that a busy day does not truncate and extend the file all the time.
pub(in crate::storage) const WAL_BYTES_KEPT: u32 = 4 * WAL_BYTES;
/// Read-only connections, on either engine. Lists and exports need no more, and each costs memory.
pub(in crate::storage) const READERS: u32 = 4;
/// Pauses before a locked file is opened again, in milliseconds: 0.6 seconds together.
const LOCKED_PAUSES_MS: [u64; 6] = [10, 20, 40, 80, 160, 320];

/// The options of every connection.
pub(in crate::storage) fn options(path: &Path) -> SqliteConnectOptions {
    // SQLite stores only the journal mode in the file, so every connection sets the rest.
    SqliteConnectOptions::new()
        .filename(path)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        // Less loses acknowledged bookings at a power loss. `Database::open` relaxes it for the writer, whose WAL is
        // synced separately.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        // What is erased is overwritten with zeros in the file.
        .pragma("secure_delete", "on")
        .busy_timeout(BUSY_WAIT)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        // SQLite drops the errors of automatic checkpoints.
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", WAL_BYTES_KEPT.to_string())
}

/// Opens the connection that makes the checkpoints of a process that serves.
pub(in crate::storage) async fn open_checkpointer(path: &Path) -> Result<SqliteConnection, sqlx::Error> {
    let options = options(path).pragma("cache_size", format!("-{CHECKPOINTER_CACHE_KIB}"));
    connected(&options.disable_statement_logging()).await
}

/// Opens the read-only connection that stays open until the process ends; see [`LeakedConnection`].
pub(in crate::storage) async fn open_keep_alive(path: &Path) -> Result<LeakedConnection, sqlx::Error> {
    let options = options(path).read_only(true).pragma("cache_size", "0").disable_statement_logging();
    let mut conn = connected(&options).await?;
    // Only a connection that has read holds the shared lock by which another one sees at its close that it is not the
    // last.
    conn.execute("select count(*) from sqlite_schema").await?;
    Ok(LeakedConnection::new(conn))
}

/// Connects. While another process creates the WAL of this file, SQLite answers "locked" at once instead of waiting as
/// it does for any other lock, so that is tried again.
pub(in crate::storage) async fn connected(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    for pause in LOCKED_PAUSES_MS {
        match options.connect().await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("5") => {
                tokio::time::sleep(Duration::from_millis(pause)).await;
            }
            connected => return connected,
        }
    }
    options.connect().await
}
