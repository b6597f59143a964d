//! SQLite's checkpoints and what their results mean. SQLite is asked for none of its own: it drops their errors.
//!
//! A checkpoint copies pages from the log into the file. It syncs the file only when it has copied all of the log, and
//! says so only then when an earlier part did not arrive. Linux tells a failed sync once and then takes the pages for
//! written, so whoever drops that one answer lets the log begin anew over rows that the file does not have.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteLockingMode};
use sqlx::{ConnectOptions, Connection};

use super::StorageError;
use super::place::{FAILED, beside_database, has_log};
use crate::files::Readers;

/// How long a start waits for another process that keeps the log from getting into the file: a backup or a report takes
/// seconds, and a service manager's patience is ninety.
const START_WAIT: Duration = Duration::from_secs(5);
/// Pause before it is tried again.
const START_PAUSE: Duration = Duration::from_millis(100);

/// How much a checkpoint is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// What it can without keeping anybody waiting.
    Passive,
    /// All, waiting for readers, and then it empties the log.
    Truncate,
}

/// What a checkpoint came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Copied {
    /// Somebody stood in its way: another checkpoint, or a reader.
    busy: i64,
    /// Pages in the log.
    pub(super) log: i64,
    /// How many of them are in the file.
    checkpointed: i64,
}

impl Copied {
    /// Whether all of the log is in the file, which then has been synced too.
    pub(super) fn is_complete(self) -> bool {
        self.busy == 0 && self.log == self.checkpointed
    }
}

/// Runs one.
///
/// # Errors
/// Whatever kept it from copying or syncing: [`fault`] tells what follows. That a reader stands in the way is no error.
pub(super) async fn checkpoint(conn: &mut SqliteConnection, mode: Mode) -> Result<Copied, sqlx::Error> {
    let sql = match mode {
        Mode::Passive => "pragma wal_checkpoint(passive)",
        Mode::Truncate => "pragma wal_checkpoint(truncate)",
    };
    sqlx::query_as(sql).fetch_one(conn).await
}

/// What an error says about the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing: a lock, the data, a mistake of ours.
    Other,
    /// Something was not written, and nobody takes it for written: what fails now may succeed later.
    Write,
    /// A sync failed: what was thought to be written may be lost, and no later sync will say so.
    Sync,
}

/// What this error says about the disk.
pub(super) fn fault(error: &sqlx::Error) -> Fault {
    const IOERR_FSYNC: u32 = 1034;
    const IOERR_DIR_FSYNC: u32 = 1290;
    // Read-only, input/output, corrupt, full, cannot open, not a database.
    const WRITE: [u32; 6] = [8, 10, 11, 13, 14, 26];
    match error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok()) {
        Some(IOERR_FSYNC | IOERR_DIR_FSYNC) => Fault::Sync,
        Some(code) if WRITE.contains(&(code & 0xff)) => Fault::Write,
        _ => Fault::Other,
    }
}

/// Whether another process had the lock for longer than this one waits.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    const BUSY: u32 = 5;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == BUSY)
}

/// A connection that is never closed: SQLite's last close of a file checkpoints and deletes the log by itself and tells
/// nobody how that went. While this one is open no other is the last; at the end of the process the system takes it.
#[derive(Debug)]
pub(super) struct Unclosed(Option<SqliteConnection>);

impl Unclosed {
    /// Keeps it open for as long as the process lives.
    pub(super) fn new(conn: SqliteConnection) -> Self {
        Self(Some(conn))
    }
}

impl Drop for Unclosed {
    fn drop(&mut self) {
        std::mem::forget(self.0.take());
    }
}

/// The file beside a database that says that a sync failed. It is needed only while the kernel shows what the disk may not
/// have; after a loss of power all files are what they are, so nobody waits until the disk has this one.
pub(super) fn marker(database: &Path) -> PathBuf {
    beside_database(database, FAILED)
}

/// Writes down that a sync of this database failed, for the processes after this one.
pub(super) fn mark_failed(database: &Path, reason: &str) {
    if let Err(error) = Readers::Owner.write_unsynced(&marker(database), reason.as_bytes()) {
        tracing::warn!(
            %error,
            "it could not be written down that the disk failed: before the next start, end every other process that has the \
             database open"
        );
    }
}

