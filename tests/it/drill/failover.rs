//! Failover of PostgreSQL under load: a cluster of three nodes that loses its primary, or the way to it, again and again, under two nodes
//! of antrean. Run by `tests/drill failover`, which brings the programs.

mod cluster;
mod comparison;
mod load;
mod node;
mod processes;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use tokio::task::block_in_place;

use self::cluster::Cluster;
use self::comparison::{Damage, compare};
use self::load::{Load, SERVERS};
use self::node::{Cut, TTL};
use super::sweep::Options;
use crate::support::engine::Tables;
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{Installation, until};
use crate::support::server_process::ServerProcess;

/// Faults where the command does not say how many: five of each kind.
const FAULTS: usize = 30;
/// How long the service may be away: until the primary's lease has run out, and what a new primary needs to find its standby.
const BACK_TIME_MAX: Duration = Duration::from_secs(26);
/// When the drill gives up waiting for it.
const GIVEN_UP_AFTER: Duration = Duration::from_mins(2);
/// A fault lasts so much longer than the lease.
const BEYOND_TTL: Duration = Duration::from_secs(5);
/// A service that was away for less than this has not noticed yet.
const NOTICED_AFTER: Duration = Duration::from_secs(4);
/// Load on a whole cluster before a fault, in milliseconds.
const QUIET_MS: std::ops::Range<u64> = 2_000..6_000;
/// How long haproxy is away, in milliseconds.
const PROXY_AWAY_MS: std::ops::Range<u64> = 2_000..8_000;
/// How long nothing reaches the standbys in the control.
const SENDERS_STOPPED: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(100);
/// Lines of a log that a failure shows.
const LOG_LINES: usize = 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// SIGKILL to PostgreSQL and Patroni of the primary.
    NodeKilled,
    /// SIGKILL to PostgreSQL alone: Patroni starts it again, with commits that no standby has.
    PostgresKilled,
    /// SIGSTOP to all processes of the primary for longer than the lease, then SIGCONT.
    NodeStopped,
    /// The primary without etcd and standbys; clients still reach it.
    CutFromPeers,
    /// The primary reached by nobody.
    CutFromAll,
    /// haproxy killed, and started again.
    ProxyKilled,
}

impl Fault {
    const ALL: [Self; 6] = [
        Self::NodeKilled,
        Self::PostgresKilled,
        Self::NodeStopped,
        Self::CutFromPeers,
        Self::CutFromAll,
        Self::ProxyKilled,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::NodeKilled => "PostgreSQL and Patroni of the primary killed",
            Self::PostgresKilled => "PostgreSQL of the primary killed",
            Self::NodeStopped => "the primary stopped",
            Self::CutFromPeers => "the primary cut off from etcd and standbys",
            Self::CutFromAll => "the primary cut off from everybody",
            Self::ProxyKilled => "haproxy killed",
        }
    }
}

/// What came of one fault.
struct Survived {
    fault: Fault,
    back: Duration,
    whole: Duration,
}

/// The cluster, the installation with its two nodes, and the load on them.
struct Drill {
    cluster: Cluster,
    whatsapp: FakeWhatsApp,
    installation: Installation,
    servers: [ServerProcess; SERVERS],
    load: Load,
    synchronous: bool,
    rng: StdRng,
}

