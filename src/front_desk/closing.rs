//! The end of hours and days, by the clock: who did not come is marked where the office wants it, who was not served is told apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::forfeited;
use super::handle::{Actor, FrontDesk, Press};
use super::recorded::act_of;
use super::refusal::Refusal;
use super::step::{free_number, numbers_of};
use crate::clock::SharedClock;
use crate::desk::Desk;
use crate::domain::booking::{Booking, State as BookingState};
use crate::domain::office::Office;
use crate::domain::slot::queue_number;
use crate::domain::visit::{Action, Lane, Punctuality, State, Visit, punctuality};
use crate::storage::{NewStep, Storage, StorageError};

/// The end of hours and days at all offices; one node does it at a time.
#[derive(Debug)]
pub struct DayEnds {
    storage: Storage,
    desk: Desk,
    clock: SharedClock,
}

impl DayEnds {
    /// Of the offices that a desk serves.
    pub fn new(storage: Storage, desk: Desk, clock: SharedClock) -> Self {
        Self { storage, desk, clock }
    }

    /// Does what is due now. Returns when something is due next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn step(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        // A clock that has not proved itself yet ends nothing.
        if !self.clock.is_settled() {
            return Ok(None);
        }
        let now = self.clock.now();
        let (is_ours, mut due) = self.storage.claim_day_end(now).await?;
        if is_ours {
            for office in self.desk.roster().offices.values() {
                let desk =
                    FrontDesk::new(self.storage.clone(), Arc::clone(&self.clock), Arc::clone(office), Actor::program());
                let (absent, unserved) = desk.end_what_is_over().await?;
                if absent > 0 {
                    // Whoever did not come is told at once.
                    due = now;
                }
                if absent + unserved > 0 {
                    tracing::info!(office = office.id.as_str(), absent, unserved, "hours or days at the counter ended");
                }
            }
        }
        Ok(Some(due))
    }
}

impl FrontDesk {
    /// Ends hours and days that are over; returns how many people did not come, and how many days ended for somebody who was here.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn end_what_is_over(&self) -> Result<(usize, usize), StorageError> {
        let today = self.today(self.now());
        let mut absent = 0;
        if self.office.policy.arrivals {
            // Yesterday as well: the program may have been off in the evening.
            for date in today.checked_sub_days(Days::new(1)).into_iter().chain([today]) {
                absent += self.mark_absent(date).await?;
            }
        }
        Ok((absent, self.end_days(today).await?))
    }

    /// Ends the day of today now, whatever the clock says: the office closes. Counters close as well. Returns for how many people.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn end_today(&self) -> Result<Result<usize, Refusal>, StorageError> {
        self.run(|desk| async move {
            let tomorrow = desk.today(desk.now()).checked_add_days(Days::new(1)).unwrap_or_default();
            Ok(desk.end_days(tomorrow).await?)
        })
        .await
    }

    /// Marks those who have not come though their grace is over, and plans to tell those of whose booking nobody came.
    async fn mark_absent(&self, date: NaiveDate) -> Result<usize, StorageError> {
        let now = self.now();
        let (bookings, visits) = (
            self.storage.bookings_on(&self.office.id, date).await?,
            self.storage.visits_on(&self.office.id, date).await?,
        );
        if absentees(&self.office, &bookings, &visits, now).is_empty() {
            return Ok(0);
        }
        // A visit and a step for each person, and a notice for each booking.
        let people = bookings.iter().map(|booking| booking.seats.len()).sum::<usize>();
        let mut ids = self.storage.ids(2 * people + bookings.len()).await?;
        let mut day = self.storage.begin_day(&self.office.id, true, now).await?;
        let (bookings, visits) = (day.bookings_on(date).await?, day.visits_on(date).await?);
        let mut taken = numbers_of(&visits);
        let (mut steps, mut marked) = (Vec::new(), BTreeSet::new());
        for (booking, person, known) in absentees(&self.office, &bookings, &visits, now) {
            let mut visit = known.map_or_else(
                || absent(ids.next().unwrap_or(0), booking, person),
                |known| Visit { state: State::NoShow, version: known.version + 1, ..known.clone() },
            );
            if known.is_none() {
                visit.number = free_number(visit.lane, &visit.number, &taken);
                taken.insert(visit.number.clone());
            }
            let before = known.unwrap_or(&visit).clone();
            let mut step =
                self.new_step(ids.next().unwrap_or(0), visit, Action::MarkAbsent, &before, &Press::default());
            step.before = known.map(Visit::before);
            steps.push(step);
            marked.insert(booking.id);
        }
        let notices = forfeited::notices(&self.office, &bookings, (&marked, &visits), now, &mut ids);
        day.write_steps(&steps).await?;
        day.plan_notices(&notices).await?;
        day.commit().await?;
        Ok(steps.len())
    }

    /// Ends what is open of days before `date`, and closes the counters.
    async fn end_days(&self, date: NaiveDate) -> Result<usize, StorageError> {
        let now = self.now();
        let ends_at = self.office.zone.instant(date.and_time(chrono::NaiveTime::MIN)).min(now);
        let (open, counters) = self.storage.open_days(&self.office.id, date, ends_at).await?;
        if open + counters == 0 {
            return Ok(0);
        }
        let mut ids = self.storage.ids(open + OPEN_SPARE).await?;
        let mut day = self.storage.begin_day(&self.office.id, false, now).await?;
        let open = day.open_before(date).await?;
        let steps: Vec<NewStep> = open
            .iter()
            .filter_map(|visit| {
                let after = visit.after(Action::EndDay, now, None)?;
                Some(self.new_step(ids.next()?, after, Action::EndDay, visit, &Press::default()))
            })
            .collect();
        day.write_steps(&steps).await?;
        day.close_counters_before(ends_at, self.actor.as_str()).await?;
        let visits: Vec<&Visit> = steps.iter().map(|step| &step.visit).collect();
        self.recorded(&mut day, (act_of(Action::EndDay), Action::EndDay.name()), &visits).await?;
        day.commit().await?;
        Ok(steps.len())
    }
}

/// Numbers in reserve for people who come between two looks at a day that ends.
const OPEN_SPARE: usize = 64;

/// The people of bookings who have not come though their grace is over, each with the visit that was taken back.
fn absentees<'a>(
    office: &Office,
    bookings: &'a [Booking],
    visits: &'a [Visit],
    now: DateTime<Utc>,
) -> Vec<(&'a Booking, u32, Option<&'a Visit>)> {
    let is_over = |booking: &&Booking| matches!(punctuality(office, booking.slot, now), Punctuality::Forfeited { .. });
    let of_booking = |booking: &'a Booking| {
        (0..booking.party()).filter_map(move |person| {
            let known = visits.iter().find(|visit| visit.booking == Some(booking.id) && visit.person == person);
            let state = State::after(known.map(|visit| visit.state), Action::MarkAbsent)?;
            (state == State::NoShow).then_some((booking, person, known))
        })
    };
    let booked = bookings.iter().filter(|booking| booking.state == BookingState::Booked);
    booked.filter(is_over).flat_map(of_booking).collect()
}

fn absent(id: i64, booking: &Booking, person: u32) -> Visit {
    let seat = booking.seats.get(usize::try_from(person).unwrap_or(usize::MAX)).copied().unwrap_or(0);
    Visit {
        booking: Some(booking.id),
        person,
        number: queue_number(booking.slot, seat),
        lane: Lane::Booked,
        hour: Some(booking.slot.hour),
        place: Visit::place_of_seat(booking.slot.hour, seat),
        state: State::NoShow,
        ..Visit::blank(id, booking.office.clone(), booking.slot.date)
    }
}
