//! A SQLite file that is open: one connection that writes, others that only read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};
use tokio::sync::Mutex;

use crate::files::Readers;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::health::Writes;
use crate::storage::engine::migrate;
use crate::storage::engine::sqlite::checkpoint::{Copied, Mode, Unclosed, checkpoint};
use crate::storage::engine::sqlite::fault::{Fault, fault, is_busy};
use crate::storage::engine::sqlite::open_files;
use crate::storage::engine::sqlite::options::{LOG_BYTES, LOG_PAGES, READERS, connected, keeper, options};
use crate::storage::engine::sqlite::paths::has_log;
use crate::storage::engine::sqlite::recovery::{recover, settle};
use crate::storage::engine::sqlite::wal_sync::Log;

/// A file and its connections.
#[derive(Debug)]
pub(in crate::storage) struct Database {
    path: PathBuf,
    /// Taken in the order of asking.
    pub(super) writer: Arc<Mutex<Writer>>,
    readers: SqlitePool,
    /// `None` where nothing need survive a power loss.
    log: Option<Log>,
    /// What became of the last transactions that write.
    pub(in crate::storage) writes: Arc<Writes>,
    /// What became of the last checkpoints.
    pub(in crate::storage) checkpoints: Writes,
    /// Whether [`Database::fold`] runs; else whoever commits looks after the log.
    pub(in crate::storage) is_tended: AtomicBool,
    /// The log's length when whoever commits last looked after it.
    relieved_bytes: AtomicU64,
    /// Whether this opening gave an earlier version's database its number.
    pub(in crate::storage) is_newly_numbered: bool,
    /// Only reads, and keeps SQLite from checkpoints of its own when the others are closed. `None` where `log` is.
    _keeper: std::sync::Mutex<Option<Unclosed>>,
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Purpose {
    /// Tests and replay: nothing need survive a power loss.
    Scratch,
    /// One command, maybe beside a process that serves.
    Command,
    /// To serve: what earlier processes left is brought in order first.
    Serving,
}

/// The connection that writes, and whether a transaction was left open on it.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) conn: SqliteConnection,
    pub(super) open: bool,
}

impl Writer {
    /// The connection, with no transaction open on it.
    pub(super) async fn idle(&mut self) -> &mut SqliteConnection {
        if self.open {
            // The last holder was dropped half-way (a panic, a cancelled task): undo what it left.
            self.conn.execute("rollback").await.ok();
            self.open = false;
        }
        &mut self.conn
    }
}

impl Database {
    /// Opens a file.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it cannot be opened, or not be brought in order before it serves.
    pub(in crate::storage) async fn open(path: &Path, purpose: Purpose) -> Result<Arc<Self>, StorageError> {
        let is_scratch = purpose == Purpose::Scratch;
        // Before anything is made, and before any connection: the first one clears away the log of an empty file.
        if !is_scratch {
            open_files::refuse_log_alone(path)?;
        }
        open_files::refuse_parted(path)?;
        Readers::Owner
            .create_file(path)
            .map_err(|e| StorageError::Unavailable(format!("cannot create {}: {e}", path.display())))?;
        // A scratch database tells its statements at debug level, so that a test can count them; others tell nothing.
        let told =
            |options: SqliteConnectOptions| if is_scratch { options } else { options.disable_statement_logging() };
        // Each statement that writes many rows keeps what it changed, so that it can be undone alone: not in files. An audit
        // sorts whole tables on a reader, which may use files.
        let writing = options(path).create_if_missing(true).pragma("temp_store", "memory");
        let (conn, log, keeper, is_newly_numbered) = if is_scratch {
            // Nobody waits for its disk, so nobody misses an error of it.
            let writing =
                writing.synchronous(SqliteSynchronous::Off).pragma("wal_autocheckpoint", LOG_PAGES.to_string());
            let mut conn = connected(&told(writing)).await?;
            let is_newly_numbered = migrate::sqlite(&mut conn).await?;
            (conn, None, None, is_newly_numbered)
        } else {
            let (conn, log, keeper, is_newly_numbered) = Self::open_durable(path, &told(writing), purpose).await?;
            (conn, Some(log), Some(keeper), is_newly_numbered)
        };
        let writer = Arc::new(Mutex::new(Writer { conn, open: false }));
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .connect_lazy_with(told(options(path).read_only(true)));
        Ok(Arc::new(Self {
            path: path.to_owned(),
            writer,
            readers,
            log,
            writes: Arc::new(Writes::of_database()),
            checkpoints: Writes::of_checkpoints(),
            is_tended: AtomicBool::new(false),
            relieved_bytes: AtomicU64::new(0),
            is_newly_numbered,
            _keeper: std::sync::Mutex::new(keeper),
        }))
    }

