//! Every reply in both languages, written to `fixtures/replies/*.txt` for people to read in one place.
//!
//! `ANTREAN_BLESS=1 cargo test --lib reply::gallery` writes the files anew; read the difference aloud before keeping it.

mod answers;
mod brokers;
mod changes;
mod closing;
mod family;
mod notices;
mod rescheduling;

use chrono::{Duration, Weekday};

use super::sample::{Sample, at, day, independence_day};
use crate::conversation::{GuideAsk, GuideStep, Lang, MovedDay, Outcome, Refusal, RefusedDay};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::calendar::Holiday;
use crate::domain::code::BookingCode;
use crate::domain::message::{OtherKind, QUICK_REPLIES_MAX};
use crate::domain::office::Earliest;
use crate::domain::slot::{Session, Slot};
use crate::grammar::{Ask, Choice, Field, Form, Misread, MisreadKind, Note, NoteKind, Suggestion};
use rand::SeedableRng;

struct Shown {
    title: String,
    sample: Sample,
    outcome: Outcome,
}

fn shown(title: impl Into<String>, sample: &Sample, outcome: Outcome) -> Shown {
    Shown { title: title.into(), sample: sample.clone(), outcome }
}

fn two(sample: &Sample) -> Vec<Booking> {
    let mut second = sample.booking();
    second.code = BookingCode::draw(&mut rand::rngs::StdRng::seed_from_u64(8));
    second.slot = Slot { date: day(2017, 8, 8), hour: 13 };
    second.seats = vec![4, 5];
    vec![sample.booking(), second]
}

/// Replies about a form with every kind of piece.
fn full_forms() -> Vec<Shown> {
    let sample = Sample::with_rules();
    let full = |mut booking: Booking| {
        sample.fill_all(&mut booking.applicant);
        booking
    };
    let hold = full(sample.hold(Awaits::Code));
    let moved = Some(MovedDay { asked: day(2017, 8, 4) });
    vec![
        shown(
            "echo of a form with every piece, session moved",
            &sample,
            Outcome::Echo { hold, moved, replaced: false, repaired: Vec::new(), short: false },
        ),
        shown(
            "booked with every piece",
            &sample,
            Outcome::Booked { booking: full(sample.booking()), moved: None, late: false },
        ),
        shown("greeting, with a piece that may be left out", &sample, Outcome::Greeting),
    ]
}

