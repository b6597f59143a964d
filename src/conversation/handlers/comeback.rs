//! What `#urung` brings back: a cancelled booking, the day before a move, the place of one person who had given it up.
//!
//! It is judged like a form; of a change, a refusal leaves the booking as it is.

use super::{day, hold, limits};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::last_act::LastAct;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::refusal::Refusal;
use crate::conversation::snapshot::Snapshot;
use crate::conversation::undone::{NotUndone, Undone};
use crate::domain::attendance::Attendance;
use crate::domain::booking::{Booking, State};
use crate::domain::seats::{NotLoaded, Wish};
use crate::domain::slot::{Slot, horizon, last_day};

/// A booking that is to be as it was.
pub(super) struct Comeback<'b> {
    /// As it was.
    pub(super) was: Booking,
    /// As it is: cancelled, on another day, or for fewer people.
    pub(super) is: &'b Booking,
    /// What was done to it.
    pub(super) what: Undone,
}

impl Comeback<'_> {
    /// Whether it still has seats.
    fn goes_on(&self) -> bool {
        self.is.state.has_seats()
    }

    /// Whether it keeps its hour and only wants more seats in it.
    fn keeps_hour(&self) -> bool {
        self.goes_on() && self.is.slot == self.was.slot
    }
}

/// There is nothing to take back.
pub(super) fn nothing(context: &Context<'_>) -> Decision {
    let mut chat = context.chat();
    chat.question = None;
    chat.last_act = None;
    Decision::tell(chat, Outcome::NothingToUndo)
}

/// Brings it back: to its own place, to the one that its citizen `agreed` to, or offers one.
pub(super) fn restore(
    context: &mut Context<'_>,
    back: &Comeback<'_>,
    agreed: Option<Slot>,
) -> Result<Decision, NotLoaded> {
    let Snapshot { now, .. } = *context.snapshot;
    let Comeback { was, is, what } = back;
    let is_over = is.hold_until.is_some_and(|until| until <= now);
    if is_over || (!back.goes_on() && is.awaits.is_some() && context.snapshot.hold().is_some()) {
        return Ok(nothing(context));
    }
    let mut chat = context.chat();
    chat.question = None;
    if let Some(refused) = refusal(context, back) {
        return Ok(Decision::tell(chat, refused));
    }
    let Some(slot) = place(context, back)? else {
        return Ok(Decision::tell(chat, no_place(context, back)));
    };
    if slot != was.slot && agreed != Some(slot) {
        chat.question = Some(Question::new(Choices::Restore { booking: was.id, slot }, now));
        // The answer gets as much time again.
        chat.last_act = chat.last_act.map(|last| LastAct { at: now, ..last });
        return Ok(Decision::tell(chat, Outcome::UndoOffer { booking: was.clone(), slot, what: *what }));
    }
    let restored = seated(context, back, slot)?;
    let outcome = Outcome::Undone { booking: restored.clone(), what: *what };
    Ok(Decision::tell(chat, outcome).with([restored]))
}

/// Why it cannot come back, whatever seats are free.
fn refusal(context: &Context<'_>, back: &Comeback<'_>) -> Option<Outcome> {
    let snapshot = context.snapshot;
    let Comeback { was, is, what } = back;
    if !back.goes_on() {
        return limits::too_many_beside(snapshot)
            .or_else(|| day::outside_intake(context))
            .or_else(|| day::refused_day(snapshot, was.slot.date, None, None))
            .map(Outcome::Refused)
            .or_else(|| limits::has_booking(snapshot, &was.applicant, None));
    }
    let why = change_refused(context, back)?;
    Some(Outcome::NotUndone { booking: (*is).clone(), what: *what, why })
}

/// Why a change stays, whatever seats are free. Like the move itself, taking it back is no form: the intake window is for those who
/// are registered anew.
fn change_refused(context: &Context<'_>, back: &Comeback<'_>) -> Option<NotUndone> {
    let snapshot = context.snapshot;
    let Comeback { was, is, what } = back;
    if *what == Undone::Member {
        let limit = limits::people_limit(snapshot.office);
        if was.party() > limit {
            return Some(NotUndone::People { limit });
        }
        if let Some(Refusal::OutsideIntake { from, until, .. }) = day::outside_intake(context) {
            return Some(NotUndone::Intake { from, until });
        }
    }
    if let Some(why) = day::refused(snapshot, was.slot.date) {
        return Some(NotUndone::Day { day: was.slot.date, why });
    }
    let (nama, _) = limits::already_booked(snapshot, &was.applicant, Some(is))?;
    Some(NotUndone::Person { nama: nama.clone() })
}

