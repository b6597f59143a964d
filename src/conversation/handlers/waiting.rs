//! `#tunggu`: joining the waiting list, the turn, leaving it; and the answers to an offer.
//!
//! An offered seat is a hold that waits for `ya`. Nothing else about it differs from other holds.

use chrono::{Duration, NaiveDate};

use super::{closed_day, day, form, hold, limits, offer, reschedule, shared};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::Choices;
use crate::conversation::snapshot::Snapshot;
use crate::conversation::waiting::{Joining, WaitingPlace, WaitingStep, WaitingTold};
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::reschedule::judge;
use crate::domain::seats::{NotLoaded, Wish};
use crate::domain::waiting::{WAITING_MAX, Waiting, WaitingList};
use crate::grammar::{ChangeDay, Form, Wait};

/// How long after an offer a `ya` is still answered with what became of it, in hours: later it means something else.
const LATE_HOURS: i64 = 3;

/// `#tunggu`.
pub(in crate::conversation) fn wait(context: &mut Context<'_>, wait: &Wait) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    let Some(list) = snapshot.waiting else { return Ok(tell(context, WaitingTold::NoList)) };
    let own = list.of(snapshot.channel, snapshot.contact);
    match own {
        Some(own) if wait.leave => leave(context, own),
        None if wait.leave => Ok(tell(context, WaitingTold::NotWaiting)),
        _ if snapshot.hold().is_some() => Ok(told_hold(context)),
        Some(own) => {
            let waits = || WaitingTold::Waits(place(snapshot, list, own));
            Ok(tell(context, shared::told(snapshot).unwrap_or_else(waits)))
        }
        None if list.entries.len() >= WAITING_MAX => Ok(tell(context, WaitingTold::ListFull)),
        None if snapshot.booked().is_empty() => join(context, list, wait),
        None => join_for_earlier(context, list, wait),
    }
}

fn tell(context: &Context<'_>, told: WaitingTold) -> Decision {
    context.tell(Outcome::Waiting(Box::new(told)))
}

/// The hold that they have already: it comes first.
fn told_hold(context: &Context<'_>) -> Decision {
    let snapshot = context.snapshot;
    let told = snapshot.hold().map(|hold| hold::told_again(snapshot, hold));
    Decision { outcome: told, ..context.silent() }
}

/// What somebody waits for, and how far they are.
pub(super) fn place(snapshot: &Snapshot<'_>, list: &WaitingList, entry: &Waiting) -> WaitingPlace {
    let of_entry = |id| snapshot.bookings.iter().find(|booking| booking.id == id);
    let booking = entry.booking.and_then(|(id, _)| of_entry(id)).cloned();
    WaitingPlace {
        date: entry.date,
        ahead: list.ahead_of(entry),
        booking,
        shared: entry.open_share(snapshot.now).cloned(),
        must_write: !list.reaches.of(snapshot.channel).is_always(snapshot.chat.lang.code()),
    }
}

/// Ends a wait; a seat that is offered goes back.
fn leave(context: &mut Context<'_>, own: &Waiting) -> Result<Decision, NotLoaded> {
    let offered = context.snapshot.hold_awaiting(Awaits::Offer).cloned();
    let mut decision = tell(context, WaitingTold::Left);
    decision.chat.question = None;
    if let Some(mut hold) = offered {
        context.seats.give_back(hold.slot, &hold.seats)?;
        hold.become_state(State::Cancelled);
        decision = decision.with([hold]);
    }
    decision.waiting = Some(WaitingStep::Leave { id: own.id, seated: false });
    Ok(decision)
}

