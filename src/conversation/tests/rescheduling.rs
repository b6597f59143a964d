//! Moving holds and bookings to another day.

use chrono::{Duration, NaiveDate};

use super::world::{TUESDAY, World, approval, date, echo, form, office, one_step, time};
use crate::conversation::{NotThatDay, Outcome, RefusedDay};
use crate::domain::booking::State;
use crate::domain::office::{Dated, Zone};
use crate::domain::reschedule::NotMoved;
use crate::grammar::{ChangeDay, CommandName, Request};

fn to(days: &[NaiveDate]) -> Request {
    Request::ChangeDay(ChangeDay { days: days.to_vec(), ..ChangeDay::default() })
}

fn wednesday() -> NaiveDate {
    date(2017, 8, 9)
}

/// Somebody who is booked for Tuesday, at an office without approval codes.
fn booked() -> World {
    let mut world = one_step();
    assert!(matches!(world.form(1, "Budi", TUESDAY), Outcome::Booked { .. }));
    world
}

fn moved(outcome: Outcome) -> (crate::domain::booking::Booking, crate::domain::booking::Booking) {
    match outcome {
        Outcome::Moved { booking, before } => (booking, *before),
        other => panic!("not moved: {other:?}"),
    }
}

// Negative controls: a move that gives nothing back, and one that draws another code, each fail this.
#[test]
fn a_booking_goes_to_the_asked_day_with_its_code_and_once_only() {
    let mut world = booked();
    let (after, before) = moved(world.text(1, to(&[wednesday()])));
    assert_eq!((after.slot.date, after.code.clone(), after.moves), (wednesday(), before.code, 1));
    assert_eq!(world.bookings[&1].len(), 1, "the same booking");
    world.audit();
    assert!(matches!(
        world.text(1, to(&[date(2017, 8, 10)])),
        Outcome::MoveRefused { why: NotMoved::UsedUp { times: 1 }, .. }
    ));
    world.audit();
}

// Negative control: with a hold's moves counted, the first of them counts.
#[test]
fn a_hold_keeps_its_approval_code_and_its_deadline_wherever_it_goes() {
    let mut office = office();
    office.policy.reschedule.times = 0;
    let mut world = World::new(office);
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(10);
    for day in [wednesday(), date(2017, 8, 10)] {
        let (after, _) = moved(world.text(1, to(&[day])));
        assert_eq!((after.state, &after.approval, after.asked), (State::Held, &hold.approval, Some(day)));
        assert!(after.hold_until <= hold.hold_until, "no more time");
        assert_eq!(after.moves, 0, "a hold is moved as often as one likes");
        world.audit();
    }
    assert!(
        matches!(world.code(1, &approval(&hold)), Outcome::Booked { booking, .. } if booking.slot.date.to_string() == "2017-08-10")
    );
    assert!(matches!(world.text(1, to(&[wednesday()])), Outcome::MoveRefused { why: NotMoved::NotAllowed, .. }));
    world.audit();
}

// Negative control: without the filter on its own day, that day is offered too.
#[test]
fn without_a_day_three_are_offered_and_a_number_or_a_day_answers() {
    for answer in [Request::Digits("2".to_owned()), Request::Day(vec![date(2017, 8, 10)])] {
        let mut world = booked();
        let Outcome::WhichNewDay { why: None, days, .. } = world.text(1, to(&[])) else { panic!("no question") };
        assert_eq!(days, [wednesday(), date(2017, 8, 10), date(2017, 8, 11)], "its own day is not offered");
        let (after, _) = moved(world.text(1, answer));
        assert_eq!(after.slot.date, date(2017, 8, 10));
        world.audit();
    }
}

// Negative control: a wish that is not asked about first is carried out by the question.
#[test]
fn what_is_asked_rather_than_said_waits_for_a_yes() {
    let mut world = booked();
    let asked = Request::ChangeDay(ChangeDay { days: vec![wednesday()], is_asked: true, ..ChangeDay::default() });
    assert!(matches!(world.text(1, asked.clone()), Outcome::ConfirmMove { day, .. } if day == wednesday()));
    assert_eq!(world.bookings[&1][0].slot.date, TUESDAY.unwrap(), "nothing has happened yet");
    assert_eq!(moved(world.command(1, CommandName::Ya)).0.slot.date, wednesday());
    // Two readings are no choice: both are offered, and `ya` answers nothing.
    let mut world = booked();
    assert!(
        matches!(world.text(1, to(&[wednesday(), date(2017, 8, 16)])), Outcome::WhichNewDay { days, .. } if days.len() == 2)
    );
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::WhichNewDay { .. }));
    world.audit();
}

