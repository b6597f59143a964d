//! The waiting list of the world: what the desk does after each batch, and what must hold of it.

use crate::conversation::tests::world::World;
use crate::conversation::{
    Joining, Outcome, REPLIES_MAX, Randomness, Said, Snapshot, Turn, WaitingStep, join_share, offer, share,
};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::message::ChannelId;
use crate::domain::shared_offer::SharedOffer;
use crate::domain::slot::Slot;
use crate::domain::waiting::Waiting;
use crate::grammar::{Form, Request};

/// How a seat is offered.
#[derive(Clone, Copy)]
enum Offering<'a> {
    Alone,
    Shared(i64),
    Join(&'a SharedOffer),
}

impl World {
    /// What a decision changes on the list.
    pub(super) fn step(&mut self, step: Option<WaitingStep>) {
        match step {
            Some(WaitingStep::Join(joining)) => {
                let Joining { entry, form } = *joining;
                self.forms.extend(form.map(|form| (entry.id, form)));
                self.waiting.put(entry);
            }
            Some(WaitingStep::Leave { id, .. }) => {
                self.waiting.decline_share(id, self.now);
                self.waiting.remove(id);
            }
            Some(WaitingStep::Take { id, share, hold }) => {
                self.lost.extend(self.waiting.take_share(share, id, self.now).iter().map(|lost| (lost.id, share)));
                match hold {
                    None => self.waiting.remove(id),
                    Some(hold) => {
                        let entry = self.waiting.entries.iter_mut().find(|entry| entry.id == id).unwrap();
                        (entry.shared, entry.offer) = (None, Some(hold));
                    }
                }
            }
            Some(WaitingStep::Decline { id }) => {
                self.waiting.decline_share(id, self.now);
            }
            None => {}
        }
    }

    /// Whether a message reaches somebody who waits.
    pub(super) fn reach(&mut self, who: u8, is_reachable: bool) {
        let own = self.waiting.of(&ChannelId::new("tape", "uji"), &Self::contact(who)).cloned();
        if let Some(own) = own {
            self.waiting.put(Waiting { is_reachable, ..own });
        }
    }

    /// A form; whoever gets a seat by it passes nobody who waits for that day.
    pub(super) fn newcomer(&mut self, who: u8, form: Form) -> Option<Outcome> {
        let before = self.free_days();
        // Their own seats, an offered one too: a form takes the place of what they have.
        let own: Vec<(Slot, usize)> =
            self.live_of(who).into_iter().map(|booking| (booking.slot, booking.seats.len())).collect();
        let outcome = self.says_it(who, Request::Form(form));
        if let Some(Outcome::Booked { booking, .. }) = &outcome {
            let claims = self.waiting.entries.iter().filter(|entry| entry.claims(booking.slot.date, self.now));
            let claimed: u32 = claims.map(|entry| entry.party).sum();
            let free = before.iter().find(|(date, _)| *date == booking.slot.date).map_or(0, |(_, free)| *free);
            let of_day = own.iter().filter(|(slot, _)| slot.date == booking.slot.date);
            let own = u32::try_from(of_day.map(|(_, seats)| seats).sum::<usize>()).unwrap();
            assert!(free + own >= booking.party() + claimed, "passed {claimed} who wait, {free} were free");
        }
        outcome
    }

    /// What somebody says; whoever wants no messages may get none.
    pub(super) fn says_it(&mut self, who: u8, request: Request) -> Option<Outcome> {
        self.hear(who, Said::Text(request))
    }

    fn live_of(&self, who: u8) -> Vec<Booking> {
        let own = self.bookings.get(&who).into_iter().flatten();
        own.filter(|booking| booking.is_live(&self.office, self.now)).cloned().collect()
    }

    /// Free seats by day, those included that are kept for the list.
    fn free_days(&mut self) -> Vec<(chrono::NaiveDate, u32)> {
        self.lapse();
        self.seats.keep_for(Some(std::sync::Arc::new(self.waiting.clone())));
        let first = self.office.date_at(self.now);
        let free = |date| self.seats.unoffered(&self.office, &self.calendar, date, self.now).unwrap().seats;
        first.iter_days().take(12).map(|date| (date, free(date))).collect()
    }

    /// Gives everybody on the list their turn, as the desk does, and checks that nobody was passed over.
    pub(super) fn give_turns(&mut self) {
        let entries: Vec<Waiting> = self.waiting.entries.iter().filter(|entry| entry.keeps_seats()).cloned().collect();
        let mut made: Vec<(Waiting, Slot)> = Vec::new();
        for entry in &entries {
            let who = (0..=9).find(|who| Self::contact(*who) == entry.contact).unwrap();
            match self.turn(who, entry, Offering::Alone) {
                Turn::Kept | Turn::Shared(_) => {}
                Turn::Over => self.waiting.remove(entry.id),
                Turn::Offered(hold) => {
                    assert!(self.told.insert(hold.id), "told twice");
                    self.waiting.offer(entry.id, hold.id);
                    made.push((entry.clone(), hold.slot));
                    self.bookings.entry(who).or_default().push(*hold);
                }
            }
        }
        for (entry, slot) in made {
            let passed =
                self.waiting.entries.iter().find(|other| other.id < entry.id && self.wanted(other, &entry, slot));
            assert!(passed.is_none(), "{passed:?} was passed over by {entry:?} for {slot:?}");
        }
    }

