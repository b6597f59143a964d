//! Makes the program's own files: sets who may read them, and waits until they have reached the disk.
//!
//! Everything here works by path and never opens a file that exists: SQLite locks its files for the process, and closing any
//! other descriptor of one of them would give up those locks (`man 2 fcntl`, "POSIX locks are released").

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Most symbolic links that are followed, so that a circle of them ends: as many as Linux follows.
const LINKS_MAX: usize = 40;

/// Who may read files and folders with citizens' data, whatever the umask says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Readers {
    /// Only the account that the program runs as.
    #[default]
    Owner,
    /// Its group too: an account that makes backups.
    Group,
}

impl Readers {
    /// Mode of a file.
    pub const fn of_file(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Group => 0o640,
        }
    }

    /// Mode of a folder.
    pub const fn of_folder(self) -> u32 {
        match self {
            Self::Owner => 0o700,
            Self::Group => 0o750,
        }
    }

    /// Creates a folder and those above it where they are missing, durably; folders that exist stay as they are.
    ///
    /// # Errors
    /// When one cannot be created.
    pub fn create_folder(self, folder: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|above| !above.as_os_str().is_empty() && matches!(above.try_exists(), Ok(false)))
            .collect();
        for made in missing.into_iter().rev() {
            match new_folder(made, self.of_folder()) {
                // Another process was first.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && made.is_dir() => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    if let Err(error) = set_mode(made, self.of_folder()).and_then(|()| sync_folder(folder_of(made))) {
                        // Whoever tries again would find it and take its name for durable.
                        fs::remove_dir(made).ok();
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    /// Creates an empty file and its folder where they are missing; returns whether the file is new.
    ///
    /// # Errors
    /// When one cannot be created.
    pub fn create_file(self, path: &Path) -> io::Result<bool> {
        // A link that leads to nothing yet counts as a file for the system.
        let path = &real(path);
        self.create_folder(folder_of(path))?;
        match open_new(path, self.of_file()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            made => drop(made?),
        }
        // A narrow umask may have taken what the group is to have.
        set_mode(path, self.of_file())?;
        Ok(true)
    }

    /// Puts a whole file in place, durably: afterwards a power loss leaves either the earlier file or this one.
    ///
    /// # Errors
    /// When it cannot be written, or the disk did not take it or its name.
    pub fn write(self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.write_through(&beside(path, ".part"), path, bytes)
    }

    /// Writes a whole file without waiting for the disk, which may have failed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_unsynced(self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // An earlier one may have another mode.
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = open_new(path, self.of_file())?;
        set_mode(path, self.of_file())?;
        file.write_all(bytes)
    }

    /// Does the same by way of `part`, a file in the same folder that nobody else writes at this moment.
    ///
    /// # Errors
    /// When it cannot be written, or the disk did not take it or its name.
    pub fn write_through(self, part: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.create_folder(folder_of(path))?;
        sync_name_once(folder_of(path))?;
        // A process that died may have left one, with another mode.
        match fs::remove_file(part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = open_new(part, self.of_file())?;
        set_mode(part, self.of_file())?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(part, path)?;
        // The name is in the folder, which is a file of its own.
        sync_folder(folder_of(path))
    }

    /// Gives an existing file the mode that it should have; returns whether it had another one. A file that is not there needs none.
    ///
    /// # Errors
    /// When its mode cannot be seen or changed.
    pub fn repair_mode(self, path: &Path) -> io::Result<bool> {
        match mode_of(path) {
            Ok(Some(mode)) if mode != self.of_file() => set_mode(path, self.of_file()).map(|()| true),
            Ok(_) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The mode of an existing folder, where that lets in more accounts than it should.
    pub fn wider_folder(self, folder: &Path) -> Option<u32> {
        let mode = mode_of(folder).ok().flatten()?;
        (mode & !self.of_folder() & 0o777 != 0).then_some(mode)
    }
}

/// A path with `ending` added to its file name.
pub fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.to_owned().into_os_string();
    name.push(ending);
    name.into()
}

/// Where a path leads through symbolic links, whether or not there is a file yet; the path itself where that cannot be found
/// out.
pub fn real(path: &Path) -> PathBuf {
    let mut named = path.to_owned();
    for _ in 0..LINKS_MAX {
        if let Ok(real) = fs::canonicalize(&named) {
            return real;
        }
        let Ok(target) = fs::read_link(&named) else { break };
        named = folder_of(&named).join(target);
    }
    // The file is not there; its folder may be.
    match (fs::canonicalize(folder_of(&named)), named.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => named,
    }
}

/// The folder of a file, `.` where the path names none.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Removes files, and makes that durable; one that is not there is removed already.
///
/// # Errors
/// Of the first file that could not be removed, or of the folder's sync.
pub fn remove_all(folder: &Path, paths: &[PathBuf]) -> io::Result<()> {
    for path in paths {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    if folder.is_dir() { sync_folder(folder) } else { Ok(()) }
}

/// Syncs a folder: afterwards the names in it are on the disk.
///
/// # Errors
/// When the disk did not take them.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows has no such call: it writes names through.
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// Makes the name of a folder durable, once in the life of this process: an earlier one may have died between making the folder and
/// syncing the one above it, and a file in a folder without a name is lost with it.
fn sync_name_once(folder: &Path) -> io::Result<()> {
    static SYNCED: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let mut synced = SYNCED.lock().unwrap_or_else(PoisonError::into_inner);
    if synced.contains(folder) {
        return Ok(());
    }
    match sync_folder(folder_of(folder)) {
        // Who may not look into the folder above has not made a name in it; where nothing can be written no name waits to be; and
        // some file systems sync no folders.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::InvalidInput
            ) => {}
        done => done?,
    }
    synced.insert(folder.to_owned());
    Ok(())
}

/// Which file of which file system a path leads to: the same as long as it is the same file, by whatever name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The file system.
    pub device: u64,
    /// Its file.
    pub inode: u64,
    /// When that was made, in nanoseconds since 1970, since a number is given again soon after its file is gone; zero where
    /// the file system does not tell.
    pub born: u64,
}

#[cfg(unix)]
mod system {
    use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
    use std::time::UNIX_EPOCH;

    use super::{File, Identity, OpenOptions, Path, fs, io};

    /// Permissions, and the bits that are kept apart from them.
    const MODE_BITS: u32 = 0o777;

    pub(super) fn new_folder(folder: &Path, mode: u32) -> io::Result<()> {
        fs::DirBuilder::new().mode(mode).create(folder)
    }

    pub(super) fn open_new(path: &Path, mode: u32) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
    }

    pub(super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))
    }

    pub(super) fn mode_of(path: &Path) -> io::Result<Option<u32>> {
        Ok(Some(fs::metadata(path)?.mode() & MODE_BITS))
    }

    /// Whether a file that is open has no name left, so that it ends with whoever has it open.
    pub fn is_nameless(metadata: &fs::Metadata) -> bool {
        metadata.nlink() == 0
    }

    impl Identity {
        /// The identity of an open file, or of the file that a path leads to now; `None` where the system tells none.
        pub fn of(metadata: &fs::Metadata) -> Option<Self> {
            let born = metadata.created().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            let born = born.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or_default();
            Some(Self { device: metadata.dev(), inode: metadata.ino(), born })
        }
    }
}

