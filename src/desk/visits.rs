//! The visits of a message's own bookings; how long they wait is looked up only for who is at the counter and asks.

use std::collections::HashMap;

use chrono::{DateTime, Timelike, Utc};

use super::incoming::Incoming;
use crate::conversation::{OwnVisit, Said};
use crate::domain::booking::Booking;
use crate::domain::visit::{Pick, State, Visit, wait};
use crate::grammar::{CommandName, Request, Topic};
use crate::storage::{Intake, StorageError};

/// Visits of the batch's bookings, by booking.
pub(super) type Visits = HashMap<i64, Vec<Visit>>;

/// The visits by their booking.
pub(super) fn by_booking(visits: Vec<Visit>) -> Visits {
    let mut by_booking = Visits::new();
    for visit in visits {
        if let Some(booking) = visit.booking {
            by_booking.entry(booking).or_default().push(visit);
        }
    }
    by_booking
}

/// The visits of a booking, as a decision about it sees them.
pub(super) fn of_booking(booking: i64, visits: &Visits) -> Vec<OwnVisit> {
    visits.get(&booking).into_iter().flatten().map(|visit| OwnVisit { visit: visit.clone(), wait: None }).collect()
}

/// The visits of these bookings, as the decision on a message sees them.
pub(super) async fn of_message(
    intake: &mut Intake,
    message: &Incoming,
    bookings: &[Booking],
    visits: &Visits,
    now: DateTime<Utc>,
) -> Result<Vec<OwnVisit>, StorageError> {
    if visits.is_empty() {
        return Ok(Vec::new());
    }
    let own = bookings.iter().filter_map(|booking| visits.get(&booking.id)).flatten();
    let mut own: Vec<OwnVisit> = own.map(|visit| OwnVisit { visit: visit.clone(), wait: None }).collect();
    let office = &message.office;
    let waits = |own: &OwnVisit| own.visit.state == State::Arrived && own.visit.date == office.date_at(now);
    if !asks_for_turn(message) || !own.iter().any(waits) {
        return Ok(own);
    }
    let day = intake.day_at_counter(&office.id, office.date_at(now)).await?;
    let hour = u8::try_from(office.zone.local(now).hour()).unwrap_or(0);
    let pick = Pick::watching(hour, day.since_priority);
    for own in own.iter_mut().filter(|own| waits(own)) {
        own.wait = Some(wait(&own.visit, &day.visits, day.counters, pick));
    }
    Ok(own)
}

/// Whether a message asks what its sender has: whose turn it is belongs to the answer.
fn asks_for_turn(message: &Incoming) -> bool {
    let asked = message.heard.topics.asked.iter().any(|about| about.topic == Topic::OwnBooking);
    let is_status =
        |request: &Request| matches!(request, Request::Command(command) if command.name == CommandName::Status);
    let said = match &message.heard.said {
        Said::Text(request) | Said::Picture { caption: Some(request), .. } => Some(request),
        _ => None,
    };
    asked || said.is_some_and(is_status)
}
