//! What a message turns out to be: the only types that leave this room besides [`super::Format`].

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::code::BookingCode;
use crate::domain::office::FormatId;
use crate::domain::person::Applicant;

/// A stretch of a message: start and end in Unicode scalar values of the message as sent, end not included.
pub type Span = (usize, usize);

/// The pieces that a format may ask for. Names are canonical, never a poster's spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Field {
    /// Full name.
    Nama,
    /// Birth date.
    TglLahir,
    /// The day of the visit.
    TglKedatangan,
    /// Address as on the e-KTP.
    Alamat,
    /// Persons on one family message.
    Jumlah,
    /// National identity number.
    Nik,
}

impl Field {
    /// All fields.
    pub const ALL: [Self; 6] = [Self::Nama, Self::TglLahir, Self::TglKedatangan, Self::Alamat, Self::Jumlah, Self::Nik];

    /// Its canonical name, `TglLahir`: the key in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nama => "Nama",
            Self::TglLahir => "TglLahir",
            Self::TglKedatangan => "TglKedatangan",
            Self::Alamat => "Alamat",
            Self::Jumlah => "Jumlah",
            Self::Nik => "Nik",
        }
    }

    /// The field of a canonical name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }
}

/// What a message turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// A whole form with valid values.
    Form(Form),
    /// A form with a piece that can be read in more than one way.
    Ask(Ask),
    /// A form with something wrong in it.
    Misread(Misread),
    /// A word that asks for something (`#batal`, `status`).
    Command(Command),
    /// One to eight digits and nothing else: an approval code, perhaps without its leading zeros, or a choice.
    Digits(String),
    /// The poster's line itself (`#Nama#TglLahir#TglKedatangan`).
    Placeholder,
    /// A greeting and nothing else.
    Greeting,
    /// Thanks and nothing else.
    Thanks,
    /// What a machine answers by itself; an answer to it would be answered in turn.
    Automatic,
    /// Anything else, empty text included.
    Unreadable,
}

impl Request {
    /// The same in a longer message, with `front` before what was read: places move behind it.
    pub(super) fn behind(mut self, front: &str) -> Self {
        if let Self::Misread(Misread { at, .. }) | Self::Ask(Ask { at, .. }) = &mut self
            && !front.is_empty()
        {
            let moved = front.chars().count();
            *at = (at.0 + moved, at.1 + moved);
        }
        self
    }
}

/// A whole form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// The format that read it.
    pub format: FormatId,
    /// Whom it is for.
    pub applicant: Applicant,
    /// The day it asks for; `None` where the format has none.
    pub visit: Option<NaiveDate>,
    /// Persons it is for, 1 to [`crate::domain::person::PARTY_MAX`].
    pub party: u8,
    /// Whether the format asks for a photo besides.
    pub wants_photo: bool,
    /// What was read otherwise than it is written; empty when all values stand in the message literally.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<Note>,
}

/// Something that was read otherwise than it is written: the reply shows it, and where no code follows, it is asked about first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What kind of repair it is.
    pub kind: NoteKind,
    /// The piece it is about; `None` for the whole message.
    pub field: Option<Field>,
    /// What is written.
    pub from: String,
    /// What it was read as: a date as yyyy-mm-dd, other values as written.
    pub to: String,
}

/// A kind of repair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteKind {
    /// Letters where digits belong: `25O11987`.
    Digit,
    /// A month's name with a slip in it: `Januri`.
    Month,
    /// A day that is named by its distance or its place in the week or month: `besok`, `senin`, `tgl 7`.
    Day,
    /// A birth place in front of the birth date: `Bogor, 25-01-1987`.
    Place,
    /// Another mark than `#` between the pieces, or only a space.
    Separator,
}

impl NoteKind {
    /// All kinds, for tables and tests.
    pub const ALL: [Self; 5] = [Self::Digit, Self::Month, Self::Day, Self::Place, Self::Separator];

    /// Its name in JSON, `digit`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Digit => "digit",
            Self::Month => "month",
            Self::Day => "day",
            Self::Place => "place",
            Self::Separator => "separator",
        }
    }
}

/// A form with a date that can be read in more than one way: which one is meant is asked, never guessed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The piece.
    pub field: Field,
    /// Where in the message.
    pub at: Span,
    /// What stands there, at most 40 characters of it.
    pub found: String,
    /// The readings, the earliest date first; two to [`CHOICES_MAX`].
    pub choices: Vec<Choice>,
}

/// Most readings that are offered: a date of six digits has at most two orders in three centuries.
pub const CHOICES_MAX: usize = 6;

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The date.
    pub date: NaiveDate,
    /// The whole form, were this date meant.
    pub form: Form,
}

/// A misread form with its likely repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The line that was probably meant, to be shown.
    pub line: String,
    /// What it reads as.
    pub form: Form,
}

/// A form with something wrong in it: what, where, and the first thing to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// The format that came closest.
    pub format: FormatId,
    /// What is wrong.
    pub kind: MisreadKind,
    /// The piece it is about, if it is about one.
    pub field: Option<Field>,
    /// Where in the message.
    pub at: Span,
    /// What stands there, at most 40 characters of it.
    pub found: String,
    /// What should stand there, in English, for tools (`a date as ddmmyyyy`).
    pub expected: String,
    /// The repaired form, where exactly one is likely: it counts only once the citizen accepts it.
    pub suggestion: Option<Box<Suggestion>>,
}

