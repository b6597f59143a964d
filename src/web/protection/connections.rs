//! All open connections, up to a limit. At the limit an unverified one is evicted for a new one, so that holding connections
//! open keeps out neither a genuine webhook nor a health check.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::client::Client;
use super::limits::Limits;

/// Permits beyond the limit, for when every connection serves a verified request: on these only health is answered.
const RESERVE: usize = 32;
/// How long a new connection is not evicted, so that a burst of others does not evict it before it could send a request. While all
/// permits are taken by connections this young, none is accepted: unverified clients evict each other five times a second at most.
const PROTECTED_TIME: Duration = Duration::from_millis(200);
/// Health checks that are answered at the same time; a machine sends one every few seconds.
const HEALTH_MAX: usize = 32;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Work {
    /// Nothing, or headers are coming.
    Waiting,
    /// A request whose sender is not verified yet.
    Unproven,
    /// A request whose sender is verified.
    Proven,
    /// A health check.
    Health,
}

/// One connection.
#[derive(Debug)]
pub(in crate::web) struct Connection {
    pub(in crate::web) client: Client,
    /// Accepted beyond the limit: health only.
    is_reserve: bool,
    since: Instant,
    work: AtomicU8,
    has_proven: AtomicBool,
    leave: CancellationToken,
    /// Whether a request was under way when it was evicted.
    is_cut_off: AtomicBool,
    health: Arc<AtomicUsize>,
}

/// The rank of an unproven connection that is still [`PROTECTED_TIME`].
const YOUNG: u8 = 2;

impl Connection {
    fn is_at(&self, work: Work) -> bool {
        self.work.load(Ordering::Relaxed) == work as u8
    }

    fn turn_to(&self, work: Work) {
        self.work.store(work as u8, Ordering::Relaxed);
    }

    /// The order of eviction, the lowest first; `None`: never evicted. Of the unproven the idle goes before one with
    /// a request under way, which may be a genuine one that is about to prove itself.
    fn rank(&self, now: Instant) -> Option<u8> {
        if self.is_at(Work::Proven) || self.is_at(Work::Health) {
            return None;
        }
        match (self.has_proven.load(Ordering::Relaxed), self.is_at(Work::Unproven)) {
            (false, _) if self.is_young(now) => Some(YOUNG),
            (false, false) => Some(0),
            (false, true) => Some(1),
            (true, true) => Some(3),
            (true, false) => Some(4),
        }
    }

    fn is_young(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) < PROTECTED_TIME
    }

    /// Whose it is, where it has proved nothing and the limit for one client applies.
    fn unproven_key(&self) -> Option<IpAddr> {
        let is_unproven = !self.has_proven.load(Ordering::Relaxed) && !self.is_at(Work::Health);
        self.client.key().filter(|_| is_unproven)
    }

    /// A request begins; `None` where this connection, or so many at once, have none.
    pub(in crate::web) fn begin(self: &Arc<Self>, path: &str) -> Option<ActiveRequest> {
        let is_health = matches!(path, "/healthz" | "/readyz" | "/metrics");
        if is_health {
            let free = |taken| (taken < HEALTH_MAX).then_some(taken + 1);
            self.health.fetch_update(Ordering::Relaxed, Ordering::Relaxed, free).ok()?;
            self.turn_to(Work::Health);
        } else if self.is_reserve {
            return None;
        } else {
            self.turn_to(Work::Unproven);
        }
        Some(ActiveRequest { connection: Arc::clone(self), is_health })
    }

    /// The request under way proved who sent it.
    pub(in crate::web) fn prove(&self) {
        self.has_proven.store(true, Ordering::Relaxed);
        self.turn_to(Work::Proven);
    }

    /// Resolves when the connection is evicted, with the log's name for it.
    pub(in crate::web) async fn leaving(&self) -> &'static str {
        self.leave.cancelled().await;
        if self.is_cut_off.load(Ordering::Relaxed) { "evicted_under_way" } else { "evicted_idle" }
    }
}

