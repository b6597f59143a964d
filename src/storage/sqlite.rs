//! SQLite: one file, one connection that writes, others that only read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::checkpoint::{self, Copied, Fault, Mode, Unclosed, checkpoint, fault, is_busy};
use super::health::Writes;
use super::log::Log;
use super::{StorageError, migrate, place};
use crate::files::Readers;

/// How long a writer waits for another process (a short command beside the server) before it says busy.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// The same for a health check, and how long it waits for this process's own writer: together shorter than the probe's two
/// seconds, and longer than a command beside the server holds the lock for one transaction.
const PROBE_WAIT: Duration = Duration::from_millis(500);
/// Size of a page of a new file. A message touches a page of its own in nearly every index, and each goes to the log whole:
/// half the usual size is half the bytes that a commit waits for.
const PAGE_BYTES: u32 = 2048;
/// Pages kept in memory by each connection, in KiB: what a full batch changes, so that none is written twice for it.
const CACHE_KIB: u32 = 4 * 1024;
/// Bytes of the log from which on it is begun anew once all of it is in the file. A page that changes in every batch is copied
/// once for many of them, and writing over an old log costs half of what growing it costs.
const LOG_BYTES: u32 = 16 * 1024 * 1024;
/// The same in pages of the size above.
pub(super) const LOG_PAGES: u32 = LOG_BYTES / PAGE_BYTES;
/// Bytes that the log's file keeps when it is begun anew: what one large transaction made it beyond this goes back. Four times
/// the size above, so that a busy day does not cut and grow it all the time.
pub(super) const LOG_BYTES_KEPT: u32 = 4 * LOG_BYTES;
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
    /// What became of the last transactions that write.
    pub(super) writes: Arc<Writes>,
    /// What became of the last checkpoints.
    pub(super) checkpoints: Writes,
    /// Whether [`File::fold`] runs; else whoever commits looks after the log.
    pub(super) is_tended: AtomicBool,
    /// The log's length when whoever commits last looked after it.
    relieved_bytes: AtomicU64,
    /// Whether this opening gave an earlier version's database its number.
    pub(super) is_newly_numbered: bool,
    /// Only reads, and keeps SQLite from checkpoints of its own when the others are closed. `None` where `log` is.
    _keeper: std::sync::Mutex<Option<Unclosed>>,
}

/// What a database is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Tests and replay: nothing need survive a power loss.
    Scratch,
    /// One command, maybe beside a process that serves.
    Command,
    /// To serve: what earlier processes left is brought in order first.
    Serving,
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
        // SQLite drops the errors of a checkpoint that it makes by itself.
        .pragma("wal_autocheckpoint", "0")
        .pragma("journal_size_limit", LOG_BYTES_KEPT.to_string())
}

