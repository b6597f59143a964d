//! Photos: fetched from providers and from the upload page, kept encrypted, and brought under the newest key.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Duration, Utc};
use futures_util::{StreamExt, stream};

use crate::clock::{Clock, SharedClock, SystemClock};
use crate::desk::Desk;
use crate::domain::deadline;
use crate::domain::photo_key::PhotoKeyId;
use crate::gateway::{FetchError, Gateways};
use crate::photos::{Kept, PhotoError, Photos, UPLOAD_PREFIX, is_upload};
use crate::storage::{Storage, StorageError, StoredPhoto, WantedMedia};

/// Photos fetched in one step.
const FETCH_MAX: u32 = 16;
/// Photos fetched side by side: one slow answer must not hold up the others.
const FETCHES_AT_ONCE: usize = 8;
/// How long a claim on a photo lasts, in seconds: longer than the slowest fetch. If the node dies, another one fetches the photo
/// afterwards.
const LEASE_SECONDS: i64 = 120;
/// Waits between tries at a photo, in seconds; a provider's link lives minutes, its id days.
const RETRY_SECONDS: [i64; 4] = [5, 30, 120, 600];
/// Photos encrypted anew in one step: with two syncs each, a second or less of a slow disk.
const RESEAL_MAX: u32 = 16;
/// Of these side by side.
const RESEALS_AT_ONCE: usize = 4;
/// Milliseconds between two such steps, so that citizens' own writes find the disk free.
const RESEAL_PAUSE_MS: i64 = 250;
/// Minutes between two looks at the folder of keys, and for photos that are not under the newest one.
const LOOK_MINUTES: i64 = 1;
/// Hours after which photos that could not be encrypted anew are tried once more, and uploads that nobody told of are looked for.
const AGAIN_HOURS: i64 = 1;
/// Seconds after which photos are looked at again while there is no key for them.
const NO_KEY_SECONDS: i64 = 30;

/// Where a pass over the photos stands that brings them under the newest key.
#[derive(Debug, Default)]
struct Pass {
    /// The key that it brings them under.
    to: Option<PhotoKeyId>,
    /// Keys whose photos are still to be looked at; `None` among them stands for plain files.
    from: Vec<Option<PhotoKeyId>>,
    /// The last photo that was looked at under the key at the end of `from`.
    after: i64,
    /// Photos that are under it by this pass, and those that could not be brought there.
    done: usize,
    failed: usize,
}

/// Fetches and keeps photos.
pub(super) struct PhotoRounds {
    pub(super) storage: Storage,
    pub(super) desk: Desk,
    pub(super) gateways: Gateways,
    pub(super) photos: Photos,
    pub(super) clock: SharedClock,
    pass: Mutex<Pass>,
    /// When the keys are looked at next, in microseconds since 1970.
    look_due_us: AtomicI64,
    /// When failed photos are tried again, and left uploads removed.
    again_due_us: AtomicI64,
    /// Whether the log says that there is no key.
    is_stalled: AtomicBool,
}

impl PhotoRounds {
    pub(super) fn new(storage: Storage, desk: Desk, gateways: Gateways, photos: Photos, clock: SharedClock) -> Self {
        Self {
            storage,
            desk,
            gateways,
            photos,
            clock,
            pass: Mutex::default(),
            look_due_us: AtomicI64::new(0),
            again_due_us: AtomicI64::new(0),
            is_stalled: AtomicBool::new(false),
        }
    }

