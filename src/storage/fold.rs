//! Folds SQLite's log into its file (a checkpoint) beside those who write.
//!
//! Left to SQLite, whoever commits when the log has grown too long folds all of it and keeps everybody waiting: 16 MiB take
//! as long as thirty commits. Here a connection of its own folds what is there once a second; only when the log is long,
//! the writer is held for the few pages that came meanwhile, so that the log can begin anew.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::sqlite::{LOG_PAGES, Writer};

/// How long commits gather before they are folded.
const PAUSE: Duration = Duration::from_secs(1);

/// The task that folds; ends with this value.
#[derive(Debug)]
pub(super) struct Folding {
    committed: Arc<Notify>,
    closing: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Folding {
    /// Starts it. Must be called inside a tokio runtime.
    pub(super) fn start(options: SqliteConnectOptions, writer: &Arc<tokio::sync::Mutex<Writer>>) -> Self {
        let (committed, closing) = (Arc::new(Notify::new()), CancellationToken::new());
        let run = run(options, Arc::downgrade(writer), Arc::clone(&committed), closing.clone());
        Self { committed, closing, task: Mutex::new(Some(tokio::spawn(run))) }
    }

    /// There is something to fold.
    pub(super) fn ring(&self) {
        self.committed.notify_one();
    }

    /// Ends it, its connection closed.
    pub(super) async fn end(&self) {
        self.closing.cancel();
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.await.ok();
        }
    }
}

impl Drop for Folding {
    fn drop(&mut self) {
        self.closing.cancel();
    }
}

async fn run(
    options: SqliteConnectOptions,
    writer: Weak<tokio::sync::Mutex<Writer>>,
    committed: Arc<Notify>,
    closing: CancellationToken,
) {
    // Opened at the first commit: a server at rest needs none.
    let mut own = None;
    let pause = async || {
        committed.notified().await;
        tokio::time::sleep(PAUSE).await;
    };
    while closing.run_until_cancelled(pause()).await.is_some() {
        let folded = async {
            let conn = match &mut own {
                Some(conn) => conn,
                none => none.insert(options.connect().await?),
            };
            if fold(conn).await? < LOG_PAGES {
                return Ok(());
            }
            let Some(writer) = writer.upgrade() else { return Ok(()) };
            fold(writer.lock().await.idle().await).await.map(drop)
        };
        if let Err::<(), sqlx::Error>(error) = folded.await {
            // Nothing is lost: the log is as good as the file, and the writer folds it itself when it is very long.
            tracing::warn!(%error, "the log of the database could not be folded into its file");
            own = None;
        }
    }
    if let Some(conn) = own {
        conn.close().await.ok();
    }
}

/// Folds as much as nobody needs any more; returns how many pages the log has.
async fn fold(conn: &mut SqliteConnection) -> Result<u32, sqlx::Error> {
    let (_, pages, _): (i64, i64, i64) = sqlx::query_as("pragma wal_checkpoint(passive)").fetch_one(conn).await?;
    Ok(u32::try_from(pages).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::SqliteSynchronous;

    use super::super::engine::{Pool, Tx};
    use super::*;

    /// One commit of a mebibyte.
    async fn commit(pool: &Pool) {
        let Tx::Sqlite(mut tx) = pool.begin().await.unwrap() else { panic!("SQLite") };
        let fill = "insert into orphan_status (channel, provider_id, delivery, error, at_us) \
                    values ('wa/1', hex(randomblob(8)), 1, hex(randomblob(524288)), 0)";
        sqlx::query(fill).execute(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Control, run once: without the task the log grew to 32 MiB.
    #[tokio::test]
    async fn a_long_log_is_folded_beside_those_who_commit_and_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("antrean.db");
        let pool = Pool::open_sqlite(&path, SqliteSynchronous::Full).await.unwrap();
        let log = || std::fs::metadata(folder.path().join("antrean.db-wal")).unwrap().len();
        for _ in 0..20 {
            commit(&pool).await;
        }
        assert!(log() > 20 << 20, "no commit folds it");
        tokio::time::sleep(PAUSE * 3).await;
        let before = log();
        for _ in 0..12 {
            commit(&pool).await;
        }
        assert_eq!(log(), before, "it was begun anew");
        pool.close().await;
        assert_eq!(log(), 0, "all of it is in the file");
    }
}
