//! Cancelling holds and bookings.

use super::world::{TUESDAY, World, approval, echo, office, repaired};
use crate::conversation::Outcome;
use crate::domain::office::Approval;
use crate::grammar::{Command, CommandName, Request};

#[test]
fn a_hold_is_released_even_where_bookings_are_not() {
    let mut office = office();
    office.policy.cancelling = false;
    let mut world = World::new(office);
    let hold = echo(world.form(1, "Budi", TUESDAY));
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::Released { .. }));
    let again = echo(world.form(1, "Budi", TUESDAY));
    assert_eq!(hold.seats, again.seats);
    assert!(
        matches!(world.text(1, Request::AboutCancelling), Outcome::CancelAlone { held: true, person: None }),
        "a hold can be given back"
    );
    world.code(1, &approval(&again));
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::CancelNotAllowed { .. }));
    assert!(matches!(world.text(1, Request::AboutCancelling), Outcome::CancelNotAllowed { .. }));
    world.audit();
}

#[test]
fn with_several_bookings_batal_asks_which_and_a_number_answers() {
    let mut office = office();
    (office.policy.live_per_number, office.policy.approval) = (3, Approval::None);
    let mut world = World::new(office);
    for name in ["Budi", "Siti"] {
        assert!(matches!(world.form(1, name, TUESDAY), Outcome::Booked { .. }));
    }
    assert!(matches!(world.command(1, CommandName::Batal), Outcome::WhichToCancel { bookings } if bookings.len() == 2));
    assert!(matches!(world.code(1, "2"), Outcome::Cancelled { booking } if booking.applicant.nama.as_str() == "Siti"));
    assert!(matches!(world.code(1, "1"), Outcome::CodeUnknown { .. }), "the question has been answered");
    world.audit();
}

// Negative control: a question that outlives talk of giving up books with the next `ok`, and one that outlives another list
// cancels by a number of that one: each fails this.
#[test]
fn after_talk_of_giving_up_or_another_list_no_yes_and_no_number_is_an_answer() {
    let mut office = office();
    (office.policy.live_per_number, office.policy.approval) = (3, Approval::None);
    let mut world = World::new(office);
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    assert_eq!(world.text(1, Request::AboutCancelling), Outcome::NothingToCancel);
    assert_eq!(world.command(1, CommandName::Ya), Outcome::Greeting);
    for name in ["Budi", "Siti"] {
        assert!(matches!(world.form(2, name, TUESDAY), Outcome::Booked { .. }));
    }
    for between in [Request::AboutCancelling, Request::Command(Command::of(CommandName::Status))] {
        assert!(matches!(world.command(2, CommandName::Batal), Outcome::WhichToCancel { .. }));
        world.text(2, between.clone());
        assert!(matches!(world.code(2, "1"), Outcome::CodeUnknown { .. }), "{between:?}");
    }
    world.audit();
}

/// `batal` without the mark.
fn plain() -> Request {
    Request::Command(Command { plain: true, ..Command::of(CommandName::Batal) })
}

// Negative control: cancelling at once for plain words fails this.
#[test]
fn plain_words_cancel_only_after_a_yes_that_follows_at_once() {
    let mut office = office();
    office.policy.approval = Approval::None;
    let mut world = World::new(office);
    assert_eq!(world.text(1, plain()), Outcome::NothingToCancel);
    assert!(matches!(world.form(1, "Budi", TUESDAY), Outcome::Booked { .. }));
    assert!(matches!(world.text(1, plain()), Outcome::CancelAsked { person: None, .. }));
    world.text(1, Request::Greeting);
    assert_eq!(world.command(1, CommandName::Ya), Outcome::Greeting, "something else was said between");
    assert_eq!(world.bookings[&1].iter().filter(|booking| booking.state.has_seats()).count(), 1);
    assert!(matches!(world.text(1, plain()), Outcome::CancelAsked { .. }));
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Cancelled { .. }));
    assert_eq!(world.command(1, CommandName::Ya), Outcome::Greeting, "it has been answered");
    world.form(1, "Budi", TUESDAY);
    world.office.policy.cancelling = false;
    assert!(matches!(world.text(1, plain()), Outcome::CancelNotAllowed { .. }), "what is not allowed is not asked");
    assert_eq!(world.command(1, CommandName::Ya), Outcome::Greeting);
    world.audit();
}
