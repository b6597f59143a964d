//! Why a valid form cannot be served.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};

use crate::domain::booking::Booking;
use crate::domain::calendar::Holiday;
use crate::domain::office::Relatives;
use crate::domain::person::Nama;
use crate::domain::slot::Session;
use crate::grammar::Form;

/// Why a form that is right cannot be served; each has its own reason and next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The asked day cannot be given, whatever its seats.
    Day {
        /// The day.
        asked: NaiveDate,
        /// Why not.
        why: RefusedDay,
        /// The next day that can be given, as far as the calendar goes.
        next: Option<NaiveDate>,
        /// The form, to be shown with that day.
        form: Option<Box<Form>>,
    },
    /// The asked day is full, and this office does not move people by itself.
    Full {
        /// The day.
        asked: NaiveDate,
        /// A day with free seats, where the office suggests one.
        suggest: Option<NaiveDate>,
        /// The form, to be shown with that day.
        form: Option<Box<Form>>,
        /// The half of the day that was asked for; only that is full.
        session: Option<Session>,
        /// People who have to come in one hour.
        party: u8,
    },
    /// Every day up to the horizon is full, or none is open.
    AllFull {
        /// The last day that can be asked for today.
        last: NaiveDate,
        /// The half of the day that was asked for; only that is full, or never open.
        session: Option<Session>,
        /// People who have to come in one hour.
        party: u8,
    },
    /// Messages are taken at certain hours only, and this one was sent before or after them.
    OutsideIntake {
        /// First minute of the window.
        from: NaiveTime,
        /// First minute after the window.
        until: NaiveTime,
        /// The day on which it opens next; `None` when no calendar says.
        next: Option<NaiveDate>,
        /// Whether it opens later on the day of sending (`07.29`).
        later_today: bool,
        /// The holiday on the day of sending, if that is why.
        holiday: Option<Holiday>,
    },
    /// The form is for more people than one booking may be for here.
    TooManyPeople {
        /// People on the form.
        party: u8,
        /// How many it may be for.
        limit: u32,
    },
    /// Somebody on the form has as many live bookings as one person may have here. The reply tells nothing more about them.
    PersonIsBooked {
        /// Who, as this form writes it.
        nama: Nama,
    },
    /// The number has taken as many unconfirmed holds today as it may.
    TooManyHolds {
        /// How many it may take.
        limit: u32,
        /// The hold that it has, which stays; empty without one.
        holds: Vec<Booking>,
    },
    /// The number has as many live bookings as it may have, none of them for the people on the form.
    NotRegistered {
        /// The people on the form.
        names: Vec<Nama>,
        /// Those bookings.
        bookings: Vec<Booking>,
        /// How many it may have.
        limit: u32,
        /// Who could be registered beside them; `None`: nobody.
        relatives: Option<Relatives>,
    },
    /// Somebody on the form is registered from this number, others are not.
    NotAllRegistered {
        /// The booking that stands.
        booking: Box<Booking>,
        /// Who is not on it, by name; empty where the form only counts people.
        names: Vec<Nama>,
        /// People on the form.
        party: u8,
    },
    /// The number has as many live bookings as it may have.
    TooMany {
        /// Those bookings.
        bookings: Vec<Booking>,
        /// How many it may have.
        limit: u32,
    },
}

impl Refusal {
    /// Its reason in the words of reports, which count it by these names from then on.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Day { why, .. } => why.name(),
            Self::Full { .. } => "refused: day full",
            Self::AllFull { .. } => "refused: all days full",
            Self::OutsideIntake { .. } => "refused: outside intake hours",
            Self::TooManyPeople { .. } => "refused: too many people",
            Self::PersonIsBooked { .. } => "refused: person is booked",
            Self::TooManyHolds { .. } => "refused: too many holds",
            Self::NotRegistered { .. } | Self::NotAllRegistered { .. } => "refused: number has others",
            Self::TooMany { .. } => "refused: number has too many",
        }
    }
}

/// Why a day cannot be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusedDay {
    /// It is over.
    Past,
    /// It is too soon: this office books from `earliest` on.
    TooSoon {
        /// The first day that may be asked for.
        earliest: NaiveDate,
    },
    /// The office never opens on this weekday.
    Weekday(Weekday),
    /// A holiday or joint leave, by name.
    Holiday(Holiday),
    /// The office's own closing, and its reason.
    Closed(String),
    /// It lies beyond the last day that may be asked for.
    BeyondHorizon {
        /// The last day.
        last: NaiveDate,
    },
    /// It is open, but no hour of this half of it can be given.
    NoSession(Session),
    /// The holidays of its year are not known yet.
    UnknownCalendar,
    /// It is open, but its seats cannot be booked yet.
    NotReleased {
        /// When the first of them can.
        opens: DateTime<Utc>,
    },
}

impl RefusedDay {
    /// Its name in reports.
    fn name(&self) -> &'static str {
        match self {
            Self::Past => "refused: day is over",
            Self::TooSoon { .. } => "refused: too soon",
            Self::Weekday(_) => "refused: closed that weekday",
            Self::Holiday(_) => "refused: holiday",
            Self::Closed(_) => "refused: office closed",
            Self::BeyondHorizon { .. } => "refused: too far ahead",
            Self::NoSession(_) => "refused: not that half of the day",
            Self::UnknownCalendar => "refused: no calendar",
            Self::NotReleased { .. } => "refused: not released yet",
        }
    }
}

/// Why a booking is not moved to the day that was asked for; others are offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotThatDay {
    /// It is on that day already.
    Same,
    /// The day is full, or the half of it that the booking is for, or no hour of it has room for all of its people.
    Full {
        /// The day.
        asked: NaiveDate,
    },
    /// The day cannot be given, whatever its seats.
    Refused {
        /// The day.
        asked: NaiveDate,
        /// Why not.
        why: RefusedDay,
    },
}
