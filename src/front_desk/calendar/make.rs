//! Making a change of a calendar, and taking it back.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::handle::OfficeCalendar;
use super::plan::CalendarPlan;
use super::refused::CalendarRefused;
use super::wish::{CalendarAction, CalendarWish, DateChanges};
use crate::conversation::{DayChangeTold, DayChanged};
use crate::domain::booking::Booking;
use crate::domain::displacement::Remedies;
use crate::domain::office::Office;
use crate::storage::{CalendarOutcome, CalendarUndo, NewCalendarChange, StorageError};

/// How long all of a change can be undone and nobody is moved or told, in seconds: long enough to notice a slip, and short enough that
/// nobody sets out for a closed office meanwhile.
pub const UNDO_SECONDS: i64 = 60;

/// What became of a change that was asked for.
#[derive(Debug, Clone)]
pub enum CalendarMade {
    /// It is in force: its number.
    Made(i64),
    /// Somebody has booked meanwhile, about whom nothing is chosen: nothing was changed.
    Undecided(Box<CalendarPlan>),
}

impl OfficeCalendar {
    /// What a change would mean, with what is chosen for the people whom it displaces. Changes nothing.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn plan(
        &self,
        wish: &CalendarWish,
        remedies: &Remedies,
    ) -> Result<Result<CalendarPlan, CalendarRefused>, StorageError> {
        let office = self.office().await?;
        let days = match wish.action {
            CalendarAction::TakeBack(id) => self.taken_back(id).await?,
            _ => wish.days(&office, self.holidays(), self.today()),
        };
        let days = match days {
            Ok(days) => days,
            Err(refused) => return Ok(Err(refused)),
        };
        let mut after = office;
        for (date, exception) in &days {
            match exception {
                Some(exception) => drop(after.exceptions.days.insert(*date, exception.clone())),
                None => drop(after.exceptions.days.remove(date)),
            }
        }
        // On the heap: what a plan looks at is large to keep in every future that waits for it.
        Ok(Ok(Box::pin(self.look(wish, (after, days), remedies)).await?))
    }

    /// The dates of a change as they were before it.
    async fn taken_back(&self, id: i64) -> Result<Result<DateChanges, CalendarRefused>, StorageError> {
        let change = self.storage.calendar_change(&self.office.id, id).await?;
        let Some(change) = change else { return Ok(Err(CalendarRefused::Unknown)) };
        Ok(match change.state.as_str() {
            "done" => {
                let today = self.today();
                let days: DateChanges = change
                    .days
                    .into_iter()
                    .filter(|(date, ..)| *date >= today)
                    .map(|(date, before, _)| (date, before))
                    .collect();
                if days.is_empty() { Err(CalendarRefused::Past) } else { Ok(days) }
            }
            "waiting" | "settling" => Err(CalendarRefused::Settling),
            _ => Err(CalendarRefused::Unknown),
        })
    }

    /// Makes a change. Where a revision is given, only if the calendar is as it was looked at.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn make(
        &self,
        wish: &CalendarWish,
        remedies: &Remedies,
        (revision, nonce): (Option<u32>, Option<&str>),
    ) -> Result<Result<CalendarMade, CalendarRefused>, StorageError> {
        if let Some(nonce) = nonce
            && let Some(before) = self.storage.pressed_calendar_change(&self.office.id, nonce).await?
        {
            return Ok(Ok(CalendarMade::Made(before)));
        }
        let plan = match self.plan(wish, remedies).await? {
            Ok(plan) => plan,
            Err(refused) => return Ok(Err(refused)),
        };
        if revision.is_some_and(|revision| revision != plan.revision()) {
            return Ok(Err(CalendarRefused::Outdated));
        }
        if !plan.is_decided() {
            return Ok(Ok(CalendarMade::Undecided(Box::new(plan))));
        }
        if plan.is_silent() {
            return Ok(Err(CalendarRefused::Silent));
        }
        let what = serde_json::to_string(wish).map_err(|error| StorageError::Data(error.to_string()))?;
        let reason = wish.reason.split_whitespace().collect::<Vec<_>>().join(" ");
        let (now, remedies) = (self.now(), plan.remedies());
        let change = NewCalendarChange {
            office: &plan.office,
            calendar: self.holidays(),
            days: &plan.days,
            remedies: &remedies,
            corrects: match wish.action {
                CalendarAction::TakeBack(id) => Some(id),
                _ => None,
            },
            what: &what,
            reason: &reason,
            actor: self.actor.as_str(),
            nonce,
            now,
            settle_at: now + TimeDelta::seconds(UNDO_SECONDS),
            correction,
        };
        Ok(match self.storage.change_calendar(change).await? {
            CalendarOutcome::Changed(id) | CalendarOutcome::Repeated(id) => Ok(CalendarMade::Made(id)),
            CalendarOutcome::Outdated => Err(CalendarRefused::Outdated),
            CalendarOutcome::Undecided(_) => match self.plan(wish, &remedies).await? {
                Ok(plan) => Ok(CalendarMade::Undecided(Box::new(plan))),
                Err(refused) => Err(refused),
            },
        })
    }

    /// Takes a change back as if it had not been: nobody was moved or told yet.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn undo(&self, id: i64) -> Result<Result<(), CalendarRefused>, StorageError> {
        let of = (&*self.office, self.holidays());
        Ok(match self.storage.undo_calendar_change(of, id, self.actor.as_str(), self.now()).await? {
            CalendarUndo::Undone => Ok(()),
            CalendarUndo::TooLate => Err(CalendarRefused::Unknown),
            CalendarUndo::Changed => Err(CalendarRefused::Outdated),
        })
    }
}

/// What the notice of a correction remembers, and when it is too late for it.
fn correction(office: &Office, booking: &Booking, date: NaiveDate) -> (Option<String>, DateTime<Utc>) {
    let changed = DayChanged { booking: booking.clone(), date, told: DayChangeTold::Reopened };
    (changed.detail(), changed.useful_until(office))
}
