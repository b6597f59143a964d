//! The topics by name, and what one message asks about.

use chrono::{NaiveDate, NaiveTime};

use crate::domain::slot::Session;

/// Something that citizens ask about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// How one registers.
    Register,
    /// What to bring.
    Requirements,
    /// What it costs and how it is paid.
    Fee,
    /// When the office is open, also on one day; its breaks.
    Hours,
    /// Where the office is.
    Location,
    /// Which days have room.
    FreeDays,
    /// Which hours have room, or may be chosen.
    FreeHours,
    /// One's own number, code, hour, and what to do now.
    OwnBooking,
    /// Data that changed or are wrong.
    DataChange,
    /// A passport that is lost or damaged.
    LostDamaged,
    /// A lane for those who cannot wait: elderly, pregnant, disabled people, toddlers.
    Priority,
    /// A passport for a child.
    Child,
    /// Registering somebody else.
    Relatives,
    /// Several people together.
    Family,
    /// An identity card of another town, or people from abroad.
    Origin,
    /// Coming late, or not at all.
    Late,
    /// Whether a passport is finished.
    Ready,
    /// Fetching a passport, also by somebody else.
    Collection,
    /// The photo that is sent or taken.
    Photo,
    /// A person to talk to, a telephone number.
    Officer,
    /// Something went wrong.
    Complaint,
    /// Whether this number is the office's, and brokers.
    Authenticity,
    /// The language of the answers.
    Language,
    /// Other passports than the ordinary one: electronic, for a pilgrimage.
    OtherPassport,
}

impl Topic {
    /// All topics.
    pub const ALL: [Self; 24] = [
        Self::Register,
        Self::Requirements,
        Self::Fee,
        Self::Hours,
        Self::Location,
        Self::FreeDays,
        Self::FreeHours,
        Self::OwnBooking,
        Self::DataChange,
        Self::LostDamaged,
        Self::Priority,
        Self::Child,
        Self::Relatives,
        Self::Family,
        Self::Origin,
        Self::Late,
        Self::Ready,
        Self::Collection,
        Self::Photo,
        Self::Officer,
        Self::Complaint,
        Self::Authenticity,
        Self::Language,
        Self::OtherPassport,
    ];

    /// Its name in JSON and in `grammar/topics.toml`, `free-days`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::Requirements => "requirements",
            Self::Fee => "fee",
            Self::Hours => "hours",
            Self::Location => "location",
            Self::FreeDays => "free-days",
            Self::FreeHours => "free-hours",
            Self::OwnBooking => "own-booking",
            Self::DataChange => "data-change",
            Self::LostDamaged => "lost-damaged",
            Self::Priority => "priority",
            Self::Child => "child",
            Self::Relatives => "relatives",
            Self::Family => "family",
            Self::Origin => "origin",
            Self::Late => "late",
            Self::Ready => "ready",
            Self::Collection => "collection",
            Self::Photo => "photo",
            Self::Officer => "officer",
            Self::Complaint => "complaint",
            Self::Authenticity => "authenticity",
            Self::Language => "language",
            Self::OtherPassport => "other-passport",
        }
    }

    /// The topic of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.name() == name)
    }

    /// Whether a day or an hour beside it belongs to the question.
    pub(super) fn is_dated(self) -> bool {
        matches!(self, Self::Hours | Self::FreeDays | Self::FreeHours)
    }
}

/// The language that a message is written in, as far as its words show.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Indonesian, and all that is not noticed to be another.
    #[default]
    Indonesian,
    /// English.
    English,
    /// Malay, as in Malaysia and Singapore.
    Malay,
}

/// One topic that a message asks about, with the day and the hour that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The topic.
    pub topic: Topic,
    /// Every day that may be meant, where [`Topic::Hours`], [`Topic::FreeDays`] or [`Topic::FreeHours`] names one.
    pub days: Vec<NaiveDate>,
    /// The hour, where it names one.
    pub hour: Option<NaiveTime>,
    /// The half of the day, where it names one.
    pub session: Option<Session>,
}

/// What a message asks about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topics {
    /// Each topic once, in the order of the message.
    pub asked: Vec<About>,
    /// The language that it is asked in.
    pub language: Language,
}

impl Topics {
    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// The names, in the order of the message.
    pub fn names(&self) -> Vec<&'static str> {
        self.asked.iter().map(|about| about.topic.name()).collect()
    }
}
