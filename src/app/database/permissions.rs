//! Repairs, at every start, who may read the files of an installation: an earlier version, a copy or a restored backup may have
//! left them open to other accounts of the machine.

use std::io;
use std::path::{Path, PathBuf};

use super::place::{readers, stamps};
use crate::config::Config;
use crate::files::{Readers, folder_of, real};
use crate::storage::{beside_sqlite, sqlite_path};

/// Gives the files of the database the mode that they should have, and warns of folders that other accounts can look into.
pub fn repair(config: &Config) {
    let readers = readers(config);
    let mut folders = vec![config.media.clone()];
    if let Some(database) = sqlite_path(&config.database) {
        let database = real(&database);
        folders.push(folder_of(&database).to_owned());
        let mut repaired = Repaired::default();
        for path in beside_sqlite(&database).into_iter().chain([database]).chain(stamps(config)) {
            repaired.repair(readers, &path);
        }
        repaired.log("files of the database");
    }
    for folder in folders {
        if let Some(mode) = readers.wider_folder(&folder) {
            let remedy = format!("chmod {:o} {}", readers.of_folder(), folder.display());
            let mode = format!("{mode:o}");
            tracing::warn!(folder = %folder.display(), mode, remedy, "other accounts can look into this folder");
        }
    }
}

/// Does the same for the photos, beside the start: there may be many.
pub fn repair_media(config: &Config) {
    let (readers, folder) = (readers(config), config.media.clone());
    tokio::task::spawn_blocking(move || {
        let mut repaired = Repaired::default();
        // A folder that is not there has no photos.
        for photo in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if photo.file_type().is_ok_and(|kind| kind.is_file()) {
                repaired.repair(readers, &photo.path());
            }
        }
        repaired.log("photos");
    });
}

/// Does the same for the keys of photos, which are for the account alone.
pub fn repair_keys(config: &Config) {
    let mut repaired = Repaired::default();
    for key in std::fs::read_dir(&config.media_keys).into_iter().flatten().flatten() {
        if key.file_type().is_ok_and(|kind| kind.is_file()) {
            repaired.repair(Readers::Owner, &key.path());
        }
    }
    repaired.log("keys of photos");
    if let Some(mode) = Readers::Owner.wider_folder(&config.media_keys) {
        let remedy = format!("chmod {:o} {}", Readers::Owner.of_folder(), config.media_keys.display());
        let mode = format!("{mode:o}");
        tracing::warn!(folder = %config.media_keys.display(), mode, remedy, "other accounts can look into this folder");
    }
}

/// What was repaired, and the last failure.
#[derive(Default)]
struct Repaired {
    files: usize,
    failed: Option<(PathBuf, io::Error)>,
}

impl Repaired {
    fn repair(&mut self, readers: Readers, path: &Path) {
        match readers.repair_mode(path) {
            Ok(changed) => self.files += usize::from(changed),
            Err(error) => self.failed = Some((path.to_owned(), error)),
        }
    }

    fn log(self, what: &str) {
        if self.files > 0 {
            tracing::info!(files = self.files, what, "other accounts could read these, or the group could not: mended");
        }
        if let Some((path, error)) = self.failed {
            tracing::warn!(path = %path.display(), %error, "who may read this file cannot be changed");
        }
    }
}
