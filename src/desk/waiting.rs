//! The waiting lists of one transaction: what decisions and bookings change on them, and what has to be written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::RngExt;
use rand::rngs::StdRng;

use super::task::{Job, Task};
use crate::conversation::WaitingStep;
use crate::domain::booking::Booking;
use crate::domain::notice::{Kind, Notice};
use crate::domain::office::{Office, OfficeId};
use crate::domain::opening::Opening;
use crate::domain::shared_offer::SharedOffer;
use crate::domain::waiting::{Followed, RETURN_SECONDS, Returning, Waiting, WaitingList};
use crate::storage::{ContactKey, WaitingChange};

/// Seats of days that a step gave back, less those that it took.
#[derive(Debug, Default)]
pub(super) struct Freed(BTreeMap<NaiveDate, i64>);

impl Freed {
    /// These seats, which no booking had.
    fn of(seats: Vec<(NaiveDate, u32)>) -> Self {
        let mut freed = Self::default();
        for (date, seats) in seats {
            *freed.0.entry(date).or_default() += i64::from(seats);
        }
        freed
    }

    /// Notes a step of a booking.
    pub(super) fn note(&mut self, before: Option<&Booking>, after: &Booking) {
        if let Some(before) = before.filter(|before| before.state.has_seats()) {
            *self.0.entry(before.slot.date).or_default() += i64::from(before.party());
        }
        if after.state.has_seats() {
            *self.0.entry(after.slot.date).or_default() -= i64::from(after.party());
        }
    }
}

/// The waiting lists of the offices that have one.
#[derive(Debug, Default)]
pub(super) struct WaitingLists {
    lists: BTreeMap<OfficeId, Arc<WaitingList>>,
    /// Offices whose list is to be looked at as soon as possible.
    due: BTreeSet<OfficeId>,
    changes: Vec<WaitingChange>,
}

impl WaitingLists {
    /// The lists as they were read. Offers to several at once whose time is over are ended with the first step that follows,
    /// [`Self::end_shares`].
    pub(super) fn new(lists: BTreeMap<OfficeId, WaitingList>) -> Self {
        let lists = lists.into_iter().map(|(office, list)| (office, Arc::new(list))).collect();
        Self { lists, ..Self::default() }
    }

    /// The list of an office; `None` where it has none.
    pub(super) fn of(&self, office: &OfficeId) -> Option<&Arc<WaitingList>> {
        self.lists.get(office)
    }

    /// A message came from a contact: who was out of reach may be offered a seat again.
    pub(super) fn heard(&mut self, office: &OfficeId, (channel, contact): &ContactKey) {
        if self.lists.get(office).is_some_and(|list| list.of(channel, contact).is_some()) {
            self.due.insert(office.clone());
        }
    }

    /// Ends the offers to several at once whose time is over. Returns the seats that come back.
    pub(super) fn end_shares(&mut self, now: DateTime<Utc>) -> Vec<(OfficeId, Freed)> {
        let mut freed = Vec::new();
        for (office, list) in &mut self.lists {
            let is_over = |entry: &Waiting| entry.shared.as_ref().is_some_and(|s| !s.is_taken && s.until <= now);
            if !list.entries.iter().any(is_over) {
                continue;
            }
            let (followed, seats) = Arc::make_mut(list).end_shares(now);
            self.changes.extend(followed.into_iter().map(WaitingChange::of));
            self.due.insert(office.clone());
            freed.push((office.clone(), Freed::of(seats)));
        }
        freed
    }

    /// A seat is offered to an entry, and to others at the same time.
    pub(super) fn share(&mut self, office: &OfficeId, id: i64, shared: SharedOffer) {
        let Some(list) = self.lists.get_mut(office).map(Arc::make_mut) else { return };
        if let Some(entry) = list.share(id, shared) {
            self.changes.push(WaitingChange::Kept(Box::new(entry)));
        }
    }

    /// What a decision changes. Returns those who were offered the seat that it took, and the seats that nobody is offered any more.
    pub(super) fn step(&mut self, office: &OfficeId, step: WaitingStep, now: DateTime<Utc>) -> (Vec<Waiting>, Freed) {
        let mut over = (Vec::new(), Freed::default());
        let Some(list) = self.lists.get_mut(office).map(Arc::make_mut) else { return over };
        match step {
            WaitingStep::Take { id, share, hold } => {
                over.0 = list.take_share(share, id, now);
                self.changes.extend(over.0.iter().map(|entry| WaitingChange::Kept(Box::new(entry.clone()))));
                if hold.is_some() {
                    // The hold waits for a photo, and the entry for what becomes of it.
                    let entry = list.entries.iter_mut().find(|entry| entry.id == id);
                    self.changes.extend(entry.map(|entry| {
                        (entry.shared, entry.offer) = (None, hold);
                        WaitingChange::Kept(Box::new(entry.clone()))
                    }));
                } else {
                    list.remove(id);
                    self.changes.push(WaitingChange::Ended { id, seated: true });
                }
                self.due.insert(office.clone());
            }
            WaitingStep::Decline { id } => {
                if let Some((followed, freed)) = list.decline_share(id, now) {
                    self.changes.push(WaitingChange::of(followed));
                    over.1 = Freed::of(freed.into_iter().collect());
                }
                self.due.insert(office.clone());
            }
            WaitingStep::Join(joining) => {
                list.put(joining.entry.clone());
                self.due.insert(office.clone());
                let (entry, form) = (Box::new(joining.entry), joining.form.map(Box::new));
                self.changes.push(WaitingChange::Joined { office: office.clone(), entry, form });
            }
            WaitingStep::Leave { id, seated } => {
                let freed = list.decline_share(id, now).and_then(|(_, freed)| freed);
                list.remove(id);
                self.changes.push(WaitingChange::Ended { id, seated });
                over.1 = Freed::of(freed.into_iter().collect());
            }
        }
        over
    }

