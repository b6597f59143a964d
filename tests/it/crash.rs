//! Killed at any moment and started again on the same data: no booking and no reply is lost or doubled.
//!
//! `ANTREAN_CRASH_ROUNDS` plays more rounds than the usual ones, `ANTREAN_CRASH_SEED` another course.

use std::collections::{BTreeMap, VecDeque};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::task::JoinSet;

use crate::support::engine::{Engine, on_both_engines};
use crate::support::fake_whatsapp::{Answer, FakeWhatsApp};
use crate::support::installation::{APP_SECRET, Installation, WAIT, command};
use crate::support::installation::{body, change, code_in, form, in_days, name, now, number, said, text, until};
use crate::support::server_process::{ServerProcess, post};

/// Kills in the usual run.
const ROUNDS: usize = 32;
/// Webhooks that one round tries to deliver.
const BODIES_A_ROUND: usize = 12;
/// Connections that deliver side by side.
const CONNECTIONS: usize = 4;

fn from_environment(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a number"))
}

/// What the provider still has to deliver: the front is next, what fails goes to the back.
type Queue = Arc<Mutex<VecDeque<String>>>;

/// Delivers the queue over several connections until it is empty or the process is gone; counts what was answered 200.
fn deliver(server: &ServerProcess, queue: &Queue) -> JoinSet<usize> {
    let mut connections = JoinSet::new();
    for _ in 0..CONNECTIONS {
        let (client, address, queue) = (server.client.clone(), server.address.clone(), Arc::clone(queue));
        connections.spawn(async move {
            let mut answered = 0;
            loop {
                let next = queue.lock().unwrap().pop_front();
                let Some(body) = next else { return answered };
                match post(&client, &address, &body, APP_SECRET).await {
                    Some(200) => answered += 1,
                    Some(503) => queue.lock().unwrap().push_back(body),
                    None => {
                        queue.lock().unwrap().push_back(body);
                        return answered;
                    }
                    Some(other) => panic!("HTTP {other}"),
                }
            }
        });
    }
    connections
}

/// Forms of citizens `from..`, one to three a body, some of them twice.
fn forms(from: usize, rng: &mut StdRng) -> (Vec<String>, usize) {
    let (mut bodies, mut n) = (Vec::new(), from);
    for _ in 0..BODIES_A_ROUND {
        let mut messages = Vec::new();
        for _ in 0..rng.random_range(1..=3) {
            messages.push(text(&number(n), &format!("wamid.form{n}"), now(), &form(&name(n), in_days(3))));
            n += 1;
        }
        if rng.random_bool(0.3) {
            messages.push(messages[0].clone());
        }
        bodies.push(body(&[vec![change("1001", &messages)]]));
    }
    (bodies, n)
}

/// Accepted messages by the number of the reply that they carry: how often each went out.
fn sendings(whatsapp: &FakeWhatsApp) -> BTreeMap<i64, usize> {
    let mut sendings = BTreeMap::new();
    for message in whatsapp.accepted() {
        let id = message["biz_opaque_callback_data"].as_str().and_then(|id| id.parse().ok()).expect("our number");
        *sendings.entry(id).or_default() += 1;
    }
    sendings
}

/// Codes for whoever has heard their echo since the last call.
fn codes(whatsapp: &FakeWhatsApp, heard: &mut usize) -> Vec<String> {
    let accepted = whatsapp.accepted();
    let fresh = accepted[*heard..].iter().filter_map(|message| {
        let echo = said(message).filter(|text| text.contains("Kode konfirmasi"))?;
        let to = message["to"].as_str()?;
        let code = text(to, &format!("wamid.code{to}"), now(), &code_in(echo));
        Some(body(&[vec![change("1001", &[code])]]))
    });
    let bodies = fresh.collect();
    *heard = accepted.len();
    bodies
}

