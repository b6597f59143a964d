//! Checks that the files that SQLite has open are still those that their paths lead to.
//!
//! A file that was removed, moved, replaced or unmounted while it is in use accepts every write, and the next start
//! finds none of them. So each sync of the WAL checks the files before anything is acknowledged, and so do the
//! readiness probe and every caller that opens another connection: that connection would combine the earlier WAL with
//! the new file, copy it there and delete it. Where database and WAL no longer belong together, a *mark* beside them
//! keeps the next start from opening one without the other.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::{fs, io};

use crate::files::{Identity, Readers, beside, folder_of, is_nameless, real, sync_folder};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::paths::{MISMATCH, WAL, WAL_INDEX, beside_database, has_wal, is_empty};

/// Appended to the names of copies of files that only this process still has open.
const RESCUED: &str = ".rescued";
/// Where Linux lists the open files of the calling process.
const OPEN_FILES: &str = "/proc/self/fd";

/// The paths of the files of an open database, and which files they led to when it was opened.
#[derive(Debug)]
pub(in crate::storage) struct OpenFiles {
    database: OpenFile,
    log: OpenFile,
    index: OpenFile,
    mark: PathBuf,
    is_mark_written: Once,
}

/// A path, and which file it led to when the database was opened.
#[derive(Debug)]
struct OpenFile {
    what: &'static str,
    path: PathBuf,
    identity: Option<Identity>,
}

impl OpenFile {
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

impl OpenFiles {
    /// The files of a database that a connection of this process has open, with a WAL.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when a file is missing, or the folder cannot be synced.
    pub(in crate::storage) fn of(database: &Path) -> Result<Self, StorageError> {
        let place = || {
            // The path as written: a link may lead elsewhere later. SQLite keeps the WAL beside the target of the link.
            let named = std::path::absolute(database)?;
            let real = real(database);
            // A new WAL is a new entry of the folder, which a sync of the WAL does not sync.
            sync_folder(folder_of(&real))?;
            Ok::<_, io::Error>(Self {
                database: OpenFile::of("the database", named)?,
                log: OpenFile::of("the database's log", beside(&real, WAL))?,
                index: OpenFile::of("the index of the database's log", beside(&real, WAL_INDEX))?,
                mark: beside(&real, MISMATCH),
                is_mark_written: Once::new(),
            })
        };
        place().map_err(|error| {
            StorageError::Unavailable(format!("the files of {} cannot be found: {error}", database.display()))
        })
    }

