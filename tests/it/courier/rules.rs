//! Single promises of the courier, each on both engines: windows, templates, statuses, channels, parts, nodes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use antrean::clock::Clock;
use antrean::conversation::Lang;
use antrean::courier::{ChannelSettings, Courier, DOUBT_SECONDS, PROBE_SECONDS, Parameter, TemplateChoice};
use antrean::domain::message::{ChannelId, Contact, Delivery, MessageId, Status};
use antrean::domain::rate::Rate;
use antrean::gateway::tape::Tape;
use antrean::gateway::{Capabilities, Gateways, Load, Scope, SendError};
use antrean::storage::{ChannelState, Storage};
use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::script::HandClock;
use super::start;
use crate::support::engine::{Base, Engine, Tables, on_both_engines};

/// A courier with its provider, clock and database.
pub(super) struct Post {
    pub(super) courier: Courier,
    pub(super) tape: Arc<Tape>,
    pub(super) clock: Arc<HandClock>,
    storage: Storage,
    pub(super) tables: Tables,
    _base: Base,
}

fn channel() -> ChannelId {
    ChannelId::new("tape", "bogor")
}

impl Post {
    pub(super) async fn new(engine: Engine, capabilities: Capabilities, settings: ChannelSettings) -> Self {
        let base = Base::new(engine).await;
        let (storage, tables) = (base.storage().await, base.tables().await);
        let (tape, clock) = (Tape::with("tape", capabilities), HandClock::at(start()));
        let courier =
            Self::courier(&storage, &tape, &clock, "one").with_channels(BTreeMap::from([(channel(), settings)]));
        Self { courier, tape, clock, storage, tables, _base: base }
    }

    fn courier(storage: &Storage, tape: &Arc<Tape>, clock: &Arc<HandClock>, owner: &str) -> Courier {
        let gateways = Gateways::from([("tape".to_owned(), Arc::clone(tape) as _)]);
        Courier::new(storage.clone(), gateways, clock.clone(), owner.to_owned())
    }

    /// A reply to Budi, written now, after all others to him.
    async fn reply(&mut self, text: &str) {
        self.reply_to("budi", text).await;
    }

    pub(super) async fn reply_to(&mut self, contact: &str, text: &str) {
        let now = self.clock.now().timestamp_micros();
        let id = self.tables.count("select count(*) + 1 from outbox").await;
        self.tables
            .run(&format!(
                "insert into outbox (id, channel, contact, previous, office, reply_to, text, state, due_us, attempts, \
                 delivery, without_picture, created_us) values ({id}, 'tape/bogor', '{contact}', \
                 (select max(id) from outbox where contact = '{contact}'), 'bogor', 'm{id}', '{text}', 'waiting', {now}, \
                 0, 0, 0, {now})"
            ))
            .await;
    }

    /// Budi has written, just now.
    async fn heard(&mut self) {
        let now = self.clock.now().timestamp_micros();
        self.tables
            .run(&format!(
                "insert into conversation (channel, contact, office, lang, heard_us) \
                 values ('tape/bogor', 'budi', 'bogor', 'id', {now}) \
                 on conflict (channel, contact) do update set heard_us = excluded.heard_us"
            ))
            .await;
    }

    pub(super) fn wait(&self, time: TimeDelta) {
        self.clock.move_to(self.clock.now() + time);
    }

    /// Steps until nothing is left to do now; what went out, in order.
    async fn work(&self) -> Vec<String> {
        while !self.courier.step().await.expect("a step").is_idle() {}
        self.tape.drain().into_iter().map(|taken| taken.parcel.text).collect()
    }

    async fn states(&mut self) -> Vec<String> {
        self.tables.texts("select state from outbox order by id").await
    }
}

fn window() -> Capabilities {
    Capabilities {
        free_reply_window: Some(TimeDelta::hours(24)),
        templates: true,
        recipient_rate: Rate::UNLIMITED,
        ..Capabilities::default()
    }
}

/// A clock that stands, and asks for the stop when it is looked at for the second time. The courier's loop looks once to
/// forget old statuses and then once in every round, so the round that claims the first replies is the last one.
#[derive(Debug)]
struct LastRound {
    looks: AtomicU32,
    stop: CancellationToken,
}

impl Clock for LastRound {
    fn now(&self) -> DateTime<Utc> {
        if self.looks.fetch_add(1, Ordering::SeqCst) == 1 {
            self.stop.cancel();
        }
        start()
    }
}

