//! The rows that people wait in.

use serde::{Deserialize, Serialize};

/// The row that somebody waits in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lane {
    /// With a booking and on time: by hour and seat.
    Booked,
    /// Those who cannot wait long, by arrival: one of four calls at least.
    Priority,
    /// Without a booking, by arrival: called while the hour has room.
    WalkIn,
    /// Too late, or not here when they were called, by arrival: after everybody else.
    Late,
}

/// Why somebody cannot wait long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// With a small child.
    Toddler,
    /// Old.
    Elderly,
    /// Disabled.
    Disabled,
    /// Pregnant.
    Pregnant,
}

impl Lane {
    /// All lanes.
    pub const ALL: [Self; 4] = [Self::Booked, Self::Priority, Self::WalkIn, Self::Late];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Priority => "priority",
            Self::WalkIn => "walk_in",
            Self::Late => "late",
        }
    }

    /// The lane of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lane| lane.name() == name)
    }
}

impl Reason {
    /// All reasons.
    pub const ALL: [Self; 4] = [Self::Toddler, Self::Elderly, Self::Disabled, Self::Pregnant];

    /// Its name in the database and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Toddler => "toddler",
            Self::Elderly => "elderly",
            Self::Disabled => "disabled",
            Self::Pregnant => "pregnant",
        }
    }

    /// The reason of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}
