//! The places of all connections. When all are taken, somebody who has proved nothing goes, so that holding connections
//! open keeps nobody out: neither a genuine webhook, nor whoever asks after our health.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::client::{Client, network_of};
use super::server::Limits;

/// Places beyond the limit for the time when every connection is at work for somebody who proved who it is: there,
/// only health is answered.
const RESERVE: usize = 32;
/// How long a new connection is left alone, so that a burst of others does not push it out before it could speak. It also
/// bounds how fast strangers can push each other out: a thousand places, five times a second.
const LEFT_ALONE: Duration = Duration::from_millis(200);
/// Questions after our health that are answered at once; a machine asks every few seconds.
const HEALTH_MAX: usize = 32;

/// What a connection is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Work {
    /// Nothing, or headers are coming.
    Waiting,
    /// A request is under way, of nobody knows whom.
    Unproven,
    /// A request is under way that proved itself.
    Proven,
    /// Our health is asked for.
    Health,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) client: Client,
    /// Accepted beyond the limit: health only.
    is_reserve: bool,
    since: Instant,
    work: AtomicU8,
    has_proven: AtomicBool,
    leave: CancellationToken,
    health: Arc<AtomicUsize>,
}

impl Connection {
    fn is_at(&self, work: Work) -> bool {
        self.work.load(Ordering::Relaxed) == work as u8
    }

    fn turn_to(&self, work: Work) {
        self.work.store(work as u8, Ordering::Relaxed);
    }

    /// How readily it is given up, the most readily first; `None`: not at all.
    fn rank(&self) -> Option<u8> {
        let has_proven = self.has_proven.load(Ordering::Relaxed);
        if self.is_at(Work::Proven) || self.is_at(Work::Health) {
            return None;
        }
        match (has_proven, self.is_at(Work::Unproven)) {
            (false, _) => Some(0),
            (true, true) => Some(1),
            (true, false) => Some(2),
        }
    }

    /// A request begins; `None` where this connection, or so many at once, have none.
    pub(super) fn begin(self: &Arc<Self>, path: &str) -> Option<Turn> {
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
        Some(Turn { connection: Arc::clone(self), is_health })
    }

    /// The request under way proved who sent it.
    pub(super) fn prove(&self) {
        self.has_proven.store(true, Ordering::Relaxed);
        self.turn_to(Work::Proven);
    }

    /// Resolves when the connection has to go.
    pub(super) async fn leaving(&self) {
        self.leave.cancelled().await;
    }
}

/// A request under way.
#[derive(Debug)]
pub(super) struct Turn {
    connection: Arc<Connection>,
    is_health: bool,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.connection.turn_to(Work::Waiting);
        if self.is_health {
            self.connection.health.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// All connections, in the order in which they came.
#[derive(Debug)]
pub(super) struct Connections {
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
    fn least_worth(&self, fits: impl Fn(&Connection) -> bool) -> Option<u64> {
        let fitting = self.open.iter().filter(|(_, open)| fits(open));
        fitting.filter_map(|(&id, open)| Some((open.rank()?, id))).min().map(|(_, id)| id)
    }

    /// Makes it go; whether there was one.
    fn evict(&mut self, fits: impl Fn(&Connection) -> bool) -> bool {
        let Some(id) = self.least_worth(fits) else { return false };
        if let Some(connection) = self.open.remove(&id) {
            connection.leave.cancel();
        }
        true
    }
}

/// A place; free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) connection: Arc<Connection>,
    id: u64,
    all: Arc<Connections>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.all.table().open.remove(&self.id);
        self.all.freed.notify_one();
    }
}

