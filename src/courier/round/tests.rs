//! How a round shares its capacity among channels.

use std::collections::HashSet;
use std::sync::Arc;

use super::*;
use crate::clock::DemoClock;
use crate::domain::message::{Contact, Outbound};
use crate::domain::office::OfficeId;
use crate::domain::rate::Rate;
use crate::gateway::tape::Tape;
use crate::gateway::{Capabilities, Gateways};
use crate::storage::{Changes, NewReply, Storage, Wanted};

const CHANNELS: [&str; 3] = ["batam", "bogor", "depok"];
const REPLIES_OF_CHANNEL: i64 = 5;

fn now() -> DateTime<Utc> {
    "2026-08-03T01:00:00Z".parse().unwrap()
}

fn channel(key: &str) -> ChannelId {
    ChannelId::new("tape", key)
}

/// A courier whose three channels may send as fast as they like, five replies waiting on each.
async fn courier(folder: &std::path::Path) -> Courier {
    let storage = Storage::open_scratch(&folder.join("antrean.db")).await.unwrap();
    let capabilities =
        Capabilities { channel_rate: Rate::per_second(1_000).with_burst(1_000), ..Capabilities::default() };
    courier_on(storage, Tape::with("tape", capabilities)).await
}

async fn courier_on(storage: Storage, tape: Arc<Tape>) -> Courier {
    storage.enrol_channels(&CHANNELS.map(channel), now()).await.unwrap();
    let replies = CHANNELS.iter().enumerate().flat_map(|(place, key)| {
        (0..REPLIES_OF_CHANNEL).map(move |n| NewReply {
            notice: None,
            id: i64::try_from(place).unwrap() * REPLIES_OF_CHANNEL + n + 1,
            to: (channel(key), Contact::new(format!("62812{n}"))),
            previous: None,
            office: OfficeId::read(key).unwrap(),
            reply_to: None,
            outcome: "help",
        })
    });
    let changes = Changes { replies: replies.collect(), ..Changes::default() };
    let (intake, _) = storage.begin_intake(&Wanted::default(), now()).await.unwrap();
    let words = || {
        changes
            .replies
            .iter()
            .map(|_| Outbound { text: "Halo".to_owned(), qr: None, quick_replies: Vec::new() })
            .collect()
    };
    intake.finish(&changes, false, words).await.unwrap();
    let gateways = Gateways::from([("tape".to_owned(), tape as _)]);
    Courier::new(storage, gateways, Arc::new(DemoClock::starting_at(now(), Vec::new())), "test".to_owned())
}

fn claimed(round: &Round) -> BTreeMap<&str, usize> {
    let mut count = BTreeMap::new();
    for one in &round.claimed {
        *count.entry(one.reply.channel.key()).or_default() += 1;
    }
    count
}

/// Control, run once: without `.min(left)`, and what is left not below none, six are claimed.
#[tokio::test]
async fn a_round_claims_no_more_than_there_is_room_for() {
    let folder = tempfile::tempdir().unwrap();
    let round = courier(folder.path()).await.round(Vec::new(), 4, &BTreeMap::new()).await.unwrap();
    assert_eq!(round.claimed.len(), 4, "{:?}", claimed(&round));
    assert_eq!(claimed(&round).len(), 2, "a share for each of two");
}

/// Control, run once: with neither `allowed > 0` in `open_channels` nor `most == 0` in `select`, the full channel says that there
/// is more, and the next round comes at once. Either of the two holds it.
#[tokio::test]
async fn a_channel_with_no_room_of_its_own_keeps_no_round_going() {
    let folder = tempfile::tempdir().unwrap();
    let others = (0..IN_FLIGHT_OF_CHANNEL_MAX).map(|n| Contact::new(format!("62813{n}"))).collect();
    let in_flight = InFlight::from([(channel("bogor"), others)]);
    let round = courier(folder.path()).await.round(Vec::new(), 64, &in_flight).await.unwrap();
    assert_eq!(claimed(&round), BTreeMap::from([("batam", 5), ("depok", 5)]));
    assert!(!round.has_more && !round.is_paced, "what comes back makes room");
}

/// Control, run once: without `is_busy` the citizen gets a second reply beside the first.
#[tokio::test]
async fn whoever_has_a_reply_in_flight_gets_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let in_flight =
        InFlight::from([(channel("bogor"), HashSet::from([Contact::new("628120"), Contact::new("628123")]))]);
    let round = courier(folder.path()).await.round(Vec::new(), 64, &in_flight).await.unwrap();
    assert_eq!(claimed(&round), BTreeMap::from([("batam", 5), ("bogor", 3), ("depok", 5)]));
    assert!(!round.has_more, "what comes back makes room");
}

/// Negative control: without the limit the courier never ends.
#[tokio::test]
async fn a_courier_that_cannot_record_its_sends_says_so_and_ends() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Storage::open(&format!("sqlite://{}", folder.path().join("antrean.db").display())).await.unwrap();
    let tape = Tape::with("tape", Capabilities::default());
    let courier = Arc::new(courier_on(storage.clone(), Arc::clone(&tape)).await);
    let stop = tokio_util::sync::CancellationToken::new();
    let running = tokio::spawn(Arc::clone(&courier).run(stop.clone(), Arc::default(), Arc::default()));
    let sent = async {
        while tape.taken().is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), sent).await.expect("something is sent");
    storage.fail_disk();
    stop.cancel();
    tokio::time::timeout(std::time::Duration::from_secs(20), running).await.expect("it ends").unwrap();
    assert!(courier.step().await.is_err(), "nothing is written any more");
}
