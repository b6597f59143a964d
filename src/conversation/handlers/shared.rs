//! The answers to a seat that is offered to several at once: the first `ya` gets it.
//!
//! It is nobody's hold: the waiting list keeps it until then.

use super::{attendance, day, hold, limits, offer};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::snapshot::Snapshot;
use crate::conversation::waiting::{WaitingStep, WaitingTold};
use crate::domain::booking::{Booking, State};
use crate::domain::code::BookingCode;
use crate::domain::reschedule::judge;
use crate::domain::seats::NotLoaded;
use crate::domain::shared_offer::SharedOffer;
use crate::domain::waiting::Waiting;
use crate::grammar::Command;

/// The entry of whoever wrote, and the seat that they and others are offered now.
fn open<'a>(snapshot: &Snapshot<'a>) -> Option<(&'a Waiting, &'a SharedOffer)> {
    let entry = snapshot.waiting?.of(snapshot.channel, snapshot.contact)?;
    Some((entry, entry.open_share(snapshot.now)?))
}

/// The offer, as it is told; `None` where there is none now.
pub(super) fn told(snapshot: &Snapshot<'_>) -> Option<WaitingTold> {
    let (entry, shared) = open(snapshot)?;
    let sharers = snapshot.waiting.map_or(1, |list| list.sharers(shared.id, snapshot.now));
    Some(offer::shared_told(snapshot.bookings, entry, (shared, sharers)))
}

/// `ya`; `None` where nothing is offered so, or a hold that they took meanwhile is meant.
pub(super) fn accepted(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let (entry, shared) = open(context.snapshot).filter(|_| context.snapshot.hold().is_none())?;
    Some(take(context, entry, shared))
}

fn take(context: &mut Context<'_>, entry: &Waiting, shared: &SharedOffer) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    let (slot, session) = (shared.slot, shared.applicant.sesi);
    if let Some(refusal) = day::refused_day(snapshot, slot.date, session, None) {
        return Ok(context.tell(Outcome::Refused(refusal)));
    }
    if !context.seats.is_loaded(slot.date) {
        return Err(NotLoaded(slot.date));
    }
    let (outcome, changed) = match entry.booking {
        Some((booking, _)) => match moved(context, booking, (shared, entry.party)) {
            Ok(after) => after?,
            Err(outcome) => return Ok(left(context, entry, *outcome)),
        },
        None => match refused(snapshot, shared) {
            Some(outcome) => return Ok(left(context, entry, outcome)),
            None => booked(context, shared, entry.party),
        },
    };
    let hold = changed.iter().find(|booking| booking.state == State::Held).map(|hold| hold.id);
    let mut decision = context.tell(outcome).with(changed);
    decision.chat.question = None;
    decision.waiting = Some(WaitingStep::Take { id: entry.id, share: shared.id, hold });
    Ok(decision)
}

/// The wait ends without the seat: they may not have it.
fn left(context: &Context<'_>, entry: &Waiting, outcome: Outcome) -> Decision {
    let mut decision = context.tell(outcome);
    decision.waiting = Some(WaitingStep::Leave { id: entry.id, seated: false });
    decision
}

/// Why somebody may have no further seat by now.
fn refused(snapshot: &Snapshot<'_>, shared: &SharedOffer) -> Option<Outcome> {
    if offer::may_have_seat(snapshot, &shared.applicant) {
        return None;
    }
    let has_booking = limits::has_booking(snapshot, &shared.applicant, None);
    let too_many = || limits::too_many(snapshot, &snapshot.booked(), &shared.applicant);
    let has = || Outcome::Status { bookings: snapshot.live().into_iter().cloned().collect(), photo_until: None };
    Some(has_booking.or_else(too_many).unwrap_or_else(has))
}

fn booked(context: &mut Context<'_>, shared: &SharedOffer, party: u32) -> Changed {
    let snapshot = context.snapshot;
    let seats = context.seats.take(snapshot.office, snapshot.calendar, shared.slot, party);
    let mut booking = Booking {
        id: context.next_id(),
        office: snapshot.office.id.clone(),
        office_version: snapshot.office.version,
        format: shared.format.clone(),
        channel: snapshot.channel.clone(),
        contact: snapshot.contact.clone(),
        applicant: shared.applicant.clone(),
        asked: None,
        slot: shared.slot,
        seats,
        state: State::Booked,
        code: BookingCode::draw(context.randomness.rng),
        approval: None,
        tries: 0,
        awaits: None,
        hold_until: None,
        photo: None,
        moves: 0,
        displaced: None,
        attendance: attendance::of_new(snapshot),
        created_at: snapshot.now,
    };
    let format = snapshot.formats.iter().find(|format| *format.id() == shared.format);
    if format.is_some_and(|format| format.wants_photo()) {
        hold::begin(context, &mut booking, true, None);
        return (hold::told_again(snapshot, &booking), vec![booking]);
    }
    (Outcome::Booked { booking: booking.clone(), moved: None, late: false }, vec![booking])
}

/// What is told, and the bookings that change.
type Changed = (Outcome, Vec<Booking>);

/// Moves their booking to the seat, where it may still be moved.
fn moved(
    context: &mut Context<'_>,
    booking: i64,
    (shared, party): (&SharedOffer, u32),
) -> Result<Result<Changed, NotLoaded>, Box<Outcome>> {
    let Snapshot { office, calendar, .. } = *context.snapshot;
    let live = context
        .snapshot
        .booked()
        .into_iter()
        .find(|live| live.id == booking)
        .ok_or_else(|| Box::new(Outcome::NothingToMove))?;
    judge(office, calendar, live, context.sent_at)
        .map_err(|why| Box::new(Outcome::MoveRefused { booking: live.clone(), why }))?;
    if !context.seats.is_loaded(live.slot.date) {
        return Ok(Err(NotLoaded(live.slot.date)));
    }
    let seats = context.seats.take(office, calendar, shared.slot, party);
    let given_back = context.seats.give_back(live.slot, &live.seats);
    let after = offer::moved(context.snapshot, live, shared.slot, seats);
    let outcome = Outcome::Moved { booking: after.clone(), before: Box::new(live.clone()) };
    Ok(given_back.map(|()| (outcome, vec![after])))
}

/// `#batal`: they do not want it; `None` where nothing is offered so, or a hold or a code is meant.
pub(super) fn declined(context: &Context<'_>, command: &Command) -> Option<Decision> {
    let snapshot = context.snapshot;
    if command.code.is_some() || command.mistyped || snapshot.hold().is_some() {
        return None;
    }
    let (entry, _) = open(snapshot)?;
    let told = WaitingTold::Declined { is_over: entry.is_last_offer() };
    let mut decision = context.tell(Outcome::Waiting(Box::new(told)));
    decision.chat.question = None;
    decision.waiting = Some(WaitingStep::Decline { id: entry.id });
    Some(decision)
}
