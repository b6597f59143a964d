//! What goes wrong between a program and its database: calls that are dropped half-way, servers that die, become
//! read-only or answer nothing, commits of which nobody knows, strings that only one engine keeps, locks crosswise.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;

use antrean::clock::{Clock, SystemClock};
use antrean::desk::{Busy, Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, Verdict, WAIT_MAX};
use antrean::domain::message::{Attachment, ChannelId, Contact, Content, Inbound, MessageId};
use antrean::domain::office::OfficeId;
use antrean::gateway::tape::Tape;
use antrean::gateway::{
    Capabilities, Denied, FetchError, Gateway, Item, Media, Outbound, Parcel, Receipt, SendError, WebhookRequest,
};
use antrean::roster::Roster;
use antrean::storage::{Storage, Wanted};
use antrean::web::{AppState, Timeouts, router};
use axum::body::Body;
use axum::http::Request;
use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use tracing_subscriber::layer::SubscriberExt;

use crate::support::alone::is_alone;
use crate::support::engine::{Base, Engine, Tables, on_both_engines};
use crate::support::installation::{form, in_days, name, now, number, until};
use crate::support::proxy::{Mode, Proxy};

/// Offices of these tests, a channel each.
const OFFICES: [&str; 4] = ["bogor", "jakarta-pusat", "depok", "bekasi"];

fn channel(office: &str) -> ChannelId {
    ChannelId::new("wa", office)
}

fn id(office: &str) -> OfficeId {
    OfficeId::read(office).unwrap()
}

fn message(office: &str, contact: usize, id: &str, text: &str) -> Inbound {
    Inbound {
        channel: channel(office),
        contact: Contact::new(number(contact)),
        also: Vec::new(),
        id: MessageId::new(id),
        sent_at: now(),
        content: Content::Text(text.to_owned()),
    }
}

fn form_of(n: usize) -> Item {
    Item::Message(message("bogor", n, &format!("wamid.form{n}"), &form(&name(n), in_days(3))))
}

/// A desk on a database, as a node has it; the offices are in force.
async fn node(storage: &Storage, seed: u8) -> Desk {
    let roster = Roster::shipped().unwrap();
    for office in OFFICES {
        let office = &roster.offices[&id(office)];
        let file = antrean::roster::print(office);
        storage.import_office(office, &file, &roster.calendar, now()).await.unwrap();
    }
    Desk::start(Dependencies {
        storage: storage.clone(),
        roster,
        channels: OFFICES.iter().map(|office| (channel(office), id(office))).collect::<Channels>(),
        replies_max: Arc::default(),
        turn_links: None,
        reaches: antrean::domain::reach::Reaches::default(),
        clock: Arc::new(SystemClock) as Arc<dyn Clock>,
        seed: [seed; 32],
        lanes: 1,
        messages_per_commit: MESSAGES_PER_COMMIT,
        wait_max: WAIT_MAX,
        wake_courier: Arc::default(),
        metrics: Arc::default(),
    })
}

