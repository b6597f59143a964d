//! What a start does with the WAL of earlier processes, and the note by which one process tells the next that a sync
//! failed.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteLockingMode};
use sqlx::{ConnectOptions, Connection};

use crate::files::Readers;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::checkpoint::{LeakedConnection, Mode, checkpoint};
use crate::storage::engine::sqlite::fault::{Fault, fault};
use crate::storage::engine::sqlite::paths::{FAILED, beside_database, has_wal};

/// How long a start waits for another process that blocks its checkpoint: a backup or a report takes seconds, and a
/// service manager gives a start ninety.
const START_WAIT: Duration = Duration::from_secs(5);
/// Pause between two attempts.
const START_PAUSE: Duration = Duration::from_millis(100);

/// The note beside a database that says that a sync failed. It matters only while the kernel caches pages that the disk
/// may lack: after a power loss the files are what is on the disk. So nobody syncs the note.
pub(in crate::storage) fn sync_failure_note(database: &Path) -> PathBuf {
    beside_database(database, FAILED)
}

/// Writes the note that a sync of this database failed, for the processes after this one.
pub(in crate::storage) fn note_sync_failure(database: &Path, reason: &str) {
    if let Err(error) = Readers::Owner.write_unsynced(&sync_failure_note(database), reason.as_bytes()) {
        tracing::warn!(
            %error,
            "it could not be written down that the disk failed: before the next start, end every other process that has the \
             database open"
        );
    }
}

/// After a failed sync, and before anything else opens the database: copies the WAL into the file again from its first
/// page, and syncs the file. It needs the file exclusively, because what an earlier checkpoint recorded as copied does
/// not count.
///
/// # Errors
/// [`StorageError::Unavailable`] when another process has the database open, or the disk fails again.
pub(in crate::storage) async fn recover_after_failed_sync(
    path: &Path,
    options: SqliteConnectOptions,
) -> Result<(), StorageError> {
    let Ok(reason) = std::fs::read_to_string(sync_failure_note(path)) else { return Ok(()) };
    if !has_wal(path) {
        // The failed sync was one of a WAL, or of the file that a WAL was copied to, and a WAL is not truncated after
        // that.
        tracing::info!(
            "an earlier note that the disk failed was removed: this database has no log that it could be about"
        );
        return remove_note(path);
    }
    let alone = options.locking_mode(SqliteLockingMode::Exclusive).busy_timeout(START_PAUSE).create_if_missing(false);
    let end = Instant::now() + START_WAIT;
    while let Err(error) = recover_alone(&alone).await {
        if fault(&error) != Fault::Other {
            return Err(not_copied(path, &error));
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
    remove_note(path)?;
    tracing::warn!(reason, "all of the log was written to the database's file after a failure of the disk");
    Ok(())
}

/// Removes the note.
fn remove_note(path: &Path) -> Result<(), StorageError> {
    let marker = sync_failure_note(path);
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
                // Its close would repeat the checkpoint and drop the error.
                Fault::Write | Fault::Sync => drop(LeakedConnection::new(conn)),
            }
            Err(error)
        }
    }
}

/// Before a process serves: waits until the whole WAL that it found is in the file.
///
/// # Errors
/// [`StorageError::Unavailable`] when another process blocks that for [`START_WAIT`], or the disk refuses it.
pub(in crate::storage) async fn copy_found_wal(conn: &mut SqliteConnection, path: &Path) -> Result<(), StorageError> {
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
                    note_sync_failure(path, &error.to_string());
                }
                return Err(not_copied(path, &error));
            }
        }
        if !std::mem::replace(&mut is_told, true) {
            tracing::warn!("waiting for another process, which reads an old state of the database");
        }
        tokio::time::sleep(START_PAUSE).await;
    }
}

fn not_copied(path: &Path, error: &dyn Display) -> StorageError {
    StorageError::Unavailable(format!(
        "the log of {} could not be written to the file: {error}; nothing is lost, the log is kept: see to the disk and \
         start again",
        path.display()
    ))
}
