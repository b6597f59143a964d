//! Several real servers on one PostgreSQL: nodes that are killed and started again, one that loses its database, and
//! work that must be done once although everybody has it.
//!
//! `ANTREAN_NODE_KILLS` plays more kills than the usual ones, `ANTREAN_NODE_SEED` another course.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use tokio::task::{JoinSet, block_in_place};

use crate::support::engine::{Engine, Tables};
use crate::support::fake_whatsapp::{Answer, FakeWhatsApp};
use crate::support::installation::{APP_SECRET, Installation, WAIT};
use crate::support::installation::{body, change, code_in, form, in_days, name, now, number, photo, said, text, until};
use crate::support::postgres::Database;
use crate::support::proxy::{Mode, Proxy};
use crate::support::server_process::{ServerProcess, post};

/// Nodes of one installation.
const NODES: usize = 4;
/// Kills in the usual run.
const KILLS: usize = 10;
/// Connections that deliver side by side.
const CONNECTIONS: usize = 8;
/// Channels of the offices; citizen `n` writes to the channel `n` modulo four.
const CHANNELS: [&str; 4] = ["1001", "1002", "1004", "1005"];
/// How long a claim of a live node lasts at most here, in microseconds: its sends take some milliseconds.
const STALE_US: i64 = 115_000_000;

fn from_environment(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a number"))
}

/// What the provider still has to deliver, and to whom.
#[derive(Default)]
struct Provider {
    queue: Mutex<VecDeque<String>>,
    nodes: Mutex<Vec<String>>,
    waiting: std::sync::atomic::AtomicUsize,
}

impl Provider {
    fn push(&self, bodies: Vec<String>) {
        self.queue.lock().unwrap().extend(bodies);
    }

