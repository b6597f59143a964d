//! SQLite: one file, one connection that writes, others that only read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Executor};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::log::Log;
use super::{StorageError, migrate, place};
use crate::files::Readers;

/// How long a writer waits for another process (a short command beside the server) before it says busy.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Size of a page of a new file. A message touches a page of its own in nearly every index, and each goes to the log whole:
/// half the usual size is half the bytes that a commit waits for.
const PAGE_BYTES: u32 = 2048;
/// Pages kept in memory by each connection, in KiB: what a full batch changes, so that none is written twice for it.
const CACHE_KIB: u32 = 4 * 1024;
/// Pages of the log before they are folded into the file: 16 MiB of the size above. A page that changes in every batch is
/// folded once for many of them, and writing over an old log costs half of what growing it costs.
const LOG_PAGES: u32 = 16 * 1024 * 1024 / PAGE_BYTES;
/// Connections that only read, on either engine. Lists and exports need no more, and each costs memory.
pub(super) const READERS: u32 = 4;
/// Pauses before a locked file is tried again, in milliseconds.
const LOCKED_PAUSES_MS: [u64; 6] = [10, 20, 40, 80, 160, 320];

/// A file and its connections.
#[derive(Debug)]
pub(super) struct File {
    path: PathBuf,
    /// Taken in the order of asking.
    writer: Arc<Mutex<Writer>>,
    readers: SqlitePool,
    /// `None` where nothing need survive a power loss.
    log: Option<Log>,
}

/// The connection that writes, and whether a transaction was left open on it.
#[derive(Debug)]
struct Writer {
    conn: SqliteConnection,
    open: bool,
}

impl Writer {
    /// The connection, with no transaction open on it.
    async fn idle(&mut self) -> &mut SqliteConnection {
        if self.open {
            // The last holder was dropped half-way (a panic, a cancelled task): undo what it left.
            self.conn.execute("rollback").await.ok();
            self.open = false;
        }
        &mut self.conn
    }
}

/// SQLite's writer, held.
#[derive(Debug)]
pub struct SqliteTx {
    file: Arc<File>,
    writer: OwnedMutexGuard<Writer>,
}

/// The file of a `sqlite:` address, `None` for other engines.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

/// How every connection is opened.
pub(super) fn options(path: &Path) -> SqliteConnectOptions {
    // Set on every connection: SQLite remembers only the journal mode in the file.
    SqliteConnectOptions::new()
        .filename(path)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        // Anything less loses acknowledged bookings at power loss; see `File::open` for the writer.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_WAIT)
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .pragma("wal_autocheckpoint", LOG_PAGES.to_string())
}

/// Opens a file that another process may be giving its log at this moment: SQLite then says that it is locked, without
/// waiting as it does for any other lock.
async fn connected(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
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

impl File {
    /// Opens a file with a chosen care for power loss; tests and replay need none.
    pub(super) async fn open(path: &Path, care: SqliteSynchronous) -> Result<Arc<Self>, StorageError> {
        Readers::Owner
            .create_file(path)
            .map_err(|e| StorageError::Unavailable(format!("cannot create {}: {e}", path.display())))?;
        place::refuse_parted(path)?;
        // A scratch database tells its statements at debug level, so that a test can count them; others tell nothing.
        let is_scratch = !matches!(care, SqliteSynchronous::Full);
        let told =
            |options: SqliteConnectOptions| if is_scratch { options } else { options.disable_statement_logging() };
        // Each statement that writes many rows keeps what it changed, so that it can be undone alone: not in files. An audit
        // sorts whole tables on a reader, which may use files.
        let writing = options(path).synchronous(care).create_if_missing(true).pragma("temp_store", "memory");
        let mut conn = connected(&told(writing)).await?;
        migrate::sqlite(&mut conn).await?;
        let log = if is_scratch {
            None
        } else {
            // After a disk that failed, what the log seems to have may be in memory only: it is written to the file, or the
            // start fails. Beside another process that one's own wait holds, and this does what it can.
            conn.execute("pragma wal_checkpoint(passive)").await?;
            // From here on it is `Log` that waits for the disk.
            conn.execute("pragma synchronous = normal").await?;
            Some(Log::of(path)?)
        };
        let writer = Arc::new(Mutex::new(Writer { conn, open: false }));
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .connect_lazy_with(told(options(path).read_only(true)));
        Ok(Arc::new(Self { path: path.to_owned(), writer, readers, log }))
    }

    /// The writer, its transaction still to be begun.
    pub(super) async fn take(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
        self.sound()?;
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        writer.idle().await;
        writer.open = true;
        Ok(SqliteTx { file: Arc::clone(self), writer })
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
        let mut tx = self.take().await?;
        // Immediate: a plain `begin` fails at its first write while readers are busy, without waiting.
        if let Err(error) = tx.conn().execute("begin immediate").await {
            tx.writer.open = false;
            return Err(error.into());
        }
        Ok(tx)
    }

    pub(super) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Waits until everything that was committed before this call would survive a power loss.
    pub(super) async fn durable(&self) -> Result<(), StorageError> {
        match &self.log {
            Some(log) => log.durable().await,
            None => Ok(()),
        }
    }

    /// Whether the disk still takes what is written.
    pub(super) fn sound(&self) -> Result<(), StorageError> {
        self.log.as_ref().map_or(Ok(()), Log::sound)
    }

    /// Whether the paths still lead to what is open; before another connection may be opened, which must not meet files that
    /// do not belong together.
    pub(super) async fn look(&self) -> Result<(), StorageError> {
        match &self.log {
            Some(log) => log.look().await,
            None => Ok(()),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn log(&self) -> Option<&Log> {
        self.log.as_ref()
    }

    /// Closes the readers; the log is folded into the file.
    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.writer.lock().await.idle().await.execute("pragma wal_checkpoint(truncate)").await.ok();
    }
}

impl SqliteTx {
    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer.conn
    }

    /// Commits, lets the next one have the writer, and waits for the disk. After an error nobody knows whether it was
    /// committed.
    pub(super) async fn commit(self) -> Result<(), StorageError> {
        let file = Arc::clone(&self.file);
        self.commit_ahead().await?;
        file.durable().await
    }

    /// Commits without waiting for the disk.
    pub(super) async fn commit_ahead(mut self) -> Result<(), StorageError> {
        self.conn().execute("commit").await?;
        self.ended();
        Ok(())
    }

    /// Its last statement has committed it, or undone it.
    pub(super) fn ended(mut self) {
        self.writer.open = false;
    }

    pub(super) async fn rollback(mut self) -> Result<(), StorageError> {
        self.conn().execute("rollback").await?;
        self.ended();
        Ok(())
    }
}
