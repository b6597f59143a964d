//! What citizens see of their turn, at an address of their own: numbers, how many are before them, how long it takes. Nobody's name
//! and nobody's birth date, and nothing once the day is over.

use std::sync::Arc;

use chrono::{DateTime, Timelike, Utc};

use super::kept::Kept;
use crate::clock::SharedClock;
use crate::desk::Desk;
use crate::domain::booking::State as BookingState;
use crate::domain::office::Office;
use crate::domain::slot::Slot;
use crate::domain::turn_link::TurnLinks;
use crate::domain::visit::{Pick, State, Visit, Wait, wait};
use crate::storage::{DayAtCounter, Storage, StorageError};

/// Somebody of a booking who is here, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnOf {
    /// Their number.
    pub number: String,
    /// Where they stand.
    pub state: State,
    /// The counter that called them.
    pub counter: Option<u32>,
    /// How long they wait, while they wait.
    pub wait: Option<Wait>,
}

/// A booking as its turn shows it.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The office.
    pub office: Arc<Office>,
    /// Its day and hour.
    pub slot: Slot,
    /// The numbers of its seats.
    pub numbers: String,
    /// When this was so.
    pub now: DateTime<Utc>,
    /// Whether its day is today.
    pub is_today: bool,
    /// Whoever is here, or was.
    pub people: Vec<TurnOf>,
    /// How many have not come yet.
    pub missing: usize,
}

/// The turns of all citizens. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Turns {
    storage: Storage,
    desk: Desk,
    clock: SharedClock,
    links: TurnLinks,
    days: Kept<DayAtCounter>,
}

impl Turns {
    /// The turns at a desk's offices, by these links.
    pub fn new(storage: Storage, desk: Desk, clock: SharedClock, links: TurnLinks) -> Self {
        Self { storage, desk, clock, links, days: Kept::default() }
    }

    /// The booking of a token, as a number; `None` where the token is none of ours.
    pub fn booking(&self, token: &str) -> Option<i64> {
        self.links.read(token)
    }

    /// The turn of a booking; `None` where it stands no more, or its day is over.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn turn(&self, booking: i64) -> Result<Option<Turn>, StorageError> {
        let Some(found) = self.storage.booked_turn(booking).await? else { return Ok(None) };
        let booking = found.booking;
        let Some(office) = self.desk.roster().offices.get(&booking.office).map(Arc::clone) else { return Ok(None) };
        let now = self.clock.now();
        let today = office.date_at(now);
        if booking.state != BookingState::Booked || booking.slot.date < today {
            return Ok(None);
        }
        let is_today = booking.slot.date == today;
        // Who was entered by mistake has not come.
        let here: Vec<Visit> = found.visits.into_iter().filter(|visit| visit.state != State::Withdrawn).collect();
        let waits = here.iter().any(|visit| visit.state == State::Arrived);
        let day = if is_today && waits {
            Some(
                self.days
                    .of(&self.storage, (&office.id, today), || self.storage.day_at_counter(&office.id, today))
                    .await?,
            )
        } else {
            None
        };
        let hour = u8::try_from(office.zone.local(now).hour()).unwrap_or(0);
        let person = |visit: &Visit| TurnOf {
            number: visit.number.clone(),
            state: visit.state,
            counter: visit.counter,
            wait: day
                .as_ref()
                .filter(|_| visit.state == State::Arrived)
                .map(|day| wait(visit, &day.visits, day.counters, Pick::watching(hour, day.since_priority))),
        };
        Ok(Some(Turn {
            slot: booking.slot,
            numbers: booking.queue_numbers(),
            now,
            is_today,
            people: here.iter().map(person).collect(),
            missing: booking.seats.len().saturating_sub(here.len()),
            office,
        }))
    }
}
