//! Which installation a database is: a number drawn when it was made, which goes with every copy, backup and move.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::engine::on;
use super::place::{FAILED, LOG, LOG_INDEX, MARK, beside_database, has_log};
use super::sqlite::sqlite_path;
use super::{Storage, StorageError};
use crate::files::{folder_of, real};

/// What is added to the names of files that are put aside, before a number.
pub const ASIDE: &str = ".old";

/// What may lie beside a SQLite database while it is in use, or after its process died: its log, the log's index, the mark that
/// database and log were parted, and the note that its disk failed.
pub fn beside_sqlite(database: &Path) -> [PathBuf; 4] {
    [LOG, LOG_INDEX, MARK, FAILED].map(|ending| beside_database(database, ending))
}

/// What tells that a database was taken away while it was in use, or after its process died: a log with something in it, or the
/// mark. An empty log, and an index, are left by every stop.
pub fn left_by_sqlite(database: &Path) -> Option<PathBuf> {
    let [log, _, mark, _] = beside_sqlite(database);
    has_log(database).then_some(log).or_else(|| mark.exists().then_some(mark))
}

/// The logs of earlier databases that were put aside here, with something in them: by mistake maybe, and then their database
/// lacks what is in them only.
pub fn logs_put_aside(database: &Path) -> Vec<PathBuf> {
    let log = beside_database(&real(database), LOG);
    let Some(name) = log.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let start = format!("{name}{ASIDE}");
    // A folder that cannot be listed tells of nothing; whether the database opens is another question.
    let entries = fs::read_dir(folder_of(&log)).into_iter().flatten().flatten();
    let is_one = |entry: &fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| name.starts_with(&start))
            && entry.metadata().is_ok_and(|metadata| metadata.len() > 0)
    };
    let mut found: Vec<PathBuf> = entries.filter(is_one).map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// The path of a SQLite address where there is no database yet; an empty file is none.
///
/// # Errors
/// [`StorageError::Unavailable`] where nobody can tell, for want of rights or by an error of the disk.
pub fn no_database_at(url: &str) -> Result<Option<PathBuf>, StorageError> {
    let Some(path) = sqlite_path(url) else { return Ok(None) };
    match fs::metadata(&path) {
        Ok(found) if !found.is_file() => Err(StorageError::Unavailable(format!("{} is not a file", path.display()))),
        Ok(found) => Ok((found.len() == 0).then_some(path)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(Some(path)),
        Err(error) => {
            Err(StorageError::Unavailable(format!("the database {} cannot be reached: {error}", path.display())))
        }
    }
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

    /// Whether this opening gave it its number, since an earlier version made it.
    pub fn is_newly_numbered(&self) -> bool {
        self.pool.is_newly_numbered()
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
