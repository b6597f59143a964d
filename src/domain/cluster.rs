//! Bookings that belong together in a way that an officer should see: patterns of brokers, each with its reason.
//!
//! Nothing here refuses anybody. A family, a school or an honest helper may look the same: an officer judges.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::booking::{Booking, State};
use super::office::OfficeId;
use super::same_person::Person;

/// How many different people with live bookings from one number are reported: more than one booking's party.
pub const PEOPLE_MIN: usize = 6;
/// How many holds of one day at one office, ended without a booking or still waiting, are reported.
pub const UNCONFIRMED_MIN: usize = 10;
/// They are reported only where they are at least this part of the day's forms, in percent: a busy day has many of both.
pub const UNCONFIRMED_PERCENT: usize = 33;
/// How many consecutive numbers at one office are reported.
pub const IN_A_ROW_MIN: usize = 5;
/// Furthest that two numbers in a row are apart: cards are sold in runs, and some of a run are used elsewhere.
const STEP_MAX: u64 = 3;

/// Why bookings are reported together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// One person, by name and birth date, has live bookings from several numbers.
    PersonFromSeveralNumbers,
    /// One number has live bookings at several offices.
    NumberAtSeveralOffices,
    /// One number has live bookings for many different people.
    NumberWithManyPeople,
    /// Much of what was asked for on a day was never confirmed.
    ManyUnconfirmed,
    /// Numbers that follow one another have live bookings at one office.
    NumbersInARow,
}

impl Reason {
    /// The reason in plain words, for a heading.
    pub fn words(self) -> &'static str {
        match self {
            Self::PersonFromSeveralNumbers => "one person from several numbers",
            Self::NumberAtSeveralOffices => "one number at several offices",
            Self::NumberWithManyPeople => "one number with many different people",
            Self::ManyUnconfirmed => "many holds of one day that nobody confirmed",
            Self::NumbersInARow => "numbers that follow one another",
        }
    }
}

/// Bookings that belong together, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster<'a> {
    /// Why.
    pub reason: Reason,
    /// Its bookings, by office, day, hour and number.
    pub bookings: Vec<&'a Booking>,
}

/// All clusters among bookings whose day is not over, in any state; those of one reason together, the largest first.
pub fn clusters(bookings: &[Booking]) -> Vec<Cluster<'_>> {
    let live: Vec<&Booking> = bookings.iter().filter(|booking| booking.state.has_seats()).collect();
    let mut found = persons(&live);
    found.extend(numbers(&live));
    found.extend(unconfirmed(bookings));
    found.extend(in_a_row(&live));
    for cluster in &mut found {
        cluster.bookings.sort_by_key(|booking| (&booking.office, booking.slot, booking.id));
    }
    found.sort_by_key(|cluster| (cluster.reason, std::cmp::Reverse(cluster.bookings.len())));
    found
}

fn contacts(bookings: &[&Booking]) -> usize {
    bookings.iter().map(|booking| booking.contact.as_str()).collect::<BTreeSet<_>>().len()
}

fn persons<'a>(live: &[&'a Booking]) -> Vec<Cluster<'a>> {
    let mut of: BTreeMap<Person, Vec<&Booking>> = BTreeMap::new();
    for booking in live {
        for person in Person::all(&booking.applicant).collect::<BTreeSet<_>>() {
            of.entry(person).or_default().push(booking);
        }
    }
    let several = of.into_values().filter(|bookings| contacts(bookings) > 1);
    several.map(|bookings| Cluster { reason: Reason::PersonFromSeveralNumbers, bookings }).collect()
}

fn numbers<'a>(live: &[&'a Booking]) -> Vec<Cluster<'a>> {
    let mut of: BTreeMap<&str, Vec<&Booking>> = BTreeMap::new();
    for booking in live {
        of.entry(booking.contact.as_str()).or_default().push(booking);
    }
    let mut found = Vec::new();
    for bookings in of.into_values() {
        let offices: BTreeSet<&OfficeId> = bookings.iter().map(|booking| &booking.office).collect();
        let people: BTreeSet<Person> = bookings.iter().flat_map(|booking| Person::all(&booking.applicant)).collect();
        if offices.len() > 1 {
            found.push(Cluster { reason: Reason::NumberAtSeveralOffices, bookings: bookings.clone() });
        }
        if people.len() >= PEOPLE_MIN {
            found.push(Cluster { reason: Reason::NumberWithManyPeople, bookings });
        }
    }
    found
}

fn unconfirmed(bookings: &[Booking]) -> Vec<Cluster<'_>> {
    let mut of: BTreeMap<(&OfficeId, NaiveDate), (Vec<&Booking>, usize)> = BTreeMap::new();
    for booking in bookings {
        let (unconfirmed, all) = of.entry((&booking.office, booking.slot.date)).or_default();
        *all += 1;
        // A hold that its own number replaced was corrected, and a cancelled booking was confirmed once: neither was left
        // unconfirmed.
        if matches!(booking.state, State::Held | State::Expired | State::Blocked) {
            unconfirmed.push(booking);
        }
    }
    let is_many = |(unconfirmed, all): &(Vec<&Booking>, usize)| {
        unconfirmed.len() >= UNCONFIRMED_MIN && unconfirmed.len() * 100 >= all * UNCONFIRMED_PERCENT
    };
    let many = of.into_values().filter(is_many);
    many.map(|(bookings, _)| Cluster { reason: Reason::ManyUnconfirmed, bookings }).collect()
}

