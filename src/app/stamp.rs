//! Which database belongs to an installation, so that a start without it is refused: a volume that is not mounted at boot
//! must not end in a new, empty database that takes bookings.
//!
//! The *stamp* is a small file beside the configuration, written when the database is made: the database's number and
//! place. Where that folder is read-only, or there is no configuration file, it lies beside the database, where it tells of
//! a removed file, though not of a volume that is not there. A demo has none.

use std::io;
use std::path::{Path, PathBuf};

use super::BuildError;
use crate::config::{Config, Creation};
use crate::files::{Readers, beside, folder_of};
use crate::storage::{ASIDE, Storage, beside_sqlite, left_by_sqlite, logs_put_aside, no_database_at, sqlite_path};

/// What the stamp is called: the configuration file's name, or the database's, with this after it.
const ENDING: &str = ".stamp";
/// What is written above a stamp's lines.
const HEAD: &str = "# Written by antrean: the database that belongs to this installation. Without it `antrean serve` does not start.\n\
                    # Do not copy this file to another installation; remove it only where another database is to take its place.\n";
/// How many names are tried for what is put aside.
const ASIDE_MAX: u32 = 1_000;

/// What a stamp says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    id: String,
    database: String,
}

impl Stamp {
    fn print(&self) -> String {
        let mut lines = toml::Table::new();
        lines.insert("id".to_owned(), toml::Value::String(self.id.clone()));
        lines.insert("database".to_owned(), toml::Value::String(self.database.clone()));
        format!("{HEAD}{lines}")
    }

    /// The first of these files that exists.
    fn find(paths: &[PathBuf]) -> Result<Option<(PathBuf, Self)>, BuildError> {
        for path in paths {
            let text = match std::fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                    continue;
                }
                Err(error) => return Err(BuildError::File(path.clone(), error)),
            };
            let lines: toml::Table = text.parse().unwrap_or_default();
            let line = |key: &str| lines.get(key).and_then(toml::Value::as_str).map(str::to_owned);
            let (Some(id), Some(database)) = (line("id"), line("database")) else {
                let what =
                    io::Error::new(io::ErrorKind::InvalidData, "is no stamp; remove it if the database is right");
                return Err(BuildError::File(path.clone(), what));
            };
            return Ok(Some((path.clone(), Self { id, database })));
        }
        Ok(None)
    }
}

/// Where the stamp may be: beside the configuration first.
pub(super) fn places(config: &Config) -> Vec<PathBuf> {
    let own = config.file.as_ref().map(|file| beside(file, ENDING));
    let beside_database = sqlite_path(&config.database).map(|path| beside(&path, ENDING));
    own.into_iter().chain(beside_database).collect()
}

