//! Group commit: one sync of the WAL makes many commits durable, and none of them blocks the writer.
//!
//! With `synchronous = full` a commit holds the one writer until the disk has it. Here the writer appends its commit to
//! the WAL and turns to the next transaction; before anyone acknowledges the commit, they wait for
//! [`WalSync::durable`]. Recovery reads the WAL from its beginning to the first gap, so a commit that is on the disk
//! has all earlier ones there too.

use std::fmt::Display;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Once, OnceLock};

use tokio::sync::{Mutex, Notify};

use crate::storage::engine::error::StorageError;
use crate::storage::engine::sqlite::open_files::OpenFiles;
use crate::storage::engine::sqlite::paths;
use crate::storage::engine::sqlite::paths::beside_database;
use crate::storage::engine::sqlite::recovery::{note_sync_failure, sync_failure_note};

/// The WAL of one database, as this process syncs it.
#[derive(Debug)]
pub(in crate::storage) struct WalSync {
    disk: Arc<Disk>,
    /// Calls of [`WalSync::durable`] so far.
    requests: AtomicU64,
    /// How many of them a sync has covered; locked during a sync.
    covered_requests: Mutex<u64>,
    /// Notified at each of them.
    requested: Notify,
}

/// The WAL as a file of the operating system.
#[derive(Debug)]
struct Disk {
    path: PathBuf,
    file: File,
    /// `None` in tests of a WAL without a database.
    place: Option<OpenFiles>,
    /// How the disk failed. Linux reports a failed sync once and then counts the pages as written, so a second sync
    /// would succeed (`man 2 fsync`). Nothing is durable any more until a new process has copied the whole WAL into the
    /// file ([`super::recovery::recover_after_failed_sync`]). Set from the beginning where an earlier process noted a
    /// failure.
    failure: OnceLock<String>,
    /// Whether a sync failed in this process. Then the files are in place, and hold all that it wrote.
    has_sync_failed: AtomicBool,
    /// The database that the WAL belongs to.
    database: PathBuf,
    /// The failure is noted once.
    failure_noted: Once,
    /// One sync at a time: its failure is stored before the next one begins, which the kernel would not tell.
    sync_lock: std::sync::Mutex<()>,
    #[cfg(test)]
    syncs: AtomicU64,
}

fn open(path: &Path) -> Result<File, StorageError> {
    OpenOptions::new().read(true).write(true).open(path).map_err(|error| {
        StorageError::Unavailable(format!("cannot open {}, the log of the database: {error}", path.display()))
    })
}

impl WalSync {
    /// The WAL of the database at `path`, which a connection of this process has open. A note of an earlier failure
    /// counts only where the WAL existed before that connection (`had_wal`).
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the database has no WAL.
    pub(in crate::storage) fn of(path: &Path, had_wal: bool) -> Result<Self, StorageError> {
        let log = beside_database(path, paths::WAL);
        let file = open(&log)?;
        let earlier_failure = std::fs::read_to_string(sync_failure_note(path)).ok().filter(|_| had_wal);
        Ok(Self::on(path.to_owned(), log, file, Some(OpenFiles::of(path)?), earlier_failure))
    }

    fn on(
        database: PathBuf,
        path: PathBuf,
        file: File,
        place: Option<OpenFiles>,
        earlier_failure: Option<String>,
    ) -> Self {
        let failure = earlier_failure.map_or_else(OnceLock::new, OnceLock::from);
        let disk = Disk {
            path,
            file,
            place,
            failure,
            has_sync_failed: AtomicBool::new(false),
            database,
            failure_noted: Once::new(),
            sync_lock: std::sync::Mutex::new(()),
            #[cfg(test)]
            syncs: AtomicU64::new(0),
        };
        Self {
            disk: Arc::new(disk),
            requests: AtomicU64::new(0),
            covered_requests: Mutex::new(0),
            requested: Notify::new(),
        }
    }

    /// Waits until everything that was committed before this call is on the disk. Calls during a sync share the next
    /// one.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] once the disk has failed.
    pub(in crate::storage) async fn durable(&self) -> Result<(), StorageError> {
        let ticket = self.requests.fetch_add(1, Ordering::SeqCst) + 1;
        self.requested.notify_one();
        let mut covered_requests = self.covered_requests.lock().await;
        if *covered_requests >= ticket {
            return Ok(());
        }
        let covered = self.requests.load(Ordering::SeqCst);
        let disk = Arc::clone(&self.disk);
        let synced = tokio::task::spawn_blocking(move || disk.sync()).await;
        synced.map_err(|error| StorageError::Unavailable(error.to_string()))??;
        *covered_requests = covered;
        Ok(())
    }

    /// How often `durable` was called: about as often as a transaction committed.
    pub(in crate::storage) fn requests(&self) -> u64 {
        self.requests.load(Ordering::SeqCst)
    }

    /// Waits for the next call of `durable`.
    pub(in crate::storage) async fn next_request(&self) {
        self.requested.notified().await;
    }

    /// Length of the WAL file in bytes. After a restart of the WAL much of it is old.
    pub(in crate::storage) fn bytes(&self) -> u64 {
        self.disk.file.metadata().map_or(0, |metadata| metadata.len())
    }

    /// Whether no sync has failed.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when one has: nothing may be written any more.
    pub(in crate::storage) fn sound(&self) -> Result<(), StorageError> {
        self.disk.sound()
    }

    /// Whether a sync failed in this process.
    pub(in crate::storage) fn has_sync_failed(&self) -> bool {
        self.disk.has_sync_failed.load(Ordering::SeqCst)
    }