on_both_engines!(
    what_was_claimed_when_the_stop_came_goes_back_at_once,
    a_reply_whose_answers_are_always_lost_goes_out_three_times_and_is_given_up,
    a_held_reply_goes_when_its_citizen_writes_again_and_before_newer_ones,
    outside_the_window_the_template_goes_that_fits,
    a_status_that_comes_before_its_reply_waits_for_it,
    a_channel_that_breaks_holds_its_queue_and_goes_on_when_it_is_mended,
    a_channel_that_is_mended_takes_nothing_from_the_others,
    a_paused_channel_holds_its_queue_until_it_is_resumed,
    a_long_reply_goes_on_where_it_stopped,
    one_that_is_sent_again_by_hand_does_not_go_beside_a_later_one,
    two_nodes_share_one_pace_and_send_nothing_twice,
    a_claim_of_an_earlier_attempt_records_nothing,
);

// Negative control: releasing held replies after the claims lets the newer one go first.
async fn a_held_reply_goes_when_its_citizen_writes_again_and_before_newer_ones(engine: Engine) {
    let mut post = Post::new(engine, window(), ChannelSettings::default()).await;
    post.heard().await;
    post.wait(TimeDelta::hours(25));
    post.reply("old").await;
    assert_eq!(post.work().await, Vec::<String>::new());
    assert_eq!(post.states().await, ["held"]);
    assert_eq!(post.storage.outbox(true, 10).await.expect("a list").len(), 1);
    post.wait(TimeDelta::hours(1));
    post.heard().await;
    post.reply("new").await;
    assert_eq!(post.work().await, ["old", "new"]);
    assert_eq!(post.states().await, ["sent", "sent"]);
}

// Negative control: without `contacts` in the round both go at once.
async fn one_that_is_sent_again_by_hand_does_not_go_beside_a_later_one(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    post.reply("lost").await;
    post.tape.fail_next(1, &SendError::Refused("told".into()));
    assert_eq!(post.work().await, Vec::<String>::new());
    post.reply("sent").await;
    assert_eq!(post.work().await, ["sent"]);
    // It has lost its place; it still waits its turn.
    post.reply("later").await;
    assert_eq!(post.storage.retry_dead(Some(1), post.clock.now()).await.expect("put back").dead, 1);
    assert_eq!(post.courier.step().await.expect("a step").sent, 1);
    assert_eq!(post.courier.step().await.expect("a step").sent, 1);
    assert_eq!(post.states().await, ["sent", "sent", "sent"]);
}

// Negative control: with `as_template` false in `send_template`, no template is counted.
async fn outside_the_window_the_template_goes_that_fits(engine: Engine) {
    let template = |lang, name: &str| TemplateChoice { lang, name: name.to_owned(), parameters: vec![Parameter::Text] };
    let coded = TemplateChoice { parameters: vec![Parameter::Code], ..template(Lang::Id, "with_code") };
    let templates = vec![template(Lang::En, "english"), coded, template(Lang::Id, "plain")];
    let mut post = Post::new(engine, window(), ChannelSettings { templates, ..ChannelSettings::default() }).await;
    post.heard().await;
    post.wait(TimeDelta::hours(25));
    post.reply("Dua\n\nbaris.").await;
    while !post.courier.step().await.expect("a step").is_idle() {}
    let [taken] = post.tape.drain().try_into().expect("one message");
    let Load::Template(template) = taken.parcel.load else { panic!("{:?}", taken.parcel) };
    assert_eq!((template.name.as_str(), template.parameters.as_slice()), ("plain", &["Dua baris.".to_owned()][..]));
    // The provider's own word counts as much as our hours.
    post.heard().await;
    post.reply("Tiga").await;
    post.tape.fail_next(1, &SendError::WindowClosed("told".into()));
    assert_eq!(post.work().await, ["Tiga"]);
    // Both went as templates, and are counted so; what is sent within the window is not.
    post.reply("Empat").await;
    assert_eq!(post.work().await, ["Empat"]);
    let sent = post.storage.sent_by_hour(&channel(), start()).await.expect("counted");
    let of = |count: fn(&antrean::storage::SentInHour) -> u64| sent.iter().map(count).sum::<u64>();
    assert_eq!((of(|hour| hour.inside), of(|hour| hour.outside)), (1, 2), "{sent:?}");
}

fn status(id: &str, tracker: Option<i64>, delivery: Delivery) -> Status {
    Status { channel: channel(), id: MessageId::new(id), tracker, delivery, error: None }
}

