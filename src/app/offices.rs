//! Puts the offices of the configuration in force, and finds the office of each channel.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::BuildError;
use crate::config::{ChannelConfig, Config};
use crate::desk::Channels;
use crate::domain::message::ChannelId;
use crate::domain::office::{Office, OfficeId};
use crate::roster::{self, Roster};
use crate::sheet::nearest;
use crate::storage::{ImportOutcome, Storage};

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
        let (id, file) = (office.id.as_str(), roster::print(office));
        // Most starts find everything as it was: one query instead of a transaction for each office.
        if in_force.iter().any(|old| old.id == office.id && old.version == office.version && old.file == file) {
            continue;
        }
        has_imported = true;
        match storage.import_office(office, &file, &roster.calendar, now).await? {
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
                tracing::warn!(office = id, version = office.version, in_force, "the database has a newer office file");
            }
        }
    }
    if has_imported {
        in_force = storage.offices().await?;
    }
    for stored in in_force {
        let known = roster.offices.get(&stored.id).filter(|office| office.version >= stored.version);
        let office = known.map_or_else(|| roster::read(&stored.file), |office| Ok(Office::clone(office)))?;
        roster.offices.insert(stored.id, Arc::new(Office { exceptions: stored.exceptions, ..office }));
    }
    Ok(roster)
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
