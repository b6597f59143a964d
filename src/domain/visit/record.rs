//! One person's visit on one day, and what a step makes of it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::lane::{Lane, Reason};
use super::state::{Action, State};
use crate::domain::office::OfficeId;
use crate::domain::person::Nama;

/// One person at an office on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its number in the database.
    pub id: i64,
    /// The office.
    pub office: OfficeId,
    /// The day, at the office.
    pub date: NaiveDate,
    /// The booking; `None` where somebody came without one.
    pub booking: Option<i64>,
    /// The person's place in the booking's party, from 0.
    pub person: u32,
    /// The name of somebody without a booking, where it was told.
    pub name: Option<Nama>,
    /// The number that is called; no other visit of the day has it.
    pub number: String,
    /// The row that they wait in.
    pub lane: Lane,
    /// Why they cannot wait long.
    pub reason: Option<Reason>,
    /// The booked hour.
    pub hour: Option<u8>,
    /// The order in the lane.
    pub place: i64,
    /// Where the visit stands.
    pub state: State,
    /// Steps so far.
    pub version: i64,
    /// The last counter that called.
    pub counter: Option<u32>,
    /// The only counter that may call.
    pub target: Option<u32>,
    /// How often it has been called since it last waited.
    pub calls: u32,
    /// How often nobody came to the counter.
    pub missed: u32,
    /// When they came.
    pub arrived_at: Option<DateTime<Utc>>,
    /// When they were called last.
    pub called_at: Option<DateTime<Utc>>,
    /// When they came to the counter.
    pub served_at: Option<DateTime<Utc>>,
    /// When they were served, or the day ended for them.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What an undo brings back: everything that a step can change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    number: String,
    lane: Lane,
    reason: Option<Reason>,
    place: i64,
    state: State,
    counter: Option<u32>,
    target: Option<u32>,
    calls: u32,
    missed: u32,
    arrived_at: Option<DateTime<Utc>>,
    called_at: Option<DateTime<Utc>>,
    served_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
}

impl Visit {
    /// Somebody of whom nothing is known yet but that they are here; the number is to be filled in.
    pub fn blank(id: i64, office: OfficeId, date: NaiveDate) -> Self {
        Self {
            id,
            office,
            date,
            booking: None,
            person: 0,
            name: None,
            number: String::new(),
            lane: Lane::WalkIn,
            reason: None,
            hour: None,
            place: 0,
            state: State::Arrived,
            version: 1,
            counter: None,
            target: None,
            calls: 0,
            missed: 0,
            arrived_at: None,
            called_at: None,
            served_at: None,
            ended_at: None,
        }
    }

    /// The place in the row of bookings: by hour, then by seat.
    pub fn place_of_seat(hour: u8, seat: u32) -> i64 {
        i64::from(hour) * 1_000_000 + i64::from(seat)
    }

    /// The place in a row that goes by arrival.
    pub fn place_of_arrival(at: DateTime<Utc>) -> i64 {
        at.timestamp_micros()
    }

    /// The visit after a step at `at`; `None` where the table of steps has none. `counter` is the one that a call comes from, or that
    /// a redirection names.
    pub fn after(&self, action: Action, at: DateTime<Utc>, counter: Option<u32>) -> Option<Self> {
        let state = State::after(Some(self.state), action)?;
        let mut next = Self { state, version: self.version + 1, ..self.clone() };
        match action {
            Action::Call => (next.counter, next.calls, next.called_at) = (counter, 1, Some(at)),
            Action::Recall => (next.calls, next.called_at) = (self.calls + 1, Some(at)),
            Action::Come => next.served_at = Some(at),
            Action::Miss => next.missed += 1,
            Action::Finish | Action::EndDay => next.ended_at = Some(at),
            Action::Return => {
                next.wait_again();
                if self.state == State::Missed {
                    (next.lane, next.place) = (Lane::Late, Self::place_of_arrival(at));
                }
            }
            Action::Redirect => {
                next.wait_again();
                next.target = counter;
            }
            Action::Arrive => next.arrived_at = Some(at),
            Action::Park | Action::MarkAbsent | Action::Undo => {}
        }
        Some(next)
    }

