//! The changes of an office as another process sees them, on either engine, and what intake pays for them.

use std::time::Duration;

use antrean::domain::office::{Approval, OfficeId};
use antrean::storage::{LiveWatch, Topic};
use tokio_util::sync::CancellationToken;

use crate::support::desk_fixture::DeskFixture;
use crate::support::engine::{Engine, on_both_engines};
use crate::support::installation::WAIT;

/// Messages that follow one another in the test of a busy hour.
const BUSY: usize = 60;

fn bogor() -> OfficeId {
    OfficeId::read("bogor").unwrap()
}

async fn open(engine: Engine) -> DeskFixture {
    DeskFixture::of_bogor(engine, |bogor| {
        bogor.seats_per_hour = 40;
        bogor.policy.approval = Approval::None;
    })
    .await
}

/// Waits until a topic is at least so far.
async fn reaches(watch: &mut LiveWatch, topic: Topic, version: i64) {
    let reached = async {
        while watch.versions().of(topic) < version {
            watch.changed().await;
        }
    };
    assert!(tokio::time::timeout(WAIT, reached).await.is_ok(), "{topic:?} is not at {version}: {:?}", watch.versions());
}

// Negative control: without `tell` in `DayTransaction::commit`, the first wait ends with nothing: no loop runs here.
async fn an_action_wakes_whoever_watches_here_at_once_and_one_undone_nobody(engine: Engine) {
    let fixture = open(engine).await;
    let storage = &fixture.storage;
    let mut watch = storage.live().watch(&bogor()).await.unwrap();
    assert_eq!(watch.versions().of(Topic::Today), 0);
    storage.begin_day(&bogor(), false, fixture.now()).await.unwrap().rollback().await.unwrap();
    let silent = tokio::time::timeout(Duration::from_millis(100), watch.changed()).await;
    assert!(silent.is_err(), "nothing was done");
    let mut day = storage.begin_day(&bogor(), false, fixture.now()).await.unwrap();
    day.touch(Topic::Board).await.unwrap();
    day.commit().await.unwrap();
    tokio::time::timeout(Duration::from_millis(100), watch.changed()).await.expect("at once");
    let versions = watch.versions();
    assert_eq!([versions.of(Topic::Today), versions.of(Topic::Board), versions.of(Topic::Bookings)], [1, 1, 0]);
    assert_eq!(storage.live().versions(&bogor()).await.unwrap(), versions, "the database says the same");
}

// Negative control: without the read of watched offices in `step`, the other process's counts are never seen.
async fn another_process_sees_actions_and_bookings(engine: Engine) {
    let fixture = open(engine).await;
    let other = fixture.base.storage().await;
    let closing = CancellationToken::new();
    let loops = [fixture.storage.clone(), other.clone()].map(|storage| {
        let closing = closing.clone();
        tokio::spawn(async move { storage.live().run(&closing).await })
    });
    let mut watch = other.live().watch(&bogor()).await.unwrap();
    fixture.storage.begin_day(&bogor(), false, fixture.now()).await.unwrap().commit().await.unwrap();
    reaches(&mut watch, Topic::Today, 1).await;
    fixture.desk.serve(vec![fixture.form(1)]).await.unwrap();
    reaches(&mut watch, Topic::Bookings, 1).await;
    closing.cancel();
    for ended in loops {
        tokio::time::timeout(WAIT, ended).await.expect("it ends").unwrap();
    }
}

// Negative control: without the pause between two counts, there are some thirty.
async fn a_busy_hour_is_counted_a_few_times_a_second(engine: Engine) {
    let fixture = open(engine).await;
    let closing = CancellationToken::new();
    let (storage, stop) = (fixture.storage.clone(), closing.clone());
    let counting = tokio::spawn(async move { storage.live().run(&stop).await });
    let mut watch = fixture.storage.live().watch(&bogor()).await.unwrap();
    let began = std::time::Instant::now();
    for n in 1..=BUSY {
        fixture.desk.serve(vec![fixture.form(n)]).await.unwrap();
    }
    let quarters = i64::try_from(began.elapsed().as_millis() / 250).unwrap();
    reaches(&mut watch, Topic::Bookings, 1).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    let counted = watch.versions().of(Topic::Bookings);
    assert!((1..=quarters + 2).contains(&counted), "{counted} counts in {quarters} quarters of a second");
    // What was booked last is counted, too.
    fixture.desk.serve(vec![fixture.form(BUSY + 1)]).await.unwrap();
    reaches(&mut watch, Topic::Bookings, counted + 1).await;
    closing.cancel();
    counting.await.unwrap();
}

on_both_engines!(
    an_action_wakes_whoever_watches_here_at_once_and_one_undone_nobody,
    another_process_sees_actions_and_bookings,
    a_busy_hour_is_counted_a_few_times_a_second,
);