/// Joins with the form that was refused because all was full, for its day, another one, or any.
fn join(context: &mut Context<'_>, list: &WaitingList, wait: &Wait) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    let Some(Choices::Wait { form }) = snapshot.open_question() else {
        return Ok(tell(context, WaitingTold::NeedsForm));
    };
    let session = form.applicant.sesi;
    let date = if wait.soonest { None } else { wait.days.first().copied().or(form.visit) };
    if let Some(refusal) = date.and_then(|date| day::refused_day(snapshot, date, session, None)) {
        return Ok(context.tell(Outcome::Refused(refusal)));
    }
    if let Some(free) = free_day(context, date, u32::from(form.party), form)? {
        // There is nothing to wait for.
        let form = Form { visit: form.visit.map(|_| free), ..(**form).clone() };
        return form::form(context, &form, None);
    }
    if let Some(refused) = limits::has_booking(snapshot, &form.applicant, None) {
        return Ok(context.tell(refused));
    }
    let entry = new_entry(context, date, u32::from(form.party));
    let entry = Waiting { session, ..entry };
    Ok(joined(context, list, Joining { entry, form: Some((**form).clone()) }))
}

/// The day that a form could have now: the wanted one, or the first of all.
fn free_day(
    context: &Context<'_>,
    date: Option<NaiveDate>,
    party: u32,
    form: &Form,
) -> Result<Option<NaiveDate>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let from = date.unwrap_or_else(|| office.date_at(now));
    let wish = Wish { from, party, roll: date.is_none(), session: form.applicant.sesi };
    Ok(context.seats.find(office, calendar, wish, now)?.map(|slot| slot.date))
}

/// Joins for an earlier day than that of a booking, which stays until the yes.
fn join_for_earlier(context: &mut Context<'_>, list: &WaitingList, wait: &Wait) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let booked = context.snapshot.booked();
    let named = booked.iter().find(|booking| wait.code.as_ref() == Some(&booking.code));
    let Some(booking) = named.or_else(|| booked.last()).copied() else {
        return Ok(tell(context, WaitingTold::NeedsForm));
    };
    if let Err(why) = judge(office, calendar, booking, context.sent_at) {
        return Ok(context.tell(Outcome::MoveRefused { booking: booking.clone(), why }));
    }
    let session = booking.applicant.sesi;
    let date = if wait.soonest { None } else { wait.days.first().copied() };
    let is_later = date.is_some_and(|date| date >= booking.slot.date);
    if is_later || booking.slot.date <= office.date_at(now) {
        return Ok(tell(context, WaitingTold::NotEarlier { booking: booking.clone() }));
    }
    if let Some(refusal) = date.and_then(|date| day::refused_day(context.snapshot, date, session, None)) {
        return Ok(context.tell(Outcome::Refused(refusal)));
    }
    let from = date.unwrap_or_else(|| office.date_at(now));
    let wish = Wish { from, party: booking.party(), roll: date.is_none(), session };
    let free = context.seats.find(office, calendar, wish, now)?.map(|slot| slot.date);
    if let Some(free) = free.filter(|free| *free < booking.slot.date) {
        // There is nothing to wait for.
        let code = Some(booking.code.clone());
        let change = ChangeDay { days: vec![free], code, is_asked: true, ..ChangeDay::default() };
        return reschedule::change_day(context, &change);
    }
    let entry = new_entry(context, date, booking.party());
    let entry = Waiting { session, booking: Some((booking.id, booking.slot.date)), ..entry };
    Ok(joined(context, list, Joining { entry, form: None }))
}

fn new_entry(context: &mut Context<'_>, date: Option<NaiveDate>, party: u32) -> Waiting {
    Waiting {
        id: context.next_id(),
        channel: context.snapshot.channel.clone(),
        contact: context.snapshot.contact.clone(),
        date,
        party,
        session: None,
        booking: None,
        offer: None,
        shared: None,
        offers: 0,
        declines: 0,
        declined: None,
        // They have just written.
        is_reachable: true,
    }
}

fn joined(context: &Context<'_>, list: &WaitingList, joining: Joining) -> Decision {
    let place = place(context.snapshot, list, &joining.entry);
    let mut decision = tell(context, WaitingTold::Joined(place));
    decision.chat.question = None;
    decision.waiting = Some(WaitingStep::Join(Box::new(joining)));
    decision
}

