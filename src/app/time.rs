//! Watches an installation's clock: notices when the machine's clock jumps, compares with the database's, says so, and wakes the
//! loops when deadlines have to be judged again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::Bells;
use crate::clock::{APART_SECONDS_MAX, APART_SECONDS_TOLD, Clock, Jump, Reading, SteadyClock};
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
    let Some(server) = storage.server_clock().await? else { return Ok(()) };
    clock.note_apart(apart(server));
    clock.set(server);
    Ok(())
}

/// How far the machine's clock is ahead of a server's.
fn apart(server: Reading) -> TimeDelta {
    let machine = Reading::of_machine();
    let passed = TimeDelta::from_std(machine.at.saturating_duration_since(server.at)).unwrap_or_default();
    machine.shown - server.shown - passed
}

/// How bad a difference is: 0, worth telling, or too much for a node that serves.
fn grade(apart: TimeDelta) -> u8 {
    let over = |seconds| u8::from(apart.abs() >= TimeDelta::seconds(seconds));
    over(APART_SECONDS_TOLD) + over(APART_SECONDS_MAX)
}

/// Tells of a difference where it became better or worse than it was.
fn tell_apart(apart: TimeDelta, before: TimeDelta) {
    let seconds = apart.num_seconds();
    match grade(apart) {
        grade_now if grade_now == grade(before) => {}
        0 => tracing::info!(seconds, "the machine's clock agrees with the database's again"),
        1 => tracing::warn!(seconds, "the machine's clock is ahead of the database's by so much; set it"),
        _ => tracing::error!(
            seconds,
            "not ready: the machine's clock is ahead of the database's by so much; the database's counts. Set this one"
        ),
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
        let has_server = match self.storage.server_clock().await {
            Ok(server) => server.is_some(),
            // Only a server can fail to answer.
            Err(_) => true,
        };
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
        let reference = if has_server { self.ask(jump.is_some()).await } else { Some(machine) };
        let found = reference.and_then(|reference| self.clock.look(reference));
        match found {
            Some(Jump::Seen(ahead)) if has_server => {
                tracing::warn!(seconds = ahead.num_seconds(), "the database's clock jumped; it is not followed yet");
            }
            Some(Jump::Followed(ahead)) => {
                let seconds = ahead.num_seconds();
                tracing::warn!(seconds, "the clock has been steady since it jumped: deadlines are judged by it now");
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
    async fn ask(&mut self, at_once: bool) -> Option<Reading> {
        if !at_once && self.asked.is_some_and(|asked| asked.elapsed() < ASK_EVERY) {
            return None;
        }
        self.asked = Some(Instant::now());
        // Without an answer the clock goes on by itself; that storage is away is told elsewhere.
        let server = self.storage.server_clock().await.ok().flatten()?;
        let apart = apart(server);
        tell_apart(apart, std::mem::replace(&mut self.apart, apart));
        self.clock.note_apart(apart);
        self.metrics.clock_apart.set(apart.num_seconds());
        Some(server)
    }
}
