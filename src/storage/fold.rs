//! SQLite's log goes into its file beside the writer. Otherwise whoever commits when the log is full does it, and everybody
//! waits; what is left for that one then is what was written since the last turn here.

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
    /// Folds the log until `closing`; nothing where no log is kept for a power loss.
    pub(super) async fn fold(&self, closing: &CancellationToken) {
        let Some(log) = self.log() else { return closing.cancelled().await };
        let mut conn = None;
        let mut folded = log.commits();
        while closing.run_until_cancelled(next(log)).await.is_some() {
            let commits = log.commits();
            if commits - folded < COMMITS {
                continue;
            }
            folded = commits;
            // To its end, also while closing: the writer's own last turn would find the log taken.
            if let Err(error) = self.turn(&mut conn).await {
                conn = None;
                tracing::warn!(%error, "SQLite's log could not be folded beside the writer, who will do it");
            }
        }
    }

    async fn turn(&self, conn: &mut Option<SqliteConnection>) -> Result<(), sqlx::Error> {
        let conn = if let Some(conn) = conn {
            conn
        } else {
            let options = options(self.path()).pragma("cache_size", format!("-{CACHE_KIB}"));
            conn.insert(options.disable_statement_logging().connect().await?)
        };
        // Takes what it can without keeping anybody waiting.
        conn.execute("pragma wal_checkpoint(passive)").await.map(drop)
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

    use sqlx::sqlite::SqliteSynchronous;

    use super::*;

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
