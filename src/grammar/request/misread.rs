//! What is wrong with a form: which piece, where in the message, and what should stand there.

use std::fmt;

use crate::domain::masked_debug::masked_debug;
use crate::domain::office::FormatId;
use crate::domain::person::Nama;
use crate::grammar::request::ask::Ask;
use crate::grammar::request::field::Field;
use crate::grammar::request::suggestion::Suggestion;
use crate::grammar::text::span::Span;

/// A form with something wrong in it: what, where, and which piece to correct first.
#[derive(Clone, PartialEq, Eq)]
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
    /// The other pieces that are wrong, in the order of the format.
    pub others: Vec<Mistake>,
    /// The pieces of the line as far as they could be read or repaired, in the order of the format; empty where the message
    /// cannot be laid out piece by piece.
    pub pieces: Vec<OwnPiece>,
    /// Whose form it is, where the message has a line for each of several people.
    pub member: Option<Member>,
    /// The repaired form, where exactly one is likely: it counts only once the citizen accepts it.
    pub suggestion: Option<Box<Suggestion>>,
    /// The two days that are possible, where only the weekday and the date of the visit contradict each other.
    pub either: Option<Box<Ask>>,
    /// Whether more than one person stands in the name.
    pub several: bool,
}

impl Misread {
    /// Whether more than one person stands in the name.
    pub fn names_several(&self) -> bool {
        self.several
    }
}

/// A further piece that is wrong.
#[derive(Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong.
    pub kind: MisreadKind,
    /// The piece.
    pub field: Field,
    /// What stands there, at most 40 characters of it; empty where the piece is missing.
    pub found: String,
}

/// A piece of a misread line, to be printed in that line again.
#[derive(Clone, PartialEq, Eq)]
pub struct OwnPiece {
    /// The piece.
    pub field: Field,
    /// What to print: as the citizen wrote it, or repaired. `None` where the citizen has to write it.
    pub text: Option<String>,
}

masked_debug!(
    Misread { format, kind, field, at, others, pieces, member, suggestion, either, several },
    Mistake { kind, field },
    OwnPiece { field },
);

/// One of the people of a message with a line for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The place of the line, counted from 1.
    pub number: u8,
    /// The name in it, if one can be read.
    pub nama: Option<Nama>,
}