impl Drill {
    async fn start(synchronous: bool, seed: u64) -> Self {
        let cluster = Cluster::start(synchronous).await;
        let mut tables = Tables::of(&cluster.url("postgres", "postgres")).await;
        // As docs/postgresql.md has it.
        tables.run("create role antrean login").await;
        tables.run("create database antrean owner antrean encoding 'UTF8'").await;
        tables.run("alter role antrean set synchronous_commit = on").await;
        drop(tables);
        let whatsapp = FakeWhatsApp::start().await;
        let installation = Installation::new(&whatsapp.api());
        for (office, seats) in [("bogor", 2_000), ("jakarta-pusat", 1)] {
            let path = installation.path("offices").join(format!("kantor-{office}.toml"));
            let text = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, text.replace("[hours]", &format!("seats_per_hour = {seats}\n[hours]"))).unwrap();
        }
        let url = cluster.url("antrean", "antrean");
        let servers = block_in_place(|| {
            [(); SERVERS].map(|()| ServerProcess::start_with(&installation, &[("ANTREAN_DATABASE", &url)]))
        });
        let load = Load::start([0, 1].map(|node| servers[node].address.clone()), seed);
        Self { cluster, whatsapp, installation, servers, load, synchronous, rng: StdRng::seed_from_u64(seed) }
    }

    fn url(&self) -> String {
        self.cluster.url("antrean", "antrean")
    }

    /// Lets the load go on for a while.
    async fn go_on(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.load.hear(&self.whatsapp);
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits until both nodes book.
    async fn served(&mut self) {
        let end = Instant::now() + GIVEN_UP_AFTER;
        while !self.load.is_served() {
            if Instant::now() > end {
                let ends = self.servers.each_ref().map(|server| end_of(&server.log()));
                panic!("nobody is served again:\n{}", ends.join("\n"));
            }
            self.go_on(PAUSE).await;
        }
    }

    /// Makes a fault, and what ends it, and waits until the service is back and the cluster whole.
    async fn survive(&mut self, fault: Fault) -> Survived {
        let primary = self.cluster.whole(self.synchronous).await;
        let (quiet, away) = (self.rng.random_range(QUIET_MS), self.rng.random_range(PROXY_AWAY_MS));
        self.go_on(Duration::from_millis(quiet)).await;
        block_in_place(|| match fault {
            Fault::NodeKilled => self.cluster.nodes[primary].kill(),
            Fault::PostgresKilled => self.cluster.nodes[primary].kill_postgres(),
            Fault::NodeStopped => self.cluster.nodes[primary].signal("STOP"),
            Fault::CutFromPeers => self.cluster.nodes[primary].cut(Cut::Peers),
            Fault::CutFromAll => self.cluster.nodes[primary].cut(Cut::All),
            Fault::ProxyKilled => self.cluster.kill_haproxy(),
        });
        let begun = Instant::now();
        self.load.fault();
        if fault == Fault::ProxyKilled {
            self.go_on(Duration::from_millis(away)).await;
            self.cluster.start_haproxy();
        }
        self.go_on(NOTICED_AFTER).await;
        self.served().await;
        let back = self.load.back();
        if matches!(fault, Fault::NodeStopped | Fault::CutFromPeers | Fault::CutFromAll) {
            self.go_on((TTL + BEYOND_TTL).saturating_sub(begun.elapsed())).await;
        }
        match fault {
            Fault::NodeKilled => self.cluster.start_node(primary),
            Fault::NodeStopped => self.cluster.nodes[primary].signal("CONT"),
            Fault::CutFromPeers | Fault::CutFromAll => self.cluster.nodes[primary].join(),
            Fault::PostgresKilled | Fault::ProxyKilled => {}
        }
        self.cluster.whole(self.synchronous).await;
        Survived { fault, back, whole: begun.elapsed() }
    }

    async fn compare(&self) -> Damage {
        let acknowledged = self.load.acknowledged();
        compare(&acknowledged, &mut Tables::of(&self.url()).await).await
    }

    /// Both nodes are ready.
    async fn ready(&self) {
        for server in &self.servers {
            until("a node is ready", async || (server.get("/readyz").await.0 == 200).then_some(())).await;
        }
    }

    /// Ends the load, waits until everything is acknowledged and sent, and gives what is wrong then.
    async fn end(mut self) -> Vec<String> {
        self.load.close();
        let url = self.url();
        let mut tables = Tables::of(&url).await;
        let open = "select count(*) from outbox where state in ('waiting', 'claimed')";
        let end = Instant::now() + GIVEN_UP_AFTER * 2;
        let mut wrong = Vec::new();
        loop {
            self.go_on(PAUSE * 5).await;
            let (left, replies) = (self.load.left(), tables.count(open).await);
            if left == 0 && replies == 0 {
                break;
            }
            if Instant::now() > end {
                wrong.push(format!("{left} deliveries and {replies} replies never get anywhere"));
                break;
            }
        }
        let damage = compare(&self.load.acknowledged(), &mut tables).await;
        if !damage.is_none() {
            wrong.push(format!("{damage:?}"));
        }
        let (promised, again) = comparison::replies(&self.whatsapp, &mut tables).await;
        wrong.extend(promised);
        let mut in_doubt = 0;
        for server in &self.servers {
            for verdict in ["taken_over", "ambiguous"] {
                in_doubt += server.metric(&format!("antrean_replies_total{{verdict=\"{verdict}\"")).await;
            }
        }
        println!("{}; {again} replies went out again, {in_doubt} were in doubt", self.load.summary());
        if again > in_doubt {
            wrong.push(format!("{again} replies went out again, and only {in_doubt} were in doubt"));
        }
        let verified = self.installation.run(&["db", "verify", "--database", &url]);
        println!("antrean db verify: {}", verified.out.trim());
        if verified.code != 0 {
            wrong.push(format!("{verified:?}"));
        }
        for server in self.servers {
            let (status, log) = block_in_place(|| server.terminate());
            if !status.success() {
                wrong.push(log);
            }
        }
        wrong
    }
}

