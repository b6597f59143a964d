//! Bookings on days that were closed or made smaller after they were given.

use chrono::{Duration, NaiveDate};

use super::world::{TUESDAY, World, date, echo, one_step};
use crate::conversation::{DayChangeTold, DayChanged, NotThatDay, Outcome};
use crate::domain::booking::{Booking, State};
use crate::domain::displaced::{DayChange, Displaced, Remedy};
use crate::domain::office::Dated;
use crate::grammar::{ChangeDay, CommandName, Request};

fn tuesday() -> NaiveDate {
    TUESDAY.expect("a date")
}

fn close(world: &mut World, day: NaiveDate) {
    world.office.dated.insert(day, Dated::Closed { reason: "Banjir".to_owned() });
}

/// A world of one-step bookings in which so many people have booked Tuesday, a minute apart.
fn with_booked(people: u8) -> World {
    let mut world = one_step();
    world.office.policy.reschedule.times = 0;
    for who in 0..people {
        let told = world.form(who, "Budi", TUESDAY);
        assert!(matches!(told, Outcome::Booked { .. }), "{told:?}");
        world.now += Duration::minutes(1);
    }
    world
}

fn changed(told: &[(u8, DayChanged)], place: usize) -> &DayChanged {
    &told[place].1
}

fn own(world: &World, who: u8) -> &Booking {
    &world.bookings[&who][0]
}

#[test]
fn whoever_is_told_chooses_a_day_once_more_than_the_office_allows() {
    let mut world = with_booked(1);
    close(&mut world, tuesday());
    let told = world.settle(Remedy::Tell);
    let DayChangeTold::Choose { days: Some(days) } = &changed(&told, 0).told else { panic!("{told:?}") };
    assert_eq!(days, &[date(2017, 8, 9), date(2017, 8, 10), date(2017, 8, 11)]);
    assert_eq!(own(&world, 0).slot.date, tuesday(), "the place stays until they choose");
    // Read early on the next morning.
    world.now += Duration::hours(20);
    let moved = world.code(0, "2");
    assert!(matches!(&moved, Outcome::Moved { booking, .. } if booking.slot.date == date(2017, 8, 10)), "{moved:?}");
    assert_eq!((own(&world, 0).moves, own(&world, 0).displaced), (0, None), "that move is not counted");
    let again = world.text(0, Request::ChangeDay(ChangeDay::default()));
    assert!(matches!(again, Outcome::MoveRefused { .. }), "there is one extra move: {again:?}");
    world.audit();
}

// Negative control: with `is_on_closed_day` instead of `is_extra` in `domain::reschedule::judge` the second move is refused.
#[test]
fn whoever_was_moved_may_move_once_besides() {
    let mut world = with_booked(2);
    close(&mut world, tuesday());
    let told = world.settle(Remedy::Move);
    let DayChanged { booking, date: day, told: what } = changed(&told, 0);
    assert_eq!((booking.slot.date, *day), (date(2017, 8, 9), tuesday()));
    assert!(matches!(what, DayChangeTold::Moved { from, .. } if from.date == tuesday()));
    let same = world.text(0, Request::ChangeDay(ChangeDay { days: vec![booking.slot.date], ..ChangeDay::default() }));
    assert!(matches!(same, Outcome::WhichNewDay { why: Some(NotThatDay::Same), .. }), "{same:?}");
    let to = Request::ChangeDay(ChangeDay { days: vec![date(2017, 8, 11)], ..ChangeDay::default() });
    let moved = world.text(0, to.clone());
    assert!(matches!(moved, Outcome::Moved { .. }), "{moved:?}");
    let again = world.text(0, to);
    assert!(matches!(again, Outcome::MoveRefused { .. }), "{again:?}");
    world.audit();
}

#[test]
fn where_no_day_has_room_a_place_that_was_to_be_moved_stays_and_its_citizen_is_told() {
    let mut world = with_booked(1);
    for day in tuesday().iter_days().take(20) {
        close(&mut world, day);
    }
    close(&mut world, date(2017, 8, 7));
    let told = world.settle(Remedy::Move);
    assert!(
        matches!(&changed(&told, 0).told, DayChangeTold::Choose { days: Some(days) } if days.is_empty()),
        "{told:?}"
    );
    assert_eq!((own(&world, 0).slot.date, own(&world, 0).state), (tuesday(), State::Booked));
    world.audit();
}

