//! The offices that the desk reads messages by, kept up with what has been imported meanwhile.

use std::sync::{Arc, RwLock};

use crate::domain::office::OfficeId;
use crate::roster::{self, Roster};
use crate::storage::{Storage, StorageError};

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

    /// Whether the database has a newer version of any of these than the roster.
    pub(super) fn outdated(roster: &Roster, versions: &[(OfficeId, u32)]) -> bool {
        versions.iter().any(|(id, version)| roster.offices.get(id).is_some_and(|office| office.version < *version))
    }

    /// Reads the offices that were imported since.
    pub(super) async fn refresh(&self, storage: &Storage) -> Result<(), StorageError> {
        let stored = storage.offices().await?;
        let mut roster = Roster::clone(&self.current());
        for row in stored {
            if roster.offices.get(&row.id).is_some_and(|office| office.version >= row.version) {
                continue;
            }
            match roster::read(&row.file) {
                Ok(office) => {
                    tracing::info!(office = row.id.as_str(), version = row.version, "a newer office file is in force");
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
