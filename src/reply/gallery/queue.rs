//! Replies to people who are at the counter.

use chrono::TimeDelta;

use super::super::sample::Sample;
use super::{Shown, shown, two};
use crate::conversation::{Outcome, OwnVisit};
use crate::domain::visit::{Estimate, State, Visit, Wait};

pub(super) fn all() -> Vec<Shown> {
    let batam = Sample::batam();
    let own = |number: &str, state, wait| {
        let blank = Visit::blank(1, batam.office.id.clone(), batam.office.date_at(batam.now));
        OwnVisit { visit: Visit { number: number.to_owned(), state, counter: Some(3), ..blank }, wait }
    };
    let estimate = Estimate { from: 20, until: 40, as_of: batam.now - TimeDelta::minutes(5) };
    let waits = |before, estimate| own("09-017", State::Arrived, Some(Wait { before, estimate }));
    let queue = |visits, bookings| Outcome::Queue { visits, bookings };
    let one = |visit| queue(vec![visit], Vec::new());
    let mut replies = vec![
        shown("queue: waits, with an estimate", &batam, one(waits(6, Some(estimate)))),
        shown("queue: waits, nobody knows how long", &batam, one(waits(6, None))),
        shown("queue: is next", &batam, one(waits(0, None))),
        shown(
            "queue: two of a family, and another booking",
            &batam,
            queue(vec![waits(6, None), own("P-03", State::Called, None)], two(&batam)),
        ),
        shown(
            "already here: neither cancelled nor moved",
            &batam,
            Outcome::AlreadyHere { numbers: vec!["09-017".to_owned(), "09-018".to_owned()] },
        ),
    ];
    for state in [State::Called, State::Serving, State::Parked, State::Missed, State::Done, State::Unserved] {
        replies.push(shown(format!("queue: {}", state.name()), &batam, one(own("09-017", state, None))));
    }
    replies
}
