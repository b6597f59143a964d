//! Every stored deadline on both engines, after a clock that was ahead, or behind, was set right.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use antrean::caretaker::Caretaker;
use antrean::clock::Clock;
use antrean::courier::{ChannelSettings, Courier, REST_SECONDS_MAX};
use antrean::domain::message::ChannelId;
use antrean::domain::rate::Rate;
use antrean::gateway::tape::Tape;
use antrean::gateway::{Capabilities, Gateways, Scope, SendError};
use antrean::photos::Photos;
use antrean::storage::{ChannelState, Storage};
use chrono::{DateTime, TimeDelta, Utc};

use crate::support::desk_fixture::{DeskFixture, tuesday};
use crate::support::engine::{Base, Engine, Tables, on_both_engines};
use crate::support::installation::{form, name};

/// How long the slowest step may take after the clock was set right, in virtual seconds.
const SECONDS_MAX: i64 = 15;

fn right() -> DateTime<Utc> {
    "2026-08-03T02:00:00Z".parse().unwrap()
}

fn channel() -> ChannelId {
    ChannelId::new("tape", "bogor")
}

/// A clock that is set to anything.
#[derive(Debug)]
struct Wall {
    now: Mutex<DateTime<Utc>>,
    is_settled: AtomicBool,
    may_claim: AtomicBool,
}

impl Wall {
    fn at(now: DateTime<Utc>) -> Arc<Self> {
        Arc::new(Self { now: Mutex::new(now), is_settled: AtomicBool::new(true), may_claim: AtomicBool::new(true) })
    }

    fn set(&self, now: DateTime<Utc>) {
        *self.now.lock().unwrap() = now;
    }

    fn settle(&self, is_settled: bool) {
        self.is_settled.store(is_settled, Ordering::SeqCst);
    }
}

impl Clock for Wall {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap()
    }

    fn is_settled(&self) -> bool {
        self.is_settled.load(Ordering::SeqCst)
    }

    fn may_claim(&self) -> bool {
        self.may_claim.load(Ordering::SeqCst)
    }
}

/// A courier on a clock that is wrong by `jump`.
struct Post {
    courier: Courier,
    tape: Arc<Tape>,
    wall: Arc<Wall>,
    storage: Storage,
    tables: Tables,
    _base: Base,
}

impl Post {
    async fn wrong_by(engine: Engine, jump: TimeDelta, capabilities: Capabilities) -> Self {
        let base = Base::new(engine).await;
        let (storage, tables) = (base.storage().await, base.tables().await);
        let (tape, wall) = (Tape::with("tape", capabilities), Wall::at(right() + jump));
        let gateways = Gateways::from([("tape".to_owned(), Arc::clone(&tape) as _)]);
        let courier = Courier::new(storage.clone(), gateways, Arc::clone(&wall) as _, "one".to_owned())
            .with_channels(BTreeMap::from([(channel(), ChannelSettings::default())]));
        storage.enrol_channels(&[channel()], wall.now()).await.unwrap();
        Self { courier, tape, wall, storage, tables, _base: base }
    }

    /// A reply to a citizen who wrote just now, written now.
    async fn reply(&mut self, contact: &str, text: &str) {
        let now = self.wall.now().timestamp_micros();
        let id = self.tables.count("select count(*) + 1 from outbox").await;
        self.tables
            .run(&format!(
                "insert into outbox (id, channel, contact, previous, office, reply_to, text, state, due_us, attempts, \
                 delivery, without_picture, created_us) values ({id}, 'tape/bogor', '{contact}', \
                 (select max(id) from outbox where contact = '{contact}'), 'bogor', 'm{id}', '{text}', 'waiting', {now}, \
                 0, 0, 0, {now}); \
                 insert into conversation (channel, contact, office, lang, heard_us) \
                 values ('tape/bogor', '{contact}', 'bogor', 'id', {now}) \
                 on conflict (channel, contact) do update set heard_us = excluded.heard_us"
            ))
            .await;
    }

