//! Opening and closing counters.

use super::done::Stop;
use super::handle::{FrontDesk, Press, Which};
use super::recorded::act_of;
use super::refusal::Refusal;
use crate::domain::visit::{Action, Visit};
use crate::storage::{DayTransaction, StorageError};

/// How a counter is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// Whether somebody who is called or served there is parked; without that they keep it open.
    pub park: bool,
    /// Whether it may be somebody else's: a counter that lost its officer is freed by whoever may decide that.
    pub of_others: bool,
}

impl FrontDesk {
    /// Opens a counter for this person; one that they have open already stays so.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, where somebody else has it.
    pub async fn open_counter(&self, counter: u32) -> Result<Result<(), Refusal>, StorageError> {
        self.run(|desk| async move {
            let now = desk.now();
            let mut ids = desk.storage.ids(1).await?;
            let mut day = desk.storage.begin_day(&desk.office.id, false, now).await?;
            match day.shift(counter).await? {
                Some(shift) if shift.actor == desk.actor.as_str() => Ok(()),
                Some(shift) => Err(Refusal::CounterTaken { counter, by: shift.actor }.into()),
                None => {
                    day.open_counter(ids.next().unwrap_or(0), counter, desk.actor.as_str()).await?;
                    Ok(day.commit().await?)
                }
            }
        })
        .await
    }

    /// Closes a counter. Returns the one who was parked.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, where it is closed, busy, or somebody else's.
    pub async fn close_counter(
        &self,
        counter: u32,
        closing: Closing,
    ) -> Result<Result<Option<Visit>, Refusal>, StorageError> {
        self.run(move |desk| async move { desk.end_shift(counter, closing).await }).await
    }

    async fn end_shift(&self, counter: u32, closing: Closing) -> Result<Option<Visit>, Stop> {
        let now = self.now();
        let mut ids = self.storage.ids(1).await?;
        let mut day = self.storage.begin_day(&self.office.id, false, now).await?;
        match day.shift(counter).await? {
            None => return Err(Refusal::CounterClosed { counter }.into()),
            Some(shift) if !closing.of_others && shift.actor != self.actor.as_str() => {
                return Err(Refusal::CounterTaken { counter, by: shift.actor }.into());
            }
            Some(_) => {}
        }
        let mut parked = None;
        if let Some(visit) = day.at_counter(counter).await? {
            let Some(after) = visit.after(Action::Park, now, None).filter(|_| closing.park) else {
                return Err(Refusal::CounterBusy { counter, number: visit.number }.into());
            };
            let step = self.new_step(ids.next().unwrap_or(0), after.clone(), Action::Park, &visit, &Press::default());
            day.write_steps(&[step]).await?;
            parked = Some(after);
        }
        day.close_counter(counter, self.actor.as_str()).await?;
        if let Some(visit) = &parked {
            self.recorded(&mut day, (act_of(Action::Park), Action::Park.name()), &[visit]).await?;
        }
        day.commit().await?;
        Ok(parked)
    }

    /// Refuses what is done at a counter that is closed, or somebody else's.
    pub(super) async fn holds(&self, day: &mut DayTransaction, counter: u32) -> Result<(), Stop> {
        match day.shift(counter).await? {
            None => Err(Refusal::CounterClosed { counter }.into()),
            Some(shift) if shift.actor != self.actor.as_str() => {
                Err(Refusal::CounterTaken { counter, by: shift.actor }.into())
            }
            Some(_) => Ok(()),
        }
    }

    /// The same for the counter that is at work on a visit, where one is.
    pub(super) async fn holds_counter_of(
        &self,
        day: &mut DayTransaction,
        which: &Which,
        visit: &Visit,
    ) -> Result<(), Stop> {
        let counter = match which {
            Which::At(counter) => Some(*counter),
            Which::Number(_) => visit.counter.filter(|_| visit.state.is_at_counter()),
        };
        match counter {
            Some(counter) => self.holds(day, counter).await,
            None => Ok(()),
        }
    }
}
