//! The two engines, and everything in which they differ: opening, beginning, the busy test, and arrays as tables.
//!
//! Every other SQL text of the room is written once, in what both engines understand.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    Sqlite, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Executor};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::postgres::{self, PgTx, Server};
use super::{StorageError, migrate};
use crate::domain::office::OfficeId;

/// How long a writer waits for another process (a short command beside the server) before it says busy.
const BUSY_WAIT: Duration = Duration::from_secs(5);
/// Size of a page of a new file. A message touches a page of its own in nearly every index, and each goes to the log whole:
/// half the usual size is half the bytes that a commit waits for.
const PAGE_BYTES: u32 = 2048;
/// Pages kept in memory by each connection, in KiB: what a full batch changes, so that none is written twice for it.
const CACHE_KIB: u32 = 4 * 1024;
/// Pages in the log before they are folded into the file: 16 MiB of the size above. A page that changes in every batch is folded once for
/// many of them; the log is written over from its beginning then, which costs half of what growing it costs.
const CHECKPOINT_PAGES: u32 = 16 * 1024 * 1024 / PAGE_BYTES;
/// Connections that only read. Lists and exports need no more, and each costs memory.
const READERS: u32 = 4;
/// Connections that write, a node; more do not help on few cores (measured on two).
const WRITERS: u32 = 2;

/// The database.
#[derive(Debug, Clone)]
pub(super) enum Pool {
    /// One file, one writer in this process, some readers.
    Sqlite {
        /// The one connection that writes; taken in the order of asking.
        writer: Arc<Mutex<Writer>>,
        /// Connections that only read.
        readers: SqlitePool,
    },
    /// A server.
    Postgres(Server),
}

/// The connection that writes, and whether a transaction was left open on it.
#[derive(Debug)]
pub(super) struct Writer {
    conn: SqliteConnection,
    open: bool,
}

/// A transaction, or on SQLite's readers a connection. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// SQLite's writer, inside `begin immediate`.
    Sqlite(SqliteTx),
    /// One of SQLite's readers.
    SqliteRead(PoolConnection<Sqlite>),
    /// The same, with all statements in one state of the file.
    SqliteSnapshot(sqlx::Transaction<'static, Sqlite>),
    /// A transaction on PostgreSQL.
    Postgres(PgTx),
}

/// SQLite's writer, held.
#[derive(Debug)]
pub struct SqliteTx(OwnedMutexGuard<Writer>);

impl SqliteTx {
    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.0.conn
    }
}

/// Runs one expression on whichever connection the transaction has.
macro_rules! on {
    ($tx:expr, |$conn:ident| $run:expr) => {
        match $tx {
            $crate::storage::engine::Tx::Sqlite(tx) => {
                let $conn = tx.conn();
                $run
            }
            $crate::storage::engine::Tx::SqliteRead(conn) => {
                let $conn = &mut **conn;
                $run
            }
            $crate::storage::engine::Tx::SqliteSnapshot(tx) => {
                let $conn = &mut **tx;
                $run
            }
            $crate::storage::engine::Tx::Postgres(tx) => {
                let patience = tx.patience();
                let $conn = tx.conn();
                let done = $crate::storage::postgres::patiently(patience, async { $run }).await;
                if done.is_ok() {
                    tx.went_well();
                }
                done
            }
        }
    };
}

/// A text with a JSON array (`$1`) as the table `each`, whose `value` holds one row.
macro_rules! each {
    ($tx:expr, $before:expr, $after:expr) => {
        match $tx {
            $crate::storage::engine::Tx::Postgres(_) => {
                concat!($before, " jsonb_array_elements($1::text::jsonb) as each(value) ", $after)
            }
            _ => concat!($before, " json_each($1) as each ", $after),
        }
    };
}

pub(super) use {each, on};

fn refused_url(url: &str) -> StorageError {
    let scheme = url.split(':').next().unwrap_or_default();
    StorageError::Unavailable(format!(
        "`{scheme}:` is no database that antrean knows; write sqlite://antrean.db or postgres://user@host/name"
    ))
}

fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    // Set on every connection: SQLite remembers only the journal mode in the file.
    SqliteConnectOptions::new()
        .filename(path)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        // Anything less loses acknowledged bookings at power loss.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY_WAIT)
        // Each statement that writes many rows keeps what it changed, so that it can be undone alone: not in files.
        .pragma("temp_store", "memory")
        .pragma("cache_size", format!("-{CACHE_KIB}"))
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
}

/// The file of a `sqlite:` address, `None` for other engines.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

/// Pauses before a locked file is tried again, in milliseconds.
const LOCKED_PAUSES_MS: [u64; 6] = [10, 20, 40, 80, 160, 320];

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

/// SQLite's writer, no transaction open on it, and marked as having one.
async fn take(writer: &Arc<Mutex<Writer>>) -> SqliteTx {
    let mut writer = Arc::clone(writer).lock_owned().await;
    if writer.open {
        // The last holder was dropped half-way (a panic, a cancelled task): undo what it left.
        writer.conn.execute("rollback").await.ok();
    }
    writer.open = true;
    SqliteTx(writer)
}

impl Pool {
    pub(super) async fn open(url: &str) -> Result<Self, StorageError> {
        if let Some(path) = sqlite_path(url) {
            return Self::open_sqlite(&path, SqliteSynchronous::Full).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let (options, named) = postgres::options(url)?;
            migrate::postgres(&options, named).await?;
            return Ok(Self::Postgres(Server::open(options, named, READERS + WRITERS)));
        }
        Err(refused_url(url))
    }

