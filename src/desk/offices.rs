//! The offices that the desk reads messages by, kept up with what has been published meanwhile.

use std::sync::{Arc, RwLock};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::office::{Office, OfficeId};
use crate::grammar::Format;
use crate::roster::{self, EarlierFormats, OwnFiles, Problems, Roster};
use crate::storage::{Replaced, Storage, StorageError, StoredOffice};

/// How long the formats that a version replaced are remembered, in hours: as long as a question waits for its answer at most.
const EARLIER_FORMATS_HOURS: i64 = 48;

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

    /// Reads the offices that were published since, with their formats and calendars.
    pub(super) async fn refresh(&self, storage: &Storage, now: DateTime<Utc>) -> Result<(), StorageError> {
        let stored = storage.offices().await?;
        let replaced = storage.replaced_since(earlier_since(now)).await?;
        let mut roster = Roster::clone(&self.current());
        for row in stored {
            if roster.offices.get(&row.id).is_some_and(|office| office.version >= row.version) {
                continue;
            }
            match put_stored(&mut roster, &row, &replaced) {
                Ok(()) => {
                    tracing::info!(
                        office = row.id.as_str(),
                        version = row.version,
                        "a newer version of the office is in force"
                    );
                }
                Err(problems) => {
                    tracing::error!(office = row.id.as_str(), %problems, "a published office cannot be read");
                    return Err(StorageError::Unavailable(format!("the published office {} cannot be read", row.id)));
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

/// Since when replaced formats matter.
pub fn earlier_since(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::hours(EARLIER_FORMATS_HOURS)
}

/// Puts an office as it is stored into a roster, with its formats and calendars, and the formats that it had lately.
///
/// # Errors
/// [`Problems`] of its texts, which were checked when they were published.
pub fn put_stored(roster: &mut Roster, stored: &StoredOffice, replaced: &[Replaced]) -> Result<(), Problems> {
    let office = Arc::new(roster::read(&stored.file)?);
    let own = OwnFiles::read(&stored.files)?;
    let mut next = formats(roster, &office, &own);
    let mut earlier = Vec::new();
    let before = |replaced: &&Replaced| {
        replaced.version.head.office == stored.id && replaced.version.head.version < stored.version
    };
    // From the latest to the earliest, so that of versions with the same formats only the last one is kept.
    for Replaced { version, until } in replaced.iter().filter(before).rev() {
        let (Ok(office), Ok(own)) = (roster::read(&version.file), OwnFiles::read(&version.files)) else { continue };
        let formats = formats(roster, &office, &own);
        if are_same(&formats, &next) {
            continue;
        }
        next.clone_from(&formats);
        earlier.push(EarlierFormats { version: version.head.version, until: *until, formats: Arc::new(formats) });
    }
    earlier.reverse();
    roster.put(office, own, earlier);
    Ok(())
}

/// The formats that an office reads by, with those of its own.
fn formats(roster: &Roster, office: &Office, own: &OwnFiles) -> Vec<Arc<Format>> {
    let format = |id| own.format(id).or_else(|| roster.formats.get(id));
    office.formats.iter().filter_map(format).cloned().collect()
}

fn are_same(some: &[Arc<Format>], others: &[Arc<Format>]) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(one, other)| one.is_same(other))
}
