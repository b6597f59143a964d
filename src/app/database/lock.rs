//! Locks a SQLite database, so that one process serves it.
//!
//! On Linux the lock is on the database file itself (`flock`), which a second process finds by whatever path it comes, and
//! which nobody can remove without removing the database. SQLite's own locks there (`fcntl`) do not see it, with one trap:
//! whoever closes *any* descriptor of a file gives up all of the process's `fcntl` locks on it. So a descriptor that was
//! opened here is never closed; it is unlocked, and used again when the same database is locked again. Elsewhere both kinds
//! of lock are one, and a file beside the database is locked instead.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use super::super::error::BuildError;
use crate::files::{Identity, Readers, beside, folder_of, real};
use crate::storage::sqlite_path;

/// How many times opening a database is tried when its file is replaced meanwhile.
const TRIES: usize = 3;

/// The files that this process has opened to lock them, and never closes.
static OPEN: Mutex<BTreeMap<Identity, Arc<File>>> = Mutex::new(BTreeMap::new());

/// A database that no other process serves; given up when dropped, or by the system however the process ends.
#[derive(Debug)]
pub struct Lock(Arc<File>);

impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the database's lock is kept until this process ends");
        }
    }
}

/// Locks the database; creates the file where it is missing, for these readers.
///
/// # Errors
/// [`BuildError::Taken`] while another process, or another part of this one, has it.
pub fn lock(database: &str, readers: Readers) -> Result<Option<Lock>, BuildError> {
    let Some(path) = sqlite_path(database) else { return Ok(None) };
    // Links are followed, also one whose target does not exist yet.
    let found = real(&path);
    let locked = if cfg!(target_os = "linux") { found } else { beside(&found, ".lock") };
    let opened = opened(&locked, readers).map_err(|error| BuildError::File(locked.clone(), error))?;
    // The same descriptor can be locked twice, so the process has the lock exactly where it holds the descriptor.
    let Some(file) = opened else { return Err(BuildError::Taken(path)) };
    match file.try_lock() {
        Ok(()) => Ok(Some(Lock(file))),
        Err(TryLockError::WouldBlock) => Err(BuildError::Taken(path)),
        Err(TryLockError::Error(error)) => Err(BuildError::File(locked, error)),
    }
}

/// The one descriptor that this process has of a file for locking; `None` while a [`Lock`] has it.
fn opened(path: &Path, readers: Readers) -> std::io::Result<Option<Arc<File>>> {
    readers.create_folder(folder_of(path))?;
    // Two parts of this process that lock the same file share one descriptor: a second one would have to be closed.
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    for _ in 0..TRIES {
        readers.create_file(path)?;
        let known = std::fs::metadata(path).ok().and_then(|metadata| Identity::of(&metadata));
        if let Some(file) = known.and_then(|identity| open.get(&identity)) {
            return Ok((Arc::strong_count(file) == 1).then(|| Arc::clone(file)));
        }
        // This process had no descriptor for this path, so no connection's locks depend on the new one.
        let file = Arc::new(OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?);
        let identity = Identity::of(&file.metadata()?);
        if let Some(identity) = identity {
            open.insert(identity, Arc::clone(&file));
        }
        if identity == known {
            return Ok(Some(file));
        }
    }
    Err(std::io::Error::other("another file takes its place again and again"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &Path) -> String {
        format!("sqlite://{}", path.display())
    }

    // Negative control: with a file beside the database as the lock, the last call succeeds.
    #[test]
    fn a_database_is_locked_by_whatever_name_until_the_lock_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("antrean.db");
        let first = lock(&url(&path), Readers::Owner).unwrap();
        assert!(matches!(lock(&url(&path), Readers::Owner), Err(BuildError::Taken(_))));
        drop(first);
        let second = lock(&url(&path), Readers::Owner).unwrap();
        assert!(second.is_some());
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let beside = entry.unwrap().path();
            if beside != path {
                std::fs::remove_file(beside).unwrap();
            }
        }
        assert!(matches!(lock(&url(&path), Readers::Owner), Err(BuildError::Taken(_))));
    }

    #[test]
    fn a_server_is_not_locked() {
        assert!(lock("postgres://antrean@localhost/antrean", Readers::Owner).unwrap().is_none());
    }
}
