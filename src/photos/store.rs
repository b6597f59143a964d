//! The media folder: keeps photos encrypted, reads them, and brings old files under the newest key.

use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use rand::TryRng;
use rand::rngs::SysRng;

use super::error::PhotoError;
use super::keys::{self, Key, KeyList};
use super::seal::{self, ADDED_BYTES, Owner};
use crate::domain::photo_key::PhotoKeyId;
use crate::files::{Readers, beside, sync_folder};
use crate::gateway::picture::MEDIA_BYTES_MAX;

/// The ending of a file that is being written.
pub(super) const PART_ENDING: &str = ".part";

/// A photo that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its file in the media folder.
    pub file: String,
    /// The key that it is encrypted with.
    pub key: PhotoKeyId,
}

/// Photos on the disk, and their keys. Cheap to clone; its calls wait for the disk, so they belong on a thread that may.
#[derive(Debug, Clone)]
pub struct Photos {
    folder: PathBuf,
    key_folder: PathBuf,
    readers: Readers,
    keys: Arc<RwLock<KeyList>>,
}

impl Photos {
    /// Photos in `folder`, with keys in `key_folder`; both are created when they are needed.
    pub fn new(folder: PathBuf, key_folder: PathBuf) -> Self {
        Self { folder, key_folder, readers: Readers::default(), keys: Arc::default() }
    }

    /// Photos and keys in two folders within another one: a demo's, and those of stories and tests.
    pub fn within(home: &Path) -> Self {
        Self::new(home.join("media"), home.join("media-keys"))
    }

    /// Lets others read the files too, which tell them nothing without a key. Keys are for the account alone.
    #[must_use]
    pub fn readable_by(self, readers: Readers) -> Self {
        Self { readers, ..self }
    }

    /// The folder of keys.
    pub fn key_folder(&self) -> &Path {
        &self.key_folder
    }

    /// Reads the folder of keys again: one may have been added, or put back.
    ///
    /// # Errors
    /// When the folder cannot be read; the keys that were known stay.
    pub fn read_keys(&self) -> Result<KeyList, PhotoError> {
        let list = KeyList::read(&self.key_folder)?;
        self.keys.write().unwrap_or_else(PoisonError::into_inner).clone_from(&list);
        Ok(list)
    }

    /// Makes a new key; from now on it encrypts.
    ///
    /// # Errors
    /// [`PhotoError`] when it cannot be made.
    pub fn add_key(&self) -> Result<PhotoKeyId, PhotoError> {
        let mut list = self.read_keys()?;
        let key = keys::add(&self.key_folder, &mut list)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = list;
        Ok(key.id)
    }

    /// The key that encrypts; a first one is made where there is none.
    ///
    /// # Errors
    /// [`PhotoError`] when there is none and none can be made.
    pub fn newest_key(&self) -> Result<PhotoKeyId, PhotoError> {
        self.newest().map(|key| key.id)
    }

