//! The answer to a reminder that must be answered: who is told so, what counts as the answer, and the place that is given back without one.

use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::guide::GuideStage;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::Choices;
use crate::conversation::released::Released;
use crate::conversation::said::Said;
use crate::conversation::snapshot::Snapshot;
use crate::domain::attendance::Attendance;
use crate::domain::booking::{Booking, State};
use crate::domain::seats::NotLoaded;
use crate::grammar::is_coming;

/// What a new booking of this contact is told about its reminder.
pub(super) fn of_new(snapshot: &Snapshot<'_>) -> Option<Attendance> {
    let rule = snapshot.office.policy.no_shows?;
    (snapshot.no_shows >= rule.answer_from).then_some(Attendance::Announced)
}

/// A booking whose citizen said that they come.
pub(super) fn confirmed(booking: &Booking) -> Option<Booking> {
    let attendance = booking.attendance?;
    let answered = attendance.answered();
    (answered != attendance).then(|| Booking { attendance: Some(answered), ..booking.clone() })
}

/// `datang` while reminders wait for an answer: it answers all of them, whatever else is open. `None` where none waits, or the words say
/// something else.
pub(in crate::conversation) fn said_to_come(context: &Context<'_>, said: &Said) -> Option<Decision> {
    let snapshot = context.snapshot;
    // Nearly nobody owes an answer.
    if !snapshot.bookings.iter().any(Booking::must_be_answered) {
        return None;
    }
    let is_guided = matches!(snapshot.open_question(), Some(Choices::Guide(guide)) if guide.stage == GuideStage::Begun);
    let decision = agreed(context).filter(|_| matches!(said, Said::Text(_)) && !is_guided)?;
    snapshot.text.is_some_and(is_coming).then_some(decision)
}

/// Their reminders are answered; `None` where none waits for it.
pub(super) fn agreed(context: &Context<'_>) -> Option<Decision> {
    let snapshot = context.snapshot;
    let answered: Vec<Booking> = snapshot.booked().into_iter().filter_map(confirmed).collect();
    let first = answered.first()?;
    let outcome = if answered.len() == 1 {
        Outcome::WillCome { booking: first.clone() }
    } else {
        Outcome::Status { bookings: answered.clone(), photo_until: None }
    };
    Some(Decision::tell(without_reminder(context.chat()), outcome).with(answered))
}

/// A number answers no reminder that words have answered.
fn without_reminder(chat: Chat) -> Chat {
    let question = chat.question.filter(|question| !matches!(question.asked, Choices::Reminder { .. }));
    Chat { question, ..chat }
}

/// Gives a place back whose reminder was not answered in time; `None` where it was, where somebody of it has come, or where the
/// booking is over, cancelled or on another day.
pub(in crate::conversation) fn release(context: &mut Context<'_>, booking: i64) -> Result<Option<Released>, NotLoaded> {
    let Snapshot { office, visits, now, .. } = *context.snapshot;
    let known = context.snapshot.booked().into_iter().find(|known| known.id == booking);
    let Some(before) = known else { return Ok(None) };
    let is_due = before.attendance.and_then(Attendance::until).is_some_and(|until| until <= now);
    let is_ahead = now < before.slot.begins(office);
    let has_come = visits.iter().any(|own| own.visit.booking == Some(booking) && own.visit.state.has_come());
    if office.policy.no_shows.is_none() || !is_due || !is_ahead || has_come {
        return Ok(None);
    }
    context.seats.give_back(before.slot, &before.seats)?;
    let mut after = before.clone();
    after.become_state(State::Cancelled);
    let mut chat = context.chat();
    let is_about = |choices: &Choices| matches!(choices, Choices::Reminder { booking: of, .. } if *of == booking);
    chat.question = chat.question.filter(|question| !is_about(&question.asked));
    // What the office did cannot be taken back by its citizen, nor what they did to this booking before.
    chat.last_act = chat.last_act.filter(|act| act.booking() != booking);
    Ok(Some(Released { booking: after, chat }))
}
