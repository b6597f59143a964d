//! What is left over when a form is whole: courtesy after it, labels that nobody asks for.

use serde::Deserialize;

use crate::grammar::text::words::Words;

/// The tables.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    /// Courtesy after the last piece, besides thanks.
    pub(crate) courtesy: Words<()>,
    /// Labels besides the pieces' own.
    pub(crate) labels: Words<()>,
    /// Lines above labels, without a colon.
    pub(crate) headings: Words<()>,
    /// The end of a letter, in front of its sender's name.
    pub(crate) sign_offs: Words<()>,
    /// What telephones and mail programs write below a message.
    pub(crate) devices: Words<()>,
    /// What a form is for.
    pub(crate) purposes: Words<()>,
}

/// The tables as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    courtesy: Vec<String>,
    labels: Vec<String>,
    headings: Vec<String>,
    sign_offs: Vec<String>,
    devices: Vec<String>,
    purposes: Vec<String>,
}

impl File {
    pub(crate) fn read(self) -> Result<Leftovers, String> {
        Ok(Leftovers {
            courtesy: Words::of([((), self.courtesy)])?,
            labels: Words::of([((), self.labels)])?,
            headings: Words::of([((), self.headings)])?,
            sign_offs: Words::of([((), self.sign_offs)])?,
            devices: Words::of([((), self.devices)])?,
            purposes: Words::of([((), self.purposes)])?,
        })
    }
}
