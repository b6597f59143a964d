//! The timers: lapsed holds give their seats back, photos are fetched, notices are said, old rows go to the archive, and holds that
//! ended without a booking are deleted.
//!
//! No decision depends on this module: a hold is dead at its deadline, whether or not it has been cleared. It only tidies up.

mod notices;

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt, stream};

use self::notices::NoticePlanner;
use crate::clock::SharedClock;
use crate::desk::Desk;
use crate::domain::deadline;
use crate::domain::office::{OfficeId, Zone};
use crate::export::Exports;
use crate::files::Readers;
use crate::gateway::{FetchError, Gateways, Media};
use crate::storage::{Storage, StorageError, UNREAD_AGE_MAX, WantedMedia};

/// Rows of each table that one step moves to the archive: some milliseconds of the one writer that SQLite has.
const ARCHIVE_ROWS: u32 = 500;
/// Photos fetched in one step.
const FETCH_MAX: u32 = 16;
/// Photos fetched side by side: one slow answer must not hold up the others.
const FETCHES_AT_ONCE: usize = 8;
/// How long a claim on a photo lasts, in seconds: longer than the slowest fetch. If the node dies, another one fetches the photo
/// afterwards.
const LEASE_SECONDS: i64 = 120;
/// Hours between two searches for bodies that are too old to be kept: the limit is a month.
const UNREAD_EVERY_HOURS: i64 = 1;
/// Minutes between two looks at how far is counted: it decides what goes to the archive, which is days old.
const COUNTED_EVERY_MINUTES: i64 = 5;
/// Waits between tries at a photo, in seconds; a provider's link lives minutes, its id days.
const RETRY_SECONDS: [i64; 4] = [5, 30, 120, 600];

/// The caretaker.
pub struct Caretaker {
    storage: Storage,
    desk: Desk,
    gateways: Gateways,
    media_dir: PathBuf,
    clock: SharedClock,
    keep: Option<Duration>,
    notices: Option<NoticePlanner>,
    /// Whether the numbers of reports are counted.
    counts: bool,
    exports: Option<Exports>,
    readers: Readers,
    /// When bodies that could not be read are searched next, in microseconds since 1970. Each node keeps its own time: deleting
    /// twice does no harm.
    unread_due_us: AtomicI64,
    /// What was written before this is counted, in microseconds since 1970; as of some minutes ago.
    counted_us: AtomicI64,
    /// When that is looked at again.
    counted_known_until_us: AtomicI64,
}

impl Caretaker {
    /// A caretaker that keeps fetched pictures in `media_dir`, which it creates.
    pub fn new(storage: Storage, desk: Desk, gateways: Gateways, media_dir: PathBuf, clock: SharedClock) -> Self {
        Self {
            storage,
            desk,
            gateways,
            media_dir,
            clock,
            keep: None,
            notices: None,
            counts: false,
            exports: None,
            readers: Readers::default(),
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

    /// Lets others read the pictures too.
    #[must_use]
    pub fn readable_by(self, readers: Readers) -> Self {
        Self { readers, ..self }
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
        let lease = Duration::seconds(LEASE_SECONDS);
        // A clock that may be behind those of other nodes claims nothing either: their claims would seem to last too long.
        let wanted = if self.clock.may_claim() {
            self.storage.claim_media(now, latest_try(now), now + lease, FETCH_MAX).await?
        } else {
            Vec::new()
        };
        let fetched: Vec<_> =
            stream::iter(wanted).map(|wanted| self.fetch(wanted)).buffer_unordered(FETCHES_AT_ONCE).collect().await;
        fetched.into_iter().collect::<Result<(), _>>()?;
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
        // A deadline that an unsettled clock may not judge yet is no reason to step again at once.
        let next = self.storage.next_timer().await?.filter(|next| is_settled || *next > now);
        let turn = self.storage.next_waiting_turn().await?.filter(|next| is_settled || *next > now);
        Ok(next.into_iter().chain(tidied).chain(turn).chain(told).min())
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

    /// Fetches one photo, and records what became of it.
    async fn fetch(&self, wanted: WantedMedia) -> Result<(), StorageError> {
        let fetched = match self.gateways.get(wanted.channel.gateway()) {
            Some(gateway) => gateway.fetch_media(wanted.channel.key(), &wanted.attachment).await,
            None => Err(FetchError::Transient(format!("no gateway `{}` is configured", wanted.channel.gateway()))),
        };
        let kept = match fetched {
            Ok(media) => self.keep(&wanted, &media).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(file) => self.storage.media_fetched(wanted.id, &file).await,
            Err(error) => {
                let tries = usize::try_from(wanted.attempts).unwrap_or(usize::MAX);
                let wait = RETRY_SECONDS.get(tries).filter(|_| matches!(error, FetchError::Transient(_)));
                tracing::warn!(
                    channel = wanted.channel.as_str(),
                    contact = %wanted.contact.tail(),
                    media = wanted.id,
                    again = wait.is_some(),
                    %error,
                    "a photo could not be fetched"
                );
                match wait {
                    Some(seconds) => {
                        self.storage.media_put_off(&wanted, self.clock.now() + Duration::seconds(*seconds)).await
                    }
                    None => self.desk.photo_lost(wanted).await,
                }
            }
        }
    }

    /// Writes a picture durably. Its file name is the row's number, and contains nothing from the provider or the citizen.
    async fn keep(&self, wanted: &WantedMedia, media: &Media) -> Result<String, FetchError> {
        let ending = match media.mime {
            "image/png" => "png",
            "image/webp" => "webp",
            _ => "jpg",
        };
        let name = format!("{}.{ending}", wanted.id);
        let (readers, path, bytes) = (self.readers, self.media_dir.join(&name), media.bytes.clone());
        // The database is about to record that the photo was fetched, so the file and its name must be on the disk first.
        let written = tokio::task::spawn_blocking(move || readers.write(&path, &bytes)).await;
        let written = written.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        written.map_err(|error| FetchError::Transient(format!("cannot be written: {error}")))?;
        Ok(name)
    }
}

/// The latest instant at which a photo can be due.
fn latest_try(now: DateTime<Utc>) -> DateTime<Utc> {
    let longest = RETRY_SECONDS.into_iter().fold(LEASE_SECONDS, i64::max);
    deadline::latest(now, Duration::seconds(longest))
}
