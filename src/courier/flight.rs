//! The loop: replies in flight side by side, each on its own, and a round whenever enough came back.
//!
//! A send that hangs holds up only its own citizen. Rounds keep a distance, so that intake, which shares the database's
//! one writer, gets most of its commits.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::{JoinError, JoinSet};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::round::{Claimed, Finished, Flying};
use super::watch::IntakeWatch;
use super::{Courier, Step};
use crate::metrics::{ChannelLabels, Metrics, QueueLabels, ReplyLabels};
use crate::storage::{ChannelState, StorageError};

/// Replies in flight on one node: at 50 ms an answer, some ten thousand a second.
const IN_FLIGHT_MAX: u32 = 512;
/// Shortest time between two rounds while sends come back. Each round is a commit, and forty in a second leave disk and
/// database to intake, and ten where that is behind; a reply that comes after a rest goes at once.
const ROUND_GAP: Duration = Duration::from_millis(25);
/// Time between two rounds of a line that may send no faster: some replies each, rather than one.
const PACED_GAP: Duration = Duration::from_millis(50);
/// Longest sleep: another node may have left work in the tables without ringing a bell here.
const SLEEP_MAX: Duration = Duration::from_secs(5);
/// Pause while it is not known which clock is right: what is due may not be claimed.
const DOUBT_PAUSE: Duration = Duration::from_secs(1);
/// How long a courier that is to stop goes on trying to record what became of its sends, while storage fails.
const RECORD_TIME_MAX: Duration = Duration::from_secs(5);
/// How often the state of the lines is shown in the metrics.
const SHOWN_EVERY: Duration = Duration::from_secs(10);

/// What is in flight, and what came back and is not recorded yet.
#[derive(Default)]
struct Flight {
    sends: JoinSet<Finished>,
    /// Whose replies, by line.
    of_line: Flying,
    back: Vec<Finished>,
    /// Questions whether lines are mended.
    probes: JoinSet<()>,
    intake: IntakeWatch,
}

impl Flight {
    fn start(&mut self, courier: &Arc<Courier>, claimed: Claimed) {
        self.of_line.entry(claimed.reply.channel.clone()).or_default().insert(claimed.reply.contact.clone());
        let courier = Arc::clone(courier);
        self.sends.spawn(async move { courier.send(claimed).await });
    }

    /// Waits for one to come back.
    async fn land(&mut self) {
        if let Some(landed) = self.sends.join_next().await {
            self.take(landed);
        }
    }

    /// Takes in all that came back already.
    fn land_ready(&mut self) {
        while let Some(landed) = self.sends.try_join_next() {
            self.take(landed);
        }
        while self.probes.try_join_next().is_some() {}
        if self.sends.is_empty() {
            // After a send that broke off its contact would seem to be in flight.
            self.of_line.clear();
        }
    }

    fn take(&mut self, landed: Result<Finished, JoinError>) {
        match landed {
            Ok(finished) => {
                if let Some(contacts) = self.of_line.get_mut(&finished.sent.channel) {
                    contacts.remove(&finished.sent.contact);
                }
                self.back.push(finished);
            }
            // A fault in this program; the claim's lease runs out, and the reply is tried again.
            Err(error) => tracing::error!(%error, "a send broke off"),
        }
    }

    fn room(&self) -> u32 {
        IN_FLIGHT_MAX.saturating_sub(u32::try_from(self.sends.len()).unwrap_or(IN_FLIGHT_MAX))
    }
}

