//! `#datasaya` and `#hapusdata`: what is kept of a contact, and that it be erased. A contact can only ask about itself.

use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::personal_data::PersonalDataTold;
use crate::conversation::question::{Choices, Question};
use crate::domain::booking::Booking;
use crate::domain::seats::NotLoaded;

/// `#datasaya`: a summary. The whole is given at the office, to whoever shows who they are: a telephone changes hands.
pub(in crate::conversation) fn kept(context: &Context<'_>) -> Decision {
    let bookings = live(context);
    context.tell(told(PersonalDataTold::Summary { bookings }))
}

/// `#hapusdata`: asks first, since it cannot be taken back.
pub(in crate::conversation) fn wanted(context: &Context<'_>) -> Decision {
    let mut chat = context.chat();
    chat.question = Some(Question::new(Choices::Erase, context.snapshot.now));
    let (bookings, is_waiting) = (live(context), is_waiting(context));
    Decision::tell(chat, told(PersonalDataTold::EraseAsked { bookings, is_waiting }))
}

/// `ya` to that question.
pub(super) fn agreed(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let Some(Choices::Erase) = context.snapshot.open_question() else { return None };
    let mut chat = context.chat();
    chat.question = None;
    let visit = live(context).last().map(|booking| booking.slot.date);
    let outcome = told(PersonalDataTold::WillErase { visit, is_waiting: is_waiting(context) });
    Some(Ok(Decision { erase: true, ..Decision::tell(chat, outcome) }))
}

fn told(told: PersonalDataTold) -> Outcome {
    Outcome::PersonalData(Box::new(told))
}

fn live(context: &Context<'_>) -> Vec<Booking> {
    context.snapshot.live().into_iter().cloned().collect()
}

/// Whether they wait for an officer's answer or for a seat.
fn is_waiting(context: &Context<'_>) -> bool {
    let snapshot = context.snapshot;
    let waits = snapshot.waiting.is_some_and(|list| list.of(snapshot.channel, snapshot.contact).is_some());
    waits || snapshot.chat.handover.is_some_and(|handover| handover.ticket.closed.is_none())
}
