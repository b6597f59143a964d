//! What a front desk sees of its day, and what somebody who waits is told.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::handle::FrontDesk;
use crate::domain::booking::{Booking, State as BookingState};
use crate::domain::person::Nama;
use crate::domain::visit::{Pick, State, Visit, Wait, wait};
use crate::storage::{Shift, StorageError};

/// A day at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// Everybody who came, or counts as absent, with the name that is known of them.
    pub people: Vec<Standing>,
    /// Bookings of the day with people who have not come yet, by hour and seat.
    pub expected: Vec<Booking>,
    /// Open counters.
    pub counters: Vec<Shift>,
}

/// Somebody of the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The visit.
    pub visit: Visit,
    /// The name, where one is known.
    pub name: Option<Nama>,
    /// What they are told while they wait.
    pub wait: Option<Wait>,
}

impl FrontDesk {
    /// The day at the office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn day(&self) -> Result<Day, StorageError> {
        let now = self.now();
        let date = self.today(now);
        let at_counter = self.storage.day_at_counter(&self.office.id, date).await?;
        let counters = self.storage.open_counters(&self.office.id).await?;
        let mut expected = self.storage.bookings_on(&self.office.id, date).await?;
        expected.retain(|booking| booking.state == BookingState::Booked);
        let by_id: HashMap<i64, &Booking> = expected.iter().map(|booking| (booking.id, booking)).collect();
        let pick = Pick::watching(self.hour(now), at_counter.since_priority);
        let people = at_counter
            .visits
            .iter()
            .map(|visit| Standing {
                name: name_of(visit, visit.booking.and_then(|id| by_id.get(&id).copied())),
                wait: (visit.state == State::Arrived)
                    .then(|| wait(visit, &at_counter.visits, at_counter.counters, pick)),
                visit: visit.clone(),
            })
            .collect();
        let come = |booking: &Booking| {
            let of_booking = at_counter.visits.iter().filter(|visit| visit.booking == Some(booking.id));
            of_booking.filter(|visit| visit.state != State::Withdrawn).count()
        };
        let expected = expected.iter().filter(|booking| come(booking) < booking.seats.len()).cloned().collect();
        Ok(Day { date, people, expected, counters })
    }
}

/// The name that is known of somebody: of a party with a count only, the others have none.
pub(super) fn name_of(visit: &Visit, booking: Option<&Booking>) -> Option<Nama> {
    let person = usize::try_from(visit.person).unwrap_or(usize::MAX);
    let of_booking = || Some(booking?.applicant.people().nth(person)?.nama.clone());
    visit.name.clone().or_else(of_booking)
}
