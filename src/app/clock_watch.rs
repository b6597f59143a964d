//! Watches the clock of an installation: notices jumps of the machine's clock, compares it with the database's, logs what it
//! finds, and wakes the loops when deadlines have to be judged again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::time::Wakeups;
use crate::clock::{APART_SECONDS_LOGGED, APART_SECONDS_MAX, Apart, Clock, Jump, Reading, ServerReading, SteadyClock};
use crate::metrics::{JumpLabels, Metrics};
use crate::storage::{Storage, StorageError};

/// How often the machine's clock is read. Reading costs next to nothing; a jump that is undone between two readings goes
/// unnoticed.
const READ_EVERY: Duration = Duration::from_secs(1);
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

/// How bad a difference is: 0 for none, 1 for one worth a warning, 2 for too much on a node that serves.
fn grade(apart: TimeDelta) -> u8 {
    let over = |seconds| u8::from(apart.abs() >= TimeDelta::seconds(seconds));
    over(APART_SECONDS_LOGGED) + over(APART_SECONDS_MAX)
}

/// Logs a difference where its grade has changed.
fn log_difference(apart: TimeDelta, before: TimeDelta) {
    let said = Apart::Machine(apart);
    match grade(apart) {
        grade_now if grade_now == grade(before) => {}
        0 => tracing::info!("the machine's clock agrees with the database's again"),
        1 => tracing::warn!("{said}; set it"),
        _ => tracing::error!("not ready: {said}; the database's counts. Set this one"),
    }
}

/// Watches the clocks.
pub(super) struct ClockWatch {
    clock: Arc<SteadyClock>,
    storage: Storage,
    wakeups: Wakeups,
    metrics: Arc<Metrics>,
    asked: Option<Instant>,
    apart: TimeDelta,
}

impl ClockWatch {
    pub(super) fn new(clock: Arc<SteadyClock>, storage: Storage, wakeups: Wakeups, metrics: Arc<Metrics>) -> Self {
        Self { clock, storage, wakeups, metrics, asked: None, apart: TimeDelta::zero() }
    }

    /// Watches until `stop`.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let has_server = self.storage.has_clock();
        while !stop.is_cancelled() {
            self.check(has_server).await;
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(READ_EVERY) => {}
            }
        }
    }

    async fn check(&mut self, has_server: bool) {
        let was_settled = self.clock.is_settled();
        let machine = Reading::of_machine();
        let jump = self.clock.observe_machine(machine);
        if let Some(jump) = jump {
            self.log_jump(jump);
        }
        let found = if has_server {
            // Nothing is claimed until it is known which clock jumped, so the next check asks the database again where this one
            // gets no answer.
            self.ask(self.clock.is_doubted()).await.and_then(|server| self.clock.observe_server(&server))
        } else {
            self.clock.observe(machine)
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
            self.wakeups.notify_all();
        }
    }

    fn log_jump(&self, jump: TimeDelta) {
        let direction = if jump > TimeDelta::zero() { "forward" } else { "backward" };
        self.metrics.clock_jumps.get_or_create(&JumpLabels { direction }).inc();
        let seconds = jump.num_seconds();
        tracing::warn!(seconds, "the machine's clock jumped; it is followed when it has been steady for a while");
    }

    /// Asks the database for its time, where the last question is old enough.
    async fn ask(&mut self, at_once: bool) -> Option<ServerReading> {
        if !at_once && self.asked.is_some_and(|asked| asked.elapsed() < ASK_EVERY) {
            return None;
        }
        self.asked = Some(Instant::now());
        // Without an answer the clock runs on by itself; the failure of storage is logged elsewhere.
        let server = beside_machine(self.storage.server_clock().await.ok().flatten()?);
        let apart = server.machine_ahead;
        log_difference(apart, std::mem::replace(&mut self.apart, apart));
        self.metrics.clock_apart.set(apart.num_seconds());
        Some(server)
    }
}
