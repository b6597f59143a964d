//! One person from several numbers, unconfirmed holds by the dozen, and days that close under a hold, on a real database.

use antrean::desk::Verdict;
use antrean::domain::office::{Dated, Office, OfficeId, PerPerson};
use antrean::roster::{self, Roster};
use chrono::{NaiveDate, TimeDelta};

use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{code_in, form, name, number};

impl DeskFixture {
    /// Bogor, where a person has so many live bookings.
    pub async fn per_person(engine: Engine, limit: u32) -> Self {
        Self::of_bogor(engine, |bogor| bogor.policy.live_per_person = PerPerson::AtMost(limit)).await
    }

    /// Puts the next version of Bogor's file in force.
    async fn import(&self, version: u32, change: impl FnOnce(&mut Office)) {
        let roster = Roster::shipped().unwrap();
        let mut bogor = Office::clone(&roster.offices[&OfficeId::read("bogor").unwrap()]);
        bogor.version = version;
        change(&mut bogor);
        self.storage.import_office(&bogor, &roster::print(&bogor), &roster.calendar, self.now()).await.unwrap();
    }

    /// The newest reply to citizen `n`.
    async fn told(&self, n: usize) -> String {
        let sql = format!("select text from outbox where contact = '{}' order by id desc limit 1", number(n));
        self.tables().await.texts(&sql).await.remove(0)
    }
}

fn is_refused(text: &str) -> bool {
    text.contains("sudah punya nomor antrean yang masih berlaku")
}

/// Nothing in a text tells of citizen 1's booking but that there is one.
fn gives_nothing_away(text: &str, of_first: &str) {
    let code = code_in(of_first);
    let digits: String = number(1).chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
    for secret in [code.as_str(), "4 Agustus 2026", "Bogor", "****", digits.as_str(), "pukul"] {
        assert!(!text.contains(secret), "`{secret}` in {text}");
    }
}

// Negative control: without the notes of `Books::enter_booking` both of one batch book; without the rows of `booking_person`
// the second batch does.
async fn one_person_has_one_place_in_one_batch_and_over_batches(engine: Engine) {
    let fixture = DeskFixture::per_person(engine, 1).await;
    // Of so many in one body some pairs are served in one batch, wherever it is cut.
    let person = |n: usize| (n..n + 2).map(move |number| (number, form(&name(n), tuesday())));
    let pairs = (100..180).step_by(2).flat_map(person);
    let body = pairs.map(|(n, text)| fixture.message(n, &format!("wamid.pair{n}"), &text)).collect();
    assert_eq!(fixture.desk.serve(body).await, Ok(vec![Verdict::Served; 80]));
    assert_eq!(fixture.tables().await.count("select count(*) from booking").await, 40, "one seat a person");
    let text = form("Budi Hartono", tuesday());
    let both = vec![
        fixture.message(1, "wamid.1", &text),
        fixture.message(2, "wamid.2", &form("H. BUDI HÁRTONO", tuesday())),
        fixture.message(3, "wamid.3", &form("Siti", tuesday())),
    ];
    assert_eq!(fixture.desk.serve(both).await, Ok(vec![Verdict::Served; 3]));
    let first = fixture.told(1).await;
    let refused = fixture.told(2).await;
    assert!(is_refused(&refused), "{refused}");
    gives_nothing_away(&refused, &first);
    code_in(&fixture.told(3).await);
    let refused = fixture.ask(2, "wamid.4", &form("budi hartono, S.Pd", tuesday() + TimeDelta::days(1))).await;
    assert!(is_refused(&refused), "{refused}");
    gives_nothing_away(&refused, &first);
    fixture.ask(1, "wamid.5", &code_in(&first)).await;
    assert!(is_refused(&fixture.ask(2, "wamid.6", &text).await));
    // In one batch the first gives it back and the second takes it.
    fixture.pass(1);
    let batch = vec![fixture.message(1, "wamid.7", "#batal"), fixture.message(2, "wamid.8", &text)];
    assert_eq!(fixture.desk.serve(batch).await, Ok(vec![Verdict::Served; 2]));
    let second = fixture.told(2).await;
    // Bogor takes no booking back: the seat is still the first one's.
    assert!(is_refused(&second), "{second}");
    fixture.assert_balanced().await;
}

