//! A SQLite file that is open: one connection that writes, others that only read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor};
use tokio::sync::Mutex;

use crate::files::Readers;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::health::WriteHealth;
use crate::storage::engine::migrate;
use crate::storage::engine::sqlite::checkpoint::{CheckpointResult, LeakedConnection, Mode, checkpoint};
use crate::storage::engine::sqlite::fault::{Fault, fault, is_busy, is_damaged};
use crate::storage::engine::sqlite::open_files;
use crate::storage::engine::sqlite::options::{
    READERS, WAL_BYTES, WAL_PAGES, connected, open_checkpointer, open_keep_alive, options,
};
use crate::storage::engine::sqlite::paths::{WAL, beside_database, has_wal};
use crate::storage::engine::sqlite::recovery::{copy_found_wal, recover_after_failed_sync};
use crate::storage::engine::sqlite::wal_sync::WalSync;

/// An open SQLite file and its connections.
#[derive(Debug)]
pub(in crate::storage) struct Database {
    pub(super) path: PathBuf,
    /// Transactions get it in the order in which they ask.
    pub(super) writer: Arc<Mutex<Writer>>,
    readers: SqlitePool,
    /// `None` for a scratch database, which need not survive a power loss.
    log: Option<WalSync>,
    /// The connection that [`Database::run_checkpoints`] takes. It is opened with the others, before anybody writes: opened later,
    /// while the file is being replaced, it would take the WAL for the new file's, and its close may copy and delete the WAL.
    checkpointer: std::sync::Mutex<Option<SqliteConnection>>,
    /// Whether transactions can be written.
    pub(in crate::storage) writes: Arc<WriteHealth>,
    /// Whether checkpoints can be made.
    pub(in crate::storage) checkpoints: WriteHealth,
    /// Whether [`Database::run_checkpoints`] runs. Where it does not, commits make the checkpoints.
    pub(in crate::storage) has_checkpoint_loop: AtomicBool,
    /// Length of the WAL when a commit last made a checkpoint.
    checkpointed_bytes: AtomicU64,
    /// Whether this opening gave an installation number to a database of an earlier version.
    pub(in crate::storage) is_newly_numbered: bool,
    /// Keeps SQLite from making a checkpoint of its own when the other connections close. `None` for a scratch
    /// database.
    _keep_alive: std::sync::Mutex<Option<LeakedConnection>>,
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::storage) enum Purpose {
    /// Tests and replay: the data need not survive a power loss.
    Scratch,
    /// One command, maybe beside a serving process.
    Command,
    /// To serve: first the WAL that earlier processes left is copied into the file.
    Serving,
}

/// The connection that writes, and whether a transaction is open on it.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) conn: SqliteConnection,
    pub(super) open: bool,
}

impl Writer {
    /// The connection, with no transaction open.
    pub(super) async fn idle(&mut self) -> &mut SqliteConnection {
        if self.open {
            // The last transaction was dropped (a panic, a cancelled task): roll it back.
            self.conn.execute("rollback").await.ok();
            self.open = false;
        }
        &mut self.conn
    }
}

/// A file whose writer is connected.
struct Opened {
    writer: SqliteConnection,
    log: Option<WalSync>,
    keep_alive: Option<LeakedConnection>,
    checkpointer: Option<SqliteConnection>,
    is_newly_numbered: bool,
}

impl Opened {
    /// Nothing waits for the disk of a scratch database, so no error of an automatic checkpoint matters.
    async fn scratch(writing: SqliteConnectOptions) -> Result<Self, StorageError> {
        let writing = writing.synchronous(SqliteSynchronous::Off).pragma("wal_autocheckpoint", WAL_PAGES.to_string());
        let mut writer = connected(&writing).await?;
        let is_newly_numbered = migrate::sqlite(&mut writer).await?;
        Ok(Self { writer, log: None, keep_alive: None, checkpointer: None, is_newly_numbered })
    }