    fn newest(&self) -> Result<Key, PhotoError> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner).newest();
        if let Some(key) = known {
            return Ok(key);
        }
        if let Some(key) = self.read_keys()?.newest() {
            return Ok(key);
        }
        let id = self.add_key()?;
        self.key(id)
    }

    fn key(&self, id: PhotoKeyId) -> Result<Key, PhotoError> {
        let known = self.keys.read().unwrap_or_else(PoisonError::into_inner).get(id);
        if let Some(key) = known {
            return Ok(key);
        }
        // It may have been put back since.
        self.read_keys()?.get(id).ok_or(PhotoError::NoKey(id))
    }

    /// Whether the key of a photo is there.
    pub fn has_key(&self, id: PhotoKeyId) -> bool {
        self.key(id).is_ok()
    }

    /// Keeps the photo of a row, durably.
    ///
    /// # Errors
    /// [`PhotoError`] when there is no key, or the disk did not take it.
    pub fn keep(&self, row: i64, plain: &[u8]) -> Result<Kept, PhotoError> {
        // Nothing from the provider or the citizen is in the name.
        let file = format!("{row}.photo");
        let key = self.newest()?;
        self.put(&file, &seal::seal(plain, Owner::Row(row), &key)?)?;
        Ok(Kept { file, key: key.id })
    }

    /// Reads the photo of a row. `key` is the one that the row names; a row that names none may have a plain file of an earlier version.
    ///
    /// # Errors
    /// [`PhotoError`] when it cannot be read, or is not what was written.
    pub fn read(&self, row: i64, file: &str, key: Option<PhotoKeyId>) -> Result<Vec<u8>, PhotoError> {
        let bytes = self.bytes(file)?;
        self.opened(bytes, Owner::Row(row), key.is_none())
    }

    /// Encrypts the file of a row with the newest key, where it is not already. Cut off at any moment, the file is the earlier or the
    /// later one as a whole, and both can be read.
    ///
    /// # Errors
    /// [`PhotoError`] when it cannot be read or written.
    pub fn reseal(&self, row: i64, file: &str, key: Option<PhotoKeyId>) -> Result<PhotoKeyId, PhotoError> {
        let newest = self.newest()?;
        let bytes = self.bytes(file)?;
        if seal::key_of(&bytes)? == Some(newest.id) {
            // An earlier step got as far as this, and not to the row; nor, maybe, to the sync of the folder, without which a power loss
            // brings the earlier file back.
            seal::open(&bytes, Owner::Row(row), &newest)?;
            sync_folder(&self.folder)?;
            return Ok(newest.id);
        }
        let plain = self.opened(bytes, Owner::Row(row), key.is_none())?;
        self.put(file, &seal::seal(&plain, Owner::Row(row), &newest)?)?;
        Ok(newest.id)
    }

    /// Keeps bytes under a name of their own, for whom they belong to.
    pub(super) fn write(&self, file: &str, owner: Owner<'_>, plain: &[u8]) -> Result<(), PhotoError> {
        let key = self.newest()?;
        self.put(file, &seal::seal(plain, owner, &key)?)
    }

    /// Puts a whole file in place, durably. Another node may write the same file at this moment: each has a part of its own.
    fn put(&self, file: &str, bytes: &[u8]) -> Result<(), PhotoError> {
        let path = self.path(file)?;
        let mut own = [0; 8];
        SysRng.try_fill_bytes(&mut own).map_err(|_| PhotoError::Chance)?;
        let part = beside(&path, &format!(".{}{PART_ENDING}", hex::encode(own)));
        Ok(self.readers.write_through(&part, &path, bytes)?)
    }

    /// Decrypts what a file holds.
    pub(super) fn opened(&self, file: Vec<u8>, owner: Owner<'_>, may_be_plain: bool) -> Result<Vec<u8>, PhotoError> {
        match seal::key_of(&file)? {
            Some(id) => seal::open(&file, owner, &self.key(id)?),
            None if may_be_plain => Ok(file),
            None => Err(PhotoError::Plain),
        }
    }

    /// What a file holds.
    pub(super) fn bytes(&self, file: &str) -> Result<Vec<u8>, PhotoError> {
        let path = self.path(file)?;
        let size = usize::try_from(std::fs::metadata(&path)?.len()).unwrap_or(usize::MAX);
        if size > MEDIA_BYTES_MAX + ADDED_BYTES {
            return Err(PhotoError::Large);
        }
        Ok(std::fs::read(&path)?)
    }

    /// The place of a file: a plain name within the folder.
    pub(super) fn path(&self, file: &str) -> Result<PathBuf, PhotoError> {
        let mut parts = Path::new(file).components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(only)), None) if only == file => Ok(self.folder.join(only)),
            _ => Err(PhotoError::Name),
        }
    }

    /// The folder in which they lie.
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn photos(home: &TempDir) -> Photos {
        Photos::new(home.path().join("media"), home.path().join("keys"))
    }

    #[test]
    fn a_file_is_a_plain_name_in_the_folder() {
        let photos = Photos::new("/var/lib/antrean/media".into(), "/var/lib/antrean/keys".into());
        assert_eq!(photos.path("17.photo").unwrap(), Path::new("/var/lib/antrean/media/17.photo"));
        for name in ["../antrean.toml", "/etc/passwd", "a/b.jpg", "", ".", ".."] {
            assert!(photos.path(name).is_err(), "{name}");
        }
    }

    // Negative control, run: with `Owner::Row(0)` for every row, the swapped files read.
    #[test]
    fn photos_are_kept_encrypted_and_swapped_or_changed_files_do_not_read() {
        let home = tempfile::tempdir().unwrap();
        let photos = photos(&home);
        let (one, other) = (photos.keep(1, b"photo one").unwrap(), photos.keep(2, b"photo two").unwrap());
        let path = |kept: &Kept| home.path().join("media").join(&kept.file);
        assert!(!fs::read(path(&one)).unwrap().windows(9).any(|part| part == b"photo one"));
        assert_eq!(photos.read(1, &one.file, Some(one.key)).unwrap(), b"photo one");
        fs::rename(path(&one), home.path().join("aside")).unwrap();
        fs::rename(path(&other), path(&one)).unwrap();
        fs::rename(home.path().join("aside"), path(&other)).unwrap();
        for (row, kept) in [(1, &one), (2, &other)] {
            assert!(matches!(photos.read(row, &kept.file, Some(kept.key)), Err(PhotoError::Changed)));
        }
        fs::write(path(&one), b"\xFF\xD8\xFF another picture").unwrap();
        assert!(matches!(photos.read(1, &one.file, Some(one.key)), Err(PhotoError::Plain)), "put in plain");
    }

    // Negative controls: with the keys not read again (run), what was put back is not found; with `add_key` in place of the file's own number,
    // the restored key replaces the one that was made meanwhile.
    #[test]
    fn without_its_key_a_photo_waits_and_nothing_is_lost_meanwhile() {
        let home = tempfile::tempdir().unwrap();
        let before = photos(&home).keep(1, b"photo one").unwrap();
        fs::rename(home.path().join("keys"), home.path().join("elsewhere")).unwrap();
        let photos = photos(&home);
        assert!(
            matches!(photos.read(1, &before.file, Some(before.key)), Err(PhotoError::NoKey(id)) if id == before.key)
        );
        assert!(matches!(photos.reseal(1, &before.file, Some(before.key)), Err(PhotoError::NoKey(_))));
        let meanwhile = photos.keep(2, b"photo two").unwrap();
        assert_ne!(meanwhile.key, before.key);
        for file in fs::read_dir(home.path().join("elsewhere")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), home.path().join("keys").join(file.file_name())).unwrap();
        }
        assert_eq!(photos.read(1, &before.file, Some(before.key)).unwrap(), b"photo one");
        assert_eq!(photos.read(2, &meanwhile.file, Some(meanwhile.key)).unwrap(), b"photo two");
    }

    // Negative control, run: without the look whether the file is under the newest key already, the second pass writes it once more.
    #[test]
    fn old_plain_photos_and_old_keys_come_under_the_newest_one_and_a_pass_may_be_cut_off() {
        let home = tempfile::tempdir().unwrap();
        let photos = photos(&home);
        fs::create_dir(home.path().join("media")).unwrap();
        fs::write(home.path().join("media/1.jpg"), b"\xFF\xD8\xFF an old photo").unwrap();
        let first = photos.reseal(1, "1.jpg", None).unwrap();
        let written = fs::read(home.path().join("media/1.jpg")).unwrap();
        // The row was not told: the process died.
        assert_eq!(photos.reseal(1, "1.jpg", None).unwrap(), first);
        assert_eq!(fs::read(home.path().join("media/1.jpg")).unwrap(), written, "it is encrypted once");
        assert_eq!(photos.read(1, "1.jpg", None).unwrap(), b"\xFF\xD8\xFF an old photo");
        let second = photos.add_key().unwrap();
        assert_eq!(photos.newest_key().unwrap(), second);
        assert_eq!(photos.read(1, "1.jpg", Some(first)).unwrap(), b"\xFF\xD8\xFF an old photo");
        assert_eq!(photos.reseal(1, "1.jpg", Some(first)).unwrap(), second);
        assert_eq!(photos.read(1, "1.jpg", Some(second)).unwrap(), b"\xFF\xD8\xFF an old photo");
    }
}
