//! Questions about a form, and their answers.

use chrono::Duration;

use super::world::{TUESDAY, World, date, echo, form, office, one_step, repaired};
use crate::conversation::Outcome;
use crate::domain::office::FormatId;
use crate::grammar::{Ask, Choice, CommandName, Field, Misread, MisreadKind, Request, Suggestion};

// Negative control: booking a form with notes at once fails this.
#[test]
fn a_repaired_form_books_only_after_yes_where_no_code_follows() {
    for accept in [None, Some("1")] {
        let mut world = one_step();
        let outcome = world.text(1, Request::Form(repaired("Budi", TUESDAY)));
        assert!(matches!(outcome, Outcome::Confirm { photo_kept: false, .. }));
        assert!(world.bookings.values().all(Vec::is_empty), "nothing is taken for a question");
        let outcome = match accept {
            None => world.command(1, CommandName::Ya),
            Some(number) => world.code(1, number),
        };
        assert!(matches!(outcome, Outcome::Booked { .. }), "{outcome:?}");
        assert!(matches!(world.command(1, CommandName::Ya), Outcome::Greeting), "a second yes answers nothing");
        world.audit();
    }
}

#[test]
fn a_question_about_a_form_ends_with_another_form_and_with_its_time() {
    let mut world = one_step();
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    world.now += Duration::minutes(31);
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Greeting), "too late");
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    let Outcome::Booked { booking, .. } = world.form(1, "Budi Hartono", TUESDAY) else { panic!() };
    assert_eq!(booking.applicant.nama.as_str(), "Budi Hartono", "a new form takes the question's place");
    world.audit();
}

// Negative control: with `now < until` alone the question stands for seven hours, and `ya` books.
#[test]
fn a_question_asked_by_a_clock_that_was_ahead_is_over_when_the_clock_is_right() {
    for (back, is_open) in [(Duration::hours(7), false), (Duration::minutes(1), true)] {
        let mut world = one_step();
        world.now += back;
        world.text(1, Request::Form(repaired("Budi", TUESDAY)));
        world.now -= back;
        assert_eq!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }), is_open, "{back}");
    }
}

// Negative control: ending the question with anything that is no answer fails this.
#[test]
fn an_open_question_outlives_what_does_not_answer_it_and_is_asked_again() {
    let mut world = one_step();
    world.text(1, Request::Form(repaired("Budi", TUESDAY)));
    for request in [Request::Thanks, Request::Greeting, Request::Unreadable, Request::Digits("25011988".to_owned())] {
        assert!(matches!(world.text(1, request.clone()), Outcome::Confirm { .. }), "{request:?}");
    }
    assert!(
        matches!(world.picture(1, None), Some(Outcome::Confirm { photo_kept: true, .. })),
        "yes is what is missing"
    );
    assert!(world.bookings.values().all(Vec::is_empty), "none of these is a yes");
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }));
    world.text(2, Request::Ask(which_tuesday()));
    assert!(matches!(world.text(2, Request::Thanks), Outcome::WhichDay { .. }));
    assert!(matches!(world.code(2, "2"), Outcome::Booked { .. }));
    world.text(3, Request::Form(repaired("Siti", TUESDAY)));
    assert!(matches!(world.command(3, CommandName::Batal), Outcome::NothingToCancel));
    assert!(matches!(world.command(3, CommandName::Ya), Outcome::Greeting), "a cancel ends the question");
    world.audit();
}

/// The question which Tuesday, for a form in which nothing else is in doubt.
fn which_tuesday() -> Ask {
    let choice = |date| Choice { date, form: form("Budi", Some(date)), then: None };
    let choices = vec![choice(date(2017, 8, 8)), choice(date(2017, 8, 15))];
    Ask { field: Field::TglKedatangan, person: None, at: (0, 1), found: "selasa".to_owned(), choices }
}

#[test]
fn a_day_is_chosen_by_its_number() {
    let mut world = World::new(office());
    assert!(matches!(world.text(1, Request::Ask(which_tuesday())), Outcome::WhichDay { .. }));
    let hold = echo(world.code(1, "2"));
    assert_eq!(hold.slot.date, date(2017, 8, 15));
    world.audit();
}

// Negative control: with every day offered, both are asked about, and the first is refused once it is chosen.
#[test]
fn a_day_that_is_no_longer_served_is_not_offered() {
    let mut ask = which_tuesday();
    for (choice, day) in ask.choices.iter_mut().zip([date(2017, 8, 1), date(2017, 8, 8)]) {
        (choice.date, choice.form.visit) = (day, Some(day));
    }
    let mut world = World::new(office());
    let hold = echo(world.text(1, Request::Ask(ask.clone())));
    assert_eq!(hold.slot.date, date(2017, 8, 8), "the only one left");
    for choice in &mut ask.choices {
        (choice.date, choice.form.visit) = (date(2017, 7, 31), Some(date(2017, 7, 31)));
    }
    let outcome = world.text(2, Request::Ask(ask));
    assert!(matches!(outcome, Outcome::WhichDay { ask, .. } if ask.choices.len() == 2), "with none left all stay");
    world.audit();
}