#[cfg(not(unix))]
mod system {
    use super::{File, Identity, OpenOptions, Path, fs, io};

    pub(super) fn new_folder(folder: &Path, _mode: u32) -> io::Result<()> {
        fs::create_dir(folder)
    }

    pub(super) fn open_new(path: &Path, _mode: u32) -> io::Result<File> {
        OpenOptions::new().write(true).create_new(true).open(path)
    }

    pub(super) fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn mode_of(path: &Path) -> io::Result<Option<u32>> {
        fs::metadata(path).map(|_| None)
    }

    /// Whether a file that is open has no name left, so that it ends with whoever has it open.
    pub fn is_nameless(_metadata: &fs::Metadata) -> bool {
        false
    }

    impl Identity {
        /// The identity of an open file, or of the file that a path leads to now; `None` where the system tells none.
        pub fn of(_metadata: &fs::Metadata) -> Option<Self> {
            None
        }
    }
}

pub use system::is_nameless;
use system::{mode_of, new_folder, open_new, set_mode};

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        mode_of(path).unwrap().unwrap()
    }

    // Negative control: with `create_dir_all` in its place both new folders have 755 under the usual umask.
    #[test]
    fn only_folders_that_are_new_are_closed_to_others() {
        let folder = tempfile::tempdir().unwrap();
        set_mode(folder.path(), 0o755).unwrap();
        let inner = folder.path().join("a/b");
        Readers::Owner.create_folder(&inner).unwrap();
        Readers::Group.create_folder(&inner).unwrap();
        assert_eq!(mode(folder.path()), 0o755, "it was there before");
        assert_eq!((mode(&folder.path().join("a")), mode(&inner)), (0o700, 0o700));
        assert_eq!(Readers::Owner.wider_folder(folder.path()), Some(0o755));
        assert_eq!(Readers::Group.wider_folder(&inner), None, "narrower is right");
    }

    #[test]
    fn a_file_is_made_once_and_its_mode_repaired_afterwards() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/antrean.db");
        assert!(Readers::Group.create_file(&path).unwrap());
        assert_eq!(mode(&path), 0o640);
        assert!(!Readers::Owner.create_file(&path).unwrap(), "it exists");
        assert!(Readers::Owner.repair_mode(&path).unwrap());
        assert!(!Readers::Owner.repair_mode(&path).unwrap(), "nothing is left to repair");
        assert_eq!(mode(&path), 0o600);
        assert!(!Readers::Owner.repair_mode(&folder.path().join("nothing")).unwrap());
    }

    // Negative control: with `canonicalize` alone a link to nothing stays what it is.
    #[test]
    fn a_link_is_followed_to_where_its_file_is_or_will_be() {
        let folder = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(folder.path()).unwrap();
        fs::create_dir(root.join("disk")).unwrap();
        std::os::unix::fs::symlink("disk/antrean.db", root.join("inner.db")).unwrap();
        std::os::unix::fs::symlink(root.join("inner.db"), root.join("outer.db")).unwrap();
        std::os::unix::fs::symlink("circle.db", root.join("circle.db")).unwrap();
        let database = root.join("disk/antrean.db");
        assert_eq!(real(&root.join("outer.db")), database, "there is no file yet");
        assert!(Readers::Owner.create_file(&root.join("outer.db")).unwrap());
        assert_eq!((real(&root.join("outer.db")), mode(&database)), (database.clone(), 0o600));
        assert_eq!(real(&root.join("circle.db")), root.join("circle.db"));
        assert_eq!(real(&root.join("nothing/antrean.db")), root.join("nothing/antrean.db"));
    }

    #[test]
    fn a_file_is_replaced_as_a_whole_over_what_a_dead_process_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("photo.jpg");
        fs::write(&path, "earlier").unwrap();
        fs::write(beside(&path, ".part"), "half of something longer").unwrap();
        set_mode(&beside(&path, ".part"), 0o666).unwrap();
        Readers::Owner.write(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
        assert_eq!(mode(&path), 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no part is left");
    }
}
