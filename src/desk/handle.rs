//! The handle of the desk: sorts the items of a body, queues them for the lanes, and waits for their verdicts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::admission::{Admission, QUEUE_MAX};
use super::dependencies::{Channels, Dependencies};
use super::lane::Lane;
use super::offices::Offices;
use super::reading::ReadMessage;
use super::task::{CorrectTask, EraseTask, Job, OfficerAct, OfficerTask, PendingVerdict, Task, Waiter};
use super::verdict::{Busy, Verdict};
use super::{channel_notice, kept};
use crate::clock::SharedClock;
use crate::domain::booking::Booking;
use crate::domain::fingerprint;
use crate::domain::message::{ChannelId, Inbound};
use crate::domain::notice as planned;
use crate::domain::office::OfficeId;
use crate::domain::person::Nama;
use crate::domain::reach::Reaches;
use crate::domain::ticket::OfficerText;
use crate::gateway::{Item, Notice};
use crate::roster::Roster;
use crate::storage::{
    ContactKey, NewErasure, Storage, StorageError, StoredTicket, UnreadBody, WaitingTurn, WantedMedia,
};

/// Items of one body that are queued together, at most: a body that needs most of the queue could hardly ever be reserved whole,
/// and the provider would be told to deliver it again for ever.
const BODY_ITEMS_MAX: usize = QUEUE_MAX / 4;

/// Displaced bookings that are settled in one transaction: it holds the office's lock for some milliseconds.
const SETTLED_AT_ONCE: u32 = 20;

/// How long the office's lock is left to others between two such transactions.
const SETTLE_PAUSE: Duration = Duration::from_millis(50);

/// Items of one body that are read before other tasks get the thread.
const READ_AT_ONCE: usize = 64;

/// The desk: a handle that is cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {
    lanes: Arc<Vec<LaneQueue>>,
    tasks: Arc<std::sync::Mutex<Vec<JoinHandle<()>>>>,
    closing: CancellationToken,
    storage: Storage,
    channels: Arc<Channels>,
    offices: Offices,
    reaches: Reaches,
    clock: SharedClock,
    wake_courier: Arc<Notify>,
}

/// The way to a lane.
#[derive(Debug)]
struct LaneQueue {
    queue: mpsc::Sender<Job>,
    admission: Arc<Admission>,
}

/// The items of one body, sorted by what has to be done with them. A place is an item's position in the body.
#[derive(Default)]
struct Sorted {
    /// Tasks for the lanes.
    tasks: Vec<(OfficeId, Task)>,
    /// The place of each task.
    places: Vec<usize>,
    /// Messages for channels that no office owns.
    strays: Vec<(usize, Inbound)>,
    /// What cannot be read.
    unread: Vec<UnreadBody>,
}

impl Sorted {
    fn queue(&mut self, place: usize, office: &OfficeId, task: Task) {
        self.tasks.push((office.clone(), task));
        self.places.push(place);
    }
}

impl Desk {
    /// Starts the desk's lanes. Must be called inside a tokio runtime.
    pub fn start(dependencies: Dependencies) -> Self {
        let offices = Offices::new(dependencies.roster.clone());
        let mut lanes = Vec::new();
        let mut tasks = Vec::new();
        let closing = CancellationToken::new();
        for number in 0..dependencies.lanes.max(1) {
            let (queue, waiting) = mpsc::channel(QUEUE_MAX);
            let admission = Admission::new(dependencies.wait_max);
            let lane = Lane::new(&dependencies, offices.clone(), number, Arc::clone(&admission));
            tasks.push(tokio::spawn(lane.run(waiting, closing.clone())));
            lanes.push(LaneQueue { queue, admission });
        }
        Self {
            lanes: Arc::new(lanes),
            tasks: Arc::new(std::sync::Mutex::new(tasks)),
            closing,
            storage: dependencies.storage,
            channels: Arc::new(dependencies.channels),
            offices,
            reaches: dependencies.reaches,
            clock: dependencies.clock,
            wake_courier: dependencies.wake_courier,
        }
    }

