//! What a press of a button did: a page that is loaded again shows it, and does nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::done::Warning;
use super::handle::FrontDesk;
use super::view::{Standing, name_of};
use crate::domain::slot::Slot;
use crate::domain::visit::{Action, Lane, Punctuality, UNDO_SECONDS, Visit, punctuality};
use crate::storage::StorageError;

/// What a press of a button did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// What was done.
    pub action: Action,
    /// The counter that did it.
    pub counter: Option<u32>,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Whom it was done to, as they are now.
    pub people: Vec<Standing>,
    /// What the officer should know of an arrival.
    pub warning: Option<Warning>,
    /// Until when this person can take it back; `None` where they cannot.
    pub undo_until: Option<DateTime<Utc>>,
}

impl FrontDesk {
    /// What a press of a button did at this office today; `None` where there was none. Nothing is changed.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn pressed(&self, nonce: &str) -> Result<Option<Pressed>, StorageError> {
        let steps = self.storage.pressed(&self.office.id, nonce).await?;
        let now = self.now();
        let Some((first, visit)) = steps.first().cloned() else { return Ok(None) };
        if visit.date != self.today(now) {
            return Ok(None);
        }
        let until = first.at + TimeDelta::seconds(UNDO_SECONDS);
        let is_last = steps.iter().all(|(step, visit)| step.version == visit.version);
        let is_own = first.actor == self.actor.as_str() && first.action != Action::Undo;
        let bookings = self.storage.bookings_on(&self.office.id, visit.date).await?;
        let people = steps
            .iter()
            .map(|(_, visit)| Standing {
                name: name_of(visit, bookings.iter().find(|booking| Some(booking.id) == visit.booking)),
                wait: None,
                visit: visit.clone(),
            })
            .collect();
        Ok(Some(Pressed {
            action: first.action,
            counter: first.counter,
            at: first.at,
            warning: (first.action == Action::Arrive).then(|| self.warning(&visit, first.at)).flatten(),
            by: first.actor,
            people,
            undo_until: (is_last && is_own && now <= until).then_some(until),
        }))
    }

    /// What an officer should know of an arrival at `at`.
    fn warning(&self, visit: &Visit, at: DateTime<Utc>) -> Option<Warning> {
        let hour = visit.hour.filter(|_| matches!(visit.lane, Lane::Booked | Lane::Late))?;
        match punctuality(&self.office, Slot { date: visit.date, hour }, at) {
            Punctuality::OnTime => None,
            Punctuality::Early { from } => Some(Warning::Early { from }),
            Punctuality::Late { until } | Punctuality::Forfeited { until } => Some(Warning::Late { until }),
        }
    }
}
