//! What is left over when a form is whole: courtesy behind it, labels that nobody asks for.

use serde::Deserialize;

use super::super::words::Words;

/// The tables.
#[derive(Debug, Default)]
pub(in super::super) struct Leftovers {
    /// Courtesy behind the last piece, besides thanks.
    pub(in super::super) courtesy: Words<()>,
    /// Labels besides the pieces' own.
    pub(in super::super) labels: Words<()>,
    /// Lines above labels, without a colon.
    pub(in super::super) headings: Words<()>,
}

/// The tables as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    courtesy: Vec<String>,
    labels: Vec<String>,
    headings: Vec<String>,
}

impl File {
    pub(super) fn read(self) -> Result<Leftovers, String> {
        Ok(Leftovers {
            courtesy: Words::of([((), self.courtesy)])?,
            labels: Words::of([((), self.labels)])?,
            headings: Words::of([((), self.headings)])?,
        })
    }
}