    /// Serves the items of one body, queued whole or not at all; one verdict for each, in order. Dropping the future
    /// cancels nothing that was queued. A body of more than [`BODY_ITEMS_MAX`] items is served in parts, one after the other.
    ///
    /// # Errors
    /// [`Busy`] when they would have to wait for too long, the desk is closing, or storage failed.
    pub async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        let mut verdicts = Vec::with_capacity(items.len());
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            verdicts.extend(self.serve_part(items.by_ref().take(BODY_ITEMS_MAX).collect()).await?);
        }
        Ok(verdicts)
    }

    /// Whether anything that comes now would be served. Where it would not, a body need not be read to be refused.
    pub fn takes_more(&self) -> bool {
        // Every lane is asked: one that refuses measures what it can take.
        self.lanes.iter().filter(|lane| lane.admission.admit().is_ok()).count() > 0
    }

    async fn serve_part(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        let mut verdicts = vec![Verdict::Noted; items.len()];
        let mut sorted = Sorted::default();
        for (place, item) in items.into_iter().enumerate() {
            if place % READ_AT_ONCE == READ_AT_ONCE - 1 {
                tokio::task::yield_now().await;
            }
            match item {
                Item::Message(inbound) => self.sort_message(place, inbound.without_nul(), &mut sorted)?,
                Item::Status(status) => {
                    let status = status.without_nul();
                    if let Some(office) = self.channels.get(&status.channel) {
                        sorted.queue(place, office, Task::Status(Box::new(status)));
                    }
                }
                Item::AddressChanged(change) => {
                    if let Some(office) = self.channels.get(&change.channel) {
                        sorted.queue(place, office, Task::AddressChanged(Box::new(change)));
                    }
                }
                Item::Channel(notice) => self.take_notice(notice).await?,
                Item::Ignored { reason } => tracing::debug!(%reason, "an item of no use here was ignored"),
                // Whoever read the body has warned of it.
                Item::Malformed { reason, unread } => {
                    note(&mut verdicts, place, Verdict::Unread);
                    let sender = unread.sender.map(|sender| sender.as_str().to_owned());
                    sorted.unread.push(UnreadBody { gateway: unread.gateway, sender, body: unread.body, reason });
                }
            }
        }
        let of_body = Some(sorted.tasks.len());
        let pending = self.queue(sorted.tasks, of_body)?;
        if !sorted.unread.is_empty() {
            kept::keep_unread(&self.storage, sorted.unread, self.clock.now()).await?;
        }
        for (place, inbound) in sorted.strays {
            note(&mut verdicts, place, kept::keep_stray(&self.storage, inbound, self.clock.now()).await?);
        }
        for (place, verdict) in sorted.places.into_iter().zip(pending) {
            note(&mut verdicts, place, verdict.await.unwrap_or(Err(Busy))?);
        }
        Ok(verdicts)
    }

    /// Reads a message and makes it a task of the office that owns its channel.
    fn sort_message(&self, place: usize, inbound: Inbound, sorted: &mut Sorted) -> Result<(), Busy> {
        let Some(office) = self.channels.get(&inbound.channel) else {
            sorted.strays.push((place, inbound));
            return Ok(());
        };
        // A message is not read when its lane takes none anyway.
        self.lane_of(office).ok_or(Busy)?.admission.admit()?;
        let message = ReadMessage::read(self.offices.current(), office, inbound);
        sorted.queue(place, office, Task::Message(Box::new(message)));
        Ok(())
    }

    /// Queues tasks: all of them or none. The verdicts stand in the order of the tasks. `of_body` is how many there are in a body that a
    /// provider delivered; tasks of this program's own, with `None`, are taken as long as they find room at all.
    fn queue(&self, tasks: Vec<(OfficeId, Task)>, of_body: Option<usize>) -> Result<Vec<PendingVerdict>, Busy> {
        let mut by_lane: BTreeMap<usize, Vec<Job>> = BTreeMap::new();
        let mut pending_verdicts = Vec::with_capacity(tasks.len());
        for (office, task) in tasks {
            let number = self.lane_number(&office);
            let admission = &self.lanes.get(number).ok_or(Busy)?.admission;
            let jobs = by_lane.entry(number).or_default();
            if of_body.is_some() && jobs.is_empty() {
                admission.admit()?;
            }
            let (waiter, pending) = Waiter::new(admission.enter(of_body));
            jobs.push(Job { office, task, waiter });
            pending_verdicts.push(pending);
        }
        // Room is reserved in every lane first; dropping a reservation gives it back.
        let mut reserved = Vec::new();
        for (lane, jobs) in by_lane {
            let queue = &self.lanes.get(lane).ok_or(Busy)?.queue;
            let permits = queue.try_reserve_many(jobs.len()).map_err(|_| Busy)?;
            reserved.push((permits, jobs));
        }
        for (permits, jobs) in reserved {
            for (permit, job) in permits.zip(jobs) {
                permit.send(job);
            }
        }
        Ok(pending_verdicts)
    }

    /// The same lane for an office on every node, so that its order is kept.
    fn lane_number(&self, office: &OfficeId) -> usize {
        usize::try_from(fingerprint::of(office.as_str()) % self.lanes.len().max(1) as u64).unwrap_or(0)
    }

    fn lane_of(&self, office: &OfficeId) -> Option<&LaneQueue> {
        self.lanes.get(self.lane_number(office))
    }

    /// Stops or resumes the channels that a provider speaks of.
    async fn take_notice(&self, notice: Notice) -> Result<(), Busy> {
        let concerned: Vec<ChannelId> = self.channels.keys().filter(|id| notice.concerns(id)).cloned().collect();
        let (storage, now, courier) = (self.storage.clone(), self.clock.now(), Arc::clone(&self.wake_courier));
        // In a task of its own: a client that hangs up must not cancel a transaction half-way.
        let noted = tokio::spawn(async move {
            channel_notice::apply(&storage, &notice, concerned, now).await?;
            courier.notify_one();
            Ok::<(), StorageError>(())
        });
        match noted.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => {
                tracing::error!(%error, "what a provider said about a channel could not be noted");
                Err(Busy)
            }
            Err(_) => Err(Busy),
        }
    }

    async fn ask(&self, office: OfficeId, task: Task) -> Result<Verdict, StorageError> {
        let busy = || StorageError::Unavailable("the desk is busy".to_owned());
        let verdict = self.queue(vec![(office, task)], None).map_err(|_| busy())?.pop().ok_or_else(busy)?;
        verdict.await.unwrap_or(Err(Busy)).map_err(|_| busy())
    }

    /// Returns the seats of an office's lapsed holds.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn sweep(&self, office: OfficeId) -> Result<(), StorageError> {
        self.ask(office, Task::Sweep).await.map(drop)
    }

    /// Offers seats that came back to those whose turn it is.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn offer_seats(&self, turn: WaitingTurn) -> Result<(), StorageError> {
        self.ask(turn.office, Task::Offers(turn.contacts)).await.map(drop)
    }

    /// Tells a citizen that their photo could not be fetched, if a booking waits for it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn photo_lost(&self, media: WantedMedia) -> Result<(), StorageError> {
        self.ask(media.office.clone(), Task::PhotoLost(Box::new(media))).await.map(drop)
    }

    /// Sends an officer's answer to the citizen of a ticket. Returns whether the ticket was still open; where it was not, nothing
    /// is sent.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn answer_ticket(&self, stored: &StoredTicket, text: OfficerText) -> Result<bool, StorageError> {
        self.officer(stored, OfficerAct::Answer(text)).await
    }

    /// Writes to a citizen of an office who has no ticket, which opens one. Returns whether the citizen is known.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn begin_ticket(
        &self,
        office: &OfficeId,
        of: &ContactKey,
        text: OfficerText,
    ) -> Result<bool, StorageError> {
        let task = OfficerTask { ticket: 0, of: of.clone(), act: OfficerAct::Begin(text) };
        Ok(self.ask(office.clone(), Task::Officer(Box::new(task))).await? == Verdict::Served)
    }

    /// Ends a ticket, and tells its citizen. Returns whether it was still open.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn close_ticket(&self, stored: &StoredTicket) -> Result<bool, StorageError> {
        self.officer(stored, OfficerAct::Close).await
    }

    async fn officer(&self, stored: &StoredTicket, act: OfficerAct) -> Result<bool, StorageError> {
        let task = OfficerTask { ticket: stored.ticket.id, of: stored.of.clone(), act };
        let verdict = self.ask(stored.office.clone(), Task::Officer(Box::new(task))).await?;
        Ok(verdict == Verdict::Served)
    }

    /// Carries out what was decided about the bookings of an office that it cannot keep, a few in each transaction, so that citizens who
    /// write meanwhile hardly wait. Returns how many tasks that took. Called again, or by two nodes at once, it does nothing twice.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed, or refused the data of some bookings; what was done stays done.
    pub async fn settle_displaced(&self, office: &OfficeId) -> Result<usize, StorageError> {
        let mut settled = 0;
        let mut before = Vec::new();
        loop {
            let planned = self.storage.planned_displaced(office, SETTLED_AT_ONCE).await?;
            if planned.is_empty() {
                return Ok(settled);
            }
            if planned == before {
                let left = planned.len();
                return Err(StorageError::Data(format!(
                    "{left} bookings could not be settled; the log of this command says why"
                )));
            }
            let tasks = planned.iter().map(|place| (office.clone(), Task::SettleDisplaced(Box::new(place.clone()))));
            let busy = |Busy| StorageError::Unavailable("the desk is busy".to_owned());
            for verdict in self.queue(tasks.collect(), None).map_err(busy)? {
                verdict.await.unwrap_or(Err(Busy)).map_err(busy)?;
            }
            settled += planned.len();
            before = planned;
            tokio::time::sleep(SETTLE_PAUSE).await;
        }
    }

    /// Gives places of an office back whose reminders had to be answered and were not, each unless there is no reason to any more. Called
    /// again, or by two nodes at once, it does nothing twice.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: those that are left are found again.
    pub async fn release_unanswered(
        &self,
        office: &OfficeId,
        places: Vec<(ContactKey, i64)>,
    ) -> Result<(), StorageError> {
        let tasks = places.into_iter().map(|place| (office.clone(), Task::ReleaseUnanswered(Box::new(place))));
        let busy = |Busy| StorageError::Unavailable("the desk is busy".to_owned());
        for verdict in self.queue(tasks.collect(), None).map_err(busy)? {
            verdict.await.unwrap_or(Err(Busy)).map_err(busy)?;
        }
        Ok(())
    }

    /// Reads the offices again where the database has a newer version or calendar of one. Asks for two numbers an office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed, or a published office cannot be read.
    pub async fn refresh_outdated_offices(&self) -> Result<(), StorageError> {
        let in_force = self.storage.office_versions().await?;
        if Offices::outdated(&self.offices.current(), &in_force) { self.refresh_offices().await } else { Ok(()) }
    }

    /// Erases a contact of an office in one transaction. With `cancel` their live bookings, wait and ticket end with it; without,
    /// nothing is erased while there is any. Returns whether it was done: not either where something was written since their rows
    /// were found.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn erase(&self, office: &OfficeId, erasure: NewErasure, cancel: bool) -> Result<bool, StorageError> {
        let task = Task::Erase(Box::new(EraseTask { erasure, cancel }));
        Ok(self.ask(office.clone(), task).await? == Verdict::Served)
    }

    /// Corrects the name of a person (counted from 0) on a live booking. Returns whether it is still live and has that person.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn correct_name(&self, booking: &Booking, person: usize, nama: Nama) -> Result<bool, StorageError> {
        let of = (booking.channel.clone(), booking.contact.clone());
        let task = Task::Correct(Box::new(CorrectTask { of, booking: booking.id, person, nama }));
        Ok(self.ask(booking.office.clone(), task).await? == Verdict::Served)
    }

    /// Says notices of one office that are due, or drops those that are late, unwanted or not so any more.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: they stay planned.
    pub async fn say_notices(&self, office: OfficeId, notices: Vec<planned::Notice>) -> Result<(), StorageError> {
        self.ask(office, Task::Notices(notices)).await.map(drop)
    }

    /// Whom the channels reach unasked.
    pub fn reaches(&self) -> &Reaches {
        &self.reaches
    }

    /// The offices and formats in force.
    pub fn roster(&self) -> Arc<Roster> {
        self.offices.current()
    }

    /// Reads the offices that were published since; a lane does so by itself with its next message.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed, or a published office cannot be read.
    pub async fn refresh_offices(&self) -> Result<(), StorageError> {
        self.offices.refresh(&self.storage, self.clock.now()).await
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

fn note(verdicts: &mut [Verdict], place: usize, verdict: Verdict) {
    if let Some(noted) = verdicts.get_mut(place) {
        *noted = verdict;
    }
}
