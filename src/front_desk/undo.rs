//! Taking the last step back: a new step, which really brings back what was.

use chrono::{DateTime, Utc};

use super::done::{Done, Stop};
use super::handle::{FrontDesk, Press, Which, repeated};
use super::refusal::Refusal;
use super::step::not_now;
use crate::domain::audit::Act;
use crate::domain::person::PARTY_MAX;
use crate::domain::visit::{Action, UNDO_SECONDS, Visit};
use crate::storage::{CallKind, DayTransaction, NewStep, StorageError, StoredStep};

impl FrontDesk {
    /// Takes back the last step of a visit, which this person made within the last minute.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not taken back.
    pub async fn undo(&self, which: Which, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.run(move |desk| async move { desk.take_back(&which, &press).await }).await
    }

    async fn take_back(&self, which: &Which, press: &Press) -> Result<Done, Stop> {
        let now = self.now();
        let mut ids = self.storage.ids(1).await?;
        let mut day = self.storage.begin_day(&self.office.id, false, now).await?;
        if let Some(done) = repeated(&mut day, &self.office, press).await? {
            return Ok(done);
        }
        let visit = self.meant(&mut day, which).await?;
        self.as_seen(&mut day, &visit, press).await?;
        let Some(last) = day.last_step(visit.id).await? else { return Err(Refusal::NothingToUndo.into()) };
        self.refuse_undo(&last, now)?;
        let back = visit.taken_back(last.before.clone());
        self.refuse_busy(&mut day, &visit, &back).await?;
        let step = self.new_step(ids.next().unwrap_or(0), back.clone(), Action::Undo, &visit, press);
        day.write_steps(&[step]).await?;
        if let (Action::Call, Some(counter)) = (last.action, last.counter) {
            day.show_call(&back, counter, CallKind::Withdrawn).await?;
        }
        self.recorded(&mut day, (Act::Undo, last.action.name()), &[&back]).await?;
        day.commit().await?;
        Ok(Done::one(back))
    }

    /// Takes back all that a press of a button did, by the text that marked it: a party that was entered goes out together.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when nothing was taken back.
    pub async fn undo_press(&self, of: String, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.run(move |desk| async move { desk.take_back_press(&of, &press).await }).await
    }

    async fn take_back_press(&self, of: &str, press: &Press) -> Result<Done, Stop> {
        let now = self.now();
        let mut ids = self.storage.ids(usize::from(PARTY_MAX)).await?;
        let mut day = self.storage.begin_day(&self.office.id, false, now).await?;
        if let Some(done) = repeated(&mut day, &self.office, press).await? {
            return Ok(done);
        }
        let done = day.repeated(of).await?;
        let mut steps = Vec::with_capacity(done.len());
        for (part, (step, visit)) in (0..).zip(done) {
            if visit.office != self.office.id {
                return Err(Refusal::NothingToUndo.into());
            }
            // Somebody has done something else with them since.
            if visit.version != step.version {
                return Err(not_now(&mut day, &visit).await?);
            }
            self.refuse_undo(&step, now)?;
            let back = visit.taken_back(step.before.clone());
            self.refuse_busy(&mut day, &visit, &back).await?;
            if let (Action::Call, Some(counter)) = (step.action, step.counter) {
                day.show_call(&back, counter, CallKind::Withdrawn).await?;
            }
            let undo = self.new_step(ids.next().unwrap_or(0), back, Action::Undo, &visit, press);
            steps.push(NewStep { part, ..undo });
        }
        if steps.is_empty() {
            return Err(Refusal::NothingToUndo.into());
        }
        day.write_steps(&steps).await?;
        let visits: Vec<&Visit> = steps.iter().map(|step| &step.visit).collect();
        self.recorded(&mut day, (Act::Undo, Action::Undo.name()), &visits).await?;
        day.commit().await?;
        Ok(Done { visits: steps.into_iter().map(|step| step.visit).collect(), repeated: false, warning: None })
    }

    /// Whether a step can be taken back, whatever happened beside it.
    fn refuse_undo(&self, last: &StoredStep, now: DateTime<Utc>) -> Result<(), Refusal> {
        let StoredStep { action, at, .. } = *last;
        if matches!(action, Action::Undo | Action::MarkAbsent | Action::EndDay) {
            return Err(Refusal::NothingToUndo);
        }
        if last.actor != self.actor.as_str() {
            return Err(Refusal::UndoOfOther { action, by: last.actor.clone(), at });
        }
        if (now - at).num_seconds() > UNDO_SECONDS {
            return Err(Refusal::TooOldToUndo { at });
        }
        Ok(())
    }

    /// Refuses to bring somebody back to a counter that is closed, or has called somebody else since.
    async fn refuse_busy(&self, day: &mut DayTransaction, visit: &Visit, back: &Visit) -> Result<(), Stop> {
        let Some(counter) = back.counter.filter(|_| back.state.is_at_counter()) else { return Ok(()) };
        self.holds(day, counter).await?;
        match day.at_counter(counter).await? {
            Some(other) if other.id != visit.id => Err(not_now(day, &other).await?),
            _ => Ok(()),
        }
    }
}
