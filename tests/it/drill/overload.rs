//! More is offered than the server can do: it refuses the rest at once with 503, keeps its memory, serves what it accepted in time, loses
//! nothing of that, and is as fast as before when the flood is over.

use std::collections::BTreeSet;
use std::fmt::{self, Display, Formatter};
use std::fs;
use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags};

use super::flood::{Flooded, Pace, Webhooks, offer, percentile};
use crate::support::fake_whatsapp::FakeWhatsApp;
use crate::support::installation::{ANTREAN, Installation};
use crate::support::server_process::ServerProcess;
use crate::support::shim::compiled;

/// Longest time that 99 of 100 accepted webhooks may take.
const P99_MAX: Duration = Duration::from_secs(2);
/// Resident memory that a flood may add, in KiB: the drill's floods keep some hundred webhooks waiting.
const GROWTH_KIB_MAX: u64 = 96 * 1024;
/// How much slower the median may be after a flood than before it: replies of the flood are still being sent.
const SLOWER_MAX: u32 = 3;
/// What is not measured of a median: a timer's grain and a busy machine.
const SLACK: Duration = Duration::from_millis(30);
/// Seats in an hour, so that the office is not full before a flood is over.
const SEATS: u32 = 2_000;

/// A flood, and the server that it comes upon.
#[derive(Debug, Clone)]
struct Drill {
    /// What more than the usual configuration has.
    configuration: String,
    /// How much longer each sync of the log takes, in milliseconds.
    sync_ms: u32,
    /// The processor that the server may use; `None`: all of them.
    processor: Option<u32>,
    /// The load before and after.
    calm: Pace,
    calm_seconds: u32,
    flood: Pace,
    flood_seconds: u32,
}

/// What it did.
#[derive(Debug)]
struct Outcome {
    before: Flooded,
    flood: Flooded,
    after: Flooded,
    /// Resident memory before, at its highest, and at the end, in KiB.
    memory_kib: [u64; 3],
    seconds: f64,
    /// Messages that were acknowledged and are not there.
    lost: usize,
    verified: bool,
}

impl Drill {
    async fn run(&self) -> Outcome {
        let whatsapp = FakeWhatsApp::start().await;
        let installation = Installation::new(&whatsapp.api());
        let office = format!(
            "extend = \"bogor.toml\"\nid = \"bogor\"\nversion = 7\nseats_per_hour = {SEATS}\n\
             [hours]\nsenin-minggu = [\"08:00-12:00\", \"13:00-15:00\"]\n"
        );
        fs::write(installation.path("offices/kantor-bogor.toml"), office).unwrap();
        let configuration = fs::read_to_string(installation.config()).unwrap();
        fs::write(installation.config(), format!("{}{configuration}", self.configuration)).unwrap();
        let server = ServerProcess::of(self.command(&installation));
        let address: SocketAddr = server.address.trim_start_matches("http://").parse().unwrap();
        let of = |pace: Pace, seconds: u32| (pace.per_second * seconds) as usize;
        let (calm, flood) = (of(self.calm, self.calm_seconds), of(self.flood, self.flood_seconds));
        let webhooks = [Webhooks::new(0, calm), Webhooks::new(calm, flood), Webhooks::new(calm + flood, calm)];
        let memory = |field| memory_kib(server.pid(), field);
        let resident = memory("VmRSS:");
        let (before, resident) = (offer(address, &webhooks[0], self.calm), resident.max(memory("VmRSS:")));
        let begun = Instant::now();
        let flooded = offer(address, &webhooks[1], self.flood);
        let seconds = begun.elapsed().as_secs_f64();
        let after = offer(address, &webhooks[2], self.calm);
        let memory_kib = [resident, memory("VmHWM:"), memory("VmRSS:")];
        assert_eq!(server.get("/readyz").await.0, 200, "{}", server.log());
        let (status, log) = server.terminate();
        assert!(status.success(), "{log}");
        let kept = kept(&installation);
        let parts = [&before, &flooded, &after].into_iter().zip(&webhooks);
        let acknowledged = parts.flat_map(|(part, sent)| part.accepted.iter().map(|n| sent.message(*n)));
        let lost = acknowledged.filter(|message| !kept.contains(message)).count();
        let verified = installation.run(&["db", "verify"]);
        if verified.code != 0 {
            eprintln!("{verified:?}");
        }
        let verified = verified.code == 0;
        Outcome { before, flood: flooded, after, memory_kib, seconds, lost, verified }
    }

    /// The server, on a slow disk, and on one processor where that is wanted.
    fn command(&self, installation: &Installation) -> Command {
        let control = installation.path("slow-disk");
        fs::write(&control, format!("delay antrean.db-wal {}\n", self.sync_ms)).unwrap();
        let mut serve = match self.processor {
            Some(processor) => {
                let mut taskset = Command::new("taskset");
                taskset.args(["-c", &processor.to_string(), ANTREAN]);
                taskset
            }
            None => Command::new(ANTREAN),
        };
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ANTREAN_")) {
            serve.env_remove(name);
        }
        serve.current_dir(installation.folder.path()).args(["serve", "--config"]).arg(installation.config());
        // A line for each answer would be most of what a refusal costs.
        serve.env("ANTREAN_LOG", "warn");
        serve.env("LD_PRELOAD", compiled("disk")).env("DISK_CONTROL", control);
        serve
    }
}

/// The messages in the tables of a server that has ended.
fn kept(installation: &Installation) -> BTreeSet<String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let tables = Connection::open_with_flags(installation.path("antrean.db"), flags).unwrap();
    let mut asked = tables.prepare("select message from inbound").unwrap();
    asked.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// What the system says of a process's memory.
