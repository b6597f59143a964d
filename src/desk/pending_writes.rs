//! One transaction in memory: what it found, what was decided, and what has to be written in the end.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::people::People;
use super::visits::{self, Visits};
use super::waiting::WaitingLists;
use crate::conversation::{Chat, Lang, Outcome};
use crate::domain::booking::Booking;
use crate::domain::message::Inbound;
use crate::domain::notice::Notice;
use crate::domain::office::{Office, OfficeId};
use crate::domain::seats::{HourLoad, Seats};
use crate::domain::ticket::{ClosedBy, Ticket};
use crate::roster::EarlierFormats;
use crate::storage::{
    Changes, ContactKey, Found, Intake, NewChat, OfficeDate, OfficeDay, OfficeHour, ReleasedSeat, StorageError,
    StoredChat, StoredTicket, Wanted,
};

/// What the transaction knows and what it will write, each row once in its last state.
#[derive(Debug, Default)]
pub(super) struct PendingWrites {
    pub(super) seats: BTreeMap<OfficeId, Seats>,
    pub(super) chats: BTreeMap<ContactKey, StoredChat>,
    pub(super) bookings: HashMap<ContactKey, Vec<Booking>>,
    /// Visits of the bookings, as the transaction found them.
    pub(super) visits: Visits,
    /// Bookings as the transaction found them; one that is missing here is new.
    pub(super) before: HashMap<i64, Booking>,
    /// Bookings made or changed.
    pub(super) changed: BTreeSet<(ContactKey, i64)>,
    /// Contacts whose chat has to be written.
    pub(super) touched: BTreeSet<ContactKey>,
    /// The live bookings of people, where an office looks for them.
    pub(super) people: People,
    /// When the transaction is.
    pub(super) now: DateTime<Utc>,
    /// Notices that decisions plan.
    pub(super) planned: Vec<Notice>,
    /// The waiting lists of offices that have one.
    pub(super) waiting: WaitingLists,
    pub(super) changes: Changes,
    /// Bookings that were confirmed.
    pub(super) booked: u64,
    /// What the replies of `changes` say, in the same order.
    pub(super) contents: Vec<ReplyContent>,
}

/// What a reply says, before it is worded.
#[derive(Debug)]
pub(super) struct ReplyContent {
    pub(super) office: Arc<Office>,
    pub(super) lang: Lang,
    /// Where it is the last one for a while: when replies begin again.
    pub(super) pause_until: Option<DateTime<Utc>>,
    /// The formats that it shows, where they are not those in force.
    pub(super) formats: Option<EarlierFormats>,
    pub(super) outcome: Outcome,
}

impl PendingWrites {
    /// Nothing known yet, but for the people whom some offices look for.
    pub(super) fn new(people: People) -> Self {
        Self { people, ..Self::default() }
    }

    /// Enters what was found; returns the holds that have lapsed and are still to be ended.
    pub(super) fn enter_found(&mut self, wanted: &Wanted, found: Found) -> Vec<Booking> {
        self.chats = found.chats.into_iter().collect();
        self.people.enter(wanted.people.clone(), found.of_people);
        self.visits = visits::by_booking(found.visits);
        for booking in found.bookings {
            self.before.insert(booking.id, booking.clone());
            let key = (booking.channel.clone(), booking.contact.clone());
            self.bookings.entry(key).or_default().push(booking);
        }
        for office in wanted.offices.keys() {
            self.seats.entry(office.clone()).or_default();
        }
        for OfficeDay { office, date, load } in found.days {
            self.seats.entry(office).or_default().enter_day(date, load);
        }
        for OfficeHour { office, slot, load } in found.hours {
            self.seats.entry(office).or_default().enter_hour(slot, load);
        }
        for OfficeDate { office, date } in found.loaded {
            self.seats.entry(office).or_default().mark_loaded(date);
        }
        found.lapsed
    }

    /// The seats of this booking go back.
    pub(super) fn release_seats(&mut self, booking: &Booking) {
        self.changes.released.extend(seats_of(booking));
    }

    /// Enters a lapsed hold whose seats are given back already.
    pub(super) fn enter_lapsed(&mut self, booking: Booking) {
        self.before.insert(booking.id, booking.clone());
        self.enter_booking(&(booking.channel.clone(), booking.contact.clone()), booking);
    }

    /// The chat of a contact, to be changed: it will be written.
    pub(super) fn chat(&mut self, key: &ContactKey, office: &OfficeId, heard_at: DateTime<Utc>) -> &mut StoredChat {
        self.touched.insert(key.clone());
        self.chats.entry(key.clone()).or_insert_with(|| StoredChat {
            office: office.clone(),
            chat: Chat::default(),
            last_reply: None,
            heard_at,
        })
    }

