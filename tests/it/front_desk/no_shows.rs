//! Those who did not come: what counts, who is asked for an answer, and whose place is given back.

use antrean::caretaker::Caretaker;
use antrean::courier::Courier;
use antrean::desk::Desk;
use antrean::domain::message::Contact;
use antrean::domain::office::{NO_SHOWS, NoShows, Office, WhenFull};
use antrean::front_desk::DayEnds;
use antrean::gateway::tape::Tape;
use antrean::gateway::{Gateway, Gateways};
use antrean::storage::Wanted;
use chrono::{Days, NaiveDate};

use super::*;
use crate::support::desk_fixture::channel;
use crate::support::engine::on_both_engines;

/// Minutes from 08.00 to the first one after the grace, and from then to 10.00.
const GRACE_OVER: i64 = 16;
const TO_TEN: i64 = 104;
/// Minutes from 10.00 to 18.00, when the reminders go out.
const TO_EVENING: i64 = 8 * 60;
/// Minutes from 18.00 to 06.05 of the next day, when places are given back.
const TO_MORNING: i64 = 12 * 60 + 5;

fn wednesday() -> NaiveDate {
    tuesday().checked_add_days(Days::new(1)).unwrap()
}

/// Bogor, which records who comes, books at once, and asks from the first visit on to which nobody came.
async fn asking(engine: Engine, change: impl FnOnce(&mut Office)) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        let policy = &mut bogor.policy;
        policy.earliest = Earliest::Today { minutes_before: 0 };
        (policy.approval, policy.cancelling, policy.when_full) = (Approval::None, true, WhenFull::Refuse);
        (policy.arrive_early_minutes, policy.grace_minutes, policy.arrivals) = (30, 15, true);
        policy.no_shows = Some(NoShows { answer_from: 1, ..NO_SHOWS });
        change(bogor);
    })
    .await
}

fn caretaker(fixture: &DeskFixture, desk: &Desk) -> Caretaker {
    let photos = antrean::photos::Photos::within(&std::env::temp_dir());
    let storage = fixture.storage.clone();
    Caretaker::new(storage, desk.clone(), Gateways::new(), photos, fixture.shared_clock()).saying_notices()
}

/// Sends everything; gives whom it went to, and what it said.
async fn sent(fixture: &DeskFixture) -> Vec<(String, String)> {
    let tape = Tape::new("wa");
    let gateways: Gateways = [("wa".to_owned(), Arc::clone(&tape) as Arc<dyn Gateway>)].into();
    let courier = Courier::new(fixture.storage.clone(), gateways, fixture.shared_clock(), "no-shows".to_owned());
    for _ in 0..10 {
        courier.step().await.unwrap();
    }
    tape.drain().into_iter().map(|taken| (taken.contact.as_str().to_owned(), taken.parcel.text)).collect()
}

/// Citizen 1 lets a visit on Tuesday pass, and books Wednesday at 10.00; gives what they are told.
async fn missed_and_booked(fixture: &DeskFixture) -> String {
    book(fixture, 1).await;
    sent(fixture).await;
    fixture.pass(TO_TUESDAY + GRACE_OVER);
    DayEnds::new(fixture.storage.clone(), fixture.desk.clone(), fixture.shared_clock()).step().await.unwrap();
    fixture.pass(TO_TEN);
    fixture.ask(1, "wamid.again", &form(&name(1), wednesday())).await
}

const OF_WEDNESDAY: &str =
    "select state || ' ' || coalesce(attendance, '-') from booking where date = '2026-08-05' and contact = ";

/// Where the place of citizen 1 on Wednesday stands.
async fn standing(fixture: &DeskFixture) -> Vec<String> {
    fixture.tables().await.texts(&format!("{OF_WEDNESDAY}'{}'", number(1))).await
}

