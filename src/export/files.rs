//! The files that somebody asked for: each is written by a task of its own, and removed after a day.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use rand::TryRng;
use rand::rngs::SysRng;
use tokio::sync::Semaphore;

use super::job::{self, Ask, ExportError};
use crate::clock::SharedClock;
use crate::domain::export::Stage;
use crate::files::Readers;
use crate::storage::{Export, NewExport, Storage, StorageError};

/// Hours for which a file is there.
pub const KEPT_HOURS: i64 = 24;
/// Files that are written at once; more wait their turn, and intake keeps its share of the machine.
const AT_ONCE: usize = 1;
/// Bytes of the part of a file's name that nobody can guess.
const TOKEN_BYTES: usize = 16;
/// Minutes without progress after which whoever wrote a file is gone. A file that waits its turn says every minute that it is there.
const SILENT_MINUTES: i64 = 5;
/// Seconds between two notes of progress.
const NOTED_SECONDS: i64 = 1;
/// How often it is looked for files whose time is over.
const TIDIED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Writes files into a folder, and removes them. Cheap to clone.
#[derive(Clone)]
pub struct Exports {
    storage: Storage,
    folder: PathBuf,
    /// Wall time.
    wall: SharedClock,
    turn: Arc<Semaphore>,
    tidied_us: Arc<AtomicI64>,
}

/// Removes what was begun, where it did not come to a file.
struct Begun<'a>(Option<&'a Path>);

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        if let Some(path) = self.0 {
            std::fs::remove_file(path).ok();
        }
    }
}

impl Exports {
    /// Keeps files in `folder`, which is created with the first of them.
    pub fn new(storage: Storage, folder: PathBuf, wall: SharedClock) -> Self {
        let turn = Arc::new(Semaphore::new(AT_ONCE));
        Self { storage, folder, wall, turn, tidied_us: Arc::new(AtomicI64::new(0)) }
    }

    /// Where a file is.
    pub fn path(&self, export: &Export) -> PathBuf {
        self.folder.join(format!("{}-{}.{}", export.id, export.token, export.format.name()))
    }

    /// Begins to write a file for somebody; gives its number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin(&self, ask: Ask, login: &str) -> Result<i64, StorageError> {
        let mut bytes = [0; TOKEN_BYTES];
        SysRng
            .try_fill_bytes(&mut bytes)
            .map_err(|error| StorageError::Unavailable(format!("the system gives no random numbers: {error}")))?;
        let (token, now) = (hex::encode(bytes), self.wall.now());
        let until = now + TimeDelta::hours(KEPT_HOURS);
        let Ask { office, what, format, span, with_people, .. } = &ask;
        let new = NewExport {
            office,
            what: *what,
            format: *format,
            span: *span,
            with_people: *with_people,
            login,
            token: &token,
            until,
        };
        let id = self.storage.begin_export(new, now).await?;
        let name = format!("{id}-{token}.{}", format.name());
        let exports = self.clone();
        tokio::spawn(async move { exports.run(id, &name, &ask).await });
        Ok(id)
    }

    /// Writes a file, and notes how it went.
    async fn run(&self, id: i64, name: &str, ask: &Ask) {
        let (stage, written) = match self.written(id, name, ask).await {
            Ok(written) => (Stage::Done, written),
            Err(error) => {
                tracing::error!(office = ask.office.as_str(), export = id, %error, "a file could not be written");
                (Stage::Failed, 0)
            }
        };
        if let Err(error) = self.storage.note_export(id, (stage, written), self.wall.now()).await {
            tracing::error!(export = id, %error, "what became of a file could not be noted");
        }
    }

    async fn written(&self, id: i64, name: &str, ask: &Ask) -> Result<u64, ExportError> {
        let _turn = loop {
            let minute = std::time::Duration::from_mins(1);
            match tokio::time::timeout(minute, Arc::clone(&self.turn).acquire_owned()).await {
                Ok(turn) => break turn.map_err(|_| ExportError::Cut)?,
                Err(_) => self.storage.note_export(id, (Stage::Running, 0), self.wall.now()).await?,
            }
        };
        let path = self.folder.join(name);
        // Nobody but the account reads it, whoever may read photos.
        Readers::Owner.create_folder(&self.folder)?;
        Readers::Owner.create_file(&path)?;
        let mut begun = Begun(Some(&path));
        let file = std::fs::OpenOptions::new().write(true).open(&path)?;
        let noted = AtomicI64::new(0);
        let progress = |lines: u64| {
            let now = self.wall.now();
            let is_due = now.timestamp() - noted.load(Ordering::Relaxed) >= NOTED_SECONDS;
            if is_due {
                noted.store(now.timestamp(), Ordering::Relaxed);
            }
            async move {
                if is_due && let Err(error) = self.storage.note_export(id, (Stage::Running, lines), now).await {
                    tracing::warn!(export = id, %error, "the progress of a file could not be noted");
                }
            }
        };
        let written = job::write(&self.storage, ask, (file, &self.folder), progress).await?;
        begun.0 = None;
        Ok(written)
    }

    /// Removes files whose time is over, where the last look is a minute ago; and whatever else is in the folder and older than any
    /// file may be.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn tidy(&self) -> Result<(), StorageError> {
        let now = self.wall.now();
        let last = DateTime::from_timestamp_micros(self.tidied_us.load(Ordering::Relaxed)).unwrap_or_default();
        if (now - last).abs() < TIDIED_EVERY {
            return Ok(());
        }
        self.tidied_us.store(now.timestamp_micros(), Ordering::Relaxed);
        for export in self.storage.exports_over(now, now - TimeDelta::minutes(SILENT_MINUTES)).await? {
            self.remove(&export, now).await?;
        }
        let (folder, oldest) = (self.folder.clone(), now - TimeDelta::hours(KEPT_HOURS + 1));
        tokio::task::spawn_blocking(move || remove_older(&folder, oldest)).await.ok();
        Ok(())
    }

    async fn remove(&self, export: &Export, now: DateTime<Utc>) -> Result<(), StorageError> {
        match std::fs::remove_file(self.path(export)) {
            Ok(()) => {}
            // It was never written, or is another node's: that one removes it by its age.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => {
                tracing::error!(export = export.id, %error, "a file whose time is over could not be removed");
                return Ok(());
            }
        }
        let stage = if export.until <= now { Stage::Removed } else { Stage::Failed };
        self.storage.note_export(export.id, (stage, export.written), now).await
    }

    /// Removes a file before its time.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn give_up(&self, export: &Export) -> Result<(), StorageError> {
        let now = self.wall.now();
        self.remove(&Export { until: now, ..export.clone() }, now).await
    }
}

/// Removes what is older than every file may be: of a database that was restored, or of a node that is gone.
fn remove_older(folder: &Path, oldest: DateTime<Utc>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let changed = entry.metadata().ok().filter(std::fs::Metadata::is_file).and_then(|data| data.modified().ok());
        if changed.is_some_and(|changed| DateTime::<Utc>::from(changed) < oldest) {
            std::fs::remove_file(entry.path()).ok();
        }
    }
}
