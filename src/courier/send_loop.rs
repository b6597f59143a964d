//! The loop of an installation: replies in flight side by side, each on its own, and a round whenever enough came back.
//!
//! A send that hangs holds up only its own citizen. Rounds keep a distance, so that intake, which shares the database's
//! one writer, gets most of its commits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::backpressure::Backpressure;
use super::claim::{Claimed, Finished, InFlight};
use super::progress::Step;
use super::setup::Courier;
use crate::domain::message::ChannelId;
use crate::domain::panic_text::panic_text;
use crate::metrics::{ChannelLabels, Metrics, QueueLabels, ReplyLabels};
use crate::storage::{ChannelState, StorageError};

/// Replies in flight on one node: at 50 ms an answer, some ten thousand a second.
const IN_FLIGHT_MAX: u32 = 512;
/// Shortest time between two rounds while sends come back. Each round is a commit, and forty in a second leave disk and
/// database to intake, and ten where that is behind; a reply that comes after a rest goes at once.
const ROUND_GAP: Duration = Duration::from_millis(25);
/// Time between two rounds of a channel that may send no faster: some replies each, rather than one.
const PACED_GAP: Duration = Duration::from_millis(50);
/// Longest sleep: another node may have left work in the tables, and cannot wake this one.
const SLEEP_MAX: Duration = Duration::from_secs(5);
/// Pause while it is not known which clock is right: what is due may not be claimed.
const DOUBT_PAUSE: Duration = Duration::from_secs(1);
/// How long a courier that is to stop goes on trying to record what became of its sends, while storage fails.
const RECORD_TIME_MAX: Duration = Duration::from_secs(5);
/// How often the state of the channels is published in the metrics.
const PUBLISHED_EVERY: Duration = Duration::from_secs(10);

/// What is in flight, and what came back and is not recorded yet.
#[derive(Default)]
struct Sends {
    tasks: JoinSet<Finished>,
    in_flight: InFlight,
    unrecorded: Vec<Finished>,
    /// Questions to providers whether broken channels can send again.
    probes: JoinSet<()>,
    backpressure: Backpressure,
}

impl Sends {
    fn start(&mut self, courier: &Arc<Courier>, claimed: Claimed) {
        self.in_flight.entry(claimed.reply.channel.clone()).or_default().insert(claimed.reply.contact.clone());
        let courier = Arc::clone(courier);
        self.tasks.spawn(async move { courier.send(claimed).await });
    }

    /// Waits for one send to end.
    async fn join_next(&mut self) {
        if let Some(joined) = self.tasks.join_next().await {
            self.collect(joined);
        }
    }

    /// Collects all sends that have ended.
    fn join_ready(&mut self) {
        while let Some(joined) = self.tasks.try_join_next() {
            self.collect(joined);
        }
        while self.probes.try_join_next().is_some() {}
        if self.tasks.is_empty() {
            // The contact of a send that panicked would stay in flight otherwise.
            self.in_flight.clear();
        }
    }

    fn collect(&mut self, joined: Result<Finished, JoinError>) {
        match joined {
            Ok(finished) => {
                if let Some(contacts) = self.in_flight.get_mut(&finished.sent.channel) {
                    contacts.remove(&finished.sent.contact);
                }
                self.unrecorded.push(finished);
            }
            // A fault in this program; the claim's lease runs out, and the reply is tried again.
            Err(error) => {
                let why = error.try_into_panic().map_or("it was cancelled", |panic| panic_text(&*panic));
                tracing::error!(why, "a send broke off");
            }
        }
    }

    /// How many more sends may begin.
    fn capacity(&self) -> u32 {
        IN_FLIGHT_MAX.saturating_sub(u32::try_from(self.tasks.len()).unwrap_or(IN_FLIGHT_MAX))
    }
}

