//! Replies about a change of mind: whether something is to be given up, and what was taken back.

use super::letter::Letter;
use super::people::names;
use crate::conversation::{UNDO_MINUTES, Undone};
use crate::domain::booking::Booking;
use crate::domain::person::Nama;
use crate::domain::slot::Slot;

impl Letter<'_> {
    /// Whether a place is really to be given up, for which plain words asked.
    pub(super) fn cancel_asked(&mut self, booking: &Booking, person: Option<&Nama>) {
        match person {
            None => self.tell("cancel-asked"),
            Some(_) => {}
        }
        self.entry(booking);
        self.tell("cancel-asked-reply");
        self.offer(self.say("button-yes", []), "ya");
    }

    /// What was taken back, and what that leaves.
    pub(super) fn undone(&mut self, booking: &Booking, what: Undone) {
        match what {
            Undone::Cancel => {
                self.tell("undone-cancel");
                self.entry(booking);
            }
            Undone::Booking => {
                let (name, slot) = (names(&booking.applicant), self.slot(booking.slot));
                let code = booking.code.to_string();
                self.open("undone-booking", [("name", name.into()), ("slot", slot.into()), ("code", code.into())]);
                self.whole_party(booking);
                self.book_again();
            }
        }
    }

    /// The nearest place, for one that was given to others.
    pub(super) fn undo_offer(&mut self, booking: &Booking, slot: Slot) {
        let (before, after) = (self.slot(booking.slot), self.slot(slot));
        self.open("undo-offer", [("name", names(&booking.applicant).into()), ("before", before.into())]);
        self.open("undo-offer-nearest", [("slot", after.into())]);
        self.tell("undo-offer-reply");
        self.offer(self.say("button-yes", []), "ya");
    }

    pub(super) fn nothing_to_undo(&mut self) {
        self.open("nothing-to-undo", [("minutes", UNDO_MINUTES.into())]);
        self.tell("ask-status");
    }

    /// That a cancellation can be taken back.
    pub(super) fn undo_hint(&mut self) {
        self.open("undo-hint", [("minutes", UNDO_MINUTES.into())]);
    }
}