// Negative control, run: without `freed` nobody is offered the place. The conditions of the search and of `release` stand for one another:
// with either left out alone it holds.
async fn a_place_is_given_back_once_by_two_nodes_and_offered_to_whoever_waits(engine: Engine) {
    let fixture = asking(engine, |bogor| {
        (bogor.seats_per_hour, bogor.seats_per_day, bogor.policy.waiting) = (1, Some(1), true);
    })
    .await;
    let other = fixture.node();
    let told = missed_and_booked(&fixture).await;
    assert!(told.contains("pengingat kami harus dijawab") && told.contains("06.00 WIB"), "{told}");
    assert_eq!(standing(&fixture).await, ["booked announced"]);
    fixture.ask(2, "wamid.two", &form(&name(2), wednesday())).await;
    fixture.ask(2, "wamid.wait", "#tunggu").await;
    let (first, second) = (caretaker(&fixture, &fixture.desk), caretaker(&fixture, &other));
    fixture.pass(TO_EVENING);
    first.step().await.and(second.step().await).unwrap();
    let reminded = sent(&fixture).await;
    assert!(reminded.iter().any(|(to, text)| *to == number(1) && text.contains("Mohon dijawab")), "{reminded:?}");
    assert_eq!(standing(&fixture).await, ["booked asked"]);
    fixture.pass(TO_MORNING - 1);
    first.step().await.and(second.step().await).unwrap();
    assert_eq!(standing(&fixture).await, ["booked asked"], "answers on their way count");
    fixture.pass(1);
    for _ in 0..4 {
        let (one, two) = tokio::join!(first.step(), second.step());
        one.and(two).unwrap();
    }
    assert_eq!(standing(&fixture).await, ["cancelled asked"]);
    let mut tables = fixture.tables().await;
    let steps = "select count(*) from event where state = 'cancelled'";
    assert_eq!(tables.count(steps).await, 1);
    let told = sent(&fixture).await;
    let to = |n: usize, words: &str| told.iter().filter(|(to, text)| *to == number(n) && text.contains(words)).count();
    assert_eq!((to(1, "sudah kami lepas"), to(2, "Ada nomor antrean")), (1, 1), "{told:?}");
    // A new start, and a clock that goes back.
    for minutes in [-10, 30] {
        fixture.pass(minutes);
        let anew = caretaker(&fixture, &other);
        for _ in 0..2 {
            first.step().await.and(anew.step().await).unwrap();
        }
    }
    assert_eq!(tables.count(steps).await, 1);
    assert_eq!(tables.count("select count(*) from notice where kind = 'released'").await, 1);
    assert_balanced(&fixture).await;
    other.close().await;
}

// Negative controls, run: each condition of `was_asked` left out gives the place back in its case; without `ANSWER_START_MINUTES` the node that
// began a moment ago does.
async fn no_reminder_that_was_not_really_sent_in_time_costs_anybody_a_place(engine: Engine) {
    let fixture = asking(engine, |_| {}).await;
    missed_and_booked(&fixture).await;
    let caretaker_of = || caretaker(&fixture, &fixture.desk);
    let running = caretaker_of();
    fixture.pass(TO_EVENING);
    running.step().await.unwrap();
    sent(&fixture).await;
    fixture.pass(TO_MORNING);
    let outbox = |set: &str| format!("update outbox set {set} where notice is not null");
    let notice = |set: &str| format!("update notice set {set} where kind = 'reminder'");
    let is_sent = outbox("state = 'sent'");
    let mut tables = fixture.tables().await;
    for (what, spoil, mend) in [
        ("held", outbox("state = 'held'"), is_sent.clone()),
        ("given up, or refused", outbox("state = 'dead'"), is_sent.clone()),
        ("too late", outbox("state = 'expired'"), is_sent),
        (
            "sent less than two hours before",
            outbox("sent_us = sent_us + 36060000000"),
            outbox("sent_us = sent_us - 36060000000"),
        ),
        ("stopped", notice("state = 'dropped'"), notice("state = 'queued'")),
        ("of another day", notice("occasion = '2026-08-04'"), notice("occasion = '2026-08-05'")),
        (
            "at a channel that is not open",
            "update channel set state = 'broken'".to_owned(),
            "update channel set state = 'open'".to_owned(),
        ),
    ] {
        tables.run(&spoil).await;
        running.step().await.unwrap();
        assert_eq!(standing(&fixture).await, ["booked asked"], "a reminder that was {what}");
        tables.run(&mend).await;
    }
    caretaker_of().step().await.unwrap();
    assert_eq!(standing(&fixture).await, ["booked asked"], "by a node that began a moment ago");
    running.step().await.unwrap();
    assert_eq!(standing(&fixture).await, ["cancelled asked"]);
    assert_balanced(&fixture).await;
}

/// What becomes of the place on Wednesday after its reminder, where this happens in the night; the caretaker looks again so many minutes
/// after the moment.
async fn after(engine: Engine, minutes: i64, meanwhile: impl AsyncFnOnce(&DeskFixture)) -> Vec<String> {
    let fixture = asking(engine, |_| {}).await;
    missed_and_booked(&fixture).await;
    let running = caretaker(&fixture, &fixture.desk);
    fixture.pass(TO_EVENING);
    running.step().await.unwrap();
    sent(&fixture).await;
    fixture.pass(1);
    meanwhile(&fixture).await;
    fixture.pass(TO_MORNING - 6 + minutes);
    running.step().await.unwrap();
    assert_balanced(&fixture).await;
    standing(&fixture).await
}

