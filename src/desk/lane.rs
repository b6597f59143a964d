//! A lane: takes what arrived while its last commit ran and serves it as one batch (group commit). While one batch is synced to
//! the disk, the lane serves the next one; requests get their verdicts after the sync.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::admission::{Admission, QUEUE_MAX};
use super::backlog::Backlog;
use super::batch::{Batch, IDS_A_MESSAGE, Served, Trouble};
use super::dependencies::{Dependencies, RepliesMax};
use super::offices::Offices;
use super::task::{Job, Task, Waiter};
use super::verdict::{Busy, Verdict};
use crate::clock::SharedClock;
use crate::domain::message::Delivery;
use crate::domain::panic_text::panic_text;
use crate::domain::reach::Reaches;
use crate::domain::turn_link::TurnLinks;
use crate::metrics::Metrics;
use crate::storage::{Storage, StorageError};

/// Database ids for holds that lapse in the same batch; if more lapse, the batch is tried again with more.
const IDS_SPARE: usize = 256;
/// Database ids that a lane fetches at a time: enough for some ten thousand messages.
const IDS_BLOCK: usize = 32_768;
/// Batches that may wait for the disk while the next one is served. They share its syncs, so more would only wait longer.
const UNCONFIRMED_MAX: usize = 4;

/// Messages of which one batch is made, however few came before: two commits for fewer would cost more than they overlap, and messages that
/// a provider delivers together in the wrong order are put right within a batch only.
const BATCH_WHOLE_MAX: usize = 128;

/// Messages that the next batch takes, of so many that wait, after a batch of `last` whose senders are about to write again. Half of
/// both together: while the one half is written, the other half is answered, asked and read. Taking all that waits would keep whatever
/// rhythm it fell into, such as 250 and 6 in turn, in which database and requests wait for each other. After a rest (`last` is 0) nobody is
/// about to write again.
fn batch_size(waiting: usize, last: usize) -> usize {
    if last == 0 { waiting } else { (waiting + last).div_ceil(2).max(BATCH_WHOLE_MAX) }
}

/// Who waits for a verdict, and which it will be.
type Answered = (Waiter, Result<Verdict, Busy>);

/// One lane.
pub(super) struct Lane {
    storage: Storage,
    offices: Offices,
    replies_max: RepliesMax,
    turn_links: Option<TurnLinks>,
    reaches: Reaches,
    clock: SharedClock,
    rng: StdRng,
    ids: Range<i64>,
    wake_courier: Arc<Notify>,
    metrics: Arc<Metrics>,
    batch_max: usize,
    admission: Arc<Admission>,
    /// Batches that are committed and not yet acknowledged, because the sync is still running.
    unconfirmed: JoinSet<()>,
}

impl Lane {
    pub(super) fn new(dependencies: &Dependencies, offices: Offices, number: usize, admission: Arc<Admission>) -> Self {
        let mut seed = dependencies.seed;
        // Lanes must not draw the same codes.
        if let Some(byte) = seed.first_mut() {
            *byte ^= u8::try_from(number % 256).unwrap_or(0);
        }
        Self {
            storage: dependencies.storage.clone(),
            offices,
            replies_max: Arc::clone(&dependencies.replies_max),
            turn_links: dependencies.turn_links.clone(),
            reaches: dependencies.reaches.clone(),
            clock: Arc::clone(&dependencies.clock),
            rng: StdRng::from_seed(seed),
            ids: 0..0,
            wake_courier: Arc::clone(&dependencies.wake_courier),
            metrics: Arc::clone(&dependencies.metrics),
            batch_max: usize::try_from(dependencies.messages_per_commit).unwrap_or(usize::MAX).max(1),
            admission,
            unconfirmed: JoinSet::new(),
        }
    }

