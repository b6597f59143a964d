//! The guided dialogue: offered, answered, left, and what it may not do.

use chrono::Duration;

use super::world::{World, approval, echo, office, one_step};
use crate::conversation::{GuideAsk, Outcome, Said};
use crate::domain::booking::State;
use crate::domain::message::OtherKind;
use crate::grammar::{Field, Format};

fn with_format(mut world: World) -> World {
    world.formats = vec![Format::of_line("#Nama#TglLahir#TglKedatangan").expect("a line")];
    world
}

fn asked(outcome: Option<Outcome>) -> Field {
    match outcome {
        Some(Outcome::Guide(step)) => match step.ask {
            GuideAsk::Piece { field, .. } => field,
            other => panic!("not a piece: {other:?}"),
        },
        other => panic!("not a question: {other:?}"),
    }
}

// Negative control: with `finish` leaving out the approval's arm, the last answer of the second world books at once.
#[test]
fn one_question_at_a_time_ends_like_a_form() {
    let mut world = with_format(World::new(office()));
    assert!(matches!(world.says(1, "mau daftar"), Some(Outcome::Offered { .. })));
    assert_eq!(asked(world.says(1, "1")), Field::Nama);
    assert_eq!(asked(world.says(1, "Budi Santoso")), Field::TglLahir);
    assert_eq!(asked(world.says(1, "25 Januari 1987")), Field::TglKedatangan);
    let hold = echo(world.says(1, "1").expect("an answer"));
    world.audit();
    let code = approval(&hold);
    assert!(matches!(world.says(1, &code), Some(Outcome::Booked { .. })));
    let mut world = with_format(one_step());
    for text in ["mau daftar", "1", "Budi Santoso", "25011987"] {
        world.says(1, text);
    }
    assert!(matches!(world.says(1, "1"), Some(Outcome::Confirm { .. })), "shown before it is booked");
    assert!(world.bookings[&1].is_empty());
    assert!(matches!(world.says(1, "ya"), Some(Outcome::Booked { .. })));
    world.audit();
}

#[test]
fn pieces_of_their_own_accord_are_joined() {
    let mut world = with_format(World::new(office()));
    assert!(matches!(world.says(1, "Budi Santoso"), Some(Outcome::Unreadable)), "a name alone begins nothing");
    assert_eq!(asked(world.says(1, "25011987")), Field::TglKedatangan);
    assert!(matches!(world.says(1, "besok"), Some(Outcome::Echo { .. })));
    assert!(!matches!(world.says(2, "25011987"), Some(Outcome::Guide(_))), "without a name it is a code");
}

#[test]
fn two_misread_forms_are_offered_it() {
    let mut world = with_format(World::new(office()));
    assert!(matches!(world.says(1, "#Budi#31021987#08082017"), Some(Outcome::Misread { .. })));
    assert!(matches!(world.says(1, "#Budi#31021987#08082017"), Some(Outcome::Offered { .. })));
    assert_eq!(asked(world.says(1, "1")), Field::TglLahir, "only what is wrong is asked for");
    let hold = echo(world.says(1, "25011987").expect("an answer"));
    assert_eq!(hold.applicant.nama.as_str(), "Budi");
}

// Negative control: with a dialogue that ends after thirty minutes the first half fails, with one that never ends the second.
#[test]
fn it_waits_for_a_day_and_no_longer() {
    let mut world = with_format(World::new(office()));
    world.says(1, "mau daftar");
    world.says(1, "1");
    world.now += Duration::hours(23);
    assert_eq!(asked(world.says(1, "Budi Santoso")), Field::TglLahir);
    world.now += Duration::hours(25);
    assert!(!matches!(world.says(1, "25011987"), Some(Outcome::Guide(_))));
}

#[test]
fn a_form_a_command_and_a_code_keep_their_meaning() {
    let mut world = with_format(World::new(office()));
    let hold = echo(world.says(1, "#Budi#25011987#08082017").expect("an answer"));
    assert!(matches!(world.says(1, "mau daftar"), Some(Outcome::Echo { .. })), "one thing after the other");
    world.says(1, &approval(&hold));
    assert_eq!(world.bookings[&1][0].state, State::Booked);
    for text in ["mau daftar", "1", "Siti"] {
        world.says(2, text);
    }
    assert!(matches!(world.says(2, "status"), Some(Outcome::Status { .. })));
    assert!(matches!(world.says(2, "#Siti#05121990#08082017"), Some(Outcome::Echo { .. })));
    for text in ["mau daftar", "1"] {
        world.says(3, text);
    }
    assert_eq!(world.says(3, "#batal"), Some(Outcome::GuideEnded));
    assert!(!matches!(world.says(3, "Ahmad"), Some(Outcome::Guide(_))));
    world.audit();
}

// Negative control: with `tell` in place of `tell_beside_guide`, no reply says that the question is open; with the question ended by
// `ganti`, `kembali` after it became the name.
#[test]
fn what_it_did_not_ask_for_leaves_its_question_open() {
    let mut world = with_format(World::new(office()));
    for text in ["mau daftar", "1", "nama saya Budi Santoso"] {
        world.says(1, text);
    }
    let is_open = |told: Option<Outcome>| matches!(told, Some(Outcome::Answers(answers)) if answers.question_open);
    assert!(is_open(world.says(1, "ganti")));
    assert!(is_open(world.hear(1, Said::Other(OtherKind::Audio))));
    assert!(is_open(world.picture(1, None)));
    assert_eq!(asked(world.says(1, "kembali")), Field::TglLahir);
    assert_eq!(asked(world.says(1, "lahir 25 Januari 1987")), Field::TglKedatangan);
    let hold = echo(world.says(1, "besok").expect("an answer"));
    assert_eq!(hold.applicant.nama.as_str(), "Budi Santoso");
    world.audit();
}
