//! SQLite's log on its way to the disk: many commits share one wait, and none of them keeps the writer waiting.
//!
//! With `synchronous = full` a commit holds the one writer until the disk has it. Here the writer leaves its commit in the
//! log and turns to the next transaction; whoever acknowledges the commit waits for [`Log::durable`] first. The log is
//! read back from its beginning up to the first gap, so a commit that has reached the disk has all before it there too.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Once, OnceLock};

use tokio::sync::{Mutex, Notify};

use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::open_files::Place;
use crate::storage::engine::sqlite::paths;
use crate::storage::engine::sqlite::paths::beside_database;
use crate::storage::engine::sqlite::recovery::{mark_failed, marker};

/// The log of one database, in one process.
#[derive(Debug)]
pub(in crate::storage) struct Log {
    disk: Arc<Disk>,
    /// Calls of [`Log::durable`] so far.
    asked: AtomicU64,
    /// How many of them have their answer; held while the disk is at work.
    answered: Mutex<u64>,
    /// Rung with each of them.
    bell: Notify,
}

/// The log as a file of the operating system.
#[derive(Debug)]
struct Disk {
    path: PathBuf,
    file: File,
    /// `None` for a log alone, in tests.
    place: Option<Place>,
    /// How the disk failed. Linux tells each failure once and then takes the pages for written, so a second try would be told
    /// that all is well (`man 2 fsync`): nothing is durable any more until a new process has written all of the log into the
    /// file, which [`super::recovery::recover`] does. Set from the beginning where an earlier process was told so.
    failure: OnceLock<String>,
    /// Whether this process was told so of a sync: all that it wrote is in the files.
    is_sync_failed: AtomicBool,
    /// The database that the log belongs to.
    database: PathBuf,
    /// That a sync failed is written down once.
    marked: Once,
    /// One sync at a time, its failure kept before the next begins: that one would not hear of it.
    turn: std::sync::Mutex<()>,
    #[cfg(test)]
    turns: AtomicU64,
}

fn open(path: &Path) -> Result<File, StorageError> {
    OpenOptions::new().read(true).write(true).open(path).map_err(|error| {
        StorageError::Unavailable(format!("cannot open {}, the log of the database: {error}", path.display()))
    })
}

impl Log {
    /// The log of the database at `path`, which a connection of this process has in use. Only where there `was_log` in it
    /// before that connection can a note of an earlier failure be about it.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the database keeps no log beside it.
    pub(in crate::storage) fn of(path: &Path, was_log: bool) -> Result<Self, StorageError> {
        let log = beside_database(path, paths::LOG);
        let file = open(&log)?;
        let noted = std::fs::read_to_string(marker(path)).ok().filter(|_| was_log);
        Ok(Self::on(path.to_owned(), (log, file), Some(Place::of(path)?), noted))
    }

    fn on(
        database: PathBuf,
        (path, file): (PathBuf, File),
        place: Option<Place>,
        noted_failure: Option<String>,
    ) -> Self {
        let failure = noted_failure.map_or_else(OnceLock::new, OnceLock::from);
        let disk = Disk {
            path,
            file,
            place,
            failure,
            is_sync_failed: AtomicBool::new(false),
            database,
            marked: Once::new(),
            turn: std::sync::Mutex::new(()),
            #[cfg(test)]
            turns: AtomicU64::new(0),
        };
        Self { disk: Arc::new(disk), asked: AtomicU64::new(0), answered: Mutex::new(0), bell: Notify::new() }
    }

    /// Waits until everything that was committed before this call is on the disk. Those who ask while the disk is at work
    /// share its next turn.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] once the disk has failed.
    pub(in crate::storage) async fn durable(&self) -> Result<(), StorageError> {
        let ticket = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.bell.notify_one();
        let mut answered = self.answered.lock().await;
        if *answered >= ticket {
            return Ok(());
        }
        let covered = self.asked.load(Ordering::SeqCst);
        let disk = Arc::clone(&self.disk);
        let synced = tokio::task::spawn_blocking(move || disk.sync()).await;
        synced.map_err(|error| StorageError::Unavailable(error.to_string()))??;
        *answered = covered;
        Ok(())
    }

