//! Statuses that come while their reply's sending is being recorded: on two connections, one of which is held open.

use antrean::domain::message::{ChannelId, Contact, Delivery, MessageId, Status};
use antrean::storage::{Claim, Dispatch, Sending, Sent, SentParts, Storage};
use chrono::{DateTime, TimeDelta, Utc};

use crate::support::engine::{Base, Engine, Tables, on_both_engines};
use crate::support::installation::until;

/// The provider's id of the reply.
const ID: &str = "waha.1";

fn now() -> DateTime<Utc> {
    "2026-08-03T01:00:00Z".parse().expect("an instant")
}

fn channel() -> ChannelId {
    ChannelId::new("waha", "bogor")
}

fn failed() -> Status {
    let error = Some("no such number".to_owned());
    Status { channel: channel(), id: MessageId::new(ID), tracker: None, delivery: Delivery::Failed, error }
}

/// One reply, claimed and sent; the answer to its sending is not recorded yet.
struct Post {
    base: Base,
    storage: Storage,
    tables: Tables,
    sent: Sent,
}

impl Post {
    async fn new(engine: Engine) -> Self {
        let base = Base::new(engine).await;
        let (storage, mut tables) = (base.storage().await, base.tables().await);
        storage.enrol_channels(&[channel()], now()).await.expect("enrolled");
        let us = now().timestamp_micros();
        tables
            .run(&format!(
                "insert into outbox (id, channel, contact, office, reply_to, text, state, due_us, attempts, delivery, \
                 without_picture, created_us) values (1, 'waha/bogor', 'budi', 'bogor', 'm1', 'halo', 'waiting', {us}, 0, 0, \
                 0, {us})"
            ))
            .await;
        let mut tx = storage.dispatch().await.expect("begun");
        let claims = [Claim { id: 1, pace_us: us, lapses: 0 }];
        let attempts = tx.claim("one", now() + TimeDelta::minutes(3), &claims).await.expect("claimed");
        tx.commit().await.expect("durable");
        let sent = Sent {
            id: 1,
            channel: channel(),
            contact: Contact::new("budi"),
            attempts: attempts[&1],
            faults: 0,
            doubts: 0,
            parts: SentParts { before: 0, ids: vec![Some(MessageId::new(ID))] },
            outcome: Sending::Taken { without_picture: false },
            opted_out: false,
            as_template: false,
        };
        Self { base, storage, tables, sent }
    }

    /// What a courier's round does with what came back; its commit is left to the caller.
    async fn record(storage: &Storage, sent: &Sent) -> Dispatch {
        let mut tx = storage.dispatch().await.expect("begun");
        tx.channels(&[&channel()]).await.expect("locked");
        tx.record("one", std::slice::from_ref(sent), now()).await.expect("recorded");
        tx
    }

    /// Waits until so many statements of this database wait for a lock, or `ended` says that none will.
    async fn until_waiting(&mut self, waiting: i64, ended: impl Fn() -> bool) {
        let sql =
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        until("a statement waits for a lock", async || {
            (ended() || self.tables.count(sql).await >= waiting).then_some(())
        })
        .await;
    }

    async fn assert_failed(&mut self) {
        let rows = self.tables.texts("select state || ' ' || delivery || ' ' || coalesce(error, '') from outbox").await;
        assert_eq!(rows, ["dead 2 no such number"]);
        assert_eq!(self.tables.count("select count(*) from orphan_status").await, 0);
    }
}

// Negative control: without the second look behind `lock_channels` the reply stays `sent 1` for ever, and its status an orphan.
#[tokio::test(flavor = "multi_thread")]
async fn a_status_that_comes_before_the_record_has_committed_is_not_lost() {
    let mut post = Post::new(Engine::Postgres).await;
    let open = Post::record(&post.storage, &post.sent).await;
    let storage = post.storage.clone();
    let noting = tokio::spawn(async move { storage.note_statuses(&[failed()], now()).await });
    post.until_waiting(1, || noting.is_finished()).await;
    open.commit().await.expect("durable");
    noting.await.expect("no panic").expect("noted");
    post.assert_failed().await;
}

// Negative control: the same; the record then commits before the status does, and has adopted nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_comes_before_the_status_has_committed_finds_it() {
    let mut post = Post::new(Engine::Postgres).await;
    // The status has looked for its reply, and is held up where it is about to be written.
    let mut other = post.base.tables().await;
    other.run("begin").await;
    other.run(&format!("insert into orphan_status values ('waha/bogor', '{ID}', 1, null, 0)")).await;
    let storage = post.storage.clone();
    let noting = tokio::spawn(async move { storage.note_statuses(&[failed()], now()).await });
    post.until_waiting(1, || noting.is_finished()).await;
    let (storage, sent) = (post.storage.clone(), post.sent.clone());
    let recording = tokio::spawn(async move { Post::record(&storage, &sent).await.commit().await });
    post.until_waiting(2, || recording.is_finished()).await;
    other.run("rollback").await;
    noting.await.expect("no panic").expect("noted");
    recording.await.expect("no panic").expect("durable");
    post.assert_failed().await;
}

// Negative control: with `keep_orphans` doing nothing on conflict, the failure is lost where `sent` came first.
#[tokio::test(flavor = "multi_thread")]
async fn two_nodes_that_note_the_same_status_keep_its_highest() {
    let mut post = Post::new(Engine::Postgres).await;
    let mut other = post.base.tables().await;
    other.run("begin").await;
    other.run(&format!("insert into orphan_status values ('waha/bogor', '{ID}', 1, null, 0)")).await;
    let noting: Vec<_> = (0..2)
        .map(|_| {
            let storage = post.storage.clone();
            tokio::spawn(async move { storage.note_statuses(&[failed()], now()).await })
        })
        .collect();
    post.until_waiting(2, || noting.iter().all(tokio::task::JoinHandle::is_finished)).await;
    other.run("commit").await;
    for noting in noting {
        noting.await.expect("no panic").expect("noted");
    }
    assert_eq!(post.tables.texts("select delivery || ' ' || error from orphan_status").await, ["2 no such number"]);
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    post.assert_failed().await;
}

