//! What an action of a front desk led to.

use chrono::{DateTime, Utc};

use super::refusal::Refusal;
use crate::domain::visit::Visit;
use crate::storage::StorageError;

/// What an action did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The visits as they are now.
    pub visits: Vec<Visit>,
    /// Whether this press of the button had been made before: nothing was done again.
    pub repeated: bool,
    /// What the officer should know.
    pub warning: Option<Warning>,
}

/// What an officer should know of an arrival that was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warning {
    /// They are early, and are called in their hour.
    Early {
        /// From when on people should come for that hour.
        from: DateTime<Utc>,
    },
    /// They are late, and are called after the others.
    Late {
        /// Until when they would have been in time.
        until: DateTime<Utc>,
    },
}

impl Done {
    /// One visit, done now.
    pub(super) fn one(visit: Visit) -> Self {
        Self { visits: vec![visit], repeated: false, warning: None }
    }
}

/// Why an action under way stops.
#[derive(Debug)]
pub(super) enum Stop {
    /// It is refused.
    Refused(Box<Refusal>),
    /// Storage failed.
    Storage(StorageError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<StorageError> for Stop {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}