    /// Works for so many virtual seconds; what went out.
    async fn work(&self, seconds: i64) -> usize {
        let end = self.wall.now() + TimeDelta::seconds(seconds);
        loop {
            let step = self.courier.step().await.unwrap();
            let now = self.wall.now();
            if step.is_idle() {
                if now >= end {
                    return self.tape.drain().len();
                }
                let next = step.next_due.map_or(end, |due| due.max(now + TimeDelta::milliseconds(10)));
                self.wall.set(next.min(now + TimeDelta::seconds(5)).min(end));
            }
        }
    }

    async fn states(&mut self) -> Vec<String> {
        self.tables.texts("select distinct state from outbox order by state").await
    }
}

const JUMPS: [TimeDelta; 4] = [TimeDelta::minutes(2), TimeDelta::hours(7), TimeDelta::days(1), TimeDelta::days(4)];

// Negative control: `Rate::believed` giving back what is stored (the pace of the channel, and that to one citizen); each fails here.
async fn a_pace_written_ahead_holds_up_neither_channel_nor_citizen(engine: Engine) {
    let paced = Capabilities { recipient_rate: Rate::one_in_seconds(6), ..Capabilities::default() };
    for jump in JUMPS.into_iter().flat_map(|jump| [jump, -jump]) {
        let mut post = Post::wrong_by(engine, jump, paced.clone()).await;
        post.reply("budi", "first").await;
        assert_eq!(post.work(1).await, 1);
        post.wall.set(right());
        for n in 0..9 {
            post.reply(&format!("c{n}"), "next").await;
        }
        post.reply("budi", "second").await;
        assert_eq!(post.work(SECONDS_MAX).await, 10, "{jump}");
    }
}

// Negative control: without the second half of the condition in `due_channels` nothing goes out before the seven hours are over.
async fn a_rest_written_ahead_ends_and_resuming_a_channel_ends_rest_and_pace_at_once(engine: Engine) {
    let throttled =
        SendError::Throttled { scope: Scope::Channel, after_seconds: Some(3_600), detail: "told".to_owned() };
    for resumed in [false, true] {
        let mut post = Post::wrong_by(engine, TimeDelta::hours(7), Capabilities::default()).await;
        post.tape.fail_next(1, &throttled);
        post.reply("budi", "first").await;
        post.work(1).await;
        post.wall.set(right());
        if resumed {
            post.storage.set_channel(&channel(), ChannelState::Open, None, right()).await.unwrap();
            let left = "select count(*) from channel where next_us > 0 or rest_us > 0 or faults > 0";
            assert_eq!(post.tables.count(left).await, 0);
        }
        let soon = if resumed { SECONDS_MAX } else { REST_SECONDS_MAX + SECONDS_MAX };
        assert_eq!(post.work(soon).await, 1, "resumed: {resumed}");
    }
    // A rest that can be true is kept.
    let mut post = Post::wrong_by(engine, -TimeDelta::hours(1), Capabilities::default()).await;
    post.wall.set(right());
    post.tape.fail_next(1, &throttled);
    post.reply("budi", "first").await;
    assert_eq!(post.work(3_500).await, 0);
    assert_eq!(post.work(200).await, 1);
}

// Negative control: without `bring_back` in the courier's step nothing goes out.
async fn a_reply_put_off_or_written_ahead_goes_when_the_clock_is_right(engine: Engine) {
    for jump in JUMPS {
        let mut post = Post::wrong_by(engine, jump, Capabilities::default()).await;
        post.tape.fail_next(1, &SendError::Transient("told".to_owned()));
        post.reply("budi", "put off").await;
        post.courier.step().await.unwrap();
        post.reply("siti", "never tried").await;
        post.wall.set(right());
        assert_eq!(post.work(SECONDS_MAX).await, 2, "{jump}");
        assert_eq!(
            post.tables
                .count(&format!(
                    "select count(*) from outbox where created_us > {}",
                    right().timestamp_micros() + 60_000_000
                ))
                .await,
            0
        );
    }
    // Behind: due since long.
    let mut post = Post::wrong_by(engine, -TimeDelta::days(1), Capabilities::default()).await;
    post.reply("budi", "behind").await;
    post.wall.set(right());
    assert_eq!(post.work(SECONDS_MAX).await, 1);
}

