//! The kinds of notices, and why one is dropped instead of said.

use std::fmt;

/// What a notice is about. Its name stands in the database and is its key in an office file, with `_` for `-`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An unconfirmed hold lapses in some minutes.
    HoldLapsing,
    /// An unconfirmed hold has lapsed.
    HoldLapsed,
    /// The visit is tomorrow.
    Reminder,
    /// The place was forfeited: its citizen did not come.
    Forfeited,
    /// The place was given back: its reminder had to be answered, and was not.
    Released,
    /// The day of a booking was closed, or has fewer places.
    DayClosed,
    /// What was applied for can be collected.
    Ready,
    /// A message of the office to everybody booked on a day.
    Message,
    /// A place that came back is offered to somebody on the waiting list.
    Offer,
    /// Places that somebody waits for open now.
    Opening,
    /// An officer wrote, or ended a talk.
    Officer,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 11] = [
        Self::HoldLapsing,
        Self::HoldLapsed,
        Self::Reminder,
        Self::Forfeited,
        Self::Released,
        Self::DayClosed,
        Self::Ready,
        Self::Message,
        Self::Offer,
        Self::Opening,
        Self::Officer,
    ];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::HoldLapsing => "hold-lapsing",
            Self::HoldLapsed => "hold-lapsed",
            Self::Reminder => "reminder",
            Self::Forfeited => "forfeited",
            Self::Released => "released",
            Self::DayClosed => "day-closed",
            Self::Ready => "ready",
            Self::Message => "message",
            Self::Offer => "offer",
            Self::Opening => "opening",
            Self::Officer => "officer",
        }
    }

    /// Its key in `[notices]` of an office file.
    pub fn key(self) -> &'static str {
        match self {
            Self::HoldLapsing => "hold_lapsing",
            Self::HoldLapsed => "hold_lapsed",
            Self::DayClosed => "day_closed",
            one_word => one_word.name(),
        }
    }

    /// The kind of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether it is said to those too who want no messages: the office cancels or moves what they have, or an officer answers what
    /// they asked.
    pub fn is_owed(self) -> bool {
        matches!(self, Self::DayClosed | Self::Released | Self::Officer)
    }

    /// Whether it may be said at night: an officer who answers at that hour does so on purpose.
    pub fn ignores_quiet_hours(self) -> bool {
        self == Self::Officer
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a notice was dropped instead of said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dropped {
    /// It would have come too late to be of use.
    Late,
    /// The citizen wants no messages that they did not ask for.
    OptedOut,
    /// What it is about is not so any more: the booking was cancelled or moved, the hold confirmed.
    Outdated,
    /// The office says nothing of this kind, or is gone.
    Off,
    /// An officer stopped it.
    Stopped,
}

impl Dropped {
    /// All reasons.
    pub const ALL: [Self; 5] = [Self::Late, Self::OptedOut, Self::Outdated, Self::Off, Self::Stopped];

    /// Its name in the database and for officers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::OptedOut => "opted out",
            Self::Outdated => "outdated",
            Self::Off => "off",
            Self::Stopped => "stopped",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_keys_are_names_with_underscores() {
        for kind in Kind::ALL {
            assert_eq!(Kind::named(kind.name()), Some(kind));
            assert_eq!(kind.key(), kind.name().replace('-', "_"));
        }
    }
}
