//! Where displaced bookings would go as things stand now: the same search as when they are moved, on seats in memory, and nothing is
//! written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};

use crate::domain::booking::Booking;
use crate::domain::calendar::Calendar;
use crate::domain::displacement::next_place;
use crate::domain::office::Office;
use crate::domain::seats::{NotLoaded, Seats};
use crate::domain::slot::Slot;
use crate::storage::{OfficeDate, OfficeDay, OfficeHour, Storage, StorageError, Wanted};

/// Where these bookings of one office would go, whoever booked first first; those for which no day has room are left out.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub async fn planned_moves(
    storage: &Storage,
    office: &Office,
    calendar: &Calendar,
    bookings: &[&Booking],
    now: DateTime<Utc>,
) -> Result<HashMap<i64, Slot>, StorageError> {
    if bookings.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted = Wanted { offices: BTreeMap::from([(office.id.clone(), office.date_at(now))]), ..Wanted::default() };
    let (mut intake, found) = storage.begin_intake(&wanted, now).await?;
    let mut seats = Seats::default();
    for OfficeDay { date, load, .. } in found.days {
        seats.enter_day(date, load);
    }
    let mut in_order: Vec<&Booking> = bookings.to_vec();
    in_order.sort_by_key(|booking| (booking.created_at, booking.id));
    let mut planned = HashMap::new();
    for booking in in_order {
        let slot = loop {
            match next_place(&seats, office, calendar, booking, now) {
                Ok(slot) => break slot,
                Err(NotLoaded(date)) => {
                    let day = BTreeSet::from([OfficeDate { office: office.id.clone(), date }]);
                    for OfficeHour { slot, load, .. } in intake.hours(&day).await? {
                        seats.enter_hour(slot, load);
                    }
                    seats.mark_loaded(date);
                }
            }
        };
        if let Some(slot) = slot {
            seats.take(office, calendar, slot, booking.party());
            planned.insert(booking.id, slot);
        }
    }
    intake.rollback().await?;
    Ok(planned)
}
