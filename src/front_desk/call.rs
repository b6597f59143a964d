//! Calling, and what becomes of somebody who was called.

use chrono::{DateTime, Duration, Utc};

use super::done::{Done, Stop};
use super::handle::{FrontDesk, Press, Which, repeated};
use super::recorded::act_of;
use super::refusal::Refusal;
use super::step::not_now;
use crate::domain::slot::Slot;
use crate::domain::visit::{Action, CALL_AGAIN_SECONDS, CALLS_BEFORE_MISSED, Pick, RECALLS_MAX, State, Visit};
use crate::storage::{CallKind, DayTransaction, NewStep, OpenHour, StorageError};

impl FrontDesk {
    /// Calls whoever is next to a counter that this person has open.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when nobody was called.
    pub async fn call_next(&self, counter: u32, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.run(move |desk| async move { desk.pick(counter, &press).await }).await
    }

    async fn pick(&self, counter: u32, press: &Press) -> Result<Done, Stop> {
        let now = self.now();
        let mut ids = self.storage.ids(1).await?;
        let mut day = self.storage.begin_day(&self.office.id, false, now).await?;
        if let Some(done) = repeated(&mut day, &self.office, press).await? {
            return Ok(done);
        }
        self.holds(&mut day, counter).await?;
        if let Some(visit) = day.at_counter(counter).await? {
            return Err(Refusal::CounterBusy { counter, number: visit.number }.into());
        }
        let date = self.today(now);
        let pick = self.pick_rule(&mut day, counter, now).await?;
        let Some(called) = day.call_next(date, pick).await? else {
            let waiting = day.visits_on(date).await?;
            let later = waiting.iter().filter(|visit| visit.state == State::Arrived).count();
            return Err(Refusal::NobodyWaits { later }.into());
        };
        // Whoever waits has been called by nobody.
        let before = Visit {
            state: State::Arrived,
            counter: None,
            calls: 0,
            called_at: None,
            version: called.version - 1,
            ..called.clone()
        };
        let step = self.new_step(ids.next().unwrap_or(0), called.clone(), Action::Call, &before, press);
        day.record_steps(&[step]).await?;
        day.show_call(&called, counter, CallKind::Call).await?;
        self.recorded(&mut day, (act_of(Action::Call), Action::Call.name()), &[&called]).await?;
        day.commit().await?;
        Ok(Done::one(called))
    }

    /// What the next call of a counter looks at.
    async fn pick_rule(
        &self,
        day: &mut DayTransaction,
        counter: u32,
        now: DateTime<Utc>,
    ) -> Result<Pick, StorageError> {
        let slot = Slot { date: self.today(now), hour: self.hour(now) };
        let begun_at = slot.begins(&self.office);
        let grace = Duration::minutes(i64::from(self.office.policy.grace_minutes));
        let hour =
            OpenHour { slot, capacity: self.office.seats_per_hour, grace_over: now > begun_at + grace, begun_at };
        let room = day.room(hour).await?;
        let since_priority = day.calls_since_priority(slot.date).await?;
        Ok(Pick { counter, hour: slot.hour, room, since_priority })
    }

    /// Calls somebody again.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not done.
    pub async fn recall(&self, which: Which, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.act(Action::Recall, which, None, press).await
    }

    /// They came to the counter.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not done.
    pub async fn came(&self, which: Which, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.act(Action::Come, which, None, press).await
    }

    /// They did not come to the counter, however often they were called.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not done.
    pub async fn missed(&self, which: Which, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.act(Action::Miss, which, None, press).await
    }

    /// Puts somebody aside; they keep their place.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not done.
    pub async fn park(&self, which: Which, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.act(Action::Park, which, None, press).await
    }

    /// Lets somebody wait again: who was parked at their old place, who was missed at the end, once.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not done.
    pub async fn put_back(&self, number: String, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.act(Action::Return, Which::Number(number), None, press).await
    }

    /// Sends somebody to another counter, which calls them before all others.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not done.
    pub async fn redirect(&self, which: Which, to: u32, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.act(Action::Redirect, which, Some(to), press).await
    }

    /// They were served.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when it was not done.
    pub async fn finish(&self, which: Which, press: Press) -> Result<Result<Done, Refusal>, StorageError> {
        self.act(Action::Finish, which, None, press).await
    }

    async fn act(
        &self,
        action: Action,
        which: Which,
        to: Option<u32>,
        press: Press,
    ) -> Result<Result<Done, Refusal>, StorageError> {
        self.run(move |desk| async move { desk.one_step(action, &which, to, &press).await }).await
    }

    async fn one_step(&self, action: Action, which: &Which, to: Option<u32>, press: &Press) -> Result<Done, Stop> {
        let now = self.now();
        let mut ids = self.storage.ids(1).await?;
        let mut day = self.storage.begin_day(&self.office.id, false, now).await?;
        if let Some(done) = repeated(&mut day, &self.office, press).await? {
            return Ok(done);
        }
        let visit = self.meant(&mut day, which).await?;
        self.as_seen(&mut day, &visit, press).await?;
        let Some(after) = visit.after(action, now, to) else { return Err(not_now(&mut day, &visit).await?) };
        self.holds_counter_of(&mut day, which, &visit).await?;
        refuse_haste(action, &visit, now)?;
        let step: NewStep = self.new_step(ids.next().unwrap_or(0), after.clone(), action, &visit, press);
        day.write_steps(&[step]).await?;
        if let (Action::Recall, Some(counter)) = (action, after.counter) {
            day.show_call(&after, counter, CallKind::Recall).await?;
        }
        self.recorded(&mut day, (act_of(action), action.name()), &[&after]).await?;
        day.commit().await?;
        Ok(Done::one(after))
    }
}

/// Refuses what gives somebody no time to come.
fn refuse_haste(action: Action, visit: &Visit, now: DateTime<Utc>) -> Result<(), Refusal> {
    let is_calling = matches!(action, Action::Recall | Action::Miss);
    let since = visit.called_at.map_or(i64::MAX, |at| (now - at).num_seconds());
    match action {
        Action::Recall if visit.calls > RECALLS_MAX => Err(Refusal::CalledEnough),
        Action::Miss if visit.calls < CALLS_BEFORE_MISSED => Err(Refusal::CallAgainFirst { calls: visit.calls }),
        Action::Return if visit.state == State::Missed && visit.missed > 1 => Err(Refusal::MissedTwice),
        // A clock that was set back must not make anybody wait for hours.
        _ if is_calling && (0..CALL_AGAIN_SECONDS).contains(&since) => {
            Err(Refusal::CalledJustNow { seconds: CALL_AGAIN_SECONDS - since })
        }
        _ => Ok(()),
    }
}