    /// How often somebody has waited so far: about as often as something was committed.
    pub(in crate::storage) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    /// Waits for the next of [`Self::asked`].
    pub(in crate::storage) async fn written(&self) {
        self.bell.notified().await;
    }

    /// How long the log's file is, in bytes. Much of it may be older than its present beginning.
    pub(in crate::storage) fn bytes(&self) -> u64 {
        self.disk.file.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Whether the disk is known to have failed.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it has: nothing may be written any more.
    pub(in crate::storage) fn sound(&self) -> Result<(), StorageError> {
        self.disk.sound()
    }

    /// Whether this process was told that a sync failed.
    pub(in crate::storage) fn is_sync_failed(&self) -> bool {
        self.disk.is_sync_failed.load(Ordering::SeqCst)
    }

    /// Whether the paths still lead to the files that are in use. A disk that failed is no reason not to read.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when they do not: then nothing may be written any more.
    pub(in crate::storage) async fn look(&self) -> Result<(), StorageError> {
        let disk = Arc::clone(&self.disk);
        let looked = tokio::task::spawn_blocking(move || disk.look()).await;
        looked.map_err(|error| StorageError::Unavailable(error.to_string()))?
    }

    /// The disk did not take `path`, as somebody else was told: from now on it is not believed.
    pub(in crate::storage) fn fail(&self, path: &Path, error: &dyn Display) {
        self.disk.fail(path, error);
    }
}

#[cfg(test)]
impl Log {
    /// Keeps everybody who asks waiting, as a slow disk would, until the guard is dropped.
    pub(in crate::storage) async fn hold(&self) -> tokio::sync::MutexGuard<'_, u64> {
        self.answered.lock().await
    }
}

impl Disk {
    fn sync(&self) -> Result<(), StorageError> {
        let _turn = self.turn.lock();
        #[cfg(test)]
        self.turns.fetch_add(1, Ordering::SeqCst);
        self.sound()?;
        self.file.sync_data().map_err(|error| self.fail(&self.path, &error))?;
        // After the sync, so that whatever is acknowledged was in place when it was safe.
        self.look()
    }

    fn look(&self) -> Result<(), StorageError> {
        let Some(Err(reason)) = self.place.as_ref().map(Place::check) else { return Ok(()) };
        let latched = self.failure.get_or_init(|| {
            tracing::error!(reason, "the database's files are not in place; nothing is acknowledged until a new start");
            reason
        });
        Err(StorageError::Unavailable(latched.clone()))
    }

    fn sound(&self) -> Result<(), StorageError> {
        self.failure.get().map_or(Ok(()), |reason| Err(StorageError::Unavailable(reason.clone())))
    }