/// The last lines of a log.
fn end_of(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines.get(lines.len().saturating_sub(LOG_LINES)..).unwrap_or_default().join("\n")
}

/// As many of each kind as of any other, in an order of chance.
fn course(faults: usize, rng: &mut StdRng) -> Vec<Fault> {
    let mut course: Vec<Fault> = Fault::ALL.into_iter().cycle().take(faults).collect();
    course.shuffle(rng);
    course
}

/// A line for each kind of fault.
fn table(survived: &[Survived]) -> String {
    let mut table =
        "| fault | times | back after, median | longest | cluster whole after, longest |\n|---|---|---|---|---|\n"
            .to_owned();
    for fault in Fault::ALL {
        let mut back: Vec<Duration> = survived.iter().filter(|it| it.fault == fault).map(|it| it.back).collect();
        back.sort();
        let Some(longest) = back.last() else { continue };
        let whole = survived.iter().filter(|it| it.fault == fault).map(|it| it.whole).max().unwrap_or_default();
        let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
        let (median, longest) = (seconds(back[back.len() / 2]), seconds(*longest));
        writeln!(table, "| {} | {} | {median} | {longest} | {} |", fault.name(), back.len(), seconds(whole)).unwrap();
    }
    table
}

#[ignore = "half an hour, and programs that tests/drill failover brings"]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_acknowledged_is_lost_and_the_service_is_back_in_time() {
    let options = Options::of_drill();
    let faults = options.points.unwrap_or(FAULTS);
    let mut drill = Drill::start(true, options.seed).await;
    let course = course(faults, &mut drill.rng);
    let (mut survived, mut wrong) = (Vec::new(), Vec::new());
    for (n, fault) in course.into_iter().enumerate() {
        let one = drill.survive(fault).await;
        drill.ready().await;
        let damage = drill.compare().await;
        let [back, whole] = [one.back, one.whole].map(|time| time.as_secs_f64());
        println!(
            "{:2} of {faults}: {}: back after {back:.1} s, the cluster whole after {whole:.1} s; {}",
            n + 1,
            fault.name(),
            damage.counts()
        );
        if one.back > BACK_TIME_MAX {
            wrong.push(format!("fault {}, {}: back only after {back:.1} s", n + 1, fault.name()));
        }
        if !damage.is_none() {
            wrong.push(format!("fault {}, {}: {damage:?}", n + 1, fault.name()));
        }
        survived.push(one);
    }
    wrong.extend(drill.end().await);
    println!("{}", table(&survived));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// The control: commits wait for nobody, and for some seconds nothing reaches the standbys.
#[ignore = "minutes, and programs that tests/drill failover brings"]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn with_standbys_that_are_not_synchronous_losses_are_found() {
    let options = Options::of_drill();
    let mut drill = Drill::start(false, options.seed).await;
    let primary = drill.cluster.whole(false).await;
    drill.go_on(NOTICED_AFTER).await;
    let before = drill.compare().await;
    assert!(before.is_none(), "before the fault: {before:?}");
    let stopped = drill.cluster.nodes[primary].stop_sending();
    assert_eq!(stopped, 2, "both standbys are served by a process");
    drill.go_on(SENDERS_STOPPED).await;
    block_in_place(|| drill.cluster.nodes[primary].kill());
    drill.load.fault();
    drill.go_on(NOTICED_AFTER).await;
    drill.served().await;
    let damage = drill.compare().await;
    println!("with standbys that are not synchronous: {}", damage.counts());
    assert!(!damage.lost.is_empty(), "nothing was lost: the drill would find nothing either");
}
