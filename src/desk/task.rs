//! What a lane is given to do.

use std::time::Duration;

use tokio::sync::oneshot;

use super::admission::UnderWay;
use super::reading::ReadMessage;
use super::verdict::{Busy, Verdict};
use crate::domain::message::{AddressChange, Status};
use crate::domain::notice::Notice;
use crate::domain::office::OfficeId;
use crate::domain::person::Nama;
use crate::domain::ticket::OfficerText;
use crate::storage::{ContactKey, NewErasure, WantedMedia};

/// One thing for a lane to do.
#[derive(Debug, Clone)]
pub(super) enum Task {
    /// Serve a message.
    Message(Box<ReadMessage>),
    /// Note how far a reply has come.
    Status(Box<Status>),
    /// Note that a citizen's addresses changed.
    AddressChanged(Box<AddressChange>),
    /// A photo will never be fetched: ask for it again.
    PhotoLost(Box<WantedMedia>),
    /// Do what an officer does with a ticket.
    Officer(Box<OfficerTask>),
    /// Erase a contact.
    Erase(Box<EraseTask>),
    /// Correct a name on a booking.
    Correct(Box<CorrectTask>),
    /// Return the seats of lapsed holds.
    Sweep,
    /// Give those on the waiting list their turn: the first of them who have no offer.
    Offers(Vec<ContactKey>),
    /// Carry out what was decided about a place that the office cannot keep: its contact, and its number in the database.
    SettleDisplaced(Box<(ContactKey, i64)>),
    /// Give a place back whose reminder was not answered: its contact, and its number in the database.
    ReleaseUnanswered(Box<(ContactKey, i64)>),
    /// Say notices that are due.
    Notices(Vec<Notice>),
}

/// What an officer does with a ticket.
#[derive(Debug, Clone)]
pub(super) struct OfficerTask {
    /// The ticket.
    pub(super) ticket: i64,
    /// Whose it was when the officer read it.
    pub(super) of: ContactKey,
    /// What is done.
    pub(super) act: OfficerAct,
}

/// What an officer can do with a ticket.
#[derive(Debug, Clone)]
pub(super) enum OfficerAct {
    /// Answer the citizen.
    Answer(OfficerText),
    /// Write to a citizen who has no ticket: it opens one.
    Begin(OfficerText),
    /// End it.
    Close,
}

/// A contact who is to be erased.
#[derive(Debug, Clone)]
pub(super) struct EraseTask {
    /// What was found of them.
    pub(super) erasure: NewErasure,
    /// Whether what is live is cancelled; else nothing is erased while something is.
    pub(super) cancel: bool,
}

/// A name that is to be corrected.
#[derive(Debug, Clone)]
pub(super) struct CorrectTask {
    /// Whose booking it is.
    pub(super) of: ContactKey,
    /// The booking.
    pub(super) booking: i64,
    /// The person on it, counted from 0.
    pub(super) person: usize,
    /// The name as it is right.
    pub(super) nama: Nama,
}

/// A task with its office and whoever waits for its verdict.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) office: OfficeId,
    pub(super) task: Task,
    pub(super) waiter: Waiter,
}

/// Whoever waits for the verdict of a task, which is under way until they have it.
#[derive(Debug)]
pub(super) struct Waiter {
    verdict: oneshot::Sender<Result<Verdict, Busy>>,
    under_way: UnderWay,
}

impl Waiter {
    /// One for a task that is entered as under way; also returns where its verdict will come.
    pub(super) fn new(under_way: UnderWay) -> (Self, PendingVerdict) {
        let (verdict, pending) = oneshot::channel();
        (Self { verdict, under_way }, pending)
    }

    /// Tells the verdict. Whoever is gone misses nothing.
    pub(super) fn answer(self, verdict: Result<Verdict, Busy>) {
        self.verdict.send(verdict).ok();
    }

    /// How long they have been waiting.
    pub(super) fn waited(&self) -> Duration {
        self.under_way.waited()
    }

    /// Whether the task must be refused instead of served, for it has waited for too long.
    pub(super) fn is_late(&self) -> bool {
        self.under_way.is_late()
    }
}

/// A verdict that is still to come.
pub(super) type PendingVerdict = oneshot::Receiver<Result<Verdict, Busy>>;

/// Names that are to be corrected, each with the index of its job.
pub(super) fn corrections(jobs: &[Job]) -> impl Iterator<Item = (usize, &CorrectTask)> {
    jobs.iter().enumerate().filter_map(|(place, job)| match &job.task {
        Task::Correct(task) => Some((place, task.as_ref())),
        _ => None,
    })
}

/// Contacts who are to be erased, each with the index of its job.
pub(super) fn erasures(jobs: &[Job]) -> impl Iterator<Item = (usize, &EraseTask)> {
    jobs.iter().enumerate().filter_map(|(place, job)| match &job.task {
        Task::Erase(task) => Some((place, task.as_ref())),
        _ => None,
    })
}

/// What officers do, each with the index of its job.
pub(super) fn officer_tasks(jobs: &[Job]) -> impl Iterator<Item = (usize, &OfficerTask)> {
    jobs.iter().enumerate().filter_map(|(place, job)| match &job.task {
        Task::Officer(task) => Some((place, task.as_ref())),
        _ => None,
    })
}

/// The photos among the jobs that will never be fetched.
pub(super) fn lost_photos(jobs: &[Job]) -> Vec<&WantedMedia> {
    jobs.iter()
        .filter_map(|job| match &job.task {
            Task::PhotoLost(media) => Some(media.as_ref()),
            _ => None,
        })
        .collect()
}

/// The displaced places among the jobs, each with its office.
pub(super) fn displaced_places(jobs: &[Job]) -> Vec<(&OfficeId, &(ContactKey, i64))> {
    jobs.iter()
        .filter_map(|job| match &job.task {
            Task::SettleDisplaced(place) => Some((&job.office, place.as_ref())),
            _ => None,
        })
        .collect()
}

/// The places among the jobs whose reminders were not answered, each with its office.
pub(super) fn unanswered_places(jobs: &[Job]) -> Vec<(&OfficeId, &(ContactKey, i64))> {
    jobs.iter()
        .filter_map(|job| match &job.task {
            Task::ReleaseUnanswered(place) => Some((&job.office, place.as_ref())),
            _ => None,
        })
        .collect()
}

/// The addresses among the jobs that changed.
pub(super) fn address_changes(jobs: &[Job]) -> Vec<&AddressChange> {
    jobs.iter()
        .filter_map(|job| match &job.task {
            Task::AddressChanged(change) => Some(change.as_ref()),
            _ => None,
        })
        .collect()
}
