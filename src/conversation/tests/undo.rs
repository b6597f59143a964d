//! `#urung`: what can be taken back, how often, and what comes back.

use chrono::{Duration, NaiveDate};

use super::world::{TUESDAY, World, approval, date, echo, form, office, one_step};
use crate::conversation::{NotUndone, Outcome, Refusal, Undone};
use crate::domain::booking::{Booking, State};
use crate::domain::office::{Dated, PerPerson};
use crate::grammar::CommandName::{Batal, Urung, Ya};
use crate::grammar::{ChangeDay, Command, Request};

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
    world.office.policy.live_per_person = PerPerson::AtMost(1);
    booked(world.form(2, "Budi", TUESDAY));
    assert!(matches!(world.command(1, Urung), Outcome::Refused(Refusal::PersonIsBooked { .. })));
    world.office.dated.insert(TUESDAY.unwrap(), Dated::Closed { reason: "Pindah gedung".to_owned() });
    assert!(matches!(world.command(1, Urung), Outcome::Refused(Refusal::Day { .. })));
}

fn wednesday() -> NaiveDate {
    date(2017, 8, 9)
}

fn to_wednesday(world: &mut World, who: u8) -> Booking {
    match world.text(who, Request::ChangeDay(ChangeDay { days: vec![wednesday()], ..ChangeDay::default() })) {
        Outcome::Moved { booking, .. } => booking,
        other => panic!("not moved: {other:?}"),
    }
}

// Negative controls: without `Outcome::Moved` in `note_act` there is nothing to undo; with `moves` left as it is, the last move
// is refused.
#[test]
fn a_move_is_taken_back_once_and_does_not_count() {
    let mut world = one_step();
    let first = booked(world.form(1, "Budi", TUESDAY));
    to_wednesday(&mut world, 1);
    let again = undone(world.command(1, Urung), Undone::Move);
    assert_eq!((again.slot, &again.seats, &again.code, again.asked), (first.slot, &first.seats, &first.code, TUESDAY));
    assert_eq!((again.moves, again.state), (0, State::Booked));
    world.audit();
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo, "once");
    to_wednesday(&mut world, 1);
    world.now += Duration::minutes(11);
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo, "too late");
    world.audit();
}

// Negative control: with the time of the new hold, `until_after_move` left out, the hold loses its deadline.
#[test]
fn a_moved_hold_goes_back_with_its_code_and_no_more_time() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(5);
    to_wednesday(&mut world, 1);
    let again = undone(world.command(1, Urung), Undone::Move);
    assert_eq!((again.slot, again.hold_until, &again.approval), (hold.slot, hold.hold_until, &hold.approval));
    world.audit();
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    world.audit();
}

// Negative control: with the place taken without asking, the first `#urung` answers otherwise.
#[test]
fn a_move_whose_old_hour_is_gone_is_offered_another_one_on_that_day() {
    let mut world = one_step();
    world.office.seats_per_hour = 1;
    let mine = booked(world.form(1, "Budi", TUESDAY));
    to_wednesday(&mut world, 1);
    booked(world.form(2, "Siti", TUESDAY));
    let Outcome::UndoOffer { slot, what: Undone::Move, .. } = world.command(1, Urung) else { panic!("no offer") };
    assert_eq!((slot.date, slot.hour), (mine.slot.date, mine.slot.hour + 1));
    world.audit();
    let again = undone(world.command(1, Ya), Undone::Move);
    assert_eq!((again.slot, again.code, again.moves), (slot, mine.code, 0));
    world.audit();
}

// Negative control: without the filter on the present day, the place that they have is offered to them.
#[test]
fn a_move_stays_where_its_old_day_is_full_or_closed() {
    let mut world = one_step();
    world.office.seats_per_hour = 1;
    booked(world.form(1, "Budi", TUESDAY));
    let moved = to_wednesday(&mut world, 1);
    booked(world.form(2, "Siti", TUESDAY));
    booked(world.form(3, "Agus", TUESDAY));
    let told = world.command(1, Urung);
    assert!(
        matches!(&told, Outcome::NotUndone { booking, why: NotUndone::Taken, .. } if *booking == moved),
        "{told:?}"
    );
    world.office.dated.insert(TUESDAY.unwrap(), Dated::Closed { reason: "Pindah gedung".to_owned() });
    let told = world.command(1, Urung);
    assert!(matches!(&told, Outcome::NotUndone { why: NotUndone::Day { .. }, .. }), "{told:?}");
    assert_eq!(world.bookings[&1].last(), Some(&moved));
    world.audit();
}

