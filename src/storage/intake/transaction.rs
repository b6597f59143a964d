//! The intake transaction while it is open.

use chrono::{DateTime, Utc};

use crate::storage::engine::transaction::{Tx, open_transaction};
use crate::storage::live::Live;

/// The open transaction of an intake.
#[derive(Debug)]
pub struct Intake {
    pub(in crate::storage) tx: Tx,
    pub(in crate::storage) now: DateTime<Utc>,
    pub(in crate::storage) live: Live,
}

open_transaction!(Intake);