fn own_bookings() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let (hold, photo_hold) = (bogor.hold(Awaits::Code), batam.hold(Awaits::Photo));
    let moved = Some(MovedDay { asked: day(2017, 8, 4) });
    let mut family = batam.booking();
    family.seats = vec![17, 18, 19, 20];
    let mut first_hour = bogor.booking();
    first_hour.slot.hour = 8;
    let midnight = bogor.clone().on(day(2017, 8, 1), at(23, 45));
    let booked = |booking: Booking, moved, late| Outcome::Booked { booking, moved, late };
    let status = |bookings, photo_until| Outcome::Status { bookings, photo_until };
    let tomorrow = Some(bogor.now + Duration::minutes(30));
    vec![
        shown(
            "echo",
            &bogor,
            Outcome::Echo { hold: hold.clone(), moved: None, replaced: false, repaired: Vec::new(), short: false },
        ),
        shown(
            "echo, day moved",
            &bogor,
            Outcome::Echo { hold: hold.clone(), moved, replaced: false, repaired: Vec::new(), short: false },
        ),
        shown(
            "echo, older form replaced",
            &bogor,
            Outcome::Echo { hold: hold.clone(), moved: None, replaced: true, repaired: Vec::new(), short: false },
        ),
        shown(
            "echo, held past midnight",
            &midnight,
            Outcome::Echo {
                hold: midnight.hold(Awaits::Code),
                moved: None,
                replaced: false,
                repaired: Vec::new(),
                short: false,
            },
        ),
        shown("booked", &bogor, booked(bogor.booking(), None, false)),
        shown("booked, day moved", &bogor, booked(bogor.booking(), moved, false)),
        shown("booked, code came late", &bogor, booked(bogor.booking(), None, true)),
        shown("booked, first hour of the day", &bogor, booked(first_hour, None, false)),
        shown("booked in one step", &batam, booked(batam.booking(), None, false)),
        shown("booked in one step, a family", &batam, booked(family, None, false)),
        shown("already booked, no cancelling", &bogor, Outcome::AlreadyBooked { booking: bogor.booking() }),
        shown("already booked, cancelling", &batam, Outcome::AlreadyBooked { booking: batam.booking() }),
        shown(
            "photo wanted",
            &batam,
            Outcome::PhotoWanted { hold: photo_hold.clone(), moved: None, repaired: Vec::new(), short: false },
        ),
        shown(
            "photo wanted, day moved",
            &batam,
            Outcome::PhotoWanted { hold: photo_hold.clone(), moved, repaired: Vec::new(), short: false },
        ),
        shown("photo kept", &batam, Outcome::PhotoKept { until: batam.now + Duration::minutes(30) }),
        shown("photo not needed", &bogor, Outcome::PhotoNotNeeded),
        shown("photo received", &batam, Outcome::PhotoReceived { booking: batam.booking() }),
        shown("photo lost", &batam, Outcome::PhotoLost { booking: batam.booking() }),
        shown("code replaced", &bogor, Outcome::CodeReplaced { hold: hold.clone() }),
        shown("code awaited", &bogor, Outcome::CodeAwaited { hold: hold.clone() }),
        shown("code wrong", &bogor, Outcome::CodeWrong { hold: hold.clone(), tries_left: 4 }),
        shown("code wrong, one try left", &bogor, Outcome::CodeWrong { hold: hold.clone(), tries_left: 1 }),
        shown("code blocked", &bogor, Outcome::CodeBlocked),
        shown("code expired", &bogor, Outcome::CodeExpired { hold: hold.clone(), full: true }),
        shown("code expired, day over", &bogor, Outcome::CodeExpired { hold: hold.clone(), full: false }),
        shown("code unknown", &bogor, Outcome::CodeUnknown),
        shown("released", &bogor, Outcome::Released { hold: hold.clone() }),
        shown("cancelled", &batam, Outcome::Cancelled { booking: batam.booking() }),
        shown("cancelling not allowed", &bogor, Outcome::CancelNotAllowed { booking: bogor.booking() }),
        shown("nothing to cancel", &bogor, Outcome::NothingToCancel),
        shown("no booking of that code", &batam, Outcome::NotOfThatCode { bookings: two(&batam) }),
        shown("cancelling and something else", &batam, Outcome::CancelAlone),
        shown("which to cancel", &batam, Outcome::WhichToCancel { bookings: two(&batam) }),
        shown("status, none", &bogor, status(Vec::new(), None)),
        shown("status, held", &bogor, status(vec![hold], None)),
        shown("status, waiting for a photo", &batam, status(vec![photo_hold], None)),
        shown("status, two booked", &batam, status(two(&batam), None)),
        shown("status, one booked, no cancelling", &bogor, status(vec![bogor.booking()], None)),
        shown("status, a photo is kept", &batam, status(Vec::new(), tomorrow)),
    ]
}

fn guides() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let mut bare = Sample::bogor();
    let mut two_lines = Sample::batam();
    let mut talked_out = Sample::bogor();
    talked_out.pause_until = Some(talked_out.now + Duration::minutes(7));
    two_lines.others.push("E-PASSPORT#Nama#TglLahir#Alamat + FotoKTP".to_owned());
    bare.office.texts_id.requirements.clear();
    bare.office.texts_en.requirements.clear();
    let mut shown_all = vec![
        shown("help", &bogor, Outcome::Help),
        shown("help, photo and intake hours", &batam, Outcome::Help),
        shown("help, two formats", &two_lines, Outcome::Help),
        shown("requirements", &bogor, Outcome::Requirements),
        shown("requirements, none given", &bare, Outcome::Requirements),
        shown("language set", &bogor, Outcome::LanguageSet),
        shown("greeting", &bogor, Outcome::Greeting),
        shown("placeholder", &bogor, Outcome::Placeholder { photo_kept: false }),
        shown("placeholder under a photo", &batam, Outcome::Placeholder { photo_kept: true }),
        shown("thanks", &bogor, Outcome::Thanks { booking: None }),
        shown("thanks, booked", &bogor, Outcome::Thanks { booking: Some(bogor.booking()) }),
        shown("they want no messages", &bogor, Outcome::Muted),
        shown(
            "they want no messages, and a place is held",
            &bogor,
            Outcome::MutedHolding { hold: bogor.hold(Awaits::Code) },
        ),
        shown(
            "how to register, with the offer of the dialogue",
            &bogor,
            Outcome::Offered { told: Box::new(Outcome::Greeting) },
        ),
        shown("the dialogue asks for the address", &batam, Outcome::Guide(Box::new(guide_step(Field::Alamat)))),
        shown("the dialogue asks for the telephone", &batam, Outcome::Guide(Box::new(guide_step(Field::Telepon)))),
        shown("the dialogue asks for the e-mail address", &batam, Outcome::Guide(Box::new(guide_step(Field::Email)))),
        shown("the dialogue asks for the family card", &batam, Outcome::Guide(Box::new(guide_step(Field::NoKk)))),
        shown("the dialogue is left", &bogor, Outcome::GuideEnded),
        shown("greeting while a place is held", &bogor, Outcome::GreetingHolding { hold: bogor.hold(Awaits::Code) }),
        shown(
            "greeting while a place waits for its photo",
            &bogor,
            Outcome::GreetingHolding { hold: bogor.hold(Awaits::Photo) },
        ),
        shown("they want messages again", &bogor, Outcome::Unmuted),
        shown("greeting, the last answer for a while", &talked_out, Outcome::Greeting),
        shown("unreadable", &bogor, Outcome::Unreadable),
        shown("send again", &bogor, Outcome::SendAgain),
    ];
    let kinds = [
        OtherKind::Audio,
        OtherKind::Video,
        OtherKind::Sticker,
        OtherKind::Location,
        OtherKind::ContactCard,
        OtherKind::Document,
        OtherKind::Edit,
        OtherKind::PhotoLost,
        OtherKind::Unsupported,
    ];
    shown_all
        .extend(kinds.into_iter().map(|kind| shown(format!("not text: {kind:?}"), &bogor, Outcome::NotText { kind })));
    shown_all
}

