//! The simulator: its clock, its page's site, what it remembers, and who listens.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::memory::{Memory, SimulatorEvent};
use crate::clock::SharedClock;
use crate::domain::message::Contact;
use crate::gateway::Capabilities;
use crate::gateway::site::Site;

/// Replies a slow page may lag behind before it has to read the transcript again.
const EVENTS_MAX: usize = 1_024;

/// The simulator's gateway.
pub struct Simulator {
    pub(super) name: String,
    pub(super) capabilities: Capabilities,
    pub(super) clock: SharedClock,
    pub(super) site: Site,
    pub(super) memory: Mutex<Memory>,
    pub(super) events: broadcast::Sender<SimulatorEvent>,
}

impl Simulator {
    /// A simulator whose replies carry the time of `clock`.
    pub fn new(name: impl Into<String>, clock: SharedClock) -> Arc<Self> {
        Self::at(name, clock, Site::default())
    }

    /// The same, whose page answers to more names than the loopback's.
    pub fn at(name: impl Into<String>, clock: SharedClock, site: Site) -> Arc<Self> {
        let (events, _) = broadcast::channel(EVENTS_MAX);
        Arc::new(Self {
            name: name.into(),
            capabilities: Capabilities::unlimited(),
            clock,
            site,
            memory: Mutex::default(),
            events,
        })
    }

    /// The site that its page is.
    pub fn site(&self) -> &Site {
        &self.site
    }

    /// Every reply from now on, of all channels and citizens. One that lags too far reads [`Self::transcript`] again.
    pub fn subscribe(&self) -> broadcast::Receiver<SimulatorEvent> {
        self.events.subscribe()
    }

    /// The latest replies to one citizen, oldest first.
    pub fn transcript(&self, key: &str, contact: &Contact) -> Vec<SimulatorEvent> {
        let memory = self.memory();
        let chat = memory.chats.get(&(key.to_owned(), contact.as_str().to_owned()));
        chat.map(|chat| chat.replies.iter().cloned().collect()).unwrap_or_default()
    }

    /// The memory; each change to it is whole, so a panic elsewhere leaves nothing broken in it.
    pub(super) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
