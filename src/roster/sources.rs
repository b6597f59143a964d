//! The texts from which a roster was read, so that an office can be kept and given out as it was written.

use std::collections::BTreeMap;

use super::files::File;
use crate::domain::office::{FormatId, Office, OfficeId};
use crate::domain::office_files::{OfficeFiles, TextFile};

/// An office file and those that it extends, the nearest first, each by the name that `extend` gives.
#[derive(Debug, Clone)]
pub(super) struct OfficeSource {
    pub(super) id: OfficeId,
    pub(super) office: TextFile,
    pub(super) bases: Vec<TextFile>,
}

/// The files that were read; shipped formats and calendars are not among them.
#[derive(Debug, Clone, Default)]
pub(super) struct Sources {
    offices: BTreeMap<OfficeId, OfficeSource>,
    formats: BTreeMap<FormatId, TextFile>,
    calendars: Vec<TextFile>,
}

impl Sources {
    pub(super) fn of(offices: Vec<OfficeSource>, formats: &[File], calendars: &[File]) -> Self {
        let own = |files: &[File]| -> Vec<TextFile> {
            files.iter().filter(|file| !file.is_shipped()).map(File::text_file).collect()
        };
        let formats = own(formats).into_iter().filter_map(|file| Some((format_id(&file.text)?, file)));
        Self {
            offices: offices.into_iter().map(|source| (source.id.clone(), source)).collect(),
            formats: formats.collect(),
            calendars: own(calendars),
        }
    }

    /// The files of an office; `None` where it was not read from files.
    pub(super) fn of_office(&self, office: &Office) -> Option<OfficeFiles> {
        let source = self.offices.get(&office.id)?;
        let mut formats: Vec<TextFile> = Vec::new();
        for id in &office.formats {
            let Some(file) = self.formats.get(id) else { continue };
            let is_taken = formats.iter().any(|other| other.name == file.name) || file.name == source.office.name;
            let name = if is_taken { format!("{id}.toml") } else { file.name.clone() };
            formats.push(TextFile { name, text: file.text.clone() });
        }
        Some(OfficeFiles {
            office: source.office.clone(),
            bases: source.bases.clone(),
            formats,
            calendars: self.calendars.clone(),
        })
    }
}

impl Sources {
    /// Adds the formats that an office file names and does not have with it.
    pub(super) fn add_known_formats(&self, files: &mut OfficeFiles) {
        let Ok(office) = files.office.text.parse::<toml::Table>() else { return };
        let named = office.get("formats").and_then(toml::Value::as_array).into_iter().flatten();
        let ids: Vec<FormatId> = named.filter_map(|id| FormatId::read(id.as_str()?).ok()).collect();
        for id in ids {
            let is_there = files.formats.iter().any(|file| format_id(&file.text).as_ref() == Some(&id));
            if let Some(file) = self.formats.get(&id).filter(|_| !is_there) {
                files.formats.push(TextFile { name: format!("{id}.toml"), text: file.text.clone() });
            }
        }
    }
}

/// The id that a format file gives.
pub fn format_id(text: &str) -> Option<FormatId> {
    let table: toml::Table = text.parse().ok()?;
    FormatId::read(table.get("id")?.as_str()?).ok()
}
