//! The identity of an installation: a number drawn when its database was created, which every copy, backup and move
//! keeps.

use crate::storage::engine::error::StorageError;
use crate::storage::engine::transaction::on;
use crate::storage::handle::Storage;

impl Storage {
    /// The number of this installation.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn installation(&self) -> Result<String, StorageError> {
        let mut tx = self.pool.read().await?;
        let (id,): (String,) =
            on!(&mut tx, |conn| sqlx::query_as("select id from installation").fetch_one(conn).await)?;
        tx.end().await?;
        Ok(id)
    }

    /// Whether this opening gave it its number, because an earlier version created it.
    pub fn is_newly_numbered(&self) -> bool {
        self.pool.is_newly_numbered()
    }

    /// Whether it is unused: every first start puts offices in force.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn is_unused(&self) -> Result<bool, StorageError> {
        let mut tx = self.pool.read().await?;
        let (offices,): (i64,) = on!(&mut tx, |conn| {
            sqlx::query_as("select count(*) from (select id from office limit 1) as any_office").fetch_one(conn).await
        })?;
        tx.end().await?;
        Ok(offices == 0)
    }
}
