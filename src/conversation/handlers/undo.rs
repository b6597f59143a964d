//! `#urung`: takes back what the number did last, once, within ten minutes.
//!
//! A booking that comes back counts as a new one under every rule: it may be refused like a form. Its seat is given again if it is
//! still free; otherwise the nearest one is offered, and only `ya` takes it.

use super::{day, hold, limits};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::last_act::{Act, LastAct};
use crate::conversation::outcome::{Outcome, Undone};
use crate::conversation::question::{Choices, Question};
use crate::conversation::refusal::Refusal;
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Booking, State};
use crate::domain::seats::{NotLoaded, Wish};
use crate::domain::slot::{Slot, horizon, last_day};

/// `#urung`.
pub(in crate::conversation) fn undo(context: &mut Context<'_>) -> Result<Decision, NotLoaded> {
    let Some((act, booking)) = last_act(context.snapshot) else { return Ok(nothing(context)) };
    match act {
        Act::Cancelled(_) => restore(context, booking, None),
        Act::Booked(_) => take_back(context, booking),
    }
}

/// `ya` to the seat that was offered instead of one that was given to others; `None` where no such question is open.
pub(super) fn accepted(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let Choices::Restore { booking, slot } = *context.snapshot.open_question()? else { return None };
    let (Act::Cancelled(_), cancelled) = last_act(context.snapshot)? else { return None };
    (cancelled.id == booking).then(|| restore(context, cancelled, Some(slot)))
}

/// The last act and its booking, where it can still be taken back.
fn last_act<'a>(snapshot: &Snapshot<'a>) -> Option<(Act, &'a Booking)> {
    let last = snapshot.chat.last_act.filter(|last| last.is_open(snapshot.now))?;
    let booking = snapshot.bookings.iter().find(|booking| booking.id == last.booking())?;
    let is_as_left = match last.act {
        Act::Cancelled(_) => booking.state == State::Cancelled,
        Act::Booked(_) => booking.state == State::Booked && booking.is_live(snapshot.office, snapshot.now),
    };
    is_as_left.then_some((last.act, booking))
}

fn nothing(context: &Context<'_>) -> Decision {
    let mut chat = context.chat();
    chat.question = None;
    chat.last_act = None;
    Decision::tell(chat, Outcome::NothingToUndo)
}

/// Takes a booking back that was made in one step, whatever the office's rule for cancelling: without a confirmation in
/// between, a slip books too.
fn take_back(context: &mut Context<'_>, booking: &Booking) -> Result<Decision, NotLoaded> {
    context.seats.give_back(booking.slot, &booking.seats)?;
    let mut undone = booking.clone();
    undone.become_state(State::Cancelled);
    let mut chat = context.chat();
    chat.question = None;
    let outcome = Outcome::Undone { booking: undone.clone(), what: Undone::Booking };
    Ok(Decision::tell(chat, outcome).with([undone]))
}

/// Gives a cancelled booking back to its citizen: its own seat, the one that they `agreed` to, or an offer.
fn restore(context: &mut Context<'_>, cancelled: &Booking, agreed: Option<Slot>) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let is_over = cancelled.hold_until.is_some_and(|until| until <= now);
    if is_over || (cancelled.awaits.is_some() && context.snapshot.hold().is_some()) {
        return Ok(nothing(context));
    }
    let mut chat = context.chat();
    chat.question = None;
    if let Some(refused) = refusal(context, cancelled) {
        return Ok(Decision::tell(chat, refused));
    }
    let slot = if context.seats.fits(office, calendar, cancelled.slot, cancelled.party(), now)? {
        cancelled.slot
    } else {
        let Some(nearest) = nearest(context, cancelled)? else {
            let last = last_day(office, calendar, now).unwrap_or_else(|| horizon(office, now));
            let party = u8::try_from(cancelled.party()).unwrap_or(u8::MAX);
            let refusal = Refusal::AllFull { last, session: cancelled.applicant.sesi, party };
            return Ok(Decision::tell(chat, Outcome::Refused(refusal)));
        };
        if agreed != Some(nearest) {
            chat.question = Some(Question::new(Choices::Restore { booking: cancelled.id, slot: nearest }, now));
            // The answer gets as much time again.
            chat.last_act = Some(LastAct { act: Act::Cancelled(cancelled.id), at: now });
            return Ok(Decision::tell(chat, Outcome::UndoOffer { booking: cancelled.clone(), slot: nearest }));
        }
        nearest
    };
    let mut restored = cancelled.clone();
    restored.seats = context.seats.take_again(office, calendar, slot, &cancelled.seats);
    restored.slot = slot;
    restored.become_state(if cancelled.awaits.is_some() { State::Held } else { State::Booked });
    if restored.state == State::Held {
        hold::resume(context, &mut restored);
    }
    let outcome = Outcome::Undone { booking: restored.clone(), what: Undone::Cancel };
    Ok(Decision::tell(chat, outcome).with([restored]))
}

/// Why a cancelled booking cannot come back, whatever seats are free.
fn refusal(context: &Context<'_>, cancelled: &Booking) -> Option<Outcome> {
    let snapshot = context.snapshot;
    limits::too_many_beside(snapshot)
        .or_else(|| day::outside_intake(context))
        .or_else(|| day::refused_day(snapshot, cancelled.slot.date, None, None))
        .map(Outcome::Refused)
        .or_else(|| limits::has_booking(snapshot, &cancelled.applicant, None))
}

/// The nearest seat for as many people: on its day, after it, before it.
fn nearest(context: &Context<'_>, cancelled: &Booking) -> Result<Option<Slot>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let session = cancelled.applicant.sesi;
    let wish = Wish { from: cancelled.slot.date, party: cancelled.party(), roll: true, session };
    match context.seats.find(office, calendar, wish, now)? {
        Some(slot) => Ok(Some(slot)),
        None => context.seats.find(office, calendar, Wish { from: office.date_at(now), ..wish }, now),
    }
}
