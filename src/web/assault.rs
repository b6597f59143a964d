//! Attacks on the real server, over real sockets: unauthenticated clients take neither connections nor memory from others.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::http::{Request, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;

use super::fakes::{Behavior, FakeDesk, Log, app_state, state_with_simulator};
use super::{AppState, Guard, GuardSettings, Limits, Server, guarded, router};

const KIB: usize = 1024;
/// A head whose form is right and whose proof is not.
const FORGED: &str = "POST /webhooks/wa HTTP/1.1\r\nhost: a\r\nx-signed: no\r\n";
const GENUINE: &[u8] =
    b"POST /webhooks/wa HTTP/1.1\r\nhost: a\r\nx-signed: yes\r\nconnection: close\r\ncontent-length: 4\r\n\r\nhalo";

struct Started {
    address: SocketAddr,
    guard: Arc<Guard>,
    state: AppState,
    _running: DropGuard,
}

impl Started {
    async fn start(desk: &Arc<FakeDesk>, connections_max: usize, settings: GuardSettings) -> Self {
        let mut state = app_state(desk);
        state.timeouts.body = Duration::from_secs(30);
        state.timeouts.grace = Duration::from_secs(30);
        state.timeouts.verdict = Duration::from_secs(30);
        let guard = Arc::new(Guard::new(settings));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits { connections_max, header_time: Duration::from_secs(30), ..Limits::default() };
        let shutdown = CancellationToken::new();
        let router = guarded(state.clone(), Arc::clone(&guard));
        let server = Server { router, guard: Arc::clone(&guard), limits, metrics: Arc::clone(&state.metrics) };
        tokio::spawn(server.serve(listener, shutdown.clone()));
        Self { address, guard, state, _running: shutdown.drop_guard() }
    }

    /// A connection that has sent this.
    async fn opened(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// The answer to a request on a connection of its own.
    async fn ask(&self, request: &[u8]) -> String {
        let answer = async {
            let mut stream = TcpStream::connect(self.address).await.ok()?;
            stream.write_all(request).await.ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.ok()?;
            Some(answer)
        };
        tokio::time::timeout(Duration::from_secs(10), answer).await.ok().flatten().unwrap_or_default()
    }

    async fn health(&self, path: &str) -> String {
        self.ask(format!("GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").as_bytes()).await
    }
}

// Negative control: with `precheck` asked only after `body::read`, the answer comes when the body's time is up.
#[tokio::test]
async fn a_head_without_a_proof_is_turned_away_before_its_body() {
    let desk = FakeDesk::behaving(Behavior::Serves);
    let server = Started::start(&desk, 8, GuardSettings::default()).await;
    let began = Instant::now();
    let unsigned = b"POST /webhooks/wa HTTP/1.1\r\nhost: a\r\ncontent-length: 4000000\r\n\r\n";
    let answer = server.ask(unsigned).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(server.guard.budget.used(), 0);
}

// Negative control: with no body made to go (`take_from` giving up at once), the genuine ones get 503.
#[tokio::test]
async fn small_genuine_bodies_get_in_while_large_ones_hold_all_the_memory() {
    let desk = FakeDesk::behaving(Behavior::Serves);
    let settings = GuardSettings { body_bytes_max: 2 * 1024 * KIB, ..GuardSettings::default() };
    let server = Started::start(&desk, 400, settings).await;
    let head = format!("{FORGED}content-length: 4194304\r\n\r\n");
    let mut crowd = Vec::new();
    for _ in 0..150 {
        let mut stream = server.opened(&head).await;
        let wave = tokio::time::timeout(Duration::from_millis(200), stream.write_all(&vec![b'x'; 64 * KIB])).await;
        drop(wave);
        crowd.push(stream);
    }
    let used = server.guard.budget.used();
    assert!((1024 * KIB..=2 * 1024 * KIB).contains(&used), "the budget is full, and kept: {used}");
    for n in 0..50 {
        let answer = server.ask(GENUINE).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{n}: {answer}");
    }
    assert_eq!(desk.served(), 50);
    drop(crowd);
    let empty = async {
        while server.guard.budget.used() > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), empty).await.expect("all memory is given back");
}

