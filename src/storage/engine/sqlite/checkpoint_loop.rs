//! The checkpoint loop: it copies the WAL into the file beside the writer, so that little is left for the moment in
//! which the writer must wait. Once the WAL is long enough, a copy of all of it lets the next transaction restart it.
//!
//! Needs SQLite 3.51.3 or later: before, a WAL restart during a checkpoint could corrupt the file (the "WAL-reset bug",
//! 3.7.0 to 3.51.2).

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use sqlx::SqliteConnection;
use tokio_util::sync::CancellationToken;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::checkpoint::{Mode, checkpoint};
use crate::storage::engine::sqlite::database::Database;
use crate::storage::engine::sqlite::options::{WAL_BYTES_KEPT, WAL_PAGES};
use crate::storage::engine::sqlite::wal_sync::WalSync;

/// Commits that are worth a checkpoint: an office with a few messages a minute needs none for hours.
const COMMITS: u64 = 32;
/// Pause between two checkpoints, or two checks whether one is due.
const PAUSE: Duration = Duration::from_millis(100);
/// How long the loop does not block the writer again after a reader of an old state kept the WAL from being copied
/// whole.
const READER_PAUSE: Duration = Duration::from_secs(1);
/// Multiple of the restart size at which a WAL that cannot restart is logged.
const LONG_WAL: u32 = 16;

/// State of the loop between two checkpoints.
struct LoopState {
    conn: SqliteConnection,
    /// When the loop may block the writer again.
    not_before: Instant,
    has_warned: bool,
}

impl Database {
    /// Makes checkpoints until `closing`, or until the disk fails; does nothing for a database that was not opened to serve.
    pub(in crate::storage) async fn run_checkpoints(&self, closing: &CancellationToken) {
        let (Some(log), Some(conn)) = (self.log(), self.take_checkpointer()) else { return closing.cancelled().await };
        self.has_checkpoint_loop.store(true, Ordering::Relaxed);
        let mut state = LoopState { conn, not_before: Instant::now(), has_warned: false };
        // Commits from before the loop count too.
        let mut copied = 0;
        while closing.run_until_cancelled(next_commit(log)).await.is_some() {
            let commits = log.requests();
            let is_long = log.bytes() > u64::from(WAL_BYTES_KEPT);
            if commits - copied < COMMITS && !is_long && !self.checkpoints.has_failed() {
                continue;
            }
            // After a failed sync nothing in this process may copy: the next start does, from the first page. Nor may
            // anything copy once the paths lead to other files.
            if log.sound().is_err() || self.check_files().await.is_err() {
                break;
            }
            // Completes also while closing, because it holds the lock that the last checkpoint needs.
            match self.checkpoint_once(&mut state).await {
                Ok(()) => copied = commits,
                Err(error) => tracing::debug!(%error, "the log was not copied; it is tried again"),
            }
        }
        closing.cancelled().await;
    }

    async fn checkpoint_once(&self, state: &mut LoopState) -> Result<(), StorageError> {
        let copied = self.record_checkpoint(checkpoint(&mut state.conn, Mode::Passive).await)?;
        if copied.log < i64::from(WAL_PAGES) || Instant::now() < state.not_before {
            return Ok(());
        }
        let copied = self.checkpoint_without_writers(&mut state.conn).await?;
        if copied.is_complete() {
            state.has_warned = false;
            return Ok(());
        }
        state.not_before = Instant::now() + READER_PAUSE;
        if copied.log > i64::from(WAL_PAGES * LONG_WAL) && !std::mem::replace(&mut state.has_warned, true) {
            let pages = copied.log;
            tracing::warn!(
                pages,
                "somebody reads an old state of the database, so its log grows; end what reads so long"
            );
        }
        Ok(())
    }
}

/// Waits for a commit, then for the pause.
async fn next_commit(log: &WalSync) {
    log.next_request().await;
    tokio::time::sleep(PAUSE).await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sqlx::{ConnectOptions, Executor};

    use super::*;
    use crate::storage::engine::sqlite::database::Purpose;

    #[tokio::test]
    async fn sqlite_is_new_enough_for_checkpoints_beside_a_writer() {
        let mut conn = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
        let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut conn).await.unwrap();
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        assert!(parts >= vec![3, 51, 3], "{version}");
    }

    // Negative control: without `copy_found_wal` in `Database::open` the file stays as it was.
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

    // Negative control, run once: a connection that is opened at this moment reads the earlier log as the other file's, and finds
    // "database disk image is malformed".
    #[tokio::test]
    async fn a_checkpoint_never_takes_a_file_that_replaced_the_database_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (path, log) = (folder.path().join("antrean.db"), folder.path().join("antrean.db-wal"));
        let file = Database::open(&path, Purpose::Serving).await.unwrap();
        let mut tx = file.begin().await.unwrap();
        tx.conn().execute("create table much (data blob); insert into much values (null)").await.unwrap();
        tx.commit().await.unwrap();
        // A log of more pages than the database has.
        for _ in 0..20 {
            let mut tx = file.begin().await.unwrap();
            tx.conn().execute("update much set data = zeroblob(100 * 1024)").await.unwrap();
            tx.commit().await.unwrap();
        }
        let written = std::fs::read(&log).unwrap();
        std::fs::write(folder.path().join("other"), "something else").unwrap();
        std::fs::rename(folder.path().join("other"), &path).unwrap();
        // At this moment nobody has looked where the paths lead.
        let conn = file.take_checkpointer().unwrap();
        let mut state = LoopState { conn, not_before: Instant::now(), has_warned: false };
        file.checkpoint_once(&mut state).await.unwrap();
        drop(state);
        assert!(file.check_files().await.is_err(), "it is found out");
        assert_eq!(std::fs::read(&path).unwrap(), b"something else");
        assert!(std::fs::read(&log).unwrap() == written, "the log is where it was, as it was");
    }

    // Negative control: without the loop the file stays as it was.
    #[tokio::test]
    async fn what_is_written_gets_into_the_file_without_a_full_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("antrean.db");
        let file = Database::open(&path, Purpose::Serving).await.unwrap();
        let closing = CancellationToken::new();
        let checkpoints = tokio::spawn({
            let (file, closing) = (Arc::clone(&file), closing.clone());
            async move { file.run_checkpoints(&closing).await }
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
        tokio::time::timeout(Duration::from_secs(20), arrived).await.expect("the WAL is copied");
        closing.cancel();
        tokio::time::timeout(Duration::from_secs(20), checkpoints)
            .await
            .expect("it ends with the installation")
            .unwrap();
    }
}
