//! The waiting list of an office: who waits for a seat, in which order, and how many seats that keeps from everybody else.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::booking::{Booking, State};
use super::message::{ChannelId, Contact};
use super::reach::Reaches;
use super::shared_offer::SharedOffer;
use super::slot::{Session, Slot};

/// How long a seat is offered to one citizen alone, in minutes: long enough to see the message and to ask at home.
pub const OFFER_MINUTES: i64 = 20;
/// The same for a seat of the next 24 hours.
pub const OFFER_MINUTES_SOON: i64 = 10;
/// A seat that begins within so many minutes is not offered: nobody would get there. It is left to those who come in person.
pub const OFFER_BEFORE_MINUTES: i64 = 45;
/// Offers that may be declined or left unanswered; with the last of them the wait ends.
pub const DECLINES_MAX: u32 = 2;
/// How long after a declined offer its day is offered to others only, in minutes: for so long they may take it.
const REST_MINUTES: i64 = 60;
/// Offers that somebody gets who has a seat on a later day already.
pub const OFFERS_OF_EARLIER_MAX: u32 = 3;
/// Citizens who may wait at one office: more than come back in weeks, and few enough to be looked at with every offer.
pub const WAITING_MAX: usize = 500;
/// The shortest and the longest time for which a seat that came back is kept from everybody where nobody waits for it, in
/// seconds: whoever gives a seat back cannot know when a friend must ask for it.
pub const RETURN_SECONDS: std::ops::RangeInclusive<i64> = 60..=600;

/// One citizen on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Its number in the database, which is also the turn: lower ones joined earlier.
    pub id: i64,
    /// The channel by which they joined.
    pub channel: ChannelId,
    /// Who waits.
    pub contact: Contact,
    /// The day that they wait for; `None`: as soon as possible.
    pub date: Option<NaiveDate>,
    /// Seats that they need in one hour.
    pub party: u32,
    /// The half of the day that will do; `None` for any hour.
    pub session: Option<Session>,
    /// The booking that they have already, and its day: only earlier days will do.
    pub booking: Option<(i64, NaiveDate)>,
    /// The hold that is offered to them now, by its id in the database.
    pub offer: Option<i64>,
    /// A seat that others are offered at the same time, or were: the last one.
    pub shared: Option<Box<SharedOffer>>,
    /// Offers so far.
    pub offers: u32,
    /// Offers that were declined or left unanswered.
    pub declines: u32,
    /// The day of the last of them, and when it was: for some time that day is offered to others.
    pub declined: Option<(NaiveDate, DateTime<Utc>)>,
    /// Whether a message reaches them now, as far as it is known.
    pub is_reachable: bool,
}

impl Waiting {
    /// Whether a day will do.
    pub fn wants(&self, date: NaiveDate) -> bool {
        self.date.is_none_or(|wanted| wanted == date) && self.booking.is_none_or(|(_, later)| date < later)
    }

    /// Whether an hour of a day that will do fits.
    pub fn wants_hour(&self, hour: u8) -> bool {
        self.session.is_none_or(|session| session.holds(hour))
    }

    /// Whether both may be offered the same seat.
    fn competes_with(&self, other: &Self) -> bool {
        match (self.date, other.date) {
            (Some(date), _) => self.wants(date) && other.wants(date),
            (None, Some(date)) => self.wants(date),
            (None, None) => true,
        }
    }

    /// Whether nothing is offered to them now.
    fn has_no_offer(&self) -> bool {
        self.offer.is_none() && self.shared.as_ref().is_none_or(|shared| shared.is_taken)
    }

    /// Whether seats are kept for them: they would be offered one now.
    pub fn keeps_seats(&self) -> bool {
        self.has_no_offer() && self.is_reachable
    }

    /// The same after an offer was not accepted; `None` where the wait is over.
    #[must_use]
    pub fn after_decline(mut self, day: NaiveDate, now: DateTime<Utc>) -> Option<Self> {
        self.offer = None;
        self.shared = None;
        self.declined = Some((day, now));
        self.declines += 1;
        let is_used_up = self.booking.is_some() && self.offers >= OFFERS_OF_EARLIER_MAX;
        (self.declines < DECLINES_MAX && !is_used_up).then_some(self)
    }

    /// Until when the day of the seat that they declined last is offered to others only.
    pub fn rests_until(&self) -> Option<DateTime<Utc>> {
        self.declined.map(|(_, at)| at + Duration::minutes(REST_MINUTES))
    }

