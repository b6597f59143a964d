//! Serves what comes in: the whole intake transaction. Everything that changes seats goes through here.
//!
//! A request handler queues items and waits; a lane takes what arrived while its last commit ran and serves it as one
//! batch. Handlers never hold a transaction, so a client that hangs up cancels nothing.

mod backlog;
mod batch;
mod books;
mod lane;
mod offices;
mod people;
mod whom;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::conversation::Heard;
use crate::domain::fingerprint;
use crate::domain::message::{ChannelId, Inbound};
use crate::domain::office::OfficeId;
use crate::gateway::{Health, Item, Moved, Notice, Status};
use crate::metrics::Metrics;
use crate::roster::Roster;
use crate::storage::{ChannelState, Storage, StorageError, UnreadBody, WantedMedia};

use batch::heard;
use lane::Lane;
use offices::Offices;

/// Messages that may wait for a lane: about a second of the fastest rush; beyond it the provider's retry is the queue.
const QUEUE_MAX: usize = 10_000;

/// Items of one body that are queued together, at most: more could never be reserved at once, and the provider would be
/// told to come again for ever.
const BODY_ITEMS_MAX: usize = QUEUE_MAX / 4;

/// Items of one body that are read without letting others have the thread.
const READ_AT_ONCE: usize = 64;

/// Messages in one commit, at most, unless an installation says otherwise: more hardly raises the rate and only makes the
/// first of them wait.
pub const MESSAGES_PER_COMMIT: u32 = 256;

/// Which office owns which line.
pub type Channels = BTreeMap<ChannelId, OfficeId>;

/// Answers to one contact in ten minutes, by line.
pub type RepliesMax = Arc<BTreeMap<ChannelId, u32>>;

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Served now, and answered if it wants an answer.
    Served,
    /// It had been served before; nothing changed.
    Repeat,
    /// It could not be processed; it is kept where the office sees it.
    SetAside,
    /// It came for a line that no office owns; it is kept and warned about.
    Stray,
    /// It is authentic and cannot be read; its body is kept.
    Unread,
    /// A status was noted, or there was nothing to do.
    Noted,
}

/// Storage cannot take anything now: the provider must deliver the body again. What was served of it meanwhile is
/// recognised then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("storage is busy; deliver again")]
pub struct Busy;

/// What a desk works with.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The database.
    pub storage: Storage,
    /// Offices, formats, holidays.
    pub roster: Roster,
    /// Which office owns which line.
    pub channels: Channels,
    /// Answers to one contact in ten minutes, for lines that differ from [`crate::conversation::REPLIES_MAX`].
    pub replies_max: RepliesMax,
    /// The time.
    pub clock: SharedClock,
    /// Seed of the codes; drawn from the operating system by `app`, fixed in replay.
    pub seed: [u8; 32],
    /// Lanes that serve side by side: 1 on SQLite, which has one writer.
    pub lanes: usize,
    /// Messages that a lane serves in one commit, at most; usually [`MESSAGES_PER_COMMIT`].
    pub messages_per_commit: u32,
    /// Rung after every commit that left something to send.
    pub wake_courier: Arc<Notify>,
    /// The counters.
    pub metrics: Arc<Metrics>,
}

/// One thing for a lane to do.
#[derive(Debug, Clone)]
enum Task {
    /// Serve a message.
    Message(Box<Opened>),
    /// Note how far a reply has come.
    Status(Box<Status>),
    /// Note that a citizen has another address.
    Moved(Box<Moved>),
    /// A photo will never be fetched: ask for it again.
    PhotoLost(Box<WantedMedia>),
    /// Return the seats of lapsed holds.
    Sweep,
}

/// A message, read before it was queued: reading needs no order and takes a lane's time.
#[derive(Debug, Clone)]
struct Opened {
    inbound: Inbound,
    /// What it says by the formats of `roster`; `None` where reading it failed, which is the batch's to find out again.
    heard: Option<Heard>,
    /// The offices and formats that it was read by.
    roster: Arc<Roster>,
}

impl Opened {
    fn read(roster: Arc<Roster>, office: &OfficeId, inbound: Inbound) -> Self {
        let reading = AssertUnwindSafe(|| roster.offices.get(office).map(|office| heard(&roster, office, &inbound)));
        let heard = std::panic::catch_unwind(reading).unwrap_or_default();
        Self { inbound, heard, roster }
    }
}

/// A task with its office and whoever waits for its verdict.
#[derive(Debug)]
struct Job {
    office: OfficeId,
    task: Task,
    answer: oneshot::Sender<Result<Verdict, Busy>>,
}

/// Where a verdict will come from.
type Answer = oneshot::Receiver<Result<Verdict, Busy>>;

fn note(verdicts: &mut [Verdict], place: usize, verdict: Verdict) {
    if let Some(noted) = verdicts.get_mut(place) {
        *noted = verdict;
    }
}

