//! SQLite's log goes into its file beside the writer. Otherwise whoever commits when the log is full does it, and everybody
//! waits; what is left for that one then is what was written since the last turn here.
//!
//! Needs SQLite 3.51.3 or later: before, a writer that began the log anew beside a checkpoint could spoil the file (the
//! "WAL-reset bug", 3.7.0 to 3.51.2).

use std::time::Duration;

use sqlx::{ConnectOptions, Executor, SqliteConnection};
use tokio_util::sync::CancellationToken;

use super::log::Log;
use super::sqlite::{File, options};

/// Commits that make a turn worth its while. An office of a few messages a minute is left to the writer.
const COMMITS: u64 = 32;
/// Pause between two turns, or two looks whether one is due.
const PAUSE: Duration = Duration::from_millis(100);
/// What the connection keeps in memory, in KiB: it only copies pages.
const CACHE_KIB: u32 = 64;

impl File {
    /// Folds the log until `closing`; does nothing for a scratch database.
    pub(super) async fn fold(&self, closing: &CancellationToken) {
        let Some(log) = self.log() else { return closing.cancelled().await };
        let mut conn = None;
        let mut folded = log.asked();
        while closing.run_until_cancelled(next(log)).await.is_some() {
            let commits = log.asked();
            if commits - folded < COMMITS {
                continue;
            }
            folded = commits;
            if self.look().await.is_err() {
                return closing.cancelled().await;
            }
            // To its end, also while closing: the writer's own last turn would find the checkpoint's lock taken.
            if let Err(error) = self.turn(&mut conn).await {
                conn = None;
                if is_the_disks(&error) {
                    log.fail(self.path(), &error);
                    tracing::error!(%error, "SQLite's log could not be folded; nothing is acknowledged until a new start");
                    return closing.cancelled().await;
                }
                tracing::warn!(%error, "SQLite's log could not be folded beside the writer, who will do it");
            }
        }
    }

    async fn turn(&self, conn: &mut Option<SqliteConnection>) -> Result<(), sqlx::Error> {
        let conn = if let Some(conn) = conn {
            conn
        } else {
            let options = options(self.path()).pragma("cache_size", format!("-{CACHE_KIB}"));
            let opened = options.disable_statement_logging().connect().await?;
            if self.look().await.is_err() {
                // The files were exchanged while it was opened. Closed, it would be the last connection of the file that is
                // there now: it would write the earlier log into that one and remove it.
                std::mem::forget(opened);
                return Ok(());
            }
            conn.insert(opened)
        };
        // Takes what it can without keeping anybody waiting.
        conn.execute("pragma wal_checkpoint(passive)").await.map(drop)
    }
}

/// Whether the disk refused, which the kernel tells once: a later turn on a new connection would be told that all is well,
/// and the log begun anew over what the file does not have.
fn is_the_disks(error: &sqlx::Error) -> bool {
    const SQLITE_IOERR: u32 = 10;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    code.is_some_and(|code| code & 0xff == SQLITE_IOERR)
}

/// Sleeps while nothing is written, and for a pause.
async fn next(log: &Log) {
    log.written().await;
    tokio::time::sleep(PAUSE).await;
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sqlx::sqlite::SqliteSynchronous;

    use super::*;

    #[tokio::test]
    async fn sqlite_is_new_enough_to_fold_beside_a_writer() {
        let mut conn = sqlx::sqlite::SqliteConnectOptions::new().in_memory(true).connect().await.unwrap();
        let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut conn).await.unwrap();
        let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
        assert!(parts >= vec![3, 51, 3], "{version}");
    }

    // Control: without the checkpoint in `File::open` the file stays as it was found.
    #[tokio::test]
    async fn a_start_writes_all_of_the_log_that_a_dead_process_left_to_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (died, found) = (folder.path().join("died.db"), folder.path().join("found.db"));
        let alive = File::open(&died, SqliteSynchronous::Full).await.unwrap();
        let mut tx = alive.begin().await.unwrap();
        tx.conn().execute("update id_block set next = next + 1").await.unwrap();
        tx.commit().await.unwrap();
        // What a process that died at this moment leaves.
        std::fs::copy(&died, &found).unwrap();
        std::fs::copy(folder.path().join("died.db-wal"), folder.path().join("found.db-wal")).unwrap();
        let before = std::fs::read(&found).unwrap();
        let _started = File::open(&found, SqliteSynchronous::Full).await.unwrap();
        assert!(std::fs::read(&found).unwrap() != before, "what was written is in the log only");
    }

    // Control: without the loop the file stays as it was.
    #[tokio::test]
    async fn what_is_written_gets_into_the_file_without_a_full_log() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("antrean.db");
        let file = File::open(&path, SqliteSynchronous::Full).await.unwrap();
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
        assert!(file_now() == begun, "few commits are left to the writer");
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
