//! What reports count, on either engine: against what a hand counts, however often and by whomever it is counted, and after everything
//! that it came from is gone. And the files that are taken away.

mod files;

use antrean::domain::figures::{Figures, Numbers};
use antrean::domain::office::{OfficeId, Zone};
use antrean::domain::tally::Span;
use antrean::front_desk::Press;
use chrono::{NaiveDate, TimeDelta};

use crate::front_desk::{TO_TUESDAY, book, by, front, open};
use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::{form, name};

fn bogor() -> OfficeId {
    OfficeId::read("bogor").unwrap()
}

fn monday() -> NaiveDate {
    tuesday().pred_opt().unwrap()
}

/// Counts until nothing is due.
pub(crate) async fn count(fixture: &DeskFixture) {
    let offices = [(bogor(), Zone::Wib)];
    let mut now = fixture.now();
    loop {
        let due = fixture.storage.tally(now, &offices, None).await.unwrap();
        if due - now > TimeDelta::minutes(1) {
            return;
        }
        now = due;
    }
}

async fn figures(fixture: &DeskFixture) -> Figures {
    let span = Span::new(monday(), tuesday()).unwrap();
    let (tallies, counted) = fixture.storage.tallies(&bogor(), span).await.unwrap();
    assert!(counted.is_some());
    Figures::of(span, &tallies, &[], tuesday())
}

/// Every reply is sent three seconds after it was written.
async fn sent(fixture: &DeskFixture) {
    let sql = "update outbox set state = 'sent', sent_us = created_us + 3000000 where state = 'waiting'";
    fixture.tables().await.run(sql).await;
}

/// On Monday at nine: three bookings, one of two people; a Sunday that is refused, a form that cannot be read, a greeting. At ten a
/// message without an answer. On Tuesday one comes, is called after twelve minutes, and is served.
pub(crate) async fn two_days(engine: Engine) -> (DeskFixture, Vec<String>) {
    let fixture = open(engine, true).await;
    let mut codes = vec![book(&fixture, 1).await, book(&fixture, 2).await];
    let lines: Vec<String> = (0..2).map(|place| form(&name(100 + place), tuesday())).collect();
    fixture.ask(3, "wamid.family", &lines.join("\n")).await;
    codes.push(crate::front_desk::code_of(&fixture, 3).await);
    let sunday = NaiveDate::from_ymd_opt(2026, 8, 9).unwrap();
    fixture.ask(4, "wamid.sunday", &form(&name(4), sunday)).await;
    fixture.ask(5, "wamid.misread", "#Budi Santoso#99999999#04082026").await;
    fixture.ask(6, "wamid.hello", "halo").await;
    sent(&fixture).await;
    fixture.pass(60);
    // Without an answer, as an automatic reply of somebody else's phone is.
    let silent = "update inbound set answered = 0 where message = 'wamid.silent'";
    fixture.ask(7, "wamid.silent", "halo").await;
    fixture.tables().await.run(&format!("delete from outbox where reply_to = 'wamid.silent'; {silent}")).await;
    fixture.pass(TO_TUESDAY - 60 - 10);
    let desk = front(&fixture, "siti");
    desk.arrive(by(&codes[0]), Press::default()).await.unwrap().unwrap();
    fixture.pass(12);
    desk.open_counter(1).await.unwrap().unwrap();
    desk.call_next(1, Press::default()).await.unwrap().unwrap();
    desk.came(antrean::front_desk::Which::At(1), Press::default()).await.unwrap().unwrap();
    fixture.pass(5);
    desk.finish(antrean::front_desk::Which::At(1), Press::default()).await.unwrap().unwrap();
    (fixture, codes)
}

fn by_hand(figures: &Figures) {
    let monday = Numbers { messages: 7, refused: 1, misread: 1, ..Numbers::default() };
    let tuesday = Numbers { places: 4, served: 1, ..Numbers::default() };
    let days: Vec<Numbers> = figures.days.iter().map(|(_, numbers)| *numbers).collect();
    assert_eq!(days, [monday, tuesday]);
    let messages: Vec<(u8, u64)> =
        figures.hours.iter().map(|(hour, of)| (*hour, of.messages)).filter(|(_, count)| *count > 0).collect();
    assert_eq!(messages, [(9, 6), (10, 1)], "by the hour at the office");
    assert_eq!(figures.refusals, [("refused: closed that weekday".to_owned(), 1)]);
    assert_eq!((figures.replies.count(), figures.replies.within(90)), (6, Some(5)));
    assert_eq!((figures.waits.count(), figures.waits.within(50)), (1, Some(15)));
}