    fn fail(&self, path: &Path, error: &dyn Display) -> StorageError {
        let reason = format!(
            "the disk did not take {}: {error}; see to the disk and start `antrean serve` again",
            path.display()
        );
        // The system tells it once, so the next start must know, whatever else is wrong at this moment.
        self.marked.call_once(|| mark_failed(&self.database, &reason));
        // A file that is not the one that was opened reads like a broken disk.
        if let Err(not_in_place) = self.look() {
            return not_in_place;
        }
        let reason = self.failure.get_or_init(|| {
            tracing::error!(reason, "nothing is acknowledged any more until a new start");
            reason
        });
        self.is_sync_failed.store(true, Ordering::SeqCst);
        StorageError::Unavailable(reason.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A log whose files nobody takes away.
    fn alone(database: &Path, path: &Path) -> Log {
        let noted = std::fs::read_to_string(marker(database)).ok();
        Log::on(database.to_owned(), (path.to_owned(), open(path).unwrap()), None, noted)
    }

    #[tokio::test]
    async fn those_who_ask_while_the_disk_is_at_work_share_its_next_turn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("antrean.db-wal");
        std::fs::write(&path, "a log").unwrap();
        let log = alone(&folder.path().join("antrean.db"), &path);
        let at_work = log.hold().await;
        let many = futures_util::future::join_all((0..64).map(|_| log.durable()));
        tokio::pin!(many);
        assert!(futures_util::poll!(&mut many).is_pending(), "nobody is told before the disk");
        drop(at_work);
        assert!(many.await.iter().all(Result::is_ok));
        let turns = || log.disk.turns.load(Ordering::SeqCst);
        // Control: with `*answered = ticket` there are 64.
        assert_eq!(turns(), 1);
        log.durable().await.unwrap();
        assert_eq!(turns(), 2, "who asks later is not answered by an earlier turn");
    }

    #[tokio::test]
    async fn a_disk_that_failed_once_is_never_believed_again() {
        let folder = tempfile::tempdir().unwrap();
        // The kernel refuses to sync this one.
        let log = alone(&folder.path().join("antrean.db"), Path::new("/dev/null"));
        log.sound().unwrap();
        let first = log.durable().await.unwrap_err().to_string();
        assert!(first.contains("the disk did not take /dev/null"), "{first}");
        assert_eq!(log.durable().await.unwrap_err().to_string(), first);
        assert_eq!(log.sound().unwrap_err().to_string(), first);
        // Control: without the marker a command beside it takes the log for sound.
        let beside = alone(&folder.path().join("antrean.db"), &folder.path().join("antrean.db-failed"));
        assert_eq!(beside.durable().await.unwrap_err().to_string(), first, "nor by a later process");
    }

    // Control: with `look` asked first, nothing is written down. With `std::fs::write` everybody can read the note.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_failed_sync_is_written_down_though_a_file_is_out_of_place_at_the_same_time() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("antrean.db");
        for ending in ["", paths::LOG, paths::LOG_INDEX] {
            std::fs::write(beside_database(&database, ending), "something").unwrap();
        }
        let log = Log::of(&database, true).unwrap();
        std::fs::rename(beside_database(&database, paths::LOG_INDEX), folder.path().join("kept")).unwrap();
        log.fail(&database, &"an invented error");
        let told = log.sound().unwrap_err().to_string();
        assert!(told.contains("is in use, but it is gone"), "{told}");
        assert!(std::fs::read_to_string(marker(&database)).unwrap().contains("an invented error"));
        let mode = std::fs::metadata(marker(&database)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // A later process is told.
        std::fs::rename(folder.path().join("kept"), beside_database(&database, paths::LOG_INDEX)).unwrap();
        assert!(Log::of(&database, true).unwrap().sound().is_err());
        Log::of(&database, false).unwrap().sound().unwrap();
    }

    // Control: with the path as it is written, there is nothing to open.
    #[cfg(unix)]
    #[tokio::test]
    async fn the_log_of_a_link_is_that_of_the_database() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("disk")).unwrap();
        std::fs::write(folder.path().join("disk/antrean.db"), "a database").unwrap();
        std::fs::write(folder.path().join("disk/antrean.db-wal"), "a log").unwrap();
        std::fs::write(folder.path().join("disk/antrean.db-shm"), "its index").unwrap();
        std::os::unix::fs::symlink("disk/antrean.db", folder.path().join("antrean.db")).unwrap();
        Log::of(&folder.path().join("antrean.db"), false).unwrap().durable().await.unwrap();
    }

    #[test]
    fn a_database_without_a_log_is_refused_by_its_name() {
        let error = Log::of(Path::new("/nowhere/antrean.db"), false).unwrap_err().to_string();
        assert!(error.contains("/nowhere/antrean.db-wal"), "{error}");
    }
}
