//! What a message turns out to be: the only types that leave this room besides [`super::Format`].

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::field::Field;
use super::misread::Misread;
use crate::domain::code::BookingCode;
use crate::domain::office::FormatId;
use crate::domain::person::Applicant;

/// A stretch of a message: start and end in Unicode scalar values of the message as sent, end not included.
pub type Span = (usize, usize);

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
    /// `#batal` with talk beside it that may mean something else, or with a form: nothing is given up for it.
    AboutCancelling,
    /// A day and nothing else, as an answer to a question would be: every day that it may mean.
    Day(Vec<NaiveDate>),
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
    /// Questions and nothing else: [`super::Reading::topics`] says about what.
    Question,
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

impl Form {
    /// Somebody of a party, counted from 1; without a number the applicant.
    pub fn person(&self, number: Option<u8>) -> Option<&Applicant> {
        self.applicant.people().nth(usize::from(number.unwrap_or(1)).checked_sub(1)?)
    }

    pub(super) fn person_mut(&mut self, number: Option<u8>) -> Option<&mut Applicant> {
        match usize::from(number.unwrap_or(1)).checked_sub(2) {
            None => Some(&mut self.applicant),
            Some(place) => self.applicant.others.get_mut(place),
        }
    }

    /// A form for each person who is named, as if each had sent one.
    pub fn each(&self) -> impl Iterator<Item = Self> {
        let alone = self.applicant.others.is_empty();
        self.applicant.people().map(move |person| Self {
            applicant: Applicant { others: Vec::new(), ..person.clone() },
            party: if alone { self.party } else { 1 },
            format: self.format.clone(),
            notes: self.notes.clone(),
            visit: self.visit,
            wants_photo: self.wants_photo,
        })
    }

    /// Forgets what was repaired in a piece: the citizen has chosen its value.
    pub fn settle(&mut self, field: Field, person: Option<u8>) {
        self.notes.retain(|note| (note.field, note.person) != (Some(field), person));
    }
}

/// Something that was read otherwise than it is written: the reply shows it, and where no code follows, it is asked about first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Another mark than the office's between the pieces, or only a space.
    Separator,
    /// A slip in the keyword in front: `E-PASPORR`.
    Keyword,
    /// A title or words in front of a name that are no part of it: `Bapak Budi`.
    Title,
    /// Labelled pieces that nobody asks for, named by their labels.
    PassedOver,
    /// Nothing was repaired, but the birth date inside the NIK is not the one given: somebody has to look.
    NikBirth,
}

impl NoteKind {
    /// All kinds, for tables and tests.
    pub const ALL: [Self; 9] = [
        Self::Digit,
        Self::Month,
        Self::Day,
        Self::Place,
        Self::Separator,
        Self::Keyword,
        Self::Title,
        Self::PassedOver,
        Self::NikBirth,
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
        }
    }
}

/// A form with a date that can be read in more than one way: which one is meant is asked, never guessed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The piece.
    pub field: Field,
    /// Whose piece it is, counted from 1, where the message has a line for each of several people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub person: Option<u8>,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The date.
    pub date: NaiveDate,
    /// The whole form, were this date meant.
    pub form: Form,
    /// What is to be asked next, where another date of the form has several readings too.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub then: Option<Box<Ask>>,
}

/// A misread form with its likely repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The line that was probably meant, to be shown.
    pub line: String,
    /// What it reads as.
    pub form: Form,
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
