//! Serves what comes in: the whole intake transaction. Everything that changes seats goes through here.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::clock::SharedClock;
use crate::domain::message::ChannelId;
use crate::domain::office::OfficeId;
use crate::gateway::Item;
use crate::roster::Roster;
use crate::storage::{Storage, StorageError};

/// Which office owns which line.
pub type Channels = BTreeMap<ChannelId, OfficeId>;

/// What became of one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Served now, and answered if it wants an answer.
    Served,
    /// It had been served before; nothing changed.
    Repeat,
    /// It could not be processed; it is kept where the office sees it.
    SetAside,
    /// It came for a line that no office owns; it is kept and warned about.
    Stray,
    /// A status was noted, or there was nothing to do.
    Noted,
}

/// Storage cannot take anything now: nothing of the body was kept, the provider must deliver it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("storage is busy; deliver again")]
pub struct Busy;

/// What a desk works with.
#[derive(Debug, Clone)]
pub struct Parts {
    /// The database.
    pub storage: Storage,
    /// Offices, formats, holidays.
    pub roster: Roster,
    /// Which office owns which line.
    pub channels: Channels,
    /// The time.
    pub clock: SharedClock,
    /// Seed of the codes; drawn from the operating system by `app`, fixed in replay.
    pub seed: [u8; 32],
    /// Rung after every commit that left something to send.
    pub wake_courier: Arc<tokio::sync::Notify>,
}

/// The counter: a handle that is cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk {}

impl Desk {
    /// Starts the desk's lanes.
    pub fn start(parts: Parts) -> Self {
        let _ = parts;
        todo!("desk room")
    }

    /// Serves the items of one body, whole or not at all. Dropping the future cancels nothing that was queued.
    ///
    /// # Errors
    /// [`Busy`] when the queue is full or storage failed.
    pub async fn serve(&self, items: Vec<Item>) -> Result<Vec<Verdict>, Busy> {
        let _ = items;
        todo!("desk room")
    }

    /// Returns the places of lapsed holds at every office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn sweep(&self) -> Result<(), StorageError> {
        todo!("desk room")
    }

    /// Takes no more, finishes what is queued.
    pub async fn close(&self) {
        todo!("desk room")
    }
}