/// The counter: a handle that is cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    lanes: Arc<Vec<mpsc::Sender<Job>>>,
    tasks: Arc<std::sync::Mutex<Vec<JoinHandle<()>>>>,
    closing: CancellationToken,
    storage: Storage,
    channels: Arc<Channels>,
    offices: Offices,
    clock: SharedClock,
    wake_courier: Arc<Notify>,
}

impl Desk {
    /// Starts the desk's lanes. Must be called inside a tokio runtime.
    pub fn start(parts: Parts) -> Self {
        let offices = Offices::new(parts.roster.clone());
        let mut lanes = Vec::new();
        let mut tasks = Vec::new();
        let closing = CancellationToken::new();
        for number in 0..parts.lanes.max(1) {
            let (queue, waiting) = mpsc::channel(QUEUE_MAX);
            let lane = Lane::new(&parts, offices.clone(), number);
            tasks.push(tokio::spawn(lane.run(waiting, closing.clone())));
            lanes.push(queue);
        }
        Self {
            lanes: Arc::new(lanes),
            tasks: Arc::new(std::sync::Mutex::new(tasks)),
            closing,
            storage: parts.storage,
            channels: Arc::new(parts.channels),
            offices,
            clock: parts.clock,
            wake_courier: parts.wake_courier,
        }
    }

