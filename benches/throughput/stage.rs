//! One installation under load: servers on one database, a load, what was used meanwhile, and the audit of the database.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::bench::Bench;
use super::database::Database;
use super::figures::{Figures, quantile};
use super::installation::Installation;
use super::load::{self, Answered, Closed};
use super::process;
use super::provider::Provider;
use super::requests::{Requests, Script};
use super::server::{ANTREAN, Server, Used};

/// Load before the measuring begins: caches fill, the log reaches its size.
const WARM: Duration = Duration::from_millis(300);
/// Requests a second that are prepared for each case, and for each connection; more are made when they are needed.
const READY_PER_SECOND: f64 = 30_000.0;
const READY_PER_CONNECTION: f64 = 2_500.0;

/// Channels and how many connections write to them.
pub type Group = (Vec<String>, usize);

/// The servers and what surrounds them.
pub struct Stage<'s> {
    bench: &'s Bench,
    database: &'s Database,
    servers: Vec<Server>,
    installation: Installation,
    folder: TempDir,
    provider: Provider,
    sends: bool,
}

impl<'s> Stage<'s> {
    /// One server on `database`; its channels are paused, so that only the intake works.
    pub fn new(bench: &'s Bench, database: &'s Database, installation: Installation) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let provider = Provider::start(Duration::ZERO);
        Self { bench, database, servers: Vec::new(), installation, folder, provider, sends: false }.nodes(1)
    }

    /// The same with so many servers.
    #[must_use]
    pub fn nodes(mut self, count: usize) -> Self {
        self.servers.clear();
        let api = self.provider.address;
        for number in 0..count {
            let folder = self.folder.path().join(number.to_string());
            std::fs::create_dir_all(&folder).expect("a folder");
            self.servers.push(Server::start(&folder, self.installation, self.database, &format!("http://{api}")));
        }
        self.pause(!self.sends);
        self
    }

    /// Pauses every channel or lets it send, as `antrean channel` does for one.
    fn pause(&self, paused: bool) {
        let state = if paused { "paused" } else { "open" };
        let channels: Vec<String> = Installation::channels()
            .iter()
            .map(|channel| format!("('wa/{channel}', '{state}', 0, 0, 0, 0, 0)"))
            .collect();
        self.database.rows(&format!(
            "insert into channel (channel, state, since_us, next_us, rest_us, faults, turn_us) values {} \
             on conflict (channel) do update set state = excluded.state",
            channels.join(", ")
        ));
    }

    /// The same with a provider that takes every reply.
    #[must_use]
    pub fn sending(mut self) -> Self {
        self.sends = true;
        let count = self.servers.len();
        self.nodes(count)
    }

    /// Where its servers listen.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.servers.iter().map(|server| server.address).collect()
    }

    /// Where its files are: those of each server in a folder named by its number.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn first(&self) -> &Server {
        self.servers.first().expect("a server")
    }

    /// A closed load of new citizens on all offices.
    pub fn closed(&mut self, connections: usize) -> Figures {
        self.groups(&[(Installation::channels(), connections)]).swap_remove(0)
    }

    /// A closed load of several groups of new citizens; one row each, the first with what was used. Ends the servers.
    pub fn groups(&mut self, groups: &[Group]) -> Vec<Figures> {
        let seconds = (self.bench.seconds + WARM).as_secs_f64();
        let load = groups
            .iter()
            .map(|(channels, connections)| {
                let ready = seconds * READY_PER_SECOND.min(*connections as f64 * READY_PER_CONNECTION);
                (Arc::new(Requests::new(Script::Forms(channels.clone()), ready as usize)), *connections)
            })
            .collect();
        let rows = self.under(load);
        self.audit(true);
        rows
    }

    /// Puts a closed load on all servers, and measures until the time is over or the requests are used up.
    pub fn under(&mut self, groups: Vec<(Arc<Requests>, usize)>) -> Vec<Figures> {
        let count = self.servers.len();
        let mut load: Vec<(SocketAddr, Arc<Requests>, usize)> = Vec::new();
        for (requests, connections) in groups {
            for (n, server) in self.servers.iter().enumerate() {
                let share = connections / count + usize::from(n < connections % count);
                load.push((server.address, Arc::clone(&requests), share));
            }
        }
        let closed = Closed::start(load);
        std::thread::sleep((closed.begun + WARM).saturating_duration_since(Instant::now()));
        let (before, sent, from) = (Used::by(&self.servers, self.database), self.provider.taken(), Instant::now());
        while from.elapsed() < self.bench.seconds && !closed.is_over() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let (measured, begun) = (from.elapsed(), from - closed.begun);
        let mut used = Used::by(&self.servers, self.database).since(&before, self.has_server());
        if self.sends {
            used.set("sent_per_s", (self.provider.taken() - sent) as f64 / measured.as_secs_f64());
        }
        used.set("peak_mib", self.servers.iter().map(|server| process::peak_mib(server.pid())).fold(0.0, f64::max));
        let answered = closed.stop();
        let mut rows: Vec<Figures> =
            answered.chunks(count).map(|group| rates(&group.concat(), begun, measured)).collect();
        if let Some(first) = rows.first_mut() {
            first.add(&used);
        }
        rows
    }

    /// An open load of `per_second` new citizens. Ends the server.
    pub fn open(&mut self, per_second: u32) -> Figures {
        let lasting = self.bench.seconds.max(Duration::from_millis(500));
        let ready = ((lasting + WARM).as_secs_f64() * f64::from(per_second)) as usize + 64;
        let requests = Arc::new(Requests::new(Script::Forms(Installation::channels()), ready));
        load::open(self.first().address, &requests, per_second, WARM);
        let before = Used::by(&self.servers, self.database);
        let answered = load::open(self.first().address, &requests, per_second, lasting);
        let used = Used::by(&self.servers, self.database).since(&before, self.has_server());
        let mut figures = rates(&answered, Duration::ZERO, lasting);
        figures.add(&used);
        figures.set("peak_mib", process::peak_mib(self.first().pid()));
        self.audit(true);
        figures
    }

    fn has_server(&self) -> bool {
        matches!(self.database, Database::Server(..))
    }

    /// Kills the servers and audits the database: every message is there with one reply, every booking on a seat of its
    /// own, no hour above its capacity. With `all_booked`, every message is a booking.
    pub fn audit(&mut self, all_booked: bool) {
        // What was acknowledged: the counters of the server, read before it dies.
        let acknowledged: f64 = self.servers.iter().map(|server| server.counter("antrean_intake_messages_total")).sum();
        for server in self.servers.drain(..) {
            server.kill();
        }
        let sums = self.database.numbers(
            "select (select count(*) from inbound) + (select count(*) from inbound_archive), \
             (select count(*) from booking where state in ('held', 'booked')), \
             (select count(*) from (select distinct office, date, hour, number from seat) as one), \
             cast((select coalesce(sum(taken), 0) from hour) as bigint), \
             cast((select coalesce(sum(taken), 0) from day) as bigint), \
             (select count(*) from outbox where reply_to is not null) + (select count(*) from outbox_archive), \
             (select count(*) from hour where taken > capacity)",
        );
        let [messages, bookings, seats, hours, days, replies, overfull] = sums.as_slice() else {
            panic!("seven sums: {sums:?}")
        };
        assert!(*messages >= acknowledged as i64, "acknowledged {acknowledged}, kept {messages}");
        assert!(bookings == seats && seats == hours && hours == days && *overfull == 0, "{sums:?}");
        assert!(replies == messages && (!all_booked || bookings == messages), "{sums:?}");
        let verified = std::process::Command::new(ANTREAN)
            .args(["db", "--database", &self.database.url(), "verify"])
            .output()
            .expect("the audit runs");
        assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
    }
}

/// Rate and latencies of what was answered in the measured time.
fn rates(answered: &[Answered], begun: Duration, measured: Duration) -> Figures {
    let inside = answered.iter().filter(|one| begun <= one.at && one.at < begun + measured);
    let mut took: Vec<Duration> = inside.map(|one| one.took).collect();
    took.sort();
    Figures::default()
        .with("messages_per_s", took.len() as f64 / measured.as_secs_f64())
        .with("p50_ms", quantile(&took, 0.5))
        .with("p99_ms", quantile(&took, 0.99))
        .with("p999_ms", quantile(&took, 0.999))
}
