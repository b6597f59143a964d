//! The database as one value: a SQLite file or a PostgreSQL server, and the transactions that either begins.

use std::path::Path;
use std::sync::Arc;

use crate::domain::office::OfficeId;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::migrate;
use crate::storage::engine::postgres::server::{self, Server};
use crate::storage::engine::postgres::tls::Address;
use crate::storage::engine::sqlite::database::{Database, Purpose};
use crate::storage::engine::sqlite::options::READERS;
use crate::storage::engine::sqlite::paths::sqlite_path;
use crate::storage::engine::transaction::Tx;

/// Connections to a server that write, for each node; more do not help on few cores (measured on two).
const WRITERS: u32 = 2;

/// The database.
#[derive(Debug, Clone)]
pub(in crate::storage) enum Pool {
    /// A file.
    Sqlite(Arc<Database>),
    /// A server.
    Postgres(Server),
}

fn unknown_scheme(url: &str) -> StorageError {
    // Only the scheme: the rest may hold a password.
    let what = url.split_once(':').map_or("this", |(scheme, _)| scheme);
    StorageError::Unavailable(format!(
        "`{what}` is no address of a database that antrean knows; write sqlite://antrean.db or postgres://user@host/name"
    ))
}

impl Pool {
    pub(in crate::storage) async fn open(address: Address<'_>, purpose: Purpose) -> Result<Self, StorageError> {
        let url = address.url;
        if let Some(path) = sqlite_path(url) {
            return Self::open_sqlite(&path, purpose).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let options = server::options(address)?;
            let is_newly_numbered = migrate::postgres(&options).await?;
            let mut server = Server::open(options, READERS + WRITERS);
            server.is_newly_numbered = is_newly_numbered;
            return Ok(Self::Postgres(server));
        }
        Err(unknown_scheme(url))
    }

    /// Creates and migrates a schema of its own in a PostgreSQL database; its commits need not survive a power loss.
    pub(in crate::storage) async fn open_stage(address: Address<'_>, schema: &str) -> Result<Self, StorageError> {
        let mut options = server::options(address)?;
        server::create_schema(&options.connection, schema).await?;
        options.connection = options.connection.options([("search_path", schema), ("synchronous_commit", "off")]);
        migrate::postgres(&options).await?;
        Ok(Self::Postgres(Server::open(options, WRITERS)))
    }

    /// Opens a SQLite file.
    pub(in crate::storage) async fn open_sqlite(path: &Path, purpose: Purpose) -> Result<Self, StorageError> {
        let opened = Database::open(path, purpose).await;
        // SQLite's own messages, such as "file is not a database", name no file.
        let opened = opened.map_err(|error| match error {
            StorageError::Unavailable(what) if !what.contains(&*path.to_string_lossy()) => {
                StorageError::Unavailable(format!("{}: {what}", path.display()))
            }
            error => error,
        });
        Ok(Self::Sqlite(opened?))
    }

    /// Begins a transaction that writes. On SQLite it waits its turn for the one writer.
    pub(in crate::storage) async fn begin(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => Ok(Tx::Sqlite(file.begin().await?)),
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin().await?)),
        }
    }

    /// Begins a transaction that writes, and may read whole tables.
    pub(in crate::storage) async fn begin_long(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(_) => self.begin().await,
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_long().await?)),
        }
    }

    /// Begins an intake of these offices. On SQLite its first statement must be a
    /// [`Statement::with_begin`](super::statement::Statement::with_begin), which begins the transaction.
    pub(in crate::storage) async fn begin_intake(
        &self,
        offices: impl Iterator<Item = &OfficeId>,
    ) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => Ok(Tx::Sqlite(file.lock_writer().await?)),
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_intake(offices).await?)),
        }
    }

    /// Begins a round of the courier.
    pub(in crate::storage) async fn begin_dispatch(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(_) => self.begin().await,
            Self::Postgres(server) => Ok(Tx::Postgres(server.begin_dispatch().await?)),
        }
    }

    /// A connection to read by; its statements may see different states of the database.
    pub(in crate::storage) async fn read(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => {
                let open = file.open_readers().await?;
                Ok(Tx::SqliteRead(file.checked_reader(file.readers().acquire().await, open).await?))
            }
            Self::Postgres(server) => Ok(Tx::Postgres(server.read().await?)),
        }
    }

    /// A connection to read whole tables by, all in one state: what is counted beside a running server must agree.
    pub(in crate::storage) async fn snapshot(&self) -> Result<Tx, StorageError> {
        match self {
            Self::Sqlite(file) => {
                let open = file.open_readers().await?;
                Ok(Tx::SqliteSnapshot(file.checked_reader(file.readers().begin().await, open).await?))
            }
            Self::Postgres(server) => Ok(Tx::Postgres(server.snapshot().await?)),
        }
    }

    /// Waits until every commit before this call would survive a power loss. On a server the commit itself waited for
    /// that.
    pub(in crate::storage) async fn durable(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(file) => file.durable().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Copies SQLite's whole WAL into the file and truncates it, so that nothing stays in it that was erased; a reader of an old state
    /// puts that off to the next time. A server makes its own checkpoints.
    pub(in crate::storage) async fn empty_log(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(file) => file.empty_log().await,
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Whether this opening gave an installation number to a database of an earlier version.
    pub(in crate::storage) fn is_newly_numbered(&self) -> bool {
        match self {
            Self::Sqlite(file) => file.is_newly_numbered,
            Self::Postgres(server) => server.is_newly_numbered,
        }
    }

    /// Whether no sync of this database has failed, as far as this process knows.
    pub(in crate::storage) fn sound(&self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(file) => file.sound(),
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Closes the connections; on SQLite the whole WAL is copied into the file.
    pub(in crate::storage) async fn close(&self) {
        match self {
            Self::Sqlite(file) => file.close().await,
            Self::Postgres(server) => server.close().await,
        }
    }
}
