//! A version as it is stored.

use chrono::{DateTime, Utc};

use crate::domain::office::OfficeId;
use crate::domain::office_files::{OfficeFiles, TextFile};
use crate::storage::engine::column::{at, bad, fits, unjson};
use crate::storage::engine::error::StorageError;
use crate::storage::engine::result_row::result_row;

/// How a version came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// An office file was imported.
    File,
    /// It was changed in the console.
    Page,
    /// An earlier version was brought back.
    RollBack,
}

impl Origin {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::File, Self::Page, Self::RollBack];

    /// Its name in the database and in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Page => "page",
            Self::RollBack => "rollback",
        }
    }
}

/// What is known of a version besides its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHead {
    /// The office.
    pub office: OfficeId,
    /// Its number.
    pub version: u32,
    /// When it was published.
    pub at: DateTime<Utc>,
    /// Who published it; empty of a version from before this was noted.
    pub actor: String,
    /// Why.
    pub why: String,
    /// How it came to be.
    pub origin: Origin,
    /// The version that it changed, or whose content it brings back.
    pub came_from: Option<u32>,
    /// SHA-256 of its files, in hexadecimal digits; empty of a version from before files were kept.
    pub hash: String,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVersion {
    /// What is known of it.
    pub head: VersionHead,
    /// The whole office file.
    pub file: String,
    /// The files as they were written.
    pub files: OfficeFiles,
}

result_row! {
    pub(super) struct VersionRow {
        office: String,
        version: i64,
        at_us: i64,
        actor: String,
        why: String,
        origin: String,
        came_from: Option<i64>,
        file: String,
        content: String,
        hash: String,
    }
}

impl VersionRow {
    pub(super) fn head(&self) -> Result<VersionHead, StorageError> {
        let origin = Origin::ALL.into_iter().find(|origin| origin.name() == self.origin);
        Ok(VersionHead {
            office: OfficeId::read(&self.office).map_err(|_| bad("office_version.office"))?,
            version: fits("office_version.version", self.version)?,
            at: at(self.at_us),
            actor: self.actor.clone(),
            why: self.why.clone(),
            origin: origin.ok_or_else(|| bad("office_version.origin"))?,
            came_from: self.came_from.map(|number| fits("office_version.came_from", number)).transpose()?,
            hash: self.hash.clone(),
        })
    }

    pub(super) fn stored(self) -> Result<StoredVersion, StorageError> {
        let head = self.head()?;
        let files = files_of(&head.office, &self.file, &self.content)?;
        Ok(StoredVersion { head, file: self.file, files })
    }
}

/// The files of a version; where only the whole office file is known, that one.
pub(in crate::storage) fn files_of(office: &OfficeId, file: &str, content: &str) -> Result<OfficeFiles, StorageError> {
    if content.is_empty() {
        return Ok(OfficeFiles::whole(TextFile { name: format!("{office}.toml"), text: file.to_owned() }));
    }
    unjson("office_version.content", content)
}