    /// A booking was made or changed: it may be an offer that was accepted, declined, or left unanswered.
    pub(super) fn follow(&mut self, booking: &Booking, now: DateTime<Utc>) {
        let Some(list) = self.lists.get_mut(&booking.office) else { return };
        if list.offered(booking.id).is_none() {
            return;
        }
        if let Some(followed) = Arc::make_mut(list).follow(booking, now) {
            if matches!(followed, Followed::Kept(_)) {
                self.due.insert(booking.office.clone());
            }
            self.changes.push(WaitingChange::of(followed));
        }
    }

    /// A hold is offered to an entry.
    pub(super) fn offered(&mut self, office: &OfficeId, id: i64, hold: i64) {
        let Some(list) = self.lists.get_mut(office).map(Arc::make_mut) else { return };
        if let Some(entry) = list.offer(id, hold) {
            self.changes.push(WaitingChange::Kept(Box::new(entry)));
        }
    }

    /// An entry's turn came, and they need no seat any more.
    pub(super) fn end(&mut self, office: &OfficeId, id: i64) {
        let Some(list) = self.lists.get_mut(office).map(Arc::make_mut) else { return };
        list.remove(id);
        self.changes.push(WaitingChange::Ended { id, seated: false });
    }

    /// Seats came back: those for which somebody waits are offered next, the others are kept from everybody for some minutes.
    /// `next_id` numbers what is written.
    pub(super) fn freed(
        &mut self,
        office: &OfficeId,
        freed: Freed,
        now: DateTime<Utc>,
        (rng, mut next_id): (&mut StdRng, impl FnMut() -> Option<i64>),
    ) {
        let Some(list) = self.lists.get_mut(office) else { return };
        for (date, seats) in freed.0 {
            let Ok(seats) = u32::try_from(seats) else { continue };
            if seats == 0 {
                continue;
            }
            if list.has_claimant(date, now) {
                self.due.insert(office.clone());
                continue;
            }
            let Some(id) = next_id() else { continue };
            let back = Returning { date, seats, until: now + TimeDelta::seconds(rng.random_range(RETURN_SECONDS)) };
            Arc::make_mut(list).returning.push(back);
            self.changes.push(WaitingChange::Returned { id, office: office.clone(), back });
        }
    }

    /// The turns of a list were looked at: it is due again at `next`, unless something changes before.
    pub(super) fn looked_at(&mut self, office: &OfficeId, next: Option<DateTime<Utc>>) {
        self.due.remove(office);
        self.changes.push(WaitingChange::Due { office: office.clone(), due: next });
    }

    /// What has to be written.
    pub(super) fn close(&mut self, now: DateTime<Utc>) -> Vec<WaitingChange> {
        let due = std::mem::take(&mut self.due).into_iter();
        self.changes.extend(due.map(|office| WaitingChange::Due { office, due: Some(now) }));
        std::mem::take(&mut self.changes)
    }
}

/// The lists that are to be looked at, each with the contacts whose turn it is.
pub(super) fn turns(jobs: &[Job]) -> Vec<(&OfficeId, &[ContactKey])> {
    jobs.iter()
        .filter_map(|job| match &job.task {
            Task::Offers(contacts) => Some((&job.office, contacts.as_slice())),
            _ => None,
        })
        .collect()
}

/// How long after somebody else took a seat that is still news, in hours: as long as a `ya` to it is answered.
const TAKEN_HOURS: i64 = 3;

/// The notice that somebody else took the seat that was offered to an entry too.
pub(super) fn of_taken(id: i64, office: &Office, entry: &Waiting, now: DateTime<Utc>) -> Option<Notice> {
    let shared = entry.lost_share()?;
    Some(Notice {
        id,
        office: office.id.clone(),
        kind: Kind::Offer,
        channel: entry.channel.clone(),
        contact: entry.contact.clone(),
        booking: None,
        occasion: format!("taken {}", shared.id),
        detail: serde_json::to_string(&shared.slot).ok(),
        due: now,
        drop_after: now + TimeDelta::hours(TAKEN_HOURS),
    })
}

/// How long after an opening it is still news, in hours.
const OPENING_HOURS: i64 = 2;

/// The notice of an opening, which is said once to a contact however often they ask for it.
pub(super) fn of_opening(id: i64, office: &Office, (channel, contact): &ContactKey, opening: Opening) -> Notice {
    Notice {
        id,
        office: office.id.clone(),
        kind: Kind::Opening,
        channel: channel.clone(),
        contact: contact.clone(),
        booking: None,
        occasion: format!("{} {}", office.id.as_str(), opening.at.timestamp()),
        detail: serde_json::to_string(&opening).ok(),
        due: opening.at,
        drop_after: opening.at + TimeDelta::hours(OPENING_HOURS),
    }
}