// Negative control: a search that gives the old seat back first finds room on its own full day.
#[test]
fn a_day_that_cannot_be_given_leaves_the_place_and_offers_others() {
    let mut world = booked();
    let why = |outcome| match outcome {
        Outcome::WhichNewDay { why: Some(why), days, .. } if !days.is_empty() => why,
        other => panic!("no refusal with choices: {other:?}"),
    };
    assert_eq!(why(world.text(1, to(&[TUESDAY.unwrap()]))), NotThatDay::Same);
    let sunday = date(2017, 8, 13);
    assert_eq!(
        why(world.text(1, to(&[sunday]))),
        NotThatDay::Refused { asked: sunday, why: RefusedDay::Weekday(chrono::Weekday::Sun) }
    );
    for who in 2..5 {
        world.form(who, ["Siti", "Ahmad", "Agus"][usize::from(who) - 2], Some(wednesday()));
    }
    assert_eq!(why(world.text(1, to(&[wednesday()]))), NotThatDay::Full { asked: wednesday() });
    // The last offered seat is taken before the answer comes.
    let Outcome::WhichNewDay { days, .. } = world.text(1, to(&[])) else { panic!("no question") };
    for who in 5..8 {
        world.form(who, ["Dewi", "Eko", "Fajar"][usize::from(who) - 5], Some(days[0]));
    }
    assert_eq!(why(world.code(1, "1")), NotThatDay::Full { asked: days[0] });
    assert_eq!(world.bookings[&1][0].slot.date, TUESDAY.unwrap());
    world.audit();
}

// Negative control: with `is_extra` not asked by `judge`, the booking on the closed day stays.
#[test]
fn nobody_moves_after_the_last_moment_but_off_a_day_that_was_closed() {
    let mut world = booked();
    world.now = Zone::Wib.instant(date(2017, 8, 7).and_time(time(21, 0)));
    assert!(matches!(
        world.text(1, to(&[wednesday()])),
        Outcome::MoveRefused { why: NotMoved::TooLate { until }, .. } if until == world.now
    ));
    world.office.dated.insert(TUESDAY.unwrap(), Dated::Closed { reason: "Banjir".to_owned() });
    let (after, _) = moved(world.text(1, to(&[wednesday()])));
    assert_eq!(after.moves, 0, "the office caused it");
    assert_eq!(moved(world.text(1, to(&[date(2017, 8, 10)]))).0.moves, 1, "this one is their own");
    world.audit();
}

// Negative control: with room for one searched, the party goes to a day without an hour for both.
#[test]
fn a_party_moves_together_or_not_at_all() {
    let mut world = one_step();
    let party = crate::grammar::Form { party: 2, ..form("Budi", TUESDAY) };
    world.text(1, Request::Form(party));
    // One seat is left in each hour of Wednesday: two seats, but none for two people in one hour.
    world.office.seats_per_day = Some(4);
    for (who, name) in [(2, "Siti"), (3, "Ahmad"), (4, "Agus")] {
        world.form(who, name, Some(wednesday()));
    }
    assert!(matches!(
        world.text(1, to(&[wednesday()])),
        Outcome::WhichNewDay { why: Some(NotThatDay::Full { .. }), .. }
    ));
    let (after, before) = moved(world.text(1, to(&[date(2017, 8, 10)])));
    assert_eq!((after.party(), before.party()), (2, 2));
    world.audit();
}

// Negative control: with a mistyped code passed over, it asks which in place of saying that none has that code.
#[test]
fn with_several_bookings_it_asks_which_and_a_wrong_code_moves_none() {
    let mut office = office();
    (office.policy.live_per_number, office.policy.approval) = (2, crate::domain::office::Approval::None);
    let mut world = World::new(office);
    assert_eq!(world.text(1, to(&[])), Outcome::NothingToMove);
    for name in ["Budi", "Siti"] {
        world.form(1, name, TUESDAY);
    }
    let mistyped = Request::ChangeDay(ChangeDay { days: vec![wednesday()], mistyped: true, ..ChangeDay::default() });
    assert!(matches!(world.text(1, mistyped), Outcome::MoveOfNoneOfThese { bookings } if bookings.len() == 2));
    assert!(matches!(world.text(1, to(&[wednesday()])), Outcome::WhichToMove { bookings } if bookings.len() == 2));
    assert!(
        matches!(world.code(1, "2"), Outcome::ConfirmMove { booking, .. } if booking.applicant.nama.as_str() == "Siti")
    );
    assert_eq!(moved(world.command(1, CommandName::Ya)).0.applicant.nama.as_str(), "Siti");
    world.audit();
}
