//! The guided dialogue, and what only few offices or messages lead to: other marks and photos, a closed day, another language.

use super::misreads::{asked_form, misread};
use super::{Shown, shown};
use crate::conversation::{Answer, Answers, DayRoom, GuideAsk, GuideStep, NotThatDay, Outcome, Refusal, Room};
use crate::domain::booking::Awaits;
use crate::domain::office::{Dated, Earliest};
use crate::domain::person::{Applicant, Nama};
use crate::domain::slot::Session;
use crate::grammar::{Field, Misread, MisreadKind, Mistake, Note, NoteKind, PhotoKind, Topic};
use crate::reply::poster::{Poster, Shown as Value};
use crate::reply::sample::{Sample, at, day};

fn with(sample: &Sample, tweak: fn(&mut Poster)) -> Sample {
    Sample { tweak: Some(tweak), ..sample.clone() }
}

fn step(ask: GuideAsk) -> Outcome {
    Outcome::Guide(Box::new(GuideStep { format: None, taken: Vec::new(), ask, wrong: None }))
}

fn piece(field: Field) -> GuideAsk {
    GuideAsk::Piece { field, optional: false, choices: Vec::new() }
}

/// Every question of the dialogue.
fn steps() -> Vec<Shown> {
    let (bogor, rules) = (Sample::bogor(), Sample::with_rules());
    let sampled = with(&bogor, |poster| poster.guide_sample = "05061987".to_owned());
    let begun = with(&bogor, |poster| {
        poster.guide_taken = vec![Value::Text("BUDI SANTOSO".to_owned()), Value::Born(day(1987, 1, 25))];
        poster.guide_taken.push(Value::People("3".to_owned()));
        poster.guide_sample = "14082017".to_owned();
        poster.guide_choices = [7, 8, 9].map(|date| Value::Visit(day(2017, 8, date))).to_vec();
    });
    let formats = with(&bogor, |poster| poster.guide_choices = vec![Value::Ordinary, Value::Family]);
    let born = with(&bogor, |poster| {
        poster.guide_choices = [day(2007, 6, 5), day(1907, 6, 5)].map(Value::Born).to_vec();
    });
    let sessions = with(&rules, |poster| poster.guide_choices = Session::ALL.map(Value::Session).to_vec());
    let services = with(&rules, |poster| {
        poster.guide_choices = ["baru", "perpanjang"].map(|name| Value::Text(name.to_owned())).to_vec();
    });
    let chosen = |field| {
        let choices = vec!["1".to_owned(), "2".to_owned()];
        step(GuideAsk::Piece { field, optional: false, choices })
    };
    vec![
        shown("the dialogue asks for the service", &formats, step(GuideAsk::Format(Vec::new()))),
        shown(
            "the dialogue asks which number there is",
            &bogor,
            step(GuideAsk::Alternative(vec![Field::Nik, Field::NoKk])),
        ),
        shown("the dialogue asks for the name", &bogor, step(piece(Field::Nama))),
        shown("the dialogue asks for the birth date", &sampled, step(piece(Field::TglLahir))),
        shown("the dialogue asks which birth date is right", &born, chosen(Field::TglLahir)),
        shown("the dialogue asks for the day", &sampled, step(piece(Field::TglKedatangan))),
        shown("the dialogue offers days", &begun, chosen(Field::TglKedatangan)),
        shown("the dialogue asks for the number of people", &bogor, step(piece(Field::Jumlah))),
        shown("the dialogue asks for the NIK", &bogor, step(piece(Field::Nik))),
        shown("the dialogue asks for the session", &sessions, chosen(Field::Sesi)),
        shown("the dialogue asks for the kind of service", &services, chosen(Field::Layanan)),
        shown("the dialogue asks what the office asks itself", &rules, step(piece(Field::Teks(0)))),
    ]
}

/// Forms of offices with other marks, keywords and photos, and rare mistakes.
fn forms() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let told = |misread| Outcome::Misread { misread, photo_kept: false };
    let keyed = Sample { keywords: vec!["E-PASSPORT".to_owned()], ..bogor.clone() };
    let mut two_people = misread(MisreadKind::Mingled, Some(Field::Nama));
    two_people.several = true;
    let visit = Mistake { kind: MisreadKind::NotADate, field: Field::TglKedatangan, found: "kapan saja".to_owned() };
    let two_mistakes = Misread { others: vec![visit], ..misread(MisreadKind::NoSuchDay, Some(Field::TglLahir)) };
    let own = with(&bogor, |poster| {
        poster.own_line = "#Budi Santoso#25011987#07082017".to_owned();
        poster.own_line_whole = true;
    });
    let gaps = with(&bogor, |poster| poster.own_line = "#Budi Santoso#TglLahir#07082017".to_owned());
    let full = Refusal::Full { asked: day(2017, 8, 4), suggest: None, session: None, party: 1, form: None };
    let note = |kind, from: &str, to: &str| {
        let (from, to) = (from.to_owned(), to.to_owned());
        Note { kind, field: Some(Field::TglLahir), person: None, from, to }
    };
    let confirm = |note| Outcome::Confirm { form: asked_form(&bogor, vec![note]), photo_kept: false };
    let photo_hold =
        Outcome::PhotoWanted { hold: batam.hold(Awaits::Photo), moved: None, repaired: Vec::new(), short: false };
    let mut party = batam.booking();
    party.applicant.others = vec![Applicant::named(Nama::read("Siti Aminah").expect("a name"))];
    party.seats = vec![17, 18];
    vec![
        shown("misread: two people in one name", &bogor, told(two_people)),
        shown("misread: two mistakes", &bogor, told(two_mistakes)),
        shown("misread: a keyword of another office", &keyed, told(misread(MisreadKind::Keyword, None))),
        shown("misread: the keyword is missing", &keyed, told(misread(MisreadKind::Missing, None))),
        shown(
            "misread: a question of the office's own",
            &bogor,
            told(misread(MisreadKind::Text, Some(Field::Teks(0)))),
        ),
        shown("misread: the own line with its gaps", &gaps, told(misread(MisreadKind::Missing, Some(Field::TglLahir)))),
        shown("refused: full, the own line with another day", &own, Outcome::Refused(full)),
        shown(
            "unreadable, where each piece has a line",
            &with(&bogor, |poster| poster.mark = '\n'),
            Outcome::Unreadable,
        ),
        shown("repaired: born today", &bogor, confirm(note(NoteKind::JustBorn, "2017-08-01", "2017-08-01"))),
        shown("repaired: one thing passed over", &bogor, confirm(note(NoteKind::PassedOver, "Agama: Islam", ""))),
        shown("photo of the e-KTP", &with(&batam, |poster| poster.photos = vec![PhotoKind::Ktp]), photo_hold.clone()),
        shown(
            "photo of the birth certificate",
            &with(&batam, |poster| poster.photos = vec![PhotoKind::Akta]),
            photo_hold.clone(),
        ),
        shown("photo of any document", &with(&batam, |poster| poster.photos = vec![PhotoKind::Any]), photo_hold),
        shown(
            "party: booked, nobody's birth date known",
            &batam,
            Outcome::Booked { booking: party, moved: None, late: false },
        ),
    ]
}