#[test]
fn whoever_is_cancelled_can_book_anew_and_cannot_take_the_office_back() {
    let mut world = with_booked(1);
    close(&mut world, tuesday());
    let told = world.settle(Remedy::Cancel);
    assert!(matches!(changed(&told, 0).told, DayChangeTold::Cancelled));
    let urung = world.command(0, CommandName::Urung);
    assert!(matches!(urung, Outcome::NothingToUndo), "{urung:?}");
    assert!(matches!(world.form(0, "Budi", Some(date(2017, 8, 10))), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn whoever_is_kept_hears_nothing_and_an_unconfirmed_place_ends() {
    let mut world = with_booked(1);
    close(&mut world, tuesday());
    assert_eq!(world.settle(Remedy::Keep), []);
    assert_eq!(own(&world, 0).state, State::Booked);
    let mut world = World::new(super::world::office());
    let hold = echo(world.form(0, "Budi", TUESDAY));
    close(&mut world, tuesday());
    let told = world.settle(Remedy::Move);
    let next = Some(date(2017, 8, 9));
    assert!(matches!(changed(&told, 0).told, DayChangeTold::HoldEnded { next: to } if to == next), "{told:?}");
    assert_eq!(own(&world, 0).state, State::Expired);
    let late = world.code(0, hold.approval.as_ref().expect("a code").as_str());
    assert!(matches!(late, Outcome::HoldOnClosedDay { .. }), "{late:?}");
    world.audit();
}

// Negative control: without the newest first in `last_beyond`, another of the two gives way.
#[test]
fn an_hour_that_was_made_smaller_gives_nothing_of_what_comes_back() {
    let mut world = with_booked(3);
    (world.office.seats_per_hour, world.office.seats_per_day) = (1, Some(2));
    let told = world.settle(Remedy::Tell);
    // Three had booked: two at eight, and the last at nine.
    assert_eq!(told.iter().map(|(who, _)| *who).collect::<Vec<_>>(), [1], "who booked last in the hour of two");
    world.command(1, CommandName::Batal);
    let newcomer = world.form(4, "Siti", TUESDAY);
    assert!(matches!(&newcomer, Outcome::Booked { booking, .. } if booking.slot.date > tuesday()), "{newcomer:?}");
    world.audit();
}

#[test]
fn whoever_was_quicker_than_the_notice_is_not_told_what_is_over() {
    let mut world = with_booked(2);
    close(&mut world, tuesday());
    for who in 0..2 {
        let booking = &mut world.bookings.get_mut(&who).expect("theirs")[0];
        booking.displaced = Some(Displaced::decided(DayChange::Closed, Remedy::Move));
    }
    let told: Vec<DayChanged> =
        (0..2).map(|who| world.settle_one(who, world.bookings[&who][0].id).expect("something to tell")).collect();
    // The notices wait for the morning; meanwhile one looks for another day, the other gives the booking up.
    let days = vec![date(2017, 8, 11)];
    assert!(matches!(
        world.text(0, Request::ChangeDay(ChangeDay { days, ..ChangeDay::default() })),
        Outcome::Moved { .. }
    ));
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::Cancelled { .. }));
    for (who, told) in (0..2).zip(&told) {
        assert_eq!(world.say(who, told), None, "{told:?}");
    }
    world.audit();
}

#[test]
fn a_form_in_question_is_not_lost_when_the_office_speaks() {
    let mut world = with_booked(1);
    world.office.policy.live_per_number = 2;
    let asked = world.text(0, Request::Form(super::world::repaired("Siti", Some(date(2017, 8, 10)))));
    assert!(matches!(asked, Outcome::Confirm { .. }), "{asked:?}");
    close(&mut world, tuesday());
    let told = world.settle(Remedy::Tell);
    assert!(matches!(changed(&told, 0).told, DayChangeTold::Choose { days: None }), "{told:?}");
    let yes = world.command(0, CommandName::Ya);
    assert!(matches!(yes, Outcome::Booked { .. }), "{yes:?}");
    world.audit();
}
