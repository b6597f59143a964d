//! A note on a value that was read differently from how it is written.

use serde::{Deserialize, Serialize};

use crate::domain::masked_debug::masked_debug;
use crate::grammar::request::field::Field;

/// Something that was read otherwise than it is written: the reply shows it, and where no code follows, it is asked about first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What kind of repair it is.
    pub kind: NoteKind,
    /// The piece it is about; `None` for the whole message.
    pub field: Option<Field>,
    /// Whose piece it is, counted from 1, where the message has a line for each of several people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<u8>,
    /// What is written.
    pub from: String,
    /// What it was read as: a date as yyyy-mm-dd, other values as written.
    pub to: String,
}

masked_debug!(Note { kind, field, person });

/// A kind of repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Letters where digits belong: `25O11987`.
    Digit,
    /// A month's name with a typo in it: `Januri`.
    Month,
    /// A day that is named by its distance or its place in the week or month: `besok`, `senin`, `tgl 7`.
    Day,
    /// A birth place in front of the birth date: `Bogor, 25-01-1987`.
    Place,
    /// Another mark than the office's between the pieces, or only a space.
    Separator,
    /// A typo in the keyword in front: `E-PASPORR`.
    Keyword,
    /// A title or words in front of a name that are no part of it: `Bapak Budi`.
    Title,
    /// Labelled pieces that nobody asks for, named by their labels.
    PassedOver,
    /// Nothing was repaired, but the birth date inside the NIK is not the one given: an officer has to compare them.
    NikBirth,
    /// Nothing was repaired, but the birth date is so recent that it may be the day of writing.
    JustBorn,
}

impl NoteKind {
    /// All kinds, for tables and tests.
    pub const ALL: [Self; 10] = [
        Self::Digit,
        Self::Month,
        Self::Day,
        Self::Place,
        Self::Separator,
        Self::Keyword,
        Self::Title,
        Self::PassedOver,
        Self::NikBirth,
        Self::JustBorn,
    ];

    /// Its name in JSON, `digit`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digit => "digit",
            Self::Month => "month",
            Self::Day => "day",
            Self::Place => "place",
            Self::Separator => "separator",
            Self::Keyword => "keyword",
            Self::Title => "title",
            Self::PassedOver => "passed-over",
            Self::NikBirth => "nik-birth",
            Self::JustBorn => "just-born",
        }
    }
}
