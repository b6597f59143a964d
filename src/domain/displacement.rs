//! Which bookings of a day an office cannot keep, and where they would go.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::booking::{Booking, State};
use super::calendar::Calendar;
use super::code::BookingCode;
use super::displaced::{DayChange, Displaced, Remedy};
use super::office::{Closed, Day, Office};
use super::reschedule::is_on_closed_day;
use super::seats::{NotLoaded, Seats, Wish};
use super::slot::Slot;

/// What an operator decides about the bookings that an import displaces: for some by their codes, and for all others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remedies {
    /// For all that are not named.
    pub others: Option<Remedy>,
    /// By booking code.
    pub named: BTreeMap<BookingCode, Remedy>,
}

impl Remedies {
    /// The same for all.
    pub fn all(remedy: Remedy) -> Self {
        Self { others: Some(remedy), named: BTreeMap::new() }
    }

    /// The one for a booking.
    pub fn of(&self, booking: &Booking) -> Option<Remedy> {
        self.named.get(&booking.code).copied().or(self.others)
    }
}

/// The live bookings of one day that its office cannot keep, by the order in which they were booked.
///
/// On a closed day these are all. Where an hour or the day has fewer seats than were given, whoever booked last gives way first, until
/// the rest fits: nobody loses a seat that somebody who booked later keeps. A party gives way as a whole.
pub fn displaced_on<'b>(
    office: &Office,
    calendar: &Calendar,
    date: NaiveDate,
    bookings: impl IntoIterator<Item = &'b Booking>,
    now: DateTime<Utc>,
) -> Vec<(DayChange, &'b Booking)> {
    // A lapsed hold gives its seats back with the next batch.
    let counts = |booking: &&Booking| booking.state == State::Booked || booking.is_live(office, now);
    let mut seated: Vec<&Booking> =
        bookings.into_iter().filter(|booking| booking.slot.date == date).filter(counts).collect();
    seated.sort_by_key(|booking| (booking.created_at, booking.id));
    let (change, gone) = match office.day(calendar, date) {
        // Not a decision of the office.
        Day::Closed(Closed::UnknownCalendar) => return Vec::new(),
        Day::Closed(_) => (DayChange::Closed, seated.iter().map(|booking| booking.id).collect()),
        Day::Open(hours) => (DayChange::Shrunk, beyond_capacity(office, (date, &hours), &seated, now)),
    };
    let is_gone = |booking: &&Booking| gone.contains(&booking.id) && booking.is_live(office, now);
    seated.into_iter().filter(is_gone).map(|booking| (change, booking)).collect()
}

/// Those of an open day that go beyond the seats of their hour or of the day.
fn beyond_capacity(
    office: &Office,
    (date, hours): (NaiveDate, &[u8]),
    seated: &[&Booking],
    now: DateTime<Utc>,
) -> BTreeSet<i64> {
    let mut gone = BTreeSet::new();
    let by_hour: BTreeSet<u8> = seated.iter().map(|booking| booking.slot.hour).collect();
    for hour in by_hour {
        let offered = if hours.contains(&hour) { office.seats_at(date, hour) } else { 0 };
        let of_hour: Vec<&Booking> = seated.iter().copied().filter(|booking| booking.slot.hour == hour).collect();
        gone.extend(last_beyond(office, &of_hour, offered, now));
    }
    let kept: Vec<&Booking> = seated.iter().copied().filter(|booking| !gone.contains(&booking.id)).collect();
    gone.extend(last_beyond(office, &kept, office.day_capacity(date, hours), now));
    gone
}

/// The last of these that have to give way until the others fit; whose hour is over gives no way.
fn last_beyond(office: &Office, booked: &[&Booking], capacity: u32, now: DateTime<Utc>) -> Vec<i64> {
    let mut taken: u32 = booked.iter().map(|booking| booking.party()).sum();
    let mut gone = Vec::new();
    for booking in booked.iter().rev().filter(|booking| booking.is_live(office, now)) {
        if taken <= capacity {
            break;
        }
        taken = taken.saturating_sub(booking.party());
        gone.push(booking.id);
    }
    gone
}

