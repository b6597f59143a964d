//! A booking and the one table of transitions that moves it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::attendance::Attendance;
use super::code::{ApprovalCode, BookingCode};
use super::displaced::Displaced;
use super::message::{ChannelId, Contact};
use super::office::{FormatId, Office, OfficeId};
use super::person::Applicant;
use super::slot::{Slot, queue_number};

/// Wrong approval codes after which a hold ends: enough for slips, far too few to guess eight digits.
pub const CODE_TRIES_MAX: u32 = 5;

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A seat is kept until the deadline, waiting for the approval code or the photo.
    Held,
    /// The seat is the citizen's.
    Booked,
    /// A hold whose deadline passed; its seat went back.
    Expired,
    /// A hold that a newer form took the place of.
    Replaced,
    /// Given back by the citizen, held or booked.
    Cancelled,
    /// A hold ended by too many wrong codes.
    Blocked,
}

impl State {
    /// All states, for tables and tests.
    pub const ALL: [Self; 6] =
        [Self::Held, Self::Booked, Self::Expired, Self::Replaced, Self::Cancelled, Self::Blocked];

    /// Whether a booking in this state has seats.
    pub fn has_seats(self) -> bool {
        matches!(self, Self::Held | Self::Booked)
    }

    /// The one table of transitions: whether a booking may go from `self` to `next`.
    pub fn may_become(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Held, Self::Booked | Self::Expired | Self::Replaced | Self::Cancelled | Self::Blocked)
                | (Self::Booked, Self::Cancelled)
                // A late code books anew if a seat on the day is still free.
                | (Self::Expired, Self::Booked)
                // A cancellation that is taken back within minutes.
                | (Self::Cancelled, Self::Held | Self::Booked)
        )
    }

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Expired => "expired",
            Self::Replaced => "replaced",
            Self::Cancelled => "cancelled",
            Self::Blocked => "blocked",
        }
    }

    /// The state of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// What a hold waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaits {
    /// The approval code.
    Code,
    /// The photo that the format asks for.
    Photo,
    /// `ya` to a seat that came back and is offered to somebody on the waiting list.
    Offer,
}

/// One booking: one form, one code, one hour, a seat for each person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Its number in the database; unique over all offices.
    pub id: i64,
    /// The office.
    pub office: OfficeId,
    /// The version of the office's file that it was made under.
    pub office_version: u32,
    /// The format that its form was read by.
    pub format: FormatId,
    /// The channel that the form came by.
    pub channel: ChannelId,
    /// Who sent the form.
    pub contact: Contact,
    /// Whom it is for.
    pub applicant: Applicant,
    /// The day that the form asked for; `None` where the format has none.
    pub asked: Option<NaiveDate>,
    /// The hour given.
    pub slot: Slot,
    /// The seats given in it, ascending, one a person; kept after release for the record.
    pub seats: Vec<u32>,
    /// Where it stands.
    pub state: State,
    /// The booking code, which the citizen shows at the entrance.
    pub code: BookingCode,
    /// The approval code of a hold that awaits one.
    pub approval: Option<ApprovalCode>,
    /// Wrong approval codes so far.
    pub tries: u32,
    /// What a hold waits for.
    pub awaits: Option<Awaits>,
    /// When a hold ends; `None` once booked.
    pub hold_until: Option<DateTime<Utc>>,
    /// The photo that came with it, by its number in the database.
    pub photo: Option<i64>,
    /// How often its citizen moved it to another day while it was booked; moves that the office caused are not counted.
    pub moves: u32,
    /// What the office decided when it closed or shrank the day of its place; `None` where that never happened, or where its citizen
    /// has moved it since.
    pub displaced: Option<Displaced>,
    /// Whether its citizen has to say that they come; `None` where nobody asks.
    pub attendance: Option<Attendance>,
    /// When the form was served.
    pub created_at: DateTime<Utc>,
}

impl Booking {
    /// Whether it has seats and its hour is not over: what "live" means to citizens and limits.
    ///
    /// A hold ends at its deadline, whether or not its row has been updated; a booking lives until its hour is over.
    pub fn is_live(&self, office: &Office, now: DateTime<Utc>) -> bool {
        match self.state {
            State::Held => self.hold_until.is_some_and(|until| now < until),
            State::Booked => now < self.slot.ends(office),
            _ => false,
        }
    }

    /// Whether its reminder waits for an answer.
    pub fn must_be_answered(&self) -> bool {
        matches!(self.attendance, Some(Attendance::Asked { .. }))
    }

    /// Moves it to `next`.
    ///
    /// # Panics
    /// When the table of transitions forbids it: a bug of the caller, which the desk turns into a message set aside.
    pub fn become_state(&mut self, next: State) {
        assert!(self.state.may_become(next), "a {} booking cannot become {}", self.state.name(), next.name());
        self.state = next;
    }

    /// The queue numbers, `09-017` or `09-017, 09-018`.
    pub fn queue_numbers(&self) -> String {
        self.seats.iter().map(|&seat| queue_number(self.slot, seat)).collect::<Vec<_>>().join(", ")
    }

    /// Persons it is for.
    pub fn party(&self) -> u32 {
        u32::try_from(self.seats.len()).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::State;

    // Negative control: letting Replaced become Booked fails the last assertion.
    #[test]
    fn only_a_lapsed_hold_and_what_was_cancelled_come_back_to_life() {
        let revivals: Vec<(State, State)> = State::ALL
            .into_iter()
            .flat_map(|from| State::ALL.into_iter().map(move |to| (from, to)))
            .filter(|(from, to)| !from.has_seats() && to.has_seats() && from.may_become(*to))
            .collect();
        let cancelled = [(State::Cancelled, State::Held), (State::Cancelled, State::Booked)];
        assert_eq!(revivals, [&[(State::Expired, State::Booked)][..], &cancelled].concat());
    }

    #[test]
    fn names_read_back() {
        for state in State::ALL {
            assert_eq!(State::named(state.name()), Some(state));
        }
    }
}