// Negative control: looking only at the form of the message itself books the answered question, and the late code.
async fn the_answer_to_a_question_and_a_late_code_ask_for_the_person_too(engine: Engine) {
    let fixture = DeskFixture::per_person(engine, 1).await;
    let first = fixture.ask(1, "wamid.1", &form("Budi", tuesday())).await;
    // A slip that is suggested, and accepted with a yes.
    let asked = fixture.ask(2, "wamid.2", "#25011987#Budi#04082026").await;
    assert!(asked.contains("balas *ya*"), "{asked}");
    let refused = fixture.ask(2, "wamid.3", "ya").await;
    assert!(is_refused(&refused), "{refused}");
    // The first hold lapses, another number books, and then the first code comes late.
    fixture.pass(31);
    let second = fixture.ask(3, "wamid.4", &form("Budi", tuesday())).await;
    fixture.ask(3, "wamid.5", &code_in(&second)).await;
    let late = fixture.ask(1, "wamid.6", &code_in(&first)).await;
    assert!(is_refused(&late), "{late}");
    fixture.assert_balanced().await;
}

// Negative control: an import that remembers nobody lets the second book.
async fn an_office_that_begins_to_look_for_people_knows_those_who_booked_before(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    fixture.ask(1, "wamid.1", &form("Budi", tuesday())).await;
    assert_eq!(fixture.tables().await.count("select count(*) from booking_person").await, 0, "nobody was looked for");
    fixture.import(99, |bogor| bogor.policy.live_per_person = PerPerson::AtMost(1)).await;
    let refused = fixture.ask(2, "wamid.2", &form("Budi", tuesday())).await;
    assert!(is_refused(&refused), "{refused}");
    fixture.assert_balanced().await;
}

/// The day's capacity at Bogor on a Tuesday: six hours of fifty.
const DAY: i64 = 300;

// Negative control: without the share all 300 seats are held for half an hour.
async fn forms_that_nobody_confirms_do_not_empty_a_day(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let forms: Vec<_> = (0..320).map(|n| fixture.form(n)).collect();
    fixture.desk.serve(forms).await.unwrap();
    let mut tables = fixture.tables().await;
    let on_tuesday = "from booking where date = '2026-08-04' and state = 'held'";
    let long = format!("select count(*) {on_tuesday} and hold_until_us > {}", {
        (fixture.now() + TimeDelta::minutes(5)).timestamp_micros()
    });
    assert_eq!(tables.count(&long).await, DAY / 3, "a third is held for long");
    assert_eq!(tables.count(&format!("select count(*) {on_tuesday}")).await, DAY);
    assert_eq!(tables.count("select held from day where date = '2026-08-04'").await, DAY);
    fixture.assert_balanced().await;
    assert!(fixture.told(299).await.contains("5 menit saja"));
    assert!(!fixture.told(3).await.contains("menit saja"));
    // Five minutes later the day is there again, and a confirmed booking is no hold any more.
    fixture.pass(5);
    let code = code_in(&fixture.told(3).await);
    fixture.ask(3, "wamid.code", &code).await;
    assert_eq!(tables.count("select held from day where date = '2026-08-04'").await, DAY / 3 - 1);
    fixture.assert_balanced().await;
    let given = fixture.ask(400, "wamid.late", &form("Siti", tuesday())).await;
    assert!(given.contains("4 Agustus 2026") && !given.contains("penuh"), "{given}");
    fixture.pass(30);
    fixture.ask(401, "wamid.later", "halo").await;
    assert_eq!(tables.count("select sum(held) from day").await, 0, "all have lapsed");
    fixture.assert_balanced().await;
}

fn close(bogor: &mut Office, day: NaiveDate) {
    bogor.dated.insert(day, Dated::Closed { reason: "Perbaikan gedung".to_owned() });
}

// Negative control: a code that is not asked for its day books, as it did.
async fn a_hold_on_a_day_that_an_import_closed_ends_with_its_reason(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let booked = fixture.ask(1, "wamid.1", &form("Budi", tuesday())).await;
    fixture.ask(1, "wamid.2", &code_in(&booked)).await;
    let held = fixture.ask(2, "wamid.3", &form("Siti", tuesday())).await;
    fixture.import(99, |bogor| close(bogor, tuesday())).await;
    for (n, id) in [(1, "wamid.4"), (2, "wamid.5")] {
        let status = fixture.ask(n, id, "#status").await;
        assert!(status.contains("kantor tutup (Perbaikan gedung)"), "{status}");
    }
    let ended = fixture.ask(2, "wamid.6", &code_in(&held)).await;
    for said in ["kantor tutup: Perbaikan gedung", "tidak dapat diselesaikan", "5 Agustus 2026"] {
        assert!(ended.contains(said), "`{said}` is missing in {ended}");
    }
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from seat").await, 1, "the booking keeps its seat");
    assert_eq!(fixture.ask(2, "wamid.7", &code_in(&held)).await, ended, "and says so again");
    let again = fixture.ask(1, "wamid.8", &form("Budi", tuesday() + TimeDelta::days(1))).await;
    assert!(again.contains("sudah terdaftar") && again.contains("kantor tutup ("), "{again}");
    fixture.assert_balanced().await;
}

