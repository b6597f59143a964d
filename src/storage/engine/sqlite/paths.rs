//! Which files belong to a SQLite database, and which of them exist.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::files::{beside, folder_of, real};
use crate::storage::engine::error::StorageError;

/// What SQLite appends to the name of a database for its WAL.
pub(in crate::storage) const WAL: &str = "-wal";
/// And for the index of the WAL, in memory that all processes share which have the database open.
pub(in crate::storage) const WAL_INDEX: &str = "-shm";
/// What this program appends for the mark that database and WAL were parted.
pub(in crate::storage) const MISMATCH: &str = ".mismatch";
/// And for the note that a sync failed.
pub(in crate::storage) const FAILED: &str = "-failed";

/// The file of a `sqlite:` address; `None` for other engines.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    Some(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
}

/// A file beside a database. Where the path is a link, SQLite keeps the WAL beside the target, and so does this
/// program.
pub(in crate::storage) fn beside_database(database: &Path, ending: &str) -> PathBuf {
    beside(&real(database), ending)
}

/// Whether a WAL that is not empty lies beside the database.
pub(in crate::storage) fn has_wal(database: &Path) -> bool {
    fs::metadata(beside_database(database, WAL)).is_ok_and(|metadata| metadata.len() > 0)
}

/// Whether there is no file at this path, or an empty one, whose WAL SQLite would delete.
pub(super) fn is_empty(database: &Path) -> bool {
    match fs::metadata(database) {
        Ok(metadata) => metadata.len() == 0,
        Err(error) => matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory),
    }
}

/// What is appended to the names of files that are put aside, before a number.
pub const ASIDE: &str = ".old";

/// The files that may lie beside a SQLite database while it is in use, or after its process died: its WAL, the index of
/// the WAL, the mark that database and WAL were parted, and the note that a sync failed.
pub fn beside_sqlite(database: &Path) -> [PathBuf; 4] {
    [WAL, WAL_INDEX, MISMATCH, FAILED].map(|ending| beside_database(database, ending))
}

/// The file that shows that a database was removed while it was in use, or after its process died: a WAL that is not
/// empty, or the mark. Every stop leaves an empty WAL and its index.
pub fn left_by_sqlite(database: &Path) -> Option<PathBuf> {
    let [log, _, mark, _] = beside_sqlite(database);
    has_wal(database).then_some(log).or_else(|| mark.exists().then_some(mark))
}

/// The WALs of earlier databases that were put aside here and are not empty. If that was a mistake, their database
/// lacks what only they hold.
pub fn logs_put_aside(database: &Path) -> Vec<PathBuf> {
    let log = beside_database(&real(database), WAL);
    let Some(name) = log.file_name().and_then(|name| name.to_str()) else { return Vec::new() };
    let start = format!("{name}{ASIDE}");
    // A folder that cannot be listed shows nothing; whether the database opens is another question.
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
/// [`StorageError::Unavailable`] where that cannot be determined, for want of rights or by an error of the disk.
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
