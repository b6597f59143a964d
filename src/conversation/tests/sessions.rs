//! Forms for one half of a day.

use chrono::NaiveDate;

use super::world::{TUESDAY, World, echo, form, office, time};
use crate::conversation::{Outcome, Refusal, RefusedDay};
use crate::domain::office::{Span, WeeklyHours, WhenFull};
use crate::domain::slot::Session;
use crate::grammar::Request;

/// A form for one half of a day.
fn half_day(name: &str, visit: Option<NaiveDate>, session: Session) -> Request {
    let mut form = form(name, visit);
    form.applicant.sesi = Some(session);
    Request::Form(form)
}

/// Two hours in the morning and two in the afternoon, of one seat each; in the morning only on Wednesdays.
fn two_sessions() -> World {
    let mut office = office();
    (office.seats_per_hour, office.seats_per_day) = (1, None);
    let day = vec![Span { from: time(10, 0), until: time(12, 0) }, Span { from: time(12, 0), until: time(14, 0) }];
    office.hours = WeeklyHours(std::array::from_fn(|_| day.clone()));
    office.hours.0[2].truncate(1);
    World::new(office)
}

#[test]
fn a_full_session_rolls_to_the_same_session_of_the_next_day() {
    let mut world = two_sessions();
    let tuesday = TUESDAY.unwrap();
    let mut given = |who, session| {
        let slot = echo(world.text(who, half_day("Budi", TUESDAY, session))).slot;
        ((slot.date - tuesday).num_days(), slot.hour)
    };
    assert_eq!(given(1, Session::Pagi), (0, 10));
    assert_eq!(given(2, Session::Pagi), (0, 11));
    assert_eq!(given(3, Session::Pagi), (1, 10), "the afternoon is free, but was not asked for");
    assert_eq!(given(4, Session::Siang), (0, 12));
    assert_eq!(given(5, Session::Siang), (0, 13));
    assert_eq!(given(6, Session::Siang), (2, 12), "on Wednesdays there is no afternoon");
    world.audit();
}

#[test]
fn a_day_without_the_session_is_refused_with_the_next_that_has_it() {
    let mut world = two_sessions();
    let wednesday = TUESDAY.unwrap().succ_opt();
    let outcome = world.text(1, half_day("Budi", wednesday, Session::Siang));
    let Outcome::Refused(Refusal::Day { why, next, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!((why, next), (RefusedDay::NoSession(Session::Siang), wednesday.unwrap().succ_opt()));
    assert!(matches!(world.text(1, half_day("Budi", wednesday, Session::Pagi)), Outcome::Echo { .. }));
    world.audit();
}

#[test]
fn a_full_session_is_told_as_such_where_days_do_not_roll() {
    let mut world = two_sessions();
    world.office.policy.when_full = WhenFull::Suggest;
    for who in [1, 2] {
        echo(world.text(who, half_day("Budi", TUESDAY, Session::Pagi)));
    }
    let outcome = world.text(3, half_day("Budi", TUESDAY, Session::Pagi));
    let Outcome::Refused(Refusal::Full { suggest, session, .. }) = outcome else { panic!("{outcome:?}") };
    assert_eq!((suggest, session), (TUESDAY.unwrap().succ_opt(), Some(Session::Pagi)));
    world.audit();
}

#[test]
fn another_session_is_another_wish() {
    let mut world = two_sessions();
    let morning = echo(world.text(1, half_day("Budi", TUESDAY, Session::Pagi)));
    let again = echo(world.text(1, half_day("Budi", TUESDAY, Session::Pagi)));
    assert_eq!(again.id, morning.id);
    let afternoon = echo(world.text(1, half_day("Budi", TUESDAY, Session::Siang)));
    assert_ne!(afternoon.id, morning.id);
    assert_eq!(afternoon.slot.hour, 12);
    world.audit();
}
