//! The seats of one office as one transaction sees them: what is taken, what is free, what has changed.
//!
//! Loaded by the desk under the office lock, changed by decisions in memory, written back in one go. Knows no SQL.
//! A number that was asked for and not loaded is said so ([`NotLoaded`]), never guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::booking::{Booking, State};
use super::calendar::Calendar;
use super::office::Office;
use super::slot::{Session, Slot, candidates, hours_left};
use super::waiting::WaitingList;

/// The hours of this date have not been loaded: load them and decide again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the hours of {0} are not loaded")]
pub struct NotLoaded(pub NaiveDate);

/// How full a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayLoad {
    /// Seats that it may give.
    pub capacity: u32,
    /// Seats given.
    pub taken: u32,
    /// Those of them that unconfirmed holds keep.
    pub held: u32,
}

/// How full an hour is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HourLoad {
    /// Seats that it may give.
    pub capacity: u32,
    /// Seats given.
    pub taken: u32,
    /// The highest seat number ever given in it.
    pub high: u32,
    /// Numbers up to `high` that came back, ascending.
    pub gaps: BTreeSet<u32>,
}

impl HourLoad {
    /// An hour of which nothing has been given yet.
    pub fn empty(capacity: u32) -> Self {
        Self { capacity, taken: 0, high: 0, gaps: BTreeSet::new() }
    }

    /// What it may still give. An hour that the office made smaller keeps what was taken, and gives nothing of what comes back beyond
    /// its present number.
    fn room(&self, offered: u32) -> u32 {
        self.capacity.min(offered).saturating_sub(self.taken)
    }

    /// Takes the lowest free number.
    fn take(&mut self) -> u32 {
        self.taken += 1;
        self.gaps.pop_first().unwrap_or_else(|| {
            self.high += 1;
            self.high
        })
    }

    fn give_back(&mut self, seat: u32) {
        self.taken = self.taken.saturating_sub(1);
        self.gaps.insert(seat);
    }
}

/// What a decision did to a seat, so that it can be undone when the decision has to be taken again.
#[derive(Debug, Clone, Copy)]
enum Step {
    Took(Slot, u32),
    Gave(Slot, u32),
}

/// A point in the journal to go back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark(usize);

/// The seats of one office.
#[derive(Debug, Clone, Default)]
pub struct Seats {
    days: BTreeMap<NaiveDate, DayLoad>,
    hours: BTreeMap<Slot, HourLoad>,
    loaded: BTreeSet<NaiveDate>,
    /// Days of which seats were confirmed or became holds, whatever the journal says.
    counted: BTreeSet<NaiveDate>,
    journal: Vec<Step>,
    /// Who waits for seats that come back, where the office has a list.
    waiting: Option<Arc<WaitingList>>,
}

impl Seats {
    /// Enters what the database knows of a day.
    pub fn enter_day(&mut self, date: NaiveDate, load: DayLoad) {
        self.days.insert(date, load);
    }

    /// Enters what the database knows of an hour.
    pub fn enter_hour(&mut self, slot: Slot, load: HourLoad) {
        self.hours.insert(slot, load);
    }

    /// Says that every hour of `date` that the database knows has been entered.
    pub fn mark_loaded(&mut self, date: NaiveDate) {
        self.loaded.insert(date);
    }

    /// Whether [`Self::mark_loaded`] was called for `date`.
    pub fn is_loaded(&self, date: NaiveDate) -> bool {
        self.loaded.contains(&date)
    }

    /// From now on seats are kept for those on this list.
    pub fn keep_for(&mut self, waiting: Option<Arc<WaitingList>>) {
        self.waiting = waiting;
    }

    /// Seats of a day that somebody who is not on the list does not get.
    fn kept(&self, date: NaiveDate, now: DateTime<Utc>) -> u32 {
        self.waiting.as_ref().map_or(0, |list| list.kept(date, now))
    }

    /// The same without those that came back just now: they may be the asker's own.
    fn claimed(&self, date: NaiveDate, now: DateTime<Utc>) -> u32 {
        self.waiting.as_ref().map_or(0, |list| list.claimed(date, now))
    }

