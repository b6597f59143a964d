//! Replies about the waiting list.

use super::letter::Letter;
use super::people::names;
use crate::conversation::{WaitingPlace, WaitingTold};
use crate::domain::booking::Booking;

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
                self.seat_offered(hold, instead_of.as_ref(), *is_last);
            }
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
        if let Some(booking) = &place.booking {
            self.open("waiting-keeps", [("slot", self.slot(booking.slot).into())]);
        }
    }

    /// How the wait goes on, and what ends it.
    fn wait_rules(&mut self, place: &WaitingPlace) {
        self.tell(if place.booking.is_some() { "waiting-rules-earlier" } else { "waiting-rules" });
        self.tell("waiting-leave");
    }

    fn seat_offered(&mut self, hold: &Booking, instead_of: Option<&Booking>, is_last: bool) {
        self.open("waiting-offered", [("office", self.office_name().into())]);
        self.open("waiting-offered-seat", [("slot", self.slot(hold.slot).into())]);
        self.line("waiting-offered-for", [("names", names(&hold.applicant).into())]);
        if let Some(booking) = instead_of {
            self.open("waiting-offered-instead", [("slot", self.slot(booking.slot).into())]);
        }
        self.open("waiting-offered-reply", [("until", self.hold_until(hold).into())]);
        if is_last {
            self.tell("waiting-offered-last");
        }
        self.offer(self.say("button-yes", []), "ya");
        self.offer(self.say("button-skip", []), "#batal");
    }
}