// Negative controls: with the hour in Greenwich the messages are at two; with bookings counted instead of people there are three
// places; with `insert` and no `delete` before it the second count fails.
async fn figures_are_those_that_a_hand_counts_however_often_they_are_counted(engine: Engine) {
    let (fixture, _) = two_days(engine).await;
    count(&fixture).await;
    by_hand(&figures(&fixture).await);
    // Once more, and by two nodes at the same moment.
    fixture.pass(6);
    let offices = [(bogor(), Zone::Wib)];
    let now = fixture.now();
    let (here, there) =
        tokio::join!(fixture.storage.tally(now, &offices, None), fixture.storage.tally(now, &offices, None));
    here.unwrap();
    there.unwrap();
    by_hand(&figures(&fixture).await);
    // Something that happened since replaces what was counted.
    let desk = front(&fixture, "siti");
    desk.walk_in(None, None, Press::default()).await.unwrap().unwrap();
    fixture.pass(6);
    count(&fixture).await;
    let mut tables = fixture.tables().await;
    let arrived = "select sum(count) from tally where kind = 'visit' and name = 'arrived'";
    assert_eq!(tables.count(arrived).await, 1);
}

// Negative control: with days counted anew for ever, the second count finds nothing, and the figures are gone.
async fn figures_stay_when_everything_that_they_came_from_is_erased(engine: Engine) {
    let (fixture, _) = two_days(engine).await;
    count(&fixture).await;
    // Until no part of those days is counted again.
    for _ in 0..10 {
        fixture.pass(24 * 60);
        count(&fixture).await;
    }
    let before = figures(&fixture).await;
    assert_eq!((before.total.messages, before.total.places), (7, 4));
    let mut tables = fixture.tables().await;
    for table in ["outbox", "inbound", "visit", "visit_event", "seat", "event", "booking"] {
        tables.run(&format!("delete from {table}")).await;
    }
    fixture.pass(24 * 60);
    count(&fixture).await;
    assert_eq!(figures(&fixture).await, before);
}

// Negative control: without `min` in `Caretaker::archive` the messages are in the archive, and no report has them.
async fn nothing_goes_to_the_archive_that_is_not_counted(engine: Engine) {
    let (fixture, _) = two_days(engine).await;
    let offices = [(bogor(), Zone::Wib)];
    let first = fixture.storage.counted_until(fixture.now(), &offices).await.unwrap();
    assert!(first <= "2026-08-03T02:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap(), "{first}");
    // A server that was off for a month, which keeps messages for a week.
    fixture.pass(30 * 24 * 60);
    let folder = tempfile::tempdir().unwrap();
    let caretaker = antrean::caretaker::Caretaker::new(
        fixture.storage.clone(),
        fixture.desk.clone(),
        antrean::gateway::Gateways::new(),
        antrean::photos::Photos::within(folder.path()),
        fixture.shared_clock(),
    )
    .keeping(7)
    .counting();
    // Long enough for all hours of the month, a few a step.
    for _ in 0..200 {
        caretaker.step().await.unwrap();
        fixture.clock.pass(TimeDelta::seconds(60));
    }
    let mut tables = fixture.tables().await;
    assert_eq!(tables.count("select count(*) from outbox").await, 0, "it is in the archive by now");
    let counted = figures(&fixture).await;
    assert_eq!((counted.total.messages, counted.total.refused, counted.total.places), (7, 1, 4));
}

// Negative control: with the office's row missing from `office_queues` it is not among the stuck.
async fn what_waits_and_what_does_not_send_is_told_by_office(engine: Engine) {
    let (fixture, _) = two_days(engine).await;
    assert!(fixture.storage.office_queues().await.unwrap().is_empty());
    fixture.ask(8, "wamid.last", "halo").await;
    let mut tables = fixture.tables().await;
    tables
        .run(
            "insert into channel (channel, state, since_us, next_us, rest_us, faults, turn_us) \
             values ('wa/1001', 'paused', 0, 0, 0, 0, 0), ('wa/nobody', 'broken', 0, 0, 0, 0, 0)",
        )
        .await;
    let queues = fixture.storage.office_queues().await.unwrap();
    let queue = &queues["bogor"];
    assert_eq!((queue.waiting, queue.since), (1, Some(fixture.now())));
    assert_eq!(queue.stopped, [("wa/1001".to_owned(), "paused".to_owned())]);
    assert_eq!(queues.len(), 1, "a channel that nobody wrote on is nobody's");
}

on_both_engines!(
    figures_are_those_that_a_hand_counts_however_often_they_are_counted,
    figures_stay_when_everything_that_they_came_from_is_erased,
    nothing_goes_to_the_archive_that_is_not_counted,
    what_waits_and_what_does_not_send_is_told_by_office,
);