// Negative control: with no `lease_us > $4` in `DUE` the claim lasts for the jump.
async fn a_claim_made_ahead_lasts_no_longer_than_a_claim(engine: Engine) {
    for (jump, waits) in [(TimeDelta::hours(7), true), (TimeDelta::days(1), true), (-TimeDelta::hours(7), false)] {
        let mut post = Post::wrong_by(engine, jump, Capabilities::default()).await;
        post.reply("budi", "claimed").await;
        let lease = (post.wall.now() + TimeDelta::seconds(180)).timestamp_micros();
        post.tables
            .run(&format!("update outbox set state = 'claimed', owner = 'gone', lease_us = {lease}, attempts = 1"))
            .await;
        post.wall.set(right());
        assert_eq!(post.work(170).await, usize::from(!waits), "{jump}");
        assert_eq!(post.work(30).await, usize::from(waits), "{jump}");
    }
}

// Negative control: with `may_claim` not asked in `round` the other node's claim is cut short, and the reply goes out twice.
async fn while_nobody_knows_which_clock_is_right_nothing_is_claimed_and_no_claim_cut_short(engine: Engine) {
    let mut post = Post::wrong_by(engine, TimeDelta::zero(), Capabilities::default()).await;
    post.reply("budi", "on its way").await;
    let lease = (right() + TimeDelta::seconds(180)).timestamp_micros();
    post.tables
        .run(&format!("update outbox set state = 'claimed', owner = 'other', lease_us = {lease}, attempts = 1"))
        .await;
    post.reply("siti", "waiting").await;
    // This node slept for ten minutes, as its clock did.
    post.wall.set(right() - TimeDelta::minutes(10));
    post.wall.may_claim.store(false, Ordering::SeqCst);
    for _ in 0..3 {
        assert!(post.courier.step().await.unwrap().is_idle());
    }
    assert_eq!(post.tables.count("select lease_us from outbox where contact = 'budi'").await, lease);
    assert_eq!(post.tables.count("select count(*) from outbox where state = 'waiting'").await, 1);
    post.wall.set(right());
    post.wall.may_claim.store(true, Ordering::SeqCst);
    assert_eq!(post.work(1).await, 1);
}

// Negative control: with `is_settled` not handed to `adopt_orphan_statuses` the first step deletes it.
async fn a_start_by_a_clock_that_is_days_ahead_forgets_no_status(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let (begun, mut tables) = (fixture.now(), fixture.tables().await);
    let noted = begun.timestamp_micros();
    tables.run(&format!("insert into orphan_status values ('waha/bogor', 'waha.1', 3, null, {noted})")).await;
    let wall = Wall::at(begun + TimeDelta::days(4));
    wall.settle(false);
    let folder = tempfile::tempdir().unwrap();
    let caretaker = Caretaker::new(
        fixture.storage.clone(),
        fixture.desk.clone(),
        Gateways::new(),
        Photos::within(folder.path()),
        Arc::clone(&wall) as _,
    );
    caretaker.step().await.unwrap();
    assert_eq!(tables.count("select count(*) from orphan_status").await, 1);
    wall.set(begun + TimeDelta::days(5));
    wall.settle(true);
    caretaker.step().await.unwrap();
    assert_eq!(tables.count("select count(*) from orphan_status").await, 0, "it comes to its end");
}

// Negative control: with `is_settled` not asked in `take_from` all are expired, or held.
async fn a_clock_that_was_days_ahead_for_seconds_expires_and_holds_nothing(engine: Engine) {
    let window = Capabilities { free_reply_window: Some(TimeDelta::hours(24)), ..Capabilities::default() };
    for jump in [TimeDelta::days(1), TimeDelta::days(4)] {
        let mut post = Post::wrong_by(engine, TimeDelta::zero(), window.clone()).await;
        for n in 0..25 {
            post.reply(&format!("c{n}"), "answer").await;
        }
        post.wall.settle(false);
        post.wall.set(right() + jump);
        assert_eq!(post.work(6).await, 0);
        assert_eq!(post.states().await, ["waiting"], "{jump}");
        post.wall.set(right() + TimeDelta::seconds(7));
        post.wall.settle(true);
        assert_eq!(post.work(SECONDS_MAX).await, 25, "{jump}");
        assert_eq!(post.states().await, ["sent"], "{jump}");
    }
    // What is too late by a clock that is trusted comes to its end.
    let mut post = Post::wrong_by(engine, TimeDelta::zero(), window).await;
    post.reply("budi", "answer").await;
    post.wall.set(right() + TimeDelta::days(4));
    assert_eq!(post.work(6).await, 0);
    assert_eq!(post.states().await, ["expired"]);
    let retried = post.storage.retry_dead(None, post.wall.now()).await.unwrap();
    assert_eq!((retried.expired, retried.count()), (1, 1));
}