    /// Nobody has called, as far as the next call is concerned.
    fn wait_again(&mut self) {
        (self.counter, self.target, self.calls) = (None, None, 0);
        (self.called_at, self.served_at) = (None, None);
    }

    /// What an undo of the next step would bring back.
    pub fn before(&self) -> Before {
        Before {
            number: self.number.clone(),
            lane: self.lane,
            reason: self.reason,
            place: self.place,
            state: self.state,
            counter: self.counter,
            target: self.target,
            calls: self.calls,
            missed: self.missed,
            arrived_at: self.arrived_at,
            called_at: self.called_at,
            served_at: self.served_at,
            ended_at: self.ended_at,
        }
    }

    /// The visit as it was; without an earlier step nobody has come.
    #[must_use]
    pub fn taken_back(&self, before: Option<Before>) -> Self {
        let version = self.version + 1;
        let Some(before) = before else {
            return Self { state: State::Withdrawn, version, ..self.clone() };
        };
        Self {
            number: before.number,
            lane: before.lane,
            reason: before.reason,
            place: before.place,
            state: before.state,
            counter: before.counter,
            target: before.target,
            calls: before.calls,
            missed: before.missed,
            arrived_at: before.arrived_at,
            called_at: before.called_at,
            served_at: before.served_at,
            ended_at: before.ended_at,
            version,
            ..self.clone()
        }
    }
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use super::*;
    use crate::domain::sample::day;

    /// A visit of the booking's row, at 9.00 UTC.
    pub(in crate::domain) fn waiting(id: i64, lane: Lane, hour: Option<u8>, place: i64) -> Visit {
        Visit {
            booking: hour.map(|_| id),
            number: format!("{id}"),
            lane,
            hour,
            place,
            arrived_at: Some("2026-08-04T01:00:00Z".parse().unwrap()),
            ..Visit::blank(id, OfficeId::read("bogor").unwrap(), day(2026, 8, 4))
        }
    }

    // Negative control: with `calls` left out of `Before`, the undo of a second call left two.
    #[test]
    fn whatever_is_done_the_undo_brings_everything_back_but_the_version() {
        let at: DateTime<Utc> = "2026-08-04T02:00:00Z".parse().unwrap();
        let mut known = vec![waiting(1, Lane::Booked, Some(9), Visit::place_of_seat(9, 1))];
        let mut steps = 0;
        // All states that steps lead to, three steps deep and more.
        for depth in 0..5 {
            for visit in known.clone() {
                for action in Action::ALL {
                    let Some(next) = visit.after(action, at, Some(3)) else { continue };
                    assert_eq!(next.version, visit.version + 1);
                    let back = next.taken_back(Some(visit.before()));
                    assert_eq!(Visit { version: visit.version, ..back.clone() }, visit, "{action:?} at depth {depth}");
                    assert_eq!(back.version, visit.version + 2, "an undo is a step of its own");
                    steps += 1;
                    if !known.iter().any(|seen| seen.before() == next.before()) {
                        known.push(next);
                    }
                }
            }
        }
        assert!(steps > 60, "{steps}");
        assert_eq!(known[0].taken_back(None).state, State::Withdrawn);
    }

    #[test]
    fn whoever_was_missed_waits_at_the_end_and_whoever_was_parked_where_they_were() {
        let at: DateTime<Utc> = "2026-08-04T02:00:00Z".parse().unwrap();
        let first = waiting(1, Lane::Booked, Some(9), 9_000_001);
        let called = first.after(Action::Call, at, Some(3)).unwrap();
        let missed =
            called.after(Action::Miss, at, None).and_then(|visit| visit.after(Action::Return, at, None)).unwrap();
        assert_eq!((missed.lane, missed.place, missed.missed), (Lane::Late, at.timestamp_micros(), 1));
        let parked =
            called.after(Action::Park, at, None).and_then(|visit| visit.after(Action::Return, at, None)).unwrap();
        assert_eq!((parked.lane, parked.place, parked.counter, parked.calls), (Lane::Booked, 9_000_001, None, 0));
        let sent = called.after(Action::Redirect, at, Some(5)).unwrap();
        assert_eq!((sent.lane, sent.place, sent.target, sent.counter), (Lane::Booked, 9_000_001, Some(5), None));
    }
}