// Negative control: without `adopt_orphans` the reply stays at 1.
async fn a_status_that_comes_before_its_reply_waits_for_it(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    post.storage.note_statuses(&[status("tape.1", None, Delivery::Read)], start()).await.expect("noted");
    post.storage.note_statuses(&[status("tape.1", None, Delivery::Delivered)], start()).await.expect("noted");
    assert_eq!(post.tables.count("select max(delivery) from orphan_status").await, 4);
    post.reply("a").await;
    assert_eq!(post.work().await, ["a"]);
    assert_eq!(post.tables.count("select delivery from outbox").await, 4);
    assert_eq!(post.tables.count("select count(*) from orphan_status").await, 0);
    // Only upwards; a failure beats `sent` only.
    post.storage.note_statuses(&[status("tape.1", None, Delivery::Failed)], start()).await.expect("noted");
    assert_eq!(post.states().await, ["sent"]);
}

// Negative control: with the step begun anew as soon as a channel is mended, the reply stays claimed until its lease ends.
async fn a_channel_that_is_mended_takes_nothing_from_the_others(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    post.reply("first").await;
    assert_eq!(post.work().await, ["first"]);
    let broken = "insert into channel (channel, state, since_us, next_us, rest_us, faults, turn_us) \
                  values ('tape/depok', 'broken', 0, 0, 0, 0, 0)";
    post.tables.run(broken).await;
    post.reply("second").await;
    assert_eq!(post.courier.step().await.expect("a step").sent, 1);
    assert_eq!(post.tables.count("select count(*) from channel where state = 'open'").await, 2);
}

async fn a_channel_that_breaks_holds_its_queue_and_goes_on_when_it_is_mended(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    let broken = SendError::Misconfigured("token".into());
    post.tape.set_broken(Some(broken.clone()));
    post.tape.fail_next(1, &broken);
    for _ in 1..=3 {
        post.reply("x").await;
    }
    assert_eq!(post.work().await, Vec::<String>::new());
    let queue = post.storage.channels().await.expect("channels").remove(0);
    assert_eq!((queue.channel.state, queue.waiting), (ChannelState::Broken, 3));
    for _ in 0..20 {
        post.wait(TimeDelta::seconds(PROBE_SECONDS));
        assert_eq!(post.work().await, Vec::<String>::new(), "it is still broken, and nothing is tried");
    }
    post.tape.set_broken(None);
    post.wait(TimeDelta::seconds(PROBE_SECONDS));
    assert_eq!(post.work().await.len(), 3);
    // An account that was limited waits for a person.
    post.tape.fail_next(1, &SendError::Limited("spam".into()));
    post.reply("x").await;
    post.work().await;
    post.wait(TimeDelta::hours(5));
    assert_eq!(post.work().await, Vec::<String>::new());
    post.storage.set_channel(&channel(), ChannelState::Open, None, post.clock.now()).await.expect("opened");
    assert_eq!(post.work().await.len(), 1);
}

async fn a_paused_channel_holds_its_queue_until_it_is_resumed(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    post.storage.enrol_channels(&[channel()], start()).await.expect("enrolled");
    post.storage.set_channel(&channel(), ChannelState::Paused, Some("by hand"), start()).await.expect("paused");
    post.reply("x").await;
    assert_eq!(post.work().await, Vec::<String>::new());
    assert_eq!(post.states().await, ["waiting"]);
    post.storage.set_channel(&channel(), ChannelState::Open, None, start()).await.expect("resumed");
    assert_eq!(post.work().await, ["x"]);
}

// Negative control: with the parts of earlier tries not counted, the wrong ones go out.
async fn a_long_reply_goes_on_where_it_stopped(engine: Engine) {
    let short = Capabilities { text_chars_max: 12, recipient_rate: Rate::UNLIMITED, ..Capabilities::default() };
    let mut post = Post::new(engine, short, ChannelSettings::default()).await;
    post.reply("Bagian satu. Bagian dua. Bagian tiga.").await;
    post.tape.fail_from(1, &SendError::Transient("told".into()));
    assert_eq!(post.work().await, ["Bagian satu."]);
    assert_eq!(post.states().await, ["waiting"]);
    post.wait(TimeDelta::seconds(3));
    assert_eq!(post.work().await, ["Bagian dua.", "Bagian tiga."]);
    assert_eq!(post.tables.count("select parts from outbox").await, 3);
    // A part that failed makes the whole reply fail.
    post.storage.note_statuses(&[status("tape.1", None, Delivery::Failed)], start()).await.expect("noted");
    assert_eq!(post.states().await, ["dead"]);
}