impl Courier {
    /// Sends until `stop`; then takes no more, waits for what is in flight and records it. `wakeup` is notified when a reply
    /// was written.
    pub async fn run(self: Arc<Self>, stop: CancellationToken, wakeup: Arc<Notify>, metrics: Arc<Metrics>) {
        let mut sends = Sends::default();
        let mut published: Option<Instant> = None;
        let mut failing: Option<Instant> = None;
        loop {
            let stopping = stop.is_cancelled();
            if stopping && sends.tasks.is_empty() && sends.unrecorded.is_empty() {
                return;
            }
            if published.is_none_or(|at| at.elapsed() >= PUBLISHED_EVERY) {
                published = Some(Instant::now());
                if let Err(error) = self.publish_channels(&metrics).await {
                    tracing::warn!(%error, "the channels could not be looked at");
                }
            }
            let begun = Instant::now();
            match self.run_round(&mut sends, &stop, &metrics).await {
                Ok(sleep) => {
                    failing = None;
                    if let Some(sleep) = sleep {
                        sleep_until_work(&mut sends, &stop, &wakeup, sleep).await;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the courier could not use storage");
                    let since = *failing.get_or_insert(begun);
                    if stopping && sends.tasks.is_empty() && since.elapsed() >= RECORD_TIME_MAX {
                        let replies = sends.unrecorded.len();
                        tracing::warn!(
                            replies,
                            "what became of these replies could not be recorded; they may go out again"
                        );
                        return;
                    }
                    self.pause(stopping.then_some(since), &stop).await;
                }
            }
            let early = sends.backpressure.gap(ROUND_GAP).saturating_sub(begun.elapsed());
            if !stopping && !early.is_zero() {
                tokio::time::sleep(early).await;
            }
        }
    }

    /// Runs one round. Returns how long to sleep, `None` where there is more to do at once.
    async fn run_round(
        self: &Arc<Self>,
        sends: &mut Sends,
        stop: &CancellationToken,
        metrics: &Metrics,
    ) -> Result<Option<Duration>, StorageError> {
        sends.join_ready();
        let capacity = sends.capacity();
        let capacity =
            if stop.is_cancelled() { 0 } else { sends.backpressure.limit(capacity, metrics, Instant::now()) };
        let finished = std::mem::take(&mut sends.unrecorded);
        let mut step = Step::default();
        step.count_finished(&finished);
        let round = match self.round(finished.clone(), capacity, &sends.in_flight).await {
            Ok(round) => round,
            Err(error) => {
                // What is not recorded would be sent again.
                sends.unrecorded = finished;
                return Err(error);
            }
        };
        count(metrics, &step);
        count(metrics, &round.step);
        self.probe_beside(sends, round.broken);
        let nothing = round.claimed.is_empty();
        for claimed in round.claimed {
            if stop.is_cancelled() {
                sends.unrecorded.push(claimed.put_back(self.clock.now()));
            } else {
                sends.start(self, claimed);
            }
        }
        if stop.is_cancelled() {
            return Ok((!sends.tasks.is_empty()).then_some(SLEEP_MAX));
        }
        if round.has_more || !round.step.is_idle() {
            return Ok(None);
        }
        if round.is_paced {
            return Ok(Some(PACED_GAP));
        }
        if nothing && step.is_idle() && self.storage.enrol_unknown_channels(self.clock.now()).await? {
            return Ok(None);
        }
        if nothing { self.sleep_time().await.map(Some) } else { Ok(Some(SLEEP_MAX)) }
    }

    /// Asks the providers of broken channels beside the loop, which goes on meanwhile.
    fn probe_beside(self: &Arc<Self>, sends: &mut Sends, broken: Vec<ChannelId>) {
        if broken.is_empty() {
            return;
        }
        let courier = Arc::clone(self);
        sends.probes.spawn(async move {
            if let Err(error) = courier.probe_broken(&broken).await {
                tracing::error!(%error, "a channel that may be mended could not be opened");
            }
        });
    }

    /// Waits before storage is tried again; `stopping` is since when it fails, for a courier that is to stop.
    async fn pause(&self, stopping: Option<Instant>, stop: &CancellationToken) {
        let pause = self.storage.pause_after_failure();
        match stopping {
            Some(since) => tokio::time::sleep_until((Instant::now() + pause).min(since + RECORD_TIME_MAX)).await,
            None => _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await,
        }
    }

    /// How long until something is due.
    async fn sleep_time(&self) -> Result<Duration, StorageError> {
        if !self.clock.may_claim() {
            return Ok(DOUBT_PAUSE);
        }
        let next = self.next_due().await?;
        let until = next.map(|at| (at - self.clock.now()).to_std().unwrap_or_default());
        Ok(until.unwrap_or(SLEEP_MAX).min(SLEEP_MAX))
    }

    /// Publishes the state and the queue of every channel in the metrics.
    async fn publish_channels(&self, metrics: &Metrics) -> Result<(), StorageError> {
        self.advance_misdated(self.clock.now()).await?;
        for queue in self.storage.channels().await? {
            let name = queue.channel.id.as_str().to_owned();
            for state in ChannelState::ALL {
                let labels = ChannelLabels { channel: name.clone(), state: state.name() };
                metrics.channels.get_or_create(&labels).set(i64::from(queue.channel.state == state));
            }
            for (state, count) in [("waiting", queue.waiting), ("held", queue.held), ("dead", queue.dead)] {
                let labels = QueueLabels { channel: name.clone(), state };
                metrics.queue.get_or_create(&labels).set(i64::try_from(count).unwrap_or(i64::MAX));
            }
        }
        Ok(())
    }
}

/// Sleeps until a send ends, a reply was written, the installation stops, or the time is over.
async fn sleep_until_work(sends: &mut Sends, stop: &CancellationToken, wakeup: &Notify, sleep: Duration) {
    let is_sending = !sends.tasks.is_empty();
    tokio::select! {
        () = stop.cancelled(), if !stop.is_cancelled() => {}
        () = wakeup.notified() => {}
        () = sends.join_next(), if is_sending => {}
        () = tokio::time::sleep(sleep) => {}
    }
}

fn count(metrics: &Metrics, step: &Step) {
    let by_verdict = [
        ("sent", step.sent),
        ("put_off", step.put_off),
        ("held", step.held),
        ("expired", step.expired),
        ("dead", step.dead),
        ("ambiguous", step.in_doubt),
    ];
    for (verdict, count) in by_verdict {
        if count > 0 {
            metrics.replies.get_or_create(&ReplyLabels { verdict }).inc_by(count as u64);
        }
    }
}
