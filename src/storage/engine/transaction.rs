//! A transaction on either engine, and the macros by which a statement is written once for both.

use sqlx::Sqlite;
use sqlx::pool::PoolConnection;

use crate::storage::engine::error::StorageError;
use crate::storage::engine::postgres::server::PgTx;
use crate::storage::engine::sqlite::writer::SqliteTx;

/// A transaction, or on SQLite's readers a connection. Dropped without [`Tx::commit`], it changes nothing.
#[derive(Debug)]
pub enum Tx {
    /// A transaction on SQLite's writer.
    Sqlite(SqliteTx),
    /// One of SQLite's readers, outside a transaction.
    SqliteRead(PoolConnection<Sqlite>),
    /// A transaction on one of SQLite's readers: all statements see one state of the file.
    SqliteSnapshot(sqlx::Transaction<'static, Sqlite>),
    /// A transaction on PostgreSQL.
    Postgres(PgTx),
}

/// Runs an expression on the connection of the transaction, and records what its error says about that connection.
macro_rules! on {
    ($tx:expr, |$conn:ident| $run:expr) => {
        match $tx {
            $crate::storage::engine::transaction::Tx::Sqlite(tx) => {
                let done = {
                    let $conn = tx.conn();
                    $run
                };
                tx.record_result(done)
            }
            $crate::storage::engine::transaction::Tx::SqliteRead(conn) => {
                let $conn = &mut **conn;
                $run
            }
            $crate::storage::engine::transaction::Tx::SqliteSnapshot(tx) => {
                let $conn = &mut **tx;
                $run
            }
            $crate::storage::engine::transaction::Tx::Postgres(tx) => {
                let statement_timeout = tx.statement_timeout();
                let $conn = tx.conn();
                let done =
                    $crate::storage::engine::postgres::server::with_timeout(statement_timeout, async { $run }).await;
                if done.is_ok() {
                    tx.statement_succeeded();
                }
                done
            }
        }
    };
}

/// A statement with a JSON array (`$1`) as the table `each`, whose `value` is one element, between two literals.
macro_rules! each {
    ($tx:expr, $before:expr, $after:expr) => {
        match $tx {
            $crate::storage::engine::transaction::Tx::Postgres(_) => {
                concat!($before, " jsonb_array_elements($1::text::jsonb) as each(value) ", $after)
            }
            _ => concat!($before, " json_each($1) as each ", $after),
        }
    };
}

/// Gives the type of an open transaction (a struct with a field `tx`) its statements and its two ends.
macro_rules! open_transaction {
    ($kind:ty) => {
        impl $kind {
            /// The transaction, for the statements of other files of this module.
            pub(in crate::storage) fn tx(&mut self) -> &mut $crate::storage::engine::transaction::Tx {
                &mut self.tx
            }

            /// Commits, and waits until the commit would survive a power loss. Only now may anybody be told, or
            /// anything be sent.
            ///
            /// # Errors
            /// [`StorageError`](crate::storage::StorageError) when it is not known to be durable.
            pub async fn commit(self) -> Result<(), $crate::storage::engine::error::StorageError> {
                self.tx.commit().await
            }

            /// Rolls back.
            ///
            /// # Errors
            /// [`StorageError`](crate::storage::StorageError) when storage failed; it is rolled back all the same.
            pub async fn rollback(self) -> Result<(), $crate::storage::engine::error::StorageError> {
                self.tx.rollback().await
            }
        }
    };
}

pub(in crate::storage) use {each, on, open_transaction};

impl Tx {
    /// Commits, and waits until the commit would survive a power loss.
    pub(in crate::storage) async fn commit(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::SqliteRead(_) | Self::SqliteSnapshot(_) => Ok(()),
            Self::Postgres(tx) => tx.commit().await,
        }
    }

    /// Commits. Before anyone acknowledges it, they wait for [`Pool::durable`](super::pool::Pool::durable).
    pub(in crate::storage) async fn commit_unsynced(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => tx.commit_unsynced().await,
            tx => tx.commit().await,
        }
    }

    /// Lets the commit wait for the synchronous standby of a server even where this transaction changes nothing: for work
    /// that may find that an earlier delivery has done it all, and is acknowledged like that one.
    pub(in crate::storage) fn confirm_at_commit(&mut self) {
        if let Self::Postgres(tx) = self {
            tx.confirm_at_commit();
        }
    }

    /// Ends a reading and returns its connection to the pool.
    pub(in crate::storage) async fn end(self) -> Result<(), StorageError> {
        match self {
            Self::SqliteSnapshot(tx) => Ok(tx.rollback().await?),
            tx => tx.rollback().await,
        }
    }

    /// Ends a transaction whose last statement was a
    /// [`Statement::batch_with_commit`](super::statement::Statement::batch_with_commit), which has committed it on
    /// SQLite. Before anyone acknowledges it, they wait for [`Pool::durable`](super::pool::Pool::durable).
    pub(in crate::storage) async fn mark_committed(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => {
                tx.mark_committed();
                Ok(())
            }
            tx => tx.commit().await,
        }
    }

    /// Rolls back.
    pub(in crate::storage) async fn rollback(self) -> Result<(), StorageError> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
            Self::SqliteRead(_) | Self::SqliteSnapshot(_) => Ok(()),
            Self::Postgres(tx) => tx.rollback().await,
        }
    }
}

/// The number of rows that a statement changed, on either engine.
pub(in crate::storage) trait Done {
    fn rows(&self) -> u64;
}

impl Done for sqlx::sqlite::SqliteQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

impl Done for sqlx::postgres::PgQueryResult {
    fn rows(&self) -> u64 {
        self.rows_affected()
    }
}

pub(in crate::storage) fn rows_affected(done: &impl Done) -> u64 {
    done.rows()
}