// Negative control: with `take_over_claims` left out at the start, replies wait for a dead process's leases.
async fn killed_at_any_moment_it_loses_and_doubles_nothing(engine: Engine) {
    let rounds = from_environment("ANTREAN_CRASH_ROUNDS", ROUNDS);
    let mut rng = StdRng::seed_from_u64(from_environment("ANTREAN_CRASH_SEED", 20_170_807) as u64);
    let whatsapp = FakeWhatsApp::start().await;
    let slow: Vec<Answer> =
        (0..rounds * 400).map(|_| Answer::Slow(Duration::from_millis(rng.random_range(1..60)))).collect();
    whatsapp.script("messages", slow);
    let installation = Installation::new_on(engine, &whatsapp.api()).await;
    let queue = Queue::default();
    let (mut citizens, mut heard, mut counted) = (0, 0, 0);
    for _ in 0..rounds {
        let server = ServerProcess::start(&installation);
        counted += server.metric("antrean_replies_total{verdict=\"taken_over\"").await;
        let (bodies, next) = forms(citizens, &mut rng);
        citizens = next;
        queue.lock().unwrap().extend(codes(&whatsapp, &mut heard));
        queue.lock().unwrap().extend(bodies);
        let left = queue.lock().unwrap().len();
        let connections = deliver(&server, &queue);
        if rng.random_bool(0.8) {
            // Most kills come when work is under way, some while the process is still warming up.
            until("a body is taken", async || (queue.lock().unwrap().len() + CONNECTIONS < left).then_some(())).await;
        }
        tokio::time::sleep(Duration::from_millis(rng.random_range(1..250))).await;
        // After twenty deaths a reply is given up, which is another test's: on a busy machine one might get there.
        let mut tables = installation.tables().await;
        let worn = "select count(*) from outbox where state in ('waiting', 'claimed') and lapses >= 12";
        until("what outlived many deaths is sent", async || (tables.count(worn).await == 0).then_some(())).await;
        server.kill();
        connections.join_all().await;
        if engine == Engine::Postgres {
            // Other nodes may be alive there, so a dead one's claims only run out: two minutes pass here.
            counted += u64::try_from(tables.many("select count(*) from outbox where state = 'claimed'").await).unwrap();
            tables.run("update outbox set lease_us = 0 where state = 'claimed'").await;
        }
    }
    // The last start is left alive until all is delivered and sent.
    let server = ServerProcess::start(&installation);
    let last = server.metric("antrean_replies_total{verdict=\"taken_over\"").await;
    counted += last;
    let mut tables = installation.tables().await;
    loop {
        queue.lock().unwrap().extend(codes(&whatsapp, &mut heard));
        if queue.lock().unwrap().is_empty() {
            break;
        }
        deliver(&server, &queue).join_all().await;
        until("everything is sent", async || {
            (tables.count("select count(*) from outbox where state in ('waiting', 'claimed')").await == 0).then_some(())
        })
        .await;
    }
    counted += server.metric("antrean_replies_total{verdict=\"ambiguous\"").await;
    let (status, log) = server.terminate();
    assert!(status.success(), "{log}");

    let citizens = i64::try_from(citizens).unwrap();
    assert_eq!(tables.count("select count(*) from booking").await, citizens, "one booking for each form");
    assert_eq!(tables.count("select count(distinct contact) from booking").await, citizens);
    assert_eq!(tables.count("select count(*) from booking where state = 'booked'").await, citizens, "all confirmed");
    assert_eq!(tables.count("select count(*) from seat").await, citizens);
    assert_eq!(tables.count("select count(*) from set_aside").await, 0);
    // Echo and ticket for each, without a gap in anybody's order, and each with the provider at least once.
    let unsent = "select state || ' after ' || lapses || ' deaths, ' || faults || ' faults, ' || doubts || ' doubts: ' \
                  || coalesce(error, '') from outbox where state <> 'sent'";
    assert_eq!(tables.texts(unsent).await, Vec::<String>::new());
    assert_eq!(tables.count("select count(*) from outbox").await, 2 * citizens);
    let after = "select count(*) from outbox ticket join outbox echo on echo.id = ticket.previous \
                 and echo.contact = ticket.contact where echo.previous is null";
    assert_eq!(tables.count(after).await, citizens);
    let sendings = sendings(&whatsapp);
    for id in tables.texts("select cast(id as text) from outbox").await {
        assert!(sendings.contains_key(&id.parse::<i64>().unwrap()), "reply {id} never reached the provider");
    }
    let extra: usize = sendings.values().map(|count| count - 1).sum();
    assert!(extra as u64 <= counted, "{extra} went out again, {counted} were counted");
    assert!(counted > 0, "no kill hit a sending: the rounds prove nothing");
    let storage = antrean::storage::Storage::open(&installation.url()).await.unwrap();
    assert_eq!(storage.audit(now()).await.unwrap().findings, Vec::<String>::new());
    eprintln!("{rounds} kills, {citizens} citizens, {counted} replies taken over, {extra} sent again");
}

// Negative control: without the lock the second process serves too.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_the_same_data_is_refused() {
    let whatsapp = FakeWhatsApp::start().await;
    let installation = Installation::new(&whatsapp.api());
    let first = ServerProcess::start(&installation);
    let mut second = command(installation.folder.path());
    second.args(["serve", "--config"]).arg(installation.config()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut second = second.spawn().unwrap();
    let ended = tokio::time::timeout(WAIT, async {
        while second.try_wait().unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    if ended.await.is_err() {
        second.kill().unwrap();
    }
    let second = second.wait_with_output().unwrap();
    let said = String::from_utf8(second.stderr).unwrap();
    assert_eq!(second.status.code(), Some(1), "{said}");
    assert!(said.contains("another antrean serves the database") && said.contains("antrean.db"), "{said}");
    assert_eq!(first.get("/readyz").await.0, 200, "the first one serves on");
    // Killed, it leaves no lock behind.
    first.kill();
    assert!(ServerProcess::start(&installation).terminate().0.success());
}

on_both_engines!(killed_at_any_moment_it_loses_and_doubles_nothing,);
