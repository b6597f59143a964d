//! The timers: lapsed holds give their seats back, photos are fetched and kept encrypted, notices are said, old rows go to the
//! archive, holds that ended without a booking are deleted, and personal data that is too old is erased.
//!
//! No decision depends on this module: a hold is dead at its deadline, whether or not it has been cleared. It only tidies up.

mod notices;
mod photos;
mod retention;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};

use self::notices::NoticePlanner;
use self::photos::PhotoRounds;
use self::retention::Eraser;
use crate::clock::SharedClock;
use crate::desk::Desk;
use crate::domain::office::{OfficeId, Zone};
use crate::domain::retention::Retention;
use crate::export::Exports;
use crate::gateway::Gateways;
use crate::metrics::Metrics;
use crate::photos::Photos;
use crate::storage::{Storage, StorageError, UNREAD_AGE_MAX};

/// Rows of each table that one step moves to the archive: some milliseconds of the one writer that SQLite has.
const ARCHIVE_ROWS: u32 = 500;
/// Hours between two searches for bodies that are too old to be kept: the limit is a month.
const UNREAD_EVERY_HOURS: i64 = 1;
/// A change of a calendar that was not carried out to its end is taken up again after so many seconds.
const CALENDAR_SECONDS: i64 = 5;
/// Minutes between two looks at how far is counted: it decides what goes to the archive, which is days old.
const COUNTED_EVERY_MINUTES: i64 = 5;

/// The caretaker.
pub struct Caretaker {
    storage: Storage,
    desk: Desk,
    photos: PhotoRounds,
    clock: SharedClock,
    keep: Option<Duration>,
    notices: Option<NoticePlanner>,
    media_dir: PathBuf,
    eraser: Option<Eraser>,
    /// Whether the numbers of reports are counted.
    counts: bool,
    exports: Option<Exports>,
    /// When bodies that could not be read are searched next, in microseconds since 1970. Each node keeps its own time: deleting
    /// twice does no harm.
    unread_due_us: AtomicI64,
    /// What was written before this is counted, in microseconds since 1970; as of some minutes ago.
    counted_us: AtomicI64,
    /// When that is looked at again.
    counted_known_until_us: AtomicI64,
}

impl Caretaker {
    /// A caretaker that keeps fetched pictures among `photos`.
    pub fn new(storage: Storage, desk: Desk, gateways: Gateways, photos: Photos, clock: SharedClock) -> Self {
        let media_dir = photos.folder().to_path_buf();
        let photos = PhotoRounds::new(storage.clone(), desk.clone(), gateways, photos, clock.clone());
        Self {
            storage,
            desk,
            photos,
            clock,
            keep: None,
            notices: None,
            media_dir,
            eraser: None,
            counts: false,
            exports: None,
            unread_due_us: AtomicI64::new(0),
            counted_us: AtomicI64::new(0),
            counted_known_until_us: AtomicI64::new(0),
        }
    }

    /// Moves messages, steps and replies to the archive when they are `days` old; without this they stay for ever.
    #[must_use]
    pub fn keeping(self, days: u32) -> Self {
        Self { keep: Some(Duration::days(i64::from(days))), ..self }
    }

    /// Says what offices say unasked; without this nothing is.
    #[must_use]
    pub fn saying_notices(self) -> Self {
        let notices = NoticePlanner::new(self.storage.clone(), self.desk.clone());
        Self { notices: Some(notices), ..self }
    }

    /// Counts the numbers of reports, before anything that they come from leaves its table.
    #[must_use]
    pub fn counting(self) -> Self {
        Self { counts: true, ..self }
    }

    /// Removes files that were taken out of offices when their time is over.
    #[must_use]
    pub fn tidying(self, exports: Exports) -> Self {
        Self { exports: Some(exports), ..self }
    }

    /// Erases personal data when it is too old, and that of citizens who ask for it; without this nothing is erased.
    #[must_use]
    pub fn erasing(self, keep: Retention, metrics: Arc<Metrics>) -> Self {
        let (storage, desk, media_dir) = (self.storage.clone(), self.desk.clone(), self.media_dir.clone());
        Self { eraser: Some(Eraser { storage, desk, media_dir, keep, metrics }), ..self }
    }

