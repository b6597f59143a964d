//! What keeps one person, or one number, from taking what is everybody's: live places of a person, holds of a day.
//!
//! Nobody is refused by guess: a person is one by name and birth date, and who is refused hears that there is a live place, never
//! where, when, or whose number it was made with.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::decide::{Decision, Snapshot};
use super::outcome::{Outcome, Refusal};
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::office::{Approval, PerPerson};
use crate::domain::same_person::Person;
use crate::domain::seats::Seats;
use crate::grammar::Form;

/// How long a hold lives that is beyond the office's share of a day, in minutes: long enough to find the code in the answer.
pub const SHORT_HOLD_MINUTES: u32 = 5;

/// Unconfirmed holds that a contact took on one day of the office's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldsOfDay {
    /// The day.
    pub day: NaiveDate,
    /// How many; one that is confirmed is taken off again.
    pub taken: u32,
}

/// The refusal of a form of whom has as many live places at this office as one person may have; `hold` is what the form would
/// take the place of.
pub(super) fn has_place(snapshot: &Snapshot<'_>, form: &Form, hold: Option<&Booking>) -> Option<Outcome> {
    let PerPerson::AtMost(limit) = snapshot.office.policy.live_per_person else { return None };
    let is_own = |booking: &&Booking| snapshot.bookings.iter().any(|own| own.id == booking.id);
    let of_others = snapshot.of_people.iter().filter(|booking| !is_own(booking));
    let live: Vec<(&Booking, Vec<Person>)> = snapshot
        .bookings
        .iter()
        .chain(of_others)
        .filter(|booking| booking.office == snapshot.office.id && booking.is_live(snapshot.office, snapshot.now))
        .filter(|booking| hold.is_none_or(|hold| hold.id != booking.id))
        .map(|booking| (booking, Person::all(&booking.applicant).collect()))
        .collect();
    let applicants = form.applicant.people().filter_map(|applicant| Some((applicant, Person::of(applicant)?)));
    for (applicant, person) in applicants {
        let places: Vec<&Booking> =
            live.iter().filter(|(_, people)| people.contains(&person)).map(|(booking, _)| *booking).collect();
        if places.len() < limit as usize {
            continue;
        }
        let own = places.iter().find(|booking| is_own(booking) && booking.state == State::Booked);
        return Some(match own {
            Some(own) => Outcome::AlreadyBooked { booking: (*own).clone() },
            None => Outcome::Refused(Refusal::PersonHasPlace { nama: applicant.nama.clone() }),
        });
    }
    None
}

/// Whether a form will wait for something before it counts.
pub(super) fn needs_hold(snapshot: &Snapshot<'_>, form: &Form, photo: Option<i64>) -> bool {
    snapshot.office.policy.approval == Approval::Code || (form.wants_photo && photo.is_none())
}

/// The refusal of one more hold, where the number has taken as many today as it may.
pub(super) fn too_many_holds(snapshot: &Snapshot<'_>, hold: Option<&Booking>) -> Option<Refusal> {
    let limit = snapshot.office.policy.holds_per_number;
    let today = snapshot.office.date_at(snapshot.now);
    let holds = snapshot.chat.talk.and_then(|talk| talk.holds).filter(|holds| holds.day == today);
    holds
        .filter(|holds| holds.taken >= limit)
        .map(|_| Refusal::TooManyHolds { limit, holds: hold.cloned().into_iter().collect() })
}

/// What a decision makes of the count of its contact's holds.
pub(super) fn counted(snapshot: &Snapshot<'_>, decision: &Decision) -> Option<HoldsOfDay> {
    let today = snapshot.office.date_at(snapshot.now);
    let before = snapshot.chat.talk.and_then(|talk| talk.holds).filter(|holds| holds.day == today);
    let mut taken = before.map_or(0, |holds| holds.taken);
    for booking in &decision.changed {
        let known = snapshot.bookings.iter().find(|known| known.id == booking.id);
        match (known, booking.state) {
            (None, State::Held) => taken += 1,
            (Some(hold), State::Booked)
                if hold.state == State::Held && snapshot.office.date_at(hold.created_at) == today =>
            {
                taken = taken.saturating_sub(1);
            }
            _ => {}
        }
    }
    (taken > 0).then_some(HoldsOfDay { day: today, taken })
}

/// How long a hold of this place may live, of the office's `minutes`; the place is taken already. `before` is the hold that it
/// goes on from, or takes the place of.
pub(super) fn minutes_of_hold(
    snapshot: &Snapshot<'_>,
    seats: &Seats,
    booking: &Booking,
    before: Option<&Booking>,
    minutes: u32,
) -> u32 {
    let office = snapshot.office;
    let day = seats.day(office, booking.slot.date, &[]);
    let own = before.filter(|hold| hold.state == State::Held && hold.slot.date == booking.slot.date);
    let held = day.held.saturating_sub(own.map_or(0, Booking::party)) + booking.party();
    if held > office.policy.holds_share.places(day.capacity) { minutes.min(SHORT_HOLD_MINUTES) } else { minutes }
}

/// When a hold ends that lives so many minutes from now, at the latest when its hour begins.
pub(super) fn deadline(snapshot: &Snapshot<'_>, minutes: u32, booking: &Booking) -> DateTime<Utc> {
    let after = snapshot.now + Duration::minutes(i64::from(minutes));
    after.min(booking.slot.begins(snapshot.office))
}

/// Whether a hold was given less than the office's time, counted from `since`.
pub(super) fn is_short(snapshot: &Snapshot<'_>, hold: &Booking, since: DateTime<Utc>) -> bool {
    let policy = &snapshot.office.policy;
    let minutes = if hold.awaits == Some(Awaits::Photo) { policy.photo_wait_minutes } else { policy.hold_minutes };
    let short = since + Duration::minutes(i64::from(SHORT_HOLD_MINUTES));
    minutes > SHORT_HOLD_MINUTES && hold.hold_until == Some(short)
}