    /// Fetches what is due, where photos can be kept. Returns until when it is of no use to look again, where there is no key.
    pub(super) async fn fetch_due(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        // A clock that may be behind those of other nodes claims nothing: their claims would seem to last too long.
        if !self.clock.may_claim() {
            return Ok(None);
        }
        if !self.storage.is_media_due(now, latest_try(now)).await? {
            return Ok(None);
        }
        // Without a key a photo waits at its provider: fetched, it would have to lie here in plain.
        let photos = self.photos.clone();
        let key = on_disk(move || photos.newest_key()).await;
        if let Err(error) = key {
            if !self.is_stalled.swap(true, Ordering::Relaxed) {
                tracing::error!(%error, "photos are not fetched: there is no key to keep them with");
            }
            return Ok(Some(now + Duration::seconds(NO_KEY_SECONDS)));
        }
        if self.is_stalled.swap(false, Ordering::Relaxed) {
            tracing::info!("there is a key again: photos are fetched");
        }
        let lease = Duration::seconds(LEASE_SECONDS);
        let wanted = self.storage.claim_media(now, latest_try(now), now + lease, FETCH_MAX).await?;
        let fetched: Vec<_> =
            stream::iter(wanted).map(|wanted| self.fetch(wanted)).buffer_unordered(FETCHES_AT_ONCE).collect().await;
        fetched.into_iter().collect::<Result<(), _>>()?;
        Ok(None)
    }

