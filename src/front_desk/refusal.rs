//! Why an action of a front desk is refused, each with its next step.

use chrono::{DateTime, Utc};

use crate::domain::booking::State as BookingState;
use crate::domain::code::BookingCode;
use crate::domain::office::{OfficeId, Zone};
use crate::domain::slot::Slot;
use crate::domain::visit::{Action, State};

/// Why an action is refused; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The text is no booking code, or no booking of any office has it.
    UnknownCode {
        /// The code of a booking of today that is one slip away.
        closest: Option<BookingCode>,
    },
    /// The booking is another office's.
    OtherOffice {
        /// Whose it is.
        office: OfficeId,
    },
    /// The booking is for another day.
    OtherDay {
        /// Its hour.
        slot: Slot,
    },
    /// The booking does not stand: it is a hold, or was cancelled, replaced or expired.
    NotStanding {
        /// What it is.
        state: BookingState,
    },
    /// They were entered already.
    AlreadyArrived {
        /// Their numbers.
        numbers: Vec<String>,
        /// When.
        at: DateTime<Utc>,
        /// By whom.
        by: String,
    },
    /// They are too late at an office that forfeits places.
    Forfeited {
        /// Until when they would have been in time.
        until: DateTime<Utc>,
    },
    /// The booking is for fewer people.
    NoSuchPerson {
        /// For how many it is.
        party: u32,
    },
    /// No visit of today has this number.
    UnknownNumber {
        /// The number.
        number: String,
    },
    /// The visit is in a state that the action is not for.
    NotNow {
        /// The number.
        number: String,
        /// The state.
        state: State,
        /// The counter that is, or was, at work.
        counter: Option<u32>,
        /// Since when it is so.
        at: DateTime<Utc>,
        /// Who brought it there.
        by: String,
    },
    /// Nobody is at this counter.
    NobodyHere {
        /// The counter.
        counter: u32,
    },
    /// The counter is closed.
    CounterClosed {
        /// The counter.
        counter: u32,
    },
    /// Somebody else works at the counter.
    CounterTaken {
        /// The counter.
        counter: u32,
        /// Who.
        by: String,
    },
    /// The counter has to finish with somebody first.
    CounterBusy {
        /// The counter.
        counter: u32,
        /// Whom it has called.
        number: String,
    },
    /// Nobody may be called now.
    NobodyWaits {
        /// People who wait for a later hour, or for room.
        later: usize,
    },
    /// They were called a moment ago.
    CalledJustNow {
        /// Seconds until they may be called again, or count as not here.
        seconds: i64,
    },
    /// They were called often enough.
    CalledEnough,
    /// They were not called often enough to count as not here.
    CallAgainFirst {
        /// How often they were called.
        calls: u32,
    },
    /// They were missed twice.
    MissedTwice,
    /// There is no step that could be taken back.
    NothingToUndo,
    /// The last step is too old.
    TooOldToUndo {
        /// When it was made.
        at: DateTime<Utc>,
    },
    /// The last step is somebody else's.
    UndoOfOther {
        /// What was done.
        action: Action,
        /// By whom.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// The press belongs to another action: its nonce was used before.
    UsedNonce,
}

impl Refusal {
    /// Its name, for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UnknownCode { .. } => "unknown_code",
            Self::OtherOffice { .. } => "other_office",
            Self::OtherDay { .. } => "other_day",
            Self::NotStanding { .. } => "not_standing",
            Self::AlreadyArrived { .. } => "already_arrived",
            Self::Forfeited { .. } => "forfeited",
            Self::NoSuchPerson { .. } => "no_such_person",
            Self::UnknownNumber { .. } => "unknown_number",
            Self::NotNow { .. } => "not_now",
            Self::NobodyHere { .. } => "nobody_here",
            Self::CounterClosed { .. } => "counter_closed",
            Self::CounterTaken { .. } => "counter_taken",
            Self::CounterBusy { .. } => "counter_busy",
            Self::NobodyWaits { .. } => "nobody_waits",
            Self::CalledJustNow { .. } => "called_just_now",
            Self::CalledEnough => "called_enough",
            Self::CallAgainFirst { .. } => "call_again_first",
            Self::MissedTwice => "missed_twice",
            Self::NothingToUndo => "nothing_to_undo",
            Self::TooOldToUndo { .. } => "too_old_to_undo",
            Self::UndoOfOther { .. } => "undo_of_other",
            Self::UsedNonce => "used_nonce",
        }
    }

    /// In words, with times as the clock of `zone` shows them.
    pub fn sentence(&self, zone: Zone) -> String {
        let time = |at: DateTime<Utc>| zone.local(at).format("%H:%M").to_string();
        match self {
            Self::UnknownCode { closest: None } => {
                "no booking has this code; read it again, or search by name: antrean bookings find NAME".to_owned()
            }
            Self::UnknownCode { closest: Some(code) } => format!("no booking has this code; is it {code}, of today?"),
            Self::OtherOffice { office } => format!("this booking is of another office: {office}"),
            Self::OtherDay { slot } => {
                format!("this booking is for {} at {:02}.00, not for today", slot.date.format("%Y-%m-%d"), slot.hour)
            }
            Self::NotStanding { state } => {
                format!("this booking does not stand ({}); they may come in as a walk-in", state.name())
            }
            Self::AlreadyArrived { numbers, at, by } => {
                format!("already here since {}, entered by {by}: {}", time(*at), numbers.join(", "))
            }
            Self::Forfeited { until } => format!(
                "too late: the place was kept until {}; a supervisor may let them in at the end with --admit-late",
                time(*until)
            ),
            Self::NoSuchPerson { party } => format!("this booking is for {party}; name a person from 1 to {party}"),
            Self::UnknownNumber { number } => format!("nobody has the number {number} today; see antrean visit list"),
            Self::NotNow { number, state, counter, at, by } => {
                let counter = counter.map(|counter| format!(" at counter {counter}")).unwrap_or_default();
                format!("{number} is {}{counter} since {}, by {by}", state.name(), time(*at))
            }
            Self::NobodyHere { counter } => format!("counter {counter} has called nobody; call next"),
            Self::CounterClosed { counter } => {
                format!("counter {counter} is closed; open it: antrean visit counter open {counter} --as NAME")
            }
            Self::CounterTaken { counter, by } => {
                format!("counter {counter} is {by}'s; close it first, or take another")
            }
            Self::CounterBusy { counter, number } => {
                format!("counter {counter} still has {number}; end that first: done, missed, park or redirect")
            }
            Self::NobodyWaits { later: 0 } => "nobody waits".to_owned(),
            Self::NobodyWaits { later } => {
                format!("nobody may be called now; {later} wait for their hour, for room, or for another counter")
            }
            Self::CalledJustNow { seconds } => format!("called a moment ago; wait {seconds} s more"),
            Self::CalledEnough => "called often enough; mark them as missed".to_owned(),
            Self::CallAgainFirst { calls } => {
                format!("called {calls} times only; call again before they count as missed")
            }
            Self::MissedTwice => "missed twice; they may come in as a walk-in".to_owned(),
            Self::NothingToUndo => "there is nothing to take back".to_owned(),
            Self::TooOldToUndo { at } => {
                format!("the last step was at {}; only the last minute can be taken back", time(*at))
            }
            Self::UndoOfOther { action, by, at } => {
                format!("the last step ({}, {}) is {by}'s; only they can take it back", action.name(), time(*at))
            }
            Self::UsedNonce => "this nonce was used for another action; draw a new one".to_owned(),
        }
    }
}
