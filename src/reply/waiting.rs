//! Replies about the waiting list.

use super::letter::Letter;
use super::people::names;
use crate::conversation::{WaitingPlace, WaitingTold};
use crate::domain::booking::Booking;
use crate::domain::person::Applicant;
use crate::domain::slot::Slot;

impl Letter<'_> {
    pub(super) fn waiting(&mut self, told: &WaitingTold) {
        match told {
            WaitingTold::NoList => self.tell("waiting-none"),
            WaitingTold::NeedsForm => {
                self.tell("waiting-needs-form");
                self.form();
            }
            WaitingTold::ListFull => self.tell("waiting-full"),
            WaitingTold::NotWaiting => self.tell("waiting-not"),
            WaitingTold::Joined(place) => {
                self.tell("waiting-joined");
                self.wait_place(place);
                self.wait_rules(place);
            }
            WaitingTold::Waits(place) => {
                self.wait_place(place);
                self.tell("waiting-leave");
            }
            WaitingTold::Status { bookings, photo_until, place } => {
                if bookings.is_empty() {
                    self.open("status-none", [("office", self.office_name().into())]);
                } else {
                    self.status(bookings, *photo_until);
                }
                self.wait_place(place);
                self.tell("waiting-leave");
            }
            WaitingTold::Left => self.tell("waiting-left"),
            WaitingTold::NotEarlier { booking } => {
                self.open("waiting-not-earlier", [("slot", self.slot(booking.slot).into())]);
            }
            WaitingTold::Offered { hold, instead_of, is_last } => {
                let until = self.hold_until(hold);
                let (slot, applicant, instead_of) = (hold.slot, &hold.applicant, instead_of.as_ref());
                self.seat_offered(Offered { slot, applicant, until, others: 0, instead_of }, *is_last);
            }
            WaitingTold::Shared { shared, others, instead_of, is_last } => {
                let until = self.moment(shared.until);
                let (slot, applicant) = (shared.slot, &shared.applicant);
                let instead_of = instead_of.as_ref();
                self.seat_offered(Offered { slot, applicant, until, others: *others, instead_of }, *is_last);
            }
            WaitingTold::Taken { slot } => self.offer_taken(*slot),
            WaitingTold::Declined { is_over } => {
                self.tell(if *is_over { "waiting-declined-over" } else { "waiting-declined" });
            }
            WaitingTold::OpeningAsked { refusal } => {
                self.refused(refusal);
                self.tell("opening-ask");
                self.offer(self.say("button-yes", []), "ya");
            }
            WaitingTold::OpeningNoted { at } => self.open("opening-noted", [("opens", self.opening(*at).into())]),
            WaitingTold::TooLate { still_waits } => {
                self.tell(if *still_waits { "waiting-too-late" } else { "waiting-too-late-over" });
            }
        }
    }

    /// That somebody whose day is full may wait.
    pub(super) fn may_wait(&mut self) {
        if self.scene.office.has_waiting_list() {
            self.tell("waiting-offer");
            let word = self.say("button-wait", []);
            self.offer(word.clone(), word);
        }
    }

    /// What they wait for, and how many are before them.
    fn wait_place(&mut self, place: &WaitingPlace) {
        match place.date {
            Some(date) => self.open("waiting-for-day", [("day", self.day(date).into())]),
            None => self.tell("waiting-for-any"),
        }
        self.line("waiting-ahead", [("ahead", place.ahead.into())]);
        if let Some(shared) = &place.shared {
            let pieces = [("slot", self.slot(shared.slot).into()), ("until", self.moment(shared.until).into())];
            self.open("waiting-shared-now", pieces);
        }
        if let Some(booking) = &place.booking {
            self.open("waiting-keeps", [("slot", self.slot(booking.slot).into())]);
        }
    }

    /// How the wait goes on, and what ends it.
    fn wait_rules(&mut self, place: &WaitingPlace) {
        let key = if place.booking.is_some() { "waiting-rules-earlier" } else { "waiting-rules" };
        self.open(key, [("at_once", self.scene.office.policy.waiting_at_once.into())]);
        if place.must_write {
            self.tell("waiting-write-daily");
        }
        self.tell("waiting-leave");
    }

    /// A seat, for whom, instead of what, and until when; and whether it is the last one.
    fn seat_offered(&mut self, offered: Offered<'_>, is_last: bool) {
        let Offered { slot, applicant, until, others, instead_of } = offered;
        self.open("waiting-offered", [("office", self.office_name().into())]);
        self.open("waiting-offered-seat", [("slot", self.slot(slot).into())]);
        self.line("waiting-offered-for", [("names", names(applicant).into())]);
        if let Some(booking) = instead_of {
            self.open("waiting-offered-instead", [("slot", self.slot(booking.slot).into())]);
        }
        if others > 0 {
            self.open("waiting-offered-shared", [("others", others.into())]);
            self.open("waiting-offered-reply-shared", [("until", until.into())]);
        } else {
            self.open("waiting-offered-reply", [("until", until.into())]);
        }
        if is_last {
            self.tell(if others > 0 { "waiting-offered-last-shared" } else { "waiting-offered-last" });
        }
        self.offer(self.say("button-yes", []), "ya");
        self.offer(self.say("button-skip", []), "#batal");
    }

    /// Somebody else took the seat that was offered to them too.
    pub(super) fn offer_taken(&mut self, slot: Slot) {
        self.open("waiting-taken", [("slot", self.slot(slot).into())]);
    }
}

/// A seat that is offered.
struct Offered<'a> {
    slot: Slot,
    applicant: &'a Applicant,
    until: String,
    /// How many others are offered it.
    others: usize,
    /// The booking that it would replace.
    instead_of: Option<&'a Booking>,
}