    async fn open_durable(
        path: &Path,
        writing: &SqliteConnectOptions,
        purpose: Purpose,
    ) -> Result<(SqliteConnection, Log, Unclosed, bool), StorageError> {
        if purpose == Purpose::Serving {
            recover(path, options(path)).await?;
        }
        // Where there is a log to be kept, no connection that writes is ever without the keeper.
        let before = if has_log(path) { Some(keeper(path).await?) } else { None };
        let had_log = before.is_some();
        let mut conn = connected(writing).await?;
        let keeper = match before {
            Some(keeper) => keeper,
            None => keeper(path).await?,
        };
        if purpose == Purpose::Serving {
            settle(&mut conn, path).await?;
        }
        let is_newly_numbered = migrate::sqlite(&mut conn).await?;
        if !had_log {
            // A new database's tables and number are in its file from the beginning: it is known without its log too.
            settle(&mut conn, path).await?;
        }
        // From here on it is `Log` that waits for the disk.
        conn.execute("pragma synchronous = normal").await?;
        let log = Log::of(path, had_log)?;
        Ok((conn, log, keeper, is_newly_numbered))
    }

    pub(in crate::storage) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// Waits until everything that was committed before this call would survive a power loss.
    pub(in crate::storage) async fn durable(&self) -> Result<(), StorageError> {
        match &self.log {
            Some(log) => log.durable().await,
            None => Ok(()),
        }
    }

    /// Whether the disk still takes what is written.
    pub(in crate::storage) fn sound(&self) -> Result<(), StorageError> {
        self.log.as_ref().map_or(Ok(()), Log::sound)
    }

    /// Whether the paths still lead to what is open; before another connection may be opened, which must not meet files that
    /// do not belong together.
    pub(in crate::storage) async fn look(&self) -> Result<(), StorageError> {
        match &self.log {
            Some(log) => log.look().await,
            None => Ok(()),
        }
    }

    pub(in crate::storage) fn path(&self) -> &Path {
        &self.path
    }

    pub(in crate::storage) fn log(&self) -> Option<&Log> {
        self.log.as_ref()
    }

    /// Closes the readers. All of the log is written to the file and the log emptied, unless the disk has failed: then the
    /// next start does it, from the log as it is.
    pub(in crate::storage) async fn close(&self) {
        self.readers.close().await;
        let mut writer = self.writer.lock().await;
        if self.sound().is_err() {
            tracing::warn!("the log is left beside the database's file: the next start writes it there");
            return;
        }
        match self.judged(checkpoint(writer.idle().await, Mode::Truncate).await) {
            Ok(copied) if copied.is_complete() => {}
            Ok(_) => {
                tracing::info!("another process reads the database, so a part of its log is left to the next start");
            }
            Err(error) => tracing::warn!(%error, "the log is left beside the database's file"),
        }
    }

    /// Notes what an error says about the disk.
    pub(in crate::storage) fn judge(&self, error: &sqlx::Error) -> Fault {
        let fault = fault(error);
        match (fault, &self.log) {
            (Fault::Sync, Some(log)) => log.fail(&self.path, error),
            (Fault::Sync | Fault::Write, _) => self.writes.failed(error),
            // It has waited as long as anybody waits, and what it was to write was not written.
            (Fault::Other, _) if is_busy(error) => self.writes.failed(error),
            (Fault::Other, _) => {}
        }
        fault
    }

    /// Notes what became of a checkpoint.
    pub(in crate::storage) fn judged(&self, done: Result<Copied, sqlx::Error>) -> Result<Copied, sqlx::Error> {
        match (&done, &self.log) {
            (Ok(_), _) => self.checkpoints.succeeded(),
            (Err(error), Some(log)) if fault(error) == Fault::Sync => log.fail(&self.path, error),
            (Err(error), _) if fault(error) == Fault::Write => self.checkpoints.failed(error),
            (Err(error), _) => tracing::warn!(%error, "a checkpoint could not be made; it is tried again"),
        }
        done
    }

    /// Copies all of the log while nobody writes, so that the next transaction begins it anew.
    pub(in crate::storage) async fn copy_all(&self, conn: &mut SqliteConnection) -> Result<Copied, StorageError> {
        let mut writer = self.writer.lock().await;
        self.sound()?;
        writer.idle().await;
        Ok(self.judged(checkpoint(conn, Mode::Passive).await)?)
    }

    /// Keeps the log short where no loop does it: a command that writes much.
    pub(super) async fn relieve(&self) {
        let Some(log) = self.log.as_ref().filter(|_| !self.is_tended.load(Ordering::Relaxed)) else { return };
        let bytes = log.bytes();
        let relieved = self.relieved_bytes.load(Ordering::Relaxed).min(bytes);
        if bytes - relieved < u64::from(LOG_BYTES) || self.sound().is_err() {
            return;
        }
        let Ok(mut writer) = self.writer.try_lock() else { return };
        // The next transaction begins it anew, and cuts it to `LOG_BYTES_KEPT`. Emptying it here would keep others waiting.
        self.judged(checkpoint(writer.idle().await, Mode::Passive).await).ok();
        self.relieved_bytes.store(log.bytes(), Ordering::Relaxed);
    }
}
