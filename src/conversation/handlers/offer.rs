//! Offers a seat that came back to somebody on the waiting list. The desk calls it in turn order, within its transaction.

use super::{attendance, limits};
use crate::conversation::randomness::Randomness;
use crate::conversation::snapshot::Snapshot;
use crate::conversation::waiting::WaitingTold;
use crate::domain::attendance::Attendance;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::BookingCode;
use crate::domain::office::FormatId;
use crate::domain::person::Applicant;
use crate::domain::reschedule::{is_extra, judge};
use crate::domain::seats::{NotLoaded, Seats};
use crate::domain::shared_offer::SharedOffer;
use crate::domain::slot::{Slot, candidates};
use crate::domain::waiting::{OfferedSlot, Waiting, offer_until};
use crate::grammar::Form;

/// What became of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// A seat is offered: the hold, its seats taken.
    Offered(Box<Booking>),
    /// A seat can be offered to them and to others at once.
    Shared(Box<SharedOffer>),
    /// There is none for them now, or they cannot have one now. They keep the turn.
    Kept,
    /// They need none any more, or may have none: the wait is over.
    Over,
}

/// Offers the first seats that fit to the citizen whose turn it is. `form` is what they joined with.
///
/// # Errors
/// [`NotLoaded`] names a date whose hours must be loaded first; nothing has changed then.
pub fn offer(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    (entry, form): (&Waiting, Option<&Form>),
    randomness: Randomness<'_>,
) -> Result<Turn, NotLoaded> {
    let Randomness { rng, next_id } = randomness;
    let SharedOffer { slot, until, applicant, format, .. } = match share(snapshot, seats, (entry, form), 0)? {
        Turn::Shared(found) => *found,
        turn => return Ok(turn),
    };
    let hold = Booking {
        id: next_id(),
        office: snapshot.office.id.clone(),
        office_version: snapshot.office.version,
        format,
        channel: snapshot.channel.clone(),
        contact: snapshot.contact.clone(),
        applicant,
        asked: entry.date,
        slot,
        seats: seats.take(snapshot.office, snapshot.calendar, slot, entry.party),
        state: State::Held,
        code: BookingCode::draw(rng),
        approval: None,
        tries: 0,
        awaits: Some(Awaits::Offer),
        hold_until: Some(until),
        photo: None,
        moves: 0,
        displaced: None,
        attendance: attendance::of_new(snapshot),
        created_at: snapshot.now,
    };
    seats.count_holds(None, &hold);
    Ok(Turn::Offered(Box::new(hold)))
}

/// Finds the first seats that fit the citizen whose turn it is, to offer them to others at the same time as number `id`. Takes
/// nothing.
///
/// # Errors
/// [`NotLoaded`] names a date whose hours must be loaded first.
pub fn share(
    snapshot: &Snapshot<'_>,
    seats: &Seats,
    (entry, form): (&Waiting, Option<&Form>),
    id: i64,
) -> Result<Turn, NotLoaded> {
    let (applicant, format) = match whom(snapshot, entry, form) {
        Ok(whom) => whom,
        Err(turn) => return Ok(turn),
    };
    let Some(OfferedSlot { slot, until }) = first_fitting(snapshot, seats, entry)? else {
        let is_over = entry.date.is_some_and(|date| date < snapshot.office.date_at(snapshot.now));
        return Ok(if is_over { Turn::Over } else { Turn::Kept });
    };
    let found = SharedOffer { id, slot, seats: entry.party, until, is_taken: false, applicant, format };
    Ok(Turn::Shared(Box::new(found)))
}

/// The same seat for somebody else on the list who has none of their own; `None` where it does not fit them.
pub fn join_share(
    snapshot: &Snapshot<'_>,
    (entry, form): (&Waiting, Option<&Form>),
    shared: &SharedOffer,
) -> Option<SharedOffer> {
    let (applicant, format) = whom(snapshot, entry, form).ok()?;
    let Slot { date, hour } = shared.slot;
    let fits = entry.claims(date, snapshot.now) && entry.wants_hour(hour) && entry.party <= shared.seats;
    fits.then(|| SharedOffer { applicant, format, ..shared.clone() })
}

/// Whom a seat would be for; `Err` where they cannot have one now, or need none any more.
fn whom(snapshot: &Snapshot<'_>, entry: &Waiting, form: Option<&Form>) -> Result<(Applicant, FormatId), Turn> {
    if snapshot.hold().is_some() || snapshot.chat.muted {
        return Err(Turn::Kept);
    }
    if let Some((id, _)) = entry.booking {
        let booking = movable(snapshot, id).ok_or(Turn::Over)?;
        return Ok((booking.applicant.clone(), booking.format.clone()));
    }
    let form = form.filter(|form| may_have_seat(snapshot, &form.applicant)).ok_or(Turn::Over)?;
    Ok((form.applicant.clone(), form.format.clone()))
}

/// What is told of a seat that is offered to an entry and others, `sharers` in all.
pub fn shared_told(bookings: &[Booking], entry: &Waiting, (shared, sharers): (&SharedOffer, usize)) -> WaitingTold {
    let of_entry = |id| bookings.iter().find(|booking| booking.id == id).cloned();
    WaitingTold::Shared {
        shared: shared.clone(),
        others: sharers.saturating_sub(1),
        instead_of: entry.booking.and_then(|(id, _)| of_entry(id)),
        is_last: entry.is_last_offer(),
    }
}

/// A booking in the hour that was offered in its place.
pub(super) fn moved(snapshot: &Snapshot<'_>, before: &Booking, slot: Slot, seats: Vec<u32>) -> Booking {
    let moves = before.moves + u32::from(!is_extra(snapshot.office, snapshot.calendar, before));
    let attendance = before.attendance.map(|_| Attendance::Announced);
    Booking { slot, seats, asked: before.asked.map(|_| slot.date), moves, attendance, ..before.clone() }
}

/// The booking that an earlier seat would replace, where it may still be moved.
fn movable<'a>(snapshot: &Snapshot<'a>, id: i64) -> Option<&'a Booking> {
    let booking = snapshot.booked().into_iter().find(|booking| booking.id == id)?;
    judge(snapshot.office, snapshot.calendar, booking, snapshot.now).is_ok().then_some(booking)
}

/// Whether people may have a seat, by the limits that any form meets.
pub(super) fn may_have_seat(snapshot: &Snapshot<'_>, applicant: &Applicant) -> bool {
    let booked = snapshot.booked();
    booked.iter().all(|booking| !booking.applicant.shares_a_person(applicant))
        && limits::too_many(snapshot, &booked, applicant).is_none()
        && limits::has_booking(snapshot, applicant, None).is_none()
}

/// The first hour with room for them of the first day that will do, and until when it is offered.
fn first_fitting(snapshot: &Snapshot<'_>, seats: &Seats, entry: &Waiting) -> Result<Option<OfferedSlot>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let days = candidates(office, calendar, office.date_at(now), now).filter(|(date, _)| entry.claims(*date, now));
    for (date, _) in days {
        let free = seats.unoffered(office, calendar, date, now)?;
        if free.seats < entry.party {
            continue;
        }
        let fits = |(hour, free): &(u8, u32)| *free >= entry.party && entry.wants_hour(*hour);
        let found = free.hours.iter().filter(|hour| fits(hour)).find_map(|(hour, _)| {
            let slot = Slot { date, hour: *hour };
            offer_until(slot.begins(office), now).map(|until| OfferedSlot { slot, until })
        });
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}
