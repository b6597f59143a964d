//! What a start does with the write-ahead log that earlier processes left, and the note that a sync failed.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteLockingMode};
use sqlx::{ConnectOptions, Connection};

use crate::files::Readers;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::checkpoint::{Mode, Unclosed, checkpoint};
use crate::storage::engine::sqlite::fault::{Fault, fault};
use crate::storage::engine::sqlite::paths::{FAILED, beside_database, has_log};

/// How long a start waits for another process that keeps the log from getting into the file: a backup or a report takes
/// seconds, and a service manager's patience is ninety.
const START_WAIT: Duration = Duration::from_secs(5);
/// Pause before it is tried again.
const START_PAUSE: Duration = Duration::from_millis(100);

/// The file beside a database that says that a sync failed. It is needed only while the kernel shows what the disk may not
/// have; after a loss of power all files are what they are, so nobody waits until the disk has this one.
pub(in crate::storage) fn marker(database: &Path) -> PathBuf {
    beside_database(database, FAILED)
}

/// Writes down that a sync of this database failed, for the processes after this one.
pub(in crate::storage) fn mark_failed(database: &Path, reason: &str) {
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
pub(in crate::storage) async fn recover(path: &Path, options: SqliteConnectOptions) -> Result<(), StorageError> {
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
pub(in crate::storage) async fn settle(conn: &mut SqliteConnection, path: &Path) -> Result<(), StorageError> {
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
