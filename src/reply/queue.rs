//! Replies to people who are at the counter: their number, their turn, how long it takes.

use super::letter::Letter;
use crate::conversation::OwnVisit;
use crate::domain::booking::Booking;
use crate::domain::visit::{State, Wait};

impl Letter<'_> {
    /// The people of a place are here: no chat changes it any more.
    pub(super) fn already_here(&mut self, numbers: &[String]) {
        self.open("already-here", [("numbers", numbers.join(", ").into())]);
        self.tell("already-here-next");
    }

    /// How far the turn of each is, then what else they have.
    pub(super) fn queue(&mut self, visits: &[OwnVisit], bookings: &[Booking]) {
        for own in visits {
            self.turn(own);
        }
        if !bookings.is_empty() {
            self.open("status-some", [("office", self.office_name().into())]);
            self.list(bookings);
        }
    }

    fn turn(&mut self, OwnVisit { visit, wait }: &OwnVisit) {
        let number = ("number", visit.number.as_str().into());
        let counter = visit.counter.unwrap_or_default();
        match visit.state {
            State::Called => self.open("queue-called", [number, ("counter", counter.into())]),
            State::Serving => self.open("queue-serving", [number, ("counter", counter.into())]),
            State::Arrived => {
                self.open("queue-waiting", [number]);
                if let Some(wait) = wait {
                    self.wait(*wait);
                }
            }
            State::Parked => self.open("queue-parked", [number]),
            State::Missed => self.open("queue-missed", [number]),
            State::Done => self.open("queue-done", [number]),
            State::Unserved => self.open("queue-unserved", [number]),
            // Whoever is not here has no turn.
            State::NoShow | State::Withdrawn => {}
        }
    }

    fn wait(&mut self, wait: Wait) {
        match wait.before {
            0 => self.line("queue-next", []),
            before => self.line("queue-before", [("before", before.into())]),
        }
        match wait.estimate {
            Some(estimate) => {
                let at = self.zoned(self.scene.office.zone.local(estimate.as_of).time());
                let minutes = [("from", estimate.from.into()), ("until", estimate.until.into()), ("at", at.into())];
                self.line("queue-estimate", minutes);
            }
            None => self.line("queue-unknown", []),
        }
    }
}