/// One plain sentence in English, for tools and testers; what citizens read is the reply module's.
impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { found, expected, .. } = self;
        let piece = self.field.map_or("a piece of the form", Field::name);
        if let Some(Member { number, .. }) = self.member {
            write!(f, "person {number}: ")?;
        }
        match self.kind {
            MisreadKind::Missing => write!(f, "{piece} is missing: expected {expected}"),
            MisreadKind::Surplus => write!(f, "`{found}` is more than the form has: expected {expected}"),
            MisreadKind::Several => {
                write!(f, "`{found}` goes with no other form here: expected {expected} for each person")
            }
            MisreadKind::TooManyPeople => write!(f, "`{found}` is one person too many: expected {expected}"),
            MisreadKind::SamePerson => write!(f, "`{found}` is named twice: expected each person once"),
            MisreadKind::NotTogether => {
                write!(f, "{piece} `{found}` is another than that of the first person: expected {expected}")
            }
            MisreadKind::Keyword => write!(f, "`{found}` is no keyword of this office: expected {expected}"),
            MisreadKind::NameCharacter => write!(f, "`{found}` cannot stand in a name: expected {expected}"),
            MisreadKind::NameAlphabet => {
                write!(f, "`{found}` is of another alphabet than the rest of the name: expected {expected}")
            }
            MisreadKind::NameMarks => write!(f, "`{found}` has too many marks for a letter: expected {expected}"),
            MisreadKind::Mingled => write!(f, "`{found}` is no part of {piece}: expected {expected}"),
            MisreadKind::NameEmpty => write!(f, "`{found}` holds no letter: expected {expected}"),
            MisreadKind::NameTooLong => write!(f, "the name is too long: expected {expected}"),
            MisreadKind::Swapped => write!(f, "the date `{found}` stands where the name should: expected {expected}"),
            MisreadKind::NotADate => write!(f, "`{found}` is no date: expected {expected}"),
            MisreadKind::NoSuchDay => write!(f, "no calendar has the day `{found}`: expected {expected}"),
            MisreadKind::AmbiguousDate => write!(f, "`{found}` could be several dates: expected {expected}"),
            MisreadKind::OtherWeekday => write!(f, "`{found}` falls on another weekday: expected {expected}"),
            MisreadKind::BirthInFuture => write!(f, "the birth date `{found}` is in the future: expected {expected}"),
            MisreadKind::BirthTooOld => write!(f, "the birth date `{found}` is too long ago: expected {expected}"),
            MisreadKind::VisitPast => write!(f, "the visit date `{found}` is over: expected {expected}"),
            MisreadKind::Address => write!(f, "`{found}` is no address: expected {expected}"),
            MisreadKind::Count => write!(f, "`{found}` is no number of persons: expected {expected}"),
            MisreadKind::Nik => write!(f, "`{found}` is no NIK: expected {expected}"),
            MisreadKind::FamilyCard => write!(f, "`{found}` is no family card's number: expected {expected}"),
            MisreadKind::Phone => write!(f, "`{found}` is no telephone number: expected {expected}"),
            MisreadKind::Email => write!(f, "`{found}` is no e-mail address: expected {expected}"),
            MisreadKind::Session => write!(f, "`{found}` is no session: expected {expected}"),
            MisreadKind::Service => write!(f, "`{found}` is no service: expected {expected}"),
            MisreadKind::Text => write!(f, "`{found}` is empty or too long: expected {expected}"),
            MisreadKind::WhichPiece => write!(f, "`{found}` could be two pieces: expected {expected}"),
            MisreadKind::DateShape => write!(f, "`{found}` is a date, but not as written here: expected {expected}"),
            MisreadKind::TooYoung => write!(f, "somebody born `{found}` is too young: expected {expected}"),
            MisreadKind::TooOld => write!(f, "somebody born `{found}` is too old: expected {expected}"),
            MisreadKind::VisitToday => write!(f, "the visit date `{found}` is today: expected {expected}"),
            MisreadKind::VisitTooFar => write!(f, "the visit date `{found}` is too far ahead: expected {expected}"),
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
    /// There are several forms in one message that cannot be one booking: of different formats, or with a count besides.
    Several,
    /// There are more people in one message than one booking takes.
    TooManyPeople,
    /// The same person has two lines in one message.
    SamePerson,
    /// Somebody of a party asks for another day, or half of the day, than the first.
    NotTogether,
    /// The word in front is none of the office's own.
    Keyword,
    /// A name holds a character that no name has.
    NameCharacter,
    /// A letter of a name is of another alphabet than the rest, and may only look like one of its letters.
    NameAlphabet,
    /// A letter of a name has more marks than any alphabet gives it.
    NameMarks,
    /// A name holds no letter.
    NameEmpty,
    /// Other people, a wish or talk in a name or an address.
    Mingled,
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
    /// The date falls on another weekday than the one beside it.
    OtherWeekday,
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
    /// The family card's number is not sixteen digits that can be.
    FamilyCard,
    /// The telephone number is none that its country knows.
    Phone,
    /// The e-mail address has not the shape of one.
    Email,
    /// Neither `pagi` nor `siang`.
    Session,
    /// None of the format's services.
    Service,
    /// A free text is empty or too long.
    Text,
    /// A number may be a NIK or a family card's: which?
    WhichPiece,
    /// A date, but not in a spelling that the format takes.
    DateShape,
    /// Younger than the format takes.
    TooYoung,
    /// Older than the format takes.
    TooOld,
    /// The visit date is the day of sending, which the format does not take.
    VisitToday,
    /// The visit date lies further ahead than the format takes.
    VisitTooFar,
    /// The message is longer than any form.
    MessageTooLong,
}