fn guide_step(field: Field) -> GuideStep {
    let ask = GuideAsk::Piece { field, optional: field == Field::Email, choices: Vec::new() };
    GuideStep { format: None, taken: Vec::new(), ask, wrong: None }
}

fn misread(kind: MisreadKind, field: Option<Field>) -> Misread {
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
fn asked_form(sample: &Sample, notes: Vec<Note>) -> Form {
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

fn misreads() -> Vec<Shown> {
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

fn refusals() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let mut today_too = Sample::bogor();
    today_too.office.policy.earliest = Earliest::Today { minutes_before: 60 };
    let next = Some(day(2017, 8, 2));
    let refused = |title: &str, asked, why, next| {
        shown(format!("refused: {title}"), &bogor, Outcome::Refused(Refusal::Day { asked, why, next, form: None }))
    };
    let leave = Holiday { name: "Idulfitri".into(), name_en: "Eid al-Fitr".into(), joint_leave: true };
    let too_soon = RefusedDay::TooSoon { earliest: day(2017, 8, 2) };
    let intake = |title: &str, sample: &Sample, next, later_today, holiday| {
        let (from, until) = (at(7, 30), at(10, 0));
        let refusal = Refusal::OutsideIntake { from, until, next, later_today, holiday };
        shown(format!("refused: intake, {title}"), sample, Outcome::Refused(refusal))
    };
    let full = |suggest| {
        Outcome::Refused(Refusal::Full { asked: day(2017, 8, 7), suggest, session: None, party: 1, form: None })
    };
    let session_full = |suggest| {
        Outcome::Refused(Refusal::Full {
            asked: day(2017, 8, 7),
            suggest,
            session: Some(Session::Pagi),
            party: 1,
            form: None,
        })
    };
    let (early, late) = (batam.clone().on(day(2017, 8, 1), at(7, 29)), batam.clone().on(day(2017, 8, 1), at(10, 0)));
    let holiday = batam.clone().on(day(2017, 8, 17), at(8, 0));
    let saturday = batam.clone().on(day(2017, 8, 5), at(8, 0));
    let new_year = batam.clone().on(day(2018, 1, 2), at(8, 0));
    vec![
        refused("past", day(2017, 7, 18), RefusedDay::Past, next),
        refused("too soon", day(2017, 8, 1), too_soon.clone(), next),
        shown(
            "refused: too late for today",
            &today_too,
            Outcome::Refused(Refusal::Day { asked: day(2017, 8, 1), why: too_soon, next, form: None }),
        ),
        refused("weekday", day(2017, 8, 20), RefusedDay::Weekday(Weekday::Sun), Some(day(2017, 8, 21))),
        refused("holiday", day(2017, 8, 17), RefusedDay::Holiday(independence_day()), Some(day(2017, 8, 18))),
        refused("joint leave", day(2017, 6, 27), RefusedDay::Holiday(leave), next),
        refused("closed", day(2017, 8, 9), RefusedDay::Closed("Pindah gedung".into()), Some(day(2017, 8, 10))),
        refused("beyond the horizon", day(2017, 12, 1), RefusedDay::BeyondHorizon { last: day(2017, 9, 30) }, next),
        refused("unknown calendar", day(2018, 1, 8), RefusedDay::UnknownCalendar, next),
        refused("no next day", day(2018, 1, 8), RefusedDay::UnknownCalendar, None),
        shown("refused: full", &bogor, full(None)),
        shown("refused: full, another day suggested", &bogor, full(Some(day(2017, 8, 8)))),
        refused("no such session that day", day(2017, 8, 11), RefusedDay::NoSession(Session::Siang), next),
        shown("refused: the session is full", &bogor, session_full(None)),
        shown("refused: the session is full, another day suggested", &bogor, session_full(Some(day(2017, 8, 8)))),
        shown(
            "refused: the session is full on all days",
            &bogor,
            Outcome::Refused(Refusal::AllFull { last: day(2017, 9, 30), session: Some(Session::Siang), party: 1 }),
        ),
        shown(
            "refused: all full",
            &bogor,
            Outcome::Refused(Refusal::AllFull { last: day(2017, 9, 30), session: None, party: 1 }),
        ),
        intake("opens later today", &early, Some(day(2017, 8, 1)), true, None),
        intake("over for today", &late, Some(day(2017, 8, 2)), false, None),
        intake("holiday", &holiday, Some(day(2017, 8, 18)), false, Some(independence_day())),
        intake("weekend", &saturday, Some(day(2017, 8, 7)), false, None),
        intake("unknown calendar", &new_year, None, false, None),
        shown("refused: too many", &batam, Outcome::Refused(Refusal::TooMany { bookings: two(&batam), limit: 2 })),
        shown(
            "refused: too many, no cancelling",
            &bogor,
            Outcome::Refused(Refusal::TooMany { bookings: vec![bogor.booking()], limit: 1 }),
        ),
    ]
}

fn gallery(lang: Lang) -> String {
    let mut page = String::new();
    for part in [
        own_bookings(),
        changes::all(),
        rescheduling::all(),
        closing::all(),
        family::all(),
        brokers::all(),
        full_forms(),
        guides(),
        misreads(),
        refusals(),
        answers::all(),
        notices::all(),
    ] {
        for Shown { title, sample, outcome } in part {
            let reply = sample.write(lang, &outcome);
            let picture = reply.qr.map(|payload| format!("  [QR {payload}]")).unwrap_or_default();
            page.extend(["=== ", &title, &picture, "\n", &reply.text, "\n"]);
            for button in &reply.quick_replies {
                page.extend(["[button ", &button.title, " = ", &button.says, "]\n"]);
            }
            page.push('\n');
        }
    }
    page
}

// Negative control: changing a word in a locale file, or dropping a piece of a sentence, fails here.
#[test]
fn every_reply_reads_as_it_was_approved() {
    let bless = std::env::var_os("ANTREAN_BLESS").is_some();
    for (lang, name) in [(Lang::Id, "id"), (Lang::En, "en")] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/replies/{name}.txt"));
        let now = gallery(lang);
        assert!(!now.contains(['{', '}']), "a sentence or a piece of one is missing");
        if bless {
            std::fs::write(&path, &now).expect("the file can be written");
        }
        let approved = std::fs::read_to_string(&path).expect("the approved replies");
        assert!(approved == now, "{}", similar::TextDiff::from_lines(&approved, &now).unified_diff());
    }
}

// Negative control: offering `yes` in English, which the text does not say, fails here.
#[test]
fn a_quick_reply_is_never_more_than_what_the_text_says() {
    let mut offered = 0;
    for lang in [Lang::Id, Lang::En] {
        for Shown { title, sample, outcome } in [
            own_bookings(),
            changes::all(),
            rescheduling::all(),
            closing::all(),
            family::all(),
            brokers::all(),
            guides(),
            misreads(),
            refusals(),
            answers::all(),
            notices::all(),
        ]
        .into_iter()
        .flatten()
        {
            let reply = sample.write(lang, &outcome);
            assert!(reply.quick_replies.len() <= QUICK_REPLIES_MAX, "{title}");
            for button in reply.quick_replies {
                offered += 1;
                assert!(button.title.chars().count() <= 20, "{title}: {}", button.title);
                assert!(reply.text.contains(&button.says), "{title}: {} is not in the text", button.says);
            }
        }
    }
    assert!(offered > 10, "only {offered} buttons");
}