// Negative controls, run: with `has_come` left out of `release` the one who is here loses the place; without `ANSWER_LATE_MINUTES` the one of
// the program that was off.
async fn whoever_answers_comes_or_meets_a_program_that_was_off_keeps_the_place(engine: Engine) {
    assert_eq!(after(engine, 5, async |_| {}).await, ["cancelled asked"]);
    let says = |text: &'static str| {
        async move |fixture: &DeskFixture| {
            fixture.ask(1, "wamid.answer", text).await;
        }
    };
    assert_eq!(after(engine, 5, says("1")).await, ["booked confirmed"]);
    assert_eq!(after(engine, 5, says("saya akan datang")).await, ["booked confirmed"]);
    assert_eq!(after(engine, 5, says("#batal")).await, ["cancelled asked"]);
    assert_eq!(after(engine, 66, async |_| {}).await, ["booked asked"], "off for an hour after the moment");
    let comes = async |fixture: &DeskFixture| {
        let sql = format!("select code from booking where date = '2026-08-05' and contact = '{}'", number(1));
        let code = fixture.tables().await.texts(&sql).await.remove(0);
        // Early in the morning, by the front desk's own clock.
        fixture.pass(TO_MORNING - 7);
        front(fixture, "siti").arrive(by(&code), no_press()).await.unwrap().unwrap();
        fixture.pass(7 - TO_MORNING);
    };
    assert_eq!(after(engine, 5, comes).await, ["booked asked"], "somebody is here");
}

/// A row of a visit, or of one in the archive.
fn visit(table: &str, booking: &str, date: &str, (person, state): (u32, &str)) -> String {
    format!(
        "insert into {table} (id, office, date, booking, person, number, lane, place, state, version, calls, missed) \
         values ({booking}0{person}, 'bogor', '{date}', {booking}, {person}, '{booking}-{person}', 'booked', 1, '{state}', 1, 0, 0)"
    )
}

// Negative controls, run: each condition of `NO_SHOWS` left out counts one more.
async fn only_visits_to_which_nobody_came_count_and_only_here_and_for_so_long(engine: Engine) {
    let fixture = asking(engine, |bogor| {
        bogor.policy.live_per_number = 20;
        bogor.policy.no_shows = Some(NoShows { answer_from: 2, ..NO_SHOWS });
    })
    .await;
    for n in 0..9 {
        fixture.ask(1, &format!("wamid.{n}"), &form(&name(100 + n), tuesday())).await;
        fixture.pass(10);
    }
    let mut tables = fixture.tables().await;
    let ids = tables.texts("select cast(id as text) from booking order by id").await;
    let days = [
        "2026-07-20",
        "2026-07-21",
        "2026-07-22",
        "2026-07-23",
        "2025-12-01",
        "2026-07-24",
        "2026-07-27",
        "2026-07-28",
        "2026-07-29",
    ];
    for (id, day) in ids.iter().zip(days) {
        tables.run(&format!("update booking set date = '{day}' where id = {id}")).await;
    }
    let rows: [(usize, &str, (u32, &str)); 9] = [
        (0, "visit", (0, "no_show")),
        (1, "visit_archive", (0, "no_show")),
        (2, "visit", (0, "no_show")),
        (2, "visit", (1, "done")),
        (3, "visit", (0, "no_show")),
        (4, "visit", (0, "no_show")),
        (5, "visit", (0, "no_show")),
        (6, "visit", (0, "no_show")),
        (7, "visit", (0, "withdrawn")),
    ];
    for (place, table, row) in rows {
        tables.run(&visit(table, &ids[place], days[place], row)).await;
    }
    tables.run(&format!("update booking set state = 'cancelled' where id = {}", ids[3])).await;
    tables.run(&format!("update booking set office = 'depok' where id = {}", ids[5])).await;
    tables.run(&format!("update booking set contact = 'erased-1' where id = {}", ids[6])).await;
    let of = |n: usize| (channel(), Contact::new(number(n)));
    let bogor = OfficeId::read("bogor").unwrap();
    let today = tuesday().pred_opt().unwrap();
    let since = today - Days::new(180);
    let (mut intake, _) = fixture.storage.begin_intake(&Wanted::default(), fixture.now()).await.unwrap();
    assert_eq!(
        intake.no_shows(&bogor, &of(1), since..=today).await.unwrap(),
        2,
        "the first, and the one in the archive"
    );
    assert_eq!(intake.no_shows(&bogor, &of(2), since..=today).await.unwrap(), 0);
    intake.rollback().await.unwrap();
    let told = |text: &str| text.contains("pengingat kami harus dijawab");
    assert!(told(&fixture.ask(1, "wamid.third", &form(&name(200), tuesday())).await));
    assert!(
        !told(&fixture.ask(2, "wamid.other", &form(&name(201), tuesday())).await),
        "a number that never missed any"
    );
    // Whoever is let in after all has come.
    tables.run(&format!("update visit set state = 'done' where booking = {}", ids[0])).await;
    fixture.pass(10);
    assert!(!told(&fixture.ask(1, "wamid.fourth", &form(&name(202), tuesday())).await));
}

on_both_engines!(
    a_place_is_given_back_once_by_two_nodes_and_offered_to_whoever_waits,
    no_reminder_that_was_not_really_sent_in_time_costs_anybody_a_place,
    whoever_answers_comes_or_meets_a_program_that_was_off_keeps_the_place,
    only_visits_to_which_nobody_came_count_and_only_here_and_for_so_long,
);