    /// Seats of a day that are offered to several of those who wait: nobody else gets them, as if they were taken.
    fn shared_on(&self, date: NaiveDate, now: DateTime<Utc>) -> u32 {
        self.waiting.as_ref().map_or(0, |list| list.shared_on(date, now))
    }

    /// How full a day is; a day that the database does not know yet is empty.
    pub fn day(&self, office: &Office, date: NaiveDate, hours: &[u8]) -> DayLoad {
        let fresh = DayLoad { capacity: office.day_capacity(date, hours), taken: 0, held: 0 };
        self.days.get(&date).copied().unwrap_or(fresh)
    }

    fn hour(&self, office: &Office, slot: Slot) -> HourLoad {
        self.hours.get(&slot).cloned().unwrap_or_else(|| HourLoad::empty(office.seats_at(slot.date, slot.hour)))
    }

    /// What an hour may still give at `now`.
    fn room(&self, office: &Office, slot: Slot, now: DateTime<Utc>) -> u32 {
        let shared = self.waiting.as_ref().map_or(0, |list| list.shared_at(slot, now));
        let offered = office.seats_at(slot.date, slot.hour);
        self.hours.get(&slot).map_or(offered, |hour| hour.room(offered)).saturating_sub(shared)
    }

    /// How many seats an open day may still give by `now`, in whichever hours; 0 where it is closed. A day that the office made smaller
    /// keeps what was taken, and gives nothing of what comes back beyond its present number.
    fn spare(&self, office: &Office, calendar: &Calendar, date: NaiveDate, now: DateTime<Utc>) -> u32 {
        let super::office::Day::Open(hours) = office.day(calendar, date) else { return 0 };
        let day = self.day(office, date, &hours);
        let capacity = day.capacity.min(office.day_capacity(date, &hours));
        office.released(date, capacity, now).saturating_sub(day.taken + self.shared_on(date, now))
    }

    /// How many seats a day may still give by `now`; `None` where it has fewer than `party`.
    ///
    /// # Errors
    /// [`NotLoaded`] when it has as many and its hours have not been entered.
    fn left(
        &self,
        office: &Office,
        calendar: &Calendar,
        (date, party): (NaiveDate, u32),
        now: DateTime<Utc>,
    ) -> Result<Option<u32>, NotLoaded> {
        let left = self.spare(office, calendar, date, now);
        if left < party {
            return Ok(None);
        }
        if self.is_loaded(date) { Ok(Some(left)) } else { Err(NotLoaded(date)) }
    }

    /// The days among these that may still give seats by `now` and whose hours have not been entered.
    pub fn to_load<'a>(
        &'a self,
        office: &'a Office,
        calendar: &'a Calendar,
        days: impl Iterator<Item = NaiveDate> + 'a,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = NaiveDate> + 'a {
        days.filter(move |&date| !self.is_loaded(date) && self.spare(office, calendar, date, now) > 0)
    }

    /// The first hour with `party` seats: on `from`, or on later days too when `roll` is set. Takes nothing. Seats for which
    /// others wait are not free, nor those that came back just now.
    ///
    /// # Errors
    /// [`NotLoaded`] when it needs a day whose hours have not been entered.
    pub fn find(
        &self,
        office: &Office,
        calendar: &Calendar,
        wish: Wish,
        now: DateTime<Utc>,
    ) -> Result<Option<Slot>, NotLoaded> {
        self.search(office, calendar, (wish, now), |date| self.kept(date, now))
    }

    /// The same for somebody whose own seat came back: seats that came back just now are free for them.
    ///
    /// # Errors
    /// [`NotLoaded`] when it needs a day whose hours have not been entered.
    pub fn find_again(
        &self,
        office: &Office,
        calendar: &Calendar,
        wish: Wish,
        now: DateTime<Utc>,
    ) -> Result<Option<Slot>, NotLoaded> {
        self.search(office, calendar, (wish, now), |date| self.claimed(date, now))
    }

