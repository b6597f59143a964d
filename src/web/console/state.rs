//! What the console's routes work with.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::messaging::Messaging;
use crate::access::Access;
use crate::desk::Desk;
use crate::domain::office::Office;
use crate::export::Exports;
use crate::front_desk::{Actor, Displays, FrontDesk, OfficeCalendar};
use crate::photos::Photos;
use crate::storage::Live;
use crate::versions::Versions;

/// Opens the front desk of an office for somebody. Only [`InOffice`](super::in_office::InOffice) calls it, for whoever may work there.
pub type FrontDesks = Arc<dyn Fn(Arc<Office>, Actor) -> FrontDesk + Send + Sync>;

/// Opens the calendar of an office for somebody; only [`InOffice`](super::in_office::InOffice) calls it.
pub type Calendars = Arc<dyn Fn(Arc<Office>, Actor) -> OfficeCalendar + Send + Sync>;

/// Opens the versions of the offices, with what all offices share at that moment.
pub type VersionsOf = Arc<dyn Fn() -> Versions + Send + Sync>;

/// What the console needs.
#[derive(Clone)]
pub struct Setup {
    /// Lets people in.
    pub access: Access,
    /// Opens front desks.
    pub front_desks: FrontDesks,
    /// Opens calendars.
    pub calendars: Calendars,
    /// The versions of the offices.
    pub versions: VersionsOf,
    /// The desk, which reads a published version at once.
    pub desk: Desk,
    /// The displays in the halls.
    pub displays: Displays,
    /// How citizens are reached.
    pub messaging: Messaging,
    /// Files that are taken out of offices.
    pub exports: Exports,
    /// Citizens' photos.
    pub photos: Photos,
    /// Tells pages that what they show has changed.
    pub live: Live,
    /// Cancelled when the installation shuts down: live streams end.
    pub closing: CancellationToken,
    /// The address that people open, `https://loket.example.go.id`; `None`: by whatever address they came.
    pub address: Option<String>,
}

pub(super) type Console = Arc<Setup>;
