//! Offers a seat that came back to somebody on the waiting list. The desk calls it in turn order, within its transaction.

use super::limits;
use crate::conversation::randomness::Randomness;
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::BookingCode;
use crate::domain::reschedule::judge;
use crate::domain::seats::{NotLoaded, Seats};
use crate::domain::slot::{Slot, candidates};
use crate::domain::waiting::{OfferedSlot, Waiting, offer_until};
use crate::grammar::Form;

/// What became of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// A seat is offered: the hold, its seats taken.
    Offered(Box<Booking>),
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
    if snapshot.hold().is_some() || snapshot.chat.muted {
        return Ok(Turn::Kept);
    }
    let replaced = match entry.booking {
        Some((id, _)) => match movable(snapshot, id) {
            Some(booking) => Some(booking),
            None => return Ok(Turn::Over),
        },
        None => None,
    };
    if replaced.is_none() && form.is_none_or(|form| !may_have_seat(snapshot, form)) {
        return Ok(Turn::Over);
    }
    let Some(OfferedSlot { slot, until }) = first_fitting(snapshot, seats, entry)? else {
        let is_over = entry.date.is_some_and(|date| date < snapshot.office.date_at(snapshot.now));
        return Ok(if is_over { Turn::Over } else { Turn::Kept });
    };
    let taken = seats.take(snapshot.office, snapshot.calendar, slot, entry.party);
    let applicant = replaced.map_or_else(|| form.map(|form| form.applicant.clone()), |b| Some(b.applicant.clone()));
    let format = replaced.map_or_else(|| form.map(|form| form.format.clone()), |b| Some(b.format.clone()));
    let (Some(applicant), Some(format)) = (applicant, format) else { return Ok(Turn::Over) };
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
        seats: taken,
        state: State::Held,
        code: BookingCode::draw(rng),
        approval: None,
        tries: 0,
        awaits: Some(Awaits::Offer),
        hold_until: Some(until),
        photo: None,
        moves: 0,
        displaced: None,
        created_at: snapshot.now,
    };
    seats.count_holds(None, &hold);
    Ok(Turn::Offered(Box::new(hold)))
}

/// The booking that an earlier seat would replace, where it may still be moved.
fn movable<'a>(snapshot: &Snapshot<'a>, id: i64) -> Option<&'a Booking> {
    let booking = snapshot.booked().into_iter().find(|booking| booking.id == id)?;
    judge(snapshot.office, snapshot.calendar, booking, snapshot.now).is_ok().then_some(booking)
}

/// Whether the people of a form may have a seat, by the limits that any form meets.
fn may_have_seat(snapshot: &Snapshot<'_>, form: &Form) -> bool {
    let booked = snapshot.booked();
    booked.iter().all(|booking| !booking.applicant.shares_a_person(&form.applicant))
        && limits::too_many(snapshot, &booked, &form.applicant).is_none()
        && limits::has_booking(snapshot, &form.applicant, None).is_none()
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
