//! Photos that came by the upload page, until the caretaker brings them to their rows as it fetches those of a chat.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::time::{Duration, SystemTime};

use rand::TryRng;
use rand::rngs::SysRng;

use super::error::PhotoError;
use super::seal::Owner;
use super::store::{PART_ENDING, Photos};
use crate::domain::upload_token::{UPLOAD_ENDING, UPLOAD_NAME_CHARS, UPLOAD_PREFIX, upload_file as file_of};

/// Random bytes of a file's name.
const NAME_BYTES: usize = UPLOAD_NAME_CHARS / 2;
/// How long an upload stays that no message followed: longer than the caretaker tries to fetch a photo.
const LEFT_AFTER: Duration = Duration::from_hours(24);

/// Whether a photo's reference is one of an upload.
pub fn is_upload(reference: &str) -> bool {
    reference.starts_with(UPLOAD_PREFIX)
}

impl Photos {
    /// Keeps an upload, encrypted and durably; returns its reference.
    ///
    /// # Errors
    /// [`PhotoError`] when there is no key, or the disk did not take it.
    pub fn keep_upload(&self, plain: &[u8]) -> Result<String, PhotoError> {
        let mut name = [0; NAME_BYTES];
        SysRng.try_fill_bytes(&mut name).map_err(|_| PhotoError::Chance)?;
        let reference = format!("{UPLOAD_PREFIX}{}", hex::encode(name));
        let file = file_of(&reference).ok_or(PhotoError::Name)?;
        self.write(&file, Owner::Upload(&file), plain)?;
        Ok(reference)
    }

    /// Reads an upload.
    ///
    /// # Errors
    /// [`PhotoError`] when it cannot be read, or is not what was written.
    pub fn read_upload(&self, reference: &str) -> Result<Vec<u8>, PhotoError> {
        let file = file_of(reference).ok_or(PhotoError::Name)?;
        let bytes = self.bytes(&file)?;
        self.opened(bytes, Owner::Upload(&file), false)
    }

    /// Removes an upload: it has a row, or nobody wants it.
    ///
    /// # Errors
    /// [`PhotoError`] when the file is there and cannot be removed.
    pub fn remove_upload(&self, reference: &str) -> Result<(), PhotoError> {
        let file = file_of(reference).ok_or(PhotoError::Name)?;
        match fs::remove_file(self.path(&file)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Removes what a process left that died: uploads of which it had not told the desk, but for those in `wanted`, and files that it
    /// was writing. Their age is the file system's own; `now` is the time by the same clock.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn remove_left_uploads(&self, now: SystemTime, wanted: &[String]) -> Result<usize, PhotoError> {
        let entries = match fs::read_dir(self.folder()) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        let wanted: HashSet<String> = wanted.iter().filter_map(|reference| file_of(reference)).collect();
        let mut removed = 0;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let is_left = name.ends_with(PART_ENDING) || name.ends_with(UPLOAD_ENDING) && !wanted.contains(&name);
            let is_old = || {
                let changed = entry.metadata().and_then(|metadata| metadata.modified());
                changed.is_ok_and(|changed| now.duration_since(changed).is_ok_and(|age| age > LEFT_AFTER))
            };
            if is_left && is_old() {
                fs::remove_file(entry.path())?;
                removed += 1;
            }
        }
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control, run: with the name not in the additional data, one upload reads as the other.
    #[test]
    fn an_upload_reads_as_itself_only_and_goes_when_it_is_told_to() {
        let home = tempfile::tempdir().unwrap();
        let photos = Photos::new(home.path().join("media"), home.path().join("keys"));
        let (one, other) = (photos.keep_upload(b"one").unwrap(), photos.keep_upload(b"other").unwrap());
        assert!(is_upload(&one) && one != other);
        assert_eq!(photos.read_upload(&one).unwrap(), b"one");
        let place = |reference: &str| home.path().join("media").join(file_of(reference).unwrap());
        fs::copy(place(&other), place(&one)).unwrap();
        assert!(matches!(photos.read_upload(&one), Err(PhotoError::Changed)));
        photos.remove_upload(&one).unwrap();
        photos.remove_upload(&one).unwrap();
        assert!(photos.read_upload(&one).is_err());
        for forged in ["antrean-upload:../../etc/passwd", "antrean-upload:", "antrean-upload:zz", "9001"] {
            assert!(matches!(photos.read_upload(forged), Err(PhotoError::Name)), "{forged}");
        }
        let now = fs::metadata(place(&other)).unwrap().modified().unwrap();
        assert_eq!(photos.remove_left_uploads(now + Duration::from_mins(1), &[]).unwrap(), 0);
        let later = now + LEFT_AFTER + Duration::from_mins(1);
        assert_eq!(photos.remove_left_uploads(later, std::slice::from_ref(&other)).unwrap(), 0, "it has a row");
        assert_eq!(photos.remove_left_uploads(later, &[]).unwrap(), 1);
    }
}