    fn search(
        &self,
        office: &Office,
        calendar: &Calendar,
        (wish, now): (Wish, DateTime<Utc>),
        kept: impl Fn(NaiveDate) -> u32,
    ) -> Result<Option<Slot>, NotLoaded> {
        let Wish { from, party, roll, session } = wish;
        for (date, hours) in candidates(office, calendar, from, now) {
            if !roll && date != from {
                break;
            }
            let fits = |hour: &u8| session.is_none_or(|session| session.holds(*hour));
            if !hours.iter().any(fits) {
                continue;
            }
            let kept = kept(date);
            if self.left(office, calendar, (date, party + kept), now)?.is_none() {
                continue;
            }
            let room = |hour| self.room(office, Slot { date, hour }, now);
            // Hours that are over keep no seats for anybody.
            if kept > 0 && hours.iter().map(|&hour| room(hour)).sum::<u32>() < party + kept {
                continue;
            }
            let first = hours.into_iter().filter(fits).find(|&hour| room(hour) >= party);
            let first = first.map(|hour| Slot { date, hour });
            if first.is_some() {
                return Ok(first);
            }
        }
        Ok(None)
    }

    /// Whether an hour that may still be given has `party` seats. Takes nothing.
    ///
    /// # Errors
    /// [`NotLoaded`] when its day has as many and its hours have not been entered.
    pub fn fits(
        &self,
        office: &Office,
        calendar: &Calendar,
        slot: Slot,
        party: u32,
        now: DateTime<Utc>,
    ) -> Result<bool, NotLoaded> {
        let wanted = party + self.claimed(slot.date, now);
        if self.left(office, calendar, (slot.date, wanted), now)?.is_none() {
            return Ok(false);
        }
        let is_given = hours_left(office, calendar, slot.date, now).contains(&slot.hour);
        Ok(is_given && self.room(office, slot, now) >= party)
    }

    /// Takes these very numbers of an hour with room for them, if all of them are free; otherwise the lowest free ones.
    pub fn take_again(&mut self, office: &Office, calendar: &Calendar, slot: Slot, seats: &[u32]) -> Vec<u32> {
        let party = u32::try_from(seats.len()).unwrap_or(u32::MAX);
        let load = self.hour(office, slot);
        if !seats.iter().all(|seat| load.gaps.contains(seat)) {
            return self.take(office, calendar, slot, party);
        }
        // The other free numbers are kept out of the way meanwhile.
        let (own, others) = load.gaps.iter().partition(|gap| seats.contains(gap));
        self.hours.insert(slot, HourLoad { gaps: own, ..load });
        let taken = self.take(office, calendar, slot, party);
        if let Some(hour) = self.hours.get_mut(&slot) {
            hour.gaps = others;
        }
        taken
    }

