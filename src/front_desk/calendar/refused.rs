//! Why a change of a calendar is refused.

use std::fmt;

use super::limits::{CALENDAR_DAYS_MAX, CALENDAR_REASON_CHARS};
use crate::domain::office::SEATS_PER_HOUR_MAX;

/// Why a change of a calendar is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalendarRefused {
    /// Its first day is over.
    Past,
    /// It ends before it begins, or takes more days than one change may.
    Span,
    /// Its last day is further ahead than anybody plans.
    TooFar,
    /// The hours end before they begin.
    Hours,
    /// No number of seats that an hour can have.
    Seats,
    /// No reason, or too long a one.
    Reason,
    /// The day has no hours by the week: they have to be named.
    NoHours,
    /// Everything is so already.
    Nothing,
    /// Somebody has changed the calendar, or the office, since it was looked at.
    Outdated,
    /// People would lose their place, and the office's notices about it are switched off.
    Silent,
    /// There is no such change, or it was taken back before.
    Unknown,
    /// People are being moved and told at this moment.
    Settling,
}

impl CalendarRefused {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Past => "past",
            Self::Span => "span",
            Self::TooFar => "too_far",
            Self::Hours => "hours",
            Self::Seats => "seats",
            Self::Reason => "reason",
            Self::NoHours => "no_hours",
            Self::Nothing => "nothing",
            Self::Outdated => "outdated",
            Self::Silent => "silent",
            Self::Unknown => "unknown",
            Self::Settling => "settling",
        }
    }
}

impl fmt::Display for CalendarRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Past => f.write_str("this day is over; name today or a later one"),
            Self::Span => write!(f, "the last day comes first, or there are more than {CALENDAR_DAYS_MAX} days; name fewer"),
            Self::TooFar => f.write_str("this day is more than a year ahead; write it into the office file"),
            Self::Hours => f.write_str("these hours end before they begin; write whole hours like 10-12"),
            Self::Seats => write!(f, "an hour has 1 to {SEATS_PER_HOUR_MAX} seats; to close it use `close`"),
            Self::Reason => write!(f, "give a reason of 3 to {CALENDAR_REASON_CHARS} characters; citizens read it"),
            Self::NoHours => f.write_str("the office has no hours on this day of the week; name them, such as --hours 08-12"),
            Self::Nothing => f.write_str("this is so already; nothing was changed"),
            Self::Outdated => f.write_str("somebody has changed this calendar meanwhile; look at it again"),
            Self::Silent => f.write_str(
                "the office file says `day_closed = false` in [notices]: nobody would be told. Switch that on, or keep everybody",
            ),
            Self::Unknown => f.write_str("there is no such change, or it was taken back before"),
            Self::Settling => f.write_str("people are being moved and told at this moment; try again in a minute"),
        }
    }
}
