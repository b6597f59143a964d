//! Whether the files that SQLite has open are still those that their paths lead to.
//!
//! A file that was removed, moved, replaced or unmounted while it is in use takes every write, and the next start finds
//! none of them. So each sync of the log looks before anything is acknowledged, and so do the readiness probe and whoever
//! opens another connection: that one would take the earlier log for the new file's, write it there and clear it away. Where
//! database and log no longer belong together, a *mark* beside them keeps the next start from opening one without the other.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::{fs, io};

use crate::files::{Identity, Readers, beside, folder_of, is_nameless, real, sync_folder};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::paths::{LOG, LOG_INDEX, MARK, beside_database, has_log, is_empty};

/// And for the copies of files that only the process has left.
const RESCUED: &str = ".rescued";
/// Where Linux lists the open files of the process that asks.
const OPEN_FILES: &str = "/proc/self/fd";

#[derive(Debug)]
pub(in crate::storage) struct Place {
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
    pub(in crate::storage) fn of(database: &Path) -> Result<Self, StorageError> {
        let place = || {
            // As it is written: a link may lead elsewhere later. SQLite keeps the log beside what the link leads to.
            let named = std::path::absolute(database)?;
            let real = real(database);
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
    pub(in crate::storage) fn check(&self) -> Result<(), String> {
        let found = [&self.database, &self.log, &self.index].map(Known::check);
        let Some(wrong) = found.iter().find_map(|found| found.as_ref().err()) else { return Ok(()) };
        if found.iter().take(2).any(Result::is_err) {
            self.marked.call_once(|| self.leave_mark());
        }
        let remedy = self.copies().map_or_else(
            || {
                "Stop this process, put the files back (mount the volume, move them back, or restore the backup), and \
                 start again"
                    .to_owned()
            },
            |copies| self.rescue(&copies),
        );
        Err(format!("{wrong}: removed, moved, replaced or unmounted. Nothing is acknowledged any more. {remedy}"))
    }

    /// Where database and log can be copied from, if one of them has no name left: the last copy of it ends with this
    /// process. `None` where the system does not show open files.
    fn copies(&self) -> Option<[PathBuf; 2]> {
        let open: Vec<PathBuf> = fs::read_dir(OPEN_FILES).ok()?.flatten().map(|entry| entry.path()).collect();
        // Looked at by number and never opened: a close would give up SQLite's locks.
        let nameless = |known: &Known| {
            let is_it = |path: &&PathBuf| {
                let metadata = fs::metadata(path);
                metadata.is_ok_and(|it| is_nameless(&it) && Identity::of(&it) == known.identity)
            };
            let number = open.iter().find(is_it)?.file_name()?.to_owned();
            Some(Path::new("/proc").join(std::process::id().to_string()).join("fd").join(number))
        };
        match (nameless(&self.database), nameless(&self.log)) {
            (None, None) => None,
            (database, log) => Some([
                database.unwrap_or_else(|| self.database.path.clone()),
                log.unwrap_or_else(|| self.log.path.clone()),
            ]),
        }
    }

    fn rescue(&self, copies: &[PathBuf; 2]) -> String {
        let paths = [&self.database.path, &self.log.path];
        let [database, log] = paths.map(|path| beside(path, RESCUED));
        format!(
            "Only this process has the last copy of a file that was removed: before you stop it, copy both files out of it, \
             `cp {} {}` and `cp {} {}`. Then stop it, put both copies in place as {} and {}, remove {} and {} where they are \
             there, and start again",
            copies[0].display(),
            database.display(),
            copies[1].display(),
            log.display(),
            paths[0].display(),
            paths[1].display(),
            self.index.path.display(),
            self.mark.display(),
        )
    }

    /// Tells the next start which two files belong together. Where the folder itself is gone, that start finds no database.
    fn leave_mark(&self) {
        let (Some(database), Some(log)) = (self.database.identity, self.log.identity) else { return };
        // Without the device: some file systems get another number at each boot.
        let text = [database, log].map(|it| format!("{} {}\n", it.inode, it.born)).concat();
        if !folder_of(&self.mark).is_dir() {
            return;
        }
        if let Err(error) = Readers::Owner.write(&self.mark, text.as_bytes()) {
            tracing::warn!(path = %self.mark.display(), %error, "it could not be noted that database and log were parted");
        }
    }
}

/// Refuses to begin a database beside the log of one that is not there: SQLite would delete that log at its first
/// connection, even at one that only reads.
///
/// # Errors
/// [`StorageError::Unavailable`] that says what to do.
pub fn refuse_log_alone(database: &Path) -> Result<(), StorageError> {
    // Twice, since another process may be making both at this moment.
    if !(is_empty(database) && has_log(database) && is_empty(database)) {
        return Ok(());
    }
    let (database, log) = (real(database), beside_database(database, LOG));
    Err(StorageError::Unavailable(format!(
        "there is no database at {0} (the file is missing or empty), but the log of one is there, {1}. What was acknowledged \
         last may be in that log only: put the database back where it was, or restore a backup and move this log to a safe \
         place first. To begin anew, move the log to a safe place, or start once with `antrean serve --create`, which does so",
        database.display(),
        log.display()
    )))
}

/// Refuses a database whose file and log were parted while they were in use, until both are back or both are others.
///
/// # Errors
/// [`StorageError::Unavailable`] that says what to do.
pub(in crate::storage) fn refuse_parted(database: &Path) -> Result<(), StorageError> {
    let (database, log) = (real(database), beside_database(database, LOG));
    let mark = beside_database(&database, MARK);
    let Ok(text) = fs::read_to_string(&mark) else { return Ok(()) };
    let numbers: Vec<u64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    let known = match numbers.as_slice() {
        &[inode, born, log_inode, log_born] => Some(((inode, born), (log_inode, log_born))),
        _ => None,
    };
    let now = |path: &Path| {
        let identity = fs::metadata(path).ok().and_then(|metadata| Identity::of(&metadata));
        identity.map(|it| (it.inode, it.born))
    };
    let (the_database, the_log) = match known {
        Some((database_then, log_then)) => (now(&database) == Some(database_then), now(&log) == Some(log_then)),
        None => (true, false),
    };
    if the_database == the_log {
        return fs::remove_file(&mark)
            .map_err(|error| StorageError::Unavailable(format!("{} cannot be removed: {error}", mark.display())));
    }
    let (path, log, mark) = (database.display(), log.display(), mark.display());
    let (what, remedy, go_on) = if the_database {
        (
            format!("the log {log} was removed or replaced while the database {path} was in use"),
            "put the log back where it was, or restore database and log from a backup".to_owned(),
            format!("To go on without what is in that log only, remove {mark}"),
        )
    } else {
        (
            format!("the file {path} is not the database that was in use there, and the log {log} is still that one's"),
            format!(
                "put the earlier database back; or, where {path} is a restored backup, move the log to a safe place"
            ),
            format!("Only if {path} is a whole copy of the earlier database, remove {mark} to go on with both"),
        )
    };
    // An empty file would take the log with it.
    let go_on = if is_empty(&database) { String::new() } else { format!(". {go_on}") };
    Err(StorageError::Unavailable(format!(
        "{what}, so the two do not belong together ({mark} says so). What was acknowledged last may be in the earlier log \
         only: {remedy}{go_on}"
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
            fs::write(files.path(""), "a database").unwrap();
            for ending in [LOG, LOG_INDEX] {
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

        fn refusal(&self) -> String {
            refuse_parted(&self.path("")).unwrap_err().to_string()
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

    // Control: where the file system's number is compared too, neither is known again.
    #[test]
    fn a_mark_knows_the_files_again_whatever_number_their_file_system_has_after_a_boot() {
        let files = Files::new();
        let place = Place::of(&files.path("")).unwrap();
        files.aside(LOG);
        place.check().unwrap_err();
        let mut numbers = Vec::new();
        for known in [place.database.identity.unwrap(), place.log.identity.unwrap()] {
            numbers.extend([known.inode, known.born]);
        }
        let mark = fs::read_to_string(files.path(MARK)).unwrap();
        let written: Vec<u64> = mark.split_whitespace().map(|number| number.parse().unwrap()).collect();
        assert_eq!(written, numbers);
        files.back(LOG);
        assert!(!files.refused());
    }

    // Control: with the offer made in every case, it stands beside an empty file too.
    #[test]
    fn going_on_with_a_log_is_offered_only_where_there_is_a_database_for_it() {
        let files = Files::new();
        let place = Place::of(&files.path("")).unwrap();
        files.aside("");
        place.check().unwrap_err();
        for (text, offered) in [("", false), ("another database", true)] {
            fs::write(files.path(""), text).unwrap();
            let refusal = files.refusal();
            assert_eq!(refusal.contains("remove "), offered, "{refusal}");
            assert!(refusal.contains("is not the database that was in use there"), "{refusal}");
        }
        fs::remove_file(files.path("")).unwrap();
        assert!(!files.refusal().contains("remove "));
        // And a log is never left to an empty file, marked or not.
        assert!(refuse_log_alone(&files.path("")).unwrap_err().to_string().contains("antrean.db-wal"));
        fs::write(files.path(LOG), "").unwrap();
        refuse_log_alone(&files.path("")).unwrap();
    }

    #[test]
    fn a_mark_that_cannot_be_read_refuses() {
        let files = Files::new();
        fs::write(files.path(MARK), "torn").unwrap();
        assert!(files.refused());
    }
}
