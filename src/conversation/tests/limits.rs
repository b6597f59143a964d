//! One person's seats, one number's holds, the share of a day that unconfirmed holds keep, and days that are closed later.

use chrono::{Duration, NaiveDate};

use super::world::{TUESDAY, World, approval, date, echo, form, office, time};
use crate::conversation::{Outcome, Refusal, RefusedDay};
use crate::domain::booking::{Booking, State};
use crate::domain::office::{Approval, Dated, PerPerson, Share, Span, WhenFull};
use crate::domain::person::TglLahir;
use crate::grammar::{CommandName, Form, Request};

/// An office that lets a person have so many seats.
fn per_person(limit: u32) -> World {
    let mut office = office();
    office.policy.live_per_person = PerPerson::AtMost(limit);
    World::new(office)
}

fn is_refused_for_the_person(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Refused(Refusal::PersonIsBooked { .. }))
}

// Negative control: leaving `has_booking` out of `form::refusal` books the second and the third.
#[test]
fn a_person_has_one_place_whatever_the_number_and_the_spelling() {
    let mut world = per_person(1);
    let hold = echo(world.form(1, "Budi Hartono", TUESDAY));
    for (who, name) in [(2, "Budi Hartono"), (3, "H. BUDI  HÁRTONO, S.Pd")] {
        let refused = world.form(who, name, TUESDAY);
        assert!(is_refused_for_the_person(&refused), "{refused:?}");
    }
    world.code(1, &approval(&hold));
    assert!(is_refused_for_the_person(&world.form(2, "budi hartono", Some(date(2017, 8, 9)))));
    // Their own number hears of their own booking, whatever the spelling.
    let own = world.form(1, "Budi Hartono, S.Pd", TUESDAY);
    assert!(matches!(own, Outcome::AlreadyBooked { booking } if booking.id == hold.id));
    world.command(1, CommandName::Batal);
    echo(world.form(2, "Budi Hartono", TUESDAY));
    world.audit();
}

// Negative control: a key without the birth date refuses the first; asking for it under `note` refuses the last.
#[test]
fn nobody_is_refused_on_a_name_alone() {
    let mut world = per_person(1);
    echo(world.form(1, "Budi", TUESDAY));
    let mut other = form("Budi", TUESDAY);
    other.applicant.tgl_lahir = TglLahir::judge(date(1988, 1, 25), date(2017, 8, 1)).ok();
    echo(world.text(2, Request::Form(other)));
    let mut unborn = form("Budi", TUESDAY);
    unborn.applicant.tgl_lahir = None;
    echo(world.text(3, Request::Form(unborn)));
    let mut noting = World::new(office());
    echo(noting.form(1, "Budi", TUESDAY));
    echo(noting.form(2, "Budi", TUESDAY));
}

// Negative control: looking at the applicant alone lets the second pass.
#[test]
fn somebody_elses_party_counts_person_by_person() {
    let mut world = per_person(1);
    let mut family = form("Budi", TUESDAY);
    family.applicant.others = vec![form("Siti", TUESDAY).applicant];
    family.party = 2;
    echo(world.text(1, Request::Form(family)));
    assert!(is_refused_for_the_person(&world.form(2, "Siti", TUESDAY)));
    let mut others = form("Agus", TUESDAY);
    others.applicant.others = vec![form("siti", TUESDAY).applicant];
    others.party = 2;
    let refused = world.text(3, Request::Form(others));
    assert!(
        matches!(&refused, Outcome::Refused(Refusal::PersonIsBooked { nama }) if nama.as_str() == "siti"),
        "{refused:?}"
    );
    world.audit();
}

// Negative control: without `has_booking` in `refused_late` both have a seat.
#[test]
fn a_late_code_books_nobody_who_has_a_place_by_now() {
    let mut world = per_person(1);
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(31);
    echo(world.form(2, "Budi", TUESDAY));
    let late = world.code(1, &approval(&hold));
    assert!(is_refused_for_the_person(&late), "{late:?}");
    world.audit();
}

/// Six seats a day, a third of which unconfirmed holds may keep for long.
fn of_six() -> World {
    let mut office = office();
    office.seats_per_day = None;
    office.hours.0[1] = vec![Span { from: time(8, 0), until: time(11, 0) }];
    World::new(office)
}

