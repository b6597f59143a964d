//! Watches an installation's clock: notices when the machine's clock jumps, compares with the database's, says so, and wakes the
//! loops when deadlines have to be judged again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::Bells;
use crate::clock::{APART_SECONDS_MAX, APART_SECONDS_TOLD, Apart, Clock, Jump, Reading, ServerReading, SteadyClock};
use crate::metrics::{JumpLabels, Metrics};
use crate::storage::{Storage, StorageError};

/// How often the machine's clock is looked at: a look costs nothing, and a jump that was undone within is none.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often the database is asked for its time, apart from every jump: three short statements on a connection for reading.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// Sets the clock by the database's, where nodes share one, before anything is judged by it.
///
/// # Errors
/// [`StorageError`] when storage failed.
pub(super) async fn compare(clock: &SteadyClock, storage: &Storage) -> Result<(), StorageError> {
    let Some(answer) = storage.server_clock().await? else { return Ok(()) };
    clock.share(&beside_machine(answer));
    Ok(())
}

/// What a server's clock showed, compared with the machine's.
fn beside_machine((reading, is_elsewhere): (Reading, bool)) -> ServerReading {
    let machine = Reading::of_machine();
    let passed = TimeDelta::from_std(machine.at.saturating_duration_since(reading.at)).unwrap_or_default();
    ServerReading { reading, machine_ahead: machine.shown - reading.shown - passed, is_elsewhere }
}

/// How bad a difference is: 0, worth telling, or too much for a node that serves.
fn grade(apart: TimeDelta) -> u8 {
    let over = |seconds| u8::from(apart.abs() >= TimeDelta::seconds(seconds));
    over(APART_SECONDS_TOLD) + over(APART_SECONDS_MAX)
}

/// Tells of a difference where it became better or worse than it was.
fn tell_apart(apart: TimeDelta, before: TimeDelta) {
    let told = Apart::Machine(apart);
    match grade(apart) {
        grade_now if grade_now == grade(before) => {}
        0 => tracing::info!("the machine's clock agrees with the database's again"),
        1 => tracing::warn!("{told}; set it"),
        _ => tracing::error!("not ready: {told}; the database's counts. Set this one"),
    }
}

/// What looks at the clocks.
pub(super) struct TimeWatch {
    clock: Arc<SteadyClock>,
    storage: Storage,
    bells: Bells,
    metrics: Arc<Metrics>,
    asked: Option<Instant>,
    apart: TimeDelta,
}

impl TimeWatch {
    pub(super) fn new(clock: Arc<SteadyClock>, storage: Storage, bells: Bells, metrics: Arc<Metrics>) -> Self {
        Self { clock, storage, bells, metrics, asked: None, apart: TimeDelta::zero() }
    }

    /// Looks until `stop`.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let has_server = self.storage.has_clock();
        while !stop.is_cancelled() {
            self.look(has_server).await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
        }
    }

    async fn look(&mut self, has_server: bool) {
        let was_settled = self.clock.is_settled();
        let machine = Reading::of_machine();
        let jump = self.clock.look_at_machine(machine);
        if let Some(jump) = jump {
            self.tell_jump(jump);
        }
        let found = if has_server {
            // While it is not known which clock jumped nothing is claimed, so the next look asks again where this one has no answer.
            self.ask(self.clock.is_doubted()).await.and_then(|server| self.clock.look_at_server(&server))
        } else {
            self.clock.look(machine)
        };
        match found {
            Some(Jump::Seen(ahead)) if has_server => {
                tracing::warn!(seconds = ahead.num_seconds(), "the database's clock jumped; it is not followed yet");
            }
            Some(Jump::Followed(ahead)) => {
                let seconds = ahead.num_seconds();
                tracing::warn!(seconds, "the clock that jumped is believed: deadlines are judged by it now");
            }
            Some(Jump::Over) => tracing::warn!("the clock is back where it was: its jump changed nothing"),
            Some(Jump::Seen(_)) | None => {}
        }
        let is_settled = self.clock.is_settled();
        self.metrics.clock_settled.set(i64::from(is_settled));
        if matches!(found, Some(Jump::Followed(_))) || is_settled && !was_settled {
            self.bells.courier.notify_one();
            self.bells.caretaker.notify_one();
        }
    }

    fn tell_jump(&self, jump: TimeDelta) {
        let direction = if jump > TimeDelta::zero() { "forward" } else { "backward" };
        self.metrics.clock_jumps.get_or_create(&JumpLabels { direction }).inc();
        let seconds = jump.num_seconds();
        tracing::warn!(seconds, "the machine's clock jumped; it is followed when it has been steady for a while");
    }

    /// Asks the database for its time, where it is time for that.
    async fn ask(&mut self, at_once: bool) -> Option<ServerReading> {
        if !at_once && self.asked.is_some_and(|asked| asked.elapsed() < ASK_EVERY) {
            return None;
        }
        self.asked = Some(Instant::now());
        // Without an answer the clock goes on by itself; that storage is away is told elsewhere.
        let server = beside_machine(self.storage.server_clock().await.ok().flatten()?);
        let apart = server.machine_ahead;
        tell_apart(apart, std::mem::replace(&mut self.apart, apart));
        self.metrics.clock_apart.set(apart.num_seconds());
        Some(server)
    }
}
