//! Where the console gets its front desks from.

use std::sync::Arc;

use super::handle::{Actor, FrontDesk};
use crate::clock::SharedClock;
use crate::domain::office::Office;
use crate::storage::Storage;

/// Opens front desks; cheap to clone. Which office somebody may have, the caller knows: they hold it already.
#[derive(Debug, Clone)]
pub struct FrontDesks {
    storage: Storage,
    clock: SharedClock,
}

impl FrontDesks {
    /// On a database, by the offices' own clock.
    pub fn new(storage: Storage, clock: SharedClock) -> Self {
        Self { storage, clock }
    }

    /// The front desk of an office, for somebody.
    pub fn open(&self, office: Arc<Office>, actor: Actor) -> FrontDesk {
        FrontDesk::new(self.storage.clone(), Arc::clone(&self.clock), office, actor)
    }
}
