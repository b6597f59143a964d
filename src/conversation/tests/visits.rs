//! Whoever is at the counter: their place stays, and they are told their turn.

use chrono::Duration;

use super::world::{TUESDAY, World, monday, office};
use crate::conversation::{Outcome, OwnVisit};
use crate::domain::booking::{Booking, State as BookingState};
use crate::domain::office::Approval;
use crate::domain::visit::{State, Visit};
use crate::grammar::{ChangeDay, Command, CommandName, Request};

/// Budi of number 1, booked at once for Tuesday.
fn booked() -> (World, Booking) {
    let mut office = office();
    office.policy.approval = Approval::None;
    let mut world = World::new(office);
    let Outcome::Booked { booking, .. } = world.form(1, "Budi", TUESDAY) else { panic!("not booked") };
    (world, booking)
}

fn comes(world: &mut World, booking: &Booking, state: State) {
    let blank = Visit::blank(7, booking.office.clone(), booking.slot.date);
    let visit = Visit { booking: Some(booking.id), number: booking.queue_numbers(), state, ..blank };
    world.visits.insert(1, vec![OwnVisit { visit, wait: None }]);
}

// Negative control: with the guard left out of `decide`, each of the first four gives the place up or offers to.
#[test]
fn nothing_that_a_citizen_writes_takes_a_place_whose_people_are_here() {
    for state in State::ALL {
        let (mut world, booking) = booked();
        comes(&mut world, &booking, state);
        let move_on = ChangeDay { days: vec![booking.slot.date + Duration::days(1)], ..ChangeDay::default() };
        for request in [
            Request::Command(Command::of(CommandName::Urung)),
            Request::Command(Command { plain: true, ..Command::of(CommandName::Batal) }),
            Request::ChangeDay(move_on),
            Request::Command(Command::of(CommandName::Batal)),
        ] {
            let told = world.text(1, request.clone());
            let is_refused = matches!(&told, Outcome::AlreadyHere { numbers } if *numbers == [booking.queue_numbers()]);
            assert!(is_refused || !state.has_come(), "{state:?}, {request:?}: {told:?}");
            if state.has_come() {
                assert_eq!(world.bookings[&1], std::slice::from_ref(&booking));
            } else {
                assert!(!is_refused, "{state:?}: whoever is not here may go");
            }
        }
        let is_kept = world.bookings[&1].iter().any(|kept| kept.id == booking.id && kept.state == BookingState::Booked);
        assert_eq!(is_kept, state.has_come(), "{state:?}");
        world.audit();
    }
}

#[test]
fn the_status_of_who_is_here_is_their_turn_and_of_everybody_else_their_bookings() {
    let (mut world, booking) = booked();
    comes(&mut world, &booking, State::Called);
    assert!(matches!(world.command(1, CommandName::Status), Outcome::Status { .. }), "it is not their day yet");
    world.now = monday() + Duration::days(1);
    let Outcome::Queue { visits, bookings } = world.command(1, CommandName::Status) else { panic!("no turn") };
    assert_eq!((visits[0].visit.state, bookings), (State::Called, Vec::new()));
    comes(&mut world, &booking, State::Withdrawn);
    assert!(matches!(world.command(1, CommandName::Status), Outcome::Status { .. }));
}
