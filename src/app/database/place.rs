//! Where the files of an installation lie, and who may read them.

use std::path::PathBuf;

use crate::config::Config;
use crate::files::{Readers, beside};
use crate::storage::sqlite_path;

/// The name of a stamp ends with this, after the name of the configuration file or of the database.
const STAMP_ENDING: &str = ".stamp";
/// Where the stamp may lie: beside the configuration first, then beside the database.
pub fn stamps(config: &Config) -> Vec<PathBuf> {
    let own = config.file.as_ref().map(|file| beside(file, STAMP_ENDING));
    let beside_database = sqlite_path(&config.database).map(|path| beside(&path, STAMP_ENDING));
    own.into_iter().chain(beside_database).collect()
}

/// An address without its password and settings, which may be shown and kept.
pub fn without_password(url: &str) -> String {
    if let Some(path) = sqlite_path(url) {
        let path = std::path::absolute(&path).unwrap_or(path);
        return format!("sqlite://{}", path.display());
    }
    match url::Url::parse(url) {
        Ok(mut parsed) => {
            // An address that cannot carry a password has none to hide.
            parsed.set_password(None).ok();
            parsed.set_query(None);
            parsed.to_string()
        }
        Err(_) => "postgres".to_owned(),
    }
}

/// Who may read what an installation writes.
pub fn readers(config: &Config) -> Readers {
    if config.group_read { Readers::Group } else { Readers::Owner }
}