on_both_engines!(
    in_either_order_a_status_finds_its_reply,
    a_record_that_is_repeated_keeps_what_a_status_said,
    a_status_that_was_left_behind_is_adopted_by_the_caretaker,
    a_status_waits_a_day_for_its_reply,
    a_status_of_a_claim_that_passed_on_waits_for_its_record,
);

async fn in_either_order_a_status_finds_its_reply(engine: Engine) {
    let mut post = Post::new(engine).await;
    post.storage.note_statuses(&[failed()], now()).await.expect("noted");
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    post.assert_failed().await;
    let mut post = Post::new(engine).await;
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    post.storage.note_statuses(&[failed()], now()).await.expect("noted");
    post.assert_failed().await;
}

/// A courier that does not know whether its commit happened records the same again.
async fn a_record_that_is_repeated_keeps_what_a_status_said(engine: Engine) {
    let mut post = Post::new(engine).await;
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    post.storage.note_statuses(&[failed()], now()).await.expect("noted");
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    post.assert_failed().await;
    // It did not happen, and a status came in between.
    let mut post = Post::new(engine).await;
    Post::record(&post.storage, &post.sent).await.rollback().await.expect("undone");
    post.storage.note_statuses(&[failed()], now()).await.expect("noted");
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    post.assert_failed().await;
}

// Negative control: without the call of `adopt_orphan_statuses`' adoption both replies stay at 1.
async fn a_status_that_was_left_behind_is_adopted_by_the_caretaker(engine: Engine) {
    let mut post = Post::new(engine).await;
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    let us = now().timestamp_micros();
    post.tables
        .run(&format!(
            "insert into outbox_part values ('waha/bogor', 'waha.part', 1); \
             insert into orphan_status values ('waha/bogor', '{ID}', 3, null, {us}); \
             insert into orphan_status values ('waha/bogor', 'waha.part', 2, 'no such number', {us}); \
             insert into orphan_status values ('waha/bogor', 'somebody else''s', 3, null, {us})"
        ))
        .await;
    assert_eq!(post.storage.adopt_orphan_statuses(now(), true).await.expect("tended"), 2);
    assert_eq!(
        post.tables.count("select delivery from outbox").await,
        3,
        "one part failed, and then the whole arrived"
    );
    let left = "select provider_id from orphan_status";
    assert_eq!(post.tables.texts(left).await, ["somebody else's"]);
    // It is one node's turn, and not at once again.
    post.tables.run(&format!("insert into orphan_status values ('waha/bogor', '{ID}', 4, null, {us})")).await;
    assert_eq!(post.storage.adopt_orphan_statuses(now() + TimeDelta::minutes(4), true).await.expect("tended"), 0);
    assert_eq!(post.storage.adopt_orphan_statuses(now() + TimeDelta::minutes(5), true).await.expect("tended"), 1);
    assert_eq!(post.tables.count("select delivery from outbox").await, 4);
}

async fn a_status_waits_a_day_for_its_reply(engine: Engine) {
    let mut post = Post::new(engine).await;
    post.storage.note_statuses(&[failed()], now()).await.expect("noted");
    let orphans = "select count(*) from orphan_status";
    post.storage.adopt_orphan_statuses(now() + TimeDelta::hours(23), true).await.expect("tended");
    assert_eq!(post.tables.count(orphans).await, 1);
    post.storage.adopt_orphan_statuses(now() + TimeDelta::hours(24 * 30), false).await.expect("tended");
    assert_eq!(post.tables.count(orphans).await, 1, "by a clock that has not proved itself");
    post.storage.adopt_orphan_statuses(now() + TimeDelta::hours(25), true).await.expect("tended");
    assert_eq!(post.tables.count(orphans).await, 0);
}

// Negative control: with the orphans deleted after they were noted, the status is gone although nobody has heard of it.
async fn a_status_of_a_claim_that_passed_on_waits_for_its_record(engine: Engine) {
    let mut post = Post::new(engine).await;
    post.storage.note_statuses(&[failed()], now()).await.expect("noted");
    post.tables.run("update outbox set owner = 'two', attempts = 2").await;
    Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
    assert_eq!(post.tables.count("select count(*) from orphan_status").await, 1);
    let theirs = Sent { attempts: 2, ..post.sent.clone() };
    let mut tx = post.storage.dispatch().await.expect("begun");
    tx.channels(&[&channel()]).await.expect("locked");
    tx.record("two", &[theirs], now()).await.expect("recorded");
    tx.commit().await.expect("durable");
    post.assert_failed().await;
}

// Negative control: with the part left out of the archive's step, it stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_replys_parts_leave_with_it() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let mut post = Post::new(engine).await;
        Post::record(&post.storage, &post.sent).await.commit().await.expect("durable");
        let parts =
            "insert into outbox_part values ('waha/bogor', 'waha.part', 1), ('waha/bogor', 'another reply''s', 2)";
        post.tables.run(parts).await;
        let year = TimeDelta::days(365);
        post.storage.archive(now() + year, now() + year, 10).await.expect("archived");
        assert_eq!(post.tables.count("select count(*) from outbox").await, 0);
        assert_eq!(post.tables.texts("select provider_id from outbox_part").await, ["another reply's"]);
    }
}