/// What is told where no place is left for it.
fn no_place(context: &Context<'_>, back: &Comeback<'_>) -> Outcome {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let Comeback { was, is, what } = back;
    if back.goes_on() {
        return Outcome::NotUndone { booking: (*is).clone(), what: *what, why: NotUndone::Taken };
    }
    let last = last_day(office, calendar, now).unwrap_or_else(|| horizon(office, now));
    let party = u8::try_from(was.party()).unwrap_or(u8::MAX);
    Outcome::Refused(Refusal::AllFull { last, session: was.applicant.sesi, party })
}

/// Its own place if that is free, otherwise the nearest one. Takes nothing.
fn place(context: &mut Context<'_>, back: &Comeback<'_>) -> Result<Option<Slot>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let Comeback { was, is, what } = back;
    if back.keeps_hour() {
        let more = was.party().saturating_sub(is.party());
        if context.seats.fits(office, calendar, was.slot, more, now)? {
            return Ok(Some(was.slot));
        }
    }
    let mark = context.seats.mark();
    if back.goes_on() {
        // Its present seats count as free for it.
        context.seats.give_back(is.slot, &is.seats)?;
    }
    let is_free = !back.keeps_hour() && context.seats.fits(office, calendar, was.slot, was.party(), now)?;
    let found = if is_free { Some(was.slot) } else { nearest(context, was)? };
    context.seats.undo_to(mark);
    // Where its own day is full, the present one may be the nearest.
    Ok(found.filter(|slot| *what != Undone::Move || slot.date != is.slot.date))
}

/// The nearest place for as many people: on its day, after it, before it.
fn nearest(context: &Context<'_>, was: &Booking) -> Result<Option<Slot>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let session = was.applicant.sesi;
    let wish = Wish { from: was.slot.date, party: was.party(), roll: true, session };
    match context.seats.find(office, calendar, wish, now)? {
        Some(slot) => Ok(Some(slot)),
        None => context.seats.find(office, calendar, Wish { from: office.date_at(now), ..wish }, now),
    }
}

/// The booking as it was, with its seats taken in that hour.
fn seated(context: &mut Context<'_>, back: &Comeback<'_>, slot: Slot) -> Result<Booking, NotLoaded> {
    let Snapshot { office, calendar, .. } = *context.snapshot;
    let Comeback { was, is, .. } = back;
    let is_own = slot == was.slot;
    let seats = if back.keeps_hour() && is_own {
        let missing: Vec<u32> = was.seats.iter().copied().filter(|seat| !is.seats.contains(seat)).collect();
        let mut seats = context.seats.take_again(office, calendar, slot, &missing);
        seats.extend(&is.seats);
        seats.sort_unstable();
        seats
    } else {
        if back.goes_on() {
            context.seats.give_back(is.slot, &is.seats)?;
        }
        context.seats.take_again(office, calendar, slot, &was.seats)
    };
    let mut restored = Booking { slot, seats, state: is.state, ..was.clone() };
    if !is_own {
        restored.asked = was.asked.map(|_| slot.date);
    }
    if back.goes_on() && slot.date != was.slot.date {
        // A day that is neither the old nor the new one is a move.
        restored.moves = is.moves;
    }
    match (is.state, is.awaits) {
        (State::Held, _) => restored.hold_until = hold::until_after_move(context, &restored, is),
        (State::Cancelled, Some(_)) => {
            restored.become_state(State::Held);
            hold::resume(context, &mut restored);
        }
        (State::Cancelled, None) => restored.become_state(State::Booked),
        _ => {}
    }
    // Whoever takes something back wants the place.
    restored.attendance = restored.attendance.map(Attendance::answered);
    Ok(restored)
}
