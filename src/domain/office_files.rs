//! The files that make an office what it is: its own, those that it extends, its formats and its calendars. They travel together.

use serde::{Deserialize, Serialize};

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TextFile {
    /// Its name without a folder; of a file that is extended, the name by which `extend` calls it.
    pub name: String,
    /// Its text, byte for byte.
    pub text: String,
}

/// The files of one office.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeFiles {
    /// The office file, as it was written.
    pub office: TextFile,
    /// The files that it extends, the nearest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<TextFile>,
    /// The formats of its own: those that are not shipped, or that replace a shipped one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<TextFile>,
    /// The calendars of its own, a year each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendars: Vec<TextFile>,
}

impl OfficeFiles {
    /// An office that is one whole file.
    pub fn whole(office: TextFile) -> Self {
        Self { office, ..Self::default() }
    }

    /// All files, the office file first.
    pub fn all(&self) -> impl Iterator<Item = &TextFile> {
        std::iter::once(&self.office).chain(&self.bases).chain(&self.formats).chain(&self.calendars)
    }
}

/// Puts a file among others, in place of the one of that name.
pub fn put(files: &mut Vec<TextFile>, file: TextFile) {
    match files.iter_mut().find(|old| old.name == file.name) {
        Some(old) => *old = file,
        None => files.push(file),
    }
}
