//! The cases: each has servers of its own on a database of its own.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::bench::Bench;
use super::database::Engine;
use super::figures::{Figures, median};
use super::installation::{Installation, OFFICES};
use super::requests::{Requests, Script};
use super::server::{ANTREAN, Server};
use super::stage::Stage;
use super::{closing, growth, limits, process, product};

/// Connections of the case with one noisy office; a tenth of them belongs to the others.
const NOISY_CONNECTIONS: usize = 400;
/// Starts of which the median is taken.
const STARTS: usize = 5;

type Rows = Vec<(&'static str, Figures)>;
type Run = Box<dyn Fn(&Bench) -> Rows>;

/// One case on one engine; gives one or more rows.
pub struct Case {
    /// The engine.
    pub engine: Engine,
    /// Runs it once.
    pub run: Run,
}

/// Every case whose name holds one of the words in `only`.
pub fn all(engines: &[Engine], growth: u64, only: &[String]) -> Vec<Case> {
    let mut cases = Vec::new();
    for &engine in engines {
        let mut add = |name: &'static str, run: Box<dyn Fn(&Bench) -> Figures>| {
            if only.is_empty() || only.iter().any(|word| name.contains(word.as_str())) {
                cases.push(Case { engine, run: Box::new(move |bench| vec![(name, run(bench))]) });
            }
        };
        raw(engine, &mut add);
        let spread = move |connections: usize, nodes: usize, sends: bool| -> Box<dyn Fn(&Bench) -> Figures> {
            Box::new(move |bench| {
                let database = bench.database(engine);
                let stage = Stage::new(bench, &database, Installation::Spread).nodes(nodes);
                if sends { stage.sending().closed(connections) } else { { stage }.closed(connections) }
            })
        };
        add("closed 1", spread(1, 1, false));
        add("closed 64", spread(64, 1, false));
        add("closed 256", spread(256, 1, false));
        for (name, installation, rate) in [
            ("open 200/s", Installation::Spread, 200),
            ("open 200/s, a commit each", Installation::Apart, 200),
            ("open 1000/s", Installation::Spread, 1000),
        ] {
            add(name, Box::new(move |bench| Stage::new(bench, &bench.database(engine), installation).open(rate)));
        }
        add("sending, closed 256", spread(256, 1, true));
        add(
            "hot hour, closed 256",
            Box::new(move |bench| {
                let database = bench.database(engine);
                Stage::new(bench, &database, Installation::HotHour)
                    .groups(&[(vec!["0".to_owned()], 256)])
                    .swap_remove(0)
            }),
        );
        for (name, noisy) in [("400, others calm", false), ("400, others beside noise", true)] {
            add(name, Box::new(move |bench| others(bench, engine, noisy)));
        }
        if engine == Engine::Postgres {
            add("2 nodes, closed 256", spread(256, 2, false));
            add("4 nodes, closed 256", spread(256, 4, false));
        }
        if growth > 0 {
            add("grown, small", Box::new(move |bench| growth::measure(bench, engine, growth::SMALL)));
            add("grown, large", Box::new(move |bench| growth::measure(bench, engine, bench.growth)));
        }
        add("start", Box::new(move |bench| start(bench, engine)));
        let wanted = |name: &str| only.is_empty() || only.iter().any(|word| name.contains(word.as_str()));
        if wanted("two steps") {
            cases.push(Case { engine, run: Box::new(move |bench| two_steps(bench, engine)) });
        }
        if wanted("closing") && engine == Engine::Postgres {
            cases.push(Case { engine, run: Box::new(move |bench| closing::measure(bench, engine)) });
        }
    }
    cases
}

/// The limits, each with what it limits.
fn raw(engine: Engine, add: &mut impl FnMut(&'static str, Box<dyn Fn(&Bench) -> Figures>)) {
    if engine == Engine::Sqlite {
        add("raw fdatasync", Box::new(|bench| limits::fdatasync(bench.seconds)));
        add("raw unit, 1", Box::new(|bench| limits::unit(1, bench.seconds)));
        add("raw unit, 64", Box::new(|bench| limits::unit(64, bench.seconds)));
    } else {
        add(
            "raw pgbench, 8",
            Box::new(|bench| limits::pgbench(bench.cluster.as_ref().expect("a server"), bench.seconds)),
        );
    }
    add("no HTTP, 64", Box::new(move |bench| product::desk(&bench.database(engine), 64, bench.seconds)));
}

/// What the citizens of 25 offices feel: beside an office that sends nine tenths of everything, or without one.
fn others(bench: &Bench, engine: Engine, noisy: bool) -> Figures {
    let few = (1..OFFICES).map(|number| number.to_string()).collect();
    let many = if noisy { vec!["0".to_owned()] } else { Installation::channels() };
    let groups = [(few, NOISY_CONNECTIONS / 10), (many, NOISY_CONNECTIONS * 9 / 10)];
    let database = bench.database(engine);
    Stage::new(bench, &database, Installation::HotHour).groups(&groups).swap_remove(0)
}

/// Forms, then the codes that confirm them.
fn two_steps(bench: &Bench, engine: Engine) -> Rows {
    let database = bench.database(engine);
    let mut stage = Stage::new(bench, &database, Installation::Confirmed);
    let forms =
        Requests::new(Script::Forms(Installation::channels()), (bench.seconds.as_secs_f64() * 30_000.0) as usize);
    let first = stage.under(vec![(Arc::new(forms), 256)]).swap_remove(0);
    let held =
        database.rows("select channel, contact, approval from booking where state = 'held' order by created_us, id");
    let words = held.into_iter().filter_map(|row| {
        let [channel, contact, code] = row.try_into().ok()?;
        Some((channel.rsplit('/').next()?.to_owned(), contact, code))
    });
    let codes = Requests::new(Script::Words(words.collect()), 0);
    let second = stage.under(vec![(Arc::new(codes), 256)]).swap_remove(0);
    stage.audit(false);
    vec![("two steps: forms, 256", first), ("two steps: codes, 256", second)]
}

/// Starts on a database that is there already: time to the first answer, memory at rest, size of the binary.
fn start(bench: &Bench, engine: Engine) -> Figures {
    let database = bench.database(engine);
    let folder = tempfile::tempdir().expect("a folder");
    let begin = || {
        let begun = Instant::now();
        let server = Server::start(folder.path(), Installation::Spread, &database, "http://127.0.0.1:9");
        server.page("/readyz");
        (begun.elapsed(), server)
    };
    begin().1.kill();
    let starts = (0..STARTS).map(|_| {
        let (took, server) = begin();
        server.kill();
        took.as_secs_f64() * 1e3
    });
    let cold_start = median(starts.collect()).expect("a start");
    let (_, server) = begin();
    std::thread::sleep(Duration::from_millis(200));
    let idle = process::resident_mib(server.pid());
    server.kill();
    let binary = std::fs::metadata(ANTREAN).map_or(0, |file| file.len());
    Figures::default().with("start_ms", cold_start).with("idle_mib", idle).with("binary_mb", binary as f64 / 1e6)
}
