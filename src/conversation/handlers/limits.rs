//! The limits on what one person, or one number, may take.
//!
//! Nobody is refused by guess: a person is identified by name and birth date. Who is refused hears that there is a live booking, never
//! where, when, or by whose number.

use crate::conversation::outcome::Outcome;
use crate::conversation::refusal::Refusal;
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Booking, State};
use crate::domain::office::{Office, PerPerson, Policy, RELATIVES_PER_NUMBER};
use crate::domain::person::{Applicant, Nama};
use crate::domain::same_person::Person;
use crate::grammar::Form;

/// The refusal of a form for people who are not on the bookings of a number that may have no more; `booked` are those. Children
/// and elders whom the office lets through are counted by themselves.
pub(super) fn too_many(snapshot: &Snapshot<'_>, booked: &[&Booking], applicant: &Applicant) -> Option<Outcome> {
    let Policy { live_per_number, relatives, .. } = snapshot.office.policy;
    let is_relative = are_relatives(snapshot, applicant);
    let limit = if is_relative { RELATIVES_PER_NUMBER } else { live_per_number };
    let counted = booked.iter().filter(|booking| are_relatives(snapshot, &booking.applicant) == is_relative);
    let bookings: Vec<Booking> = counted.map(|booking| (*booking).clone()).collect();
    if bookings.len() < limit as usize {
        return None;
    }
    // The same people in another spelling are registered.
    if let Some(same) = bookings.iter().find(|booking| applicant.people().all(|person| is_on(booking, person))) {
        return Some(Outcome::AlreadyBooked { booking: same.clone() });
    }
    let names = applicant.people().map(|person| person.nama.clone()).collect();
    let relatives = (!relatives.is_nobody() && !is_relative).then_some(relatives);
    Some(Outcome::Refused(Refusal::NotRegistered { names, bookings, limit, relatives }))
}

/// Whether everybody is a child or an elder whom the office lets through on a relative's number.
fn are_relatives(snapshot: &Snapshot<'_>, applicant: &Applicant) -> bool {
    let relatives = snapshot.office.policy.relatives;
    let today = snapshot.office.date_at(snapshot.now);
    let age = |person: &Applicant| today.years_since(person.tgl_lahir?.date());
    !relatives.is_nobody() && applicant.people().all(|person| age(person).is_some_and(|age| relatives.admits(age)))
}

/// Whether a booking is for that person, in whatever spelling.
fn is_on(booking: &Booking, person: &Applicant) -> bool {
    let same = |booked: &Applicant| Person::of(booked).is_some_and(|booked| Person::of(person) == Some(booked));
    booking.applicant.people().any(|booked| booked.same_person(person) || same(booked))
}

/// The refusal of a form that names somebody who is registered and others who are not: the others are told by name, or by number
/// where the form only counts them. `None` where all of them are registered.
pub(super) fn not_all_registered(same: &Booking, form: &Form) -> Option<Refusal> {
    let others = form.applicant.people().filter(|person| !is_on(same, person));
    let names: Vec<Nama> = others.map(|person| person.nama.clone()).collect();
    let is_missing = !names.is_empty() || u32::from(form.party) > same.party();
    is_missing.then(|| Refusal::NotAllRegistered { booking: Box::new(same.clone()), names, party: form.party })
}

/// The refusal of a cancelled booking that would come back beside as many bookings and holds as its number may have.
pub(super) fn too_many_beside(snapshot: &Snapshot<'_>) -> Option<Refusal> {
    let limit = snapshot.office.policy.live_per_number;
    let beside = snapshot.live();
    (beside.len() >= limit as usize)
        .then(|| Refusal::TooMany { bookings: beside.into_iter().cloned().collect(), limit })
}

/// The refusal of a form for more people than one booking may be for. A party has one hour, so it never exceeds the seats of one.
pub(super) fn too_many_people(office: &Office, form: &Form) -> Option<Refusal> {
    let limit = people_limit(office);
    (u32::from(form.party) > limit).then_some(Refusal::TooManyPeople { party: form.party, limit })
}

/// How many people one booking may be for.
pub(super) fn people_limit(office: &Office) -> u32 {
    let seats = office.seats_per_day.map_or(office.seats_per_hour, |day| day.min(office.seats_per_hour));
    office.policy.people_per_booking.min(seats)
}

/// The refusal of an applicant or companion who has as many live bookings at this office as one person may have; `hold` is the hold
/// that the new booking would replace.
pub(super) fn has_booking(snapshot: &Snapshot<'_>, applicant: &Applicant, hold: Option<&Booking>) -> Option<Outcome> {
    Some(match already_booked(snapshot, applicant, hold)? {
        (_, Some(own)) => Outcome::AlreadyBooked { booking: own.clone() },
        (nama, None) => Outcome::Refused(Refusal::PersonIsBooked { nama: nama.clone() }),
    })
}

/// The first applicant or companion who has as many live bookings as one person may have, and which of them the number booked itself.
pub(super) fn already_booked<'s>(
    snapshot: &Snapshot<'s>,
    applicant: &'s Applicant,
    hold: Option<&Booking>,
) -> Option<(&'s Nama, Option<&'s Booking>)> {
    let PerPerson::AtMost(limit) = snapshot.office.policy.live_per_person else { return None };
    let is_own = |booking: &&Booking| snapshot.bookings.iter().any(|own| own.id == booking.id);
    let of_others = snapshot.of_people.iter().filter(|booking| !is_own(booking));
    let live: Vec<(&'s Booking, Vec<Person>)> = snapshot
        .bookings
        .iter()
        .chain(of_others)
        .filter(|booking| booking.office == snapshot.office.id && booking.is_live(snapshot.office, snapshot.now))
        .filter(|booking| hold.is_none_or(|hold| hold.id != booking.id))
        .map(|booking| (booking, Person::all(&booking.applicant).collect()))
        .collect();
    let applicants = applicant.people().filter_map(|applicant| Some((applicant, Person::of(applicant)?)));
    for (applicant, person) in applicants {
        let places: Vec<&'s Booking> =
            live.iter().filter(|(_, people)| people.contains(&person)).map(|(booking, _)| *booking).collect();
        if places.len() < limit as usize {
            continue;
        }
        let own = places.iter().find(|booking| is_own(booking) && booking.state == State::Booked);
        return Some((&applicant.nama, own.copied()));
    }
    None
}

/// The refusal of one more hold, where the number has taken as many today as it may.
pub(super) fn too_many_holds(snapshot: &Snapshot<'_>, hold: Option<&Booking>) -> Option<Refusal> {
    let limit = snapshot.office.policy.holds_per_number;
    let is_used_up = snapshot.holds_today().is_some_and(|holds| holds.taken >= limit);
    is_used_up.then(|| Refusal::TooManyHolds { limit, holds: hold.cloned().into_iter().collect() })
}
