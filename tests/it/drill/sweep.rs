//! One fault after the other: a scenario is recorded without faults, then played once for each of its system calls, or for some of them,
//! each time with a fault there.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Instant;

use tokio::runtime::{Builder, Runtime};

use super::disk_model::{DiskModel, Field};
use super::scenario::{Scenario, Template};

/// How often a drill says how far it is, in tries.
const TELL_EVERY: usize = 50;
/// Calls beyond those of the recording that are tried too: no two runs make the same number.
const BEYOND: u64 = 10;

/// Where a script begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// With an empty folder: the first start makes database, stamp and key.
    FirstStart,
    /// With the files of an installation that was stopped.
    Load,
}

/// What of a sweep is tried.
#[derive(Debug, Clone)]
pub struct Options {
    /// The calls of the scripts; `None`: as many as a recording has.
    pub calls: Option<&'static [(Script, RangeInclusive<u64>)]>,
    /// Calls that are tried, evenly spread; `None`: all of them.
    pub points: Option<usize>,
    /// Chooses what survives, and which calls are tried where it is not all of them.
    pub seed: u64,
    /// Only this call, of both scripts.
    pub at: Option<u64>,
    /// Tries side by side.
    pub jobs: usize,
}

impl Options {
    /// Those of `tests/drill`.
    pub fn of_drill() -> Self {
        let number = |name: &str| {
            let text = std::env::var(format!("ANTREAN_DRILL_{name}")).ok().filter(|text| !text.is_empty());
            text.map(|text| text.parse::<u64>().expect("a number"))
        };
        let points = number("POINTS").map(|points| usize::try_from(points).unwrap());
        let jobs = number("JOBS").map(|jobs| usize::try_from(jobs).unwrap());
        let seed = number("SEED").unwrap_or(1);
        Self { calls: None, points, seed, at: number("AT"), jobs: jobs.unwrap_or_else(processors) }
    }

    /// A few of these calls, for the usual tests, which record nothing.
    pub fn short(points: usize, calls: &'static [(Script, RangeInclusive<u64>)]) -> Self {
        Self { calls: Some(calls), points: Some(points), seed: 1, at: None, jobs: processors() }
    }
}

/// Calls that both scripts are sure to make, to choose from without a recording.
pub const SURE: [(Script, RangeInclusive<u64>); 2] = [(Script::FirstStart, 1..=750), (Script::Load, 1..=800)];

fn processors() -> usize {
    std::thread::available_parallelism().map_or(2, usize::from)
}

/// One try.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    pub script: Script,
    /// The call before which something happens, from 1.
    pub call: u64,
    pub seed: u64,
}

impl Case {
    /// A scenario that begins as the case says.
    pub async fn scenario(self, template: &Template) -> Scenario {
        Scenario::new((self.script == Script::Load).then_some(template)).await
    }

    /// A disk whose chance is this case's own.
    pub fn disk(self) -> DiskModel {
        DiskModel::new(
            self.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (self.call << 1) ^ u64::from(self.script == Script::Load),
        )
    }
}

/// What came of one try.
#[derive(Debug, Default)]
pub struct Tried {
    /// What the call was; empty where the script was over before it.
    pub call: String,
    pub faults: Vec<String>,
    /// Sectors that were not synced and how many of them survived; the same of names.
    pub sectors: [u64; 2],
    pub names: [u64; 2],
    /// Webhooks that were refused.
    pub refused: usize,
}

impl Tried {
    /// What a disk did.
    pub fn on(model: &DiskModel, at: u64) -> Self {
        Self {
            call: if at > 0 { model.call(at) } else { String::new() },
            sectors: [model.get(Field::Sectors), model.get(Field::SectorsKept)],
            names: [model.get(Field::Names), model.get(Field::NamesKept)],
            ..Self::default()
        }
    }
}

/// What came of all of them.
pub struct Report {
    pub tries: usize,
    /// Tries in which the script came as far as the call.
    pub reached: usize,
    pub refused: usize,
    /// Cases with what was wrong after them.
    pub failed: Vec<(Case, Tried)>,
}

impl Report {
    /// Ends the test where anything was wrong.
    pub fn assert_clean(&self) {
        assert!(self.failed.is_empty(), "{} of {} tries went wrong, see above", self.failed.len(), self.tries);
        assert!(self.reached * 10 >= self.tries * 8, "the faults did not come: {} of {}", self.reached, self.tries);
    }
}

