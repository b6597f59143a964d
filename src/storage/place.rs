//! Whether the files that SQLite has open are still those that their paths lead to.
//!
//! A file that was removed, moved, replaced or unmounted while it is in use takes every write, and the next start finds
//! none of them. So each sync of the log looks before anything is acknowledged, and so do the readiness probe and whoever
//! opens another connection: that one would take the earlier log for the new file's, write it there and clear it away. Where
//! database and log no longer belong together, a *mark* beside them keeps the next start from opening one without the other.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Once;

use super::StorageError;
use crate::files::{Identity, Readers, beside, folder_of, sync_folder};

/// What SQLite adds to the name of a database for its log.
pub(super) const LOG: &str = "-wal";
/// And for the index of the log, which is shared by all processes that have the database open.
pub(super) const LOG_INDEX: &str = "-shm";
/// What this program adds for the mark.
pub(super) const MARK: &str = ".mismatch";

/// Where the files of an open database lie.
#[derive(Debug)]
pub(super) struct Place {
    database: Known,
    log: Known,
    index: Known,
    mark: PathBuf,
    marked: Once,
}

/// A path, and which file it led to when the database was opened.
#[derive(Debug)]
struct Known {
    what: &'static str,
    path: PathBuf,
    identity: Option<Identity>,
}

impl Known {
    fn of(what: &'static str, path: PathBuf) -> io::Result<Self> {
        let identity = Identity::of(&fs::metadata(&path)?);
        Ok(Self { what, path, identity })
    }

    /// Says what is wrong where the path leads elsewhere now.
    fn check(&self) -> Result<(), String> {
        let fate = match fs::metadata(&self.path) {
            Ok(metadata) if Identity::of(&metadata) == self.identity => return Ok(()),
            Ok(_) => "another file is in its place".to_owned(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => "it is gone from there".to_owned(),
            Err(error) => format!("it cannot be reached any more ({error})"),
        };
        Err(format!("{} {} is in use, but {fate}", self.what, self.path.display()))
    }
}

impl Place {
    /// That of a database which a connection of this process has open, and its log with it.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when a file is missing, or the disk did not take its name.
    pub(super) fn of(database: &Path) -> Result<Self, StorageError> {
        let place = || {
            // As it is written: a link may lead elsewhere later. SQLite keeps the log beside what the link leads to.
            let named = std::path::absolute(database)?;
            let real = fs::canonicalize(database)?;
            // A new log is a new name, and whoever syncs the log syncs no name.
            sync_folder(folder_of(&real))?;
            Ok::<_, io::Error>(Self {
                database: Known::of("the database", named)?,
                log: Known::of("the database's log", beside(&real, LOG))?,
                index: Known::of("the index of the database's log", beside(&real, LOG_INDEX))?,
                mark: beside(&real, MARK),
                marked: Once::new(),
            })
        };
        place().map_err(|error| {
            StorageError::Unavailable(format!("the files of {} cannot be found: {error}", database.display()))
        })
    }

    /// Looks where the paths lead now; costs a few microseconds. Says what is wrong, and what to do.
    pub(super) fn check(&self) -> Result<(), String> {
        let found = [&self.database, &self.log, &self.index].map(Known::check);
        let Some(wrong) = found.iter().find_map(|found| found.as_ref().err()) else { return Ok(()) };
        if found.iter().take(2).any(Result::is_err) {
            self.marked.call_once(|| self.leave_mark());
        }
        Err(format!(
            "{wrong}: removed, moved, replaced or unmounted. Nothing is acknowledged any more. Stop this process, put the \
             files back (mount the volume, move them back, or restore the backup), and start again"
        ))
    }

