//! Notices: what an office says unasked, by kind, and why one is dropped instead.

use std::fmt;

use chrono::{DateTime, Utc};

use super::message::{ChannelId, Contact};
use super::office::OfficeId;

/// Notices of one line that stand in the outbox at most: what a slow line sends in some seconds. The others stay planned, so that
/// replies never queue behind them, and an officer can stop them.
pub const WAITING_MAX: u32 = 4;

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
    pub const ALL: [Self; 10] = [
        Self::HoldLapsing,
        Self::HoldLapsed,
        Self::Reminder,
        Self::Forfeited,
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
        matches!(self, Self::DayClosed | Self::Officer)
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

/// A notice that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub id: i64,
    /// The office that says it.
    pub office: OfficeId,
    /// What it is about.
    pub kind: Kind,
    /// The line that it goes out by.
    pub channel: ChannelId,
    /// The contact that it goes to.
    pub contact: Contact,
    /// The booking that it is about, by its number, if it is about one.
    pub booking: Option<i64>,
    /// What makes it another notice than the last one of its kind about the same booking, or to the same contact: the day of a
    /// reminder, the number of a closing.
    pub occasion: String,
    /// What it says besides the booking, as JSON of its kind's own.
    pub detail: Option<String>,
    /// Not before.
    pub due: DateTime<Utc>,
    /// Not after: late news is dropped.
    pub drop_after: DateTime<Utc>,
}

impl Notice {
    /// Whom or what it is said to once for each kind and occasion: the booking, or the contact where it is about none.
    pub fn subject(&self) -> String {
        self.booking.map_or_else(|| format!("{} {}", self.channel.as_str(), self.contact.as_str()), |id| id.to_string())
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
