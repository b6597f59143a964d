//! How a connection to a SQLite file is opened: its settings, and the sizes of page, cache and write-ahead log.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};

use crate::storage::engine::sqlite::checkpoint::Unclosed;

/// How long a writer waits for another process (a short command beside the server) before it says busy.
pub(in crate::storage) const BUSY_WAIT: Duration = Duration::from_secs(5);
/// The same for a health check, and how long it waits for this process's own writer: together shorter than the probe's two
/// seconds, and longer than a command beside the server holds the lock for one transaction.
pub(in crate::storage) const PROBE_WAIT: Duration = Duration::from_millis(500);
/// Size of a page of a new file. A message touches a page of its own in nearly every index, and each goes to the log whole:
/// half the usual size is half the bytes that a commit waits for.
const PAGE_BYTES: u32 = 2048;
/// Pages kept in memory by each connection, in KiB: what a full batch changes, so that none is written twice for it.
const CACHE_KIB: u32 = 4 * 1024;
/// Bytes of the log from which on it is begun anew once all of it is in the file. A page that changes in every batch is copied
/// once for many of them, and writing over an old log costs half of what growing it costs.
pub(in crate::storage) const LOG_BYTES: u32 = 16 * 1024 * 1024;
/// The same in pages of the size above.
pub(in crate::storage) const LOG_PAGES: u32 = LOG_BYTES / PAGE_BYTES;
/// Bytes that the log's file keeps when it is begun anew: what one large transaction made it beyond this goes back. Four times
/// the size above, so that a busy day does not cut and grow it all the time.
pub(in crate::storage) const LOG_BYTES_KEPT: u32 = 4 * LOG_BYTES;
/// Connections that only read, on either engine. Lists and exports need no more, and each costs memory.
pub(in crate::storage) const READERS: u32 = 4;
/// Pauses before a locked file is tried again, in milliseconds.
const LOCKED_PAUSES_MS: [u64; 6] = [10, 20, 40, 80, 160, 320];

/// How every connection is opened.
pub(in crate::storage) fn options(path: &Path) -> SqliteConnectOptions {
    // Set on every connection: SQLite remembers only the journal mode in the file.
    SqliteConnectOptions::new()
        .filename(path)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        // Anything less loses acknowledged bookings at power loss; see `super::database::Database::open` for the writer.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_WAIT)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        // SQLite drops the errors of a checkpoint that it makes by itself.
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", LOG_BYTES_KEPT.to_string())
}

/// A connection that only reads, to be kept until the process ends.
pub(in crate::storage) async fn keeper(path: &Path) -> Result<Unclosed, sqlx::Error> {
    let options = options(path).read_only(true).pragma("cache_size", "0").disable_statement_logging();
    let mut conn = connected(&options).await?;
    // Only who has read has a lock on the file that the last close of another one would see.
    conn.execute("select count(*) from sqlite_schema").await?;
    Ok(Unclosed::new(conn))
}

/// Opens a file that another process may be giving its log at this moment: SQLite then says that it is locked, without
/// waiting as it does for any other lock.
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
