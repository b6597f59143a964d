//! The two engines behind one face, and everything in which their statements differ: beginning, arrays as tables, and
//! whether an error is the data's fault. Their connections are in `sqlite` and `postgres`.
//!
//! Every other SQL text of the room is written once, in what both engines understand.

use std::path::Path;
use std::sync::Arc;

use sqlx::Sqlite;
use sqlx::pool::PoolConnection;

use super::postgres::{self, PgTx, Server};
use super::sqlite::{self, Purpose, READERS, SqliteTx};
use super::tls::Address;
use super::{StorageError, migrate};
use crate::domain::office::OfficeId;

/// Connections to a server that write, a node; more do not help on few cores (measured on two).
const WRITERS: u32 = 2;

/// The database.
#[derive(Debug, Clone)]
pub(super) enum Pool {
    /// A file.
    Sqlite(Arc<sqlite::File>),
    /// A server.
    Postgres(Server),
}

/// A transaction, or on SQLite's readers a connection. Dropped without [`Tx::commit`], it leaves no trace.
#[derive(Debug)]
pub enum Tx {
    /// SQLite's writer.
    Sqlite(SqliteTx),
    /// One of SQLite's readers.
    SqliteRead(PoolConnection<Sqlite>),
    /// The same, with all statements in one state of the file.
    SqliteSnapshot(sqlx::Transaction<'static, Sqlite>),
    /// A transaction on PostgreSQL.
    Postgres(PgTx),
}

/// Runs one expression on whichever connection the transaction has.
macro_rules! on {
    ($tx:expr, |$conn:ident| $run:expr) => {
        match $tx {
            $crate::storage::engine::Tx::Sqlite(tx) => {
                let done = {
                    let $conn = tx.conn();
                    $run
                };
                tx.noted(done)
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
    // Only what stands before the colon: the rest may hold a password.
    let what = url.split_once(':').map_or("this", |(scheme, _)| scheme);
    StorageError::Unavailable(format!(
        "`{what}` is no address of a database that antrean knows; write sqlite://antrean.db or postgres://user@host/name"
    ))
}

impl Pool {
    pub(super) async fn open(address: Address<'_>, purpose: Purpose) -> Result<Self, StorageError> {
        let url = address.url;
        if let Some(path) = sqlite::sqlite_path(url) {
            return Self::open_sqlite(&path, purpose).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let (options, named) = postgres::options(address)?;
            let is_newly_numbered = migrate::postgres(&options, named).await?;
            let mut server = Server::open(options, named, READERS + WRITERS);
            server.is_newly_numbered = is_newly_numbered;
            return Ok(Self::Postgres(server));
        }
        Err(refused_url(url))
    }

    /// A new schema of a server's database, for statements that need not survive a power loss.
    pub(super) async fn open_stage(address: Address<'_>, schema: &str) -> Result<Self, StorageError> {
        let (options, named) = postgres::options(address)?;
        postgres::create_schema(&options, schema).await?;
        let options = options.options([("search_path", schema), ("synchronous_commit", "off")]);
        migrate::postgres(&options, named).await?;
        Ok(Self::Postgres(Server::open(options, named, WRITERS)))
    }

    /// Opens a SQLite file.
    pub(super) async fn open_sqlite(path: &Path, purpose: Purpose) -> Result<Self, StorageError> {
        let opened = sqlite::File::open(path, purpose).await;
        // What SQLite says by itself, such as "file is not a database", names no file.
        let named = opened.map_err(|error| match error {
            StorageError::Unavailable(what) if !what.contains(&*path.to_string_lossy()) => {
                StorageError::Unavailable(format!("{}: {what}", path.display()))
            }
            error => error,
        });
        Ok(Self::Sqlite(named?))
    }

    /// Begins a transaction that writes. On SQLite it waits its turn for the one writer.
    pub(super) async fn begin(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => Ok(Tx::Sqlite(file.begin().await?)),
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin().await?)),
        }
    }

    /// Begins a transaction that goes through whole tables and writes.
    pub(super) async fn begin_long(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(_) => self.begin().await,
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_long().await?)),
        }
    }

    /// Begins an intake of these offices; on SQLite its first statement must be a [`super::text::Text::beginning`], which
    /// does it.
    pub(super) async fn begin_intake(&self, offices: impl Iterator<Item = &OfficeId>) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => Ok(Tx::Sqlite(file.take().await?)),
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_intake(offices).await?)),
        }
    }

    /// Begins a round of the courier.
    pub(super) async fn begin_dispatch(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(_) => self.begin().await,
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_dispatch().await?)),
        }
    }

    /// A connection to read by.
    pub(super) async fn read(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => {
                file.look().await?;
                Ok(Tx::SqliteRead(file.readers().acquire().await?))
            }
            Self::Postgres(server) => Ok(Tx::Postgres(server.read().await?)),
        }
    }

    /// A connection to read whole tables by, all in one state: what is counted beside a running server must agree.
    pub(super) async fn snapshot(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => {
                file.look().await?;
                Ok(Tx::SqliteSnapshot(file.readers().begin().await?))
            }
            Self::Postgres(server) => Ok(Tx::Postgres(server.snapshot().await?)),
        }
    }

    /// Waits until what [`Tx::ended`] has ended would survive a power loss; on a server its commit did that.
    pub(super) async fn durable(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(file) => file.durable().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Whether this opening gave a database of an earlier version its number.
    pub(super) fn is_newly_numbered(&self) -> bool {
        match self {
            Self::Sqlite(file) => file.is_newly_numbered,
            Self::Postgres(server) => server.is_newly_numbered,
        }
    }

    /// Whether what is written would get to the disk, as far as this process knows.
    pub(super) fn sound(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(file) => file.sound(),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Closes the connections; all of SQLite's log is written to its file.
    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::Postgres(server) => server.close().await,
        }
    }
}

impl Tx {
    /// Makes everything since [`Pool::begin`] durable.
    pub(super) async fn commit(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::SqliteRead(_) | Self::SqliteSnapshot(_) => Ok(()),
            Self::Postgres(tx) => tx.commit().await,
        }
    }

    /// Commits everything since [`Pool::begin`]. Whoever acknowledges it waits for [`Pool::durable`] first.
    pub(super) async fn commit_ahead(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => tx.commit_ahead().await,
            tx => tx.commit().await,
        }
    }

    /// Ends a reading, and keeps its connection for the next one.
    pub(super) async fn end(self) -> Result<(), StorageError> {
        match self {
            Self::SqliteSnapshot(tx) => Ok(tx.rollback().await?),
            tx => tx.rollback().await,
        }
    }

    /// Ends a transaction whose last statement was a [`super::text::Text::ending`], which has committed it on SQLite. Whoever
    /// acknowledges it waits for [`Pool::durable`] first.
    pub(super) async fn ended(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => {
                tx.ended();
                Ok(())
            }
            tx => tx.commit().await,
        }
    }

    /// Undoes everything since [`Pool::begin`].
    pub(super) async fn rollback(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
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
