//! What the actions share: one step of one visit, and numbers that nobody has.

use std::collections::HashSet;

use super::done::Stop;
use super::handle::{FrontDesk, Press, Which};
use super::refusal::Refusal;
use crate::domain::visit::{Action, Lane, Visit, row_number};
use crate::storage::{DayTransaction, NewStep, StorageError};

/// The letters behind the number of a booking whose seat somebody else came on before: theirs was taken back, and their number told.
const LETTERS: std::ops::RangeInclusive<char> = 'B'..='Z';

/// The numbers of a day.
pub(super) fn numbers_of(visits: &[Visit]) -> HashSet<String> {
    visits.iter().map(|visit| visit.number.clone()).collect()
}

/// A number that nobody has had today: of a booking its own, of the other rows the next one.
pub(super) fn free_number(lane: Lane, own: &str, taken: &HashSet<String>) -> String {
    if matches!(lane, Lane::Priority | Lane::WalkIn) {
        let mut number = (1..).map(|place| row_number(lane, place)).filter(|number| !taken.contains(number));
        return number.next().unwrap_or_default();
    }
    if !taken.contains(own) {
        return own.to_owned();
    }
    let mut lettered = LETTERS.map(|letter| format!("{own}{letter}")).filter(|number| !taken.contains(number));
    lettered.next().unwrap_or_else(|| own.to_owned())
}

impl FrontDesk {
    /// The visit that is meant, and what an officer has to know where it is not there.
    pub(super) async fn meant(&self, day: &mut DayTransaction, which: &Which) -> Result<Visit, Stop> {
        let now = self.now();
        match which {
            Which::At(counter) => {
                day.at_counter(*counter).await?.ok_or_else(|| Refusal::NobodyHere { counter: *counter }.into())
            }
            Which::Number(number) => {
                let visit = day.numbered(self.today(now), number).await?;
                visit.ok_or_else(|| Refusal::UnknownNumber { number: number.clone() }.into())
            }
        }
    }

    /// Refuses an action on a visit that is not as the officer saw it.
    pub(super) async fn as_seen(&self, day: &mut DayTransaction, visit: &Visit, press: &Press) -> Result<(), Stop> {
        if press.version.is_none_or(|version| version == visit.version) {
            return Ok(());
        }
        Err(not_now(day, visit).await?)
    }

    /// A step of this person.
    pub(super) fn new_step(&self, id: i64, visit: Visit, action: Action, before: &Visit, press: &Press) -> NewStep {
        NewStep {
            id,
            counter: visit.counter.or(before.counter),
            visit,
            action,
            actor: self.actor.as_str().to_owned(),
            nonce: press.nonce.clone(),
            part: 0,
            before: Some(before.before()),
        }
    }
}

/// The refusal of an action that a visit's state is not for: who was faster, where and when.
pub(super) async fn not_now(day: &mut DayTransaction, visit: &Visit) -> Result<Stop, StorageError> {
    let last = day.last_step(visit.id).await?;
    let Some(last) = last else { return Ok(Refusal::UnknownNumber { number: visit.number.clone() }.into()) };
    let (number, state, counter) = (visit.number.clone(), visit.state, visit.counter);
    Ok(Refusal::NotNow { number, state, counter, at: last.at, by: last.actor }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the number of the row's last visit reckoned as their count, one that was taken back is given twice.
    #[test]
    fn no_number_is_given_twice() {
        let taken: HashSet<String> = ["P-01", "P-03", "W-001", "09-001", "09-001B"].map(str::to_owned).into();
        assert_eq!(free_number(Lane::Priority, "09-004", &taken), "P-02");
        assert_eq!(free_number(Lane::WalkIn, "", &taken), "W-002");
        assert_eq!(free_number(Lane::Booked, "09-004", &taken), "09-004");
        assert_eq!(free_number(Lane::Late, "09-001", &taken), "09-001C");
    }
}