impl Courier {
    /// Sends until `stop`; then takes no more, waits for what is in flight and records it. `bell` says that a reply was
    /// written.
    pub async fn run(self: Arc<Self>, stop: CancellationToken, bell: Arc<Notify>, metrics: Arc<Metrics>) {
        let mut flight = Flight::default();
        let mut shown: Option<Instant> = None;
        let mut failing: Option<Instant> = None;
        loop {
            let stopping = stop.is_cancelled();
            if stopping && flight.sends.is_empty() && flight.back.is_empty() {
                return;
            }
            if shown.is_none_or(|at| at.elapsed() >= SHOWN_EVERY) {
                shown = Some(Instant::now());
                if let Err(error) = self.show(&metrics).await {
                    tracing::warn!(%error, "the lines could not be looked at");
                }
            }
            let begun = Instant::now();
            match self.turn(&mut flight, &stop, &metrics).await {
                Ok(sleep) => {
                    failing = None;
                    if let Some(sleep) = sleep {
                        self.rest(&mut flight, (&stop, &bell), sleep).await;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the courier could not use storage");
                    let since = *failing.get_or_insert(begun);
                    if stopping && flight.sends.is_empty() && since.elapsed() >= RECORD_TIME_MAX {
                        let replies = flight.back.len();
                        tracing::warn!(
                            replies,
                            "what became of these replies could not be recorded; they may go out again"
                        );
                        return;
                    }
                    self.pause(stopping.then_some(since), &stop).await;
                }
            }
            let early = flight.intake.gap(ROUND_GAP).saturating_sub(begun.elapsed());
            if !stopping && !early.is_zero() {
                tokio::time::sleep(early).await;
            }
        }
    }

    /// One round; how long to sleep where there is nothing more to do at once.
    async fn turn(
        self: &Arc<Self>,
        flight: &mut Flight,
        stop: &CancellationToken,
        metrics: &Metrics,
    ) -> Result<Option<Duration>, StorageError> {
        flight.land_ready();
        let room = if stop.is_cancelled() { 0 } else { flight.intake.room(flight.room(), metrics, Instant::now()) };
        let back = std::mem::take(&mut flight.back);
        let mut step = Step::default();
        for one in &back {
            step.count(&one.sent.outcome);
            step.in_doubt += usize::from(one.in_doubt);
        }
        let round = match self.round(back.clone(), room, &flight.of_line).await {
            Ok(round) => round,
            Err(error) => {
                // Not recorded: it must be, or it is sent again.
                flight.back = back;
                return Err(error);
            }
        };
        count(metrics, &step);
        count(metrics, &round.step);
        if !round.broken.is_empty() {
            let courier = Arc::clone(self);
            flight.probes.spawn(async move {
                if let Err(error) = courier.ask_whether_mended(&round.broken).await {
                    tracing::error!(%error, "a line that may be mended could not be opened");
                }
            });
        }
        let nothing = round.claimed.is_empty();
        for claimed in round.claimed {
            if stop.is_cancelled() {
                flight.back.push(claimed.put_back(self.clock.now()));
            } else {
                flight.start(self, claimed);
            }
        }
        if stop.is_cancelled() {
            return Ok((!flight.sends.is_empty()).then_some(SLEEP_MAX));
        }
        if round.more || !round.step.is_idle() {
            return Ok(None);
        }
        if round.paced {
            return Ok(Some(PACED_GAP));
        }
        if nothing && step.is_idle() && self.storage.enrol_unknown_channels(self.clock.now()).await? {
            return Ok(None);
        }
        if nothing { self.sleep().await.map(Some) } else { Ok(Some(SLEEP_MAX)) }
    }

    /// Waits before storage is tried again; `stopping` says since when it fails a courier that is to stop.
    async fn pause(&self, stopping: Option<Instant>, stop: &CancellationToken) {
        let pause = self.storage.pause_after_failure();
        match stopping {
            Some(since) => tokio::time::sleep_until((Instant::now() + pause).min(since + RECORD_TIME_MAX)).await,
            None => _ = stop.run_until_cancelled(tokio::time::sleep(pause)).await,
        }
    }

    /// How long until something is due.
    async fn sleep(&self) -> Result<Duration, StorageError> {
        if !self.clock.may_claim() {
            return Ok(DOUBT_PAUSE);
        }
        let next = self.next_due().await?;
        let until = next.map(|at| (at - self.clock.now()).to_std().unwrap_or_default());
        Ok(until.unwrap_or(SLEEP_MAX).min(SLEEP_MAX))
    }

    /// Sleeps until something comes back, a bell, or the time is over; what comes back is taken in.
    async fn rest(&self, flight: &mut Flight, (stop, bell): (&CancellationToken, &Notify), sleep: Duration) {
        let flying = !flight.sends.is_empty();
        tokio::select! {
            () = stop.cancelled(), if !stop.is_cancelled() => {}
            () = bell.notified() => {}
            () = flight.land(), if flying => {}
            () = tokio::time::sleep(sleep) => {}
        }
    }

    /// Shows the lines in the metrics.
    async fn show(&self, metrics: &Metrics) -> Result<(), StorageError> {
        self.bring_back(self.clock.now()).await?;
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
