//! Which places of a day an office cannot keep, and where they would go.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::mark::{DayChange, Displaced, Remedy};
use crate::domain::booking::{Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::code::BookingCode;
use crate::domain::office::{Closed, Day, Office};
use crate::domain::seats::{NotLoaded, Seats, Wish};
use crate::domain::slot::Slot;

/// What an operator decides about the places that an import displaces: for some by their codes, and for all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remedies {
    /// For all that are not named.
    pub others: Option<Remedy>,
    /// By booking code.
    pub named: BTreeMap<BookingCode, Remedy>,
}

impl Remedies {
    /// The same for all.
    pub fn all(remedy: Remedy) -> Self {
        Self { others: Some(remedy), named: BTreeMap::new() }
    }

    /// The one for a booking.
    pub fn of(&self, booking: &Booking) -> Option<Remedy> {
        self.named.get(&booking.code).copied().or(self.others)
    }
}

/// The live places of one day that its office cannot keep, by the order in which they were booked.
///
/// On a closed day these are all. Where an hour or the day has fewer places than were given, whoever booked last gives way first, until
/// the rest fits: nobody loses a place that somebody who booked later keeps. A party gives way as a whole.
pub fn displaced_on<'b>(
    office: &Office,
    calendar: &Calendar,
    date: NaiveDate,
    bookings: impl IntoIterator<Item = &'b Booking>,
    now: DateTime<Utc>,
) -> Vec<(DayChange, &'b Booking)> {
    // A lapsed hold gives its seats back with the next batch.
    let counts = |booking: &&Booking| booking.state == State::Booked || booking.is_live(office, now);
    let mut seated: Vec<&Booking> =
        bookings.into_iter().filter(|booking| booking.slot.date == date).filter(counts).collect();
    seated.sort_by_key(|booking| (booking.created_at, booking.id));
    let (change, gone) = match office.day(calendar, date) {
        // Not a decision of the office.
        Day::Closed(Closed::UnknownCalendar) => return Vec::new(),
        Day::Closed(_) => (DayChange::Closed, seated.iter().map(|booking| booking.id).collect()),
        Day::Open(hours) => (DayChange::Shrunk, beyond_capacity(office, &hours, &seated, now)),
    };
    let is_gone = |booking: &&Booking| gone.contains(&booking.id) && booking.is_live(office, now);
    seated.into_iter().filter(is_gone).map(|booking| (change, booking)).collect()
}

/// Those of an open day that go beyond the places of their hour or of the day.
fn beyond_capacity(office: &Office, hours: &[u8], seated: &[&Booking], now: DateTime<Utc>) -> BTreeSet<i64> {
    let mut gone = BTreeSet::new();
    let by_hour: BTreeSet<u8> = seated.iter().map(|booking| booking.slot.hour).collect();
    for hour in by_hour {
        let offered = if hours.contains(&hour) { office.seats_per_hour } else { 0 };
        let of_hour: Vec<&Booking> = seated.iter().copied().filter(|booking| booking.slot.hour == hour).collect();
        gone.extend(last_beyond(office, &of_hour, offered, now));
    }
    let kept: Vec<&Booking> = seated.iter().copied().filter(|booking| !gone.contains(&booking.id)).collect();
    gone.extend(last_beyond(office, &kept, office.day_capacity(hours), now));
    gone
}

/// The last of these that have to give way until the others fit; whose hour is over gives no way.
fn last_beyond(office: &Office, booked: &[&Booking], capacity: u32, now: DateTime<Utc>) -> Vec<i64> {
    let mut taken: u32 = booked.iter().map(|booking| booking.party()).sum();
    let mut gone = Vec::new();
    for booking in booked.iter().rev().filter(|booking| booking.is_live(office, now)) {
        if taken <= capacity {
            break;
        }
        taken = taken.saturating_sub(booking.party());
        gone.push(booking.id);
    }
    gone
}

/// Whether something new has to be decided about a displaced place: nothing was yet, or only about a day that was smaller and is closed
/// now.
pub fn is_undecided(change: DayChange, booking: &Booking) -> bool {
    match booking.displaced {
        None => true,
        // It was moved here after an earlier closing.
        Some(Displaced { remedy: Remedy::Move, is_done: true, .. }) => true,
        Some(before) => before.day != change && change == DayChange::Closed,
    }
}

/// Where a displaced place would go: the first later day with room for all of it, else an earlier one; at its own hour where that has room.
///
/// # Errors
/// [`NotLoaded`] when the hours of a day have to be loaded first.
pub fn next_place(
    seats: &Seats,
    office: &Office,
    calendar: &Calendar,
    booking: &Booking,
    now: DateTime<Utc>,
) -> Result<Option<Slot>, NotLoaded> {
    let today = office.date_at(now);
    let wish =
        |from| Wish { from, party: booking.party(), roll: true, session: booking.applicant.sesi };
    let later = booking.slot.date.succ_opt().map(|day| seats.find(office, calendar, wish(day), now)).transpose()?;
    let found = match later.flatten() {
        Some(slot) => Some(slot),
        None => seats.find(office, calendar, wish(today), now)?.filter(|slot| slot.date < booking.slot.date),
    };
    let Some(found) = found else { return Ok(None) };
    let same_hour = Slot { date: found.date, hour: booking.slot.hour };
    let fits = seats.fits(office, calendar, same_hour, booking.party(), now)?;
    Ok(Some(if fits { same_hour } else { found }))
}