    fn left(&self) -> usize {
        self.queue.lock().unwrap().len() + self.waiting.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// Takes the next body; it counts as waiting until its answer is there.
    fn next(&self) -> Option<String> {
        let mut queue = self.queue.lock().unwrap();
        let next = queue.pop_front();
        if next.is_some() {
            self.waiting.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        next
    }

    fn answered(&self, again: Option<String>) {
        let mut queue = self.queue.lock().unwrap();
        queue.extend(again);
        self.waiting.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
    }
}

/// Delivers for ever, each body to any node; what is not answered 200 comes again, to any node.
fn deliver(provider: &Arc<Provider>, client: &reqwest::Client, seed: u64) -> JoinSet<()> {
    let mut connections = JoinSet::new();
    for number in 0..CONNECTIONS as u64 {
        let (provider, client) = (Arc::clone(provider), client.clone());
        let mut rng = StdRng::seed_from_u64(seed + number);
        connections.spawn(async move {
            loop {
                let Some(body) = provider.next() else {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    continue;
                };
                let node = {
                    let nodes = provider.nodes.lock().unwrap();
                    nodes[rng.random_range(0..nodes.len())].clone()
                };
                match post(&client, &node, &body, APP_SECRET).await {
                    Some(200) => provider.answered(None),
                    Some(503) | None => {
                        provider.answered(Some(body));
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                    Some(other) => panic!("HTTP {other}"),
                }
            }
        });
    }
    connections
}

fn channel_of(n: usize) -> &'static str {
    CHANNELS[n % CHANNELS.len()]
}

/// Forms of citizens `from..`, some of them twice, in any order, some bodies delivered twice.
fn forms(from: usize, rng: &mut StdRng) -> (Vec<String>, usize) {
    let (mut bodies, mut n) = (Vec::new(), from);
    for _ in 0..10 {
        let mut changes = Vec::new();
        for _ in 0..rng.random_range(1..=3) {
            let message = text(&number(n), &format!("wamid.form{n}"), now(), &form(&name(n), in_days(3)));
            changes.push(change(channel_of(n), std::slice::from_ref(&message)));
            if rng.random_bool(0.2) {
                changes.push(change(channel_of(n), &[message]));
            }
            n += 1;
        }
        let body = body(&[changes]);
        for _ in 0..rng.random_range(1..=3) {
            bodies.push(body.clone());
        }
    }
    bodies.shuffle(rng);
    (bodies, n)
}

/// Codes for whoever has heard their echo since the last call, some of them twice.
fn codes(whatsapp: &FakeWhatsApp, heard: &mut usize, rng: &mut StdRng) -> Vec<String> {
    let accepted = whatsapp.accepted();
    let mut bodies = Vec::new();
    for message in &accepted[*heard..] {
        let Some(echo) = said(message).filter(|text| text.contains("Kode konfirmasi")) else {
            continue;
        };
        let to = message["to"].as_str().unwrap();
        let n: usize = to[to.len() - 5..].parse().unwrap();
        let code = text(to, &format!("wamid.code{to}"), now(), &code_in(echo));
        let body = body(&[vec![change(channel_of(n), &[code])]]);
        for _ in 0..rng.random_range(1..=2) {
            bodies.push(body.clone());
        }
    }
    *heard = accepted.len();
    bodies
}

/// Ends the claims of dead nodes, as two minutes would. A live node's claim is never so old here.
async fn age_claims(tables: &mut Tables) -> i64 {
    let stale = now().timestamp_micros() + STALE_US;
    let which = format!("state = 'claimed' and lease_us > 0 and lease_us < {stale}");
    let count = tables.count(&format!("select count(*) from outbox where {which}")).await;
    // Past whatever a live node is just changing: two minutes would hold no locks either.
    let rows = format!("select id from outbox where {which} for update skip locked");
    tables.run(&format!("update outbox set lease_us = 0 where id in ({rows})")).await;
    count
}

/// Every citizen got their replies in the order in which they were written, each at least once.
async fn assert_in_order(whatsapp: &FakeWhatsApp, tables: &mut Tables) -> usize {
    let rows = tables.texts("select id || ' ' || contact || ' ' || coalesce(previous, 0) from outbox").await;
    let known: HashMap<i64, (String, i64)> = rows
        .iter()
        .map(|row| {
            let parts: Vec<&str> = row.split(' ').collect();
            (parts[0].parse().unwrap(), (parts[1].to_owned(), parts[2].parse().unwrap()))
        })
        .collect();
    let mut last: BTreeMap<String, i64> = BTreeMap::new();
    let mut sent: HashMap<i64, usize> = HashMap::new();
    for message in whatsapp.accepted() {
        let id: i64 = message["biz_opaque_callback_data"].as_str().unwrap().parse().unwrap();
        let (contact, previous) = known[&id].clone();
        let before = last.insert(contact, id).unwrap_or(0);
        assert!(before == id || before == previous, "reply {id} went out after reply {before}, not after {previous}");
        *sent.entry(id).or_default() += 1;
    }
    assert_eq!(sent.len(), known.len(), "each went out");
    sent.values().map(|times| times - 1).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn four_nodes_killed_at_random_lose_and_double_nothing_and_keep_the_order() {
    let kills = from_environment("ANTREAN_NODE_KILLS", KILLS);
    let seed = from_environment("ANTREAN_NODE_SEED", 20_170_807) as u64;
    let mut rng = StdRng::seed_from_u64(seed);
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.script("messages", (0..kills * 400).map(|_| Answer::Slow(Duration::from_millis(rng.random_range(1..40)))));
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    installation.add_office("depok", "1004");
    installation.add_office("bekasi", "1005");
    let mut tables = installation.tables().await;
    let mut nodes: Vec<ServerProcess> =
        block_in_place(|| (0..NODES).map(|_| ServerProcess::start(&installation)).collect());
    let provider = Arc::new(Provider::default());
    *provider.nodes.lock().unwrap() = nodes.iter().map(|node| node.address.clone()).collect();
    let mut connections = deliver(&provider, &nodes[0].client, seed);
    let (mut citizens, mut heard, mut aged) = (0, 0, 0);
    for _ in 0..kills {
        let (bodies, next) = forms(citizens, &mut rng);
        citizens = next;
        provider.push(bodies);
        provider.push(codes(&whatsapp, &mut heard, &mut rng));
        tokio::time::sleep(Duration::from_millis(rng.random_range(20..300))).await;
        let victim = rng.random_range(0..NODES);
        nodes.remove(victim).kill();
        tokio::time::sleep(Duration::from_millis(rng.random_range(0..200))).await;
        let born = block_in_place(|| ServerProcess::start(&installation));
        provider.nodes.lock().unwrap().remove(victim);
        provider.nodes.lock().unwrap().push(born.address.clone());
        nodes.push(born);
        aged += age_claims(&mut tables).await;
    }
    let end = std::time::Instant::now() + WAIT;
    let all = i64::try_from(citizens).unwrap();
    loop {
        provider.push(codes(&whatsapp, &mut heard, &mut rng));
        aged += age_claims(&mut tables).await;
        let booked = tables.count("select count(*) from booking where state = 'booked'").await;
        let open = tables.count("select count(*) from outbox where state in ('waiting', 'claimed')").await;
        if provider.left() == 0 && booked == all && open == 0 {
            break;
        }
        assert!(connections.try_join_next().is_none(), "a connection ended");
        assert!(std::time::Instant::now() < end, "{booked} of {all} booked, {open} replies, {} left", provider.left());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    connections.abort_all();
    for node in nodes {
        let (status, log) = block_in_place(|| node.terminate());
        assert!(status.success(), "{log}");
    }
    for counted in [
        "select count(*) from booking",
        "select count(distinct (channel, contact)) from booking",
        "select count(*) from seat",
        "select count(distinct (office, date, hour, number)) from seat",
        "select sum(taken) from hour",
        "select sum(taken) from day",
    ] {
        assert_eq!(tables.count(counted).await, all, "{counted}");
    }
    assert_eq!(tables.count("select count(*) from outbox where state = 'sent'").await, 2 * all);
    assert_eq!(tables.count("select count(*) from outbox").await, 2 * all);
    assert_eq!(tables.count("select count(*) from inbound").await, 2 * all);
    assert_eq!(tables.count("select count(*) from set_aside").await, 0);
    let extra = assert_in_order(&whatsapp, &mut tables).await;
    assert!(extra <= usize::try_from(aged).unwrap(), "{extra} went out again, {aged} claims were left by the dead");
    let audit = antrean::storage::Storage::open(&installation.url()).await.unwrap().audit(now()).await.unwrap();
    assert_eq!(audit.findings, Vec::<String>::new());
    eprintln!("{kills} kills, {citizens} citizens, {aged} claims left behind, {extra} replies sent again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_photo_is_fetched_by_one_node_and_every_reply_sent_by_one() {
    const PHOTOS: usize = 12;
    let whatsapp = FakeWhatsApp::start().await;
    whatsapp.script("messages", vec![Answer::Slow(Duration::from_millis(50)); 200]);
    for n in 0..PHOTOS {
        whatsapp.put_media(
            &format!("90{n:02}"),
            b"\xFF\xD8\xFF\xC0\x00\x11\x08\x00\x10\x00\x10\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01 invented".as_slice(),
        );
        whatsapp.script(&format!("90{n:02}"), [Answer::Slow(Duration::from_millis(150))]);
    }
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    let nodes: Vec<ServerProcess> =
        block_in_place(|| (0..NODES).map(|_| ServerProcess::start(&installation)).collect());
    let mut posts = JoinSet::new();
    for n in 0..PHOTOS {
        let caption = format!("#{}#12031990#Jl. Melati {n}, Batam", name(n));
        let message = photo(&number(n), &format!("wamid.{n}"), now(), &format!("90{n:02}"), Some(&caption));
        let node = &nodes[n % NODES];
        let (client, address) = (node.client.clone(), node.address.clone());
        let body = body(&[vec![change("1003", &[message])]]);
        posts.spawn(async move { post(&client, &address, &body, APP_SECRET).await });
    }
    assert!(posts.join_all().await.into_iter().all(|status| status == Some(200)));
    let mut tables = installation.tables().await;
    until("all photos are fetched and all replies sent", async || {
        let open = "select (select count(*) from media where state <> 'fetched') + \
                    (select count(*) from outbox where state <> 'sent')";
        (tables.count(open).await == 0).then_some(())
    })
    .await;
    // Everybody has slept and looked again since.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let gets = whatsapp.requests().into_iter().filter(|request| request.method == "GET").count();
    assert_eq!(gets, 2 * PHOTOS, "address and file of each, once");
    assert_eq!(whatsapp.accepted().len(), PHOTOS, "one ticket each");
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, 12);
    for node in nodes {
        assert!(block_in_place(|| node.terminate()).0.success());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_node_that_loses_its_database_says_so_and_recovers_by_itself() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new_on(Engine::Postgres, &whatsapp.api()).await;
    let proxy = Proxy::to(&installation.url()).await;
    let url = proxy.url(&installation.url());
    let node = block_in_place(|| ServerProcess::start_with(&installation, &[("ANTREAN_DATABASE", &url)]));
    let other = block_in_place(|| ServerProcess::start(&installation));
    let form_of = |n: usize| {
        let message = text(&number(n), &format!("wamid.{n}"), now(), &form(&name(n), in_days(3)));
        body(&[vec![change("1001", &[message])]])
    };
    assert_eq!(node.post(&form_of(0)).await, Some(200));
    assert_eq!(node.get("/readyz").await.0, 200);
    for n in 1..=3 {
        proxy.set(Mode::Cut);
        assert_eq!(node.post(&form_of(n)).await, Some(503));
        let (status, said) = node.get("/readyz").await;
        assert_eq!(status, 503, "{said}");
        assert_eq!(node.get("/healthz").await.0, 200, "a restart mends no database");
        assert_eq!(other.get("/readyz").await.0, 200);
        assert_eq!(other.post(&form_of(n)).await, Some(200), "the provider's next try finds another node");
        proxy.set(Mode::Whole);
        until("it is ready again", async || (node.get("/readyz").await.0 == 200).then_some(())).await;
        until("it serves again", async || (node.post(&form_of(n)).await == Some(200)).then_some(())).await;
        assert_eq!(node.post(&form_of(n + 10)).await, Some(200));
    }
    let mut tables = installation.tables().await;
    until("everybody has an answer", async || {
        // A reply whose record was cut off waits for the end of its claim, and goes out a second time.
        age_claims(&mut tables).await;
        (tables.count("select count(*) from outbox where state = 'sent'").await == 7).then_some(())
    })
    .await;
    assert_eq!(tables.count("select count(*) from booking").await, 7);
    let sent: BTreeSet<String> =
        whatsapp.accepted().iter().map(|message| message["biz_opaque_callback_data"].to_string()).collect();
    assert_eq!(sent.len(), 7);
    for node in [node, other] {
        assert!(block_in_place(|| node.terminate()).0.success());
    }
}

// Negative control: without `try_writing` in `Storage::ping` the row is as it was; without `skip locked` it waits for the other node.
#[tokio::test]
async fn a_health_check_writes() {
    let database = Database::migrated().await;
    let mut tables = Tables::of(&database.url).await;
    let storage = antrean::storage::Storage::open(&database.url).await.unwrap();
    let version = "select xmin::text from id_block";
    let before = tables.texts(version).await;
    storage.ping().await.unwrap();
    let after = tables.texts(version).await;
    assert_ne!(after, before);
    storage.ping().await.unwrap();
    assert_eq!(tables.texts(version).await, after, "it has just written");
    // A node that holds the row keeps nobody from being ready.
    tables.run("begin; update id_block set next = next").await;
    let other = antrean::storage::Storage::open(&database.url).await.unwrap();
    tokio::time::timeout(Duration::from_secs(2), other.ping()).await.expect("nobody is waited for").unwrap();
    tables.run("rollback").await;
}
