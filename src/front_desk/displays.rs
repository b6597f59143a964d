//! The displays in the halls: who adds them, and what they show. Whoever knows a display's address sees numbers and counters, and
//! nothing about anybody.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};

use super::handle::Actor;
use super::kept::Kept;
use crate::clock::{Clock, SharedClock, SystemClock};
use crate::domain::office::{Office, OfficeId};
use crate::domain::staff::NAME_LETTERS_MAX;
use crate::storage::{Board, Display, NewDisplay, Sound, Storage, StorageError};

/// Bytes of a display's token: 128 bits, which nobody guesses.
const TOKEN_BYTES: usize = 16;
/// Calls that a display is told at a time: more than ring within the seconds in which a call is rung.
const CALLS_TOLD: u32 = 24;
/// Seconds after which it is written down again that a display asks: not at each request.
const NOTED_SECONDS: i64 = 30;
/// Seconds after its last request for which a display counts as connected.
pub const DISPLAY_SILENT_SECONDS: i64 = 90;

/// Why a display was not added.
#[derive(Debug, thiserror::Error)]
pub enum DisplayError {
    /// The text is no name of a display.
    #[error("not a name of a display; write where it hangs in 1 to {NAME_LETTERS_MAX} letters, such as Ruang tunggu")]
    Name,
    /// The operating system has no random numbers.
    #[error("the operating system gives no random numbers")]
    Chance,
    /// The database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// The displays of all offices. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Displays {
    storage: Storage,
    clock: SharedClock,
    boards: Kept<Board>,
}

/// What a display shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hall {
    /// The day at the office.
    pub date: NaiveDate,
    /// When this was so.
    pub now: DateTime<Utc>,
    /// Counters and calls.
    pub board: Arc<Board>,
}

/// What is kept of a token: its SHA-256, in hexadecimal digits.
fn hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

impl Displays {
    /// The displays in this database, by the offices' clock.
    pub fn new(storage: Storage, clock: SharedClock) -> Self {
        Self { storage, clock, boards: Kept::default() }
    }

    /// Adds a display. Returns its number and its token, which is told now and never again.
    ///
    /// # Errors
    /// [`DisplayError`] where the name is none, or the machine failed.
    pub async fn add(&self, office: &OfficeId, name: &str, by: &Actor) -> Result<(i64, String), DisplayError> {
        let name = name.trim();
        let letters = name.chars().count();
        if letters == 0 || letters > NAME_LETTERS_MAX || name.chars().any(char::is_control) {
            return Err(DisplayError::Name);
        }
        let mut bytes = [0; TOKEN_BYTES];
        SysRng.try_fill_bytes(&mut bytes).map_err(|_| DisplayError::Chance)?;
        let token = URL_SAFE_NO_PAD.encode(bytes);
        let new = NewDisplay { office, name, token: &hash(&token), by: by.as_str() };
        let id = self.storage.add_display(new, (by.recorded(), SystemClock.now()), self.clock.now()).await?;
        Ok((id, token))
    }

    /// The displays of an office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn of_office(&self, office: &OfficeId) -> Result<Vec<Display>, StorageError> {
        self.storage.displays(office).await
    }

    /// Removes a display of an office. False where there is none of that number.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn remove(&self, office: &OfficeId, id: i64, by: &Actor) -> Result<bool, StorageError> {
        self.storage.remove_display(office, id, (by.recorded(), SystemClock.now())).await
    }

    /// The display of a token; `None` where it was removed, or never was.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn open(&self, token: &str) -> Result<Option<Display>, StorageError> {
        self.storage.display(&hash(token)).await
    }

    /// Notes that a display asks, and what it says of its sound; `None`: nothing.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn note(&self, display: &Display, sound: Option<Sound>) -> Result<(), StorageError> {
        let now = self.clock.now();
        let sound = sound.unwrap_or(display.sound);
        // A clock that was set back must not keep a display from being seen.
        let is_fresh = |seen: DateTime<Utc>| (0..NOTED_SECONDS).contains(&(now - seen).num_seconds());
        if sound == display.sound && display.seen_at.is_some_and(is_fresh) {
            return Ok(());
        }
        self.storage.note_display(display.id, sound, now).await
    }

    /// Whether a display is there, as far as anybody knows.
    pub fn is_connected(&self, display: &Display) -> bool {
        let silence = TimeDelta::seconds(DISPLAY_SILENT_SECONDS);
        display.seen_at.is_some_and(|seen| self.clock.now() - seen < silence)
    }

    /// What the displays of an office show now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn hall(&self, office: &Arc<Office>) -> Result<Hall, StorageError> {
        let now = self.clock.now();
        let date = office.date_at(now);
        let read = || self.storage.board(&office.id, date, CALLS_TOLD);
        let board = self.boards.of(&self.storage, (&office.id, date), read).await?;
        Ok(Hall { date, now, board })
    }
}
