//! Arrivals of people with a booking.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::done::{Done, Stop, Warning};
use super::handle::{FrontDesk, Press, repeated};
use super::refusal::Refusal;
use super::step::{free_number, numbers_of};
use crate::domain::audit::Act;
use crate::domain::booking::{Booking, State as BookingState};
use crate::domain::code::BookingCode;
use crate::domain::person::PARTY_MAX;
use crate::domain::slot::queue_number;
use crate::domain::visit::{Action, Lane, Punctuality, Reason, Visit, punctuality};
use crate::sheet::within;
use crate::storage::{DayTransaction, NewStep, StorageError};

/// Who comes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Arrival {
    /// The booking code, as it was typed or scanned.
    pub code: String,
    /// Of a party, who comes, from 0; empty: everybody who is not here yet.
    pub people: BTreeSet<u32>,
    /// Why they cannot wait long.
    pub priority: Option<Reason>,
    /// Whether somebody who may decide it lets them in too late.
    pub admit_late: bool,
}

/// How they wait.
struct Entrance {
    lane: Lane,
    reason: Option<Reason>,
    warning: Option<Warning>,
}

impl FrontDesk {
    /// Enters an arrival.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not entered.
    pub async fn arrive(&self, arrival: Arrival, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.run(|desk| async move { desk.enter_arrival(&arrival, &press).await }).await
    }

    async fn enter_arrival(&self, arrival: &Arrival, press: &Press) -> Result<Done, Stop> {
        let now = self.now();
        let booking = self.booking_of(&arrival.code, now).await?.id;
        // A visit and a step for each; reserved before the transaction, since they are kept by one of their own.
        let mut ids = self.storage.ids(2 * usize::from(PARTY_MAX)).await?;
        let mut day = self.storage.begin_day(&self.office.id, true, now).await?;
        if let Some(done) = repeated(&mut day, &self.office, press).await? {
            return Ok(done);
        }
        // Under the lock: a message may just have cancelled or moved it.
        let Some(booking) = day.booking(booking).await? else {
            return Err(Refusal::UnknownCode { closest: None }.into());
        };
        if booking.state != BookingState::Booked {
            return Err(Refusal::NotStanding { state: booking.state }.into());
        }
        if booking.slot.date != self.today(now) {
            return Err(Refusal::OtherDay { slot: booking.slot }.into());
        }
        let known = day.visits_of(booking.id, booking.slot.date).await?;
        let people = who_comes(&mut day, &booking, &known, arrival).await?;
        let entrance = self.entrance(&booking, arrival, now)?;
        let mut taken = numbers_of(&day.visits_on(booking.slot.date).await?);
        let mut steps = Vec::new();
        for (part, person) in (0..).zip(people) {
            let of_person = known.iter().find(|visit| visit.person == person);
            let id = of_person.map_or_else(|| ids.next().unwrap_or(0), |visit| visit.id);
            if let Some(visit) = of_person {
                // Somebody whose arrival was taken back gives the number back as well.
                taken.remove(&visit.number);
            }
            let mut visit = new_visit(id, &booking, person, &entrance, now);
            visit.number = free_number(visit.lane, &visit.number, &taken);
            taken.insert(visit.number.clone());
            visit.version = of_person.map_or(1, |known| known.version + 1);
            steps.push(NewStep {
                id: ids.next().unwrap_or(0),
                visit,
                action: Action::Arrive,
                counter: None,
                actor: self.actor.as_str().to_owned(),
                nonce: press.nonce.clone(),
                part,
                before: of_person.map(Visit::before),
            });
        }
        day.write_steps(&steps).await?;
        let visits: Vec<&Visit> = steps.iter().map(|step| &step.visit).collect();
        self.recorded(&mut day, (Act::Arrive, Action::Arrive.name()), &visits).await?;
        day.commit().await?;
        let visits = steps.into_iter().map(|step| step.visit).collect();
        Ok(Done { visits, repeated: false, warning: entrance.warning })
    }

    /// The booking of a code at this office.
    pub(super) async fn booking_of(&self, text: &str, now: DateTime<Utc>) -> Result<Booking, Stop> {
        let Ok(code) = BookingCode::read(text) else {
            return Err(Refusal::UnknownCode { closest: self.closest(text, now).await? }.into());
        };
        let mut found = self.storage.find_bookings(&code).await?;
        match found.iter().position(|booking| booking.office == self.office.id) {
            Some(at) => Ok(found.swap_remove(at)),
            None => Err(match found.into_iter().next() {
                Some(other) => Refusal::OtherOffice { office: other.office },
                None => Refusal::UnknownCode { closest: self.closest(code.as_str(), now).await? },
            }
            .into()),
        }
    }

