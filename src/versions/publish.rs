//! Publishes a version, or brings an earlier one back.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::difference::{Change, difference};
use super::numbered::numbered;
use crate::domain::office::{Office, OfficeId};
use crate::domain::office_files::OfficeFiles;
use crate::roster::{self, FileProblem, OwnFiles, Roster, check_files};
use crate::storage::{
    DisplacedBooking, Import, ImportOutcome, NewVersion, Origin, Storage, StorageError, StoredOffice, StoredVersion,
    VersionHead,
};

/// Longest reason for a version, in characters: one line of the list of versions.
pub const WHY_CHARS_MAX: usize = 200;

/// The versions of the offices of a database.
#[derive(Debug, Clone)]
pub struct Versions {
    storage: Storage,
    /// What every office has: formats and calendars.
    roster: Arc<Roster>,
    now: DateTime<Utc>,
}

/// A change that is to be published.
#[derive(Debug, Clone)]
pub struct Edit<'a> {
    /// The office.
    pub office: &'a OfficeId,
    /// The version that was changed: where another one is in force by now, nothing is published.
    pub parent: u32,
    /// Its files; `version` and `based_on` of the office file are set here.
    pub files: OfficeFiles,
    /// Why.
    pub why: &'a str,
    /// Who changes it.
    pub actor: &'a str,
}

/// A version that was published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its number.
    pub version: u32,
    /// What it changes.
    pub changes: Vec<Change>,
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The office or the version is unknown.
    #[error("there is no such version")]
    Unknown,
    /// No reason was given, or one that is too long.
    #[error("say why, in {WHY_CHARS_MAX} characters at most")]
    Why,
    /// Somebody else published meanwhile.
    #[error("version {} was published meanwhile", .0.version)]
    Conflict(Box<VersionHead>),
    /// Its files cannot be used.
    #[error("{} problems", .0.len())]
    Problems(Vec<FileProblem>),
    /// It says what is in force already.
    #[error("nothing was changed")]
    Nothing,
    /// People are booked on days that it closes or makes smaller.
    #[error("{} bookings are on days that it closes or makes smaller", .0.len())]
    Displaces(Vec<DisplacedBooking>),
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A change after it was checked.
struct Checked {
    office: Arc<Office>,
    files: OfficeFiles,
    file: String,
    own: OwnFiles,
}

impl Versions {
    /// The versions in a database; `roster` has the formats and calendars that every office shares.
    pub fn new(storage: Storage, roster: Arc<Roster>, now: DateTime<Utc>) -> Self {
        Self { storage, roster, now }
    }

