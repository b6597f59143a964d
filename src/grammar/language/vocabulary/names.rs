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
    /// With these words and no others a piece is nobody's name.
    pub(crate) nobody: Words<()>,
    /// In no name, wherever they stand.
    pub(crate) foreign: Words<()>,
    /// Between two names.
    pub(crate) between: Words<()>,
    /// Beside a name, where they show that more people are meant.
    pub(crate) company: Words<()>,
    /// Titles after a comma that have no dot.
    pub(crate) degrees: Words<()>,
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
    nobody: Vec<String>,
    foreign: Vec<String>,
    between: Vec<String>,
    company: Vec<String>,
    degrees: Vec<String>,
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
            nobody: Words::of([((), self.nobody)])?,
            foreign: Words::of([((), self.foreign)])?,
            between: Words::of([((), self.between)])?,
            company: Words::of([((), self.company)])?,
            degrees: Words::of([((), self.degrees)])?,
            honorifics: Words::of([((), self.honorifics)])?,
            honorific_names: Words::of([((), self.honorific_names)])?,
        })
    }
}