/// Three who book together, of whom one gives up; their booking before that.
fn drop_kayla(world: &mut World) -> Booking {
    let mut party = form("Budi", TUESDAY);
    party.applicant.others = ["Kayla", "Siti"].map(|name| form(name, TUESDAY).applicant).to_vec();
    party.party = 3;
    let before = booked(world.text(1, Request::Form(party)));
    world.text(1, Request::Command(Command { person: Some("Kayla".to_owned()), ..Command::of(Batal) }));
    assert!(matches!(world.command(1, Ya), Outcome::MemberDropped { .. }));
    before
}

fn without_kayla() -> (World, Booking) {
    let mut world = one_step();
    (world.office.seats_per_hour, world.office.seats_per_day) = (4, None);
    let before = drop_kayla(&mut world);
    (world, before)
}

// Negative control: without `Outcome::MemberDropped` in `note_act` there is nothing to undo.
#[test]
fn one_of_a_party_comes_back_to_their_seat_once() {
    let (mut world, before) = without_kayla();
    let again = undone(world.command(1, Urung), Undone::Member);
    assert_eq!((&again.applicant, &again.seats, again.slot), (&before.applicant, &before.seats, before.slot));
    assert_eq!(world.command(1, Urung), Outcome::NothingToUndo, "once");
    world.audit();
}

// Negative control: with the others' seats given back first, they get the lowest numbers in place of their own.
#[test]
fn one_of_a_party_whose_number_is_gone_gets_another_one_of_the_hour() {
    let mut world = one_step();
    (world.office.seats_per_hour, world.office.seats_per_day) = (6, None);
    for (who, name) in [(5, "Dewi"), (6, "Eko")] {
        booked(world.form(who, name, TUESDAY));
    }
    let before = drop_kayla(&mut world);
    assert_eq!(before.seats, [3, 4, 5]);
    assert_eq!(booked(world.form(2, "Agus", TUESDAY)).seats, [4], "Kayla's number");
    world.command(5, Batal);
    world.command(6, Batal);
    let again = undone(world.command(1, Urung), Undone::Member);
    assert_eq!((again.slot, &again.seats), (before.slot, &vec![1, 3, 5]));
    world.audit();
}

// Negative control: with room for one searched in place of room for three, the offer is an hour that not all of them get.
#[test]
fn where_the_hour_is_full_the_party_is_offered_the_nearest_one_together() {
    let (mut world, before) = without_kayla();
    booked(world.form(2, "Agus", TUESDAY));
    booked(world.form(3, "Rina", TUESDAY));
    let Outcome::UndoOffer { booking, slot, what: Undone::Member } = world.command(1, Urung) else {
        panic!("no offer")
    };
    assert_eq!((booking.party(), slot.date, slot.hour), (3, before.slot.date, before.slot.hour + 1));
    let again = undone(world.command(1, Ya), Undone::Member);
    assert_eq!((again.party(), again.slot), (3, slot));
    world.audit();
}

// Negative control: without `change_refused`, Kayla has two places and a party is larger than the office allows.
#[test]
fn one_of_a_party_comes_back_under_every_rule() {
    let (mut world, _) = without_kayla();
    world.office.policy.live_per_person = PerPerson::AtMost(1);
    booked(world.form(2, "Kayla", TUESDAY));
    let told = world.command(1, Urung);
    assert!(matches!(&told, Outcome::NotUndone { why: NotUndone::Person { nama }, .. } if nama.as_str() == "Kayla"));
    world.office.policy.people_per_booking = 2;
    let told = world.command(1, Urung);
    assert!(matches!(told, Outcome::NotUndone { why: NotUndone::People { limit: 2 }, .. }), "{told:?}");
    world.audit();
}