    /// The same where each seat is offered to `at_once` of them.
    pub(super) fn share_out(&mut self, at_once: usize) {
        let entries: Vec<Waiting> = self.waiting.entries.iter().filter(|entry| entry.keeps_seats()).cloned().collect();
        let mut made: Vec<(SharedOffer, Vec<Waiting>)> = Vec::new();
        let mut left = Vec::new();
        for entry in entries {
            let who = (0..=9).find(|who| Self::contact(*who) == entry.contact).unwrap();
            self.ids += 1;
            match self.turn(who, &entry, Offering::Shared(self.ids)) {
                Turn::Over => self.waiting.remove(entry.id),
                Turn::Shared(shared) => {
                    self.waiting.share(entry.id, (*shared).clone());
                    made.push((*shared, vec![entry]));
                }
                Turn::Kept | Turn::Offered(_) => left.push((who, entry)),
            }
        }
        for (who, entry) in left {
            for (shared, with) in made.iter_mut().filter(|(_, with)| with.len() < at_once) {
                if let Turn::Shared(joined) = self.turn(who, &entry, Offering::Join(shared)) {
                    self.waiting.share(entry.id, *joined);
                    with.push(entry.clone());
                    break;
                }
            }
        }
        for (shared, with) in made {
            // A full offer went to the first who could have it; to one that is not full nobody could be added.
            let last = with.iter().map(|entry| entry.id).max().unwrap();
            let passed =
                self.waiting.entries.iter().find(|other| {
                    (with.len() < at_once || other.id < last) && self.wanted(other, &with[0], shared.slot)
                });
            assert!(passed.is_none(), "{passed:?} was passed over for {shared:?}");
        }
    }

    /// Whether somebody who has no offer could have had a seat that another got.
    fn wanted(&self, other: &Waiting, entry: &Waiting, slot: Slot) -> bool {
        let who = (0..=9).find(|who| Self::contact(*who) == other.contact).unwrap();
        let has_hold = self.live_of(who).iter().any(|booking| booking.awaits.is_some());
        let is_muted = self.chats.get(&who).is_some_and(|chat| chat.muted);
        other.claims(slot.date, self.now)
            && other.wants_hour(slot.hour)
            && other.party <= entry.party
            && !has_hold
            && !is_muted
    }

    fn turn(&mut self, who: u8, entry: &Waiting, offering: Offering<'_>) -> Turn {
        let (channel, contact) = (ChannelId::new("tape", "uji"), Self::contact(who));
        let chat = self.chats.get(&who).cloned().unwrap_or_default();
        let of_people: Vec<Booking> = self.bookings.values().flatten().cloned().collect();
        let waiting = self.waiting.clone();
        self.seats.keep_for(Some(std::sync::Arc::new(waiting.clone())));
        let snapshot = Snapshot {
            office: &self.office,
            calendar: &self.calendar,
            formats: &[],
            text: None,
            wants_photo: false,
            channel: &channel,
            contact: &contact,
            chat: &chat,
            bookings: self.bookings.get(&who).map_or(&[], Vec::as_slice),
            of_people: &of_people,
            visits: &[],
            no_shows: 0,
            replies_max: REPLIES_MAX,
            waiting: Some(&waiting),
            now: self.now,
        };
        let ids = &mut self.ids;
        let mut next_id = || {
            *ids += 1;
            *ids
        };
        let randomness = Randomness { rng: &mut self.rng, next_id: &mut next_id };
        let form = self.forms.get(&entry.id);
        let turn = match offering {
            Offering::Alone => offer(&snapshot, &mut self.seats, (entry, form), randomness),
            Offering::Shared(id) => share(&snapshot, &self.seats, (entry, form), id),
            Offering::Join(shared) => {
                let joined = join_share(&snapshot, (entry, form), shared);
                Ok(joined.map_or(Turn::Kept, |joined| Turn::Shared(Box::new(joined))))
            }
        };
        turn.expect("everything is loaded")
    }

    /// Whether a hold is offered in place of a later booking, which stays until the yes.
    pub(super) fn is_in_place(&self, hold: &Booking) -> bool {
        let entry = self.waiting.offered(hold.id);
        hold.awaits == Some(Awaits::Offer) && entry.is_some_and(|entry| entry.booking.is_some())
    }
}
