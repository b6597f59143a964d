//! Who waits, as a counter sees it.

use super::handle::FrontDesk;
use super::view::{Standing, name_of};
use crate::domain::visit::{Pick, State, Visit, in_order};
use crate::storage::{Shift, StorageError};

/// The people of the day who have not gone yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Whom an open counter may call, in the order of the calls if nobody else comes.
    pub next: Vec<Standing>,
    /// Who waits for their hour.
    pub later: Vec<Standing>,
    /// Who was parked, or did not come when they were called.
    pub aside: Vec<Standing>,
    /// Who is called or served, by counter.
    pub at_counters: Vec<Standing>,
    /// Who was entered last, the newest first; whoever was entered by mistake is not among them.
    pub entered: Vec<Standing>,
    /// Open counters, by number.
    pub counters: Vec<Shift>,
}

impl FrontDesk {
    /// Who waits. Whom another counter is to call stands in the order of that counter.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed.
    pub async fn waiting(&self) -> Result<Waiting, StorageError> {
        let now = self.now();
        let date = self.today(now);
        let day = self.storage.day_at_counter(&self.office.id, date).await?;
        let counters = self.storage.open_counters(&self.office.id).await?;
        let bookings = self.storage.bookings_on(&self.office.id, date).await?;
        let standing = |visit: &Visit| Standing {
            name: name_of(visit, bookings.iter().find(|booking| Some(booking.id) == visit.booking)),
            wait: None,
            visit: visit.clone(),
        };
        // Whoever has no booking is called once there is room: where in the order, nobody knows before.
        let pick = Pick { room: u32::MAX, ..Pick::watching(self.hour(now), day.since_priority) };
        let (sent, free): (Vec<Visit>, Vec<Visit>) = day
            .visits
            .iter()
            .filter(|visit| visit.state == State::Arrived)
            .cloned()
            .partition(|visit| visit.target.is_some());
        let order = in_order(&free, pick);
        let mut later: Vec<&Visit> =
            free.iter().filter(|visit| !order.iter().any(|called| called.id == visit.id)).collect();
        later.sort_by_key(|visit| visit.place);
        let of = |wanted: &[State]| {
            let found = day.visits.iter().filter(|visit| wanted.contains(&visit.state));
            found.map(standing).collect::<Vec<_>>()
        };
        let mut at_counters = of(&[State::Called, State::Serving]);
        at_counters.sort_by_key(|one| one.visit.counter);
        let mut entered: Vec<&Visit> = day.visits.iter().filter(|visit| visit.state.has_come()).collect();
        entered.sort_by_key(|visit| std::cmp::Reverse((visit.arrived_at, visit.id)));
        Ok(Waiting {
            next: sent.iter().chain(order).map(standing).collect(),
            later: later.into_iter().map(standing).collect(),
            aside: of(&[State::Parked, State::Missed]),
            at_counters,
            entered: entered.into_iter().take(ENTERED_SHOWN).map(standing).collect(),
            counters,
        })
    }
}

/// Arrivals that are shown as the last ones: as many as an officer still has before their eyes.
const ENTERED_SHOWN: usize = 6;
