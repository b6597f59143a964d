//! Citizens' photos and their keys, as a start and commands find them.

use std::path::{Component, Path, PathBuf};

use super::database::{permissions, place};
use super::error::BuildError;
use crate::config::{Config, Creation};
use crate::domain::photo_key::PhotoKeyId;
use crate::photos::{KeyList, PhotoError, Photos};
use crate::storage::{PhotoCounts, Storage};

/// Photos of an installation.
pub fn photos(config: &Config) -> Photos {
    Photos::new(config.media.clone(), config.media_keys.clone()).readable_by(place::readers(config))
}

/// What is wrong with the keys, a sentence each, with the remedy.
pub fn key_troubles(folder: &Path, keys: &Result<KeyList, PhotoError>, counts: &PhotoCounts) -> Vec<String> {
    let shown = folder.display();
    let list = match keys {
        Ok(list) => list,
        Err(error) => return vec![format!("the folder of keys {shown} cannot be read: {error}")],
    };
    let held = list.ids();
    let missing = |key: Option<PhotoKeyId>| key.filter(|key| !held.contains(key));
    let missing = counts.by_key.iter().filter_map(|of| Some((missing(of.key)?, of.photos)));
    let missing = missing.map(|(key, photos)| {
        let photos = if photos == 1 { "1 photo needs".to_owned() } else { format!("{photos} photos need") };
        format!(
            "{photos} the key {key}, which is not in {shown}: put the file that ends in -{key}.key back there, beside the others; \
             until then they cannot be seen, and nothing else suffers"
        )
    });
    let damaged = list.damaged.iter().map(|key| format!("{shown}/{} is not used as a key: {}", key.file, key.why));
    missing.chain(damaged).collect()
}

/// The photos for a start: the log says which keys are missing, and the first key is made. Whatever is wrong with keys, citizens are
/// served: photos that cannot be encrypted wait where they are.
///
/// # Errors
/// [`BuildError`] where the configuration puts the keys beside the photos, or storage failed.
pub(super) async fn open(config: &Config, storage: &Storage) -> Result<Photos, BuildError> {
    let (media, key_folder) = (clean(&config.media), clean(&config.media_keys));
    if key_folder.starts_with(&media) {
        return Err(BuildError::Config(format!(
            "`media_keys` names {}, which is within the folder for photos {}: whoever copies one would have the other; name another \
             folder",
            key_folder.display(),
            media.display()
        )));
    }
    permissions::repair_keys(config);
    let photos = photos(config);
    let keys = photos.read_keys();
    let troubles = key_troubles(photos.key_folder(), &keys, &storage.photo_counts().await?);
    for trouble in &troubles {
        tracing::error!("{trouble}");
    }
    if keys.is_ok_and(|keys| keys.ids().is_empty()) {
        match photos.newest_key() {
            // A demo is thrown away with its key.
            Ok(_) if config.creation == Creation::Freely => {}
            Ok(key) => tracing::warn!(
                folder = %photos.key_folder().display(),
                %key,
                "a first key for citizens' photos was made: keep a copy of this folder, apart from the copies of the photos"
            ),
            Err(error) => tracing::error!(
                folder = %photos.key_folder().display(),
                %error,
                "no key for citizens' photos can be made: photos are not fetched until it can"
            ),
        }
    }
    Ok(photos)
}

/// A path without `.` and `..`, whether or not it is there; the real one where it is.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => {
                clean.pop();
            }
            Component::CurDir => {}
            part => clean.push(part),
        }
    }
    std::fs::canonicalize(&clean).unwrap_or(clean)
}
