//! Photos that citizens send from a browser: a link works once, and what comes by it is a message with a photo, which the desk serves like
//! one from the chat. The reply goes to the chat.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

use crate::clock::SharedClock;
use crate::desk::{Desk, Verdict};
use crate::domain::message::{Attachment, Content, Inbound, MessageId};
use crate::domain::office::Office;
use crate::domain::upload_token::UploadToken;
use crate::gateway::Item;
use crate::photos::{PhotoError, Photos, STORED, UPLOAD_PREFIX, has_end, renewed};
use crate::storage::{Storage, StorageError, StoredUpload};

/// What the id of such a message begins with; no provider's does.
const MESSAGE_PREFIX: &str = "antrean-upload-";
/// Pictures that are decoded at the same time: each may take as much memory as the largest picture.
static DECODING: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(1));

/// A link that works.
#[derive(Debug, Clone)]
pub struct Upload {
    /// The office that asks for the photo.
    pub office: Arc<Office>,
    /// Until when it works.
    pub until: DateTime<Utc>,
    stored: StoredUpload,
    token: String,
}

/// What became of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// The desk has it; the reply goes to the chat.
    Photo,
    /// The link was used, or its time was over, before this picture was here.
    Gone,
    /// It is no picture that can be opened, or too large a one.
    NoPicture,
}

/// Why a picture could not be taken now.
#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    /// The database.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The disk, or the keys.
    #[error(transparent)]
    Photo(#[from] PhotoError),
    /// The desk takes nothing at this moment.
    #[error("the desk is busy")]
    Busy,
}

/// The links of an installation. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Uploads {
    storage: Storage,
    desk: Desk,
    photos: Photos,
    clock: SharedClock,
}

impl Uploads {
    /// The links that a desk's replies name.
    pub fn new(storage: Storage, desk: Desk, photos: Photos, clock: SharedClock) -> Self {
        Self { storage, desk, photos, clock }
    }

    /// The link of a token; `None` where there is none, it was used, or its time is over: nobody learns which.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn open(&self, token: UploadToken) -> Result<Option<Upload>, StorageError> {
        let token = token.hash();
        let Some(stored) = self.storage.upload(&token, self.clock.now()).await? else { return Ok(None) };
        let office = self.desk.roster().offices.get(&stored.office).map(Arc::clone);
        Ok(office.map(|office| Upload { office, until: stored.until, stored, token }))
    }

    /// Takes a picture by a link. It is decoded and encoded anew, so nothing of its file but what can be seen is kept; it is on the disk,
    /// encrypted, before the desk hears of it. Of two at once the desk serves one: the link's token is the message's idempotency key.
    ///
    /// # Errors
    /// [`UploadError`]: the link can be used once more.
    pub async fn take(&self, upload: &Upload, picture: Vec<u8>) -> Result<Received, UploadError> {
        if !has_end(&picture) {
            return Ok(Received::NoPicture);
        }
        let kept = {
            let _turn = DECODING.acquire().await.map_err(|_| PhotoError::Cut)?;
            let photos = self.photos.clone();
            let keep = move || photos.keep_upload(&renewed(&picture, STORED)?);
            tokio::task::spawn_blocking(keep).await.map_err(|_| PhotoError::Cut)?
        };
        let reference = match kept {
            Ok(reference) => reference,
            Err(PhotoError::Format | PhotoError::Image(_) | PhotoError::Large) => return Ok(Received::NoPicture),
            Err(error) => return Err(error.into()),
        };
        let now = self.clock.now();
        // Decoding takes time, and others may have waited for their turn.
        let still = self.storage.upload(&upload.token, now).await?.is_some();
        // A desk that is busy may have taken it all the same: then the file stays, and goes a day later if nobody wants it.
        let verdict = if still { self.serve(upload, &reference, now).await? } else { Verdict::Repeat };
        if matches!(verdict, Verdict::Served | Verdict::SetAside) {
            // Only for the page: a second message would be a repeat in any case.
            self.storage.upload_used(&upload.token, now).await?;
            // A booking that has its photo already wants no other one: nothing would ever lead to that file, nor erase it with its citizen.
            let wanted = self.storage.wanted_references(UPLOAD_PREFIX).await;
            if verdict == Verdict::Served && wanted.is_ok_and(|wanted| !wanted.contains(&reference)) {
                self.forget(reference).await;
            }
            return Ok(Received::Photo);
        }
        self.forget(reference).await;
        Ok(Received::Gone)
    }

    /// The picture as a message of its citizen.
    async fn serve(&self, upload: &Upload, reference: &str, now: DateTime<Utc>) -> Result<Verdict, UploadError> {
        let mime = Some("image/jpeg".to_owned());
        let attachment = Attachment { reference: reference.to_owned(), mime, sha256: None };
        let message = Inbound {
            channel: upload.stored.channel.clone(),
            also: Vec::new(),
            id: MessageId::new(format!("{MESSAGE_PREFIX}{}", upload.token)),
            contact: upload.stored.contact.clone(),
            sent_at: now,
            content: Content::Picture { attachment, caption: None },
        };
        let verdicts = self.desk.serve(vec![Item::Message(message)]).await.map_err(|_| UploadError::Busy)?;
        verdicts.first().copied().ok_or(UploadError::Busy)
    }

    /// Removes a picture that no message tells of.
    async fn forget(&self, reference: String) {
        let photos = self.photos.clone();
        let removed = tokio::task::spawn_blocking(move || photos.remove_upload(&reference)).await;
        if let Ok(Err(error)) = removed {
            tracing::warn!(%error, "an upload that nobody needs could not be removed yet");
        }
    }
}
