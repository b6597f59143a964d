//! `#urung`: what can be taken back, how often, and what comes back.

use chrono::Duration;

use super::world::{TUESDAY, World, approval, echo, office, one_step};
use crate::conversation::{Outcome, Refusal, Undone};
use crate::domain::booking::{Booking, State};
use crate::grammar::CommandName::{Batal, Urung, Ya};

fn booked(outcome: Outcome) -> Booking {
    match outcome {
        Outcome::Booked { booking, .. } => booking,
        other => panic!("not booked: {other:?}"),
    }
}

fn undone(outcome: Outcome, expected: Undone) -> Booking {
    match outcome {
        Outcome::Undone { booking, what } if what == expected => booking,
        other => panic!("not undone: {other:?}"),
    }
}

// Negative control: taking the lowest free number instead of the booking's own fails this.
#[test]
fn a_cancelled_booking_comes_back_whole_and_only_once() {
    let mut world = one_step();
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo);
    let first = booked(world.form(1, "Budi", TUESDAY));
    let second = booked(world.form(2, "Siti", TUESDAY));
    world.command(1, Batal);
    world.command(2, Batal);
    let again = undone(world.command(2, Urung), Undone::Cancel);
    assert_eq!((again.id, again.slot, again.seats, again.code), (second.id, second.slot, second.seats, second.code));
    assert_eq!(again.state, State::Booked);
    assert_eq!(world.command(2, Urung), Outcome::NothingToUndo, "once");
    world.now += Duration::minutes(11);
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo, "too late for {first:?}");
    world.audit();
}

#[test]
fn a_one_step_booking_is_taken_back_even_where_bookings_cannot_be_cancelled() {
    let mut world = one_step();
    world.office.policy.cancelling = false;
    world.form(1, "Budi", TUESDAY);
    let gone = undone(world.command(1, Urung), Undone::Booking);
    assert_eq!(gone.state, State::Cancelled);
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo, "once");
    world.audit();
}

#[test]
fn only_the_last_act_is_taken_back_and_a_code_is_none() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.code(1, &approval(&hold));
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo, "it was approved with a code");
    world.command(1, Batal);
    echo(world.form(1, "Siti", TUESDAY));
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo, "a form came after it");
    world.audit();
}

#[test]
fn a_cancelled_hold_comes_back_with_its_code_and_no_more_time() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(5);
    assert!(matches!(world.command(1, Batal), Outcome::Released { .. }));
    let again = undone(world.command(1, Urung), Undone::Cancel);
    assert_eq!((again.state, again.hold_until, &again.approval), (State::Held, hold.hold_until, &hold.approval));
    world.audit();
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_place_that_was_given_to_others_is_offered_elsewhere() {
    let mut world = one_step();
    world.office.seats_per_hour = 1;
    let mine = booked(world.form(1, "Budi", TUESDAY));
    world.command(1, Batal);
    booked(world.form(2, "Siti", TUESDAY));
    let Outcome::UndoOffer { slot, .. } = world.command(1, Urung) else { panic!("no offer") };
    assert_ne!(slot, mine.slot);
    world.audit();
    let again = undone(world.command(1, Ya), Undone::Cancel);
    assert_eq!((again.slot, again.code), (slot, mine.code));
    world.audit();
}

#[test]
fn an_offer_ends_with_whatever_else_is_said() {
    let mut world = one_step();
    world.office.seats_per_hour = 1;
    booked(world.form(1, "Budi", TUESDAY));
    world.command(1, Batal);
    booked(world.form(2, "Siti", TUESDAY));
    assert!(matches!(world.command(1, Urung), Outcome::UndoOffer { .. }));
    world.text(1, crate::grammar::Request::Thanks);
    assert_eq!(world.command(1, Ya), Outcome::Greeting);
    world.audit();
}

// Negative control: a seat that comes back without being judged like a form fails this.
#[test]
fn what_comes_back_counts_as_a_booking_under_every_rule() {
    let mut world = one_step();
    world.form(1, "Budi", TUESDAY);
    world.command(1, Batal);
    world.office.policy.live_per_person = crate::domain::office::PerPerson::AtMost(1);
    booked(world.form(2, "Budi", TUESDAY));
    assert!(matches!(world.command(1, Urung), Outcome::Refused(Refusal::PersonIsBooked { .. })));
    world
        .office
        .dated
        .insert(TUESDAY.unwrap(), crate::domain::office::Dated::Closed { reason: "Pindah gedung".to_owned() });
    assert!(matches!(world.command(1, Urung), Outcome::Refused(Refusal::Day { .. })));
}
