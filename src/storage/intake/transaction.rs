//! The intake transaction while it is open.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::storage::engine::transaction::{Tx, open_transaction};
use crate::storage::live::Live;

/// The open transaction of an intake.
#[derive(Debug)]
pub struct Intake {
    pub(in crate::storage) tx: Tx,
    pub(in crate::storage) now: DateTime<Utc>,
    pub(in crate::storage) live: Live,
    /// The key of the hashes of erased messages.
    pub(in crate::storage) repeat_key: Arc<str>,
}

open_transaction!(Intake);
