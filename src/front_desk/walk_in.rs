//! People who come without a booking.

use super::done::{Done, Stop};
use super::handle::{FrontDesk, Press, repeated};
use super::refusal::Refusal;
use super::step::{free_number, numbers_of};
use crate::domain::audit::Act;
use crate::domain::person::Nama;
use crate::domain::visit::{Action, Lane, Reason, Visit};
use crate::storage::{NewStep, StorageError};

impl FrontDesk {
    /// Enters somebody without a booking; with a reason for priority, they get a number of that row.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; a [`Refusal`] inside, when they were not entered.
    pub async fn walk_in(
        &self,
        name: Option<Nama>,
        priority: Option<Reason>,
        press: Press,
    ) -> Result<Result<Done, Refusal>, StorageError> {
        self.run(|desk| async move { desk.enter_walk_in(name, priority, &press).await }).await
    }

    async fn enter_walk_in(&self, name: Option<Nama>, priority: Option<Reason>, press: &Press) -> Result<Done, Stop> {
        let now = self.now();
        let mut ids = self.storage.ids(2).await?;
        let mut day = self.storage.begin_day(&self.office.id, false, now).await?;
        if let Some(done) = repeated(&mut day, &self.office, press).await? {
            return Ok(done);
        }
        let date = self.today(now);
        let lane = if priority.is_some() { Lane::Priority } else { Lane::WalkIn };
        let number = free_number(lane, "", &numbers_of(&day.visits_on(date).await?));
        let visit = Visit {
            name,
            number,
            lane,
            reason: priority,
            place: Visit::place_of_arrival(now),
            arrived_at: Some(now),
            ..Visit::blank(ids.next().unwrap_or(0), self.office.id.clone(), date)
        };
        let step = NewStep {
            id: ids.next().unwrap_or(0),
            visit: visit.clone(),
            action: Action::Arrive,
            counter: None,
            actor: self.actor.as_str().to_owned(),
            nonce: press.nonce.clone(),
            part: 0,
            before: None,
        };
        day.write_steps(&[step]).await?;
        self.recorded(&mut day, (Act::Arrive, Action::Arrive.name()), &[&visit]).await?;
        day.commit().await?;
        Ok(Done::one(visit))
    }
}
