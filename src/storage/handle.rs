//! The handle of the database of an installation.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::health::WriteHealth;
use crate::storage::engine::pool::Pool;
use crate::storage::engine::postgres::server::{Server, drop_schema};
use crate::storage::engine::postgres::tls::Address;
use crate::storage::engine::sqlite::database::Purpose;
use crate::storage::engine::sqlite::wal_sync::WalSync;
use crate::storage::engine::transaction::{Tx, on};
use crate::storage::live::Live;
use crate::storage::trail::adopt::adopt;

/// Numbers that one reservation takes: one commit for some ten thousand messages. Gaps cost nothing.
const ID_BLOCK: i64 = 65_536;

/// Pause of a loop after storage failed: the next try may succeed.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(1);
/// The same where nothing succeeds until a new start; a few lines an hour in the log, which has said why.
const PAUSE_UNTIL_RESTART: Duration = Duration::from_mins(1);

/// The database of an installation; cheap to clone.
#[derive(Debug, Clone)]
pub struct Storage {
    pub(in crate::storage) pool: Pool,
    ids: Arc<tokio::sync::Mutex<std::ops::Range<i64>>>,
    pub(in crate::storage) live: Live,
    /// The key of the hashes of erased messages, once it was read.
    pub(in crate::storage) repeat_key: Arc<tokio::sync::OnceCell<Arc<str>>>,
    /// Whether transactions can be written.
    pub(in crate::storage) writes: Arc<WriteHealth>,
}

impl Storage {
    /// Opens `sqlite://path` (created where it is missing) or `postgres://…`, and migrates it: for a command, maybe
    /// beside a serving process. A server on the network must prove its name, unless the address comes with another
    /// minimum.
    ///
    /// # Errors
    /// [`StorageError`] when it cannot be opened or migrated.
    pub async fn open(address: impl Into<Address<'_>>) -> Result<Self, StorageError> {
        Self::on(Pool::open(address.into(), Purpose::Command).await?).await
    }

    /// The same, to serve: the WAL that earlier processes left in SQLite is copied into the file before anything is
    /// written.
    ///
    /// # Errors
    /// [`StorageError`] also when the disk refuses that, or another process reads an old state for too long.
    pub async fn open_serving(address: impl Into<Address<'_>>) -> Result<Self, StorageError> {
        Self::on(Pool::open(address.into(), Purpose::Serving).await?).await
    }

    /// Opens a SQLite file that need not survive a power loss: tests and replay.
    ///
    /// # Errors
    /// [`StorageError`] when it cannot be opened or migrated.
    pub async fn open_scratch(path: &Path) -> Result<Self, StorageError> {
        Self::on(Pool::open_sqlite(path, Purpose::Scratch).await?).await
    }

    /// Creates a schema of its own in a PostgreSQL database and migrates it; it need not survive a power loss: replay.
    ///
    /// # Errors
    /// [`StorageError`] when it cannot be created or migrated.
    pub async fn open_stage(address: Address<'_>, schema: &str) -> Result<Self, StorageError> {
        Self::on(Pool::open_stage(address, schema).await?).await
    }

    /// Drops such a schema with all that is in it.
    ///
    /// # Errors
    /// [`StorageError`] when it cannot be dropped.
    pub async fn drop_stage(address: Address<'_>, schema: &str) -> Result<(), StorageError> {
        drop_schema(address, schema).await
    }

    async fn on(pool: Pool) -> Result<Self, StorageError> {
        adopt(&pool).await?;
        let writes = match &pool {
            Pool::Sqlite(file) => Arc::clone(&file.writes),
            Pool::Postgres(_) => Arc::new(WriteHealth::of_database()),
        };
        let live = Live::new(pool.clone());
        let ids = Arc::new(tokio::sync::Mutex::new(0..0));
        Ok(Self { pool, ids, live, repeat_key: Arc::default(), writes })
    }

    /// Checks that the database answers, and would take a booking: where nothing was written for a while, it makes a
    /// small write.
    ///
    /// # Errors
    /// [`StorageError`] when it does not answer, its disk is known to have failed, or the last write failed.
    pub async fn ping(&self) -> Result<(), StorageError> {
        self.pool.sound()?;
        if self.writes.is_due() {
            // A task of its own: the caller may be cancelled, and would leave the transaction open.
            let storage = self.clone();
            tokio::spawn(async move { storage.probe_write().await }).await.ok();
            self.pool.sound()?;
        }
        self.writes.check()?;
        if let Pool::Sqlite(file) = &self.pool {
            file.checkpoints.check()?;
        }
        let mut tx = self.pool.read().await?;
        let sql = match &tx {
            Tx::Postgres(_) => {
                "select case when pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on' \
                 then 1 else 0 end"
            }
            _ => "select 0",
        };
        let (standby,): (i32,) = on!(&mut tx, |conn| sqlx::query_as(sql).fetch_one(conn).await)?;
        if standby == 1 {
            return Err(StorageError::Unavailable("this server only reads, and takes no bookings".to_owned()));
        }
        tx.end().await
    }

