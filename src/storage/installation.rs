//! Which installation a database is: a number drawn when it was made, which goes with every copy, backup and move.

use std::path::{Path, PathBuf};

use super::engine::on;
use super::place::{LOG, LOG_INDEX, MARK};
use super::sqlite::sqlite_path;
use super::{Storage, StorageError};
use crate::files::beside;

/// What may lie beside a SQLite database while it is in use, or after its process died: its log, the log's index, and the
/// mark that database and log were parted.
pub fn beside_sqlite(database: &Path) -> [PathBuf; 3] {
    [LOG, LOG_INDEX, MARK].map(|ending| beside(database, ending))
}

/// What tells that a database was taken away while it was in use, or after its process died: a log with something in it, or the
/// mark. An empty log, and an index, are left by every stop.
pub fn left_by_sqlite(database: &Path) -> Option<PathBuf> {
    let [log, _, mark] = beside_sqlite(database);
    let is_full = std::fs::metadata(&log).is_ok_and(|metadata| metadata.len() > 0);
    is_full.then_some(log).or_else(|| mark.exists().then_some(mark))
}

/// The path of a SQLite address where there is no database yet; an empty file is none.
pub fn no_database_at(url: &str) -> Option<PathBuf> {
    sqlite_path(url).filter(|path| !std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0))
}

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

    /// Whether nobody has used it yet: every first start puts offices in force.
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
