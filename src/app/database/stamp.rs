//! Which database belongs to an installation, so that a start without it is refused: a volume that is not mounted at boot
//! must not end in a new, empty database that takes bookings.
//!
//! The *stamp* is a small file beside the configuration, written when the database is made: the database's number and
//! place. Where that folder is read-only, or there is no configuration file, it lies beside the database: there it gives away a
//! removed file, but not a volume that is not mounted. A demo has none.

use std::io;
use std::path::{Path, PathBuf};

use super::super::error::BuildError;
use super::place::{readers, stamps, without_password};
use crate::config::{Config, Creation};
use crate::files::{beside, folder_of};
use crate::storage::{ASIDE, Storage, beside_sqlite, left_by_sqlite, logs_put_aside, no_database_at, sqlite_path};

/// What is written above a stamp's lines.
const HEAD: &str = "# Written by antrean: the database that belongs to this installation. Without it `antrean serve` does not start.\n\
                    # Do not copy this file to another installation; remove it only where another database is to take its place.\n";
/// How many names are tried when a file is put aside.
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

/// Refuses a start whose database is missing although there is evidence of an earlier one. Changes nothing on the disk,
/// since the start may yet fail.
///
/// # Errors
/// [`BuildError::NoDatabase`] with the remedies.
pub fn refuse_missing_database(config: &Config) -> Result<(), BuildError> {
    let Some(path) = no_database_at(&config.database)? else { return Ok(()) };
    let evidence = if config.creation == Creation::First { evidence(config, &path)? } else { None };
    let Some(evidence) = evidence else { return check_new_folder(config, &path) };
    // Another process may be making it at this moment.
    match no_database_at(&config.database)? {
        Some(path) => Err(BuildError::NoDatabase(no_database(&path, &evidence))),
        None => Ok(()),
    }
}

/// Refuses a new database in a folder that does not exist: a mistyped path must not make one.
fn check_new_folder(config: &Config, path: &Path) -> Result<(), BuildError> {
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

/// Puts aside what an earlier database left, and creates the SQLite file where it is missing. Called when the start has its
/// port and its lock.
///
/// # Errors
/// [`BuildError::File`] for the file that could not be made or moved.
pub fn create_database_file(config: &Config) -> Result<(), BuildError> {
    let Some(path) = no_database_at(&config.database)? else { return Ok(()) };
    if config.creation != Creation::First {
        put_aside(&path)?;
    }
    let failed = |error| BuildError::File(path.clone(), error);
    readers(config).create_file(&path).map(drop).map_err(failed)
}

/// The evidence of an earlier database, as a sentence. A log with content counts, since a regular stop empties it.
fn evidence(config: &Config, path: &Path) -> Result<Option<String>, BuildError> {
    if let Some((stamp, Stamp { database, .. })) = Stamp::find(&stamps(config))? {
        return Ok(Some(format!("{} tells of one at {database}", stamp.display())));
    }
    if let Some(left) = left_by_sqlite(path) {
        return Ok(Some(format!("{} was left by one", left.display())));
    }
    Ok(config.require_database.then(|| "the configuration says `require_database = true`".to_owned()))
}

/// A warning for each log of an earlier database that was put aside here, with what to do about it.
pub fn warnings_of_logs_put_aside(database: &str) -> Vec<String> {
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

fn no_database(path: &Path, evidence: &str) -> String {
    format!(
        "there is no database at {}, but {evidence}: mount the volume that it is on; or put it there, with its log (-wal) if \
         there is one, where it was moved; or restore the backup; or, to begin anew without any booking, start once with \
         `antrean serve --create`",
        path.display()
    )
}

/// Renames what an earlier database left: its log may be all that is left of it, and SQLite would delete it.
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

/// Compares an open database with the stamp, and writes the stamp where there is none.
///
/// # Errors
/// [`BuildError::NoDatabase`] with the remedies where it is not the database of the stamp.
pub async fn compare(config: &Config, storage: &Storage) -> Result<(), BuildError> {
    if config.creation == Creation::Freely {
        return Ok(());
    }
    let stamp = Stamp { id: storage.installation().await?, database: without_password(&config.database) };
    let is_unused = storage.is_unused().await?;
    let is_file = sqlite_path(&config.database).is_some();
    if config.creation == Creation::Anew && !is_unused {
        return Err(BuildError::NoDatabase(format!(
            "there is a database at {} already, and it is in use: start without `--create`",
            stamp.database
        )));
    }
    let known = Stamp::find(&stamps(config))?;
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
            return Err(BuildError::NoDatabase(other_database(path, known, &stamp, is_unused)));
        }
        // A SQLite file was checked before it was opened.
        if config.require_database && is_unused && !is_file {
            return Err(BuildError::NoDatabase(format!(
                "the database {} is empty, but the configuration says `require_database = true`: name the right one, or \
                 restore the backup; or, to begin anew, start once with `antrean serve --create`",
                stamp.database
            )));
        }
    }
    // Tried again where only the second location could be written before: the folder may be writable by now. If not, every
    // start reports it.
    let first = stamps(config).into_iter().next();
    if known.is_none_or(|(path, known)| known != stamp || Some(path) != first) {
        write(config, &stamp);
    }
    Ok(())
}

fn other_database(path: &Path, known: &Stamp, now: &Stamp, is_unused: bool) -> String {
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
fn write(config: &Config, stamp: &Stamp) {
    let mut failed = None;
    for place in stamps(config) {
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