    /// What is in force for an office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn current(&self, office: &OfficeId) -> Result<Option<StoredOffice>, StorageError> {
        Ok(self.storage.offices().await?.into_iter().find(|stored| stored.id == *office))
    }

    /// The versions of an office, the latest first, without their content.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn list(&self, office: &OfficeId) -> Result<Vec<VersionHead>, StorageError> {
        self.storage.version_heads(Some(office)).await
    }

    /// One version with its content.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn version(&self, office: &OfficeId, version: u32) -> Result<Option<StoredVersion>, StorageError> {
        self.storage.office_version(office, version).await
    }

    /// What a change would change, checked exactly as `antrean check` does; nothing is published.
    ///
    /// # Errors
    /// [`PublishError`] says why it could not be published.
    pub async fn preview(&self, office: &OfficeId, files: &OfficeFiles) -> Result<Vec<Change>, PublishError> {
        let current = self.current(office).await?.ok_or(PublishError::Unknown)?;
        let checked = self.checked(&current, files.clone())?;
        self.refuse_displacing(&checked, &current).await?;
        Ok(difference((&current.file, &current.files), (&checked.file, &checked.files)))
    }

    /// Publishes a change.
    ///
    /// # Errors
    /// [`PublishError`] says why nothing was published.
    pub async fn publish(&self, edit: Edit<'_>) -> Result<Published, PublishError> {
        let came_from = edit.parent;
        self.put(edit, (Origin::Page, came_from)).await
    }

    /// Brings the content of an earlier version back, as a new version; `parent` is the version in force.
    ///
    /// # Errors
    /// [`PublishError`] says why nothing was published.
    pub async fn roll_back(
        &self,
        office: &OfficeId,
        (parent, to): (u32, u32),
        (why, actor): (&str, &str),
    ) -> Result<Published, PublishError> {
        let earlier = self.version(office, to).await?.ok_or(PublishError::Unknown)?;
        let edit = Edit { office, parent, files: earlier.files, why, actor };
        self.put(edit, (Origin::RollBack, to)).await
    }

    async fn put(&self, edit: Edit<'_>, (origin, came_from): (Origin, u32)) -> Result<Published, PublishError> {
        let why = edit.why.trim();
        if why.is_empty() || why.chars().count() > WHY_CHARS_MAX {
            return Err(PublishError::Why);
        }
        let current = self.current(edit.office).await?.ok_or(PublishError::Unknown)?;
        if current.version != edit.parent {
            return Err(self.conflict(edit.office).await?);
        }
        let checked = self.checked(&current, edit.files)?;
        let changes = difference((&current.file, &current.files), (&checked.file, &checked.files));
        if changes.is_empty() && is_same_text(&checked.files, &current) {
            return Err(PublishError::Nothing);
        }
        let calendar = checked.own.over(&self.roster.calendar);
        self.refuse_displacing(&checked, &current).await?;
        let (office, file) = (checked.office.as_ref(), checked.file.as_str());
        let files = Some(&checked.files);
        let version = NewVersion { actor: edit.actor, why, origin, came_from: Some(came_from), files };
        let import = Import { office, file, calendar: &calendar, now: self.now, remedies: None, version };
        match self.storage.import(import).await? {
            ImportOutcome::Imported { .. } => Ok(Published { version: office.version, changes }),
            ImportOutcome::Unchanged
            | ImportOutcome::SameVersion
            | ImportOutcome::Older { .. }
            | ImportOutcome::Undecided(_) => Err(self.conflict(edit.office).await?),
        }
    }

    /// Checks files as the next version.
    fn checked(&self, current: &StoredOffice, mut files: OfficeFiles) -> Result<Checked, PublishError> {
        let number = current.version.saturating_add(1);
        self.roster.add_known_formats(&mut files);
        // Before the number is written into it, so that every problem has its place in the text that somebody wrote.
        check_files(&current.id, &files).map_err(PublishError::Problems)?;
        if let Some(text) = numbered(&files.office.text, number) {
            files.office.text = text;
        }
        let (office, _) = check_files(&current.id, &files).map_err(PublishError::Problems)?;
        if office.version != number {
            let problem = FileProblem::whole("`version` is missing", format!("add the line version = {number}"));
            return Err(PublishError::Problems(vec![problem]));
        }
        let own = OwnFiles::read(&files).map_err(|problems| {
            PublishError::Problems(vec![FileProblem::whole(problems.to_string(), "mend the formats and calendars")])
        })?;
        let file = roster::print(&office);
        Ok(Checked { office, files, file, own })
    }

    /// Refuses what takes places away from people that what is in force gives them.
    async fn refuse_displacing(&self, checked: &Checked, current: &StoredOffice) -> Result<(), PublishError> {
        let calendar = checked.own.over(&self.roster.calendar);
        // The exceptions to the calendar stay as they are, whatever the file says.
        let with_exceptions = |office: &Office| Office { exceptions: current.exceptions.clone(), ..office.clone() };
        let office = with_exceptions(&checked.office);
        let mut displaced = self.storage.displaced_by(&office, &calendar, self.now).await?;
        if displaced.is_empty() {
            return Ok(());
        }
        if let (Ok(before), Ok(own)) = (roster::read(&current.file), OwnFiles::read(&current.files)) {
            let calendar = own.over(&self.roster.calendar);
            let already = self.storage.displaced_by(&with_exceptions(&before), &calendar, self.now).await?;
            displaced.retain(|place| !already.iter().any(|other| other.booking.id == place.booking.id));
        }
        if displaced.is_empty() { Ok(()) } else { Err(PublishError::Displaces(displaced)) }
    }

    /// Who was faster.
    async fn conflict(&self, office: &OfficeId) -> Result<PublishError, StorageError> {
        let latest = self.list(office).await?.into_iter().next();
        Ok(latest.map_or(PublishError::Unknown, |head| PublishError::Conflict(Box::new(head))))
    }
}

/// Whether the files are those in force, but for the number of the version.
fn is_same_text(files: &OfficeFiles, current: &StoredOffice) -> bool {
    let mut before = current.files.clone();
    if let Some(text) = numbered(&before.office.text, current.version.saturating_add(1)) {
        before.office.text = text;
    }
    before == *files
}