/// `ya` to the seat that is offered; `None` where none is.
pub(super) fn accepted(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let hold = context.snapshot.hold_awaiting(Awaits::Offer)?;
    Some(accept(context, hold))
}

fn accept(context: &mut Context<'_>, hold: &Booking) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    if let Some(ended) = closed_day::ended(context, hold)? {
        return Ok(ended);
    }
    let entry = snapshot.waiting.and_then(|list| list.offered(hold.id));
    let replaced = entry.and_then(|entry| Some((entry.id, entry.booking?.0)));
    if let Some((entry, booking)) = replaced {
        return move_to_offer(context, hold, (entry, booking));
    }
    let mut booking = hold.clone();
    let format = snapshot.formats.iter().find(|format| *format.id() == hold.format);
    if format.is_some_and(|format| format.wants_photo()) && booking.photo.is_none() {
        hold::begin(context, &mut booking, true, Some(hold));
        return Ok(context.tell(hold::told_again(snapshot, &booking)).with([booking]));
    }
    booking.become_state(State::Booked);
    booking.awaits = None;
    booking.hold_until = None;
    let outcome = Outcome::Booked { booking: booking.clone(), moved: None, late: false };
    Ok(context.tell(outcome).with([booking]))
}

/// Moves a booking to the seats that were offered in its place: they are the hold's until this decision, then the booking's.
fn move_to_offer(
    context: &mut Context<'_>,
    hold: &Booking,
    (entry, booking): (i64, i64),
) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, .. } = *context.snapshot;
    let leave = Some(WaitingStep::Leave { id: entry, seated: true });
    let live = context.snapshot.booked().into_iter().find(|live| live.id == booking);
    let refused = live.and_then(|live| judge(office, calendar, live, context.sent_at).err());
    let mut over = hold.clone();
    context.seats.give_back(hold.slot, &hold.seats)?;
    over.become_state(State::Replaced);
    let (Some(before), None) = (live, refused) else {
        let outcome = match live.zip(refused) {
            Some((booking, why)) => Outcome::MoveRefused { booking: booking.clone(), why },
            None => Outcome::NothingToMove,
        };
        let mut decision = context.tell(outcome).with([over]);
        decision.waiting = Some(WaitingStep::Leave { id: entry, seated: false });
        return Ok(decision);
    };
    let seats = context.seats.take_again(office, calendar, hold.slot, &hold.seats);
    context.seats.give_back(before.slot, &before.seats)?;
    let after = offer::moved(context.snapshot, before, hold.slot, seats);
    let outcome = Outcome::Moved { booking: after.clone(), before: Box::new(before.clone()) };
    let mut decision = context.tell(outcome).with([over, after]);
    decision.chat.question = None;
    decision.waiting = leave;
    Ok(decision)
}

/// `ya` to a seat whose time is over, or that somebody else took; `None` where none was offered lately.
pub(super) fn too_late(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let snapshot = context.snapshot;
    if snapshot.hold().is_some() {
        return None;
    }
    let since = snapshot.now - Duration::hours(LATE_HOURS);
    let own = snapshot.waiting.and_then(|list| list.of(snapshot.channel, snapshot.contact));
    if let Some(taken) = own.and_then(Waiting::lost_share).filter(|taken| since < taken.until) {
        return Some(Ok(tell(context, WaitingTold::Taken { slot: taken.slot })));
    }
    let is_late = |booking: &&Booking| {
        booking.awaits == Some(Awaits::Offer)
            && booking.state == State::Expired
            && booking.hold_until.is_some_and(|until| since < until)
    };
    let has_declined = own.and_then(|own| own.declined).is_some_and(|(_, at)| since < at);
    if !has_declined {
        snapshot.bookings.iter().find(is_late)?;
    }
    Some(Ok(tell(context, WaitingTold::TooLate { still_waits: own.is_some() })))
}