/// A request under way.
#[derive(Debug)]
pub(in crate::web) struct ActiveRequest {
    connection: Arc<Connection>,
    is_health: bool,
}

impl Drop for ActiveRequest {
    fn drop(&mut self) {
        self.connection.turn_to(Work::Waiting);
        if self.is_health {
            self.connection.health.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// All connections, in the order in which they came.
#[derive(Debug)]
pub(in crate::web) struct Connections {
    limits: Limits,
    table: Mutex<Table>,
    health: Arc<AtomicUsize>,
    freed: Notify,
}

#[derive(Debug, Default)]
struct Table {
    next: u64,
    open: BTreeMap<u64, Arc<Connection>>,
}

impl Table {
    /// The one of those that `fits` which is least worth keeping, and of equals the oldest.
    fn first_to_evict(&self, fits: impl Fn(&Connection) -> bool) -> Option<u64> {
        let now = Instant::now();
        let fitting = self.open.iter().filter(|(_, open)| fits(open));
        fitting.filter_map(|(&id, open)| Some((open.rank(now)?, id))).min().map(|(_, id)| id)
    }

    /// Evicts the first of those; whether there was one.
    fn evict(&mut self, fits: impl Fn(&Connection) -> bool) -> bool {
        let Some(id) = self.first_to_evict(fits) else { return false };
        if let Some(connection) = self.open.remove(&id) {
            connection.is_cut_off.store(connection.is_at(Work::Unproven), Ordering::Relaxed);
            connection.leave.cancel();
        }
        true
    }
}

/// A permit; free again when dropped.
#[derive(Debug)]
pub(in crate::web) struct Permit {
    pub(in crate::web) connection: Arc<Connection>,
    id: u64,
    all: Arc<Connections>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.all.table().open.remove(&self.id);
        self.all.freed.notify_one();
    }
}

impl Connections {
    pub(in crate::web) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, table: Mutex::default(), health: Arc::default(), freed: Notify::new() })
    }

    /// Waits until one more connection can be accepted: until the first to evict is no longer protected, or, where all serve
    /// requests and the reserve is full, until one ends.
    pub(in crate::web) async fn wait_for_permit(&self) {
        loop {
            let freed = self.freed.notified();
            let wait = {
                let table = self.table();
                if table.open.len() < self.limits.connections_max {
                    return;
                }
                let now = Instant::now();
                match table.first_to_evict(|_| true).and_then(|id| table.open.get(&id)) {
                    Some(open) if open.rank(now) == Some(YOUNG) => {
                        PROTECTED_TIME.saturating_sub(now.saturating_duration_since(open.since))
                    }
                    Some(_) => Duration::ZERO,
                    None if table.open.len() < self.limits.connections_max + RESERVE => Duration::ZERO,
                    None => Duration::MAX,
                }
            };
            if wait.is_zero() {
                return;
            }
            // Either is a reason to look again.
            let _ = tokio::time::timeout(wait, freed).await;
        }
    }

    /// Gives a new connection a permit; also returns how many were evicted for it.
    ///
    /// One address may stand for many senders (a proxy that is not named as trusted, a shared network), so the limit for one
    /// client counts only from half of the permits on: below that, nobody lacks anything.
    pub(in crate::web) fn accept(self: &Arc<Self>, client: Client) -> (Permit, u64) {
        let mut table = self.table();
        let (now, mut evicted) = (Instant::now(), 0);
        if table.open.len() >= self.limits.connections_max.div_ceil(2)
            && let Some(key) = client.key()
        {
            let is_same = |open: &Connection| open.unproven_key() == Some(key);
            if table.open.values().filter(|open| is_same(open)).count() >= self.limits.connections_per_client_max {
                evicted += u64::from(table.evict(|open| is_same(open) && !open.is_young(now)));
            }
        }
        if table.open.len() >= self.limits.connections_max {
            let clients_over_limit = self.clients_over_limit(&table, client);
            let is_of_crowd =
                |open: &Connection| open.unproven_key().is_some_and(|key| clients_over_limit.contains(&key));
            evicted += u64::from(table.evict(is_of_crowd) || table.evict(|_| true));
        }
        let connection = Arc::new(Connection {
            client,
            is_reserve: table.open.len() >= self.limits.connections_max,
            since: Instant::now(),
            work: AtomicU8::new(Work::Waiting as u8),
            has_proven: AtomicBool::new(false),
            leave: CancellationToken::new(),
            is_cut_off: AtomicBool::new(false),
            health: Arc::clone(&self.health),
        });
        let id = table.next;
        table.next += 1;
        table.open.insert(id, Arc::clone(&connection));
        (Permit { connection, id, all: Arc::clone(self) }, evicted)
    }

    /// Who is beyond the limit for one client, with the newcomer counted.
    fn clients_over_limit(&self, table: &Table, newcomer: Client) -> HashSet<IpAddr> {
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for key in table.open.values().filter_map(|open| open.unproven_key()).chain(newcomer.key()) {
            *counts.entry(key).or_default() += 1;
        }
        let limit = self.limits.connections_per_client_max;
        counts.into_iter().filter(|(_, count)| *count > limit).map(|(key, _)| key).collect()
    }

    /// Evicts some because the system has no descriptor left for a new one; whether there were any.
    pub(in crate::web) fn evict_some(&self) -> bool {
        let mut table = self.table();
        (0..8).filter(|_| table.evict(|_| true)).count() > 0
    }

    /// The table; each change to it is whole, so a panic elsewhere leaves nothing broken in it.
    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(connections_max: usize, connections_per_client_max: usize) -> Arc<Connections> {
        let second = Duration::from_secs(1);
        Connections::new(Limits {
            connections_max,
            connections_per_client_max,
            header_time: second,
            drain_time: second,
        })
    }

    fn client(address: &str) -> Client {
        Client::of_socket(Some(address.parse().unwrap()), &[])
    }

    fn is_gone(permit: &Permit) -> bool {
        permit.connection.leave.is_cancelled()
    }

    // With the newest given up instead of the oldest, the first line fails; with `has_proven` not asked, the third.
    #[test]
    fn who_proved_nothing_goes_first_and_of_these_the_oldest() {
        let all = connections(4, 9);
        let local = client("127.0.0.1");
        let mut permits: Vec<Permit> = (0..4).map(|_| all.accept(local).0).collect();
        let genuine = permits[0].connection.begin("/webhooks/wa").unwrap();
        permits[0].connection.prove();
        permits.push(all.accept(local).0);
        assert_eq!(permits.iter().map(is_gone).collect::<Vec<_>>(), [false, true, false, false, false]);
        // Between two requests it is kept as long as there are others.
        drop(genuine);
        permits.push(all.accept(local).0);
        assert_eq!(permits.iter().map(is_gone).collect::<Vec<_>>(), [false, true, true, false, false, false]);
    }

    // Without the reserve, a fifth connection could be told nothing while four work.
    #[tokio::test]
    async fn when_all_are_at_work_only_health_is_answered() {
        let all = connections(4, 9);
        let mut turns = Vec::new();
        let mut permits = Vec::new();
        for _ in 0..4 {
            let (permit, evicted) = all.accept(client("127.0.0.1"));
            turns.push(permit.connection.begin("/webhooks/wa").unwrap());
            permit.connection.prove();
            assert_eq!(evicted, 0);
            permits.push(permit);
        }
        let (late, evicted) = all.accept(client("127.0.0.1"));
        assert_eq!(evicted, 0);
        assert!(late.connection.begin("/webhooks/wa").is_none());
        assert!(late.connection.begin("/readyz").is_some());
        let health: Vec<_> = (0..HEALTH_MAX).map(|_| late.connection.begin("/metrics").unwrap()).collect();
        assert!(late.connection.begin("/readyz").is_none(), "so many at once");
        drop(health);
        assert!(late.connection.begin("/readyz").is_some());
        drop(late);
        for _ in 0..RESERVE {
            let (permit, _) = all.accept(client("127.0.0.1"));
            turns.push(permit.connection.begin("/healthz").unwrap());
            permits.push(permit);
        }
        let waits = tokio::time::timeout(Duration::from_millis(20), all.wait_for_permit()).await;
        assert!(waits.is_err(), "everybody is at work");
        drop(turns.pop());
        drop(permits.pop());
        all.wait_for_permit().await;
    }

    // Without the limit for one client, all four of the others are pushed out by the one.
    #[test]
    fn one_client_pushes_out_only_itself() {
        let all = connections(8, 3);
        let others: Vec<Permit> = (0..4).map(|n| all.accept(client(&format!("198.51.100.{n}"))).0).collect();
        let crowd: Vec<Permit> = (0..50).map(|_| all.accept(client("203.0.113.9")).0).collect();
        assert!(!others.iter().any(is_gone));
        assert_eq!(crowd.iter().filter(|permit| !is_gone(permit)).count(), 4, "what was free");
        // This machine and proxies are exempt: everybody behind them would be one client.
        let local: Vec<Permit> = (0..5).map(|_| all.accept(client("127.0.0.1")).0).collect();
        assert!(!local.iter().any(is_gone));
    }

    // Negative control: with the limit counted from the first permit on, some of the 200 go for the 100 after them; without the
    // 200 ms for the client's own, some of the 1,000 go.
    #[test]
    fn a_shared_address_loses_nobody_while_permits_are_free() {
        let all = connections(1_024, 128);
        let mut shared: Vec<Permit> = (0..200).map(|_| all.accept(client("192.0.2.2")).0).collect();
        std::thread::sleep(PROTECTED_TIME);
        shared.extend((0..100).map(|_| all.accept(client("192.0.2.2")).0));
        assert!(!shared.iter().any(is_gone));
        let all = connections(1_024, 128);
        let shared: Vec<Permit> = (0..300).map(|_| all.accept(client("192.0.2.2")).0).collect();
        let more: Vec<Permit> = (0..700).map(|_| all.accept(client("192.0.2.2")).0).collect();
        assert!(!more.iter().chain(&shared).any(is_gone), "a burst has time to speak");
        std::thread::sleep(PROTECTED_TIME);
        let _last = all.accept(client("192.0.2.2"));
        assert!(is_gone(&shared[0]), "from half of the permits on the limit counts");
        assert_eq!(more.iter().chain(&shared).filter(|permit| is_gone(permit)).count(), 1);
        // Somebody else pushes out one of the crowd, even where others are older.
        let all = connections(8, 3);
        let other = all.accept(client("198.51.100.1")).0;
        let crowd: Vec<Permit> = (0..7).map(|_| all.accept(client("192.0.2.2")).0).collect();
        std::thread::sleep(PROTECTED_TIME);
        let _newcomer = all.accept(client("198.51.100.2"));
        assert!(!is_gone(&other) && is_gone(&crowd[0]));
    }

    // Negative control: with one rank for both, the one with a request under way goes, since it is older; with the young ranked
    // as the idle, the newcomers that could not speak yet go.
    #[tokio::test]
    async fn the_idle_go_before_a_request_under_way_and_the_young_after_both() {
        let all = connections(4, 9);
        let mut permits: Vec<Permit> = (0..4).map(|_| all.accept(client("192.0.2.2")).0).collect();
        let _under_way = permits[0].connection.begin("/webhooks/wa").unwrap();
        std::thread::sleep(PROTECTED_TIME);
        for evicted in [1, 2, 3, 0] {
            permits.push(all.accept(client("192.0.2.2")).0);
            assert!(is_gone(&permits[evicted]), "{evicted}");
        }
        assert_eq!(permits.iter().filter(|permit| is_gone(permit)).count(), 4);
        assert_eq!(permits[0].connection.leaving().await, "evicted_under_way");
        assert_eq!(permits[1].connection.leaving().await, "evicted_idle");
    }

    #[test]
    fn permits_are_free_again() {
        let all = connections(4, 9);
        drop((0..20).map(|_| all.accept(client("127.0.0.1"))).collect::<Vec<_>>());
        assert!(all.table().open.is_empty());
        assert!(!all.evict_some());
    }
}
