//! `#urung`: takes back what the number did last, once, within ten minutes.
//!
//! A booking that comes back counts as a new one under every rule: it may be refused like a form. Its seat is given again if it is
//! still free; otherwise the nearest one is offered, and only `ya` takes it.

use super::comeback::{self, Comeback};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::last_act::{Act, Change, LastAct};
use crate::conversation::outcome::Outcome;
use crate::conversation::question::Choices;
use crate::conversation::snapshot::Snapshot;
use crate::conversation::undone::Undone;
use crate::domain::booking::{Booking, State};
use crate::domain::seats::NotLoaded;

/// `#urung`.
pub(in crate::conversation) fn undo(context: &mut Context<'_>) -> Result<Decision, NotLoaded> {
    let Some((act, booking)) = last_act(context.snapshot) else { return Ok(comeback::nothing(context)) };
    match act {
        Act::Cancelled(_) => comeback::restore(context, &of_cancelled(booking), None),
        Act::Booked(_) => take_back(context, booking),
        Act::Changed(change) => comeback::restore(context, &of_changed(booking, change), None),
    }
}

/// `ya` to the seat that was offered instead of one that was given to others; `None` where no such question is open.
pub(super) fn accepted(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let Choices::Restore { booking: asked, slot } = *context.snapshot.open_question()? else { return None };
    let (act, booking) = last_act(context.snapshot).filter(|(_, booking)| booking.id == asked)?;
    let back = match act {
        Act::Cancelled(_) => of_cancelled(booking),
        Act::Changed(change) => of_changed(booking, change),
        Act::Booked(_) => return None,
    };
    Some(comeback::restore(context, &back, Some(slot)))
}

/// The last act and its booking, where it can still be taken back.
fn last_act<'a>(snapshot: &Snapshot<'a>) -> Option<(&'a Act, &'a Booking)> {
    let last: &LastAct = snapshot.chat.last_act.as_ref().filter(|last| last.is_open(snapshot.now))?;
    let booking = snapshot.bookings.iter().find(|booking| booking.id == last.booking())?;
    let is_live = booking.is_live(snapshot.office, snapshot.now);
    let is_as_left = match &last.act {
        Act::Cancelled(_) => booking.state == State::Cancelled,
        Act::Booked(_) => booking.state == State::Booked && is_live,
        Act::Changed(change) => is_live && change.left(booking),
    };
    is_as_left.then_some((&last.act, booking))
}

fn of_cancelled(booking: &Booking) -> Comeback<'_> {
    Comeback { was: booking.clone(), is: booking, what: Undone::Cancel }
}

fn of_changed<'b>(booking: &'b Booking, change: &Change) -> Comeback<'b> {
    let applicant = change.people.as_ref().unwrap_or(&booking.applicant).clone();
    let was = Booking {
        slot: change.slot,
        seats: change.seats.clone(),
        asked: change.asked,
        moves: change.moves,
        applicant,
        ..booking.clone()
    };
    Comeback { was, is: booking, what: if change.people.is_some() { Undone::Member } else { Undone::Move } }
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
