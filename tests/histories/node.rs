//! One node: a process of the installation, with a tokio runtime of its own, which dies with everything that was not stored.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use antrean::caretaker::Caretaker;
use antrean::clock::{Clock, SharedClock};
use antrean::courier::Courier;
use antrean::desk::{Channels, Dependencies, Desk, MESSAGES_PER_COMMIT, WAIT_MAX};
use antrean::domain::message::ChannelId;
use antrean::domain::office::OfficeId;
use antrean::domain::reach::Reaches;
use antrean::domain::retention::Retention;
use antrean::front_desk::DayEnds;
use antrean::gateway::{Gateway, Gateways};
use antrean::photos::Photos;
use antrean::roster::Roster;
use antrean::storage::{Storage, StorageError};
use chrono::{DateTime, Utc};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::runtime::{Builder, Runtime};

use super::points::POINTS;
use super::profile::Profile;
use super::provider::{GATEWAY, Provider};

/// Tasks of a node that has nothing to do: the lane of its desk, and what closes idle readers.
const RESTING_TASKS: usize = 2;
/// How long a node may take to come to rest; all of it is a few statements, on a machine that may be busy. Nobody goes on before it rests,
/// since what it still does would then come at another moment in each run.
const REST: std::time::Duration = std::time::Duration::from_mins(2);
/// How often a node is looked at without a pause. What it waits for are other threads, which need microseconds; a timer needs a
/// millisecond.
const LOOKS: u32 = 200;
/// Threads for work that blocks. What several would finish at once comes in an order of chance.
const BLOCKING_THREADS: usize = 1;

/// The channel of the office.
pub fn channel() -> ChannelId {
    ChannelId::new(GATEWAY, "bogor")
}

/// The office.
pub fn bogor() -> OfficeId {
    OfficeId::read("bogor").expect("an id")
}

/// The time of a history, in microseconds since 1970; it moves only when the history says so.
pub type Time = Arc<AtomicI64>;

/// The clock of one node.
#[derive(Debug)]
pub struct NodeClock {
    time: Time,
    /// How far it is ahead, in seconds.
    pub ahead: AtomicI64,
}

impl NodeClock {
    pub fn new(time: &Time) -> Arc<Self> {
        Arc::new(Self { time: Arc::clone(time), ahead: AtomicI64::new(0) })
    }
}

impl Clock for NodeClock {
    fn now(&self) -> DateTime<Utc> {
        let us = self.time.load(Ordering::SeqCst) + 1_000_000 * self.ahead.load(Ordering::SeqCst);
        DateTime::from_timestamp_micros(us).expect("a year that has four digits")
    }
}

/// What a node works with that outlives it.
pub struct Ground {
    pub profile: Profile,
    pub roster: Roster,
    pub folder: PathBuf,
    pub provider: Arc<Provider>,
}

impl Ground {
    pub fn database(&self) -> PathBuf {
        self.folder.join("history.db")
    }
}

/// The parts of a process that runs.
pub struct Parts {
    pub storage: Storage,
    pub desk: Desk,
    pub courier: Courier,
    pub caretaker: Caretaker,
    pub day_ends: DayEnds,
    pub clock: SharedClock,
}

impl Parts {
    /// Does what `app` does at a start.
    async fn open(ground: &Ground, (number, start): (usize, u32), clock: SharedClock) -> Result<Self, StorageError> {
        let storage = Storage::open_scratch(&ground.database()).await?;
        if ground.profile.nodes == 1 {
            // No other process is alive that could have made them.
            storage.take_over_claims().await?;
        }
        let seed = ground.profile.seed_of(number, start);
        let gateways: Gateways = [(GATEWAY.to_owned(), Arc::clone(&ground.provider) as Arc<dyn Gateway>)].into();
        let desk = Desk::start(Dependencies {
            storage: storage.clone(),
            roster: ground.roster.clone(),
            channels: Channels::from([(channel(), bogor())]),
            replies_max: Arc::default(),
            turn_links: None,
            reaches: Reaches::default(),
            clock: Arc::clone(&clock),
            seed,
            lanes: 1,
            messages_per_commit: MESSAGES_PER_COMMIT,
            wait_max: WAIT_MAX,
            wake_courier: Arc::default(),
            metrics: Arc::default(),
        });
        storage.enrol_channels(&[channel()], clock.now()).await?;
        storage.ask_broken_channels_again().await?;
        let owner = format!("node {number}, start {start}");
        let courier = Courier::new(storage.clone(), gateways.clone(), Arc::clone(&clock), owner).with_jitter(seed);
        let photos = Photos::within(&ground.folder);
        let caretaker = Caretaker::new(storage.clone(), desk.clone(), gateways, photos, Arc::clone(&clock))
            .erasing(Retention::default(), Arc::default())
            .saying_notices();
        let day_ends = DayEnds::new(storage.clone(), desk.clone(), Arc::clone(&clock));
        Ok(Self { storage, desk, courier, caretaker, day_ends, clock })
    }
}