impl MisreadKind {
    /// All kinds, for tables and tests.
    pub const ALL: [Self; 37] = [
        Self::Missing,
        Self::Surplus,
        Self::Several,
        Self::TooManyPeople,
        Self::SamePerson,
        Self::NotTogether,
        Self::Keyword,
        Self::NameCharacter,
        Self::NameAlphabet,
        Self::NameMarks,
        Self::NameEmpty,
        Self::Mingled,
        Self::NameTooLong,
        Self::Swapped,
        Self::NotADate,
        Self::NoSuchDay,
        Self::AmbiguousDate,
        Self::OtherWeekday,
        Self::BirthInFuture,
        Self::BirthTooOld,
        Self::VisitPast,
        Self::Address,
        Self::Count,
        Self::Nik,
        Self::FamilyCard,
        Self::Phone,
        Self::Email,
        Self::Session,
        Self::Service,
        Self::Text,
        Self::WhichPiece,
        Self::DateShape,
        Self::TooYoung,
        Self::TooOld,
        Self::VisitToday,
        Self::VisitTooFar,
        Self::MessageTooLong,
    ];

    /// Its name in JSON and in the reply texts, `birth-in-future`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Surplus => "surplus",
            Self::Several => "several",
            Self::TooManyPeople => "too-many-people",
            Self::SamePerson => "same-person",
            Self::NotTogether => "not-together",
            Self::Keyword => "keyword",
            Self::NameCharacter => "name-character",
            Self::NameAlphabet => "name-alphabet",
            Self::NameMarks => "name-marks",
            Self::NameEmpty => "name-empty",
            Self::Mingled => "mingled",
            Self::NameTooLong => "name-too-long",
            Self::Swapped => "swapped",
            Self::NotADate => "not-a-date",
            Self::NoSuchDay => "no-such-day",
            Self::AmbiguousDate => "ambiguous-date",
            Self::OtherWeekday => "other-weekday",
            Self::BirthInFuture => "birth-in-future",
            Self::BirthTooOld => "birth-too-old",
            Self::VisitPast => "visit-past",
            Self::Address => "address",
            Self::Count => "count",
            Self::Nik => "nik",
            Self::FamilyCard => "family-card",
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Session => "session",
            Self::Service => "service",
            Self::Text => "text",
            Self::WhichPiece => "which-piece",
            Self::DateShape => "date-shape",
            Self::TooYoung => "too-young",
            Self::TooOld => "too-old",
            Self::VisitToday => "visit-today",
            Self::VisitTooFar => "visit-too-far",
            Self::MessageTooLong => "message-too-long",
        }
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it can be wrong with a piece, or with the form as a whole: what an office may write a sentence about.
    pub(crate) fn is_about(self, field: Option<Field>) -> bool {
        let Some(field) = field else {
            return matches!(
                self,
                Self::Missing
                    | Self::Surplus
                    | Self::Several
                    | Self::TooManyPeople
                    | Self::SamePerson
                    | Self::Keyword
                    | Self::MessageTooLong
            );
        };
        let is_date = matches!(field, Field::TglLahir | Field::TglKedatangan);
        match self {
            Self::Missing => true,
            Self::Surplus
            | Self::Several
            | Self::TooManyPeople
            | Self::SamePerson
            | Self::Keyword
            | Self::MessageTooLong => false,
            Self::NotTogether => matches!(field, Field::TglKedatangan | Field::Sesi),
            Self::NameCharacter
            | Self::NameAlphabet
            | Self::NameMarks
            | Self::NameEmpty
            | Self::NameTooLong
            | Self::Swapped => field == Field::Nama,
            Self::NotADate | Self::NoSuchDay | Self::AmbiguousDate | Self::OtherWeekday | Self::DateShape => is_date,
            Self::BirthInFuture | Self::BirthTooOld | Self::TooYoung | Self::TooOld => field == Field::TglLahir,
            Self::VisitPast | Self::VisitToday | Self::VisitTooFar => field == Field::TglKedatangan,
            Self::Mingled => matches!(field, Field::Nama | Field::Alamat),
            Self::Address => field == Field::Alamat,
            Self::Count => field == Field::Jumlah,
            Self::Nik => field == Field::Nik,
            Self::FamilyCard => field == Field::NoKk,
            Self::Phone => field == Field::Telepon,
            Self::Email => field == Field::Email,
            Self::Session => field == Field::Sesi,
            Self::Service => field == Field::Layanan,
            Self::Text => matches!(field, Field::Teks(_)),
            Self::WhichPiece => matches!(field, Field::Nik | Field::NoKk | Field::Teks(_)),
        }
    }
}

/// Most of a broken piece that is quoted, in characters.
pub(crate) const FOUND_CHARS_MAX: usize = 40;