// Negative control: clearing without the 24 hours forgets the replaced code; keeping the steps leaves the audit with findings;
// clearing what was booked and given back loses its record.
async fn a_hundred_forms_of_one_citizen_leave_one_booking(engine: Engine) {
    let fixture = DeskFixture::of_bogor(engine, |bogor| {
        bogor.policy.holds_per_number = 240;
        bogor.policy.live_per_person = PerPerson::AtMost(1);
        bogor.policy.cancelling = true;
    })
    .await;
    let mut codes = Vec::new();
    for n in 0..100 {
        let text = fixture.ask(1, &format!("wamid.{n}"), &form(&name(n), tuesday() + TimeDelta::days(1))).await;
        codes.push(code_in(&text));
        fixture.pass(1);
    }
    fixture.ask(1, "wamid.code", codes.last().unwrap()).await;
    // Others: a hold that lapses, and a booking that is given back.
    fixture.ask(2, "wamid.lapses", &form("Siti", tuesday())).await;
    let code = code_in(&fixture.ask(3, "wamid.booked", &form("Agus", tuesday())).await);
    fixture.ask(3, "wamid.booked.code", &code).await;
    fixture.pass(1);
    fixture.ask(3, "wamid.given.back", "#batal").await;
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from booking").await, 102);
    // While a code is recognised nothing leaves: who sends it hears that it was replaced.
    fixture.pass(22 * 60);
    assert_eq!(fixture.storage.clear_holds(fixture.now(), 1_000).await.unwrap().rows, 0);
    let old = fixture.ask(1, "wamid.old", &codes[98]).await;
    assert!(old.contains("Batas waktu") || old.contains("tidak berlaku"), "{old}");
    fixture.pass(5 * 60);
    let mut steps = 0;
    loop {
        let (here, there) = tokio::join!(
            fixture.storage.clear_holds(fixture.now(), 30),
            fixture.storage.clear_holds(fixture.now(), 30)
        );
        let (here, there) = (here.unwrap(), there.unwrap());
        assert!(here.rows == 0 || there.rows == 0, "one node at a time: {here:?} {there:?}");
        assert!(here.rows + there.rows <= 60, "small steps: {here:?} {there:?}");
        fixture.assert_balanced().await;
        steps += 1;
        if here.due.max(there.due) - fixture.now() > TimeDelta::minutes(1) {
            break;
        }
        fixture.pass(1);
    }
    assert!(steps >= 4, "{steps} steps");
    assert_eq!(
        tables.texts("select state from booking order by id").await,
        ["booked", "cancelled"],
        "what was booked stays, also when it was given back"
    );
    assert_eq!(tables.count("select count(*) from event where booking not in (select id from booking)").await, 0);
    let places = "select count(*) from booking_person where booking not in (select id from booking)";
    assert_eq!(tables.count(places).await, 0);
    // The desk goes on: the citizen has their booking, and an old code is a code that nobody knows.
    let status = fixture.ask(1, "wamid.status", "#status").await;
    assert!(status.contains(&name(99).to_uppercase()), "{status}");
    fixture.ask(1, "wamid.unknown", &codes[5]).await;
    // A week later nobody's seat is remembered.
    fixture.pass(7 * 24 * 60);
    fixture.storage.clear_holds(fixture.now(), 1_000).await.unwrap();
    assert_eq!(tables.count("select count(*) from booking_person").await, 0);
    fixture.assert_balanced().await;
}

on_both_engines!(
    one_person_has_one_place_in_one_batch_and_over_batches,
    the_answer_to_a_question_and_a_late_code_ask_for_the_person_too,
    an_office_that_begins_to_look_for_people_knows_those_who_booked_before,
    forms_that_nobody_confirms_do_not_empty_a_day,
    a_hold_on_a_day_that_an_import_closed_ends_with_its_reason,
    a_hundred_forms_of_one_citizen_leave_one_booking,
);