    async fn durable(path: &Path, writing: &SqliteConnectOptions, purpose: Purpose) -> Result<Self, StorageError> {
        if purpose == Purpose::Serving {
            recover_after_failed_sync(path, options(path)).await?;
        }
        // Where a WAL exists already, the keep-alive connection opens before the writer does.
        let before = if has_wal(path) {
            // It only reads: where file and WAL do not fit, both are left as they are.
            Some(open_keep_alive(path).await.map_err(|error| unfit(path, error))?)
        } else {
            None
        };
        let had_wal = before.is_some();
        let mut writer = connected(writing).await?;
        let keep_alive = match before {
            Some(keep_alive) => keep_alive,
            None => open_keep_alive(path).await?,
        };
        if purpose == Purpose::Serving {
            copy_found_wal(&mut writer, path).await?;
        }
        let is_newly_numbered = migrate::sqlite(&mut writer).await?;
        if !had_wal {
            // The tables and the installation number of a new database are in its file from the beginning, so that the
            // file alone identifies it.
            copy_found_wal(&mut writer, path).await?;
        }
        // From here on `WalSync` syncs the WAL, not the commit.
        writer.execute("pragma synchronous = normal").await?;
        let checkpointer = if purpose == Purpose::Serving { Some(open_checkpointer(path).await?) } else { None };
        let log = WalSync::of(path, had_wal)?;
        Ok(Self { writer, log: Some(log), keep_alive: Some(keep_alive), checkpointer, is_newly_numbered })
    }
}

/// Why a database with a WAL could not be read. SQLite says that it is damaged, or no database at all, where its file was replaced
/// too: by a copy, say, while no process was there to see it.
fn unfit(path: &Path, error: sqlx::Error) -> StorageError {
    if !is_damaged(&error) {
        return error.into();
    }
    let (database, log) = (path.display(), beside_database(path, WAL));
    StorageError::Unavailable(format!(
        "{database} cannot be read together with its log {} ({error}): it is damaged, or it is not the database that the log belongs to, \
         and then the two do not belong together. Neither was changed. Put the earlier database back, or restore database and log from \
         a backup; where {database} is a restored backup, move the log to a safe place",
        log.display()
    ))
}

impl Database {
    /// Opens the file at `path`, creates it where it is missing, and migrates it.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it cannot be opened, or its files do not belong together, or the WAL of an
    /// earlier process cannot be copied before it serves.
    pub(in crate::storage) async fn open(path: &Path, purpose: Purpose) -> Result<Arc<Self>, StorageError> {
        let is_scratch = purpose == Purpose::Scratch;
        // Before the file is created and before any connection: SQLite deletes the WAL of an empty file when it
        // connects.
        if !is_scratch {
            open_files::refuse_log_alone(path)?;
        }
        open_files::refuse_parted(path)?;
        Readers::Owner
            .create_file(path)
            .map_err(|e| StorageError::Unavailable(format!("cannot create {}: {e}", path.display())))?;
        // A scratch database logs its statements at debug level, so that a test can count them.
        let logging =
            |options: SqliteConnectOptions| if is_scratch { options } else { options.disable_statement_logging() };
        // The statement journals of large writes stay in memory. Readers keep the default: an audit sorts whole tables,
        // which may need temporary files.
        let writing = logging(options(path).create_if_missing(true).pragma("temp_store", "memory"));
        let opened =
            if is_scratch { Opened::scratch(writing).await? } else { Opened::durable(path, &writing, purpose).await? };
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .connect_lazy_with(logging(options(path).read_only(true)));
        Ok(Arc::new(Self {
            path: path.to_owned(),
            writer: Arc::new(Mutex::new(Writer { conn: opened.writer, open: false })),
            readers,
            log: opened.log,
            checkpointer: std::sync::Mutex::new(opened.checkpointer),
            writes: Arc::new(WriteHealth::of_database()),
            checkpoints: WriteHealth::of_checkpoints(),
            has_checkpoint_loop: AtomicBool::new(false),
            checkpointed_bytes: AtomicU64::new(0),
            is_newly_numbered: opened.is_newly_numbered,
            _keep_alive: std::sync::Mutex::new(opened.keep_alive),
        }))
    }

    pub(in crate::storage) fn readers(&self) -> &SqlitePool {
        &self.readers
    }

    /// How many readers are open, before one is taken. Checks the files first: a reader that is opened on another file would read
    /// the WAL as that file's.
    pub(in crate::storage) async fn open_readers(&self) -> Result<u32, StorageError> {
        self.check_files().await?;
        Ok(self.readers.size())
    }

    /// What came of taking a reader while so many were open. Where one was opened for it, or could not be, the files may have been
    /// replaced meanwhile: then that is what is said, and nothing is read.
    pub(in crate::storage) async fn checked_reader<T>(
        &self,
        taken: Result<T, sqlx::Error>,
        open: u32,
    ) -> Result<T, StorageError> {
        if taken.is_err() || self.readers.size() > open {
            self.check_files().await?;
        }
        Ok(taken?)
    }

    /// The connection for checkpoints; `None` where there is none or it was taken.
    pub(super) fn take_checkpointer(&self) -> Option<SqliteConnection> {
        self.checkpointer.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }

