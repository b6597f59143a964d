//! The folder of keys: one small file for each, `0001-9f86d081884c7d65.key`. The one with the highest number encrypts, all of them
//! decrypt. Files are only ever added, so a key that was restored replaces none that was made meanwhile.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rand::TryRng;
use rand::rngs::SysRng;

use super::error::PhotoError;
use crate::domain::photo_key::{PHOTO_KEY_BYTES, PhotoKeyId};
use crate::files::Readers;

/// The ending of a key's file.
const ENDING: &str = ".key";
/// Longest file that is read as a key, in bytes.
const FILE_BYTES_MAX: u64 = 4 * 1024;
/// Most keys that are read: one a day for years.
const KEYS_MAX: usize = 1_000;

/// A key.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) id: PhotoKeyId,
    pub(super) bytes: [u8; PHOTO_KEY_BYTES],
}

/// The bytes are a secret.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

/// A file among the keys that is none, or cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedKey {
    /// Its name.
    pub file: String,
    /// What is wrong with it.
    pub why: String,
}

/// The keys of a folder.
#[derive(Debug, Clone, Default)]
pub struct KeyList {
    /// By number and id: the last one encrypts.
    by_number: BTreeMap<(u32, PhotoKeyId), Key>,
    /// Files that are no keys.
    pub damaged: Vec<DamagedKey>,
}

impl KeyList {
    /// Reads a folder. One that is missing holds no keys.
    ///
    /// # Errors
    /// When the folder is there and cannot be read.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut list = Self::default();
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(list),
            entries => entries?,
        };
        for entry in entries.take(KEYS_MAX) {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.ends_with(ENDING) {
                continue;
            }
            match read_file(&entry.path(), &name) {
                Ok((number, key)) => {
                    list.by_number.insert((number, key.id), key);
                }
                Err(why) => list.damaged.push(DamagedKey { file: name, why }),
            }
        }
        list.damaged.sort_by(|one, other| one.file.cmp(&other.file));
        Ok(list)
    }

    /// The key that encrypts.
    pub(super) fn newest(&self) -> Option<Key> {
        self.by_number.last_key_value().map(|(_, key)| *key)
    }

    /// A key by its id.
    pub(super) fn get(&self, id: PhotoKeyId) -> Option<Key> {
        self.by_number.values().find(|key| key.id == id).copied()
    }

    /// The ids, oldest first; the last one encrypts.
    pub fn ids(&self) -> Vec<PhotoKeyId> {
        self.by_number.keys().map(|(_, id)| *id).collect()
    }

    /// The next number.
    fn next_number(&self) -> u32 {
        self.by_number.last_key_value().map_or(1, |((number, _), _)| number.saturating_add(1))
    }
}

/// The number and the key of a file, or what is wrong with it.
fn read_file(path: &Path, name: &str) -> Result<(u32, Key), String> {
    let shape = "its name is not like 0001-9f86d081884c7d65.key";
    let (number, id) = name.strip_suffix(ENDING).and_then(|stem| stem.split_once('-')).ok_or(shape)?;
    let number: u32 = number.parse().map_err(|_| shape.to_owned())?;
    let id = PhotoKeyId::read(id).ok_or(shape)?;
    let unreadable = |error: io::Error| format!("it cannot be read: {error}");
    if fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
        return Err("it is too long for a key".to_owned());
    }
    let text = fs::read_to_string(path).map_err(unreadable)?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let bytes = BASE64_STANDARD.decode(line.unwrap_or_default()).ok();
    let bytes: Option<[u8; PHOTO_KEY_BYTES]> = bytes.and_then(|bytes| bytes.try_into().ok());
    let bytes = bytes.ok_or("it holds no key: 32 bytes in base64")?;
    if PhotoKeyId::of(&bytes) != id {
        return Err(format!("it holds another key than its name says ({})", PhotoKeyId::of(&bytes)));
    }
    Ok((number, Key { id, bytes }))
}

/// Makes a key and puts its file beside the others, durably. Only the account may read it, whoever else may read photos.
///
/// # Errors
/// [`PhotoError`] when there are no random numbers, or the file cannot be written.
pub(super) fn add(folder: &Path, list: &mut KeyList) -> Result<Key, PhotoError> {
    let mut bytes = [0; PHOTO_KEY_BYTES];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| PhotoError::Chance)?;
    let key = Key { id: PhotoKeyId::of(&bytes), bytes };
    let number = list.next_number();
    let text = format!(
        "# A key of antrean's photos. Without it, photos that were encrypted with it cannot be read by anybody.\n\
         # Keep a copy of this file, apart from the copies of the photos.\n{}\n",
        BASE64_STANDARD.encode(bytes)
    );
    Readers::Owner.write(&file_of(folder, number, key.id), text.as_bytes()).map_err(PhotoError::NoNewKey)?;
    list.by_number.insert((number, key.id), key);
    Ok(key)
}

fn file_of(folder: &Path, number: u32, id: PhotoKeyId) -> PathBuf {
    folder.join(format!("{number:04}-{id}{ENDING}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control, run: with the id not compared with the key's own, the exchanged key counts as the one that its name says.
    #[test]
    fn keys_are_added_to_the_others_and_a_file_that_is_none_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let mut list = KeyList::read(&keys).unwrap();
        assert!(list.newest().is_none());
        let first = add(&keys, &mut list).unwrap();
        let second = add(&keys, &mut list).unwrap();
        fs::copy(file_of(&keys, 1, first.id), keys.join(format!("0003-{}.key", second.id))).unwrap();
        fs::write(keys.join("0004-0011223344556677.key"), "# nothing\n").unwrap();
        fs::write(keys.join("mine.key"), "x").unwrap();
        fs::write(keys.join("README"), "x").unwrap();
        let read = KeyList::read(&keys).unwrap();
        assert_eq!(read.ids(), [first.id, second.id]);
        assert_eq!(read.newest().unwrap().bytes, second.bytes);
        assert_eq!(read.get(first.id).unwrap().bytes, first.bytes);
        let damaged: Vec<&str> = read.damaged.iter().map(|one| one.why.as_str()).collect();
        assert!(damaged[0].contains("another key than its name says"), "{damaged:?}");
        assert_eq!(damaged.len(), 3);
        assert!(!format!("{read:?}").contains(&BASE64_STANDARD.encode(first.bytes)), "a key is not shown");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_is_for_its_account_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let key = add(&keys, &mut KeyList::default()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&keys), mode(&file_of(&keys, 1, key.id))), (0o700, 0o600));
    }
}
