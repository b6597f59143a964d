//! What a lane does while the disk is at work, and when it fails. On SQLite: a server sees to its own disk.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::desk::{Busy, Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, Verdict, WAIT_MAX};
use crate::domain::message::{ChannelId, Contact, Content, Inbound, MessageId};
use crate::domain::office::OfficeId;
use crate::gateway::Item;
use crate::metrics::Metrics;
use crate::roster::{self, Roster};
use crate::storage::Storage;

/// Monday, 09.00 WIB, of a year whose holidays are shipped.
#[derive(Debug)]
struct Monday;

impl Clock for Monday {
    fn now(&self) -> DateTime<Utc> {
        "2026-08-03T02:00:00Z".parse().unwrap()
    }
}

struct Counter {
    desk: Desk,
    storage: Storage,
    metrics: Arc<Metrics>,
}

impl Counter {
    async fn open(folder: &Path) -> Self {
        let storage = Storage::open(&format!("sqlite://{}", folder.join("antrean.db").display())).await.unwrap();
        let roster = Roster::shipped().unwrap();
        let id = OfficeId::read("bogor").unwrap();
        let bogor = &roster.offices[&id];
        storage.import_office(bogor, &roster::print(bogor), &roster.calendar, Monday.now()).await.unwrap();
        let metrics = Arc::<Metrics>::default();
        let desk = Desk::start(Dependencies {
            storage: storage.clone(),
            roster,
            channels: Channels::from([(channel(), id)]),
            replies_max: Arc::default(),
            turn_links: None,
            reaches: crate::domain::reach::Reaches::default(),
            clock: Arc::new(Monday),
            seed: [7; 32],
            lanes: 1,
            messages_per_commit: MESSAGES_PER_COMMIT,
            wait_max: WAIT_MAX,
            wake_courier: Arc::default(),
            metrics: Arc::clone(&metrics),
        });
        Self { desk, storage, metrics }
    }

    /// Message number `n`, from a citizen of its own.
    fn send(&self, n: u32) -> JoinHandle<Result<Vec<Verdict>, Busy>> {
        let inbound = Inbound {
            channel: channel(),
            id: MessageId::new(format!("in{n}")),
            contact: Contact::new(format!("6281200000{n:03}")),
            also: Vec::new(),
            sent_at: Monday.now(),
            content: Content::Text("#Budi#25011987#05082026".to_owned()),
        };
        let desk = self.desk.clone();
        tokio::spawn(async move { desk.serve(vec![Item::Message(inbound)]).await })
    }

    /// Until so many messages have been served, whether anybody knows or not.
    async fn served(&self, messages: u64) {
        let until = async {
            while self.metrics.intake_messages.get() < messages {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), until).await.expect("the lane goes on while the disk is at work");
    }
}

fn channel() -> ChannelId {
    ChannelId::new("wa", "1001")
}

// Controls: with verdicts sent by `serve` itself the first assertion fails; with a lane that waits for the disk between
// batches the second message is never served.
#[tokio::test]
async fn the_next_batch_is_served_while_the_disk_is_at_work_and_nobody_is_told_before_it_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::open(folder.path()).await;
    let disk = counter.storage.hold_disk().await;
    let first = counter.send(1);
    counter.served(1).await;
    let second = counter.send(2);
    counter.served(2).await;
    let repeat = counter.send(1);
    counter.served(3).await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!first.is_finished() && !second.is_finished(), "told before the disk had it");
    assert!(!repeat.is_finished(), "a repeat was told that its message is safe, which nobody knew yet");
    drop(disk);
    assert_eq!(first.await.unwrap(), Ok(vec![Verdict::Served]));
    assert_eq!(second.await.unwrap(), Ok(vec![Verdict::Served]));
    assert_eq!(repeat.await.unwrap(), Ok(vec![Verdict::Repeat]));
}

#[tokio::test]
async fn a_disk_that_fails_acknowledges_nothing_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let counter = Counter::open(folder.path()).await;
    let disk = counter.storage.hold_disk().await;
    let first = counter.send(1);
    counter.served(1).await;
    counter.storage.fail_disk();
    drop(disk);
    assert_eq!(first.await.unwrap(), Err(Busy));
    assert_eq!(counter.send(2).await.unwrap(), Err(Busy), "what a broken disk may lose is not even written");
    assert_eq!(counter.metrics.intake_messages.get(), 1);
    let error = counter.storage.ping().await.unwrap_err();
    assert!(error.to_string().contains("the disk failed"), "{error}");
}

// Negative control: with a batch of all that waits, 250 and 6 stay 250 and 6.
#[test]
fn batches_of_a_steady_rush_become_even() {
    for (connections, first) in [(256, 6), (256, 250), (400, 1), (1_000, 900)] {
        let (mut waiting, mut last) = (connections - first, first);
        for _ in 0..8 {
            let size = super::batch_size(waiting, last).min(waiting);
            // Those of the batch before have been answered, and write again while this one is written.
            (waiting, last) = (waiting - size + last, size);
        }
        assert!(last.abs_diff(waiting) <= 1, "{connections} connections: {last} in one batch, {waiting} in the other");
    }
}

#[test]
fn few_messages_are_one_batch_and_so_is_all_that_comes_after_a_rest() {
    for (waiting, last) in [(1, 3), (64, 190), (128, 1), (1, 0), (1_000, 0)] {
        assert!(super::batch_size(waiting, last) >= waiting, "{waiting} after {last}");
    }
}