// Negative control: without the race in `take_raw`, the first waits for its turn with its memory, and no answer comes.
#[tokio::test]
async fn a_body_that_is_evicted_while_it_waits_for_its_turn_gives_its_memory_back_at_once() {
    let desk = FakeDesk::behaving(Behavior::Serves);
    let settings = GuardSettings { body_bytes_max: 1024 * KIB, ..GuardSettings::default() };
    let server = Started::start(&desk, 8, settings).await;
    let turn = server.guard.large.acquire().await.unwrap();
    let request =
        format!("{FORGED}connection: close\r\ncontent-length: {}\r\n\r\n{}", 900 * KIB, "x".repeat(900 * KIB));
    let first = server.ask(request.as_bytes());
    let second = async {
        while server.guard.budget.used() < 900 * KIB {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let mut lease = server.guard.budget.open(None).unwrap();
        lease.grow_to(300 * KIB).unwrap();
        lease
    };
    let (answer, lease) = tokio::join!(first, second);
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("retry-after: 5"), "{answer}");
    drop((lease, turn));
    assert_eq!(server.guard.budget.used(), 0);
}

// Negative control: with `take_in` evicting nobody, only health is answered, and no genuine webhook.
#[tokio::test]
async fn slow_connections_keep_out_neither_webhooks_nor_health() {
    let desk = FakeDesk::behaving(Behavior::Serves);
    let server = Started::start(&desk, 32, GuardSettings::default()).await;
    let body = format!("{FORGED}content-length: 100000\r\n\r\nx");
    let kinds = ["", "POST /webhooks/wa HTTP/1.1\r\nhost: a\r\nx-slow: ", &body];
    let mut crowd = Vec::new();
    for n in 0..120 {
        crowd.push(server.opened(kinds[n % 3]).await);
    }
    for n in 0..30 {
        let answer = server.ask(GENUINE).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{n}: {answer}");
        for path in ["/healthz", "/readyz", "/metrics"] {
            let began = Instant::now();
            let answer = server.health(path).await;
            assert!(answer.starts_with("HTTP/1.1 200"), "{path}: {answer}");
            assert!(began.elapsed() < Duration::from_secs(3), "{path}: {:?}", began.elapsed());
        }
        crowd.push(server.opened(kinds[n % 3]).await);
    }
    assert!(server.state.metrics.connections_evicted.get() > 80);
    assert_eq!(desk.served(), 30);
}

// Negative control: without `prove` on the connection, the genuine ones at work are cut off for the newcomers.
#[tokio::test]
async fn whoever_is_being_served_is_never_cut_off_and_health_has_permits_of_its_own() {
    let desk = FakeDesk::behaving(Behavior::Waits);
    let server = Started::start(&desk, 4, GuardSettings::default()).await;
    let mut waiting = Vec::new();
    for _ in 0..4 {
        let stream = server.opened(std::str::from_utf8(GENUINE).unwrap()).await;
        desk.begun.notified().await;
        waiting.push(stream);
    }
    let refused = server.ask(GENUINE).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 5"), "{refused}");
    assert!(server.health("/readyz").await.starts_with("HTTP/1.1 200"));
    let mut served = 0;
    for mut stream in waiting {
        desk.go.notify_one();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        served += usize::from(answer.starts_with("HTTP/1.1 200"));
    }
    assert_eq!(served, 4);
}

