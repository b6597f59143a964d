//! Replies about cancelling.

use super::letter::{Letter, plain};
use super::people::names;
use crate::domain::booking::{Booking, State};
use crate::domain::person::Nama;

impl Letter<'_> {
    pub(super) fn released(&mut self, hold: &Booking) {
        let name = names(&hold.applicant);
        self.open("released", [("name", name.into()), ("slot", self.slot(hold.slot).into())]);
        self.whole_party(hold);
        self.undo_hint();
        self.book_again();
    }

    pub(super) fn cancelled(&mut self, booking: &Booking) {
        let (code, slot) = (booking.code.to_string(), self.slot(booking.slot));
        self.open("cancelled", [("code", code.into()), ("slot", slot.into())]);
        self.whole_party(booking);
        self.undo_hint();
        self.book_again();
    }

    /// A cancelled party loses everybody's seat.
    pub(super) fn whole_party(&mut self, booking: &Booking) {
        if booking.party() > 1 {
            self.line("cancelled-party", [("count", booking.party().into())]);
        }
    }

    pub(super) fn book_again(&mut self) {
        if !self.poster.line.is_empty() {
            self.open("book-again", [("line", self.poster.line.as_str().into())]);
        }
    }

    pub(super) fn cancel_not_allowed(&mut self, booking: &Booking) {
        self.tell("cancel-not-allowed");
        self.entry(booking);
        self.open("cancel-not-needed", [("minutes", self.scene.office.policy.grace_minutes.into())]);
    }

    pub(super) fn nothing_to_cancel(&mut self) {
        self.tell("nothing-to-cancel");
        self.tell("ask-status");
    }

    pub(super) fn not_of_that_code(&mut self, bookings: &[Booking]) {
        self.tell("not-of-that-code");
        self.list(bookings);
        match bookings.iter().find(|booking| booking.state == State::Booked) {
            Some(booked) => self.open("not-of-that-code-next", [("code", booked.code.to_string().into())]),
            None => self.tell("status-cancel"),
        }
    }

    pub(super) fn cancel_alone(&mut self, held: bool, person: Option<&Nama>) {
        self.tell("cancel-alone");
        if let Some(nama) = person {
            self.line("cancel-alone-person", [("name", plain(&nama.capitals()).into())]);
        }
        let is_movable = held || self.scene.office.policy.reschedule.times > 0;
        self.line(if is_movable { "cancel-alone-move" } else { "cancel-alone-again" }, []);
        self.tell("ask-help");
    }

    pub(super) fn which_to_cancel(&mut self, bookings: &[Booking]) {
        self.open("which-to-cancel", [("count", bookings.len().into())]);
        self.list(bookings);
        let titles: Vec<String> = bookings.iter().map(|booking| self.date(booking.slot.date)).collect();
        self.offer_numbers(titles.into_iter());
        self.tell("which-to-cancel-number");
        if let Some(booked) = bookings.iter().find(|booking| booking.state == State::Booked) {
            self.line("which-to-cancel-code", [("code", booked.code.to_string().into())]);
        }
    }
}