/// A connection that only reads, to be kept until the process ends.
async fn keeper(path: &Path) -> Result<Unclosed, sqlx::Error> {
    let options = options(path).read_only(true).pragma("cache_size", "0").disable_statement_logging();
    let mut conn = connected(&options).await?;
    // Only who has read has a lock on the file that the last close of another one would see.
    conn.execute("select count(*) from sqlite_schema").await?;
    Ok(Unclosed::new(conn))
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
    /// Opens a file.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it cannot be opened, or not be brought in order before it serves.
    pub(super) async fn open(path: &Path, purpose: Purpose) -> Result<Arc<Self>, StorageError> {
        let is_scratch = purpose == Purpose::Scratch;
        // Before anything is made, and before any connection: the first one clears away the log of an empty file.
        if !is_scratch {
            place::refuse_log_alone(path)?;
        }
        place::refuse_parted(path)?;
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
            checkpoint::recover(path, options(path)).await?;
        }
        // Where there is a log to be kept, no connection that writes is ever without the keeper.
        let before = if place::has_log(path) { Some(keeper(path).await?) } else { None };
        let had_log = before.is_some();
        let mut conn = connected(writing).await?;
        let keeper = match before {
            Some(keeper) => keeper,
            None => keeper(path).await?,
        };
        if purpose == Purpose::Serving {
            checkpoint::settle(&mut conn, path).await?;
        }
        let is_newly_numbered = migrate::sqlite(&mut conn).await?;
        if !had_log {
            // A new database's tables and number are in its file from the beginning: it is known without its log too.
            checkpoint::settle(&mut conn, path).await?;
        }
        // From here on it is `Log` that waits for the disk.
        conn.execute("pragma synchronous = normal").await?;
        let log = Log::of(path, had_log)?;
        Ok((conn, log, keeper, is_newly_numbered))
    }

    /// The writer, its transaction still to be begun.
    pub(super) async fn take(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
        self.sound()?;
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        // Whoever had it before may have heard of the failure meanwhile.
        self.sound()?;
        writer.idle().await;
        writer.open = true;
        Ok(SqliteTx { file: Arc::clone(self), writer })
    }

    /// Begins a transaction that writes.
    pub(super) async fn begin(self: &Arc<Self>) -> Result<SqliteTx, StorageError> {
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
    pub(super) async fn try_writing(self: &Arc<Self>) {
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

    /// Closes the readers. All of the log is written to the file and the log emptied, unless the disk has failed: then the
    /// next start does it, from the log as it is.
    pub(super) async fn close(&self) {
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
    pub(super) fn judge(&self, error: &sqlx::Error) -> Fault {
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
    pub(super) fn judged(&self, done: Result<Copied, sqlx::Error>) -> Result<Copied, sqlx::Error> {
        match (&done, &self.log) {
            (Ok(_), _) => self.checkpoints.succeeded(),
            (Err(error), Some(log)) if fault(error) == Fault::Sync => log.fail(&self.path, error),
            (Err(error), _) if fault(error) == Fault::Write => self.checkpoints.failed(error),
            (Err(error), _) => tracing::warn!(%error, "a checkpoint could not be made; it is tried again"),
        }
        done
    }

    /// Copies all of the log while nobody writes, so that the next transaction begins it anew.
    pub(super) async fn copy_all(&self, conn: &mut SqliteConnection) -> Result<Copied, StorageError> {
        let mut writer = self.writer.lock().await;
        self.sound()?;
        writer.idle().await;
        Ok(self.judged(checkpoint(conn, Mode::Passive).await)?)
    }

    /// Keeps the log short where no loop does it: a command that writes much.
    async fn relieve(&self) {
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

impl SqliteTx {
    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.writer.conn
    }

    /// How long the next statements wait for another process that writes.
    async fn wait_for_others(&mut self, wait: Duration) {
        let pragma = format!("pragma busy_timeout = {}", wait.as_millis());
        self.conn().execute(AssertSqlSafe(pragma)).await.ok();
    }

    /// Notes what an error of a statement says about the disk.
    pub(super) fn noted<T>(&self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        done.inspect_err(|error| _ = self.file.judge(error))
    }

    /// Commits, lets the next one have the writer, and waits for the disk. After an error nobody knows whether it was
    /// committed.
    pub(super) async fn commit(self) -> Result<(), StorageError> {
        let file = Arc::clone(&self.file);
        self.commit_ahead().await?;
        file.durable().await?;
        file.relieve().await;
        Ok(())
    }

    /// Commits without waiting for the disk.
    pub(super) async fn commit_ahead(mut self) -> Result<(), StorageError> {
        let done = self.conn().execute("commit").await;
        self.noted(done)?;
        self.ended();
        Ok(())
    }

    /// Its last statement has committed it, or undone it.
    pub(super) fn ended(mut self) {
        self.file.writes.ended();
        if self.file.writes.is_due() {
            // After a failure: whether it was the last one.
            let file = Arc::clone(&self.file);
            tokio::spawn(async move { file.try_writing().await });
        }
        self.writer.open = false;
    }

    pub(super) async fn rollback(mut self) -> Result<(), StorageError> {
        self.conn().execute("rollback").await?;
        self.writer.open = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