    /// The seats of `date` that anybody may be given at `now`. Takes nothing.
    ///
    /// # Errors
    /// [`NotLoaded`] when the day is not full and its hours have not been entered.
    pub fn free(
        &self,
        office: &Office,
        calendar: &Calendar,
        date: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<FreeSeats, NotLoaded> {
        let FreeSeats { seats, hours } = self.unoffered(office, calendar, date, now)?;
        let seats = seats.saturating_sub(self.kept(date, now));
        let hours = hours.into_iter().map(|(hour, free)| (hour, free.min(seats))).filter(|(_, free)| *free > 0);
        Ok(FreeSeats { seats, hours: hours.collect() })
    }

    /// The same with the seats that are kept for those on the waiting list.
    ///
    /// # Errors
    /// [`NotLoaded`] when the day is not full and its hours have not been entered.
    pub fn unoffered(
        &self,
        office: &Office,
        calendar: &Calendar,
        date: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<FreeSeats, NotLoaded> {
        let Some(left) = self.left(office, calendar, (date, 1), now)? else { return Ok(FreeSeats::default()) };
        let hours: Vec<(u8, u32)> = hours_left(office, calendar, date, now)
            .into_iter()
            .map(|hour| (hour, self.room(office, Slot { date, hour }, now).min(left)))
            .filter(|(_, free)| *free > 0)
            .collect();
        let seats = hours.iter().map(|(_, free)| free).sum::<u32>().min(left);
        Ok(FreeSeats { seats, hours })
    }

    /// Takes the lowest `party` free numbers of an hour that [`Self::find`] named.
    pub fn take(&mut self, office: &Office, calendar: &Calendar, slot: Slot, party: u32) -> Vec<u32> {
        let mut load = self.hour(office, slot);
        let seats: Vec<u32> = (0..party).map(|_| load.take()).collect();
        self.hours.insert(slot, load);
        let hours = match office.day(calendar, slot.date) {
            super::office::Day::Open(hours) => hours,
            super::office::Day::Closed(_) => Vec::new(),
        };
        let mut day = self.day(office, slot.date, &hours);
        day.taken += party;
        self.days.insert(slot.date, day);
        self.journal.extend(seats.iter().map(|&seat| Step::Took(slot, seat)));
        seats
    }

    /// Gives seats back.
    ///
    /// # Errors
    /// [`NotLoaded`] when the hours of the day have not been entered.
    pub fn give_back(&mut self, slot: Slot, seats: &[u32]) -> Result<(), NotLoaded> {
        if !self.is_loaded(slot.date) {
            return Err(NotLoaded(slot.date));
        }
        for &seat in seats {
            self.one_back(slot, seat);
            self.journal.push(Step::Gave(slot, seat));
        }
        Ok(())
    }

    fn one_back(&mut self, slot: Slot, seat: u32) {
        if let Some(load) = self.hours.get_mut(&slot) {
            load.give_back(seat);
        }
        if let Some(day) = self.days.get_mut(&slot.date) {
            day.taken = day.taken.saturating_sub(1);
        }
    }

    /// Counts what a booking's step means for the seats that unconfirmed holds keep. Only what is final is counted: there is
    /// no way back.
    pub fn count_holds(&mut self, before: Option<&Booking>, after: &Booking) {
        let is_held = |booking: &&Booking| booking.state == State::Held;
        if let Some(hold) = before.filter(is_held)
            && let Some(day) = self.days.get_mut(&hold.slot.date)
        {
            day.held = day.held.saturating_sub(hold.party());
            self.counted.insert(hold.slot.date);
        }
        if let Some(hold) = Some(after).filter(is_held)
            && let Some(day) = self.days.get_mut(&hold.slot.date)
        {
            day.held += hold.party();
            self.counted.insert(hold.slot.date);
        }
    }

    /// The present point of the journal.
    pub fn mark(&self) -> Mark {
        Mark(self.journal.len())
    }

    /// Undoes everything since `mark`.
    pub fn undo_to(&mut self, mark: Mark) {
        while self.journal.len() > mark.0 {
            match self.journal.pop() {
                Some(Step::Took(slot, seat)) => self.one_back(slot, seat),
                Some(Step::Gave(slot, seat)) => {
                    if let Some(load) = self.hours.get_mut(&slot) {
                        load.taken += 1;
                        load.gaps.remove(&seat);
                    }
                    if let Some(day) = self.days.get_mut(&slot.date) {
                        day.taken += 1;
                    }
                }
                None => break,
            }
        }
    }

    /// Every day that a step touched, in its last state.
    pub fn touched_days(&self) -> impl Iterator<Item = (NaiveDate, DayLoad)> + '_ {
        let dates: BTreeSet<NaiveDate> =
            self.touched().map(|slot| slot.date).chain(self.counted.iter().copied()).collect();
        dates.into_iter().filter_map(|date| self.days.get(&date).map(|load| (date, *load)))
    }

    /// Every hour that a step touched, in its last state.
    pub fn touched_hours(&self) -> impl Iterator<Item = (Slot, &HourLoad)> + '_ {
        let slots: BTreeSet<Slot> = self.touched().collect();
        slots.into_iter().filter_map(|slot| self.hours.get(&slot).map(|load| (slot, load)))
    }

    fn touched(&self) -> impl Iterator<Item = Slot> + '_ {
        self.journal.iter().map(|step| match step {
            Step::Took(slot, _) | Step::Gave(slot, _) => *slot,
        })
    }
}

/// The seats of a day that can still be given.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FreeSeats {
    /// All together: fewer than those of the hours where the day has a limit of its own.
    pub seats: u32,
    /// The hours with free seats, ascending, each with their number.
    pub hours: Vec<(u8, u32)>,
}

/// What a search looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wish {
    /// The first day that will do.
    pub from: NaiveDate,
    /// Seats wanted, all in one hour.
    pub party: u32,
    /// Whether later days will do.
    pub roll: bool,
    /// The half of the day that will do; `None` for any hour.
    pub session: Option<Session>,
}