    /// Checks that the paths still lead to the open files. A failed sync does not matter here: reading stays possible.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when they do not: nothing may be written any more.
    pub(in crate::storage) async fn check_files(&self) -> Result<(), StorageError> {
        let disk = Arc::clone(&self.disk);
        let looked = tokio::task::spawn_blocking(move || disk.check_files()).await;
        looked.map_err(|error| StorageError::Unavailable(error.to_string()))?
    }

    /// Records that the disk failed at `path`, as another caller was told.
    pub(in crate::storage) fn fail(&self, path: &Path, error: &dyn Display) {
        self.disk.fail(path, error);
    }
}

#[cfg(test)]
impl WalSync {
    /// Blocks every call of `durable`, as a slow disk would, until the guard is dropped.
    pub(in crate::storage) async fn hold(&self) -> tokio::sync::MutexGuard<'_, u64> {
        self.covered_requests.lock().await
    }
}

impl Disk {
    fn sync(&self) -> Result<(), StorageError> {
        let _one_at_a_time = self.sync_lock.lock();
        #[cfg(test)]
        self.syncs.fetch_add(1, Ordering::SeqCst);
        self.sound()?;
        self.file.sync_data().map_err(|error| self.fail(&self.path, &error))?;
        // After the sync: what is acknowledged was in place when it was safe.
        self.check_files()
    }

    fn check_files(&self) -> Result<(), StorageError> {
        let Some(Err(reason)) = self.place.as_ref().map(OpenFiles::check) else { return Ok(()) };
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
        // The kernel reports it once, so the next start must know, whatever else is wrong now.
        self.failure_noted.call_once(|| note_sync_failure(&self.database, &reason));
        // A replaced file looks like a broken disk.
        if let Err(not_in_place) = self.check_files() {
            return not_in_place;
        }
        let reason = self.failure.get_or_init(|| {
            tracing::error!(reason, "nothing is acknowledged any more until a new start");
            reason
        });
        self.has_sync_failed.store(true, Ordering::SeqCst);
        StorageError::Unavailable(reason.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A WAL whose files are not checked.
    fn alone(database: &Path, path: &Path) -> WalSync {
        let earlier_failure = std::fs::read_to_string(sync_failure_note(database)).ok();
        WalSync::on(database.to_owned(), path.to_owned(), open(path).unwrap(), None, earlier_failure)
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
        let syncs = || log.disk.syncs.load(Ordering::SeqCst);
        // Negative control: with `*covered_requests = ticket` there are 64.
        assert_eq!(syncs(), 1);
        log.durable().await.unwrap();
        assert_eq!(syncs(), 2, "a later request is not covered by an earlier sync");
    }

    #[tokio::test]
    async fn a_disk_that_failed_once_is_never_believed_again() {
        let folder = tempfile::tempdir().unwrap();
        // The kernel refuses to sync this file.
        let log = alone(&folder.path().join("antrean.db"), Path::new("/dev/null"));
        log.sound().unwrap();
        let first = log.durable().await.unwrap_err().to_string();
        assert!(first.contains("the disk did not take /dev/null"), "{first}");
        assert_eq!(log.durable().await.unwrap_err().to_string(), first);
        assert_eq!(log.sound().unwrap_err().to_string(), first);
        // Negative control: without the note a command beside it believes the WAL.
        let beside = alone(&folder.path().join("antrean.db"), &folder.path().join("antrean.db-failed"));
        assert_eq!(beside.durable().await.unwrap_err().to_string(), first, "nor by a later process");
    }

    // Negative control: with `check_files` called first, no note is written. With `std::fs::write` everybody can read the note.
    #[cfg(unix)]
    #[tokio::test]
    async fn a_failed_sync_is_written_down_though_a_file_is_out_of_place_at_the_same_time() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("antrean.db");
        for ending in ["", paths::WAL, paths::WAL_INDEX] {
            std::fs::write(beside_database(&database, ending), "something").unwrap();
        }
        let log = WalSync::of(&database, true).unwrap();
        std::fs::rename(beside_database(&database, paths::WAL_INDEX), folder.path().join("kept")).unwrap();
        log.fail(&database, &"an invented error");
        let told = log.sound().unwrap_err().to_string();
        assert!(told.contains("is in use, but it is gone"), "{told}");
        assert!(std::fs::read_to_string(sync_failure_note(&database)).unwrap().contains("an invented error"));
        let mode = std::fs::metadata(sync_failure_note(&database)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        // A later process reads the note.
        std::fs::rename(folder.path().join("kept"), beside_database(&database, paths::WAL_INDEX)).unwrap();
        assert!(WalSync::of(&database, true).unwrap().sound().is_err());
        WalSync::of(&database, false).unwrap().sound().unwrap();
    }

    // Negative control: with the path of the link there is no WAL to open.
    #[cfg(unix)]
    #[tokio::test]
    async fn the_log_of_a_link_is_that_of_the_database() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("disk")).unwrap();
        std::fs::write(folder.path().join("disk/antrean.db"), "a database").unwrap();
        std::fs::write(folder.path().join("disk/antrean.db-wal"), "a log").unwrap();
        std::fs::write(folder.path().join("disk/antrean.db-shm"), "its index").unwrap();
        std::os::unix::fs::symlink("disk/antrean.db", folder.path().join("antrean.db")).unwrap();
        WalSync::of(&folder.path().join("antrean.db"), false).unwrap().durable().await.unwrap();
    }

    #[test]
    fn a_database_without_a_log_is_refused_by_its_name() {
        let error = WalSync::of(Path::new("/nowhere/antrean.db"), false).unwrap_err().to_string();
        assert!(error.contains("/nowhere/antrean.db-wal"), "{error}");
    }
}
