//! The loops of an installation: the courier, the caretaker, the clock watch, and the checkpoints of the database. Each sleeps
//! until a deadline or a wakeup.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::clock_watch::ClockWatch;
use super::time::Wakeups;
use crate::caretaker::Caretaker;
use crate::clock::{SharedClock, SteadyClock};
use crate::courier::Courier;
use crate::front_desk::DayEnds;
use crate::metrics::Metrics;
use crate::storage::{Storage, StorageError};

/// Longest sleep, in seconds: another node may have left work in the tables and cannot wake this one.
const SLEEP_SECONDS_MAX: u64 = 5;
/// How often it is checked whether a sync has failed.
const CHECKED_EVERY: Duration = Duration::from_secs(1);
/// How long an installation stays after a sync failed: requests that wait get their answers, and monitors see that it is not ready.
const LEAVE_AFTER: Duration = Duration::from_secs(30);

/// The loops, not yet running.
pub(super) struct Loops {
    pub(super) courier: Courier,
    pub(super) caretaker: Caretaker,
    pub(super) day_ends: DayEnds,
    pub(super) storage: Storage,
    pub(super) clock: SharedClock,
    /// The same clock, where it is no demo's.
    pub(super) real: Option<Arc<SteadyClock>>,
    pub(super) wakeups: Wakeups,
    pub(super) metrics: Arc<Metrics>,
}

/// The loops, running.
pub(super) struct Running(Vec<JoinHandle<()>>);

impl Loops {
    /// Starts them; they run until `closing`.
    pub(super) fn start(self, closing: &CancellationToken) -> Running {
        let Self { courier, caretaker, day_ends, storage, clock, real, wakeups, metrics } = self;
        let sending = Arc::new(courier).run(closing.clone(), Arc::clone(&wakeups.courier), Arc::clone(&metrics));
        let mut running: Vec<JoinHandle<()>> = vec![tokio::spawn(sending)];
        if let Some(clock) = real {
            let watch = ClockWatch::new(clock, storage.clone(), wakeups.clone(), Arc::clone(&metrics));
            running.push(tokio::spawn(watch.run(closing.clone())));
        } else {
            // Only a person moves a demo's clock, so it always counts as right.
            metrics.clock_settled.set(1);
        }
        let tickets = metrics;
        let (stop, looked_at) = (closing.clone(), storage.clone());
        running.push(tokio::spawn(async move {
            while !stop.is_cancelled() {
                match step(&caretaker, &day_ends, &looked_at, &tickets, &clock).await {
                    Ok(next) => rest(&stop, &wakeups.caretaker, next, &clock).await,
                    Err(error) => {
                        tracing::error!(%error, "the caretaker could not use storage");
                        stop.run_until_cancelled(tokio::time::sleep(looked_at.pause_after_failure())).await;
                    }
                }
            }
        }));
        let (stop, live) = (closing.clone(), storage.live().clone());
        running.push(tokio::spawn(async move { live.run(&stop).await }));
        let stop = closing.clone();
        running.push(tokio::spawn(async move { storage.run_checkpoints(&stop).await }));
        Running(running)
    }
}

/// Returns when the installation should end in favour of a new start, which writes all of the log to the database's file: some time
/// after a sync failed. Never where the files are gone from their place: this process may have the only copy.
pub(super) async fn sync_failure(storage: &Storage) {
    loop {
        tokio::time::sleep(CHECKED_EVERY).await;
        if storage.should_restart().await {
            tokio::time::sleep(LEAVE_AFTER).await;
            if storage.should_restart().await {
                return;
            }
        }
    }
}

impl Running {
    /// Waits for the steps that are under way; the loops end by themselves once the installation closes.
    pub(super) async fn finish(self) {
        for task in self.0 {
            task.await.ok();
        }
    }
}

/// A step of the caretaker and of the days that end; then the tickets are counted.
async fn step(
    caretaker: &Caretaker,
    day_ends: &DayEnds,
    storage: &Storage,
    metrics: &Metrics,
    clock: &SharedClock,
) -> Result<Option<DateTime<Utc>>, StorageError> {
    let (tidied, ended) = (caretaker.step().await?, day_ends.step().await?);
    let tickets = storage.open_tickets().await?;
    let waits = tickets.waiting_since.map_or(0, |since| (clock.now() - since).num_seconds().max(0));
    metrics.tickets.set(tickets.open);
    metrics.ticket_wait.set(waits);
    Ok(tidied.into_iter().chain(ended).min())
}

/// Sleeps until `next`, a wakeup, or the end of the installation.
async fn rest(stop: &CancellationToken, wakeup: &Notify, next: Option<DateTime<Utc>>, clock: &SharedClock) {
    let longest = Duration::from_secs(SLEEP_SECONDS_MAX);
    let until_next = next.and_then(|at| (at - clock.now()).to_std().ok()).unwrap_or_default();
    let sleep = if next.is_some() { until_next.min(longest) } else { longest };
    tokio::select! {
        () = stop.cancelled() => {}
        () = wakeup.notified() => {}
        () = tokio::time::sleep(sleep) => {}
    }
}
