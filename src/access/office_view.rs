//! One office, as one person may see it. There is no other way from a page to an office's data, and none from here to another
//! office's.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::recent::{Reasons, RecentViews};
use crate::access::signed_in::SignedIn;
use crate::clock::SharedClock;
use crate::domain::booking::{Booking, State};
use crate::domain::office::{Office, OfficeId};
use crate::domain::staff::{Area, Level, Role};
use crate::roster::Roster;
use crate::storage::{Storage, StorageError};

/// Gives the offices that are in force.
pub type Offices = Arc<dyn Fn() -> Arc<Roster> + Send + Sync>;

/// An office as one person may see it.
#[derive(Clone)]
pub struct OfficeView {
    office: Arc<Office>,
    pub(super) who: SignedIn,
    pub(super) storage: Storage,
    clock: SharedClock,
    /// Wall time, by which it is written down who looked at whom.
    pub(super) wall: SharedClock,
    /// Lists that were recorded a short while ago.
    pub(super) views: RecentViews,
    /// What people said why they look.
    pub(super) reasons: Reasons,
}

/// How many people come to an office on a day: counts, which name nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCounts {
    /// The date there.
    pub date: NaiveDate,
    /// Places of confirmed bookings.
    pub booked: usize,
    /// Places that are held and not confirmed yet.
    pub held: usize,
}

/// What a view goes by.
pub(super) struct Surroundings {
    /// The office's own.
    pub(super) clock: SharedClock,
    /// Wall time.
    pub(super) wall: SharedClock,
    /// Lists that were recorded a short while ago.
    pub(super) views: RecentViews,
    /// What people said why they look.
    pub(super) reasons: Reasons,
}

impl OfficeView {
    /// The view of an office; `None` for somebody without a role there.
    pub(super) fn of(
        office: Arc<Office>,
        who: &SignedIn,
        storage: Storage,
        surroundings: Surroundings,
    ) -> Option<Self> {
        let Surroundings { clock, wall, views, reasons } = surroundings;
        let view = Self { office, who: who.clone(), storage, clock, wall, views, reasons };
        (view.level(Area::Office) > Level::Nothing).then_some(view)
    }

    /// Its id, as addresses have it.
    pub fn id(&self) -> &OfficeId {
        &self.office.id
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.office.name
    }

    /// What the person may do here.
    pub fn level(&self, area: Area) -> Level {
        self.who.grants().at(&self.office.id, area)
    }

    /// The person's roles here.
    pub fn roles(&self) -> Vec<Role> {
        self.who.grants().roles_at(&self.office.id)
    }

    /// The office, as its file describes it.
    pub fn office(&self) -> &Office {
        &self.office
    }

    /// The same, to keep.
    pub fn shared(&self) -> &Arc<Office> {
        &self.office
    }

    /// What time it is for the office.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// How many come today; `None` for somebody to whom the day is closed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn today(&self) -> Result<Option<DayCounts>, StorageError> {
        if self.level(Area::Day) < Level::Masked {
            return Ok(None);
        }
        let date = self.office.date_at(self.clock.now());
        let bookings = self.storage.bookings_on(&self.office.id, date).await?;
        let now = self.clock.now();
        let places = |state: State| {
            // A hold ends at its deadline, also where nobody has written that down yet.
            let counts = |booking: &&Booking| {
                booking.state == state && (state != State::Held || booking.is_live(&self.office, now))
            };
            bookings.iter().filter(counts).map(|booking| booking.seats.len()).sum()
        };
        Ok(Some(DayCounts { date, booked: places(State::Booked), held: places(State::Held) }))
    }
}