fn minutes(world: &World, hold: &Booking) -> i64 {
    (hold.hold_until.unwrap() - world.now).num_minutes()
}

/// How long the seat of a form is held.
fn held(world: &mut World, who: u8, form: Form) -> i64 {
    let hold = echo(world.text(who, Request::Form(form)));
    minutes(world, &hold)
}

// Negative control: counting short holds only, or those of other days too, changes the fourth or the fifth.
#[test]
fn holds_beyond_a_share_of_the_day_live_five_minutes_and_say_so() {
    let mut world = of_six();
    let mut first = None;
    for (who, expected) in [(1, 30), (2, 30), (3, 5), (4, 5)] {
        let Outcome::Echo { hold, short, .. } = world.form(who, "Budi", TUESDAY) else { panic!("no echo") };
        assert_eq!((minutes(&world, &hold), short), (expected, expected == 5), "citizen {who}");
        first.get_or_insert(hold);
    }
    let elsewhere = echo(world.form(5, "Budi", Some(date(2017, 8, 9))));
    assert_eq!(minutes(&world, &elsewhere), 30, "each day has its own share");
    // A confirmed booking is no hold any more, but the two short ones still are.
    world.code(1, &approval(&first.unwrap()));
    assert_eq!(held(&mut world, 6, form("Budi", TUESDAY)), 5);
    world.now += Duration::minutes(5);
    // All short ones have lapsed: one long one is left.
    assert_eq!(held(&mut world, 7, form("Budi", TUESDAY)), 30);
    world.audit();
}

// Negative control: counting forms instead of seats gives the party its half hour.
#[test]
fn a_party_is_counted_by_its_places_and_a_day_that_it_rolls_to_by_its_own_share() {
    let mut world = of_six();
    let party = |people: u8| Form { party: people, ..form("Budi", TUESDAY) };
    assert_eq!(held(&mut world, 1, party(2)), 30);
    assert_eq!(held(&mut world, 2, party(2)), 5);
    assert_eq!(held(&mut world, 1, party(1)), 5);
    world.command(2, CommandName::Batal);
    // One's own hold that is replaced does not count against one.
    assert_eq!(held(&mut world, 1, party(2)), 30);
    for who in [3, 4] {
        assert_eq!(held(&mut world, who, party(2)), 5);
    }
    // Tuesday is full. Wednesday has four seats, of which two are its share.
    for (who, expected) in [(5, 30), (6, 5)] {
        let outcome = world.text(who, Request::Form(party(2)));
        let Outcome::Echo { hold, moved: Some(_), short, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!((hold.slot.date, minutes(&world, &hold)), (date(2017, 8, 9), expected));
        assert_eq!(short, expected == 5);
    }
    world.audit();
}

#[test]
fn the_same_form_again_says_again_that_it_is_held_for_minutes_only() {
    let mut world = of_six();
    world.form(1, "Budi", TUESDAY);
    world.form(2, "Siti", TUESDAY);
    world.form(3, "Agus", TUESDAY);
    world.now += Duration::minutes(1);
    assert!(matches!(world.form(3, "Agus", TUESDAY), Outcome::Echo { short: true, .. }));
    assert!(matches!(world.form(2, "Siti", TUESDAY), Outcome::Echo { short: false, .. }));
}

// Negative control: a deadline judged by when the hold was made (`created_at` and five minutes) fails the last line for Agus.
#[test]
fn a_hold_that_its_photo_completes_says_again_that_it_is_held_for_minutes_only() {
    let mut world = of_six();
    let wanting = |name: &str| Request::Form(Form { wants_photo: true, ..form(name, TUESDAY) });
    for (who, name, is_short) in [(1, "Budi", false), (2, "Siti", false), (3, "Agus", true)] {
        let asked = world.text(who, wanting(name));
        assert!(matches!(asked, Outcome::PhotoWanted { short, .. } if short == is_short), "{name}");
        world.now += Duration::minutes(1);
        let echoed = world.picture(who, None);
        assert!(matches!(echoed, Some(Outcome::Echo { short, .. }) if short == is_short), "{name}");
        world.now += Duration::minutes(1);
        let repeated = world.text(who, wanting(name));
        assert!(matches!(repeated, Outcome::Echo { short, .. } if short == is_short), "{name}");
    }
    world.audit();
}

// Negative control: without `too_many_holds` every form gets an echo; without taking confirmed ones off, Dewi is refused.
#[test]
fn a_number_takes_so_many_unconfirmed_holds_a_day() {
    let mut office = office();
    office.policy.holds_per_number = 3;
    office.policy.live_per_number = 50;
    office.policy.holds_share = Share { parts: 1, of: 1 };
    office.seats_per_hour = 100;
    office.seats_per_day = None;
    let mut world = World::new(office);
    for name in ["Ani", "Budi", "Citra", "Dewi", "Eka"] {
        let hold = echo(world.form(1, name, TUESDAY));
        assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }), "{name}");
    }
    for name in ["Fitri", "Gita", "Hadi"] {
        echo(world.form(1, name, TUESDAY));
    }
    let refused = world.form(1, "Indra", TUESDAY);
    let Outcome::Refused(Refusal::TooManyHolds { limit: 3, holds }) = refused else { panic!("{refused:?}") };
    assert!(
        matches!(world.code(1, &approval(&holds[0])), Outcome::Booked { .. }),
        "the last one can still be confirmed"
    );
    echo(world.form(2, "Indra", TUESDAY));
    world.now += Duration::minutes(20);
    echo(world.form(1, "Joko", TUESDAY));
    assert!(matches!(world.form(1, "Kartika", TUESDAY), Outcome::Refused(Refusal::TooManyHolds { .. })));
    world.now += Duration::days(1);
    echo(world.form(1, "Kartika", Some(date(2017, 8, 9))));
    world.audit();
}

