//! A message format: the line on an office's poster, read into pieces.

use chrono::NaiveDate;

use crate::domain::office::FormatId;

/// A message format.
#[derive(Debug, Clone)]
pub struct Format {
    id: FormatId,
    line: String,
}

/// A format file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FormatError {
    /// What is wrong and how to mend it.
    pub message: String,
    /// Where, in bytes of the file's text.
    pub at: std::ops::Range<usize>,
}

impl Format {
    /// Reads one format file (TOML).
    ///
    /// # Errors
    /// Every [`FormatError`] in it, at least one.
    pub fn from_toml(text: &str) -> Result<Self, Vec<FormatError>> {
        let _ = text;
        todo!("grammar room")
    }

    /// The formats compiled in from `grammar/formats`.
    pub fn shipped() -> Vec<Self> {
        todo!("grammar room")
    }

    /// Runs the format's own `reads` and `misreads` examples; every one that fails, with its place in the file.
    pub fn check(&self) -> Vec<FormatError> {
        todo!("grammar room")
    }

    /// Its id.
    pub fn id(&self) -> &FormatId {
        &self.id
    }

    /// The poster's line, as citizens are shown it: `#Nama#TglLahir#TglKedatangan`.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// Whether it asks for a visit date.
    pub fn has_visit_date(&self) -> bool {
        todo!("grammar room")
    }

    /// Whether it asks for a photo besides the text.
    pub fn wants_photo(&self) -> bool {
        todo!("grammar room")
    }

    /// A filled line that this format reads, with an invented person; `visit` stands in the visit-date piece, if there is one.
    pub fn example(&self, visit: NaiveDate) -> String {
        let _ = visit;
        todo!("grammar room")
    }
}
