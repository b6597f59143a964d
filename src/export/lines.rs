//! What the lines of each file hold. Numbers of identity cards, family cards and photos are in none of them: who needs one looks at the
//! booking.

use crate::domain::booking::Booking;
use crate::domain::export::{Cell, What};
use crate::domain::identity::{Email, Phone};
use crate::domain::office::Zone;
use crate::domain::person::{Address, Service, TglLahir};
use crate::domain::slot::Session;
use crate::domain::tally::Tally;
use crate::domain::visit::{Reason, Visit};

const BOOKINGS: [&str; 11] =
    ["date", "hour", "queue_number", "code", "state", "persons", "format", "service", "session", "moves", "made_at"];
const OF_PEOPLE: [&str; 7] = ["name", "birth_date", "address", "contact", "phone", "email", "others"];
const VISITS: [&str; 13] = [
    "date",
    "number",
    "lane",
    "priority",
    "booked_hour",
    "state",
    "counter",
    "calls",
    "missed",
    "arrived_at",
    "called_at",
    "served_at",
    "ended_at",
];
const MESSAGES: [&str; 5] = ["date", "hour", "kind", "name", "count"];

/// The headings of a file.
pub(super) fn headings(what: What, with_people: bool) -> Vec<&'static str> {
    match (what, with_people) {
        (What::Bookings, true) => [&BOOKINGS[..], &OF_PEOPLE[..]].concat(),
        (What::Bookings, false) => BOOKINGS.to_vec(),
        (What::Visits, true) => [&VISITS[..], &["name"][..]].concat(),
        (What::Visits, false) => VISITS.to_vec(),
        (What::Messages, _) => MESSAGES.to_vec(),
    }
}

fn count(number: impl Into<u64>) -> Cell {
    Cell::Number(number.into())
}

/// The line of a booking.
pub(super) fn booking(booking: &Booking, zone: Zone, with_people: bool) -> Vec<Cell> {
    let who = &booking.applicant;
    let mut cells = vec![
        Cell::Day(booking.slot.date),
        count(booking.slot.hour),
        Cell::text(booking.queue_numbers()),
        Cell::text(booking.code.to_string()),
        Cell::text(booking.state.name()),
        count(booking.party()),
        Cell::text(booking.format.as_str()),
        Cell::maybe(who.layanan.as_ref().map(Service::as_str)),
        Cell::maybe(who.sesi.map(Session::name)),
        count(booking.moves),
        Cell::text(zone.local(booking.created_at).format("%Y-%m-%d %H:%M").to_string()),
    ];
    if with_people {
        let others: Vec<&str> = who.others.iter().map(|other| other.nama.as_str()).collect();
        cells.extend([
            Cell::text(who.nama.as_str()),
            who.tgl_lahir.map(TglLahir::date).map_or(Cell::Empty, Cell::Day),
            Cell::maybe(who.alamat.as_ref().map(Address::as_str)),
            Cell::text(booking.contact.as_str()),
            Cell::maybe(who.telepon.as_ref().map(Phone::as_str)),
            Cell::maybe(who.email.as_ref().map(Email::as_str)),
            Cell::text(others.join("; ")),
        ]);
    }
    cells
}

/// The line of a visit.
pub(super) fn visit(visit: &Visit, zone: Zone, with_people: bool) -> Vec<Cell> {
    let at = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map_or(Cell::Empty, |at| Cell::text(zone.local(at).format("%H:%M:%S").to_string()))
    };
    let number = |number: Option<u64>| number.map_or(Cell::Empty, Cell::Number);
    let mut cells = vec![
        Cell::Day(visit.date),
        Cell::text(visit.number.as_str()),
        Cell::text(visit.lane.name()),
        Cell::maybe(visit.reason.map(Reason::name)),
        number(visit.hour.map(u64::from)),
        Cell::text(visit.state.name()),
        number(visit.counter.map(u64::from)),
        count(visit.calls),
        count(visit.missed),
        at(visit.arrived_at),
        at(visit.called_at),
        at(visit.served_at),
        at(visit.ended_at),
    ];
    if with_people {
        cells.push(Cell::maybe(visit.name.as_ref().map(crate::domain::person::Nama::as_str)));
    }
    cells
}

/// The line of a number that was counted.
pub(super) fn tally(tally: &Tally) -> Vec<Cell> {
    vec![
        Cell::Day(tally.date),
        count(tally.hour),
        Cell::text(tally.kind.name()),
        Cell::text(tally.name.as_str()),
        Cell::Number(tally.count),
    ]
}
