//! The replies to several people in one message.

use super::misreads::{asked_form, misread};
use super::{Shown, shown};
use crate::conversation::{MovedDay, Outcome, Refusal};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::person::{Applicant, Nama, TglLahir};
use crate::grammar::{Ask, Choice, Field, Form, Member, MisreadKind, Note, NoteKind, Suggestion};
use crate::reply::sample::{Sample, day};

fn other(name: &str, born: chrono::NaiveDate) -> Applicant {
    Applicant {
        tgl_lahir: TglLahir::judge(born, day(2017, 8, 1)).ok(),
        ..Applicant::named(Nama::read(name).expect("a name"))
    }
}

/// With Siti and Agus beside whom it was for.
fn of_three(mut booking: Booking) -> Booking {
    booking.applicant.others = vec![other("Siti Aminah", day(1990, 12, 5)), other("Agus Santoso", day(2012, 8, 17))];
    booking.seats = vec![17, 18, 19];
    booking
}

fn form_of_three(sample: &Sample, notes: Vec<Note>) -> Form {
    let applicant = of_three(sample.booking()).applicant;
    Form { applicant, party: 3, ..asked_form(sample, notes) }
}

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let hold = of_three(bogor.hold(Awaits::Code));
    let booked = of_three(batam.booking());
    let moved = Some(MovedDay { asked: day(2017, 8, 4) });
    let note = |person, from: &str, to: &str| {
        let (from, to) = (from.to_owned(), to.to_owned());
        Note { kind: NoteKind::Digit, field: Some(Field::TglLahir), person, from, to }
    };
    let notes = vec![note(Some(2), "O5121990", "1990-12-05")];
    let choice = |date| Choice { date, form: form_of_three(&bogor, Vec::new()), then: None };
    let choices = vec![choice(day(1907, 6, 5)), choice(day(2007, 6, 5))];
    let ask = Ask { field: Field::TglLahir, person: Some(2), at: (0, 1), found: "050607".to_owned(), choices };
    let siti = || Some(Member { number: 2, nama: Nama::read("Siti Aminah").ok() });
    let mut wrong = misread(MisreadKind::NoSuchDay, Some(Field::TglLahir));
    wrong.member = siti();
    let mut another_day = misread(MisreadKind::NotTogether, Some(Field::TglKedatangan));
    another_day.member = siti();
    let mut twice = misread(MisreadKind::SamePerson, None);
    twice.member = siti();
    let lines = "#Budi Santoso#25011987#07082017\n#Siti Aminah#05121990#07082017\n#Agus Santoso#17082012#07082017";
    let form = form_of_three(&bogor, Vec::new());
    let mut mended = misread(MisreadKind::NameCharacter, Some(Field::Nama));
    mended.member = Some(Member { number: 2, nama: None });
    mended.suggestion = Some(Box::new(Suggestion { line: lines.to_owned(), form }));
    let told = |misread| Outcome::Misread { misread, photo_kept: false };
    let too_many = |limit| Outcome::Refused(Refusal::TooManyPeople { party: 3, limit });
    let full =
        Refusal::Full { asked: day(2017, 8, 7), suggest: Some(day(2017, 8, 8)), session: None, party: 3, form: None };
    let confirm = Outcome::Confirm { form: form_of_three(&batam, notes.clone()), photo_kept: false };
    vec![
        shown(
            "party: echo, day moved, repaired",
            &bogor,
            Outcome::Echo { hold: hold.clone(), moved, replaced: false, repaired: notes, short: false },
        ),
        shown("party: booked", &batam, Outcome::Booked { booking: booked.clone(), moved: None, late: false }),
        shown(
            "party: photo wanted",
            &batam,
            Outcome::PhotoWanted {
                hold: of_three(batam.hold(Awaits::Photo)),
                moved: None,
                repaired: Vec::new(),
                short: true,
            },
        ),
        shown("party: repaired, is this right?", &batam, confirm),
        shown("party: which day, of one person", &bogor, Outcome::WhichDay { ask, photo_kept: false }),
        shown("party: one person misread", &bogor, told(wrong)),
        shown("party: one person misread, mended", &bogor, told(mended)),
        shown("party: another day", &bogor, told(another_day)),
        shown("party: the same person twice", &bogor, told(twice)),
        shown("party: status", &batam, Outcome::Status { bookings: vec![booked.clone()], photo_until: None }),
        shown("party: released", &bogor, Outcome::Released { hold }),
        shown("party: cancelled", &batam, Outcome::Cancelled { booking: booked }),
        shown("party: refused, more than a booking takes", &batam, too_many(2)),
        shown("party: refused, one number for one person", &bogor, too_many(1)),
        shown("party: refused, no hour for all of them", &bogor, Outcome::Refused(full)),
    ]
}