    /// Whether they may be offered a seat of a day at `now`; such seats are kept for them.
    pub fn claims(&self, date: NaiveDate, now: DateTime<Utc>) -> bool {
        let is_resting = self.declined.is_some_and(|(day, _)| day == date) && self.rests_until() > Some(now);
        self.keeps_seats() && self.wants(date) && !is_resting
    }

    /// Whether the wait ends if their offer is not accepted: the present one, or the next.
    pub fn is_last_offer(&self) -> bool {
        let next = self.offers + u32::from(self.has_no_offer());
        self.declines + 1 >= DECLINES_MAX || (self.booking.is_some() && next >= OFFERS_OF_EARLIER_MAX)
    }
}

/// Seats of a day that came back while nobody waited for them: kept from everybody until `until`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Returning {
    /// The day.
    pub date: NaiveDate,
    /// How many.
    pub seats: u32,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// The list of one office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaitingList {
    /// Who waits, in turn order.
    pub entries: Vec<Waiting>,
    /// Seats that are kept from everybody for some minutes.
    pub returning: Vec<Returning>,
    /// How far the channels reach by which they joined.
    pub reaches: Reaches,
}

impl WaitingList {
    /// The entry of a contact.
    pub fn of(&self, channel: &ChannelId, contact: &Contact) -> Option<&Waiting> {
        self.entries.iter().find(|entry| entry.channel == *channel && entry.contact == *contact)
    }

    /// The entry that a hold is offered to.
    pub fn offered(&self, hold: i64) -> Option<&Waiting> {
        self.entries.iter().find(|entry| entry.offer == Some(hold))
    }

    /// How many of those who wait have the turn before an entry, and may be offered the same seats.
    pub fn ahead_of(&self, entry: &Waiting) -> usize {
        self.entries.iter().filter(|other| other.id < entry.id && other.competes_with(entry)).count()
    }

    /// Whether somebody waits for a seat of a day.
    pub fn has_claimant(&self, date: NaiveDate, now: DateTime<Utc>) -> bool {
        self.entries.iter().any(|entry| entry.claims(date, now))
    }

    /// Seats of a day for which somebody waits: nobody else gets them.
    pub fn claimed(&self, date: NaiveDate, now: DateTime<Utc>) -> u32 {
        self.entries.iter().filter(|entry| entry.claims(date, now)).map(|entry| entry.party).sum()
    }

    /// Seats of a day that nobody who does not wait gets at `now`: those for which somebody waits, and those that came back just now.
    pub fn kept(&self, date: NaiveDate, now: DateTime<Utc>) -> u32 {
        let returning = self.returning.iter().filter(|back| back.date == date && now < back.until);
        self.claimed(date, now) + returning.map(|back| back.seats).sum::<u32>()
    }

    /// Puts an entry into its place, instead of what stood there.
    pub fn put(&mut self, entry: Waiting) {
        match self.entries.binary_search_by_key(&entry.id, |known| known.id) {
            Ok(at) => {
                if let Some(known) = self.entries.get_mut(at) {
                    *known = entry;
                }
            }
            Err(at) => self.entries.insert(at, entry),
        }
    }

    /// Follows a step of a booking: an offer that was not accepted counts as declined, one that was accepted ends the wait.
    pub fn follow(&mut self, booking: &Booking, now: DateTime<Utc>) -> Option<Followed> {
        let entry = self.offered(booking.id)?.clone();
        match booking.state {
            State::Held => None,
            State::Booked => {
                self.remove(entry.id);
                Some(Followed::Over { id: entry.id, seated: true })
            }
            State::Expired | State::Replaced | State::Cancelled | State::Blocked => {
                Some(self.declined(entry, booking.slot.date, now))
            }
        }
    }

    /// An entry did not take a seat of this day.
    pub(super) fn declined(&mut self, entry: Waiting, date: NaiveDate, now: DateTime<Utc>) -> Followed {
        let id = entry.id;
        if let Some(kept) = entry.after_decline(date, now) {
            self.put(kept.clone());
            Followed::Kept(Box::new(kept))
        } else {
            self.remove(id);
            Followed::Over { id, seated: false }
        }
    }

    /// Notes that a hold is offered to an entry.
    pub fn offer(&mut self, id: i64, hold: i64) -> Option<Waiting> {
        let entry = self.entries.iter_mut().find(|entry| entry.id == id)?;
        entry.offer = Some(hold);
        entry.offers += 1;
        Some(entry.clone())
    }