// Negative control: with a time to come taken for a time of writing the provider is asked again and again, and no fault is left.
async fn a_held_reply_goes_when_its_citizen_writes_and_is_not_tried_without_end(engine: Engine) {
    let window = Capabilities { free_reply_window: Some(TimeDelta::hours(24)), ..Capabilities::default() };
    let mut post = Post::wrong_by(engine, TimeDelta::days(1), window).await;
    post.reply("budi", "answer").await;
    post.wall.set(right());
    post.tape.fail_next(3, &SendError::WindowClosed("told".to_owned()));
    assert_eq!(post.work(SECONDS_MAX).await, 0);
    assert_eq!(post.tape.faults_left(), 2, "it was tried once");
    assert_eq!(post.states().await, ["held"]);
    post.tape.fail_next(0, &SendError::WindowClosed("told".to_owned()));
    let held = (right() + TimeDelta::days(1)).timestamp_micros();
    let now = post.wall.now().timestamp_micros();
    // It was held by the clock that was ahead, and Budi writes again.
    post.tables.run(&format!("update outbox set due_us = {held}; update conversation set heard_us = {now}")).await;
    post.work(1).await;
    assert_eq!(post.tape.faults_left(), 1, "it was tried again");
}

// Negative control: without `bring_back_holds` the deadline stays at 450 minutes from now.
async fn a_hold_made_ahead_ends_as_long_after_now_as_it_was_given(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    let begun = fixture.now();
    fixture.pass(7 * 60);
    fixture.ask(1, "wamid.ahead", &form(&name(1), tuesday())).await;
    fixture.pass(-7 * 60);
    fixture.ask(2, "wamid.right", &form(&name(2), tuesday())).await;
    let mut tables = fixture.tables().await;
    let until =
        "select cast((hold_until_us - created_us) / 60000000 as text) || ' ' || cast((hold_until_us - AT) / 60000000 \
                 as text) from booking order by id"
            .replace("AT", &begun.timestamp_micros().to_string());
    assert_eq!(tables.texts(&until).await, ["30 450", "30 30"]);
    let wall = Wall::at(begun);
    wall.settle(false);
    let folder = tempfile::tempdir().unwrap();
    let caretaker = Caretaker::new(
        fixture.storage.clone(),
        fixture.desk.clone(),
        Gateways::new(),
        Photos::within(folder.path()),
        Arc::clone(&wall) as _,
    );
    // A clock that has not proved itself moves nothing, and ends nothing.
    caretaker.step().await.unwrap();
    wall.set(begun + TimeDelta::days(1));
    let next = caretaker.step().await.unwrap();
    assert!(next.is_none_or(|next| next > wall.now()), "it would look again without end: {next:?}");
    assert_eq!(tables.texts(&until).await, ["30 450", "30 30"]);
    assert_eq!(tables.count("select count(*) from booking where state = 'held'").await, 2);
    wall.set(begun);
    wall.settle(true);
    caretaker.step().await.unwrap();
    assert_eq!(tables.texts(&until).await, ["30 30", "30 30"]);
    fixture.pass(29);
    wall.set(fixture.now());
    caretaker.step().await.unwrap();
    assert_eq!(tables.count("select count(*) from booking where state = 'held'").await, 2);
    fixture.pass(2);
    wall.set(fixture.now());
    caretaker.step().await.unwrap();
    assert_eq!(tables.count("select count(*) from booking where state = 'expired'").await, 2);
    assert_eq!(tables.count("select count(*) from seat").await, 0, "their seats are free");
}

// Negative control: with `now < since + length` alone in `talk` nobody is answered for seven hours.
async fn a_pause_that_began_ahead_is_over_when_the_clock_is_right(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    fixture.pass(7 * 60);
    for n in 0..31 {
        fixture.ask(1, &format!("wamid.{n}"), "status").await;
    }
    let answers = "select count(*) from outbox";
    assert_eq!(fixture.tables().await.count(answers).await, 30);
    fixture.pass(-7 * 60);
    fixture.ask(1, "wamid.right", "status").await;
    assert_eq!(fixture.tables().await.count(answers).await, 31);
}