fn closed(world: &mut World, day: NaiveDate) {
    let reason = "Perbaikan gedung".to_owned();
    world.office.dated.insert(day, Dated::Closed { reason });
}

// Negative control: `confirm` without asking whether the day is open books it.
#[test]
fn a_hold_on_a_day_that_was_closed_meanwhile_ends_with_its_reason() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    closed(&mut world, date(2017, 8, 8));
    // What is told before the code comes.
    let again = world.text(1, Request::Thanks);
    assert!(matches!(again, Outcome::HoldOnClosedDay { .. }), "{again:?}");
    for _ in 0..2 {
        let outcome = world.code(1, &approval(&hold));
        let Outcome::HoldOnClosedDay { why: RefusedDay::Closed(reason), next, .. } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!((reason.as_str(), next), ("Perbaikan gedung", Some(date(2017, 8, 9))));
        assert_eq!(world.bookings[&1][0].state, State::Expired);
        world.audit();
    }
    echo(world.form(1, "Budi", Some(date(2017, 8, 9))));
    // The day opens again: the code is worth a seat again.
    world.office.dated.clear();
    world.command(1, CommandName::Batal);
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn the_same_form_and_a_photo_end_a_hold_on_a_closed_day_too() {
    for with_photo in [false, true] {
        let mut world = World::new(office());
        let wanting = || Request::Form(Form { wants_photo: with_photo, ..form("Budi", TUESDAY) });
        world.text(1, wanting());
        closed(&mut world, date(2017, 8, 8));
        let outcome = if with_photo { world.picture(1, None).unwrap() } else { world.text(1, wanting()) };
        assert!(matches!(outcome, Outcome::HoldOnClosedDay { .. }), "{outcome:?}");
        world.audit();
    }
}

// Negative control: without the look before the asked day both say that nothing is free.
#[test]
fn where_the_last_days_are_full_an_earlier_free_day_is_named() {
    for when_full in [WhenFull::Roll, WhenFull::Suggest] {
        let mut office = office();
        office.policy.horizon_days = 2;
        office.policy.when_full = when_full;
        office.policy.approval = Approval::None;
        let mut world = World::new(office);
        let wednesday = Some(date(2017, 8, 9));
        for who in 1..4 {
            world.form(who, "Budi", wednesday);
        }
        let outcome = world.form(4, "Siti", wednesday);
        let Outcome::Refused(Refusal::Full { asked, suggest, .. }) = outcome else { panic!("{outcome:?}") };
        assert_eq!((Some(asked), suggest), (wednesday, TUESDAY));
        for who in 4..7 {
            world.form(who, "Budi", TUESDAY);
        }
        let full = world.form(7, "Siti", wednesday);
        assert!(
            matches!(full, Outcome::Refused(Refusal::AllFull { .. } | Refusal::Full { suggest: None, .. })),
            "{full:?}"
        );
    }
}