/// From this age on people are not moved to another day, in years: the law on the welfare of the elderly counts from sixty.
const ELDERLY_YEARS: u32 = 60;
/// Below this age they are not either, in years: a toddler (*balita*) is under five.
const TODDLER_YEARS: u32 = 5;

/// Whether somebody of a booking is old, or a small child, by the birth dates that were given: an office never moves them.
pub fn has_priority(booking: &Booking) -> bool {
    let age = |born: NaiveDate| booking.slot.date.years_since(born);
    let born = booking.applicant.people().filter_map(|person| person.tgl_lahir);
    born.filter_map(|born| age(born.date())).any(|years| !(TODDLER_YEARS..ELDERLY_YEARS).contains(&years))
}

/// What is done with a displaced booking for which this was chosen: one with priority is not moved. It keeps its place where the day is
/// only smaller, and its citizen chooses a day where it is closed.
pub fn spared(booking: &Booking, change: DayChange, chosen: Remedy) -> Remedy {
    match (chosen, change) {
        (Remedy::Move, DayChange::Closed) if has_priority(booking) => Remedy::Tell,
        (Remedy::Move, DayChange::Shrunk) if has_priority(booking) => Remedy::Keep,
        _ => chosen,
    }
}

/// Whether something new has to be decided about a displaced booking: nothing was yet, or only about a day that was smaller and is closed
/// now.
pub fn is_undecided(change: DayChange, booking: &Booking) -> bool {
    match booking.displaced {
        // Nothing was, or it was moved here after an earlier closing.
        None | Some(Displaced { remedy: Remedy::Move, is_done: true, .. }) => true,
        Some(before) => before.day != change && change == DayChange::Closed,
    }
}

/// Whether the office serves a booking on its day, as far as is decided.
pub fn is_served(office: &Office, calendar: &Calendar, booking: &Booking) -> bool {
    match booking.displaced {
        Some(Displaced { remedy: Remedy::Keep, .. }) => true,
        Some(Displaced { remedy, is_done, .. }) if !(remedy == Remedy::Move && is_done) => false,
        _ => !is_on_closed_day(office, calendar, booking),
    }
}

