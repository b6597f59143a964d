//! The timers: lapsed holds give their seats back, photos are fetched, what is long over goes to the archive.
//!
//! Truth never waits for this room: a hold is dead at its deadline whoever looks first. It only tidies.

use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt, stream};

use crate::clock::SharedClock;
use crate::desk::Desk;
use crate::gateway::{FetchError, Gateways, Media};
use crate::storage::{Storage, StorageError, UNREAD_AGE_MAX, WantedMedia};

/// Rows of each table that one step moves to the archive: some milliseconds of the one writer that SQLite has.
const ARCHIVE_ROWS: u32 = 500;
/// Photos fetched in one step.
const FETCH_MAX: u32 = 16;
/// Photos fetched side by side: one slow answer must not hold up the others.
const FETCHES_AT_ONCE: usize = 8;
/// How long a photo is one node's to fetch, in seconds: longer than its slowest fetch. If the node dies, another one
/// fetches it then.
const LEASE_SECONDS: i64 = 120;
/// Hours between two looks for bodies that are too old to be kept: the limit is a month.
const UNREAD_REST_HOURS: i64 = 1;
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
    /// When bodies that could not be read are looked through next, in microseconds since 1970: each node does so, since
    /// what is gone need not be deleted twice.
    unread_due_us: AtomicI64,
}

impl Caretaker {
    /// A caretaker that keeps fetched pictures in `media_dir`, which it creates.
    pub fn new(storage: Storage, desk: Desk, gateways: Gateways, media_dir: PathBuf, clock: SharedClock) -> Self {
        Self { storage, desk, gateways, media_dir, clock, keep: None, unread_due_us: AtomicI64::new(0) }
    }

    /// Moves messages, steps and replies to the archive when they are so old; without this they stay for ever.
    #[must_use]
    pub fn keeping(self, days: u32) -> Self {
        Self { keep: Some(Duration::days(i64::from(days))), ..self }
    }

    /// Does what is due now; says when something is due next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn step(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let now = self.clock.now();
        for office in self.storage.offices_with_lapsed_holds(now).await? {
            self.desk.sweep(office).await?;
        }
        let wanted = self.storage.claim_media(now, now + Duration::seconds(LEASE_SECONDS), FETCH_MAX).await?;
        let fetched: Vec<_> =
            stream::iter(wanted).map(|wanted| self.fetch(wanted)).buffer_unordered(FETCHES_AT_ONCE).collect().await;
        fetched.into_iter().collect::<Result<(), _>>()?;
        let archived = self.archive(now).await?;
        self.age_unread(now).await?;
        Ok(self.storage.next_timer().await?.into_iter().chain(archived).min())
    }

    /// Forgets, now and then, bodies that could not be read and are too old by now.
    async fn age_unread(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        if now.timestamp_micros() < self.unread_due_us.load(Ordering::Relaxed) {
            return Ok(());
        }
        let gone = self.storage.age_unread(now - UNREAD_AGE_MAX).await?;
        if gone > 0 {
            tracing::info!(bodies = gone, "messages that nobody could read were forgotten after 30 days");
        }
        self.unread_due_us.store((now + Duration::hours(UNREAD_REST_HOURS)).timestamp_micros(), Ordering::Relaxed);
        Ok(())
    }

    /// A small step of the archive's, where it is this node's turn; gives when it is due again.
    async fn archive(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        let Some(keep) = self.keep else { return Ok(None) };
        let step = self.storage.archive(now, now - keep, ARCHIVE_ROWS).await?;
        if step.rows > 0 {
            tracing::debug!(rows = step.rows, "old rows went to the archive");
        }
        Ok(Some(step.due))
    }

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

    /// Writes a picture under a name of our own; nothing of the provider's or the citizen's words is in it.
    async fn keep(&self, wanted: &WantedMedia, media: &Media) -> Result<String, FetchError> {
        let ending = match media.mime {
            "image/png" => "png",
            "image/webp" => "webp",
            _ => "jpg",
        };
        let name = format!("{}.{ending}", wanted.id);
        let write = async {
            tokio::fs::create_dir_all(&self.media_dir).await?;
            let part = self.media_dir.join(format!("{name}.part"));
            tokio::fs::write(&part, &media.bytes).await?;
            tokio::fs::File::open(&part).await?.sync_all().await?;
            tokio::fs::rename(&part, self.media_dir.join(&name)).await
        };
        write.await.map_err(|error| FetchError::Transient(format!("cannot be written: {error}")))?;
        Ok(name)
    }
}