/// An address without its password and settings: what may be shown and kept.
pub fn plain(url: &str) -> String {
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

/// Before anything is done for a start: refuses one whose database is missing where something tells of an earlier one.
/// Changes nothing on the disk, since the start may yet fail.
///
/// # Errors
/// [`BuildError::NoDatabase`] with the remedies.
pub fn admit(config: &Config) -> Result<(), BuildError> {
    let Some(path) = no_database_at(&config.database)? else { return Ok(()) };
    let trace = if config.creation == Creation::First { trace(config, &path)? } else { None };
    let Some(trace) = trace else { return folder_of_new(config, &path) };
    // Another process may be making it at this moment.
    match no_database_at(&config.database)? {
        Some(path) => Err(BuildError::NoDatabase(missing(&path, &trace))),
        None => Ok(()),
    }
}

/// A database that is made for the first time lies in a folder that exists: a slip in its path makes none.
fn folder_of_new(config: &Config, path: &Path) -> Result<(), BuildError> {
    let folder = folder_of(path);
    if config.creation != Creation::First || folder.is_dir() {
        return Ok(());
    }
    Err(BuildError::NoDatabase(format!(
        "there is no folder {} for the database {}: mend `database` in the configuration, or make the folder (mkdir -p {0})",
        folder.display(),
        path.display()
    )))
}

/// When the start is sure of its port and its lock: puts aside what an earlier database left, and creates the SQLite file where
/// it is missing.
///
/// # Errors
/// [`BuildError::File`] for the file that could not be made or moved.
pub fn make(config: &Config) -> Result<(), BuildError> {
    let Some(path) = no_database_at(&config.database)? else { return Ok(()) };
    if config.creation != Creation::First {
        put_aside(&path)?;
    }
    let failed = |error| BuildError::File(path.clone(), error);
    readers(config).create_file(&path).map(drop).map_err(failed)
}

/// What tells of an earlier database, as a sentence; a log with something in it counts, since a stop empties it.
fn trace(config: &Config, path: &Path) -> Result<Option<String>, BuildError> {
    if let Some((stamp, Stamp { database, .. })) = Stamp::find(&places(config))? {
        return Ok(Some(format!("{} tells of one at {database}", stamp.display())));
    }
    if let Some(left) = left_by_sqlite(path) {
        return Ok(Some(format!("{} was left by one", left.display())));
    }
    Ok(config.require_database.then(|| "the configuration says `require_database = true`".to_owned()))
}

/// Says what to do about the log of an earlier database that was put aside here, for each of them.
pub fn told_of_logs(database: &str) -> Vec<String> {
    let Some(path) = sqlite_path(database) else { return Vec::new() };
    let tell = |log: PathBuf| {
        format!(
            "{0} is the log of an earlier database and was put aside; what was acknowledged last there may be in it only. If that \
             database was put back as {1}, it lacks this: stop, put its file back as it was before this start, with this log \
             beside it as {1}-wal, and start again. Else keep the log elsewhere, or remove it",
            log.display(),
            path.display()
        )
    };
    logs_put_aside(&path).into_iter().map(tell).collect()
}

fn missing(path: &Path, trace: &str) -> String {
    format!(
        "there is no database at {}, but {trace}: mount the volume that it is on; or put it there, with its log (-wal) if \
         there is one, where it was moved; or restore the backup; or, to begin anew without any booking, start once with \
         `antrean serve --create`",
        path.display()
    )
}

/// The log of a database that is gone may be all that is left of it: it is not SQLite's to clear away.
fn put_aside(database: &Path) -> Result<(), BuildError> {
    for left in beside_sqlite(database) {
        if !left.exists() {
            continue;
        }
        let free = (1..=ASIDE_MAX).map(|n| beside(&left, &format!("{ASIDE}{n}"))).find(|name| !name.exists());
        let Some(to) = free else {
            let full = io::Error::new(io::ErrorKind::AlreadyExists, "too many have been put aside; move them away");
            return Err(BuildError::File(left, full));
        };
        std::fs::rename(&left, &to).map_err(|error| BuildError::File(left.clone(), error))?;
        tracing::warn!(from = %left.display(), to = %to.display(), "what an earlier database left was put aside");
    }
    Ok(())
}

/// After a database was opened: compares it with the stamp, and writes the stamp where there is none.
///
/// # Errors
/// [`BuildError::NoDatabase`] with the remedies where it is not the one that the stamp tells of.
pub async fn settle(config: &Config, storage: &Storage) -> Result<(), BuildError> {
    if config.creation == Creation::Freely {
        return Ok(());
    }
    let stamp = Stamp { id: storage.installation().await?, database: plain(&config.database) };
    let is_unused = storage.is_unused().await?;
    let is_file = sqlite_path(&config.database).is_some();
    if config.creation == Creation::Anew && !is_unused {
        return Err(BuildError::NoDatabase(format!(
            "there is a database at {} already, and it is in use: start without `--create`",
            stamp.database
        )));
    }
    let known = Stamp::find(&places(config))?;
    if config.creation == Creation::First {
        let is_other = known.as_ref().filter(|(_, known)| known.id != stamp.id);
        if let Some((path, known)) = is_other
            && storage.is_newly_numbered()
            && !is_unused
        {
            // The number in the stamp was drawn after this backup was made.
            tracing::warn!(
                stamp = %path.display(), database = stamp.database, before = known.database,
                "this database had no number, as a backup of an earlier version: it is taken for this installation's"
            );
        } else if let Some((path, known)) = is_other {
            return Err(BuildError::NoDatabase(another(path, known, &stamp, is_unused)));
        }
        // A file was looked for before it was opened.
        if config.require_database && is_unused && !is_file {
            return Err(BuildError::NoDatabase(format!(
                "the database {} is empty, but the configuration says `require_database = true`: name the right one, or \
                 restore the backup; or, to begin anew, start once with `antrean serve --create`",
                stamp.database
            )));
        }
    }
    // Also where only the second place could be written: the folder may be writable now, else every start says so.
    let first = places(config).into_iter().next();
    if known.is_none_or(|(path, known)| known != stamp || Some(path) != first) {
        keep(config, &stamp);
    }
    Ok(())
}

fn another(path: &Path, known: &Stamp, now: &Stamp, is_unused: bool) -> String {
    let what = if is_unused { "an empty database" } else { "the database of another installation" };
    let begin = if is_unused {
        "; or, to begin anew without any booking, start once with `antrean serve --create`"
    } else {
        ""
    };
    format!(
        "{} is {what}, but {} tells of another one, which was at {}: mount its volume, name it in the configuration, or \
         restore its backup (a backup has the same number){begin}. If this database is to serve from now on, remove {}",
        now.database,
        path.display(),
        known.database,
        path.display()
    )
}

/// Writes the stamp beside the configuration, else beside the database.
fn keep(config: &Config, stamp: &Stamp) {
    let mut failed = None;
    for place in places(config) {
        // Nodes that share a configuration may start at the same time.
        let part = beside(&place, &format!(".{}.part", std::process::id()));
        match readers(config).write_through(&part, &place, stamp.print().as_bytes()) {
            Ok(()) => {
                tracing::info!(stamp = %place.display(), database = stamp.database, "the database was noted");
                break;
            }
            Err(error) => failed = failed.or(Some((place, error))),
        }
    }
    // On a server a volume that is not mounted is no danger: no node makes a database there.
    let needs_one = sqlite_path(&config.database).is_some() && !config.require_database;
    if let Some((place, error)) = failed.filter(|_| needs_one) {
        tracing::warn!(
            stamp = %place.display(), %error,
            "the database cannot be noted beside the configuration: with `require_database = true` there, a start that does \
             not find it is refused all the same"
        );
    }
}