/// One plain sentence in English, for tools and testers; what citizens read is the reply room's.
impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, expected, .. } = self;
        let piece = self.field.map_or("the form", Field::name);
        match self.kind {
            MisreadKind::Missing => write!(f, "{piece} is missing: expected {expected}"),
            MisreadKind::Surplus => write!(f, "`{found}` is more than the form has: expected {expected}"),
            MisreadKind::Several => write!(f, "`{found}` is a second form: expected one person, {expected}"),
            MisreadKind::NameCharacter => write!(f, "`{found}` cannot stand in a name: expected {expected}"),
            MisreadKind::NameEmpty => write!(f, "`{found}` holds no letter: expected {expected}"),
            MisreadKind::NameTooLong => write!(f, "the name is too long: expected {expected}"),
            MisreadKind::Swapped => write!(f, "the date `{found}` stands where the name should: expected {expected}"),
            MisreadKind::NotADate => write!(f, "`{found}` is no date: expected {expected}"),
            MisreadKind::NoSuchDay => write!(f, "no calendar has the day `{found}`: expected {expected}"),
            MisreadKind::AmbiguousDate => write!(f, "`{found}` could be several dates: expected {expected}"),
            MisreadKind::BirthInFuture => write!(f, "the birth date `{found}` is in the future: expected {expected}"),
            MisreadKind::BirthTooOld => write!(f, "the birth date `{found}` is too long ago: expected {expected}"),
            MisreadKind::VisitPast => write!(f, "the visit date `{found}` is over: expected {expected}"),
            MisreadKind::Address => write!(f, "`{found}` is no address: expected {expected}"),
            MisreadKind::Count => write!(f, "`{found}` is no number of persons: expected {expected}"),
            MisreadKind::Nik => write!(f, "`{found}` is no NIK: expected {expected}"),
            MisreadKind::MessageTooLong => write!(f, "the message is too long: expected {expected}"),
        }
    }
}

/// What is wrong with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MisreadKind {
    /// A piece is not there.
    Missing,
    /// There are more pieces than the format has.
    Surplus,
    /// There are several forms in one message.
    Several,
    /// A name holds a character that no name has.
    NameCharacter,
    /// A name holds no letter.
    NameEmpty,
    /// A name is too long.
    NameTooLong,
    /// A date stands where the name should: the pieces are swapped.
    Swapped,
    /// This is no date in any known spelling.
    NotADate,
    /// No calendar has this day (`31-06-2017`).
    NoSuchDay,
    /// The date can be read in more than one way, such as a two-digit year.
    AmbiguousDate,
    /// The birth date lies in the future.
    BirthInFuture,
    /// The birth date lies too far back.
    BirthTooOld,
    /// The visit date is over.
    VisitPast,
    /// The address is empty or too long.
    Address,
    /// The number of persons is not 1 to 5.
    Count,
    /// The identity number is not sixteen digits that can be.
    Nik,
    /// The message is longer than any form.
    MessageTooLong,
}

impl MisreadKind {
    /// All kinds, for tables and tests.
    pub const ALL: [Self; 17] = [
        Self::Missing,
        Self::Surplus,
        Self::Several,
        Self::NameCharacter,
        Self::NameEmpty,
        Self::NameTooLong,
        Self::Swapped,
        Self::NotADate,
        Self::NoSuchDay,
        Self::AmbiguousDate,
        Self::BirthInFuture,
        Self::BirthTooOld,
        Self::VisitPast,
        Self::Address,
        Self::Count,
        Self::Nik,
        Self::MessageTooLong,
    ];

    /// Its name in JSON and in the reply texts, `birth-in-future`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Surplus => "surplus",
            Self::Several => "several",
            Self::NameCharacter => "name-character",
            Self::NameEmpty => "name-empty",
            Self::NameTooLong => "name-too-long",
            Self::Swapped => "swapped",
            Self::NotADate => "not-a-date",
            Self::NoSuchDay => "no-such-day",
            Self::AmbiguousDate => "ambiguous-date",
            Self::BirthInFuture => "birth-in-future",
            Self::BirthTooOld => "birth-too-old",
            Self::VisitPast => "visit-past",
            Self::Address => "address",
            Self::Count => "count",
            Self::Nik => "nik",
            Self::MessageTooLong => "message-too-long",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A word that asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What it asks for.
    pub name: CommandName,
    /// The booking code after it, if one stands there.
    pub code: Option<BookingCode>,
    /// Whether something stands there that was meant as a code and is none.
    pub mistyped: bool,
}

/// What a command asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CommandName {
    /// Give the place back.
    Batal,
    /// Say what I have.
    Status,
    /// Say how this works.
    Bantuan,
    /// Say what to bring.
    Persyaratan,
    /// Answer in English from now on.
    English,
    /// Answer in Indonesian from now on.
    Indonesia,
    /// Yes to what was asked last.
    Ya,
    /// Send no more messages.
    Berhenti,
    /// Send messages again.
    Mulai,
}

impl CommandName {
    /// All commands.
    pub const ALL: [Self; 9] = [
        Self::Batal,
        Self::Status,
        Self::Bantuan,
        Self::Persyaratan,
        Self::English,
        Self::Indonesia,
        Self::Ya,
        Self::Berhenti,
        Self::Mulai,
    ];

    /// Its own word, `batal`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Batal => "batal",
            Self::Status => "status",
            Self::Bantuan => "bantuan",
            Self::Persyaratan => "persyaratan",
            Self::English => "english",
            Self::Indonesia => "indonesia",
            Self::Ya => "ya",
            Self::Berhenti => "berhenti",
            Self::Mulai => "mulai",
        }
    }

    /// The command of its own word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }
}
