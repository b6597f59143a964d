//! Replies to a form with a mistake, and questions about a form.

use super::{Shown, shown};
use crate::conversation::Outcome;
use crate::domain::booking::Awaits;
use crate::grammar::{Ask, Choice, Field, Form, Misread, MisreadKind, Note, NoteKind, Suggestion};
use crate::reply::sample::{Sample, day};

pub(super) fn misread(kind: MisreadKind, field: Option<Field>) -> Misread {
    let found = match kind {
        MisreadKind::Missing => "",
        MisreadKind::Surplus => "08111100",
        MisreadKind::Several | MisreadKind::TooManyPeople | MisreadKind::SamePerson => "#Siti#05011990#07082017",
        MisreadKind::NotTogether => "08082017",
        MisreadKind::Keyword => "DAFTAR",
        MisreadKind::NameCharacter => "Bud1",
        MisreadKind::NameAlphabet => "а",
        MisreadKind::NameMarks => "u\u{301}\u{302}\u{303}\u{304}",
        MisreadKind::Mingled => "Budi dan Siti",
        MisreadKind::NameEmpty | MisreadKind::Text => "-",
        MisreadKind::NameTooLong => "Budi Budi Budi Budi Budi Budi Budi Budi B",
        MisreadKind::Swapped => "25011987",
        MisreadKind::NotADate => "besok lusa",
        MisreadKind::NoSuchDay => "31062017",
        MisreadKind::AmbiguousDate => "050687",
        MisreadKind::OtherWeekday => "Selasa, 7 Agustus 2017",
        MisreadKind::BirthInFuture => "26102017",
        MisreadKind::BirthTooOld => "25011887",
        MisreadKind::VisitPast => "18072017",
        MisreadKind::Address => "...",
        MisreadKind::Count => "9",
        MisreadKind::FamilyCard | MisreadKind::WhichPiece => "3271042501870001",
        MisreadKind::Phone => "0812",
        MisreadKind::Email => "budi@example",
        MisreadKind::Session => "malam",
        MisreadKind::Service => "visa",
        MisreadKind::DateShape => "25 Januari 1987",
        MisreadKind::TooYoung => "25012015",
        MisreadKind::TooOld => "25011937",
        MisreadKind::VisitToday => "01082017",
        MisreadKind::VisitTooFar => "07092017",
        MisreadKind::Nik => "3271",
        MisreadKind::MessageTooLong => "Selamat pagi, saya mau",
    };
    Misread {
        format: Sample::bogor().office.formats[0].clone(),
        kind,
        field,
        at: (0, 1),
        found: found.to_owned(),
        expected: "for tools".to_owned(),
        others: Vec::new(),
        pieces: Vec::new(),
        member: None,
        suggestion: None,
        either: None,
        several: false,
    }
}

/// The form that a hold was made from.
pub(super) fn asked_form(sample: &Sample, notes: Vec<Note>) -> Form {
    let hold = sample.hold(Awaits::Code);
    Form {
        format: hold.format.clone(),
        applicant: hold.applicant.clone(),
        visit: hold.asked,
        party: 1,
        wants_photo: false,
        notes,
    }
}

