//! At every start: nobody else on the machine can read what citizens wrote, whatever an earlier version, a copy or a
//! restored backup left.

use std::io;
use std::path::{Path, PathBuf};

use super::stamp::{places, readers};
use crate::config::Config;
use crate::files::{Readers, folder_of, real};
use crate::storage::{beside_sqlite, sqlite_path};

/// Gives the database's files the mode that they should have, and warns of folders that let others in.
pub(super) fn mend(config: &Config) {
    let readers = readers(config);
    let mut folders = vec![config.media.clone()];
    if let Some(database) = sqlite_path(&config.database) {
        let database = real(&database);
        folders.push(folder_of(&database).to_owned());
        let mut mended = Mended::default();
        for path in beside_sqlite(&database).into_iter().chain([database]).chain(places(config)) {
            mended.look(readers, &path);
        }
        mended.tell("files of the database");
    }
    for folder in folders {
        if let Some(mode) = readers.wider_folder(&folder) {
            let remedy = format!("chmod {:o} {}", readers.of_folder(), folder.display());
            let mode = format!("{mode:o}");
            tracing::warn!(folder = %folder.display(), mode, remedy, "other accounts can look into this folder");
        }
    }
}

/// The same for the photos: there may be many, so nobody waits for them.
pub(super) fn mend_media(config: &Config) {
    let (readers, folder) = (readers(config), config.media.clone());
    tokio::task::spawn_blocking(move || {
        let mut mended = Mended::default();
        // A folder that is not there has no photos.
        for photo in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if photo.file_type().is_ok_and(|kind| kind.is_file()) {
                mended.look(readers, &photo.path());
            }
        }
        mended.tell("photos");
    });
}

#[derive(Default)]
struct Mended {
    files: usize,
    failed: Option<(PathBuf, io::Error)>,
}

impl Mended {
    fn look(&mut self, readers: Readers, path: &Path) {
        match readers.mend(path) {
            Ok(changed) => self.files += usize::from(changed),
            Err(error) => self.failed = Some((path.to_owned(), error)),
        }
    }

    fn tell(self, what: &str) {
        if self.files > 0 {
            tracing::info!(files = self.files, what, "other accounts could read these, or the group could not: mended");
        }
        if let Some((path, error)) = self.failed {
            tracing::warn!(path = %path.display(), %error, "who may read this file cannot be changed");
        }
    }
}
