//! What the page's routes work with.

use std::sync::Arc;

use axum::extract::FromRef;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use crate::clock::{MovableClock, SharedClock};
use crate::gateway::simulator::Simulator;

/// An office that the page can talk to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeCard {
    /// The key of its channel at the simulator gateway.
    pub key: String,
    /// Its name as citizens know it.
    pub name: String,
    /// `WIB`, `WITA` or `WIT`.
    pub zone: &'static str,
    /// The line on its poster.
    pub poster: String,
    /// A filled form that it would take now.
    pub example: String,
}

/// Builds the cards of all offices for a given instant: examples are dated on the next open day.
pub type OfficeBoard = Arc<dyn Fn(DateTime<Utc>) -> Vec<OfficeCard> + Send + Sync>;

/// What the page needs.
#[derive(Clone)]
pub struct Setup {
    /// The simulator gateway.
    pub gateway: Arc<Simulator>,
    /// The offices.
    pub offices: OfficeBoard,
    /// The key of the office that a new citizen writes to; none: the first of the list.
    pub first: Option<String>,
    /// The demo's clock; `None` where time is real.
    pub movable: Option<Arc<dyn MovableClock>>,
}

/// What the page's routes work with.
#[derive(Clone, FromRef)]
pub(super) struct PageState {
    pub(super) setup: Setup,
    pub(super) clock: SharedClock,
    pub(super) closing: CancellationToken,
}

/// An instant as the page reads it.
pub(super) fn instant(now: DateTime<Utc>) -> String {
    now.to_rfc3339_opts(SecondsFormat::Millis, true)
}