fn memory_kib(pid: u32, field: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

impl Outcome {
    /// What was promised and does not hold.
    fn broken_promises(&self) -> Vec<String> {
        let mut broken = self.lost_anything();
        let p99 = percentile(&self.flood.accepted_took, 99);
        if self.flood.refused_took.is_empty() {
            broken.push("nothing was refused".to_owned());
        }
        if p99 > P99_MAX || self.flood.unoffered > 0 {
            broken
                .push(format!("99 of 100 accepted took up to {p99:?}; {} could not be offered", self.flood.unoffered));
        }
        let refusal = percentile(&self.flood.refused_took, 99);
        if refusal > P99_MAX / 2 {
            broken.push(format!("99 of 100 refusals took up to {refusal:?}"));
        }
        let [before, peak, _] = self.memory_kib;
        if peak > before + GROWTH_KIB_MAX {
            broken.push(format!("its memory grew from {before} to {peak} KiB"));
        }
        let (before, after) = (percentile(&self.before.accepted_took, 50), percentile(&self.after.accepted_took, 50));
        if after > before * SLOWER_MAX + SLACK || self.after.accepted.len() < self.before.accepted.len() {
            broken.push(format!(
                "after the flood {} were accepted with a median of {after:?}, before it {} with {before:?}",
                self.after.accepted.len(),
                self.before.accepted.len()
            ));
        }
        broken
    }

    /// What must never happen, on the slowest machine.
    fn lost_anything(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let parts = [&self.before, &self.flood, &self.after];
        let (odd, cut): (usize, usize) =
            (parts.iter().map(|part| part.others.len()).sum(), parts.iter().map(|part| part.broken).sum());
        if odd + cut > 0 {
            broken.push(format!("{odd} answers were neither 200 nor 503, {cut} connections broke"));
        }
        if self.lost > 0 {
            broken.push(format!("LOST: {} messages were acknowledged and are not there", self.lost));
        }
        if !self.verified {
            broken.push("db verify found something".to_owned());
        }
        broken
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let ms = |sorted: &[Duration], of_hundred| percentile(sorted, of_hundred).as_millis();
        for (name, part) in [("before", &self.before), ("flood", &self.flood), ("after", &self.after)] {
            let (accepted, refused) = (&part.accepted_took, &part.refused_took);
            writeln!(
                f,
                "{name}: {} accepted, p50 {} ms, p99 {} ms, slowest {} ms; {} refused, p50 {} ms, p99 {} ms; {} connections broke, \
                 {} could not be offered",
                accepted.len(),
                ms(accepted, 50),
                ms(accepted, 99),
                ms(accepted, 100),
                refused.len(),
                ms(refused, 50),
                ms(refused, 99),
                part.broken,
                part.unoffered,
            )?;
        }
        let [before, peak, after] = self.memory_kib.map(|kib| kib / 1024);
        writeln!(
            f,
            "the flood took {:.1} s; memory {before} MiB before, {peak} at most, {after} at the end; {} lost, db verify: {}",
            self.seconds,
            self.lost,
            if self.verified { "nothing" } else { "findings" }
        )
    }
}

/// A disk so slow that a few hundred messages a second are too many, and few connections: any machine can offer more.
fn short() -> Drill {
    Drill {
        configuration: "messages_per_commit = 8\nconnections_max = 64\n".to_owned(),
        sync_ms: 150,
        processor: None,
        calm: Pace { per_second: 20, connections: 8 },
        calm_seconds: 1,
        flood: Pace { per_second: 400, connections: 60 },
        flood_seconds: 3,
    }
}

/// A number that the drill was told.
fn told(name: &str, usual: u32) -> u32 {
    let text = std::env::var(format!("ANTREAN_DRILL_{name}")).ok().filter(|text| !text.is_empty());
    text.map_or(usual, |text| text.parse().expect("a number"))
}

fn full() -> Drill {
    Drill {
        configuration: String::new(),
        sync_ms: told("SYNC_MS", 100),
        processor: Some(0),
        calm: Pace { per_second: told("CALM", 100), connections: 64 },
        calm_seconds: told("CALM_SECONDS", 10),
        flood: Pace { per_second: told("RATE", 5_000), connections: told("CONNECTIONS", 900) as usize },
        flood_seconds: told("SECONDS", 20),
    }
}

// Negative control: `the_drill_finds_a_server_that_refuses_nothing`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_is_refused_early_and_nothing_accepted_is_lost() {
    let outcome = short().run().await;
    eprintln!("{outcome}");
    assert_eq!(outcome.lost_anything(), Vec::<String>::new(), "{outcome}");
    assert!(outcome.flood.refused_took.len() > 100 && outcome.flood.accepted.len() > 20, "{outcome}");
    assert!(outcome.memory_kib[1] < outcome.memory_kib[0] + GROWTH_KIB_MAX, "{outcome}");
    assert_eq!(outcome.after.accepted.len(), outcome.before.accepted.len(), "all are accepted as before: {outcome}");
}

#[ignore = "a minute of all processors: tests/drill overload"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_is_offered_than_the_server_can_do() {
    let outcome = full().run().await;
    eprintln!("{outcome}");
    assert_eq!(outcome.broken_promises(), Vec::<String>::new());
}

#[ignore = "a minute of all processors: tests/drill overload --control"]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_drill_finds_a_server_that_refuses_nothing() {
    let lifted = "wait_seconds = 60\nconnections_max = 65536\n".to_owned();
    let outcome = Drill { configuration: lifted, ..full() }.run().await;
    eprintln!("{outcome}");
    let broken = outcome.broken_promises();
    eprintln!("found: {broken:#?}");
    assert!(broken.iter().any(|promise| promise.contains("accepted took")), "with the limits lifted nothing was found");
}