/// The bookings of one number at one office.
type At<'a> = ((&'a OfficeId, u64), Vec<&'a Booking>);

fn in_a_row<'a>(live: &[&'a Booking]) -> Vec<Cluster<'a>> {
    let mut of: BTreeMap<(&OfficeId, u64), Vec<&Booking>> = BTreeMap::new();
    for booking in live {
        // Ids that are no telephone numbers say nothing by their order.
        if let Ok(number) = booking.contact.as_str().parse() {
            of.entry((&booking.office, number)).or_default().push(booking);
        }
    }
    let mut runs: Vec<Vec<At<'_>>> = Vec::new();
    for (at, bookings) in of {
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|(last, _)| last.0 == at.0 && at.1 - last.1 <= STEP_MAX) => {
                run.push((at, bookings));
            }
            _ => runs.push(vec![(at, bookings)]),
        }
    }
    let long = runs.into_iter().filter(|run| run.len() >= IN_A_ROW_MIN);
    long.map(|run| Cluster {
        reason: Reason::NumbersInARow,
        bookings: run.into_iter().flat_map(|(_, bookings)| bookings).collect(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use rand::SeedableRng;

    use super::*;
    use crate::domain::code::BookingCode;
    use crate::domain::message::{ChannelId, Contact};
    use crate::domain::office::FormatId;
    use crate::domain::person::{Applicant, Nama, TglLahir};
    use crate::domain::sample::day;
    use crate::domain::slot::Slot;

    fn booking(id: i64, office: &str, contact: &str, name: &str) -> Booking {
        let born = TglLahir::judge(day(1987, 1, 25), day(2017, 8, 1)).ok();
        Booking {
            id,
            office: OfficeId::read(office).unwrap(),
            office_version: 1,
            format: FormatId::read("uji").unwrap(),
            channel: ChannelId::new("tape", office),
            contact: Contact::new(contact),
            applicant: Applicant { tgl_lahir: born, ..Applicant::named(Nama::read(name).unwrap()) },
            asked: None,
            slot: Slot { date: day(2017, 8, 8), hour: 9 },
            seats: vec![1],
            state: State::Booked,
            code: BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(7)),
            approval: None,
            tries: 0,
            awaits: None,
            hold_until: None,
            photo: None,
            moves: 0,
            displaced: None,
            attendance: None,
            created_at: DateTime::<Utc>::default(),
        }
    }

    /// Distinct names.
    fn name(n: i64) -> String {
        format!("Warga {}", "abcdefghijklmnopqrstuvwxyz".chars().nth(usize::try_from(n % 26).unwrap()).unwrap())
    }

    fn reasons(bookings: &[Booking]) -> Vec<(Reason, Vec<i64>)> {
        let ids = |cluster: Cluster<'_>| (cluster.reason, cluster.bookings.iter().map(|booking| booking.id).collect());
        clusters(bookings).into_iter().map(ids).collect()
    }

    // Negative control: each of the four finders left out of `clusters` fails one of these.
    #[test]
    fn what_belongs_together_is_told_with_its_reason() {
        let person = [
            booking(1, "bogor", "628120000001", "Budi Santoso"),
            booking(2, "depok", "628120009001", "H. BUDI SANTOSO"),
            booking(3, "bogor", "628120005001", "Siti"),
        ];
        assert_eq!(reasons(&person), [(Reason::PersonFromSeveralNumbers, vec![1, 2])]);
        let number = [booking(1, "bogor", "628120000001", "Budi"), booking(2, "depok", "628120000001", "Siti")];
        assert_eq!(reasons(&number), [(Reason::NumberAtSeveralOffices, vec![1, 2])]);
        let many: Vec<_> = (0..6).map(|n| booking(n, "bogor", "628120000001", &name(n))).collect();
        assert_eq!(reasons(&many), [(Reason::NumberWithManyPeople, (0..6).collect())]);
        let row: Vec<_> = (0..5).map(|n| booking(n, "bogor", &format!("62812000000{n}"), &name(n))).collect();
        assert_eq!(reasons(&row), [(Reason::NumbersInARow, (0..5).collect())]);
        let mut left: Vec<_> = (0..26).map(|n| booking(n, "bogor", &format!("6281200{n}000"), &name(n))).collect();
        for hold in &mut left[..10] {
            hold.state = State::Expired;
        }
        assert_eq!(reasons(&left), [(Reason::ManyUnconfirmed, (0..10).collect())]);
    }

    #[test]
    fn an_ordinary_day_is_not_told() {
        let mut day: Vec<_> = (0..26).map(|n| booking(n, "bogor", &format!("6281200{n}000"), &name(n))).collect();
        for hold in &mut day[..9] {
            hold.state = State::Expired;
        }
        // Given back, and taken anew from another number.
        day[10].state = State::Cancelled;
        day.push(booking(30, "bogor", "628129999000", &name(10)));
        // Two numbers of one family, and an id that is no number.
        day.push(booking(31, "bogor", "6281200000001", "Ayah"));
        day.push(booking(32, "bogor", "6281200000002", "Ibu"));
        day.push(booking(33, "bogor", "tg:7", "Paman"));
        assert_eq!(reasons(&day), []);
    }
}
