//! The offices that the desk reads messages by, kept up with what has been imported meanwhile.

use std::sync::{Arc, RwLock};

use crate::domain::office::Office;
use crate::roster::{self, Roster};
use crate::storage::{OfficeVersion, Storage, StorageError};

/// The roster in force; every lane sees the same.
#[derive(Debug, Clone)]
pub(super) struct Offices(Arc<RwLock<Arc<Roster>>>);

impl Offices {
    pub(super) fn new(roster: Roster) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(roster))))
    }

    pub(super) fn current(&self) -> Arc<Roster> {
        match self.0.read() {
            Ok(roster) => Arc::clone(&roster),
            Err(poisoned) => Arc::clone(&poisoned.into_inner()),
        }
    }

    /// Whether the database has a newer version of any of these, or of its calendar, than the roster.
    pub(super) fn outdated(roster: &Roster, versions: &[OfficeVersion]) -> bool {
        versions.iter().any(|stored| {
            let is_older =
                |office: &Office| office.version < stored.version || office.exceptions.revision < stored.calendar;
            roster.offices.get(&stored.office).is_some_and(|office| is_older(office))
        })
    }

    /// Reads the offices that were imported since.
    pub(super) async fn refresh(&self, storage: &Storage) -> Result<(), StorageError> {
        let stored = storage.offices().await?;
        let mut roster = Roster::clone(&self.current());
        for row in stored {
            let known = roster.offices.get(&row.id).filter(|office| office.version >= row.version);
            if known.is_some_and(|office| office.exceptions.revision >= row.exceptions.revision) {
                continue;
            }
            if let Some(known) = known {
                tracing::info!(
                    office = row.id.as_str(),
                    revision = row.exceptions.revision,
                    "the calendar has changed"
                );
                let office = Office { exceptions: row.exceptions, ..Office::clone(known) };
                roster.offices.insert(row.id, Arc::new(office));
                continue;
            }
            match roster::read(&row.file) {
                Ok(office) => {
                    tracing::info!(office = row.id.as_str(), version = row.version, "a newer office file is in force");
                    let office = Office { exceptions: row.exceptions, ..office };
                    roster.offices.insert(row.id, Arc::new(office));
                }
                Err(problems) => {
                    tracing::error!(office = row.id.as_str(), %problems, "an imported office cannot be read");
                    return Err(StorageError::Unavailable(format!("the imported office {} cannot be read", row.id)));
                }
            }
        }
        match self.0.write() {
            Ok(mut current) => *current = Arc::new(roster),
            Err(poisoned) => *poisoned.into_inner() = Arc::new(roster),
        }
        Ok(())
    }
}
