//! What the waiting list does with a seat that several are offered at once.

use chrono::{DateTime, NaiveDate, Utc};

use super::shared_offer::SharedOffer;
use super::slot::Slot;
use super::waiting::{Followed, Waiting, WaitingList};

impl Waiting {
    /// The seat that they and others are offered, while they can have it.
    pub fn open_share(&self, now: DateTime<Utc>) -> Option<&SharedOffer> {
        self.shared.as_deref().filter(|shared| !shared.is_taken && now < shared.until)
    }

    /// The seat that somebody else took while they were offered it.
    pub fn lost_share(&self) -> Option<&SharedOffer> {
        self.shared.as_deref().filter(|shared| shared.is_taken)
    }
}

impl WaitingList {
    /// Seats of a day that are offered to several at once.
    pub fn shared_on(&self, date: NaiveDate, now: DateTime<Utc>) -> u32 {
        self.shared_seats(|slot| slot.date == date, now)
    }

    /// The same of an hour.
    pub fn shared_at(&self, wanted: Slot, now: DateTime<Utc>) -> u32 {
        self.shared_seats(|slot| slot == wanted, now)
    }

    fn shared_seats(&self, is_meant: impl Fn(Slot) -> bool, now: DateTime<Utc>) -> u32 {
        let mut seen: Vec<i64> = Vec::new();
        let shares = self.entries.iter().filter_map(|entry| entry.open_share(now));
        let mut seats = 0;
        for shared in shares.filter(|shared| is_meant(shared.slot)) {
            if !seen.contains(&shared.id) {
                seen.push(shared.id);
                seats += shared.seats;
            }
        }
        seats
    }

    /// How many can have this seat now.
    pub fn sharers(&self, share: i64, now: DateTime<Utc>) -> usize {
        self.entries.iter().filter(|entry| entry.open_share(now).is_some_and(|shared| shared.id == share)).count()
    }

    /// Notes that a seat is offered to an entry, and to others at the same time.
    pub fn share(&mut self, id: i64, shared: SharedOffer) -> Option<Waiting> {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        entry.shared = Some(Box::new(shared));
        entry.offers += 1;
        Some(entry.clone())
    }

    /// Somebody said `ya` to this seat first: the others keep their turn, as if it had never been offered to them. Returns them.
    pub fn take_share(&mut self, share: i64, winner: i64, now: DateTime<Utc>) -> Vec<Waiting> {
        let mut lost = Vec::new();
        for entry in self.entries.iter_mut().filter(|entry| entry.id != winner) {
            if entry.open_share(now).is_none_or(|shared| shared.id != share) {
                continue;
            }
            if let Some(shared) = &mut entry.shared {
                shared.is_taken = true;
            }
            entry.offers = entry.offers.saturating_sub(1);
            lost.push(entry.clone());
        }
        lost
    }

    /// One of those whom a seat is offered to does not want it. Returns what that means for them, and the seats that nobody is offered
    /// any more.
    pub fn decline_share(&mut self, id: i64, now: DateTime<Utc>) -> Option<(Followed, Option<(NaiveDate, u32)>)> {
        let entry = self.entries.iter().find(|entry| entry.id == id)?.clone();
        let shared = entry.shared.clone().filter(|shared| !shared.is_taken)?;
        let followed = self.declined(entry, shared.slot.date, now);
        let is_over = self.sharers(shared.id, now) == 0;
        Some((followed, is_over.then_some((shared.slot.date, shared.seats))))
    }

    /// Those who did not answer in time: each counts as a decline. Returns what that means for them, and the seats that nobody is
    /// offered any more.
    pub fn end_shares(&mut self, now: DateTime<Utc>) -> (Vec<Followed>, Vec<(NaiveDate, u32)>) {
        let is_over =
            |entry: &&Waiting| entry.shared.as_ref().is_some_and(|shared| !shared.is_taken && shared.until <= now);
        let over: Vec<Waiting> = self.entries.iter().filter(is_over).cloned().collect();
        let mut seen: Vec<i64> = Vec::new();
        let (mut followed, mut freed) = (Vec::new(), Vec::new());
        for entry in over {
            let Some(shared) = entry.shared.clone() else { continue };
            followed.push(self.declined(entry, shared.slot.date, now));
            if !seen.contains(&shared.id) {
                seen.push(shared.id);
                freed.push((shared.slot.date, shared.seats));
            }
        }
        (followed, freed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::office::FormatId;
    use crate::domain::person::{Applicant, Nama};
    use crate::domain::sample::day;
    use crate::domain::waiting::tests::{at, entry};

    fn shared(id: i64) -> SharedOffer {
        let slot = Slot { date: day(2017, 8, 14), hour: 8 };
        let (applicant, format) =
            (Applicant::named(Nama::read("Budi").unwrap()), FormatId::read("nama-lahir-kedatangan").unwrap());
        SharedOffer { id, slot, seats: 1, until: at(20), is_taken: false, applicant, format }
    }

    fn list() -> WaitingList {
        let mut list = WaitingList { entries: (1..5).map(|id| entry(id, None)).collect(), ..WaitingList::default() };
        for id in 1..4 {
            list.share(id, shared(9));
        }
        list
    }

    // Negative controls: counted once an entry, three seats are kept; with the losers' offers left as they are, each has had one.
    #[test]
    fn the_first_yes_wins_and_the_others_keep_their_turn() {
        let mut list = list();
        let monday = day(2017, 8, 14);
        assert_eq!(
            (list.shared_on(monday, at(0)), list.shared_at(shared(9).slot, at(0)), list.sharers(9, at(0))),
            (1, 1, 3)
        );
        assert_eq!(list.claimed(monday, at(0)), 1, "the fourth alone");
        let lost = list.take_share(9, 2, at(1));
        assert_eq!(
            lost.iter().map(|entry| (entry.id, entry.offers, entry.declines)).collect::<Vec<_>>(),
            [(1, 0, 0), (3, 0, 0)]
        );
        assert!(lost.iter().all(|entry| entry.keeps_seats() && entry.lost_share().is_some()));
        list.remove(2);
        assert_eq!((list.shared_on(monday, at(1)), list.claimed(monday, at(1))), (0, 3));
    }

    // Negative control: with `<` for `<=` in `end_shares`, the last minute ends nothing.
    #[test]
    fn the_seat_comes_back_with_the_last_decline_or_when_the_time_is_over() {
        let mut list = list();
        let monday = day(2017, 8, 14);
        for id in 1..3 {
            let (followed, freed) = list.decline_share(id, at(1)).unwrap();
            assert!(matches!(followed, Followed::Kept(kept) if kept.declines == 1) && freed.is_none());
        }
        assert_eq!(list.clone().decline_share(3, at(1)).unwrap().1, Some((monday, 1)));
        assert!(list.decline_share(1, at(1)).is_none(), "once");
        assert_eq!(list.end_shares(at(19)), (Vec::new(), Vec::new()));
        let (followed, freed) = list.end_shares(at(20));
        assert_eq!((followed.len(), freed), (1, vec![(monday, 1)]));
    }
}
