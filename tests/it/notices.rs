//! Notices: each is said once whatever nodes, starts and clocks do, replies go before them, and an officer can stop them half-way.

use std::collections::BTreeMap;
use std::sync::Arc;

use antrean::caretaker::Caretaker;
use antrean::courier::{Courier, Line};
use antrean::desk::Desk;
use antrean::domain::notice::WAITING_MAX;
use antrean::domain::rate::Rate;
use antrean::gateway::tape::Tape;
use antrean::gateway::{Gateway, Gateways};
use antrean::storage::NoticeFilter;

use crate::support::engine::{Engine, on_both_engines};
use crate::support::hall::{Hall, line, tuesday};
use crate::support::town::{code_in, form, name, number};

/// Citizens with a booking for Tuesday: more than a line may have notices in the outbox.
const CITIZENS: usize = 11;
/// Minutes from nine in the morning to the hour of reminders.
const UNTIL_SIX: i64 = 9 * 60;

/// A caretaker that says notices.
fn caretaker(hall: &Hall, desk: Desk) -> Caretaker {
    let folder = std::env::temp_dir();
    Caretaker::new(hall.storage.clone(), desk, Gateways::new(), folder, hall.shared_clock()).saying_notices()
}

/// A courier on a tape, as fast as `rate`.
fn courier(hall: &Hall, rate: Rate) -> (Courier, Arc<Tape>) {
    let tape = Tape::new("wa");
    let gateways: Gateways = [("wa".to_owned(), Arc::clone(&tape) as Arc<dyn Gateway>)].into();
    let lines = BTreeMap::from([(line(), Line { channel_rate: Some(rate), ..Line::default() })]);
    (Courier::new(hall.storage.clone(), gateways, hall.shared_clock(), "notices".to_owned()).with_lines(lines), tape)
}

/// Bogor on Monday at nine, with so many bookings for Tuesday, and nothing left to send.
async fn booked(engine: Engine) -> Hall {
    let hall = Hall::open(engine).await;
    for n in 1..=CITIZENS {
        let code = code_in(&hall.ask(n, &format!("wamid.form{n}"), &form(&name(n), tuesday())).await);
        hall.ask(n, &format!("wamid.code{n}"), &code).await;
    }
    let (courier, _) = courier(&hall, Rate::UNLIMITED);
    while !courier.step().await.unwrap().is_idle() {}
    hall
}

// Negative controls: without the unique index of migration 20 (and `on conflict`) some get two; without `still_planned` in the desk
// those that both nodes took at once get two.
async fn two_nodes_a_new_start_and_a_clock_that_goes_back_remind_everybody_once(engine: Engine) {
    let hall = booked(engine).await;
    let other = hall.node();
    let (first, second) = (caretaker(&hall, hall.desk.clone()), caretaker(&hall, other.clone()));
    let (courier, tape) = courier(&hall, Rate::UNLIMITED);
    hall.pass(UNTIL_SIX);
    for _ in 0..CITIZENS {
        let (one, two) = tokio::join!(first.step(), second.step());
        one.and(two).unwrap();
        courier.step().await.unwrap();
    }
    let mut told: Vec<String> = tape.drain().into_iter().map(|taken| taken.contact.as_str().to_owned()).collect();
    told.sort();
    let mut everybody: Vec<String> = (1..=CITIZENS).map(number).collect();
    everybody.sort();
    assert_eq!(told, everybody);
    // The clock goes back an hour, both start anew, and the hour comes again.
    for minutes in [-60, 61] {
        hall.pass(minutes);
        for desk in [&hall.desk, &other] {
            caretaker(&hall, desk.clone()).step().await.unwrap();
        }
        courier.step().await.unwrap();
    }
    assert_eq!(tape.drain(), []);
    assert_eq!(hall.tables().await.many("select count(*) from notice where state = 'queued'").await, CITIZENS);
    hall.assert_balanced().await;
}

// Negative control: with `due` in its own order in `Courier::select` the answer is the last of five.
async fn whoever_writes_is_answered_before_others_are_told(engine: Engine) {
    let hall = booked(engine).await;
    hall.pass(UNTIL_SIX);
    caretaker(&hall, hall.desk.clone()).step().await.unwrap();
    let queued = "select count(*) from outbox where notice is not null";
    assert_eq!(hall.tables().await.count(queued).await, i64::from(WAITING_MAX), "the others stay planned");
    hall.ask(50, "wamid.asks", "status").await;
    let (courier, tape) = courier(&hall, Rate::one_in_seconds(60));
    courier.step().await.unwrap();
    let sent: Vec<String> = tape.drain().into_iter().map(|taken| taken.contact.as_str().to_owned()).collect();
    assert_eq!(sent, [number(50)]);
}

// Negative control: with the first statement alone in `stop_notices` the four in the outbox still go out.
async fn what_has_not_gone_out_can_be_stopped(engine: Engine) {
    let hall = booked(engine).await;
    hall.pass(UNTIL_SIX);
    let caretaker = caretaker(&hall, hall.desk.clone());
    caretaker.step().await.unwrap();
    let reminders = NoticeFilter { kind: Some("reminder".to_owned()), ..NoticeFilter::default() };
    assert_eq!(hall.storage.stop_notices(&reminders).await.unwrap(), CITIZENS as u64);
    let (courier, tape) = courier(&hall, Rate::UNLIMITED);
    for _ in 0..CITIZENS {
        caretaker.step().await.unwrap();
        courier.step().await.unwrap();
    }
    assert_eq!(tape.drain(), []);
    assert_eq!(hall.storage.stop_notices(&reminders).await.unwrap(), 0);
    let listed = hall.storage.notices(&reminders, 100).await.unwrap();
    let stopped = |row: &&antrean::storage::NoticeRow| matches!(row.state.as_str(), "dropped" | "expired");
    assert_eq!(listed.iter().filter(stopped).count(), CITIZENS);
}

// Negative control: without the join with `booking` in the courier's search all are sent.
async fn a_reminder_that_waits_in_the_outbox_is_not_sent_after_its_booking_was_cancelled(engine: Engine) {
    let hall = Hall::of_bogor(engine, |bogor| bogor.policy.cancelling = true).await;
    let code = code_in(&hall.ask(1, "wamid.form", &form(&name(1), tuesday())).await);
    hall.ask(1, "wamid.code", &code).await;
    let (courier, tape) = courier(&hall, Rate::UNLIMITED);
    while !courier.step().await.unwrap().is_idle() {}
    tape.drain();
    hall.pass(UNTIL_SIX);
    caretaker(&hall, hall.desk.clone()).step().await.unwrap();
    hall.ask(1, "wamid.cancel", "#batal").await;
    for _ in 0..3 {
        courier.step().await.unwrap();
    }
    let sent: Vec<String> = tape.drain().into_iter().map(|taken| taken.parcel.text).collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(sent[0].contains("dibatalkan"), "{sent:?}");
    assert_eq!(hall.tables().await.texts("select state from outbox where notice is not null").await, ["expired"]);
}

on_both_engines!(
    two_nodes_a_new_start_and_a_clock_that_goes_back_remind_everybody_once,
    whoever_writes_is_answered_before_others_are_told,
    what_has_not_gone_out_can_be_stopped,
    a_reminder_that_waits_in_the_outbox_is_not_sent_after_its_booking_was_cancelled,
);
