//! How an office file stands to what is in force: the higher version rules, the same version has the same content, and what was changed
//! in two places is refused.

use std::cmp::Ordering;

use crate::domain::office::Office;
use crate::domain::office_files::OfficeFiles;
use crate::roster::{self, OwnFiles, based_on, format_id};
use crate::storage::{Origin, Storage, StorageError, StoredOffice, VersionHead};

/// How an office file stands to what is in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing is in force for this office.
    New,
    /// It continues what is in force.
    Newer,
    /// It is in force. Whether the database still lacks its files, because an earlier version of this program put it in force.
    Unchanged {
        /// See above.
        lacks_files: bool,
    },
    /// What is in force has the same version and other content.
    SameVersion,
    /// A newer version is in force, and the file has not changed since.
    Older {
        /// The version in force.
        in_force: u32,
    },
    /// The file and the database both changed since they parted. The latest version that the file does not know.
    Parted(Box<VersionHead>),
}

/// How an office file, with what it comes with, stands to what is in force: what it comes without stays as it was in the version that it
/// is compared with. At a start, a calendar of a year that the office did not have is no change: every node reads its own folders.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub async fn standing(
    storage: &Storage,
    (office, files): (&Office, &OfficeFiles),
    stored: Option<&StoredOffice>,
    is_start: bool,
) -> Result<Standing, StorageError> {
    let Some(stored) = stored else { return Ok(Standing::New) };
    let same = |file: &str, theirs: &OfficeFiles, has_files: bool| {
        let mut own = files.clone();
        carry_from(&mut own, office, theirs);
        roster::print(office) == file && (!has_files || has_same_own(&own, theirs, is_start))
    };
    match office.version.cmp(&stored.version) {
        Ordering::Equal if same(&stored.file, &stored.files, stored.has_files) => {
            Ok(Standing::Unchanged { lacks_files: !stored.has_files })
        }
        Ordering::Equal => Ok(Standing::SameVersion),
        Ordering::Greater => {
            let known = based_on(&files.office.text);
            Ok(made_here(storage, stored, known).await?.map_or(Standing::Newer, Standing::Parted))
        }
        Ordering::Less => {
            let Some(made) = made_here(storage, stored, office.version).await? else {
                return Ok(Standing::Older { in_force: stored.version });
            };
            let then = storage.office_version(&office.id, office.version).await?;
            let has_changed = then.is_some_and(|then| !same(&then.file, &then.files, !then.head.hash.is_empty()));
            Ok(if has_changed { Standing::Parted(made) } else { Standing::Older { in_force: stored.version } })
        }
    }
}

/// Adds the formats and calendars that an office has in force and that its file comes without: they stay with it.
pub fn carry(files: &mut OfficeFiles, office: &Office, stored: Option<&StoredOffice>) {
    if let Some(stored) = stored {
        carry_from(files, office, &stored.files);
    }
}

fn carry_from(files: &mut OfficeFiles, office: &Office, theirs: &OfficeFiles) {
    for format in &theirs.formats {
        let id = format_id(&format.text);
        let is_named = id.as_ref().is_some_and(|id| office.formats.contains(id));
        let is_there = files.formats.iter().any(|own| format_id(&own.text) == id);
        if is_named && !is_there {
            files.formats.push(format.clone());
        }
    }
    for calendar in &theirs.calendars {
        let year = year_of(&calendar.text);
        if !files.calendars.iter().any(|own| year_of(&own.text) == year) {
            files.calendars.push(calendar.clone());
        }
    }
}

/// The year of a calendar file.
fn year_of(text: &str) -> Option<i64> {
    let table: toml::Table = text.parse().ok()?;
    table.get("year")?.as_integer()
}

/// The latest version after `known` that came from no file.
async fn made_here(
    storage: &Storage,
    stored: &StoredOffice,
    known: u32,
) -> Result<Option<Box<VersionHead>>, StorageError> {
    let heads = storage.version_heads(Some(&stored.id)).await?;
    Ok(heads.into_iter().find(|head| head.origin != Origin::File && head.version > known).map(Box::new))
}

/// Whether two sets of files have the same formats and calendars; what cannot be read is compared as text.
fn has_same_own(files: &OfficeFiles, others: &OfficeFiles, is_start: bool) -> bool {
    match (OwnFiles::read(files), OwnFiles::read(others)) {
        (Ok(own), Ok(other)) if is_start => own.agrees(&other),
        (Ok(own), Ok(other)) => own.is_same(&other),
        _ => files.formats == others.formats && files.calendars == others.calendars,
    }
}