    /// Two contacts turned out to be one citizen, `kept`. The chat of `kept` will list the bookings of both, even where neither wrote
    /// in this batch. Where `kept` has no chat yet, it continues that of `other`, with its language and opt-out.
    pub(super) fn join(&mut self, kept: &ContactKey, other: &ContactKey, now: DateTime<Utc>) {
        let of_other = self.chats.get(other).cloned();
        let of_booking = || Some(self.bookings.get(kept)?.first()?.office.clone());
        let Some(office) = of_other.as_ref().map(|stored| stored.office.clone()).or_else(of_booking) else { return };
        let heard_at = of_other.as_ref().map_or(now, |stored| stored.heard_at);
        let talk = of_other.as_ref().and_then(|stored| stored.chat.handover);
        if let Some(stored) = of_other {
            // A photo that is still being fetched may be answered under the other's key: its replies keep their own order.
            self.chats.entry(kept.clone()).or_insert(StoredChat { last_reply: None, ..stored });
        }
        let chat = &mut self.chat(kept, &office, heard_at).chat;
        let Some(talk) = talk else { return };
        // A citizen has one ticket: the other one's messages stay with it.
        let is_second = chat.handover.get_or_insert(talk).ticket.id != talk.ticket.id;
        if let Some(stored) = self.chats.get_mut(other) {
            stored.chat.handover = None;
        }
        if is_second {
            self.enter_ticket(talk.ticket.closed(ClosedBy::Joined, now), &office, kept);
        }
    }

    /// Enters a ticket that was opened, written to or closed.
    pub(super) fn enter_ticket(&mut self, ticket: Ticket, office: &OfficeId, of: &ContactKey) {
        let stored = StoredTicket { ticket, office: office.clone(), of: of.clone() };
        self.changes.tickets.insert(ticket.id, stored);
    }

    /// Enters a booking that was made or changed.
    pub(super) fn enter_booking(&mut self, key: &ContactKey, booking: Booking) {
        self.changed.insert((key.clone(), booking.id));
        self.people.note(&booking);
        self.waiting.follow(&booking, self.now);
        let bookings = self.bookings.entry(key.clone()).or_default();
        match bookings.iter_mut().find(|known| known.id == booking.id) {
            Some(known) => *known = booking,
            None => bookings.push(booking),
        }
    }

    /// What has to be written, each row once in its last state, and what the replies say. `served` are the messages of the batch.
    pub(super) fn close(mut self, served: impl Iterator<Item = (OfficeId, Inbound)>) -> (Changes, Vec<ReplyContent>) {
        for (key, id) in &self.changed {
            let Some(after) = self.bookings.get(key).and_then(|all| all.iter().find(|b| b.id == *id)) else { continue };
            let before = self.before.get(id).filter(|before| before.state.has_seats());
            let same = before.is_some_and(|before| before.slot == after.slot && before.seats == after.seats);
            if let Some(before) = before.filter(|_| !(after.state.has_seats() && same)) {
                self.changes.released.extend(seats_of(before));
            }
            if after.state.has_seats() && !same {
                self.changes.seated.insert(*id);
            }
            self.changes.bookings.push(after.clone());
        }
        for (office, seats) in &self.seats {
            let day = |(date, load)| OfficeDay { office: office.clone(), date, load };
            self.changes.days.extend(seats.touched_days().map(day));
            let hour = |(slot, load): (_, &HourLoad)| OfficeHour { office: office.clone(), slot, load: load.clone() };
            self.changes.hours.extend(seats.touched_hours().map(hour));
        }
        for key in self.touched {
            let Some(stored) = self.chats.remove(&key) else { continue };
            let bookings = self.bookings.get(&key).into_iter().flatten().map(|booking| booking.id).collect();
            self.changes.chats.push(NewChat { of: key, stored, bookings });
        }
        self.changes.inbounds.extend(served);
        (self.changes, self.contents)
    }

    /// Loads the hours of these dates.
    pub(super) async fn load_hours(
        &mut self,
        intake: &mut Intake,
        dates: &BTreeSet<OfficeDate>,
    ) -> Result<(), StorageError> {
        for OfficeHour { office, slot, load } in intake.hours(dates).await? {
            self.seats.entry(office).or_default().enter_hour(slot, load);
        }
        for OfficeDate { office, date } in dates {
            self.seats.entry(office.clone()).or_default().mark_loaded(*date);
        }
        Ok(())
    }
}

/// The seats of a booking, as they are given back.
fn seats_of(booking: &Booking) -> impl Iterator<Item = ReleasedSeat> + '_ {
    let seat = move |&number: &u32| ReleasedSeat { office: booking.office.clone(), slot: booking.slot, number };
    booking.seats.iter().map(seat)
}