impl Connections {
    pub(super) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, table: Mutex::default(), health: Arc::default(), freed: Notify::new() })
    }

    /// Waits until one more can be taken in: until the oldest that can go has had its time, or, where everybody is at work
    /// and the reserve is full of it, until somebody leaves.
    pub(super) async fn room(&self) {
        loop {
            let freed = self.freed.notified();
            let wait = {
                let table = self.table();
                if table.open.len() < self.limits.connections_max {
                    return;
                }
                match table.least_worth(|_| true).and_then(|id| table.open.get(&id)) {
                    Some(open) if open.rank() == Some(0) => LEFT_ALONE.saturating_sub(open.since.elapsed()),
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

    /// Gives a new connection a place, and says how many had to go for it.
    pub(super) fn take_in(self: &Arc<Self>, client: Client) -> (Place, u64) {
        let mut table = self.table();
        let mut evicted = 0;
        if let Some(key) = client.key() {
            let is_same =
                |open: &Connection| open.client.address.map(network_of) == Some(key) && open.rank() == Some(0);
            if table.open.values().filter(|open| is_same(open)).count() >= self.limits.connections_per_client_max {
                evicted += u64::from(table.evict(is_same));
            }
        }
        if table.open.len() >= self.limits.connections_max {
            evicted += u64::from(table.evict(|_| true));
        }
        let connection = Arc::new(Connection {
            client,
            is_reserve: table.open.len() >= self.limits.connections_max,
            since: Instant::now(),
            work: AtomicU8::new(Work::Waiting as u8),
            has_proven: AtomicBool::new(false),
            leave: CancellationToken::new(),
            health: Arc::clone(&self.health),
        });
        let id = table.next;
        table.next += 1;
        table.open.insert(id, Arc::clone(&connection));
        (Place { connection, id, all: Arc::clone(self) }, evicted)
    }

    /// Makes some go because the system has no descriptor left for a new one; whether there was anybody to go.
    pub(super) fn thin_out(&self) -> bool {
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

    fn is_gone(place: &Place) -> bool {
        place.connection.leave.is_cancelled()
    }

    // With the newest given up instead of the oldest, the first line fails; with `has_proven` not asked, the third.
    #[test]
    fn who_proved_nothing_goes_first_and_of_these_the_oldest() {
        let all = connections(4, 9);
        let local = client("127.0.0.1");
        let mut places: Vec<Place> = (0..4).map(|_| all.take_in(local).0).collect();
        let genuine = places[0].connection.begin("/webhooks/wa").unwrap();
        places[0].connection.prove();
        places.push(all.take_in(local).0);
        assert_eq!(places.iter().map(is_gone).collect::<Vec<_>>(), [false, true, false, false, false]);
        // Between two requests it is kept as long as there are others.
        drop(genuine);
        places.push(all.take_in(local).0);
        assert_eq!(places.iter().map(is_gone).collect::<Vec<_>>(), [false, true, true, false, false, false]);
    }

    // Without the reserve, a fifth connection could be told nothing while four work.
    #[tokio::test]
    async fn when_all_are_at_work_only_health_is_answered() {
        let all = connections(4, 9);
        let mut turns = Vec::new();
        let mut places = Vec::new();
        for _ in 0..4 {
            let (place, evicted) = all.take_in(client("127.0.0.1"));
            turns.push(place.connection.begin("/webhooks/wa").unwrap());
            place.connection.prove();
            assert_eq!(evicted, 0);
            places.push(place);
        }
        let (late, evicted) = all.take_in(client("127.0.0.1"));
        assert_eq!(evicted, 0);
        assert!(late.connection.begin("/webhooks/wa").is_none());
        assert!(late.connection.begin("/readyz").is_some());
        let health: Vec<_> = (0..HEALTH_MAX).map(|_| late.connection.begin("/metrics").unwrap()).collect();
        assert!(late.connection.begin("/readyz").is_none(), "so many at once");
        drop(health);
        assert!(late.connection.begin("/readyz").is_some());
        drop(late);
        for _ in 0..RESERVE {
            let (place, _) = all.take_in(client("127.0.0.1"));
            turns.push(place.connection.begin("/healthz").unwrap());
            places.push(place);
        }
        let waits = tokio::time::timeout(Duration::from_millis(20), all.room()).await;
        assert!(waits.is_err(), "everybody is at work");
        drop(turns.pop());
        drop(places.pop());
        all.room().await;
    }

    // Without the limit for one client, all four of the others are pushed out by the one.
    #[test]
    fn one_client_pushes_out_only_itself() {
        let all = connections(8, 3);
        let others: Vec<Place> = (0..4).map(|n| all.take_in(client(&format!("198.51.100.{n}"))).0).collect();
        let crowd: Vec<Place> = (0..50).map(|_| all.take_in(client("203.0.113.9")).0).collect();
        assert!(!others.iter().any(is_gone));
        assert_eq!(crowd.iter().filter(|place| !is_gone(place)).count(), 3);
        // This machine and proxies are exempt: everybody behind them would be one client.
        let local: Vec<Place> = (0..5).map(|_| all.take_in(client("127.0.0.1")).0).collect();
        assert!(!local.iter().any(is_gone));
    }

    #[test]
    fn places_are_free_again() {
        let all = connections(4, 9);
        drop((0..20).map(|_| all.take_in(client("127.0.0.1"))).collect::<Vec<_>>());
        assert!(all.table().open.is_empty());
        assert!(!all.thin_out());
    }
}