/// A process that runs.
struct Process {
    runtime: Runtime,
    parts: Parts,
}

/// One node.
pub struct Node {
    number: usize,
    starts: u32,
    pub clock: Arc<NodeClock>,
    process: Option<Process>,
}

/// How an action on a node ended.
#[derive(Debug)]
pub enum Ran<T> {
    Done(T),
    /// The node died in the middle of it.
    Crashed,
    /// The node was down and could not start.
    Down(StorageError),
    /// The action was done, and yet something goes on.
    Restless,
}

/// What befalls a node during one action.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fate {
    /// It dies at this point.
    pub crash: Option<u32>,
    /// The disk refuses all writes.
    pub disk_fails: bool,
}

/// Refuses the writes of this process to files, until it is dropped.
struct FullDisk(Rlimit);

impl FullDisk {
    fn new() -> Self {
        let usual = getrlimit(Resource::Fsize);
        setrlimit(Resource::Fsize, Rlimit { current: Some(0), ..usual }).expect("a lower limit");
        Self(usual)
    }
}

impl Drop for FullDisk {
    fn drop(&mut self) {
        setrlimit(Resource::Fsize, self.0).expect("the limit of before");
    }
}

impl Node {
    pub fn new(number: usize, time: &Time) -> Self {
        Self { number, starts: 0, clock: NodeClock::new(time), process: None }
    }

    fn start(&mut self, ground: &Ground) -> Result<(), StorageError> {
        if self.process.is_some() {
            return Ok(());
        }
        self.starts += 1;
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().max_blocking_threads(BLOCKING_THREADS).build().expect("a runtime");
        let of = (self.number, self.starts);
        let parts = runtime.block_on(Box::pin(Parts::open(ground, of, self.clock.clone() as SharedClock)))?;
        self.process = Some(Process { runtime, parts });
        Ok(())
    }

    /// Runs one action, on a node that is started for it where it is down.
    pub fn run<T>(
        &mut self,
        ground: &Ground,
        (fate, kernel): (Fate, &Runtime),
        work: impl AsyncFnOnce(&Parts) -> T,
    ) -> Ran<T> {
        let disk = fate.disk_fails.then(FullDisk::new);
        POINTS.arm(None);
        if let Err(error) = self.start(ground) {
            return Ran::Down(error);
        }
        let Some(Process { runtime, parts }) = &self.process else { unreachable!("it was started") };
        POINTS.arm(fate.crash);
        let done = runtime.block_on(async {
            tokio::select! {
                biased;
                () = POINTS.reached() => None,
                done = Box::pin(work(parts)) => Some(done),
            }
        });
        let rests = done.is_none() || runtime.block_on(at_rest(runtime));
        drop(disk);
        if !rests {
            return Ran::Restless;
        }
        if done.is_none() || fate.crash.is_some() {
            self.stop(kernel);
        }
        done.map_or(Ran::Crashed, Ran::Done)
    }

    /// Ends the process: what it had not stored is gone. Waits until its connections have finished the statement that they were told
    /// last and have rolled back what was not committed.
    pub fn stop(&mut self, kernel: &Runtime) {
        let Some(Process { runtime, parts }) = self.process.take() else { return };
        let storage = parts.storage.clone();
        drop(parts);
        drop(runtime);
        POINTS.release();
        kernel.block_on(storage.close());
    }
}

/// Waits until nothing is left to do: connections are back in their pool, and what was given up is rolled back; or until the node dies over
/// that. Whether it came so far.
async fn at_rest(runtime: &Runtime) -> bool {
    let begun = std::time::Instant::now();
    let mut looks = 0;
    while runtime.metrics().num_alive_tasks() > RESTING_TASKS && !POINTS.is_reached() {
        if begun.elapsed() > REST {
            return false;
        }
        looks += 1;
        if looks < LOOKS {
            tokio::task::yield_now().await;
        } else {
            tokio::time::sleep(std::time::Duration::from_micros(50)).await;
        }
    }
    true
}

/// A migrated database without any rows, made once for each process.
pub async fn template(folder: &Path) -> PathBuf {
    let path = folder.join("template.db");
    Storage::open_scratch(&path).await.expect("a database").close().await;
    path
}