fn questions(bogor: &Sample, batam: &Sample) -> Vec<Shown> {
    let note = |kind, field, from: &str, to: &str| Note {
        kind,
        field,
        person: None,
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let visit = day(2017, 8, 7);
    let notes = vec![
        note(NoteKind::Digit, Some(Field::TglLahir), "25O11987", "1987-01-25"),
        note(NoteKind::Day, Some(Field::TglKedatangan), "besok", "2017-08-07"),
        note(NoteKind::Separator, None, ";", "#"),
    ];
    let title = vec![
        note(NoteKind::Title, Some(Field::Nama), "Bapak Budi Santoso", "Budi Santoso"),
        note(NoteKind::PassedOver, None, "NIK, Agama, Gol. Darah", "6"),
    ];
    let space = vec![note(NoteKind::Separator, None, " ", "#")];
    let choice = |date| Choice { date, form: asked_form(bogor, Vec::new()), then: None };
    let choices = vec![choice(visit), choice(visit + chrono::Days::new(7))];
    let ask = Ask { field: Field::TglKedatangan, person: None, at: (0, 1), found: "senin".to_owned(), choices };
    let echo = Outcome::Echo {
        hold: bogor.hold(Awaits::Code),
        moved: None,
        replaced: false,
        repaired: notes.clone(),
        short: false,
    };
    let confirm = |notes, photo_kept| Outcome::Confirm { form: asked_form(batam, notes), photo_kept };
    let nik = vec![note(NoteKind::NikBirth, Some(Field::Nik), "26-01-87", "1987-01-25")];
    let photo =
        Outcome::PhotoWanted { hold: batam.hold(Awaits::Photo), moved: None, repaired: notes.clone(), short: false };
    vec![
        shown("photo wanted for a repaired form", batam, photo),
        shown("repaired: the NIK has another birth date", batam, confirm(nik, false)),
        shown("echo of a repaired form", bogor, echo),
        shown("repaired: is this right?", batam, confirm(notes, false)),
        shown("repaired: a title, and what nobody asks for", batam, confirm(title, false)),
        shown("repaired, photo kept", batam, confirm(space, true)),
        shown("which day?", bogor, Outcome::WhichDay { ask, photo_kept: false }),
    ]
}

/// What is wrong by a format's own rules and choices.
const OF_RULES: [MisreadKind; 8] = [
    MisreadKind::Service,
    MisreadKind::Session,
    MisreadKind::Text,
    MisreadKind::TooOld,
    MisreadKind::TooYoung,
    MisreadKind::VisitToday,
    MisreadKind::VisitTooFar,
    MisreadKind::WhichPiece,
];

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let fields = || std::iter::once(None).chain(Field::KNOWN.map(Some));
    let told = |misread, photo_kept| Outcome::Misread { misread, photo_kept };
    let mut shown_all: Vec<Shown> = fields()
        .map(|field| {
            shown(format!("misread: Missing {field:?}"), &bogor, told(misread(MisreadKind::Missing, field), false))
        })
        .collect();
    for kind in [MisreadKind::NotADate, MisreadKind::NoSuchDay, MisreadKind::AmbiguousDate, MisreadKind::OtherWeekday] {
        for field in [Field::TglLahir, Field::TglKedatangan] {
            let outcome = told(misread(kind, Some(field)), false);
            shown_all.push(shown(format!("misread: {kind:?} {field:?}"), &bogor, outcome));
        }
    }
    let others = MisreadKind::ALL.into_iter().filter(|kind| {
        use MisreadKind::{AmbiguousDate, Missing, NoSuchDay, NotADate, OtherWeekday};
        !matches!(kind, Missing | NotADate | NoSuchDay | AmbiguousDate | OtherWeekday)
    });
    let with_rules = Sample::with_rules();
    shown_all.extend(others.map(|kind| {
        let field = match kind {
            MisreadKind::DateShape => Some(Field::TglLahir),
            MisreadKind::Text => Some(Field::Teks(0)),
            MisreadKind::NotTogether => Some(Field::TglKedatangan),
            MisreadKind::Mingled => Some(Field::Nama),
            _ => None,
        };
        let is_of_rules = OF_RULES.contains(&kind);
        let sample = if is_of_rules { &with_rules } else { &bogor };
        shown(format!("misread: {kind:?}"), sample, told(misread(kind, field), false))
    }));
    let mut house = misread(MisreadKind::WhichPiece, Some(Field::Jumlah));
    house.found = "5".to_owned();
    shown_all.push(shown("misread: WhichPiece, a house number or a count", &batam, told(house, false)));
    let mut guessed = misread(MisreadKind::Swapped, Some(Field::Nama));
    let form = asked_form(&bogor, Vec::new());
    guessed.suggestion = Some(Box::new(Suggestion { line: "#Budi Santoso#25011987#07082017".to_owned(), form }));
    shown_all.push(shown("misread, with a suggestion", &bogor, told(guessed, false)));
    shown_all.extend(questions(&bogor, &batam));
    let kept = told(misread(MisreadKind::Missing, Some(Field::TglLahir)), true);
    shown_all.push(shown("misread, photo kept", &batam, kept));
    shown_all
}
