//! The calendar of one office, for one person who acts.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

use super::lines::Lines;
use crate::clock::SharedClock;
use crate::domain::calendar::Calendar;
use crate::domain::office::Office;
use crate::front_desk::handle::Actor;
use crate::roster::Roster;
use crate::storage::{CalendarChange, CalendarPerson, Storage, StorageError};

/// The calendar of one office; cheap to clone.
#[derive(Debug, Clone)]
pub struct OfficeCalendar {
    pub(super) storage: Storage,
    pub(super) clock: SharedClock,
    pub(super) roster: Arc<Roster>,
    pub(super) lines: Lines,
    pub(super) office: Arc<Office>,
    pub(super) actor: Actor,
}

impl OfficeCalendar {
    /// The calendar of an office, for somebody.
    pub fn new(
        storage: Storage,
        clock: SharedClock,
        (office, roster): (Arc<Office>, Arc<Roster>),
        lines: Lines,
        actor: Actor,
    ) -> Self {
        Self { storage, clock, roster, lines, office, actor }
    }

    /// The office with the exceptions that are in force now.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn office(&self) -> Result<Office, StorageError> {
        let exceptions = self.storage.exceptions(&self.office.id).await?;
        Ok(Office { exceptions, ..Office::clone(&self.office) })
    }

    /// The holidays.
    pub fn holidays(&self) -> &Calendar {
        self.roster.calendar_of(&self.office.id)
    }

    /// What time it is, as exact as the database keeps it.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// The date at the office.
    pub fn today(&self) -> NaiveDate {
        self.office.date_at(self.now())
    }

    /// The newest changes.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn changes(&self, limit: u32) -> Result<Vec<CalendarChange>, StorageError> {
        self.storage.calendar_changes(&self.office.id, limit).await
    }

    /// One of them, with everybody whom it concerns.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn change(&self, id: i64) -> Result<Option<(CalendarChange, Vec<CalendarPerson>)>, StorageError> {
        let Some(change) = self.storage.calendar_change(&self.office.id, id).await? else { return Ok(None) };
        let persons = self.storage.calendar_persons(&change).await?;
        Ok(Some((change, persons)))
    }
}
