//! `[privacy]` of an office file: what citizens are told about their data with the first answer.

use crate::sheet::{Entry, Table, line, whole};

/// Longest notice: it stands in a confirmation too, which has 1,024 characters for everything.
const PRIVACY_CHARS_MAX: usize = 150;

/// `[privacy]` as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct PrivacyDraft {
    pub(super) version: Entry<u32>,
    pub(super) id: Entry<String>,
    pub(super) en: Entry<String>,
}

impl PrivacyDraft {
    /// Reads the table; every mistake is noted in it.
    pub(super) fn read(mut table: Table<'_, '_>) -> Self {
        table.refuse_unknown(&["version", "id", "en"]);
        Self {
            version: table.take("version", |value| whole(value, 1, u32::MAX)),
            id: table.take("id", |value| line(value, PRIVACY_CHARS_MAX)),
            en: table.take("en", |value| line(value, PRIVACY_CHARS_MAX)),
        }
    }

    /// This table, with what its base says where it says nothing.
    pub(super) fn over(self, base: Self) -> Self {
        Self { version: self.version.or(base.version), id: self.id.or(base.id), en: self.en.or(base.en) }
    }
}