    /// Whether no sync of the database has failed, as far as this process knows. After one, only a new start repairs
    /// it.
    pub fn is_sound(&self) -> bool {
        self.pool.sound().is_ok()
    }

    /// Whether a restart of this process would repair it: a sync failed, and a start would find the files that this
    /// process has open. Where the files are gone from their paths, this process may have the only copy.
    pub async fn should_restart(&self) -> bool {
        let Pool::Sqlite(file) = &self.pool else { return false };
        file.log().is_some_and(WalSync::has_sync_failed) && file.check_files().await.is_ok()
    }

    /// How long a loop waits after storage failed before it tries again.
    pub fn pause_after_failure(&self) -> Duration {
        if self.is_sound() { PAUSE_AFTER_FAILURE } else { PAUSE_UNTIL_RESTART }
    }

    /// Makes a small write, and records the result.
    async fn probe_write(&self) {
        match &self.pool {
            Pool::Sqlite(file) => file.probe_write().await,
            Pool::Postgres(server) => match self.probe_server_write(server).await {
                Ok(()) => self.writes.succeeded(),
                Err(error) => self.writes.failed(&error),
            },
        }
    }

    /// The small write on a server, without waiting for a node that has locked the row.
    async fn probe_server_write(&self, server: &Server) -> Result<(), StorageError> {
        const SQL: &str = "update id_block set next = next where one in \
                           (select one from id_block for update skip locked)";
        let mut tx = Tx::Postgres(server.begin().await?);
        on!(&mut tx, |conn| sqlx::query(SQL).execute(conn).await.map(drop))?;
        tx.commit().await
    }

    /// Waits until everything that was committed before this call, [`Intake::finish`](super::Intake::finish) and
    /// [`Self::note_statuses`] included, would survive a power loss.
    ///
    /// # Errors
    /// [`StorageError`] when the disk failed: nothing may be acknowledged any more.
    pub async fn durable(&self) -> Result<(), StorageError> {
        self.pool.durable().await
    }

    /// Makes SQLite's checkpoints beside the writer until `closing`: a loop of the installation. A server makes its
    /// own.
    pub async fn run_checkpoints(&self, closing: &CancellationToken) {
        match &self.pool {
            Pool::Sqlite(file) => file.run_checkpoints(closing).await,
            Pool::Postgres(_) => closing.cancelled().await,
        }
    }

    /// Tells screens that what they show has changed.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// Closes the database; on SQLite the whole WAL is copied into the file, unless the disk has failed.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// Reserves `count` numbers, which no other caller gets.
    ///
    /// # Errors
    /// [`StorageError`] when the next block cannot be reserved.
    pub async fn ids(&self, count: usize) -> Result<std::ops::Range<i64>, StorageError> {
        let count = i64::try_from(count).unwrap_or(ID_BLOCK);
        let mut block = self.ids.lock().await;
        if block.end - block.start < count {
            let take = count.max(ID_BLOCK);
            let mut tx = self.pool.begin().await?;
            let (next,): (i64,) = on!(&mut tx, |conn| {
                sqlx::query_as("update id_block set next = next + $1 returning next").bind(take).fetch_one(conn).await
            })?;
            // What uses the numbers commits later, and is lost with this where this is lost.
            tx.commit_unsynced().await?;
            *block = next - take..next;
        }
        let first = block.start;
        block.start += count;
        Ok(first..first + count)
    }
}

/// A disk that tests of other modules can make slow, or break.
#[cfg(test)]
impl Storage {
    fn log(&self) -> &WalSync {
        let Pool::Sqlite(file) = &self.pool else { panic!("a server has a disk of its own") };
        file.log().expect("a database that is to survive")
    }

    /// Blocks every sync until the guard is dropped.
    pub(crate) async fn hold_disk(&self) -> impl Drop + '_ {
        self.log().hold().await
    }

    /// From now on every sync fails.
    pub(crate) fn fail_disk(&self) {
        self.log().fail(Path::new("antrean.db"), &"the disk failed");
    }
}
