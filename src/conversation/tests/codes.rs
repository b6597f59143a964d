//! Approval codes: reminded of, late, wrong.

use chrono::Duration;

use super::world::{TUESDAY, World, approval, echo, form, office};
use crate::conversation::Outcome;
use crate::domain::booking::CODE_TRIES_MAX;
use crate::domain::office::WhenFull;
use crate::grammar::{Command, CommandName, Form, Request};

#[test]
fn whoever_owes_a_code_is_told_so_and_not_only_shown_the_echo() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    for request in [Request::Unreadable, Request::Command(Command::of(CommandName::Ya))] {
        let outcome = world.text(1, request);
        assert!(matches!(&outcome, Outcome::CodeAwaited { hold: told } if *told == hold), "{outcome:?}");
    }
    assert!(matches!(world.text(1, Request::Greeting), Outcome::GreetingHolding { .. }), "in short");
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_late_code_books_if_the_day_has_room_and_else_says_that_it_expired() {
    let mut office = office();
    (office.seats_per_hour, office.seats_per_day, office.policy.when_full) = (1, Some(1), WhenFull::Refuse);
    let mut world = World::new(office);
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(31);
    let other = echo(world.form(2, "Siti", TUESDAY));
    assert_eq!(other.slot, hold.slot, "the seat came back at the deadline");
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::CodeExpired { .. }));
    world.now += Duration::minutes(31);
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { late: false, .. }));
    world.audit();
}

// Negative control: with the late code judged by the confirmed bookings alone, it books, and the photo books a second place.
#[test]
fn a_late_code_beside_a_newer_form_that_waits_for_its_photo_books_nothing() {
    let mut world = World::new(office());
    let old = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::minutes(31);
    let newer = Form { wants_photo: true, ..form("Siti", TUESDAY) };
    assert!(matches!(world.text(1, Request::Form(newer)), Outcome::PhotoWanted { .. }));
    let told = world.code(1, &approval(&old));
    assert!(matches!(&told, Outcome::PhotoWanted { hold, .. } if hold.applicant.nama.as_str() == "Siti"), "{told:?}");
    world.audit();
    let hold = echo(world.picture(1, None).expect("an answer"));
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn too_many_wrong_codes_end_the_hold() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    let wrong = if approval(&hold) == "99999991" { "99999992" } else { "99999991" };
    // Negative control: without the zeros looked at, a number that answers no open question costs a try.
    assert!(matches!(world.code(1, "1"), Outcome::CodeAwaited { .. }));
    for left in (1..CODE_TRIES_MAX).rev() {
        assert!(matches!(world.code(1, wrong), Outcome::CodeWrong { tries_left, .. } if tries_left == left));
    }
    assert_eq!(world.code(1, wrong), Outcome::CodeBlocked);
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::CodeUnknown { .. }));
    world.audit();
}

// Negative control: counting eight digits that spell a day as a wrong code ends the hold after five of them.
#[test]
fn eight_digits_that_spell_a_day_are_no_wrong_code() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    for day in ["25011987", "08082017", "20170808", "01251987"].iter().cycle().take(8) {
        assert!(matches!(world.code(1, day), Outcome::CodeAwaited { hold: told } if told == hold), "{day}");
    }
    assert!(matches!(world.code(1, "99119911"), Outcome::CodeWrong { .. }), "no day has this number");
    assert!(matches!(world.code(1, &approval(&hold)), Outcome::Booked { .. }));
    world.audit();
}

// Negative control: a word that was sent before the echo approves where the time of sending is not asked.
#[test]
fn a_word_approves_only_right_after_the_echo_and_sent_after_it() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::CodeAwaited { .. }), "sent before the echo was read");
    world.now += Duration::seconds(5);
    world.command(1, CommandName::Bantuan);
    world.now += Duration::seconds(5);
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::CodeAwaited { .. }), "another reply stands between");
    world.office.policy.approval_words = false;
    world.now += Duration::seconds(5);
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::CodeAwaited { .. }), "the office wants the code");
    world.office.policy.approval_words = true;
    world.now += Duration::seconds(5);
    let Outcome::Booked { booking, .. } = world.command(1, CommandName::Ya) else { panic!("not booked") };
    assert_eq!(booking.id, hold.id);
    world.audit();
}

#[test]
fn a_yes_to_an_open_question_approves_nothing_else() {
    let mut world = World::new(office());
    let hold = echo(world.form(1, "Budi", TUESDAY));
    world.now += Duration::seconds(5);
    let plain = Command { plain: true, ..Command::of(CommandName::Batal) };
    assert!(matches!(world.text(1, Request::Command(plain)), Outcome::CancelAsked { .. }));
    world.now += Duration::seconds(5);
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Released { hold: gone } if gone.id == hold.id));
    world.audit();
}