    /// Serves the items of one body, queued whole or not at all; one verdict for each, in order. Dropping the future
    /// cancels nothing that was queued. A body of more than [`BODY_ITEMS_MAX`] is served in parts, one after the other.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full, the desk is closing, or storage failed.
    pub async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        let mut verdicts = Vec::with_capacity(items.len());
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            verdicts.extend(self.serve_part(items.by_ref().take(BODY_ITEMS_MAX).collect()).await?);
        }
        Ok(verdicts)
    }

    async fn serve_part(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        let mut verdicts = vec![Verdict::Noted; items.len()];
        let (mut queued, mut places, mut strays) = (Vec::new(), Vec::new(), Vec::new());
        let mut unread = Vec::new();
        for (place, item) in items.into_iter().enumerate() {
            if place % READ_AT_ONCE == READ_AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
            match item {
                Item::Message(inbound) => {
                    let inbound = inbound.without_nul();
                    match self.channels.get(&inbound.channel) {
                        Some(office) => {
                            // Nothing is read for a queue that has no room anyway.
                            self.lane_of(office).filter(|lane| lane.capacity() > 0).ok_or(Busy)?;
                            let opened = Opened::read(self.offices.current(), office, inbound);
                            queued.push((office.clone(), Task::Message(Box::new(opened))));
                            places.push(place);
                        }
                        None => strays.push((place, inbound)),
                    }
                }
                Item::Status(status) => {
                    let status = status.without_nul();
                    if let Some(office) = self.channels.get(&status.channel) {
                        queued.push((office.clone(), Task::Status(Box::new(status))));
                        places.push(place);
                    }
                }
                Item::Moved(moved) => {
                    if let Some(office) = self.channels.get(&moved.channel) {
                        queued.push((office.clone(), Task::Moved(Box::new(moved))));
                        places.push(place);
                    }
                }
                Item::Line(notice) => self.take_notice(notice).await?,
                Item::Ignored { reason } => tracing::debug!(%reason, "an item of no use here was ignored"),
                // Whoever read the body has warned of it.
                Item::Malformed { reason, unread: kept } => {
                    note(&mut verdicts, place, Verdict::Unread);
                    let sender = kept.sender.map(|sender| sender.as_str().to_owned());
                    unread.push(UnreadBody { gateway: kept.gateway, sender, body: kept.body, reason });
                }
            }
        }
        let answers = self.queue(queued)?;
        self.keep_unread(unread).await?;
        for (place, inbound) in strays {
            note(&mut verdicts, place, self.keep_stray(inbound).await?);
        }
        for (place, answer) in places.into_iter().zip(answers) {
            note(&mut verdicts, place, answer.await.unwrap_or(Err(Busy))?);
        }
        Ok(verdicts)
    }

    /// Queues tasks: all of them or none. The answers stand in the order of the tasks.
    fn queue(&self, tasks: Vec<(OfficeId, Task)>) -> Result<Vec<Answer>, Busy> {
        let mut by_lane: BTreeMap<usize, Vec<Job>> = BTreeMap::new();
        let mut answers = Vec::with_capacity(tasks.len());
        for (office, task) in tasks {
            let (answer, answered) = oneshot::channel();
            by_lane.entry(self.lane_number(&office)).or_default().push(Job { office, task, answer });
            answers.push(answered);
        }
        // Room is reserved in every lane first; dropping a reservation gives it back.
        let mut reserved = Vec::new();
        for (lane, jobs) in by_lane {
            let queue = self.lanes.get(lane).ok_or(Busy)?;
            let permits = queue.try_reserve_many(jobs.len()).map_err(|_| Busy)?;
            reserved.push((permits, jobs));
        }
        for (permits, jobs) in reserved {
            for (permit, job) in permits.zip(jobs) {
                permit.send(job);
            }
        }
        Ok(answers)
    }

    /// The same lane for an office on every node, so that its order is kept.
    fn lane_number(&self, office: &OfficeId) -> usize {
        usize::try_from(fingerprint::of(office.as_str()) % self.lanes.len().max(1) as u64).unwrap_or(0)
    }

    fn lane_of(&self, office: &OfficeId) -> Option<&mpsc::Sender<Job>> {
        self.lanes.get(self.lane_number(office))
    }

    /// Stops or opens the lines that a provider speaks of. In a task of its own, like every transaction.
    async fn take_notice(&self, notice: Notice) -> Result<(), Busy> {
        let lines: Vec<ChannelId> = self.channels.keys().filter(|line| notice.concerns(line)).cloned().collect();
        let (storage, now, courier) = (self.storage.clone(), self.clock.now(), Arc::clone(&self.wake_courier));
        let noted = tokio::spawn(async move {
            for line in lines {
                let name = line.as_str();
                let (state, reason, until) = match &notice.health {
                    Health::Well => {
                        if storage.reopen_channel(&line, now).await? {
                            tracing::info!(
                                channel = name,
                                "the provider says that this line is mended; its queue goes on"
                            );
                        }
                        continue;
                    }
                    Health::Broken(reason) => (ChannelState::Broken, reason, "it is mended"),
                    Health::Limited(reason) => (ChannelState::Limited, reason, "`antrean channel resume`"),
                };
                if storage.stop_channel(&line, state, reason, now).await? {
                    let state = state.name();
                    tracing::error!(
                        channel = name,
                        state,
                        reason,
                        "the provider stops this line; it holds its queue until {until}"
                    );
                }
            }
            courier.notify_one();
            Ok::<(), StorageError>(())
        });
        match noted.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, "what a provider said about a line could not be noted");
                Err(Busy)
            }
            Err(_) => Err(Busy),
        }
    }

    async fn keep_stray(&self, inbound: Inbound) -> Result<Verdict, Busy> {
        let (storage, now) = (self.storage.clone(), self.clock.now());
        // In a task of its own: a client that hangs up must not cancel a transaction half-way.
        let kept = tokio::spawn(async move {
            let kept = storage.keep_stray(&inbound, now).await;
            (inbound.channel, kept)
        });
        match kept.await {
            Ok((channel, Ok(new))) => {
                if new {
                    tracing::warn!(
                        channel = channel.as_str(),
                        "a message for a line that no office owns was kept; name the line in a [[channel]] section \
                         and run `antrean aside retry`"
                    );
                }
                Ok(Verdict::Stray)
            }
            Ok((_, Err(error))) => {
                tracing::error!(%error, "a stray message could not be kept");
                Err(Busy)
            }
            Err(_) => Err(Busy),
        }
    }

    /// Keeps what cannot be read. In a task of its own, like every transaction.
    async fn keep_unread(&self, bodies: Vec<UnreadBody>) -> Result<(), Busy> {
        if bodies.is_empty() {
            return Ok(());
        }
        let (storage, now) = (self.storage.clone(), self.clock.now());
        match tokio::spawn(async move { storage.keep_unread(&bodies, now).await }).await {
            Ok(Ok(_)) => Ok(()),
            // Delivered again it would be refused again.
            Ok(Err(StorageError::Data(error))) => {
                tracing::error!(%error, "what cannot be read could not be kept either");
                Ok(())
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "what cannot be read could not be kept; the provider will deliver it again");
                Err(Busy)
            }
            Err(_) => Err(Busy),
        }
    }

    async fn ask(&self, office: OfficeId, task: Task) -> Result<Verdict, StorageError> {
        let busy = || StorageError::Unavailable("the desk is busy".to_owned());
        let answer = self.queue(vec![(office, task)]).map_err(|_| busy())?.pop().ok_or_else(busy)?;
        answer.await.unwrap_or(Err(Busy)).map_err(|_| busy())
    }

    /// Returns the places of an office's lapsed holds.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn sweep(&self, office: OfficeId) -> Result<(), StorageError> {
        self.ask(office, Task::Sweep).await.map(drop)
    }

    /// Tells a citizen that their photo could not be fetched, if a booking waits for it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn photo_lost(&self, media: WantedMedia) -> Result<(), StorageError> {
        self.ask(media.office.clone(), Task::PhotoLost(Box::new(media))).await.map(drop)
    }

    /// The offices and formats in force.
    pub fn roster(&self) -> Arc<Roster> {
        self.offices.current()
    }

    /// Takes no more and finishes what is queued. Other handles of this desk answer [`Busy`] from now on.
    pub async fn close(self) {
        let tasks = match self.tasks.lock() {
            Ok(mut tasks) => std::mem::take(&mut *tasks),
            Err(_) => Vec::new(),
        };
        self.closing.cancel();
        for task in tasks {
            task.await.ok();
        }
    }
}
