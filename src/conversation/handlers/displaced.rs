//! Carries out what an office decided about a place that it cannot keep. No message asked for it: the citizen is told once, with the
//! reason, and with another day to choose where they are to choose one.

use super::reschedule;
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::day_changed::{DayChangeTold, DayChanged};
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Booking, State};
use crate::domain::displaced::{Displaced, Remedy, next_place};
use crate::domain::reschedule::judge;
use crate::domain::seats::NotLoaded;
use crate::domain::slot::next_day_of;

/// Carries out the decision about one booking; silent where there is nothing to do any more.
pub(in crate::conversation) fn settle(context: &mut Context<'_>, booking: i64) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let known = context.snapshot.bookings.iter().find(|known| known.id == booking);
    let Some((before, displaced)) = known.and_then(|known| Some((known, known.displaced?))) else {
        return Ok(context.silent());
    };
    if displaced.is_done {
        return Ok(context.silent());
    }
    let done = Booking { displaced: Some(displaced.done()), ..before.clone() };
    if !before.is_live(office, now) {
        return Ok(context.silent().with([done]));
    }
    match (before.state, displaced.remedy) {
        (State::Held, _) => end(context, done, State::Expired),
        (_, Remedy::Cancel) => end(context, done, State::Cancelled),
        (_, Remedy::Move) => match next_place(context.seats, office, calendar, before, now)? {
            Some(slot) => {
                let seats = context.seats.take(office, calendar, slot, before.party());
                context.seats.give_back(before.slot, &before.seats)?;
                let after = Booking { slot, seats, asked: before.asked.map(|_| slot.date), ..done };
                let told = DayChangeTold::Moved { before: Box::new(before.clone()) };
                Ok(tell(chat(context, before), after, told))
            }
            None => let_choose(context, Booking { displaced: Some(told(displaced)), ..before.clone() }),
        },
        (_, Remedy::Tell | Remedy::Keep) => let_choose(context, done),
    }
}

/// What is noted of a place that could not be moved: its citizen was told.
fn told(displaced: Displaced) -> Displaced {
    Displaced { remedy: Remedy::Tell, is_done: true, ..displaced }
}

/// Ends a place. A hold that nobody has confirmed is never moved: its form is sent again in a minute, for a day of one's own choice.
fn end(context: &mut Context<'_>, mut booking: Booking, state: State) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    context.seats.give_back(booking.slot, &booking.seats)?;
    booking.become_state(state);
    let next_from = |from| next_day_of(office, calendar, booking.applicant.sesi, from, now);
    let next = booking.slot.date.succ_opt().and_then(next_from).or_else(|| next_from(office.date_at(now)));
    let told = if state == State::Cancelled {
        DayChangeTold::Cancelled
    } else {
        DayChangeTold::HoldEnded { next: next.filter(|day| *day != booking.slot.date) }
    };
    let chat = chat(context, &booking);
    Ok(tell(chat, booking, told))
}

/// Offers the next days with room, as a question where none other may be in the way.
fn let_choose(context: &mut Context<'_>, booking: Booking) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let mut chat = chat(context, &booking);
    let may_move = judge(office, calendar, &booking, now).is_ok();
    let days = match booking.slot.date.succ_opt() {
        Some(from) if may_move && chat.question.is_none() => {
            let days = reschedule::offered_days(context, &booking, from.max(office.date_at(now)))?;
            if !days.is_empty() {
                let asked =
                    Choices::NewDay { booking: booking.id, days: days.clone(), sent_at: now, is_notice: true };
                chat.question = Some(Question::new(asked, now));
            }
            Some(days)
        }
        _ => None,
    };
    Ok(tell(chat, booking, DayChangeTold::Choose { days }))
}

/// The chat after an unasked message: a question about a form of theirs stays open and one about bookings does not, an echo is no longer the
/// last message, and what was done to this booking before cannot be taken back.
fn chat(context: &Context<'_>, booking: &Booking) -> Chat {
    let mut chat = context.chat();
    chat.question = chat.question.filter(|question| {
        let is_about_form = matches!(question.asked, Choices::Guide(_) | Choices::Form { .. } | Choices::Day { .. });
        is_about_form && question.is_open(context.snapshot.now)
    });
    chat.echoed = None;
    chat.last_act = chat.last_act.filter(|act| act.booking() != booking.id);
    chat
}

fn tell(chat: Chat, booking: Booking, told: DayChangeTold) -> Decision {
    let date = match &told {
        DayChangeTold::Moved { before } => before.slot.date,
        _ => booking.slot.date,
    };
    let changed = DayChanged { booking: booking.clone(), date, told };
    Decision::tell(chat, Outcome::DayChanged(Box::new(changed))).with([booking])
}