// Negative control: with the time of writing only moving forward the office would take a citizen for heard a day from now.
async fn a_time_of_writing_to_come_does_not_hide_what_is_written_now(engine: Engine) {
    let fixture = DeskFixture::open(engine).await;
    fixture.pass(24 * 60);
    fixture.ask(1, "wamid.ahead", "status").await;
    fixture.pass(-24 * 60);
    fixture.ask(1, "wamid.right", "status").await;
    let heard = fixture.tables().await.count("select heard_us from conversation").await;
    assert_eq!(heard, fixture.now().timestamp_micros());
}

// Negative control: without `due_us > $4` in `claim_media` the second claim is empty.
async fn a_photo_claimed_or_put_off_ahead_is_fetched_when_the_clock_is_right(engine: Engine) {
    let base = Base::new(engine).await;
    let (storage, mut tables) = (base.storage().await, base.tables().await);
    let ahead = right() + TimeDelta::hours(7);
    tables
        .run(&format!(
            "insert into media (id, office, channel, contact, attachment, state, attempts, due_us, created_us) values \
             (1, 'bogor', 'tape/bogor', 'budi', '{{\"kind\":\"picture\",\"reference\":\"r\"}}', 'wanted', 0, {0}, {0})",
            ahead.timestamp_micros()
        ))
        .await;
    let due = async |now: DateTime<Utc>| {
        let before = tables_due(&base).await;
        let latest = now + TimeDelta::seconds(660);
        let claim = storage.claim_media(now, latest, now + TimeDelta::seconds(120), 16).await;
        // Whether it could be read does not matter here: the claim is made.
        drop(claim);
        before != tables_due(&base).await
    };
    assert!(due(ahead).await, "claimed by the clock that was ahead");
    assert!(due(right()).await, "claimed when the clock is right");
    assert!(!due(right() + TimeDelta::seconds(100)).await, "a claim that can be true is kept");
    assert!(due(right() + TimeDelta::seconds(121)).await, "and ends");
}

async fn tables_due(base: &Base) -> i64 {
    base.tables().await.count("select due_us from media").await
}

// Negative control: without `due_us > $3` in `archive` the step is not taken for seven hours.
async fn the_archives_turn_taken_ahead_comes_when_the_clock_is_right(engine: Engine) {
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    let archive = async |now: DateTime<Utc>| storage.archive(now, now - TimeDelta::days(90), 10).await.unwrap().due;
    let rest = TimeDelta::hours(1);
    assert_eq!(archive(right() + TimeDelta::hours(7)).await, right() + TimeDelta::hours(7) + rest);
    assert_eq!(archive(right()).await, right() + rest);
    assert_eq!(archive(right() + TimeDelta::minutes(59)).await, right() + rest, "a turn that can be true is kept");
    assert_eq!(archive(right() + rest).await, right() + rest + rest);
}

on_both_engines!(
    a_pace_written_ahead_holds_up_neither_channel_nor_citizen,
    a_rest_written_ahead_ends_and_resuming_a_channel_ends_rest_and_pace_at_once,
    a_reply_put_off_or_written_ahead_goes_when_the_clock_is_right,
    a_claim_made_ahead_lasts_no_longer_than_a_claim,
    while_nobody_knows_which_clock_is_right_nothing_is_claimed_and_no_claim_cut_short,
    a_start_by_a_clock_that_is_days_ahead_forgets_no_status,
    a_clock_that_was_days_ahead_for_seconds_expires_and_holds_nothing,
    a_held_reply_goes_when_its_citizen_writes_and_is_not_tried_without_end,
    a_hold_made_ahead_ends_as_long_after_now_as_it_was_given,
    a_pause_that_began_ahead_is_over_when_the_clock_is_right,
    a_time_of_writing_to_come_does_not_hide_what_is_written_now,
    a_photo_claimed_or_put_off_ahead_is_fetched_when_the_clock_is_right,
    the_archives_turn_taken_ahead_comes_when_the_clock_is_right,
);