/// Delivers until it is taken, as a provider does; how often the answer was 503.
async fn deliver(desk: &Desk, items: Vec<Item>) -> (Vec<Verdict>, usize) {
    for busy in 0..20 {
        match desk.serve(items.clone()).await {
            Ok(verdicts) => return (verdicts, busy),
            Err(Busy) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    panic!("it never recovered");
}

const IDLE_IN_TRANSACTION: &str = "select count(*) from pg_stat_activity where datname = current_database() \
     and state like 'idle in transaction%'";

/// Nobody is left inside a transaction, whose locks would stop everybody else.
async fn assert_nobody_is_left_inside(tables: &mut Tables) {
    if matches!(tables, Tables::Postgres(_)) {
        until("no session is inside a transaction", async || {
            (tables.count(IDLE_IN_TRANSACTION).await == 0).then_some(())
        })
        .await;
    }
}

// Negative control: with the `Drop` of `PgTx` left out, rows that nobody committed are there (and locks stay).
async fn a_call_that_is_dropped_at_any_moment_leaves_nothing_and_loses_nothing(engine: Engine) {
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    drop(node(&storage, 1).await);
    let mut tables = base.tables().await;
    let bogor = Wanted { offices: BTreeMap::from([(id("bogor"), in_days(0))]), ..Wanted::default() };
    let mut kept = 0;
    for round in 0..60_i32 {
        let polls = round % 20;
        {
            let mut work = pin!(async {
                let (mut intake, _) = storage.begin_intake(&bogor, now()).await?;
                let lost = message("bogor", 1, &format!("lost{round}"), "x");
                let new = intake.keep_aside(9_000 + i64::from(round), None, &lost, "dropped", now()).await?;
                assert!(new);
                std::future::pending::<()>().await;
                intake.commit().await
            });
            for _ in 0..polls {
                assert!(work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
        let stray = message("bogor", 2, &format!("kept{round}"), "x");
        let new = tokio::time::timeout(Duration::from_secs(10), storage.keep_stray(&stray, now())).await;
        assert!(new.expect("no lock is left behind").unwrap());
        kept += 1;
        assert_eq!(tables.count("select count(*) from set_aside where message like 'kept%'").await, kept);
    }
    assert_eq!(tables.count("select count(*) from set_aside where message like 'lost%'").await, 0);
    assert_nobody_is_left_inside(&mut tables).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_that_died_or_only_read_are_not_used_again() {
    let base = Base::new(Engine::Postgres).await;
    let storage = base.storage().await;
    let desk = node(&storage, 1).await;
    let mut tables = base.tables().await;
    deliver(&desk, vec![form_of(0)]).await;
    let others = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() \
                  and pid <> pg_backend_pid()";
    let switch = |to: &str| {
        let database = base.url().rsplit('/').next().unwrap().to_owned();
        format!("alter database {database} set default_transaction_read_only = {to}")
    };
    for n in 1..=5 {
        tables.run(others).await;
        let (verdicts, busy) = deliver(&desk, vec![form_of(n)]).await;
        assert_eq!(verdicts, [Verdict::Served]);
        assert!(busy <= 6, "each dead session costs one try at most, not {busy}");
    }
    // The server becomes a standby, and a primary again; what was opened meanwhile stays read-only for ever.
    tables.run(&switch("on")).await;
    tables.run(others).await;
    until("every new session only reads", async || (desk.serve(vec![form_of(6)]).await == Err(Busy)).then_some(()))
        .await;
    for _ in 0..3 {
        assert_eq!(desk.serve(vec![form_of(6)]).await, Err(Busy));
    }
    until("the probe says so", async || storage.ping().await.is_err().then_some(())).await;
    tables.run("set default_transaction_read_only = off").await;
    tables.run(&switch("off")).await;
    let (verdicts, busy) = deliver(&desk, vec![form_of(6)]).await;
    assert_eq!((verdicts, busy < 7), (vec![Verdict::Served], true));
    until("the probe is content", async || storage.ping().await.is_ok().then_some(())).await;
    assert_eq!(tables.count("select count(*) from booking").await, 7);
    assert_eq!(tables.count("select count(*) from set_aside").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_of_which_nobody_knows_is_found_out_under_its_key() {
    let base = Base::new(Engine::Postgres).await;
    let proxy = Proxy::to(&base.url()).await;
    let storage = Storage::open(&proxy.url(&base.url())).await.unwrap();
    let desk = node(&storage, 1).await;
    let mut tables = base.tables().await;
    deliver(&desk, vec![form_of(0)]).await;
    for (n, mode, again) in [
        (1, Mode::CutAfterCommit, Verdict::Repeat),
        (2, Mode::CutBeforeCommit, Verdict::Served),
        (3, Mode::CutAfterCommit, Verdict::Repeat),
    ] {
        proxy.set(mode);
        assert_eq!(desk.serve(vec![form_of(n)]).await, Err(Busy), "{mode:?}");
        until("the proxy is whole", async || (proxy.mode() == Mode::Whole).then_some(())).await;
        assert_eq!(desk.serve(vec![form_of(n)]).await, Ok(vec![again]), "{mode:?}");
        let rows = format!("select count(*) from booking where contact = '{}'", number(n));
        assert_eq!(tables.count(&rows).await, 1, "{mode:?}");
    }
    assert_eq!(storage.audit(now()).await.unwrap().findings, Vec::<String>::new());
}

// Negative control: with the time limit of a statement left out it waits until the proxy speaks again.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_answers_nothing_is_given_up() {
    let base = Base::new(Engine::Postgres).await;
    let proxy = Proxy::to(&base.url()).await;
    let storage = Storage::open(&proxy.url(&base.url())).await.unwrap();
    let desk = node(&storage, 1).await;
    deliver(&desk, vec![form_of(0)]).await;
    proxy.set(Mode::Silent);
    let served = tokio::time::timeout(Duration::from_secs(19), desk.serve(vec![form_of(1)])).await;
    assert_eq!(served, Ok(Err(Busy)), "before the provider loses patience");
    proxy.set(Mode::Cut);
    proxy.set(Mode::Whole);
    assert_eq!(deliver(&desk, vec![form_of(1)]).await.0, [Verdict::Served]);
}

#[tokio::test(flavor = "multi_thread")]
async fn offices_in_opposite_orders_never_wait_on_each_other() {
    let base = Base::new(Engine::Postgres).await;
    let mut bodies = tokio::task::JoinSet::new();
    for seed in 0..4_u8 {
        let storage = base.storage().await;
        let desk = node(&storage, seed).await;
        bodies.spawn(async move {
            for round in 0..40 {
                let mut offices: Vec<&str> = OFFICES.to_vec();
                offices.rotate_left(usize::from(seed));
                if round % 2 == 1 {
                    offices.reverse();
                }
                let items = offices.iter().enumerate().map(|(at, office)| {
                    let n = usize::from(seed) * 1_000 + round * 10 + at;
                    Item::Message(message(office, n, &format!("wamid.{n}"), &form(&name(n), in_days(3))))
                });
                let verdicts = desk.serve(items.collect()).await;
                assert_eq!(verdicts, Ok(vec![Verdict::Served; 4]), "node {seed}, round {round}");
            }
            desk.close().await;
        });
    }
    bodies.join_all().await;
    let mut tables = base.tables().await;
    assert_eq!(tables.count("select count(*) from booking").await, 4 * 40 * 4);
    tables.run("select pg_stat_clear_snapshot()").await;
    let deadlocks = "select deadlocks from pg_stat_database where datname = current_database()";
    assert_eq!(tables.count(deadlocks).await, 0);
    assert_eq!(base.storage().await.audit(now()).await.unwrap().findings, Vec::<String>::new());
}

/// Texts as people, telephones and attackers make them.
fn odd_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "\0",
        "\u{1}",
        "\u{7f}",
        "\u{feff}",
        "\u{202e}",
        "\u{200b}",
        "\u{d7ff}",
        "\u{e000}",
        "\u{10ffff}",
        "'",
        "\"",
        "\\",
        "\\u0000",
        "$1",
        "%",
        "{",
        "}",
        "\r\n",
        "#",
        "😀",
        "é",
        "e\u{301}",
        "\u{ffff}",
    ])
    .prop_map(str::to_owned);
    let formlike = prop::collection::vec(prop_oneof!["[A-Za-z ]{0,12}", any::<String>(), special.clone()], 1..5)
        .prop_map(|parts| format!("#{}#25011987#{}", parts.concat(), in_days(3).format("%d%m%Y")));
    prop_oneof![
        prop::collection::vec(prop_oneof![any::<String>(), special], 0..6).prop_map(|parts| parts.concat()),
        formlike,
    ]
}

// Negative control: with `without_nul` left out of the desk, PostgreSQL refuses what SQLite keeps.
#[tokio::test(flavor = "multi_thread")]
async fn both_engines_take_every_string_alike() {
    let mut runner = TestRunner::deterministic();
    let strategy = (odd_text(), odd_text(), odd_text());
    let texts: Vec<(String, String, String)> =
        (0..150).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect();
    assert!(texts.iter().any(|(text, ..)| text.contains('\0')), "the strings prove nothing");
    let sent_at = now();
    let mut seen = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let base = Base::new(engine).await;
        let storage = base.storage().await;
        let desk = node(&storage, 1).await;
        let mut verdicts = Vec::new();
        for (at, (text, contact, id)) in texts.iter().enumerate() {
            let inbound = Inbound {
                channel: channel(OFFICES[at % 2]),
                contact: Contact::new(format!("{at}{contact}")),
                also: Vec::new(),
                id: MessageId::new(format!("{at}{id}")),
                sent_at,
                content: Content::Text(text.clone()),
            };
            verdicts.push(desk.serve(vec![Item::Message(inbound)]).await);
        }
        let mut tables = base.tables().await;
        let mut rows = Vec::new();
        for sql in [
            "select contact || '|' || message || '|' || content from inbound",
            "select applicant || seats || state || contact from booking",
            "select channel || contact || lang || coalesce(bookings, '-') from conversation",
            "select message || reason from set_aside",
        ] {
            let mut texts = tables.texts(sql).await;
            texts.sort();
            rows.push(texts);
        }
        seen.push((verdicts, rows));
    }
    let [sqlite, postgres] = seen.try_into().unwrap();
    assert_eq!(sqlite.0, postgres.0);
    assert_eq!(sqlite.1, postgres.1);
    assert!(sqlite.0.iter().all(|verdict| *verdict == Ok(vec![Verdict::Served])), "nothing was set aside");
}

/// A provider whose bodies are messages as they stand, signed by nobody.
struct Plain(Arc<Tape>);

impl Gateway for Plain {
    fn name(&self) -> &'static str {
        "wa"
    }

    fn verify(&self, _: &WebhookRequest<'_>) -> Result<(), Denied> {
        Ok(())
    }

    fn read(&self, body: &[u8], _: DateTime<Utc>) -> Vec<Item> {
        let messages: Vec<Inbound> = serde_json::from_slice(body).unwrap();
        messages.into_iter().map(Item::Message).collect()
    }
}

#[async_trait::async_trait]
impl Outbound for Plain {
    fn capabilities(&self) -> &Capabilities {
        self.0.capabilities()
    }

    async fn probe(&self, key: &str) -> Result<String, SendError> {
        self.0.probe(key).await
    }

    async fn send(&self, key: &str, to: &Contact, parcel: &Parcel) -> Result<Receipt, SendError> {
        self.0.send(key, to, parcel).await
    }

    async fn fetch_media(&self, key: &str, attachment: &Attachment) -> Result<Media, FetchError> {
        self.0.fetch_media(key, attachment).await
    }
}

async fn a_request_that_is_dropped_at_any_moment_loses_nothing(engine: Engine) {
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    let desk = node(&storage, 1).await;
    let routes = router(AppState {
        intake: Arc::new(desk.clone()),
        gateways: [("wa".to_owned(), Arc::new(Plain(Tape::new("wa"))) as Arc<dyn Gateway>)].into(),
        probe: Arc::new(|| Box::pin(async { Ok(()) })),
        stopped_channels: Arc::new(|| Box::pin(async { BTreeMap::new() })),
        clock: Arc::new(SystemClock),
        metrics: Arc::default(),
        simulator: None,
        console: None,
        hall: None,
        closing: CancellationToken::new(),
        timeouts: Timeouts::default(),
    });
    let post = |n: usize| {
        let message = |n: usize, channel: &str| message(channel, n, &format!("wamid.{n}"), &form(&name(n), in_days(3)));
        // One for an office, one for a channel that nobody owns: both ways into the database.
        let body = serde_json::to_vec(&[message(2 * n, "bogor"), message(2 * n + 1, "nobody")]).unwrap();
        let request = Request::post("/webhooks/wa").body(Body::from(body)).unwrap();
        routes.clone().oneshot(request)
    };
    let mut finished = 0;
    for n in 0..60 {
        let mut request = pin!(post(n));
        for _ in 0..n % 15 {
            if request.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                finished += 1;
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    assert!(finished < 60, "nothing was dropped");
    // The provider delivers everything again, and again where it hears 503.
    for n in 0..60 {
        until("it is answered 200", async || (post(n).await.unwrap().status() == 200).then_some(())).await;
    }
    let mut tables = base.tables().await;
    for counted in [
        "select count(*) from booking",
        "select count(*) from seat",
        "select count(*) from inbound",
        "select count(*) from outbox",
        "select count(*) from set_aside where reason like 'no office%'",
    ] {
        assert_eq!(tables.count(counted).await, 60, "{counted}");
    }
    assert_nobody_is_left_inside(&mut tables).await;
    assert_eq!(storage.audit(now()).await.unwrap().findings, Vec::<String>::new());
}

/// Panics when a message of this citizen has been served, from inside the batch's transaction.
struct Trip(String);

impl<S: tracing::Subscriber> tracing_subscriber::Layer<S> for Trip {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        let mut said = Contacts(String::new());
        event.record(&mut said);
        let served = event.metadata().name().contains("desk/batch.rs");
        assert!(!(served && said.0 == self.0), "a planted fault");
    }
}

struct Contacts(String);

impl tracing::field::Visit for Contacts {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        if field.name() == "contact" {
            self.0 = format!("{value:?}");
        }
    }
}

async fn a_panic_inside_a_batch_sets_its_message_aside_and_nobody_elses(engine: Engine) {
    let place = if engine == Engine::Sqlite { "sqlite" } else { "postgres" };
    if !is_alone(&format!("traps::a_panic_inside_a_batch_on_{place}")) {
        return;
    }
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    let desk = node(&storage, 1).await;
    let trip = tracing_subscriber::registry().with(Trip("007".to_owned()));
    let verdicts = {
        // For this thread only, on which all of this runs.
        let _armed = tracing::subscriber::set_default(trip);
        desk.serve((1..=20).map(form_of).collect()).await.expect("not busy")
    };
    let aside: Vec<usize> = (0..20).filter(|at| verdicts[*at] == Verdict::SetAside).collect();
    assert_eq!(aside, [6], "{verdicts:?}");
    assert_eq!(verdicts.iter().filter(|one| **one == Verdict::Served).count(), 19);
    assert_eq!(desk.serve(vec![form_of(30)]).await, Ok(vec![Verdict::Served]), "the lane lives on");
    let mut tables = base.tables().await;
    assert_eq!(tables.count("select count(*) from booking").await, 20);
    assert_eq!(tables.count("select count(*) from set_aside").await, 1);
    assert_nobody_is_left_inside(&mut tables).await;
    assert_eq!(storage.audit(now()).await.unwrap().findings, Vec::<String>::new());
}

// On one thread each, in a process each: the planted fault listens there.
#[tokio::test]
async fn a_panic_inside_a_batch_on_sqlite() {
    a_panic_inside_a_batch_sets_its_message_aside_and_nobody_elses(Engine::Sqlite).await;
}

#[tokio::test]
async fn a_panic_inside_a_batch_on_postgres() {
    a_panic_inside_a_batch_sets_its_message_aside_and_nobody_elses(Engine::Postgres).await;
}

// Negative control: with the desk's body limit raised to QUEUE_MAX + 1 it is Busy for ever.
async fn a_body_of_more_items_than_a_queue_holds_is_served(engine: Engine) {
    let base = Base::new(engine).await;
    let storage = base.storage().await;
    let desk = node(&storage, 1).await;
    let many: Vec<Item> =
        (0..10_500).map(|n| Item::Message(message("bogor", n % 50, &format!("wamid.{}", n % 100), "halo"))).collect();
    let verdicts = desk.serve(many).await.expect("not busy");
    assert_eq!(verdicts.iter().filter(|one| **one == Verdict::Served).count(), 100);
    assert_eq!(verdicts.iter().filter(|one| **one == Verdict::Repeat).count(), 10_400);
}

on_both_engines!(
    a_call_that_is_dropped_at_any_moment_leaves_nothing_and_loses_nothing,
    a_body_of_more_items_than_a_queue_holds_is_served,
    a_request_that_is_dropped_at_any_moment_loses_nothing,
);