// Meant to fail (not broken on purpose yet): with `waiting` acquired by nobody the third waits as well, and its answer is empty.
#[tokio::test]
async fn while_as_many_wait_as_may_the_others_are_refused_at_once() {
    let desk = FakeDesk::behaving(Behavior::Waits);
    let server = Started::start(&desk, 32, GuardSettings { waiting_max: 2, ..GuardSettings::default() }).await;
    let mut waiting = Vec::new();
    for _ in 0..2 {
        waiting.push(server.opened(std::str::from_utf8(GENUINE).unwrap()).await);
        desk.begun.notified().await;
    }
    let refused = server.ask(GENUINE).await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 5"), "{refused}");
    for mut stream in waiting {
        desk.go.notify_one();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    *desk.behavior.lock().unwrap() = Behavior::Serves;
    assert!(server.ask(GENUINE).await.starts_with("HTTP/1.1 200"), "there is room again");
}

// Negative control: with the line of each refusal at `info`, as it was, the log has thousands of lines. Without the trusted
// proxy, the address is the proxy's.
#[tokio::test]
async fn a_flood_of_forgeries_is_a_few_lines_with_the_address_and_counted_exactly() {
    let page = Log::default();
    let _log = page.keep();
    let trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    let desk = FakeDesk::behaving(Behavior::Serves);
    let server = Started::start(&desk, 32, GuardSettings { trusted_proxies, ..GuardSettings::default() }).await;
    let mut stream = server.opened("").await;
    let mut answer = vec![0; 4 * KIB];
    for n in 0..2_000 {
        let address = if n % 4 == 0 { "198.51.100.8" } else { "203.0.113.9" };
        let request = format!("{FORGED}x-forwarded-for: 6.6.6.6, {address}\r\ncontent-length: 4\r\n\r\nhalo");
        stream.write_all(request.as_bytes()).await.unwrap();
        let count = stream.read(&mut answer).await.unwrap();
        assert!(answer[..count].starts_with(b"HTTP/1.1 401"), "{n}");
    }
    tokio::time::sleep(super::protection::SUMMARY_TIME + Duration::from_millis(500)).await;
    let log = page.text();
    assert!(log.lines().count() <= 6 && log.len() < 2_000, "{} bytes: {log}", log.len());
    assert!(log.contains("reason=\"denied\"") && log.contains("at=\"wa\""), "{log}");
    assert!(log.contains("client.address=203.0.113.9") && !log.contains("6.6.6.6"), "{log}");
    assert!(log.contains("count=") && log.contains("clients=2"), "{log}");
    let told: u64 =
        log.lines().filter_map(|line| line.split(" count=").nth(1)?.split(' ').next()?.parse::<u64>().ok()).sum();
    assert_eq!(told + 1, 2_000, "the first, and the sum of the others: {log}");
    let counters = server.health("/metrics").await;
    assert!(counters.contains(r#"antrean_webhooks_total{gateway="wa",outcome="denied"} 2000"#), "{counters}");
}

// Negative control: with `precheck` and `verify` of the simulator letting everything in, as they did, the first five are
// 200; without the layer around its routes, the clock moves for another site.
#[tokio::test]
async fn other_sites_neither_write_to_the_simulator_nor_move_its_clock() {
    let (state, _) = state_with_simulator(&FakeDesk::behaving(Behavior::Serves));
    let routes = router(state);
    let typed = r#"{"key":"bogor","messages":[{"id":"m1","from":"6281200000001","text":"halo"}]}"#;
    let step = r#"{"minutes": 60}"#;
    let json = ("content-type", "application/json");
    for (path, headers, body, status) in [
        ("/webhooks/sim", &[("content-type", "text/plain")][..], typed, 401),
        ("/webhooks/sim", &[], typed, 401),
        ("/webhooks/sim", &[json, ("host", "localhost:8080"), ("origin", "https://evil.example")], typed, 401),
        ("/webhooks/sim", &[json, ("host", "evil.example:8080"), ("origin", "http://evil.example:8080")], typed, 401),
        ("/webhooks/sim", &[json, ("host", "localhost:8080"), ("origin", "null")], typed, 401),
        ("/webhooks/sim", &[json, ("host", "localhost:8080"), ("origin", "http://localhost:8080")], typed, 200),
        ("/webhooks/sim", &[json, ("host", "127.0.0.1:8080")], typed, 200),
        ("/simulator/clock", &[json, ("host", "localhost:8080"), ("origin", "https://evil.example")], step, 403),
        ("/simulator/clock", &[json, ("host", "evil.example"), ("origin", "http://evil.example")], step, 403),
        ("/simulator/clock", &[json, ("host", "localhost:8080"), ("origin", "http://localhost:8080")], step, 200),
    ] {
        let mut request = Request::post(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = routes.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path} {headers:?}");
    }
    for (host, status) in [("evil.example", StatusCode::FORBIDDEN), ("localhost:8080", StatusCode::OK)] {
        let request = Request::get("/simulator/overview").header("host", host).body(Body::empty()).unwrap();
        assert_eq!(routes.clone().oneshot(request).await.unwrap().status(), status, "{host}");
    }
}

#[test]
fn a_server_takes_no_more_connections_than_it_has_descriptors_for() {
    let limits = Limits { connections_max: 1_024, ..Limits::default() };
    assert_eq!(limits.capped_by_descriptors(None).connections_max, 1_024);
    assert_eq!(limits.capped_by_descriptors(Some(65_536)).connections_max, 1_024);
    assert_eq!(limits.capped_by_descriptors(Some(1_024)).connections_max, 768);
    assert_eq!(limits.capped_by_descriptors(Some(256)).connections_max, 128);
}
