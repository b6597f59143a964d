//! Their own visits at the counter: what they are told, and that nothing changes under somebody who is here.

use super::decision::Decision;
use super::outcome::Outcome;
use super::own_visit::OwnVisit;
use super::snapshot::Snapshot;
use crate::domain::booking::{Booking, State};

/// Their visits of today, by number, where anybody of a booking came; `None` where nobody did.
pub(super) fn here_today(snapshot: &Snapshot<'_>) -> Option<Vec<OwnVisit>> {
    let today = snapshot.office.date_at(snapshot.now);
    let mut here: Vec<OwnVisit> =
        snapshot.visits.iter().filter(|own| own.visit.date == today && own.visit.state.has_come()).cloned().collect();
    here.sort_by(|a, b| a.visit.number.cmp(&b.visit.number));
    (!here.is_empty()).then_some(here)
}

/// Their other live bookings and holds, soonest first.
pub(super) fn not_here(snapshot: &Snapshot<'_>) -> Vec<Booking> {
    snapshot.live().into_iter().filter(|booking| numbers_here(snapshot, booking.id).is_none()).cloned().collect()
}

/// The decision instead of one that takes or moves a place whose people are here, or offers that; `None` for every other.
pub(super) fn instead_of(snapshot: &Snapshot<'_>, decision: &Decision) -> Option<Decision> {
    if snapshot.visits.is_empty() {
        return None;
    }
    let of_id = |id: i64| snapshot.bookings.iter().find(|booking| booking.id == id);
    let taken = decision.changed.iter().find_map(|after| {
        let before = of_id(after.id)?;
        let is_kept = after.state == State::Booked && after.slot == before.slot && after.seats == before.seats;
        (!is_kept && before.state == State::Booked).then_some(before)
    });
    let booking = taken.or_else(|| of_id(offered(snapshot, decision.outcome.as_ref()?.first())?))?;
    let numbers = numbers_here(snapshot, booking.id)?;
    let mut chat = snapshot.chat.clone();
    chat.question = None;
    Some(Decision::tell(chat, Outcome::AlreadyHere { numbers }))
}

/// The booking that a reply offers to cancel or to move, or says cannot be.
fn offered(snapshot: &Snapshot<'_>, outcome: &Outcome) -> Option<i64> {
    match outcome {
        // How to cancel is of no use where this is all that they have.
        Outcome::CancelAlone { .. } => match snapshot.live().as_slice() {
            [only] => Some(only.id),
            _ => None,
        },
        Outcome::CancelAsked { booking, .. }
        | Outcome::CancelNotAllowed { booking }
        | Outcome::ConfirmMove { booking, .. }
        | Outcome::MoveRefused { booking, .. } => Some(booking.id),
        Outcome::WhichNewDay { booking, .. } => Some(booking.id),
        _ => None,
    }
}

/// The numbers of a booking's people who are, or were, here; `None` where nobody came.
pub(super) fn numbers_here(snapshot: &Snapshot<'_>, booking: i64) -> Option<Vec<String>> {
    let here = |own: &&OwnVisit| own.visit.booking == Some(booking) && own.visit.state.has_come();
    let numbers: Vec<String> = snapshot.visits.iter().filter(here).map(|own| own.visit.number.clone()).collect();
    (!numbers.is_empty()).then_some(numbers)
}
