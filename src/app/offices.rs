//! Puts the offices of the configuration in force, and finds the office of each channel.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::BuildError;
use crate::config::{ChannelConfig, Config};
use crate::desk::{self, Channels};
use crate::domain::message::ChannelId;
use crate::domain::office::{Office, OfficeId};
use crate::roster::{self, OwnFiles, Roster};
use crate::sheet::nearest;
use crate::storage::{Import, ImportOutcome, NewVersion, Origin, Storage, StoredOffice};
use crate::versions::{self, Standing};

/// Who puts the files of a start in force, as the list of versions names it.
const STARTER: &str = "antrean";

/// Imports the offices of the files, and adds the offices that only the database has.
///
/// # Errors
/// [`BuildError`] names what to mend.
pub(super) async fn put_in_force(
    storage: &Storage,
    mut roster: Roster,
    now: DateTime<Utc>,
) -> Result<Roster, BuildError> {
    let mut in_force = storage.offices().await?;
    let mut has_imported = false;
    for office in roster.offices.values() {
        let stored = in_force.iter().find(|stored| stored.id == office.id);
        has_imported |= put_file_in_force(storage, &roster, office, stored, now).await?;
    }
    if has_imported {
        in_force = storage.offices().await?;
    }
    let replaced = storage.replaced_since(desk::earlier_since(now)).await?;
    for stored in in_force {
        let is_known = roster.offices.get(&stored.id).is_some_and(|office| office.version >= stored.version);
        let has_own = !stored.files.formats.is_empty() || !stored.files.calendars.is_empty();
        let was_replaced = replaced.iter().any(|version| version.version.head.office == stored.id);
        if !is_known || has_own || was_replaced {
            desk::put_stored(&mut roster, &stored, &replaced)?;
        }
        let other = |office: &Office| office.exceptions != stored.exceptions;
        if let Some(office) = roster.offices.get(&stored.id).filter(|office| other(office)) {
            let office = Office { exceptions: stored.exceptions, ..Office::clone(office) };
            roster.offices.insert(stored.id, Arc::new(office));
        }
    }
    Ok(roster)
}

/// Puts one office of the files in force, where it is newer than what is. Whether it was.
async fn put_file_in_force(
    storage: &Storage,
    roster: &Roster,
    office: &Arc<Office>,
    stored: Option<&StoredOffice>,
    now: DateTime<Utc>,
) -> Result<bool, BuildError> {
    let id = office.id.as_str();
    let file = roster::print(office);
    let mut files = roster.files_of(office).unwrap_or_default();
    let standing = versions::standing(storage, (office, &files), stored, true).await?;
    versions::carry(&mut files, office, stored);
    match standing {
        // Most starts find everything as it was: one query instead of a transaction for each office.
        Standing::Unchanged { lacks_files: false } => return Ok(false),
        Standing::Unchanged { lacks_files: true } => return Ok(storage.complete_version(office, &files).await?),
        Standing::SameVersion => return Err(BuildError::SameVersion(id.to_owned(), office.version)),
        Standing::Parted(head) => return Err(BuildError::Parted(id.to_owned(), head.version)),
        Standing::Older { in_force } => {
            tracing::warn!(
                office = id,
                version = office.version,
                in_force,
                "the database has a newer version of the office"
            );
            return Ok(false);
        }
        Standing::New | Standing::Newer => {}
    }
    let calendar = OwnFiles::read(&files)?.over(&roster.calendar);
    let came_from = stored.map(|stored| stored.version);
    let version = NewVersion { actor: STARTER, why: "", origin: Origin::File, came_from, files: Some(&files) };
    let import = Import { office, file: &file, calendar: &calendar, now, remedies: None, version };
    match storage.import(import).await? {
        ImportOutcome::Unchanged | ImportOutcome::Undecided(_) => {}
        ImportOutcome::Imported { before, kept } => {
            if let Some(before) = before {
                tracing::info!(office = id, before, version = office.version, "a newer office file is in force");
            }
            for (date, taken, capacity) in kept {
                tracing::warn!(
                    office = id,
                    %date,
                    taken,
                    capacity,
                    "more is booked than the new file offers: nobody is told before `antrean office import` decides about them"
                );
            }
        }
        ImportOutcome::SameVersion => return Err(BuildError::SameVersion(id.to_owned(), office.version)),
        ImportOutcome::Older { in_force } => {
            tracing::warn!(
                office = id,
                version = office.version,
                in_force,
                "the database has a newer version of the office"
            );
        }
    }
    Ok(true)
}

/// Warns of years without a calendar: citizens are told that their days are not given yet, and the operator should know first.
pub(super) fn warn_of_missing_calendars(roster: &Roster, now: DateTime<Utc>) {
    for (year, offices) in roster.unknown_years(now) {
        tracing::warn!(
            year,
            offices = offices.len(),
            "no holidays are loaded for a year that people can ask for: its days are not given; add a calendar file"
        );
    }
}

/// The office of each configured channel.
///
/// # Errors
/// [`BuildError::Config`] where a channel names an office that no file describes.
pub(super) fn channels(config: &Config, roster: &Roster) -> Result<Channels, BuildError> {
    let mut channels = Channels::new();
    for channel in &config.channels {
        if !roster.offices.contains_key(&channel.office) {
            let known = || roster.offices.keys().map(OfficeId::as_str);
            let remedy = match nearest(channel.office.as_str(), known()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add its file, or name one of these: {}", known().collect::<Vec<_>>().join(", ")),
            };
            let ChannelConfig { place, office, .. } = channel;
            return Err(BuildError::Config(format!("{place}: no office file describes `{office}`: {remedy}")));
        }
        channels.insert(ChannelId::new(&channel.gateway, &channel.key), channel.office.clone());
    }
    Ok(channels)
}
