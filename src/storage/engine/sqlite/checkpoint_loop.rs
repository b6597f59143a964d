//! SQLite's log goes into its file beside the writer, so that little is left for the moment in which nobody may write: when
//! the log is long enough, all of it must be in the file for the next transaction to begin it anew.
//!
//! Needs SQLite 3.51.3 or later: before, a writer that began the log anew beside a checkpoint could spoil the file (the
//! "WAL-reset bug", 3.7.0 to 3.51.2).

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sqlx::{ConnectOptions, SqliteConnection};
use tokio_util::sync::CancellationToken;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::checkpoint::{Mode, Unclosed, checkpoint};
use crate::storage::engine::sqlite::database::Database;
use crate::storage::engine::sqlite::options::{LOG_BYTES_KEPT, LOG_PAGES, options};
use crate::storage::engine::sqlite::wal_sync::Log;

/// Commits that make a checkpoint worth its while: an office of a few messages a minute needs none for hours.
const COMMITS: u64 = 32;
/// Pause between two checkpoints, or two looks whether one is due.
const PAUSE: Duration = Duration::from_millis(100);
/// How long the writer is left alone after somebody who reads an old state kept the log from being copied whole.
const READER_PAUSE: Duration = Duration::from_secs(1);
/// Times the usual size at which a log that somebody keeps from being begun anew is told of.
const LONG_LOG: u32 = 16;
/// What the connection keeps in memory, in KiB: it only copies pages.
const CACHE_KIB: u32 = 64;

/// What the loop knows between two checkpoints.
struct Round {
    conn: SqliteConnection,
    /// When the writer may be kept waiting again.
    not_before: Instant,
    is_told: bool,
}

impl Database {
    /// Makes checkpoints until `closing`, or until the disk fails; does nothing for a scratch database.
    pub(in crate::storage) async fn fold(&self, closing: &CancellationToken) {
        let Some(log) = self.log() else { return closing.cancelled().await };
        self.is_tended.store(true, Ordering::Relaxed);
        let mut round = None;
        // What was committed before this began counts too.
        let mut copied = 0;
        while closing.run_until_cancelled(next(log)).await.is_some() {
            let commits = log.asked();
            let is_long = log.bytes() > u64::from(LOG_BYTES_KEPT);
            if commits - copied < COMMITS && !is_long && !self.checkpoints.has_failed() {
                continue;
            }
            // After a failed sync neither this nor anything else may copy: the next start does, from the first page. Nor may
            // anybody where the paths lead to other files by now.
            if log.sound().is_err() || self.look().await.is_err() {
                break;
            }
            // To its end, also while closing: the last checkpoint of all would find its lock taken.
            match self.round(&mut round).await {
                Ok(()) => copied = commits,
                Err(error) => tracing::debug!(%error, "the log was not copied; it is tried again"),
            }
        }
        closing.cancelled().await;
    }

    async fn round(&self, kept: &mut Option<Round>) -> Result<(), StorageError> {
        let round = if let Some(round) = kept {
            round
        } else {
            let options = options(self.path()).pragma("cache_size", format!("-{CACHE_KIB}"));
            let conn = options.disable_statement_logging().connect().await?;
            if let Err(error) = self.look().await {
                // The files were exchanged while it was opened. Closed, it would be the last connection of the file that is
                // there now: it would write the earlier log into that one and remove it.
                drop(Unclosed::new(conn));
                return Err(error);
            }
            kept.insert(Round { conn, not_before: Instant::now(), is_told: false })
        };
        let copied = self.judged(checkpoint(&mut round.conn, Mode::Passive).await)?;
        if copied.log < i64::from(LOG_PAGES) || Instant::now() < round.not_before {
            return Ok(());
        }
        let copied = self.copy_all(&mut round.conn).await?;
        if copied.is_complete() {
            round.is_told = false;
            return Ok(());
        }
        round.not_before = Instant::now() + READER_PAUSE;
        if copied.log > i64::from(LOG_PAGES * LONG_LOG) && !std::mem::replace(&mut round.is_told, true) {
            let pages = copied.log;
            tracing::warn!(
                pages,
                "somebody reads an old state of the database, so its log grows; end what reads so long"
            );
        }
        Ok(())
    }
}

/// Sleeps while nothing is written, and for a pause.
async fn next(log: &Log) {
    log.written().await;
    tokio::time::sleep(PAUSE).await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sqlx::Executor;

    use super::*;
    use crate::storage::engine::sqlite::database::Purpose;

    #[tokio::test]
    async fn sqlite_is_new_enough_to_fold_beside_a_writer() {
        let mut conn = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
        let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut conn).await.unwrap();
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        assert!(parts >= vec![3, 51, 3], "{version}");
    }

    // Control: without `settle` in `Database::open` the file stays as it was found.
    #[tokio::test]
    async fn a_start_writes_all_of_the_log_that_a_dead_process_left_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (died, found) = (folder.path().join("died.db"), folder.path().join("found.db"));
        let alive = Database::open(&died, Purpose::Serving).await.unwrap();
        let mut tx = alive.begin().await.unwrap();
        tx.conn().execute("update id_block set next = next + 1").await.unwrap();
        tx.commit().await.unwrap();
        // What a process that died at this moment leaves.
        std::fs::copy(&died, &found).unwrap();
        std::fs::copy(folder.path().join("died.db-wal"), folder.path().join("found.db-wal")).unwrap();
        let before = std::fs::read(&found).unwrap();
        let _started = Database::open(&found, Purpose::Serving).await.unwrap();
        assert!(std::fs::read(&found).unwrap() != before, "what was written is in the log only");
    }

    // Control: without the loop the file stays as it was.
    #[tokio::test]
    async fn what_is_written_gets_into_the_file_without_a_full_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("antrean.db");
        let file = Database::open(&path, Purpose::Serving).await.unwrap();
        let closing = CancellationToken::new();
        let folding = tokio::spawn({
            let (file, closing) = (Arc::clone(&file), closing.clone());
            async move { file.fold(&closing).await }
        });
        let file_now = || std::fs::read(&path).unwrap();
        let begun = file_now();
        let write = async |times: u64| {
            for _ in 0..times {
                let mut tx = file.begin().await.unwrap();
                tx.conn().execute("update id_block set next = next + 1").await.unwrap();
                tx.commit().await.unwrap();
            }
        };
        write(COMMITS - 1).await;
        tokio::time::sleep(3 * PAUSE).await;
        assert!(file_now() == begun, "few commits are not worth it");
        write(1).await;
        let arrived = async {
            while file_now() == begun {
                tokio::time::sleep(PAUSE / 10).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), arrived).await.expect("the log is folded");
        closing.cancel();
        tokio::time::timeout(Duration::from_secs(20), folding).await.expect("it ends with the installation").unwrap();
    }
}
