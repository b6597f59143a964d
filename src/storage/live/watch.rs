//! One watch for each office that somebody looks at, and what is to be counted yet.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::count::{self, Topic, Versions};
use crate::domain::office::OfficeId;
use crate::storage::engine::error::StorageError;
use crate::storage::engine::pool::Pool;

/// Tells screens that what they show has changed. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Live {
    pub(super) pool: Pool,
    pub(super) shared: Arc<Shared>,
}

/// What all clones share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    offices: Mutex<HashMap<OfficeId, watch::Sender<Versions>>>,
    /// Where citizens booked or wrote something that is not counted yet.
    changed: Mutex<Changed>,
    /// There is something to count, or to look after.
    pub(super) wake: Notify,
}

/// Offices with changes that are not counted yet.
#[derive(Debug, Default)]
struct Changed {
    booked: BTreeSet<OfficeId>,
    talked: BTreeSet<OfficeId>,
}

/// The changes of one office, for one screen.
#[derive(Debug)]
pub struct LiveWatch {
    versions: watch::Receiver<Versions>,
}

impl LiveWatch {
    /// The numbers as they are known now.
    pub fn versions(&mut self) -> Versions {
        *self.versions.borrow_and_update()
    }

    /// Waits for a change; a change before the call, and after the last look, counts. Dropping the future loses none.
    pub async fn changed(&mut self) {
        if self.versions.changed().await.is_err() {
            // The process forgets the office only when nobody watches it.
            std::future::pending::<()>().await;
        }
    }
}

/// A map whose every change is whole, so that a panic elsewhere leaves nothing broken in it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    pub(in crate::storage) fn new(pool: Pool) -> Self {
        Self { pool, shared: Arc::default() }
    }

    /// Watches an office. Changes of other processes are seen while [`Live::run`] runs.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn watch(&self, office: &OfficeId) -> Result<LiveWatch, StorageError> {
        let versions = lock(&self.shared.offices).entry(office.clone()).or_default().subscribe();
        self.shared.wake.notify_one();
        let watch = LiveWatch { versions };
        self.versions(office).await?;
        Ok(watch)
    }

    /// The numbers of an office as the database has them. Asked before what they count is read, they are never newer than it.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn versions(&self, office: &OfficeId) -> Result<Versions, StorageError> {
        let found = count::read(&self.pool, std::slice::from_ref(office)).await?;
        let versions = found.first().map(|(_, versions)| *versions).unwrap_or_default();
        self.tell(office, versions);
        Ok(versions)
    }

    /// Tells whoever watches an office here what its numbers are.
    pub(in crate::storage) fn tell(&self, office: &OfficeId, versions: Versions) {
        if let Some(sender) = lock(&self.shared.offices).get(office) {
            sender.send_if_modified(|known| known.note_all(versions));
        }
    }

    /// Notes that citizens booked something, or gave it up, at these offices: counted later, by [`Live::run`].
    pub(in crate::storage) fn booked<'o>(&self, offices: impl Iterator<Item = &'o OfficeId>) {
        self.note(Topic::Bookings, offices);
    }

    /// Notes that something was said at these offices, or became of it: counted later, by [`Live::run`].
    pub fn talked<'o>(&self, offices: impl Iterator<Item = &'o OfficeId>) {
        self.note(Topic::Talks, offices);
    }

    /// Notes a change that is to be counted later. What a front desk does counts itself in its own transaction.
    pub(super) fn note<'o>(&self, topic: Topic, offices: impl Iterator<Item = &'o OfficeId>) {
        let mut changed = lock(&self.shared.changed);
        let noted = if topic == Topic::Bookings { &mut changed.booked } else { &mut changed.talked };
        for office in offices {
            if !noted.contains(office) {
                noted.insert(office.clone());
            }
        }
        let has_any = !noted.is_empty();
        drop(changed);
        if has_any {
            self.shared.wake.notify_one();
        }
    }

    /// Where citizens booked or wrote something since the last call.
    pub(super) fn take_changed(&self) -> Vec<(OfficeId, Topic)> {
        let Changed { booked, talked } = std::mem::take(&mut *lock(&self.shared.changed));
        let booked = booked.into_iter().map(|office| (office, Topic::Bookings));
        booked.chain(talked.into_iter().map(|office| (office, Topic::Talks))).collect()
    }

    /// The offices that somebody watches here; those that nobody watches any more are forgotten.
    pub(super) fn watched(&self) -> Vec<OfficeId> {
        let mut offices = lock(&self.shared.offices);
        offices.retain(|_, sender| sender.receiver_count() > 0);
        offices.keys().cloned().collect()
    }
}