    /// Waits until everything that was committed before this call would survive a power loss.
    pub(in crate::storage) async fn durable(&self) -> Result<(), StorageError> {
        match &self.log {
            Some(log) => log.durable().await,
            None => Ok(()),
        }
    }

    /// Whether no sync of this database has failed.
    pub(in crate::storage) fn sound(&self) -> Result<(), StorageError> {
        self.log.as_ref().map_or(Ok(()), WalSync::sound)
    }

    /// Checks that the paths still lead to the open files: before another connection is opened, which must not combine
    /// files that do not belong together.
    pub(in crate::storage) async fn check_files(&self) -> Result<(), StorageError> {
        match &self.log {
            Some(log) => log.check_files().await,
            None => Ok(()),
        }
    }

    pub(in crate::storage) fn log(&self) -> Option<&WalSync> {
        self.log.as_ref()
    }

    /// Closes the readers, copies the whole WAL into the file and truncates it. After a failed sync the WAL stays as it
    /// is, for the next start.
    pub(in crate::storage) async fn close(&self) {
        self.readers.close().await;
        let mut writer = self.writer.lock().await;
        if self.sound().is_err() {
            tracing::warn!("the log is left beside the database's file: the next start writes it there");
            return;
        }
        match self.record_checkpoint(checkpoint(writer.idle().await, Mode::Truncate).await) {
            Ok(copied) if copied.is_complete() => {}
            Ok(_) => {
                tracing::info!("another process reads the database, so a part of its log is left to the next start");
            }
            Err(error) => tracing::warn!(%error, "the log is left beside the database's file"),
        }
    }

    /// Copies the whole WAL into the file and truncates it, while no transaction writes.
    pub(in crate::storage) async fn empty_log(&self) -> Result<(), StorageError> {
        self.durable().await?;
        let mut writer = self.writer.lock().await;
        self.sound()?;
        self.check_files().await?;
        self.record_checkpoint(checkpoint(writer.idle().await, Mode::Truncate).await)?;
        Ok(())
    }

    /// Records what the error of a statement says about the disk.
    pub(in crate::storage) fn record_error(&self, error: &sqlx::Error) -> Fault {
        let fault = fault(error);
        match (fault, &self.log) {
            (Fault::Sync, Some(log)) => log.fail(&self.path, error),
            (Fault::Sync | Fault::Write, _) => self.writes.failed(error),
            // It waited the full busy timeout, and its write did not happen.
            (Fault::Other, _) if is_busy(error) => self.writes.failed(error),
            (Fault::Other, _) => {}
        }
        fault
    }

    /// Records the result of a checkpoint.
    pub(in crate::storage) fn record_checkpoint(
        &self,
        done: Result<CheckpointResult, sqlx::Error>,
    ) -> Result<CheckpointResult, sqlx::Error> {
        match (&done, &self.log) {
            (Ok(_), _) => self.checkpoints.succeeded(),
            (Err(error), Some(log)) if fault(error) == Fault::Sync => log.fail(&self.path, error),
            (Err(error), _) if fault(error) == Fault::Write => self.checkpoints.failed(error),
            (Err(error), _) => tracing::warn!(%error, "a checkpoint could not be made; it is tried again"),
        }
        done
    }

    /// Copies the whole WAL while no transaction writes, so that the next one restarts the WAL.
    pub(in crate::storage) async fn checkpoint_without_writers(
        &self,
        conn: &mut SqliteConnection,
    ) -> Result<CheckpointResult, StorageError> {
        let mut writer = self.writer.lock().await;
        self.sound()?;
        writer.idle().await;
        Ok(self.record_checkpoint(checkpoint(conn, Mode::Passive).await)?)
    }

    /// Makes a checkpoint where no loop does: keeps the WAL of a command that writes much short.
    pub(super) async fn checkpoint_if_long(&self) {
        let Some(log) = self.log.as_ref().filter(|_| !self.has_checkpoint_loop.load(Ordering::Relaxed)) else { return };
        let bytes = log.bytes();
        let checkpointed = self.checkpointed_bytes.load(Ordering::Relaxed).min(bytes);
        if bytes - checkpointed < u64::from(WAL_BYTES) || self.sound().is_err() {
            return;
        }
        let Ok(mut writer) = self.writer.try_lock() else { return };
        // The next transaction restarts the WAL and truncates it to `WAL_BYTES_KEPT`. Truncating it here would block
        // others.
        self.record_checkpoint(checkpoint(writer.idle().await, Mode::Passive).await).ok();
        self.checkpointed_bytes.store(log.bytes(), Ordering::Relaxed);
    }
}