/// Rules that few offices have.
fn rules() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let mut moving = batam.clone();
    moving.office.policy.cancelling = false;
    let mut today_too = bogor.clone();
    today_too.office.policy.earliest = Earliest::Today { minutes_before: 60 };
    let closed_day = bogor.booking().slot.date;
    let closed = || Dated::Closed { reason: "Perbaikan gedung".into() };
    let mut cancelling = batam.clone();
    cancelling.office.policy.reschedule.extra_after_closing = false;
    cancelling.office.policy.reschedule.times = 0;
    cancelling.office.dated.insert(closed_day, closed());
    let mut shut = batam.clone().on(day(2017, 8, 1), at(8, 0));
    shut.office.dated.insert(day(2017, 8, 1), closed());
    let intake = Refusal::OutsideIntake {
        from: at(7, 30),
        until: at(10, 0),
        next: Some(day(2017, 8, 2)),
        later_today: false,
        holiday: None,
    };
    let mut afternoon = batam.booking();
    afternoon.applicant.sesi = Some(Session::Siang);
    let which = Outcome::WhichNewDay {
        booking: Box::new(afternoon),
        why: Some(NotThatDay::Full { asked: day(2017, 8, 8) }),
        days: vec![day(2017, 8, 9), day(2017, 8, 10)],
    };
    let status = |sample: &Sample| Outcome::Status { bookings: vec![sample.booking()], photo_until: None };
    vec![
        shown(
            "booked, may be moved but not cancelled",
            &moving,
            Outcome::Booked { booking: moving.booking(), moved: None, late: false },
        ),
        shown("status, may be moved but not cancelled", &moving, status(&moving)),
        shown("status, the day was closed, may be cancelled", &cancelling, status(&cancelling)),
        shown("cancelling and something else, no moving", &bogor, Outcome::CancelAlone { held: false, person: None }),
        shown("cancelling and something else, a hold", &bogor, Outcome::CancelAlone { held: true, person: None }),
        shown(
            "cancelling and something else, a party",
            &bogor,
            Outcome::CancelAlone {
                held: true,
                person: bogor.booking().applicant.people().last().map(|one| one.nama.clone()),
            },
        ),
        shown("help, the same day may be chosen", &today_too, Outcome::Help),
        shown("refused: intake, the office's own closing", &shut, Outcome::Refused(intake)),
        shown("which new day, the session is full", &batam, which),
    ]
}

/// Questions that only some offices, languages or days lead to.
fn questions() -> Vec<Shown> {
    let (mut alone, batam) = (Sample::bogor(), Sample::batam());
    alone.office.policy.people_per_booking = 1;
    let bogor = Sample::bogor();
    let told = |answers, in_malay| {
        let beside = None;
        let answers = Answers { beside, answers, hold: None, question_open: false, in_english: false, in_malay };
        Outcome::Answers(Box::new(answers))
    };
    let months = [day(2018, 2, 5), day(2018, 3, 5), day(2018, 4, 5), day(2018, 5, 7), day(2017, 11, 6)];
    let free = vec![DayRoom { date: day(2017, 8, 3), room: Room::Free(12) }];
    vec![
        shown("question: free days, the office gives them", &batam, {
            told(vec![Answer::FreeDays { asked: Vec::new(), nearest: free }], false)
        }),
        shown("question: relatives, one person a booking", &alone, {
            told(vec![Answer::Topic(Topic::Relatives)], false)
        }),
        shown("question: open on days of other months", &bogor, told(vec![Answer::OpenOn(months.to_vec())], false)),
        shown("question: authenticity, of the demo", &bogor, told(vec![Answer::Simulated], false)),
        shown("question in Malay", &bogor, told(vec![Answer::Topic(Topic::Fee)], true)),
    ]
}

pub(super) fn all() -> Vec<Shown> {
    [steps(), forms(), rules(), questions()].into_iter().flatten().collect()
}