#[test]
fn a_day_is_chosen_by_the_day_itself() {
    let day = |day| Request::Day(vec![date(2017, 8, day)]);
    for answer in [day(15), Request::Digits("15082017".to_owned()), Request::Digits("150817".to_owned())] {
        let mut world = World::new(office());
        world.text(1, Request::Ask(which_tuesday()));
        let hold = echo(world.text(1, answer.clone()));
        assert_eq!(hold.slot.date, date(2017, 8, 15), "{answer:?}");
        world.audit();
    }
}

#[test]
fn an_answer_that_was_not_offered_is_asked_again() {
    let mut world = World::new(office());
    world.text(1, Request::Ask(which_tuesday()));
    let asked_again = |outcome| matches!(outcome, Outcome::WhichDay { ask, .. } if ask == which_tuesday());
    assert!(asked_again(world.code(1, "3")), "two were offered");
    assert!(asked_again(world.code(1, "0")));
    assert!(asked_again(world.text(1, Request::Day(vec![date(2017, 8, 16)]))));
    assert!(asked_again(world.command(1, CommandName::Ya)), "yes chooses none of two");
    let hold = echo(world.code(1, "1"));
    assert_eq!(hold.slot.date, date(2017, 8, 8), "the question still stood");
    assert!(matches!(world.text(2, Request::Day(vec![date(2017, 8, 8)])), Outcome::Unreadable), "nobody was asked");
    world.audit();
}

#[test]
fn two_unclear_dates_are_asked_one_after_the_other() {
    let mut world = World::new(office());
    let born = |year| date(year, 6, 5);
    let choice = |year| Choice { date: born(year), form: form("Budi", None), then: Some(Box::new(which_tuesday())) };
    let ask = Ask {
        field: Field::TglLahir,
        person: None,
        at: (0, 1),
        found: "050607".to_owned(),
        choices: vec![choice(1907), choice(2007)],
    };
    assert!(matches!(world.text(1, Request::Ask(ask)), Outcome::WhichDay { ask, .. } if ask.field == Field::TglLahir));
    let next = world.code(1, "1");
    assert!(matches!(next, Outcome::WhichDay { ask, .. } if ask.field == Field::TglKedatangan));
    assert_eq!(echo(world.code(1, "2")).slot.date, date(2017, 8, 15));
    world.audit();
}

// Negative control: with all notes dropped once a day is chosen, this books without a word on the other repair.
#[test]
fn choosing_a_day_does_not_accept_another_pieces_repair() {
    let mut world = one_step();
    let mut ask = which_tuesday();
    for choice in &mut ask.choices {
        choice.form.notes = repaired("Budi", None).notes;
    }
    ask.field = Field::TglKedatangan;
    world.text(1, Request::Ask(ask));
    let outcome = world.code(1, "2");
    assert!(matches!(outcome, Outcome::Confirm { .. }), "{outcome:?}");
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }));
    world.audit();
}

#[test]
fn a_suggested_line_is_accepted_with_yes() {
    let mut world = one_step();
    let suggestion = Suggestion { line: "#Budi#25011987#08082017".to_owned(), form: form("Budi", TUESDAY) };
    let misread = Misread {
        either: None,
        several: false,
        format: FormatId::read("uji").unwrap(),
        kind: MisreadKind::Swapped,
        field: Some(Field::Nama),
        at: (0, 1),
        found: "25011987".to_owned(),
        expected: "a name".to_owned(),
        others: Vec::new(),
        pieces: Vec::new(),
        member: None,
        suggestion: Some(Box::new(suggestion)),
    };
    assert!(matches!(world.text(1, Request::Misread(misread)), Outcome::Misread { .. }));
    assert!(matches!(world.command(1, CommandName::Ya), Outcome::Booked { .. }));
    world.audit();
}

// Negative control: without `agreement::no` the first is not understood, and the `ya` after the others answers a question that was
// declined.
#[test]
fn a_no_ends_a_question_and_changes_nothing() {
    let mut world = one_step();
    world.form(1, "Budi", TUESDAY);
    let before = world.bookings[&1].clone();
    for asks in ["batalin", "ganti jadwal bisa?", "bisa pindah ke tanggal 6?"] {
        assert!(world.says(1, asks).is_some(), "{asks}");
        let told = world.says(1, "gak usah deh min");
        assert!(
            matches!(told, Some(Outcome::NothingChanged { ref bookings }) if bookings.len() == 1),
            "{asks}: {told:?}"
        );
        assert!(!matches!(world.says(1, "ya"), Some(Outcome::Cancelled { .. } | Outcome::Moved { .. })), "{asks}");
        assert_eq!(world.bookings[&1], before, "{asks}");
    }
    assert!(!matches!(world.says(1, "tidak"), Some(Outcome::NothingChanged { .. })), "no question is open");
    world.audit();
}
