//! Which seat a form gets, and when it replaces a hold.

use chrono::Duration;

use super::world::{TUESDAY, World, approval, date, echo, office, repaired, time};
use crate::conversation::{Outcome, Refusal};
use crate::domain::office::{Span, Zone};
use crate::domain::slot::Slot;
use crate::grammar::{Form, Request};

#[test]
fn the_same_form_gets_the_same_code_and_no_more_time() {
    let mut world = World::new(office());
    let first = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(10);
    let second = echo(world.form(1, "Budi", TUESDAY));
    assert_eq!((first.approval, first.hold_until), (second.approval, second.hold_until));
    world.audit();
}

#[test]
fn a_repaired_form_is_echoed_with_its_repair_where_a_code_follows() {
    let mut world = World::new(office());
    let outcome = world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    assert!(matches!(&outcome, Outcome::Echo { repaired, .. } if repaired.len() == 1), "{outcome:?}");
    world.audit();
}

#[test]
fn a_repaired_form_is_told_with_its_repair_where_a_photo_and_a_code_follow() {
    let mut world = World::new(office());
    let outcome = world.text(1, Request::Form(Form { wants_photo: true, ..repaired("Budi", TUESDAY) }));
    assert!(matches!(&outcome, Outcome::PhotoWanted { repaired, .. } if repaired.len() == 1), "{outcome:?}");
    world.audit();
}

#[test]
fn other_values_replace_the_hold_and_the_old_code_says_so() {
    let mut world = World::new(office());
    let old = echo(world.form(1, "Budi", TUESDAY));
    let new = echo(world.form(1, "Budi", Some(date(2017, 8, 9))));
    assert!(matches!(world.code(1, &approval(&old)), Outcome::CodeReplaced { hold } if hold.id == new.id));
    assert!(matches!(world.code(1, &approval(&new)), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_new_form_for_a_closed_day_leaves_the_hold_alone() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    assert!(matches!(world.form(1, "Budi", Some(date(2017, 8, 12))), Outcome::Refused(_)));
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
}

#[test]
fn ones_own_seat_counts_as_free_for_ones_new_form() {
    let mut office = office();
    (office.seats_per_hour, office.seats_per_day) = (1, Some(1));
    let mut world = World::new(office);
    let first = echo(world.form(1, "Budi", TUESDAY));
    let second = echo(world.form(1, "Budi Hartono", TUESDAY));
    assert_eq!((first.slot, first.seats), (second.slot, second.seats));
    world.audit();
}

#[test]
fn a_full_hour_rolls_to_the_next_and_a_full_day_to_the_next_open_day() {
    let mut world = World::new(office());
    let slots: Vec<_> =
        (1..=4).map(|who| echo(world.form(who, "Budi", Some(date(2017, 8, 11))))).map(|b| (b.slot, b.seats)).collect();
    let slot = |d, hour| Slot { date: date(2017, 8, d), hour };
    let expected = [
        (slot(11, 8), vec![1]),
        (slot(11, 8), vec![2]),
        (slot(11, 9), vec![1]),
        // The day gives three; Monday is the next open day.
        (slot(14, 8), vec![1]),
    ];
    assert_eq!(slots, expected);
    world.audit();
}

#[test]
fn the_intake_window_is_judged_by_the_time_of_sending() {
    let mut office = office();
    office.intake = Some(Span { from: time(7, 30), until: time(10, 0) });
    let mut world = World::new(office);
    world.now = Zone::Wib.instant(date(2017, 8, 7).and_time(time(7, 29)));
    let early = world.form(1, "Budi", TUESDAY);
    assert!(matches!(early, Outcome::Refused(Refusal::OutsideIntake { later_today: true, .. })));
    world.now += Duration::minutes(1);
    echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::hours(3);
    let late = world.form(2, "Siti", TUESDAY);
    assert!(matches!(late, Outcome::Refused(Refusal::OutsideIntake { later_today: false, next: Some(day), .. })
        if day == date(2017, 8, 8)));
}