    /// The only code of today's bookings that is one slip away from what was typed.
    async fn closest(&self, text: &str, now: DateTime<Utc>) -> Result<Option<BookingCode>, StorageError> {
        let typed: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let mut near = self.storage.bookings_on(&self.office.id, self.today(now)).await?;
        near.retain(|booking| booking.state == BookingState::Booked && is_one_slip(booking.code.as_str(), &typed));
        let mut near = near.into_iter();
        Ok(match (near.next(), near.next()) {
            (Some(only), None) => Some(only.code),
            _ => None,
        })
    }

    /// How they wait, or why they may not come in.
    fn entrance(&self, booking: &Booking, arrival: &Arrival, now: DateTime<Utc>) -> Result<Entrance, Refusal> {
        let (lane, warning) = match punctuality(&self.office, booking.slot, now) {
            Punctuality::Forfeited { until } if !arrival.admit_late => return Err(Refusal::Forfeited { until }),
            Punctuality::Forfeited { until } | Punctuality::Late { until } => {
                (Lane::Late, Some(Warning::Late { until }))
            }
            Punctuality::OnTime => (Lane::Booked, None),
            Punctuality::Early { from } => (Lane::Booked, Some(Warning::Early { from })),
        };
        Ok(match arrival.priority {
            Some(reason) if lane != Lane::Late => {
                Entrance { lane: Lane::Priority, reason: Some(reason), warning: None }
            }
            reason => Entrance { lane, reason, warning },
        })
    }
}

/// Whether two codes differ by one character, or by two neighbours that changed places.
fn is_one_slip(code: &str, typed: &str) -> bool {
    let differing: Vec<(char, char)> = code.chars().zip(typed.chars()).filter(|(a, b)| a != b).collect();
    let is_swap = matches!(differing.as_slice(), [(a, b), (c, d)] if a == d && b == c);
    within(code, typed, 1).is_some() || (is_swap && code.len() == typed.len())
}

/// Who of a party comes now.
async fn who_comes(
    day: &mut DayTransaction,
    booking: &Booking,
    known: &[Visit],
    arrival: &Arrival,
) -> Result<Vec<u32>, Stop> {
    let party = booking.party();
    if arrival.people.iter().any(|person| *person >= party) {
        return Err(Refusal::NoSuchPerson { party }.into());
    }
    let is_here = |person: &u32| known.iter().any(|visit| visit.person == *person && visit.state.has_come());
    let wanted = |person: &u32| arrival.people.is_empty() || arrival.people.contains(person);
    let coming: Vec<u32> = (0..party).filter(wanted).filter(|person| !is_here(person)).collect();
    if !coming.is_empty() {
        return Ok(coming);
    }
    let here: Vec<&Visit> = known.iter().filter(|visit| wanted(&visit.person)).collect();
    let first = match here.first() {
        Some(visit) => day.arrival(visit.id).await?,
        None => None,
    };
    let Some(first) = first else { return Err(Refusal::NoSuchPerson { party }.into()) };
    let numbers = here.into_iter().map(|visit| visit.number.clone()).collect();
    Err(Refusal::AlreadyArrived { numbers, at: first.at, by: first.actor }.into())
}

fn new_visit(id: i64, booking: &Booking, person: u32, entrance: &Entrance, now: DateTime<Utc>) -> Visit {
    let seat = booking.seats.get(usize::try_from(person).unwrap_or(usize::MAX)).copied().unwrap_or(0);
    let place = match entrance.lane {
        Lane::Booked => Visit::place_of_seat(booking.slot.hour, seat),
        Lane::Priority | Lane::WalkIn | Lane::Late => Visit::place_of_arrival(now),
    };
    Visit {
        booking: Some(booking.id),
        person,
        number: queue_number(booking.slot, seat),
        lane: entrance.lane,
        reason: entrance.reason,
        hour: Some(booking.slot.hour),
        place,
        arrived_at: Some(now),
        ..Visit::blank(id, booking.office.clone(), booking.slot.date)
    }
}