// Negative control: without writing the channel's pace each node sends its own ten.
async fn two_nodes_share_one_pace_and_send_nothing_twice(engine: Engine) {
    let ten = Rate { every: TimeDelta::milliseconds(100), burst: 10 };
    let capabilities = Capabilities { channel_rate: ten, ..Capabilities::unlimited() };
    let mut post = Post::new(engine, capabilities, ChannelSettings::default()).await;
    for n in 0..60 {
        post.reply_to(&format!("c{n}"), &format!("x{n}")).await;
    }
    let other = Post::courier(&post.storage, &post.tape, &post.clock, "two");
    post.storage.enrol_channels(&[channel()], start()).await.expect("enrolled");
    let mut out: Vec<String> = Vec::new();
    let begun: DateTime<Utc> = post.clock.now();
    while out.len() < 60 {
        let (one, two) = tokio::join!(post.courier.step(), other.step());
        one.expect("a step");
        two.expect("a step");
        out.extend(post.tape.drain().into_iter().map(|taken| taken.parcel.text));
        let time = (post.clock.now() - begun).num_milliseconds();
        assert!(i64::try_from(out.len()).expect("few") <= 10 + time / 100, "{} after {time} ms", out.len());
        post.wait(TimeDelta::milliseconds(70));
        assert!(time < 20_000, "only {} in twenty seconds", out.len());
    }
    out.sort();
    out.dedup();
    assert_eq!(out.len(), 60);
}

// Negative control: fenced by the owner only, the late record marks the reply as sent.
async fn a_claim_of_an_earlier_attempt_records_nothing(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    post.reply("x").await;
    post.tables.run("update outbox set state = 'claimed', owner = 'one', attempts = 2, lease_us = due_us + 1").await;
    let late = antrean::storage::Sent {
        id: 1,
        channel: channel(),
        contact: Contact::new("budi"),
        attempts: 1,
        faults: 0,
        doubts: 0,
        parts: antrean::storage::SentParts { before: 0, ids: vec![None] },
        outcome: antrean::storage::Sending::Taken { without_picture: false },
        opted_out: false,
        as_template: false,
    };
    let mut tx = post.storage.dispatch().await.expect("begun");
    tx.record("one", std::slice::from_ref(&late), start()).await.expect("recorded");
    tx.commit().await.expect("committed");
    assert_eq!(post.states().await, ["claimed"]);
    let mut tx = post.storage.dispatch().await.expect("begun");
    tx.record("one", &[antrean::storage::Sent { attempts: 2, ..late }], start()).await.expect("recorded");
    tx.commit().await.expect("committed");
    assert_eq!(post.states().await, ["sent"]);
    let throttled = SendError::Throttled { scope: Scope::Channel, after_seconds: Some(30), detail: String::new() };
    post.tape.fail_next(1, &throttled);
    post.reply("y").await;
    assert_eq!(post.work().await, Vec::<String>::new());
    post.wait(TimeDelta::seconds(29));
    assert_eq!(post.work().await, Vec::<String>::new(), "the provider's wait is obeyed");
    post.wait(TimeDelta::seconds(1));
    assert_eq!(post.work().await, ["y"]);
}

// Negative control: with what was claimed sent all the same, three go out after the stop; with it dropped instead of put
// back, the replies stay claimed until the lease runs out.
async fn what_was_claimed_when_the_stop_came_goes_back_at_once(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    post.storage.enrol_channels(&[channel()], start()).await.expect("enrolled");
    for n in 0..3 {
        post.reply_to(&format!("c{n}"), &format!("x{n}")).await;
    }
    let stop = CancellationToken::new();
    let clock = Arc::new(LastRound { looks: AtomicU32::new(0), stop: stop.clone() });
    let gateways = Gateways::from([("tape".to_owned(), Arc::clone(&post.tape) as _)]);
    let stopping = Arc::new(Courier::new(post.storage.clone(), gateways, clock, "stopping".to_owned()));
    stopping.run(stop, Arc::default(), Arc::default()).await;
    assert_eq!(post.tape.drain(), [], "nothing is begun after the stop");
    let claimed = "select count(*) from outbox where attempts = 1 and lapses = 0";
    assert_eq!(post.tables.count(claimed).await, 3, "they were claimed, and no process died over them");
    assert_eq!(post.states().await, ["waiting"; 3]);
    // Another node takes them at the same instant: no lease has to run out.
    assert_eq!(post.work().await.len(), 3);
}

// Negative control: with doubts not counted, it goes out six times.
async fn a_reply_whose_answers_are_always_lost_goes_out_three_times_and_is_given_up(engine: Engine) {
    let mut post = Post::new(engine, Capabilities::unlimited(), ChannelSettings::default()).await;
    post.tape.lose_next_answer(9);
    post.reply("x").await;
    let mut copies = 0;
    for _ in 0..6 {
        copies += post.work().await.len();
        post.wait(TimeDelta::minutes(15));
    }
    assert_eq!(copies, 1 + DOUBT_SECONDS.len());
    assert_eq!(post.states().await, ["dead"]);
}
