//! Days that were closed after a seat on them was given: the hold ends with the reason, and its code no longer books.

use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::refusal::RefusedDay;
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Booking, State};
use crate::domain::displaced::Remedy;
use crate::domain::office::{Closed, Day};
use crate::domain::seats::NotLoaded;
use crate::domain::slot::next_day_of;

/// Why nobody is served on the day of a booking; `None` where people are, where its year has no calendar yet, or where the office serves
/// this booking all the same.
fn why(snapshot: &Snapshot<'_>, booking: &Booking) -> Option<RefusedDay> {
    if booking.displaced.is_some_and(|displaced| displaced.remedy == Remedy::Keep) {
        return None;
    }
    match snapshot.office.day(snapshot.calendar, booking.slot.date) {
        Day::Open(_) | Day::Closed(Closed::UnknownCalendar) => None,
        Day::Closed(Closed::Weekday(weekday)) => Some(RefusedDay::Weekday(weekday)),
        Day::Closed(Closed::Holiday(holiday)) => Some(RefusedDay::Holiday(holiday.clone())),
        Day::Closed(Closed::Dated(reason)) => Some(RefusedDay::Closed(reason.to_owned())),
    }
}

/// What is told of a hold whose day is closed now; `None` where it is open.
pub(super) fn told(snapshot: &Snapshot<'_>, hold: &Booking) -> Option<Outcome> {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let why = why(snapshot, hold)?;
    let next_from = |from| next_day_of(office, calendar, hold.applicant.sesi, from, now);
    let next = next_from(hold.slot.date).or_else(|| next_from(office.date_at(now)));
    Some(Outcome::HoldOnClosedDay { hold: Box::new(hold.clone()), why, next })
}

/// Ends a hold whose day is closed now, with the reason; `None` where it is open.
pub(super) fn ended(context: &mut Context<'_>, hold: &Booking) -> Result<Option<Decision>, NotLoaded> {
    let Some(outcome) = told(context.snapshot, hold) else { return Ok(None) };
    context.seats.give_back(hold.slot, &hold.seats)?;
    let mut over = hold.clone();
    // Expired, so that its code still gets the reason, and books should the day open again.
    over.become_state(State::Expired);
    Ok(Some(context.tell(outcome).with([over])))
}