    /// Takes an entry off the list.
    pub fn remove(&mut self, id: i64) {
        self.entries.retain(|entry| entry.id != id);
    }
}

/// What a step of a booking means for the entry that it was offered to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Followed {
    /// It keeps its turn.
    Kept(Box<Waiting>),
    /// The wait is over; whether with a seat.
    Over {
        /// The entry.
        id: i64,
        /// Whether they accepted a seat.
        seated: bool,
    },
}

/// Until when a seat is offered; `None` where it begins too soon to be offered.
pub fn offer_until(begins: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if begins < now + Duration::minutes(OFFER_BEFORE_MINUTES) {
        return None;
    }
    let is_soon = begins < now + Duration::hours(24);
    Some(now + Duration::minutes(if is_soon { OFFER_MINUTES_SOON } else { OFFER_MINUTES }))
}

/// A seat, or several of one hour, that an entry is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferedSlot {
    /// The hour.
    pub slot: Slot,
    /// Until when it is offered.
    pub until: DateTime<Utc>,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::domain::sample::day;

    pub(in crate::domain) fn entry(id: i64, date: Option<u32>) -> Waiting {
        Waiting {
            id,
            channel: ChannelId::new("tape", "uji"),
            contact: Contact::new(format!("62812000000{id}")),
            date: date.map(|date| day(2017, 8, date)),
            party: 1,
            session: None,
            booking: None,
            offer: None,
            shared: None,
            offers: 0,
            declines: 0,
            declined: None,
            is_reachable: true,
        }
    }

    pub(in crate::domain) fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + Duration::minutes(minute)
    }

    // Negative control: with entries that cannot be reached counted, the third line keeps four seats of the 14th.
    #[test]
    fn seats_are_kept_for_those_who_would_be_offered_one() {
        let mut list = WaitingList::default();
        for waiting in [entry(3, Some(15)), entry(1, Some(14)), entry(2, None), entry(4, Some(14))] {
            list.put(waiting);
        }
        assert_eq!(list.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [1, 2, 3, 4]);
        list.put(Waiting { is_reachable: false, ..entry(4, Some(14)) });
        assert_eq!([14, 15, 16].map(|date| list.kept(day(2017, 8, date), at(0))), [2, 2, 1]);
        list.put(Waiting { offer: Some(9), ..entry(1, Some(14)) });
        assert_eq!(list.kept(day(2017, 8, 14), at(0)), 1, "the seat of an offer is held already");
        list.returning.push(Returning { date: day(2017, 8, 14), seats: 2, until: at(5) });
        assert_eq!([at(4), at(5)].map(|now| list.kept(day(2017, 8, 14), now)), [3, 1]);
    }

    #[test]
    fn the_turn_counts_those_before_who_want_the_same_days() {
        let mut list = WaitingList::default();
        for waiting in [entry(1, Some(14)), entry(2, None), entry(3, Some(15)), entry(4, Some(14))] {
            list.put(waiting);
        }
        let ahead: Vec<usize> = list.entries.iter().map(|entry| list.ahead_of(entry)).collect();
        assert_eq!(ahead, [0, 1, 1, 2]);
    }

    #[test]
    fn two_declines_end_the_wait_and_so_does_the_third_offer_of_an_earlier_day() {
        let first = Waiting { offer: Some(1), offers: 1, ..entry(1, Some(14)) };
        assert!(!entry(1, None).is_last_offer());
        let monday = day(2017, 8, 14);
        let once = first.after_decline(monday, at(0)).unwrap();
        let list = WaitingList { entries: vec![once.clone(), entry(2, None)], ..WaitingList::default() };
        assert_eq!([at(59), at(60)].map(|now| list.claimed(monday, now)), [1, 2], "others are offered that day first");
        assert_eq!((once.offer, once.declines, once.is_last_offer()), (None, 1, true));
        assert_eq!(Waiting { offers: 2, ..once }.after_decline(monday, at(0)), None);
        let holder = Waiting { booking: Some((7, day(2017, 8, 20))), offers: 2, ..entry(1, None) };
        assert!(holder.is_last_offer() && holder.wants(day(2017, 8, 19)) && !holder.wants(day(2017, 8, 20)));
    }

    #[test]
    fn a_seat_that_begins_soon_is_offered_for_a_shorter_time_or_not_at_all() {
        let now = at(0);
        assert_eq!(offer_until(at(44), now), None);
        assert_eq!(offer_until(at(45), now), Some(at(10)));
        assert_eq!(offer_until(at(24 * 60), now), Some(at(20)));
    }
}