    /// Checks where the paths lead now, in a few microseconds. Says what is wrong, and what to do.
    pub(in crate::storage) fn check(&self) -> Result<(), String> {
        let found = [&self.database, &self.log, &self.index].map(OpenFile::check);
        let Some(wrong) = found.iter().find_map(|found| found.as_ref().err()) else { return Ok(()) };
        if found.iter().take(2).any(Result::is_err) {
            self.is_mark_written.call_once(|| self.write_mismatch_mark());
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

    /// Where database and WAL can be copied from if one of them was deleted: this process has the last copy of it.
    /// `None` where the system does not list open files.
    fn copies(&self) -> Option<[PathBuf; 2]> {
        let open: Vec<PathBuf> = fs::read_dir(OPEN_FILES).ok()?.flatten().map(|entry| entry.path()).collect();
        // Found by number and never opened: a close would release SQLite's locks.
        let nameless = |known: &OpenFile| {
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

    /// Tells the next start which two files belong together. Where the folder itself is gone, that start finds no
    /// database.
    fn write_mismatch_mark(&self) {
        let (Some(database), Some(log)) = (self.database.identity, self.log.identity) else { return };
        // Without the device number, which some file systems change at each boot.
        let text = [database, log].map(|it| format!("{} {}\n", it.inode, it.born)).concat();
        if !folder_of(&self.mark).is_dir() {
            return;
        }
        if let Err(error) = Readers::Owner.write(&self.mark, text.as_bytes()) {
            tracing::warn!(path = %self.mark.display(), %error, "it could not be noted that database and log were parted");
        }
    }
}

/// Refuses to create a database beside the WAL of one that is not there: SQLite would delete that WAL at the first
/// connection, even a read-only one.
///
/// # Errors
/// [`StorageError::Unavailable`] that says what to do.
pub fn refuse_log_alone(database: &Path) -> Result<(), StorageError> {
    // Twice, since another process may be creating both at this moment.
    if !(is_empty(database) && has_wal(database) && is_empty(database)) {
        return Ok(());
    }
    let (database, log) = (real(database), beside_database(database, WAL));
    Err(StorageError::Unavailable(format!(
        "there is no database at {0} (the file is missing or empty), but the log of one is there, {1}. What was acknowledged \
         last may be in that log only: put the database back where it was, or restore a backup and move this log to a safe \
         place first. To begin anew, move the log to a safe place, or start once with `antrean serve --create`, which does so",
        database.display(),
        log.display()
    )))
}

/// Refuses a database whose file and WAL were parted while they were in use, until both are back or both are others.
///
/// # Errors
/// [`StorageError::Unavailable`] that says what to do.
pub(in crate::storage) fn refuse_parted(database: &Path) -> Result<(), StorageError> {
    let (database, log) = (real(database), beside_database(database, WAL));
    let mark = beside_database(&database, MISMATCH);
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
    // An empty file would lose the WAL.
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
            for ending in [WAL, WAL_INDEX] {
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
        for ending in ["", WAL, WAL_INDEX] {
            let files = Files::new();
            let place = OpenFiles::of(&files.path("")).unwrap();
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
        let place = OpenFiles::of(&link).unwrap();
        place.check().unwrap();
        fs::remove_file(&link).unwrap();
        fs::write(files.folder.path().join("other.db"), "").unwrap();
        std::os::unix::fs::symlink("other.db", &link).unwrap();
        assert!(place.check().is_err());
        let files = Files::new();
        let place = OpenFiles::of(&files.path("")).unwrap();
        drop(files);
        assert!(place.check().unwrap_err().contains("is gone from there"));
    }

    // Negative control: without the mark nothing is refused.
    #[test]
    fn database_and_log_are_opened_together_or_not_at_all() {
        let files = Files::new();
        let place = OpenFiles::of(&files.path("")).unwrap();
        assert!(!files.refused());
        // The WAL alone.
        files.aside(WAL);
        place.check().unwrap_err();
        assert!(files.refused(), "the log is gone");
        files.make(WAL);
        assert!(files.refused(), "another log");
        fs::remove_file(files.path(WAL)).unwrap();
        files.back(WAL);
        assert!(!files.refused(), "it is back");
        assert!(!files.path(MISMATCH).exists());
        // The database alone.
        let place = OpenFiles::of(&files.path("")).unwrap();
        files.aside("");
        place.check().unwrap_err();
        files.make("");
        assert!(files.refused(), "a log of another database");
        fs::remove_file(files.path(WAL)).unwrap();
        assert!(!files.refused(), "a restored backup without a log");
        // The first connection creates the index again.
        let files = Files::new();
        let place = OpenFiles::of(&files.path("")).unwrap();
        files.aside(WAL_INDEX);
        place.check().unwrap_err();
        assert!(!files.refused());
    }

    // Negative control: where the device number is compared too, neither is recognised.
    #[test]
    fn a_mark_knows_the_files_again_whatever_number_their_file_system_has_after_a_boot() {
        let files = Files::new();
        let place = OpenFiles::of(&files.path("")).unwrap();
        files.aside(WAL);
        place.check().unwrap_err();
        let mut numbers = Vec::new();
        for known in [place.database.identity.unwrap(), place.log.identity.unwrap()] {
            numbers.extend([known.inode, known.born]);
        }
        let mark = fs::read_to_string(files.path(MISMATCH)).unwrap();
        let written: Vec<u64> = mark.split_whitespace().map(|number| number.parse().unwrap()).collect();
        assert_eq!(written, numbers);
        files.back(WAL);
        assert!(!files.refused());
    }

    // Negative control: with the offer made in every case, it stands beside an empty file too.
    #[test]
    fn going_on_with_a_log_is_offered_only_where_there_is_a_database_for_it() {
        let files = Files::new();
        let place = OpenFiles::of(&files.path("")).unwrap();
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
        // And a WAL is never combined with an empty file, with or without a mark.
        assert!(refuse_log_alone(&files.path("")).unwrap_err().to_string().contains("antrean.db-wal"));
        fs::write(files.path(WAL), "").unwrap();
        refuse_log_alone(&files.path("")).unwrap();
    }

    #[test]
    fn a_mark_that_cannot_be_read_refuses() {
        let files = Files::new();
        fs::write(files.path(MISMATCH), "torn").unwrap();
        assert!(files.refused());
    }
}
