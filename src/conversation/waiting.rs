//! The waiting list as a conversation sees it: what a decision changes, and what a citizen is told.

use chrono::{DateTime, NaiveDate, Utc};

use super::refusal::Refusal;
use crate::domain::booking::Booking;
use crate::domain::shared_offer::SharedOffer;
use crate::domain::slot::Slot;
use crate::domain::waiting::Waiting;
use crate::grammar::Form;

/// What a decision changes on the waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitingStep {
    /// Somebody joins it.
    Join(Box<Joining>),
    /// Somebody takes the seat that they and others are offered.
    Take {
        /// The entry.
        id: i64,
        /// The number of the offer.
        share: i64,
        /// The hold that they have now, where it waits for a photo.
        hold: Option<i64>,
    },
    /// Somebody does not want the seat that they and others are offered.
    Decline {
        /// The entry.
        id: i64,
    },
    /// An entry leaves it, by its id in the database; whether with a seat.
    Leave {
        /// The entry.
        id: i64,
        /// Whether they accepted a seat.
        seated: bool,
    },
}

/// Somebody who joins the waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joining {
    /// The entry.
    pub entry: Waiting,
    /// The form that will be served; `None` where a booking is to be moved.
    pub form: Option<Form>,
}

/// What somebody waits for, and how far the wait is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPlace {
    /// The day; `None`: as soon as possible.
    pub date: Option<NaiveDate>,
    /// How many have the turn before them.
    pub ahead: usize,
    /// The booking that is to be replaced by an earlier one.
    pub booking: Option<Booking>,
    /// The seat that they and others are offered now.
    pub shared: Option<SharedOffer>,
    /// Whether they are reached only for so long after they wrote.
    pub must_write: bool,
}

/// What is told of the waiting list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitingTold {
    /// This office has none.
    NoList,
    /// Their data is needed first.
    NeedsForm,
    /// Too many wait already.
    ListFull,
    /// They are not on it.
    NotWaiting,
    /// They are on it from now on.
    Joined(WaitingPlace),
    /// They are on it already.
    Waits(WaitingPlace),
    /// Their bookings and holds, and their wait.
    Status {
        /// Live bookings and holds, soonest first.
        bookings: Vec<Booking>,
        /// Until when a photo without a form is kept.
        photo_until: Option<DateTime<Utc>>,
        /// Their wait.
        place: WaitingPlace,
    },
    /// They left it.
    Left,
    /// The day that they want is not before that of their booking.
    NotEarlier {
        /// The booking.
        booking: Booking,
    },
    /// A seat is offered to them alone.
    Offered {
        /// The hold.
        hold: Booking,
        /// The booking that it would replace.
        instead_of: Option<Booking>,
        /// Whether their wait ends if they do not take it.
        is_last: bool,
    },
    /// A seat is offered to them and to others at once.
    Shared {
        /// The seat.
        shared: SharedOffer,
        /// How many others.
        others: usize,
        /// The booking that it would replace.
        instead_of: Option<Booking>,
        /// Whether their wait ends if nobody takes it.
        is_last: bool,
    },
    /// They want it, but somebody else was faster; they keep their turn.
    Taken {
        /// The hour.
        slot: Slot,
    },
    /// They do not want the seat that was offered; whether that ended their wait.
    Declined {
        /// Whether the wait is over.
        is_over: bool,
    },
    /// A form came before its day opens: are they to be told at the opening?
    OpeningAsked {
        /// Why the form is refused.
        refusal: Refusal,
    },
    /// They will be told.
    OpeningNoted {
        /// When.
        at: DateTime<Utc>,
    },
    /// They want it, but the time for it is over; whether they are still on the list.
    TooLate {
        /// Whether they still wait.
        still_waits: bool,
    },
}

impl WaitingTold {
    /// Its name for the log.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoList => "no waiting list",
            Self::NeedsForm => "waiting needs a form",
            Self::ListFull => "waiting list full",
            Self::NotWaiting => "not waiting",
            Self::Joined(_) => "waiting joined",
            Self::Waits(_) => "waiting",
            Self::Status { .. } => "status, waiting",
            Self::Left => "waiting left",
            Self::NotEarlier { .. } => "waiting not earlier",
            Self::Offered { .. } => "seat offered",
            Self::Shared { .. } => "seat offered to several",
            Self::Taken { .. } => "offered seat taken",
            Self::Declined { .. } => "offer declined",
            Self::OpeningAsked { .. } => "refused, opening asked",
            Self::OpeningNoted { .. } => "opening noted",
            Self::TooLate { .. } => "offer too late",
        }
    }
}
