//! What is told of an offered seat.

use crate::conversation::outcome::Outcome;
use crate::conversation::snapshot::Snapshot;
use crate::conversation::waiting::WaitingTold;
use crate::domain::booking::Booking;
use crate::domain::waiting::Waiting;

/// What is told of a seat that is offered.
pub(super) fn offered(snapshot: &Snapshot<'_>, hold: &Booking) -> Outcome {
    let entry = snapshot.waiting.and_then(|list| list.offered(hold.id));
    let instead_of = entry
        .and_then(|entry| entry.booking)
        .and_then(|(id, _)| snapshot.bookings.iter().find(|booking| booking.id == id))
        .cloned();
    let is_last = entry.is_some_and(Waiting::is_last_offer);
    Outcome::Waiting(Box::new(WaitingTold::Offered { hold: hold.clone(), instead_of, is_last }))
}

/// What is told of a seat that was offered and is not wanted.
pub(super) fn declined(snapshot: &Snapshot<'_>, hold: &Booking) -> Outcome {
    let entry = snapshot.waiting.and_then(|list| list.offered(hold.id));
    let is_over = entry.is_none_or(Waiting::is_last_offer);
    Outcome::Waiting(Box::new(WaitingTold::Declined { is_over }))
}