    /// Fetches one photo, and records what became of it.
    async fn fetch(&self, wanted: WantedMedia) -> Result<(), StorageError> {
        let reference = wanted.attachment.reference.clone();
        let kept = match self.bytes(&wanted).await {
            Ok(bytes) => self.keep(wanted.id, bytes).await,
            Err(error) => Err(error),
        };
        match kept {
            Ok(Kept { file, key }) => {
                self.storage.media_fetched(wanted.id, &file, key).await?;
                self.forget_upload(reference).await;
                Ok(())
            }
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

    /// The bytes of a photo, from the upload page or from its provider.
    async fn bytes(&self, wanted: &WantedMedia) -> Result<Vec<u8>, FetchError> {
        if is_upload(&wanted.attachment.reference) {
            let (photos, reference) = (self.photos.clone(), wanted.attachment.reference.clone());
            return on_disk(move || photos.read_upload(&reference)).await.map_err(|error| match error {
                PhotoError::File(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    FetchError::Transient(error.to_string())
                }
                PhotoError::NoKey(_) => FetchError::Transient(error.to_string()),
                error => FetchError::Final(error.to_string()),
            });
        }
        match self.gateways.get(wanted.channel.gateway()) {
            Some(gateway) => {
                let media = gateway.fetch_media(wanted.channel.key(), &wanted.attachment).await?;
                Ok(media.bytes.to_vec())
            }
            None => Err(FetchError::Transient(format!("no gateway `{}` is configured", wanted.channel.gateway()))),
        }
    }

    /// Writes a photo durably: the database is about to record that it was fetched, so the file and its name must be on the disk first.
    async fn keep(&self, id: i64, bytes: Vec<u8>) -> Result<Kept, FetchError> {
        let photos = self.photos.clone();
        let kept = on_disk(move || photos.keep(id, &bytes)).await;
        kept.map_err(|error| FetchError::Transient(format!("cannot be written: {error}")))
    }

    /// Removes an upload that has a row by now. One that stays is removed a day later.
    async fn forget_upload(&self, reference: String) {
        if is_upload(&reference) {
            let photos = self.photos.clone();
            if let Err(error) = on_disk(move || photos.remove_upload(&reference)).await {
                tracing::warn!(%error, "an upload that was kept elsewhere could not be removed");
            }
        }
    }

    /// Brings some photos under the newest key: plain ones of an earlier version, and those of keys before a rotation. Returns when more
    /// is due; `None` while nothing is.
    pub(super) async fn reseal_some(&self, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, StorageError> {
        if is_over(&self.look_due_us, now, Duration::minutes(LOOK_MINUTES)) {
            self.look(now).await?;
        }
        let Some((from, after, to)) = self.place_of_pass() else { return Ok(None) };
        let found = self.storage.photos_under(from, after, RESEAL_MAX).await?;
        if found.is_empty() {
            self.key_is_done();
        }
        let last = found.last().map(|photo| photo.id);
        let tried = found.len();
        let resealed = stream::iter(found).map(|photo| self.reseal(photo, to)).buffer_unordered(RESEALS_AT_ONCE);
        let done: Vec<i64> = resealed.filter_map(std::future::ready).collect().await;
        self.storage.photos_resealed(&done, from, to).await?;
        let mut pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        pass.after = last.unwrap_or(pass.after);
        pass.done += done.len();
        pass.failed += tried - done.len();
        Ok(Some(now + Duration::milliseconds(RESEAL_PAUSE_MS)))
    }

    /// Reads the keys again, and begins a pass where there is another newest one, or some time has gone by.
    async fn look(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        let photos = self.photos.clone();
        let keys = on_disk(move || photos.read_keys()).await;
        let list = match keys {
            Ok(list) => list,
            Err(error) => {
                tracing::warn!(%error, "the folder of keys cannot be read");
                return Ok(());
            }
        };
        let Some((newest, older)) = list.ids().split_last().map(|(newest, older)| (*newest, older.to_vec())) else {
            return Ok(());
        };
        let again = is_over(&self.again_due_us, now, Duration::hours(AGAIN_HOURS));
        if again {
            self.remove_left_uploads(now).await?;
        }
        let mut pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        let is_idle = pass.from.is_empty();
        if pass.to != Some(newest) || again && is_idle {
            let from = older.into_iter().map(Some).chain([None]).collect();
            *pass = Pass { to: Some(newest), from, ..Pass::default() };
        }
        Ok(())
    }

    /// Under which key the pass looks, behind which photo, and where it brings them.
    fn place_of_pass(&self) -> Option<(Option<PhotoKeyId>, i64, PhotoKeyId)> {
        let pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        Some((*pass.from.last()?, pass.after, pass.to?))
    }

    /// Nothing is left under the key that the pass looks at.
    fn key_is_done(&self) {
        let mut pass = self.pass.lock().unwrap_or_else(PoisonError::into_inner);
        pass.from.pop();
        pass.after = i64::MIN;
        if pass.from.is_empty() && pass.done > 0 {
            tracing::info!(photos = pass.done, "photos were encrypted with the newest key");
        }
        if pass.from.is_empty() && pass.failed > 0 {
            tracing::warn!(
                photos = pass.failed,
                "photos could not be encrypted with the newest key: their files are missing or changed"
            );
        }
    }

    /// Encrypts one photo anew. Returns its number where it is under the newest key now.
    async fn reseal(&self, photo: StoredPhoto, to: PhotoKeyId) -> Option<i64> {
        let (photos, id) = (self.photos.clone(), photo.id);
        match on_disk(move || photos.reseal(photo.id, &photo.file, photo.key)).await {
            Ok(key) => (key == to).then_some(id),
            Err(error) => {
                // There may be many: the sum is a line of its own.
                tracing::debug!(media = id, %error, "a photo could not be encrypted with the newest key");
                None
            }
        }
    }

    /// Removes links that are over, and uploads that no message followed.
    async fn remove_left_uploads(&self, now: DateTime<Utc>) -> Result<(), StorageError> {
        self.storage.clear_uploads(now - Duration::hours(AGAIN_HOURS)).await?;
        let wanted = self.storage.wanted_references(UPLOAD_PREFIX).await?;
        // The file system's times are by the machine's clock, also in a demo.
        let (photos, wall) = (self.photos.clone(), SystemTime::from(SystemClock.now()));
        match on_disk(move || photos.remove_left_uploads(wall, &wanted)).await {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "uploads that no message followed were removed"),
            Err(error) => tracing::warn!(%error, "the media folder cannot be read"),
        }
        Ok(())
    }
}

/// Whether something is due; if so it is due again after `wait`.
fn is_over(due: &AtomicI64, now: DateTime<Utc>, wait: Duration) -> bool {
    let now_us = now.timestamp_micros();
    let at = due.load(Ordering::Relaxed);
    // A clock that was ahead must not keep anything waiting for longer than usual.
    let is_over = now_us >= at || at > (now + wait).timestamp_micros();
    if is_over {
        due.store((now + wait).timestamp_micros(), Ordering::Relaxed);
    }
    is_over
}

/// Does something that waits for the disk.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PhotoError> + Send + 'static,
) -> Result<T, PhotoError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(PhotoError::Cut))
}

/// The latest instant at which a photo can be due.
fn latest_try(now: DateTime<Utc>) -> DateTime<Utc> {
    let longest = RETRY_SECONDS.into_iter().fold(LEASE_SECONDS, i64::max);
    deadline::latest(now, Duration::seconds(longest))
}
