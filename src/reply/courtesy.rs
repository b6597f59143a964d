//! Courtesies: thanks, opting out and in again, and the last reply before a pause.

use chrono::{DateTime, Utc};

use super::letter::Letter;
use crate::domain::booking::Booking;

impl Letter<'_> {
    pub(super) fn thanks(&mut self, booking: Option<&Booking>) {
        match booking {
            Some(booking) => {
                let (code, slot) = (booking.code.to_string(), self.slot(booking.slot));
                self.open("thanks-booked", [("code", code.into()), ("slot", slot.into())]);
            }
            None => self.tell("thanks"),
        }
    }

    pub(super) fn muted(&mut self) {
        self.tell("muted");
    }

    /// No more messages, but a seat waits for its code or photo.
    pub(super) fn muted_holding(&mut self, hold: &Booking) {
        self.tell("muted");
        self.tell("holding");
        self.entry(hold);
        self.tell("status-cancel");
    }

    pub(super) fn greeting_holding(&mut self, hold: &Booking) {
        self.tell("greeting-holding");
        self.entry(hold);
        self.tell("status-cancel");
        self.offer(self.say("button-cancel", []), "#batal");
    }

    pub(super) fn unmuted(&mut self) {
        self.tell("unmuted");
        self.tell("ask-help");
    }

    /// Stands under the last reply before a pause.
    pub(super) fn pause(&mut self, until: DateTime<Utc>) {
        self.open("last-answer", [("until", self.moment(until).into())]);
    }
}