    /// Does what is due now. Returns when something is due next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn step(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let now = self.clock.now();
        // While the clock is not settled, nothing is ended by it.
        let is_settled = self.clock.is_settled();
        if is_settled {
            let holds = self.storage.bring_back_holds(now).await?;
            if holds > 0 {
                tracing::warn!(holds, "holds that a clock which was ahead made count as made now");
            }
            for office in self.storage.offices_with_lapsed_holds(now).await? {
                self.desk.sweep(office).await?;
            }
            for turn in self.storage.waiting_turns(self.desk.reaches(), now).await? {
                self.desk.offer_seats(turn).await?;
            }
        }
        self.desk.refresh_outdated_offices().await?;
        if is_settled {
            self.settle_calendar(now).await?;
        }
        let no_photos_before = self.photos.fetch_due(now).await?;
        let resealed = self.photos.reseal_some(now).await?;
        let adopted = self.storage.adopt_orphan_statuses(now, is_settled).await?;
        if adopted > 0 {
            tracing::info!(
                statuses = adopted,
                "statuses that had come before their reply was recorded were noted late"
            );
        }
        if let Some(exports) = &self.exports {
            exports.tidy().await?;
        }
        let tidied = if is_settled { self.tidy(now).await? } else { None };
        // A clock that is not settled might say something at the wrong time, or drop it as too late.
        let told = match self.notices.as_ref().filter(|_| is_settled) {
            Some(notices) => notices.step(now).await?,
            None => None,
        };
        // A clock that is ahead would erase too early.
        let erased = match self.eraser.as_ref().filter(|_| is_settled) {
            Some(eraser) => eraser.step(now).await?,
            None => None,
        };
        // A deadline that an unsettled clock may not judge yet is no reason to step again at once.
        let next = self.storage.next_timer().await?.filter(|next| is_settled || *next > now);
        // What waits for a key is due again and again.
        let next = next.map(|next| no_photos_before.map_or(next, |before| next.max(before)));
        let turn = self.storage.next_waiting_turn().await?.filter(|next| is_settled || *next > now);
        let change = self.storage.next_calendar_change().await?;
        // One that could not be carried out, or may not be judged yet, is no reason to step again at once.
        let change = change.map(|due| if due > now { due } else { now + Duration::seconds(CALENDAR_SECONDS) });
        Ok(next.into_iter().chain(resealed).chain(tidied).chain(turn).chain(told).chain(change).chain(erased).min())
    }

    /// Moves and tells everybody whom a change of a calendar concerns, once it can be undone no more.
    async fn settle_calendar(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        for (change, office) in self.storage.due_calendar_changes(now).await? {
            if !self.storage.begin_settling(change).await? {
                continue;
            }
            match self.desk.settle_displaced(&office).await {
                Ok(_) => self.storage.end_settling(change, now).await?,
                Err(error) => {
                    tracing::error!(office = office.as_str(), change, %error, "a change of the calendar was not carried out to its end; it goes on");
                }
            }
        }
        Ok(())
    }

    /// Moves or deletes some old rows, where it is this node's turn. Returns when more is due.
    async fn tidy(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let counted = self.count(now).await?;
        let archived = self.archive(now).await?;
        let cleared = self.storage.clear_holds(now, ARCHIVE_ROWS).await?;
        if cleared.rows > 0 {
            tracing::debug!(rows = cleared.rows, "holds that ended without a booking were cleared");
        }
        let forgotten = self.storage.clear_notices(now, ARCHIVE_ROWS).await?;
        self.delete_old_unread(now).await?;
        Ok(archived.into_iter().chain(counted).chain([cleared.due, forgotten.due]).min())
    }

    /// Deletes bodies that could not be read and are too old by now, where the last search is long enough ago.
    async fn delete_old_unread(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        if now.timestamp_micros() < self.unread_due_us.load(Ordering::Relaxed) {
            return Ok(());
        }
        let gone = self.storage.age_unread(now - UNREAD_AGE_MAX).await?;
        if gone > 0 {
            tracing::info!(bodies = gone, "messages that nobody could read were forgotten after 30 days");
        }
        self.unread_due_us.store((now + Duration::hours(UNREAD_EVERY_HOURS)).timestamp_micros(), Ordering::Relaxed);
        Ok(())
    }

    /// Counts some of what reports show, where it is this node's turn. Returns when more is due.
    async fn count(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        if !self.counts {
            return Ok(None);
        }
        self.storage.tally(now, &self.zones(), self.keep.map(|keep| now - keep)).await.map(Some)
    }

    /// The offices in force, with their zones.
    fn zones(&self) -> Vec<(OfficeId, Zone)> {
        self.desk.roster().offices.iter().map(|(id, office)| (id.clone(), office.zone)).collect()
    }

    /// Everything from before this instant is counted, as far as was known some minutes ago.
    async fn counted_until(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, StorageError> {
        if !self.counts {
            return Ok(now);
        }
        let known_until = self.counted_known_until_us.load(Ordering::Relaxed);
        if now.timestamp_micros() >= known_until {
            let until = self.storage.counted_until(now, &self.zones()).await?;
            self.counted_us.store(until.timestamp_micros(), Ordering::Relaxed);
            let next = now + Duration::minutes(COUNTED_EVERY_MINUTES);
            self.counted_known_until_us.store(next.timestamp_micros(), Ordering::Relaxed);
        }
        Ok(DateTime::from_timestamp_micros(self.counted_us.load(Ordering::Relaxed)).unwrap_or(now))
    }

    /// Moves some rows to the archive, where it is this node's turn; none that is not counted yet. Returns when more is due.
    async fn archive(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let Some(keep) = self.keep else { return Ok(None) };
        let before = (now - keep).min(self.counted_until(now).await?);
        let step = self.storage.archive(now, before, ARCHIVE_ROWS).await?;
        if step.rows > 0 {
            tracing::debug!(rows = step.rows, "old rows went to the archive");
        }
        Ok(Some(step.due))
    }
}