    /// Serves until `closing`, and then what is queued already.
    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<Job>, closing: CancellationToken) {
        let mut backlog = Backlog::default();
        let mut last = 0;
        loop {
            if closing.is_cancelled() {
                waiting.close();
            }
            while backlog.len() < QUEUE_MAX {
                match waiting.try_recv() {
                    Ok(job) => backlog.push(job),
                    Err(_) => break,
                }
            }
            if backlog.len() == 0 {
                last = 0;
                tokio::select! {
                    () = closing.cancelled(), if !waiting.is_closed() => {}
                    job = waiting.recv() => match job {
                        Some(job) => backlog.push(job),
                        None => break,
                    },
                }
                continue;
            }
            if backlog.len() > self.batch_max {
                // What one commit can serve is served, however late it is.
                refuse(backlog.take_late());
            }
            let batch = backlog.take(batch_size(backlog.len(), last).min(self.batch_max));
            last = batch.len();
            if !batch.is_empty() {
                self.serve(batch).await;
            }
        }
        while self.unconfirmed.join_next().await.is_some() {}
    }

    /// Serves a batch. Where the database refuses data, the batch is halved until the message with that data stands alone.
    async fn serve(&mut self, jobs: Vec<Job>) {
        let mut parts = vec![jobs];
        while let Some(mut jobs) = parts.pop() {
            match self.attempt(&jobs).await {
                Ok(Served { verdicts, replies, booked, notices }) => {
                    self.metrics.bookings.inc_by(booked);
                    for labels in notices {
                        self.metrics.notices.get_or_create(&labels).inc();
                    }
                    let answered = jobs.into_iter().zip(verdicts).map(|(job, verdict)| (job.waiter, Ok(verdict)));
                    self.confirm(answered.collect(), replies > 0).await;
                }
                Err(StorageError::Data(_)) if jobs.len() > 1 => {
                    let second = jobs.split_off(jobs.len() / 2);
                    parts.push(second);
                    parts.push(jobs);
                }
                Err(StorageError::Data(reason)) => {
                    for job in jobs {
                        let verdict = self.set_aside(&job, &reason).await;
                        self.confirm(vec![(job.waiter, verdict)], verdict.is_ok()).await;
                    }
                }
                Err(StorageError::Unavailable(error)) => {
                    tracing::error!(%error, messages = jobs.len(), "storage failed; the provider will deliver again");
                    for job in jobs {
                        job.waiter.answer(Err(Busy));
                    }
                }
            }
        }
    }

    /// Sends the verdicts and wakes the courier once the committed batches are on the disk. Repeats wait as well: the message
    /// that they repeat may be in the batch before.
    async fn confirm(&mut self, answered: Vec<Answered>, has_replies: bool) {
        while self.unconfirmed.try_join_next().is_some() {}
        if self.unconfirmed.len() >= UNCONFIRMED_MAX {
            self.unconfirmed.join_next().await;
        }
        let (storage, wake_courier) = (self.storage.clone(), Arc::clone(&self.wake_courier));
        let admission = Arc::clone(&self.admission);
        self.unconfirmed.spawn(async move {
            let durable = storage.durable().await;
            if let Err(error) = &durable {
                tracing::error!(%error, messages = answered.len(), "storage failed; the provider will deliver again");
            }
            if has_replies {
                wake_courier.notify_one();
            }
            let tasks = answered.len();
            let waited = answered.iter().map(|(waiter, _)| waiter.waited()).max().unwrap_or_default();
            for (waiter, verdict) in answered {
                waiter.answer(if durable.is_ok() { verdict } else { Err(Busy) });
            }
            admission.note_answered(tasks, waited);
        });
    }

    /// Tries a batch, and tries again where it needs newer offices or more ids.
    async fn attempt(&mut self, jobs: &[Job]) -> Result<Served, StorageError> {
        self.note_statuses(jobs).await?;
        let mut ids_needed = jobs.len() * IDS_A_MESSAGE + IDS_SPARE;
        loop {
            self.stock_ids(ids_needed).await?;
            let batch = self.batch();
            // A panic in a decision is a bug, but one citizen's bug: the others of the batch must not suffer from it.
            let served = AssertUnwindSafe(batch.serve(jobs)).catch_unwind().await;
            match served {
                Ok(Ok(served)) => {
                    let messages = jobs.iter().filter(|job| matches!(job.task, Task::Message(_))).count();
                    self.metrics.intake_commits.inc_by(u64::from(messages > 0));
                    self.metrics.intake_messages.inc_by(messages as u64);
                    return Ok(served);
                }
                Ok(Err(Trouble::Outdated)) => self.offices.refresh(&self.storage, self.clock.now()).await?,
                Ok(Err(Trouble::IdsUsedUp)) => ids_needed *= 4,
                Ok(Err(Trouble::Storage(error))) => return Err(error),
                Err(panic) => {
                    return Err(StorageError::Data(format!("a fault in this program: {}", panic_text(&*panic))));
                }
            }
        }
    }

    /// Notes how far replies have come, and warns of those that could not be delivered.
    async fn note_statuses(&self, jobs: &[Job]) -> Result<(), StorageError> {
        let statuses: Vec<_> = jobs
            .iter()
            .filter_map(|job| match &job.task {
                Task::Status(status) => Some(status.as_ref().clone()),
                _ => None,
            })
            .collect();
        for status in statuses.iter().filter(|status| status.delivery == Delivery::Failed) {
            let (channel, error) = (status.channel.as_str(), status.error.as_deref().unwrap_or("no reason given"));
            tracing::warn!(channel, error, "the provider could not deliver a reply; see `antrean outbox list`");
        }
        if !statuses.is_empty() {
            self.storage.note_statuses(&statuses, self.clock.now()).await?;
        }
        Ok(())
    }

    fn batch(&mut self) -> Batch<'_> {
        Batch {
            storage: &self.storage,
            roster: self.offices.current(),
            replies_max: &self.replies_max,
            turn_links: self.turn_links.as_ref(),
            reaches: &self.reaches,
            now: self.clock.now(),
            rng: &mut self.rng,
            ids: &mut self.ids,
        }
    }

    async fn stock_ids(&mut self, needed: usize) -> Result<(), StorageError> {
        let left = usize::try_from(self.ids.end - self.ids.start).unwrap_or(0);
        if left < needed {
            self.ids = self.storage.ids(needed.max(IDS_BLOCK)).await?;
        }
        Ok(())
    }

    /// Keeps a message that could not be served where the office sees it, and asks its citizen to send it again.
    async fn set_aside(&mut self, job: &Job, reason: &str) -> Result<Verdict, Busy> {
        let Task::Message(message) = &job.task else {
            tracing::error!(office = job.office.as_str(), %reason, "a task of the desk failed for good");
            return Ok(Verdict::Noted);
        };
        let inbound = &message.inbound;
        tracing::error!(
            office = job.office.as_str(),
            contact = %inbound.contact.tail(),
            %reason,
            "a message could not be served and was set aside; see `antrean aside list`"
        );
        if let Err(error) = self.stock_ids(IDS_A_MESSAGE).await {
            tracing::error!(%error, "no numbers");
            return Err(Busy);
        }
        let mut kept = self.batch().set_aside(&job.office, inbound, reason, true).await;
        if let Err(StorageError::Data(_)) = kept {
            // Not even an answer can be written for this citizen; a message that came back for ever helps nobody.
            kept = self.batch().set_aside(&job.office, inbound, reason, false).await;
        }
        kept.map_err(|error| {
            tracing::error!(%error, "a message could not even be set aside; the provider will deliver it again");
            Busy
        })
    }
}

/// Refuses tasks that have waited for too long: nothing of them is stored, and the provider delivers them again.
fn refuse(late: Vec<Job>) {
    if !late.is_empty() {
        tracing::warn!(messages = late.len(), "refused after a long wait: more is coming in than can be served");
    }
    for job in late {
        job.waiter.answer(Err(Busy));
    }
}