/// Where a displaced booking would go: the first later day with room for all of it, else an earlier one; at its own hour where that has room.
///
/// # Errors
/// [`NotLoaded`] when the hours of a day have to be loaded first.
pub fn next_place(
    seats: &Seats,
    office: &Office,
    calendar: &Calendar,
    booking: &Booking,
    now: DateTime<Utc>,
) -> Result<Option<Slot>, NotLoaded> {
    let today = office.date_at(now);
    let wish = |from| Wish { from, party: booking.party(), roll: true, session: booking.applicant.sesi };
    let later = booking.slot.date.succ_opt().map(|day| seats.find(office, calendar, wish(day), now)).transpose()?;
    let found = match later.flatten() {
        Some(slot) => Some(slot),
        None => seats.find(office, calendar, wish(today), now)?.filter(|slot| slot.date < booking.slot.date),
    };
    let Some(found) = found else { return Ok(None) };
    let same_hour = Slot { date: found.date, hour: booking.slot.hour };
    let fits = seats.fits(office, calendar, same_hour, booking.party(), now)?;
    Ok(Some(if fits { same_hour } else { found }))
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use proptest::prelude::*;
    use rand::SeedableRng;

    use super::*;
    use crate::domain::message::{ChannelId, Contact};
    use crate::domain::office::Dated;
    use crate::domain::person::{Applicant, Nama};
    use crate::domain::sample::{calendar, day, hours, office};

    /// Monday, 7 August 2017.
    fn monday() -> NaiveDate {
        day(2017, 8, 7)
    }

    /// The Friday before, at noon.
    fn now() -> DateTime<Utc> {
        "2017-08-04T05:00:00Z".parse().unwrap()
    }

    /// Booking number `id`, made so many minutes ago, for so many people.
    fn booked(id: i64, minutes_ago: i64, hour: u8, party: u32) -> Booking {
        let office = office();
        Booking {
            id,
            office: office.id.clone(),
            office_version: 1,
            format: office.formats[0].clone(),
            channel: ChannelId::new("wa", "1"),
            contact: Contact::new(format!("62812000{id:05}")),
            applicant: Applicant::named(Nama::read("Budi").unwrap()),
            asked: None,
            slot: Slot { date: monday(), hour },
            seats: (1..=party).collect(),
            state: State::Booked,
            code: BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(u64::try_from(id).unwrap())),
            approval: None,
            tries: 0,
            awaits: None,
            hold_until: None,
            photo: None,
            moves: 0,
            displaced: None,
            attendance: None,
            created_at: now() - Duration::minutes(minutes_ago),
        }
    }

    fn gone(office: &Office, bookings: &[Booking]) -> Vec<(DayChange, i64)> {
        let displaced = displaced_on(office, &calendar(), monday(), bookings, now());
        displaced.into_iter().map(|(change, booking)| (change, booking.id)).collect()
    }

    #[test]
    fn names_read_back() {
        for (name, displaced) in Displaced::NAMES {
            assert_eq!((displaced.name(), Displaced::named(name)), (name, Some(displaced)));
        }
    }

    #[test]
    fn a_closed_day_displaces_everybody_in_the_order_of_booking_but_no_lapsed_hold() {
        let mut office = office();
        let mut lapsed = booked(3, 60, 8, 1);
        (lapsed.state, lapsed.hold_until) = (State::Held, Some(now() - Duration::minutes(30)));
        let bookings = [booked(1, 10, 8, 1), booked(2, 20, 9, 2), lapsed];
        assert_eq!(gone(&office, &bookings), []);
        office.dated.insert(monday(), Dated::Closed { reason: "Banjir".into() });
        assert_eq!(gone(&office, &bookings), [(DayChange::Closed, 2), (DayChange::Closed, 1)]);
    }

    // Negative control: with `rev` left out of `last_beyond` the first booking gives way.
    #[test]
    fn whoever_booked_last_gives_way_first_and_a_party_as_a_whole() {
        let mut office = office();
        office.seats_per_hour = 3;
        let bookings = [booked(1, 40, 8, 1), booked(2, 30, 8, 1), booked(3, 20, 8, 2), booked(4, 10, 9, 1)];
        assert_eq!(
            gone(&office, &bookings),
            [(DayChange::Shrunk, 3)],
            "of four in an hour of three the last, who are two"
        );
        office.seats_per_day = Some(2);
        assert_eq!(gone(&office, &bookings), [(DayChange::Shrunk, 3), (DayChange::Shrunk, 4)]);
        office.seats_per_day = None;
        office.dated.insert(monday(), Dated::Open { spans: vec![hours(9, 11)] });
        assert_eq!(gone(&office, &bookings).len(), 3, "nobody is served at eight any more");
    }

    #[test]
    fn what_was_decided_stays_decided_until_a_smaller_day_is_closed() {
        let mut booking = booked(1, 10, 8, 1);
        assert!(is_undecided(DayChange::Shrunk, &booking));
        booking.displaced = Some(Displaced::decided(DayChange::Shrunk, Remedy::Tell));
        assert!(!is_undecided(DayChange::Shrunk, &booking) && is_undecided(DayChange::Closed, &booking));
        booking.displaced = Some(Displaced::decided(DayChange::Closed, Remedy::Keep));
        assert!(!is_undecided(DayChange::Closed, &booking));
        booking.displaced = Some(Displaced::decided(DayChange::Closed, Remedy::Move).done());
        assert!(is_undecided(DayChange::Closed, &booking), "the day that it was moved to is closed too");
    }

    // Negative control: with the range turned round everybody between has priority.
    #[test]
    fn the_old_and_the_smallest_are_never_moved() {
        let aged = |years: i32| {
            let mut booking = booked(1, 10, 8, 1);
            let born = crate::domain::person::TglLahir::judge(day(2017 - years, 8, 7), day(2017, 8, 4));
            booking.applicant.tgl_lahir = born.ok();
            booking
        };
        assert_eq!(
            [3, 4, 5, 30, 59, 60, 81].map(|years| has_priority(&aged(years))),
            [true, true, false, false, false, true, true]
        );
        let (old, young) = (aged(70), aged(30));
        assert_eq!(spared(&old, DayChange::Closed, Remedy::Move), Remedy::Tell);
        assert_eq!(spared(&old, DayChange::Shrunk, Remedy::Move), Remedy::Keep);
        assert_eq!(spared(&old, DayChange::Closed, Remedy::Cancel), Remedy::Cancel);
        assert_eq!(spared(&young, DayChange::Closed, Remedy::Move), Remedy::Move);
        assert!(!has_priority(&booked(1, 10, 8, 1)), "nobody asked for a birth date");
    }

    fn seats_of(office: &Office, bookings: &[Booking]) -> Seats {
        let mut seats = Seats::default();
        for date in monday().iter_days().take(20) {
            seats.mark_loaded(date);
        }
        for booking in bookings {
            seats.take(office, &calendar(), booking.slot, booking.party());
        }
        seats
    }

    #[test]
    fn a_place_goes_to_the_next_day_with_room_at_its_own_hour_where_that_has_room() {
        let mut office = office();
        (office.seats_per_hour, office.policy.horizon_days) = (2, 5);
        let own = booked(1, 10, 9, 1);
        let tuesday = monday().succ_opt().unwrap();
        let to = |seats: &Seats, office: &Office| next_place(seats, office, &calendar(), &own, now()).unwrap();
        let seats = seats_of(&office, std::slice::from_ref(&own));
        assert_eq!(to(&seats, &office), Some(Slot { date: tuesday, hour: 9 }));
        let mut nine = booked(2, 5, 9, 2);
        nine.slot.date = tuesday;
        let seats = seats_of(&office, &[own.clone(), nine]);
        assert_eq!(to(&seats, &office), Some(Slot { date: tuesday, hour: 8 }));
        // The day itself, and those after it, are closed: what is left lies before it.
        office.policy.earliest = crate::domain::office::Earliest::Today { minutes_before: 0 };
        for date in monday().iter_days().take(5) {
            office.dated.insert(date, Dated::Closed { reason: "Banjir".into() });
        }
        let friday = day(2017, 8, 4);
        let mut seats = seats_of(&office, &[]);
        seats.mark_loaded(friday);
        assert_eq!(to(&seats, &office).map(|slot| slot.date), Some(friday));
        office.dated.insert(friday, Dated::Closed { reason: "Banjir".into() });
        assert_eq!(to(&seats, &office), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]
        // Negative control: with the day's own limit left out of `beyond_capacity`, days stay above it.
        #[test]
        fn the_rest_fits_and_nobody_gives_way_to_somebody_who_booked_later_in_the_same_hour(
            made in prop::collection::vec((0..100_i64, prop::sample::select(vec![8_u8, 9, 10, 12]), 1..4_u32), 0..30),
            per_hour in 1..8_u32,
            per_day in prop::option::of(1..20_u32),
        ) {
            let office = Office { seats_per_hour: per_hour, seats_per_day: per_day, ..office() };
            let bookings: Vec<Booking> = made.iter().zip(1..).map(|((ago, hour, party), id)| booked(id, *ago, *hour, *party)).collect();
            let gone: BTreeSet<i64> = gone(&office, &bookings).into_iter().map(|(_, id)| id).collect();
            let kept: Vec<&Booking> = bookings.iter().filter(|booking| !gone.contains(&booking.id)).collect();
            let people = |hour: Option<u8>| -> u32 {
                kept.iter().filter(|b| hour.is_none_or(|hour| b.slot.hour == hour)).map(|b| b.party()).sum()
            };
            prop_assert_eq!(people(Some(12)), 0, "the office rests at noon");
            for hour in [8, 9, 10] {
                prop_assert!(people(Some(hour)) <= per_hour);
            }
            prop_assert!(people(None) <= office.day_capacity(monday(), &[8, 9, 10, 11, 13, 14]));
            for booking in &bookings {
                let is_later = |other: &&&Booking| {
                    other.slot.hour == booking.slot.hour && (other.created_at, other.id) > (booking.created_at, booking.id)
                };
                prop_assert!(!gone.contains(&booking.id) || !kept.iter().any(|other| is_later(&other)));
            }
        }
    }
}