/// After a failed sync, before anything else has the database: copies all of the log into the file once more, from its
/// first page, and syncs it. What an earlier checkpoint claims to have copied is not believed, so nobody else may have the
/// database open.
///
/// # Errors
/// [`StorageError::Unavailable`] when somebody has, or the disk fails again.
pub(super) async fn recover(path: &Path, options: SqliteConnectOptions) -> Result<(), StorageError> {
    let Ok(reason) = std::fs::read_to_string(marker(path)) else { return Ok(()) };
    if !has_log(path) {
        // What failed was a sync of a log, or of the file that a log was copied to, and a log is not emptied after that.
        tracing::info!(
            "an earlier note that the disk failed was removed: this database has no log that it could be about"
        );
        return forget(path);
    }
    let alone = options.locking_mode(SqliteLockingMode::Exclusive).busy_timeout(START_PAUSE).create_if_missing(false);
    let end = Instant::now() + START_WAIT;
    while let Err(error) = recover_alone(&alone).await {
        if fault(&error) != Fault::Other {
            return Err(unwritten(path, &error));
        }
        if Instant::now() > end {
            return Err(StorageError::Unavailable(format!(
                "an earlier process noted beside {0} that the disk failed ({reason}), so all of the log of {0} must be written to the \
                 file again, but another process has the database open ({error}); end that one (`fuser {0}` names it) and \
                 start again",
                path.display()
            )));
        }
        tokio::time::sleep(START_PAUSE).await;
    }
    forget(path)?;
    tracing::warn!(reason, "all of the log was written to the database's file after a failure of the disk");
    Ok(())
}

/// Takes the marker away.
fn forget(path: &Path) -> Result<(), StorageError> {
    let marker = marker(path);
    std::fs::remove_file(&marker)
        .map_err(|error| StorageError::Unavailable(format!("cannot remove {}: {error}", marker.display())))
}

async fn recover_alone(options: &SqliteConnectOptions) -> Result<(), sqlx::Error> {
    let mut conn = options.clone().disable_statement_logging().connect().await?;
    match checkpoint(&mut conn, Mode::Truncate).await {
        Ok(copied) if copied.is_complete() => conn.close().await,
        Ok(_) => {
            conn.close().await?;
            Err(sqlx::Error::Protocol("somebody stood in the way".to_owned()))
        }
        Err(error) => {
            match fault(&error) {
                Fault::Other => conn.close().await?,
                // Its close would do the same once more, and tell nobody how that went.
                Fault::Write | Fault::Sync => drop(Unclosed::new(conn)),
            }
            Err(error)
        }
    }
}

/// Before a process serves: waits until all of the log that it found is in the file.
///
/// # Errors
/// [`StorageError::Unavailable`] when another process keeps it from that for too long, or the disk refuses.
pub(super) async fn settle(conn: &mut SqliteConnection, path: &Path) -> Result<(), StorageError> {
    let end = Instant::now() + START_WAIT;
    let mut is_told = false;
    loop {
        match checkpoint(conn, Mode::Passive).await {
            Ok(copied) if copied.is_complete() => return Ok(()),
            Ok(copied) if Instant::now() > end => {
                let left = copied.log.saturating_sub(copied.checkpointed);
                return Err(StorageError::Unavailable(format!(
                    "another process reads an old state of {0} (a backup, a report, `sqlite3`), so {left} pages of its log \
                     cannot be written to the file; end that one (`fuser {0}` names it) and start again",
                    path.display()
                )));
            }
            Ok(_) => {}
            Err(error) => {
                if fault(&error) == Fault::Sync {
                    mark_failed(path, &error.to_string());
                }
                return Err(unwritten(path, &error));
            }
        }
        if !std::mem::replace(&mut is_told, true) {
            tracing::warn!("waiting for another process, which reads an old state of the database");
        }
        tokio::time::sleep(START_PAUSE).await;
    }
}

fn unwritten(path: &Path, error: &dyn Display) -> StorageError {
    StorageError::Unavailable(format!(
        "the log of {} could not be written to the file: {error}; nothing is lost, the log is kept: see to the disk and \
         start again",
        path.display()
    ))
}