    /// Tells the next start which two files belong together. Where the folder itself is gone, that start finds no database.
    fn leave_mark(&self) {
        let (Some(database), Some(log)) = (self.database.identity, self.log.identity) else { return };
        let text = [database, log].map(|it| format!("{} {} {}\n", it.device, it.inode, it.born)).concat();
        if !folder_of(&self.mark).is_dir() {
            return;
        }
        if let Err(error) = Readers::Owner.write(&self.mark, text.as_bytes()) {
            tracing::warn!(path = %self.mark.display(), %error, "it could not be noted that database and log were parted");
        }
    }
}

/// Refuses a database whose file and log were parted while they were in use, until both are back or both are others.
///
/// # Errors
/// [`StorageError::Unavailable`] that says what to do.
pub(super) fn refuse_parted(database: &Path) -> Result<(), StorageError> {
    let Ok(real) = fs::canonicalize(database) else { return Ok(()) };
    let (mark, log) = (beside(&real, MARK), beside(&real, LOG));
    let Ok(text) = fs::read_to_string(&mark) else { return Ok(()) };
    let numbers: Vec<u64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let known = match numbers.as_slice() {
        &[device, inode, born, log_device, log_inode, log_born] => {
            Some((Identity { device, inode, born }, Identity { device: log_device, inode: log_inode, born: log_born }))
        }
        _ => None,
    };
    let now = |path: &Path| fs::metadata(path).ok().and_then(|metadata| Identity::of(&metadata));
    let (the_database, the_log) = match known {
        Some((database, log_then)) => (now(&real) == Some(database), now(&log) == Some(log_then)),
        None => (true, false),
    };
    if the_database == the_log {
        return fs::remove_file(&mark)
            .map_err(|error| StorageError::Unavailable(format!("{} cannot be removed: {error}", mark.display())));
    }
    let (what, remedy) = if the_database {
        ("was removed or replaced", "put the log back where it was")
    } else {
        ("belongs to the database that was here before", "move that log away where this database is a restored backup")
    };
    Err(StorageError::Unavailable(format!(
        "the log of {} {what} while it was in use, so the two do not belong together, and what was acknowledged last may be \
         in that log only: {remedy}, or restore database and log from a backup. To go on with these files as they are, \
         remove {}",
        real.display(),
        mark.display()
    )))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    struct Files {
        folder: tempfile::TempDir,
    }

    impl Files {
        fn new() -> Self {
            let files = Self { folder: tempfile::tempdir().unwrap() };
            for ending in ["", LOG, LOG_INDEX] {
                files.make(ending);
            }
            files
        }

        fn path(&self, ending: &str) -> PathBuf {
            self.folder.path().join(format!("antrean.db{ending}"))
        }

        fn make(&self, ending: &str) {
            fs::write(self.path(ending), ending).unwrap();
        }

        fn aside(&self, ending: &str) {
            fs::rename(self.path(ending), self.folder.path().join(format!("kept{ending}"))).unwrap();
        }

        fn back(&self, ending: &str) {
            fs::rename(self.folder.path().join(format!("kept{ending}")), self.path(ending)).unwrap();
        }

        fn refused(&self) -> bool {
            refuse_parted(&self.path("")).is_err()
        }
    }

    #[test]
    fn each_file_is_missed_whether_it_is_gone_or_another() {
        for ending in ["", LOG, LOG_INDEX] {
            let files = Files::new();
            let place = Place::of(&files.path("")).unwrap();
            place.check().unwrap();
            files.aside(ending);
            assert!(place.check().unwrap_err().contains("is gone from there"), "{ending}");
            files.make(ending);
            assert!(place.check().unwrap_err().contains("another file is in its place"), "{ending}");
        }
    }

    #[test]
    fn a_folder_that_is_gone_or_a_link_that_leads_elsewhere_is_missed_too() {
        let files = Files::new();
        let link = files.folder.path().join("link.db");
        std::os::unix::fs::symlink(files.path(""), &link).unwrap();
        let place = Place::of(&link).unwrap();
        place.check().unwrap();
        fs::remove_file(&link).unwrap();
        fs::write(files.folder.path().join("other.db"), "").unwrap();
        std::os::unix::fs::symlink("other.db", &link).unwrap();
        assert!(place.check().is_err());
        let files = Files::new();
        let place = Place::of(&files.path("")).unwrap();
        drop(files);
        assert!(place.check().unwrap_err().contains("is gone from there"));
    }

    // Control: without the mark nothing is refused.
    #[test]
    fn database_and_log_are_opened_together_or_not_at_all() {
        let files = Files::new();
        let place = Place::of(&files.path("")).unwrap();
        assert!(!files.refused());
        // The log alone.
        files.aside(LOG);
        place.check().unwrap_err();
        assert!(files.refused(), "the log is gone");
        files.make(LOG);
        assert!(files.refused(), "another log");
        fs::remove_file(files.path(LOG)).unwrap();
        files.back(LOG);
        assert!(!files.refused(), "it is back");
        assert!(!files.path(MARK).exists());
        // The database alone.
        let place = Place::of(&files.path("")).unwrap();
        files.aside("");
        place.check().unwrap_err();
        files.make("");
        assert!(files.refused(), "a log of another database");
        fs::remove_file(files.path(LOG)).unwrap();
        assert!(!files.refused(), "a restored backup without a log");
        // The index is made anew by whoever opens the database first.
        let files = Files::new();
        let place = Place::of(&files.path("")).unwrap();
        files.aside(LOG_INDEX);
        place.check().unwrap_err();
        assert!(!files.refused());
    }

    #[test]
    fn a_mark_that_cannot_be_read_refuses() {
        let files = Files::new();
        fs::write(files.path(MARK), "torn").unwrap();
        assert!(files.refused());
    }
}
