//! What the displays' routes work with.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use crate::front_desk::{Displays, Turns};
use crate::roster::Roster;
use crate::storage::Live;
use crate::uploads::Uploads;

/// Gives the offices that are in force.
pub type Offices = Arc<dyn Fn() -> Arc<Roster> + Send + Sync>;

/// What the displays and the citizens' turns need.
#[derive(Clone)]
pub struct Setup {
    /// The displays.
    pub displays: Displays,
    /// The offices.
    pub offices: Offices,
    /// Tells a display that what it shows has changed.
    pub live: Live,
    /// Cancelled when the installation shuts down: live streams end.
    pub closing: CancellationToken,
    /// The citizens' turns, where citizens have an address to see them at.
    pub turns: Option<Turns>,
    /// Photos that citizens send from a browser, where they have an address to do so.
    pub uploads: Option<Uploads>,
}
