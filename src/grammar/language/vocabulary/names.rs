//! Words of names that mean something else too.

use serde::Deserialize;

use crate::grammar::text::words::Words;

/// The tables.
#[derive(Debug, Default)]
pub(crate) struct NameWords {
    /// Thanks, forms of address, talk and days that are names as well.
    pub(crate) also_names: Words<()>,
    /// In front of a name, and no part of it.
    pub(crate) titles: Words<()>,
    /// The same, only with a dot or a stroke in it.
    pub(crate) dotted_titles: Words<()>,
    /// Somebody's wife, or a part of a name.
    pub(crate) wife: Words<()>,
    /// First words of names in which `Istri` is a part of the name.
    pub(crate) honorifics: Words<()>,
    /// The same, where `Istri` has a capital letter.
    pub(crate) honorific_names: Words<()>,
}

/// The tables as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    also_names: Vec<String>,
    titles: Vec<String>,
    dotted_titles: Vec<String>,
    wife: Vec<String>,
    honorifics: Vec<String>,
    honorific_names: Vec<String>,
}

impl File {
    pub(crate) fn read(self) -> Result<NameWords, String> {
        Ok(NameWords {
            also_names: Words::of([((), self.also_names)])?,
            titles: Words::of([((), self.titles)])?,
            dotted_titles: Words::of([((), self.dotted_titles)])?,
            wife: Words::of([((), self.wife)])?,
            honorifics: Words::of([((), self.honorifics)])?,
            honorific_names: Words::of([((), self.honorific_names)])?,
        })
    }
}
