//! Forms that are whole and yet asked about: the printed example, a birth date of today, a name of one letter.

use super::world::{TUESDAY, World, date, form, office, one_step};
use crate::conversation::Outcome;
use crate::domain::person::{Nama, TglLahir};
use crate::grammar::{CommandName, Form, NoteKind, Request};

// Negative control: with `is_example` always false, the example is booked and this fails.
#[test]
fn the_printed_example_books_nothing() {
    for mut world in [one_step(), World::new(office())] {
        let outcome = world.text(1, Request::Form(form("Budi Santoso", TUESDAY)));
        assert!(matches!(outcome, Outcome::Placeholder { .. }), "{outcome:?}");
        assert!(world.bookings.values().all(Vec::is_empty), "nobody has a seat");
        let outcome = world.text(1, Request::Form(form("Budi Santosa", TUESDAY)));
        assert!(matches!(outcome, Outcome::Booked { .. } | Outcome::Echo { .. }), "{outcome:?}");
        world.audit();
    }
}

fn born(form: Form, year: i32, month: u32, day: u32) -> Form {
    let mut form = form;
    form.applicant.tgl_lahir = TglLahir::judge(date(year, month, day), date(2017, 8, 7)).ok();
    form
}

// Negative control: with `JUST_BORN_DAYS` at -1, a child of today is booked without a word and this fails.
#[test]
fn a_birth_date_of_today_is_shown_once_more() {
    for day in [7, 6] {
        let child = born(form("Kayla", TUESDAY), 2017, 8, day);
        let mut world = one_step();
        let Outcome::Confirm { form: shown, .. } = world.text(1, Request::Form(child.clone())) else { panic!("asked") };
        assert!(shown.notes.iter().any(|note| note.kind == NoteKind::JustBorn));
        let outcome = world.command(1, CommandName::Ya);
        assert!(matches!(outcome, Outcome::Booked { .. }), "{outcome:?}");
        let Outcome::Echo { repaired, .. } = World::new(office()).text(1, Request::Form(child)) else { panic!("echo") };
        assert!(repaired.iter().any(|note| note.kind == NoteKind::JustBorn), "the echo shows it");
    }
    let outcome = one_step().text(1, Request::Form(born(form("Kayla", TUESDAY), 2017, 7, 30)));
    assert!(matches!(outcome, Outcome::Booked { .. }), "older: {outcome:?}");
}

// Negative control: with `is_unusual` always false, both are booked at once.
#[test]
fn an_unusual_form_asks_first_where_no_echo_follows() {
    let old = born(form("Sumarni", TUESDAY), 1915, 1, 25);
    let mut short = form("Budi", TUESDAY);
    short.applicant.nama = Nama::read("B").expect("a name");
    for unusual in [old, short] {
        let mut world = one_step();
        let outcome = world.text(1, Request::Form(unusual.clone()));
        assert!(matches!(outcome, Outcome::Confirm { .. }), "{outcome:?}");
        let outcome = world.command(1, CommandName::Ya);
        assert!(matches!(outcome, Outcome::Booked { .. }), "{outcome:?}");
        let outcome = World::new(office()).text(1, Request::Form(unusual));
        assert!(matches!(outcome, Outcome::Echo { .. }), "where a code follows the echo asks: {outcome:?}");
    }
}
