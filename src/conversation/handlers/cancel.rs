//! Cancelling: `#batal`, the question which booking is meant, and its answer.

use super::{offer_told, shared};
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::person::Nama;
use crate::domain::seats::NotLoaded;
use crate::grammar::Command;

/// `#batal`: the hold first, then the only live booking, then the question which. Any other open question ends.
pub(in crate::conversation) fn cancel(context: &mut Context<'_>, command: &Command) -> Result<Decision, NotLoaded> {
    if let Some(declined) = shared::declined(context, command) {
        return Ok(declined);
    }
    let snapshot = context.snapshot;
    let mut chat = context.chat();
    chat.question = None;
    chat.photo = None;
    let mut choices = snapshot.live();
    if let Some(code) = &command.code {
        choices.retain(|booking| booking.code == *code);
    } else if let Some(hold) = snapshot.hold()
        && (!command.mistyped || choices.len() == 1)
    {
        choices = vec![hold];
    } else if command.mistyped {
        // A code that names no booking must not cancel another one.
        choices.clear();
    }
    match choices.as_slice() {
        [] => {
            let bookings: Vec<Booking> = snapshot.live().into_iter().cloned().collect();
            let is_empty = bookings.is_empty();
            let outcome = if is_empty { Outcome::NothingToCancel } else { Outcome::NotOfThatCode { bookings } };
            Ok(Decision::tell(chat, outcome))
        }
        [only] if command.plain => Ok(ask_first(snapshot, chat, only)),
        [only] => give_up(context, chat, only),
        [..] => {
            let asked = Choices::Cancel(choices.iter().map(|booking| booking.id).collect());
            chat.question = Some(Question::new(asked, snapshot.now));
            let bookings = choices.into_iter().cloned().collect();
            Ok(Decision::tell(chat, Outcome::WhichToCancel { bookings }))
        }
    }
}

/// `#batal` with other words beside it, which may mean something else: nothing is cancelled, and the reply says how to cancel,
/// if that is possible. An open question ends.
pub(in crate::conversation) fn explained(context: &Context<'_>) -> Decision {
    let snapshot = context.snapshot;
    let mut chat = context.chat();
    chat.question = None;
    let outcome = match snapshot.live().first() {
        None => Outcome::NothingToCancel,
        Some(booking) if snapshot.hold().is_none() && !snapshot.office.policy.cancelling => {
            Outcome::CancelNotAllowed { booking: (*booking).clone() }
        }
        Some(_) => Outcome::CancelAlone { held: snapshot.hold().is_some(), person: one_of_party(snapshot) },
    };
    Decision::tell(chat, outcome)
}

/// The last person of a party, who may be meant where `#batal` names somebody.
fn one_of_party(snapshot: &Snapshot<'_>) -> Option<Nama> {
    let party = snapshot.live().into_iter().find(|booking| booking.party() > 1 && is_named(booking))?;
    party.applicant.people().last().map(|person| person.nama.clone())
}

/// Whether everybody of a booking is named.
pub(super) fn is_named(booking: &Booking) -> bool {
    u32::try_from(booking.applicant.people().count()) == Ok(booking.party())
}

/// Cancels the booking that a number chooses; `None` where no such question is open, or the number was not offered.
pub(super) fn chosen(context: &mut Context<'_>, digits: &str) -> Option<Result<Decision, NotLoaded>> {
    let booking = choice(context.snapshot, digits)?;
    let mut chat = context.chat();
    chat.question = None;
    Some(give_up(context, chat, booking))
}

fn choice<'a>(snapshot: &Snapshot<'a>, digits: &str) -> Option<&'a Booking> {
    let Choices::Cancel(bookings) = snapshot.open_question()? else { return None };
    let number: usize = digits.parse().ok()?;
    let id = bookings.get(number.checked_sub(1)?)?;
    snapshot.live().into_iter().find(|booking| booking.id == *id)
}

/// Asks before a seat is given up that plain words asked to cancel.
pub(super) fn ask_first(snapshot: &Snapshot<'_>, mut chat: Chat, booking: &Booking) -> Decision {
    if !may_be_given_up(snapshot, booking) {
        return Decision::tell(chat, Outcome::CancelNotAllowed { booking: booking.clone() });
    }
    chat.question = Some(Question::new(Choices::GiveUp { booking: booking.id, person: None }, snapshot.now));
    Decision::tell(chat, Outcome::CancelAsked { booking: booking.clone(), person: None })
}

/// `ya` to the question whether a seat is to be given up; `None` where no such question is open, or the seat is gone.
pub(super) fn agreed(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let Choices::GiveUp { booking, person: None } = *context.snapshot.open_question()? else { return None };
    let booking = context.snapshot.live().into_iter().find(|live| live.id == booking)?;
    let mut chat = context.chat();
    chat.question = None;
    Some(give_up(context, chat, booking))
}

/// A hold is unconfirmed: its contact can always give it back, whatever the office's rule.
pub(super) fn may_be_given_up(snapshot: &Snapshot<'_>, booking: &Booking) -> bool {
    booking.state == State::Held || snapshot.office.policy.cancelling
}

/// Cancels one hold or booking, if the office allows it.
pub(super) fn give_up(context: &mut Context<'_>, chat: Chat, booking: &Booking) -> Result<Decision, NotLoaded> {
    let held = booking.state == State::Held;
    if !may_be_given_up(context.snapshot, booking) {
        return Ok(Decision::tell(chat, Outcome::CancelNotAllowed { booking: booking.clone() }));
    }
    context.seats.give_back(booking.slot, &booking.seats)?;
    let mut given_up = booking.clone();
    given_up.become_state(State::Cancelled);
    let outcome = if booking.awaits == Some(Awaits::Offer) {
        offer_told::declined(context.snapshot, booking)
    } else if held {
        Outcome::Released { hold: given_up.clone() }
    } else {
        Outcome::Cancelled { booking: given_up.clone() }
    };
    Ok(Decision::tell(chat, outcome).with([given_up]))
}