    /// A new schema of a server's database, for statements that need not survive a power loss.
    pub(super) async fn open_stage(url: &str, schema: &str) -> Result<Self, StorageError> {
        let (options, named) = postgres::options(url)?;
        postgres::create_schema(&options, schema).await?;
        let options = options.options([("search_path", schema), ("synchronous_commit", "off")]);
        migrate::postgres(&options, named).await?;
        Ok(Self::Postgres(Server::open(options, named, WRITERS)))
    }

    /// Opens a SQLite file with a chosen care for power loss; tests and replay need none.
    pub(super) async fn open_sqlite(path: &Path, care: SqliteSynchronous) -> Result<Self, StorageError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            tokio::fs::create_dir_all(folder)
                .await
                .map_err(|e| StorageError::Unavailable(format!("cannot create {}: {e}", folder.display())))?;
        }
        // A scratch database tells its statements at debug level, so that a test can count them; others tell nothing.
        let is_scratch = !matches!(care, SqliteSynchronous::Full);
        let told =
            |options: SqliteConnectOptions| if is_scratch { options } else { options.disable_statement_logging() };
        let options = told(sqlite_options(path).synchronous(care).create_if_missing(true));
        let mut conn = connected(&options).await?;
        migrate::sqlite(&mut conn).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(0)
            .connect_lazy_with(told(sqlite_options(path).read_only(true)));
        Ok(Self::Sqlite { writer: Arc::new(Mutex::new(Writer { conn, open: false })), readers })
    }

    /// Begins a transaction that writes. On SQLite it waits its turn for the one writer.
    pub(super) async fn begin(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite { writer, .. } => {
                let mut tx = take(writer).await;
                // Immediate: a plain `begin` fails at its first write while readers are busy, without waiting.
                if let Err(error) = tx.conn().execute("begin immediate").await {
                    tx.0.open = false;
                    return Err(error.into());
                }
                Ok(Tx::Sqlite(tx))
            }
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin().await?)),
        }
    }

    /// Begins an intake of these offices; on SQLite its first statement must be a [`super::text::Text::beginning`], which does it.
    pub(super) async fn begin_intake(&self, offices: impl Iterator<Item = &OfficeId>) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite { writer, .. } => Ok(Tx::Sqlite(take(writer).await)),
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_intake(offices).await?)),
        }
    }

    /// Begins a round of the courier.
    pub(super) async fn begin_dispatch(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite { .. } => self.begin().await,
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_dispatch().await?)),
        }
    }

    /// A connection to read by.
    pub(super) async fn read(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite { readers, .. } => Ok(Tx::SqliteRead(readers.acquire().await?)),
            Self::Postgres(server) => Ok(Tx::Postgres(server.read().await?)),
        }
    }

    /// A connection to read whole tables by, all in one state: what is counted beside a running server must agree.
    pub(super) async fn snapshot(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite { readers, .. } => Ok(Tx::SqliteSnapshot(readers.begin().await?)),
            Self::Postgres(server) => Ok(Tx::Postgres(server.snapshot().await?)),
        }
    }

    /// Closes every connection; SQLite's log is folded into its file.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                let mut writer = writer.lock().await;
                writer.conn.execute("pragma wal_checkpoint(truncate)").await.ok();
            }
            Self::Postgres(server) => server.close().await,
        }
    }
}

impl Tx {
    /// Makes everything since [`Pool::begin`] durable.
    pub(super) async fn commit(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(mut tx) => {
                tx.conn().execute("commit").await?;
                tx.0.open = false;
                Ok(())
            }
            Self::SqliteRead(_) | Self::SqliteSnapshot(_) => Ok(()),
            Self::Postgres(tx) => tx.commit().await,
        }
    }

    /// Ends a reading, and keeps its connection for the next one.
    pub(super) async fn end(self) -> Result<(), StorageError> {
        match self {
            Self::SqliteSnapshot(tx) => Ok(tx.rollback().await?),
            tx => tx.rollback().await,
        }
    }

    /// Ends a transaction whose last statement was a [`super::text::Text::ending`], which has committed it on SQLite.
    pub(super) async fn ended(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(mut tx) => {
                tx.0.open = false;
                Ok(())
            }
            tx => tx.commit().await,
        }
    }

    /// Undoes everything since [`Pool::begin`].
    pub(super) async fn rollback(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(mut tx) => {
                tx.conn().execute("rollback").await?;
                tx.0.open = false;
                Ok(())
            }
            Self::SqliteRead(_) | Self::SqliteSnapshot(_) => Ok(()),
            Self::Postgres(tx) => tx.rollback().await,
        }
    }
}

impl From<sqlx::Error> for StorageError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            // Only what the data itself is to blame for; everything else is worth another try.
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default().into_owned();
                // PostgreSQL: classes 22 (data) and 23 (integrity). SQLite: 19 constraint, 20 mismatch, 18 too big.
                let data = code.len() == 5 && (code.starts_with("22") || code.starts_with("23"))
                    || code.parse::<u32>().is_ok_and(|n| code.len() < 5 && matches!(n & 0xff, 18..=20));
                // Messages of constraints name columns, never values; PostgreSQL's `detail` would quote values.
                if data { Self::Data(database.message().to_owned()) } else { Self::Unavailable(error.to_string()) }
            }
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Encode(_) => Self::Data(error.to_string()),
            _ => Self::Unavailable(error.to_string()),
        }
    }
}