/// Tries the calls of both scripts that the options name. `what` is for the report.
pub fn sweep(what: &str, options: &Options, attempt: impl AsyncFn(&Template, Case) -> Tried + Sync) -> Report {
    let begun = Instant::now();
    let (template, cases) = runtime().block_on(async {
        let template = Template::new().await;
        let cases = cases(&template, options).await;
        (template, cases)
    });
    let (all, waiting, done) = (cases.len(), Mutex::new(VecDeque::from(cases)), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..options.jobs {
            // Each with a runtime of its own, since a start and a stop block.
            scope.spawn(|| {
                let runtime = runtime();
                loop {
                    let next = waiting.lock().unwrap().pop_front();
                    let Some(case) = next else { return };
                    let tried = catch_unwind(AssertUnwindSafe(|| runtime.block_on(attempt(&template, case))));
                    // What panics is one more finding.
                    let tried =
                        tried.unwrap_or_else(|panic| Tried { faults: vec![panic_text(&*panic)], ..Tried::default() });
                    for fault in &tried.faults {
                        let (script, call, seed) = (case.script, case.call, case.seed);
                        eprintln!("{what}, {script:?}, call {call} ({}), seed {seed}: {fault}", tried.call);
                    }
                    let mut done = done.lock().unwrap();
                    done.push((case, tried));
                    if done.len().is_multiple_of(TELL_EVERY) {
                        eprintln!("{what}: {} of {all}, {} s", done.len(), begun.elapsed().as_secs());
                    }
                }
            });
        }
    });
    report(what, done.into_inner().unwrap(), begun)
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text =
        panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
    format!("it cannot be looked at: {}", text.unwrap_or_default())
}

/// Chooses among the calls of the scripts.
async fn cases(template: &Template, options: &Options) -> Vec<Case> {
    let recorded = match options.calls {
        Some(calls) => calls.to_vec(),
        None => vec![
            (Script::FirstStart, record(template, Script::FirstStart).await),
            (Script::Load, record(template, Script::Load).await),
        ],
    };
    let mut cases: Vec<Case> = recorded
        .into_iter()
        .flat_map(|(script, calls)| calls.map(move |call| Case { script, call, seed: options.seed }))
        .collect();
    if let Some(at) = options.at {
        cases.retain(|case| case.call == at);
    } else if let Some(points) = options.points.filter(|points| *points < cases.len()) {
        let every = cases.len() / points;
        let first = usize::try_from(options.seed).unwrap_or_default() * 7919 % every;
        cases = cases.into_iter().skip(first).step_by(every).take(points).collect();
    }
    cases
}

/// Plays a script without a fault: its calls.
async fn record(template: &Template, script: Script) -> RangeInclusive<u64> {
    let case = Case { script, call: 0, seed: 0 };
    let (mut scenario, model) = (case.scenario(template).await, case.disk());
    assert_eq!(scenario.live_on(&model).await, Vec::<String>::new());
    let calls = model.get(Field::Calls);
    eprintln!("{script:?}: {calls} calls: {:?}", model.census());
    1..=calls + BEYOND
}

fn report(what: &str, tried: Vec<(Case, Tried)>, begun: Instant) -> Report {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let (mut sectors, mut names, mut refused) = ([0, 0], [0, 0], 0);
    for (_, one) in &tried {
        *kinds.entry(one.call.clone()).or_default() += 1;
        for n in 0..2 {
            sectors[n] += one.sectors[n];
            names[n] += one.names[n];
        }
        refused += one.refused;
    }
    let tries = tried.len();
    let reached = tries - kinds.remove("").unwrap_or_default();
    let failed: Vec<_> = tried.into_iter().filter(|(_, one)| !one.faults.is_empty()).collect();
    eprintln!(
        "{what}: {tries} tries in {} s, {reached} at their call ({kinds:?}); of {} unsynced sectors {} survived, of {} names {}; {refused} \
         webhooks refused; {} tries went wrong",
        begun.elapsed().as_secs(),
        sectors[0],
        sectors[1],
        names[0],
        names[1],
        failed.len()
    );
    Report { tries, reached, refused, failed }
}
