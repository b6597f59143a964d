//! What the office says unasked when it closed or shrank the day of a booking.

use chrono::NaiveDate;

use super::letter::Letter;
use super::plain::plain;
use crate::conversation::{DayChangeTold, DayChanged};
use crate::domain::booking::{Booking, State};
use crate::domain::message::Outbound;
use crate::domain::office::{Closed, Day};
use crate::domain::slot::queue_number;

impl Letter<'_> {
    /// The reason, what became of the booking, and what to do.
    pub(super) fn day_changed(mut self, changed: &DayChanged) -> Outbound {
        let DayChanged { booking, date, told } = changed;
        if *told == DayChangeTold::Reopened {
            self.reopened(booking, *date);
            return self.into_text();
        }
        self.day_change(*date);
        match told {
            DayChangeTold::Reopened => {}
            DayChangeTold::Moved { from, seats } => {
                let numbers: Vec<String> = seats.iter().map(|seat| queue_number(*from, *seat)).collect();
                let slot = ("slot", self.slot(*from).into());
                self.tell("closing-moved");
                self.line("moved-before", [slot, ("numbers", numbers.join(", ").into())]);
                self.confirmation(booking);
                if self.may_move(booking) {
                    self.tell("closing-moved-other");
                }
                return self.into_caption(&booking.code);
            }
            DayChangeTold::Choose { days } => {
                self.tell("closing-yours");
                self.entry(booking);
                self.choose(days.as_deref());
            }
            DayChangeTold::Cancelled => {
                self.tell("closing-cancelled");
                // As they know it, with code and queue number.
                self.entry(&Booking { state: State::Booked, ..booking.clone() });
                self.tell("closing-cancelled-again");
                self.form();
            }
            DayChangeTold::HoldEnded { next } => {
                self.tell("closing-hold");
                self.next_day(*next);
            }
        }
        self.into_text()
    }

    /// That the day is served after all, and what that means for a booking about which something else was told.
    fn reopened(&mut self, booking: &Booking, date: NaiveDate) {
        let (day, office) = (("day", self.day(date).into()), ("office", self.office_name().into()));
        self.open("closing-reopened", [day, office]);
        match booking.state {
            State::Cancelled => {
                self.tell("closing-reopened-cancelled");
                self.entry(&Booking { state: State::Booked, ..booking.clone() });
                self.tell("closing-cancelled-again");
                self.form();
            }
            _ if booking.slot.date == date => {
                self.tell("closing-reopened-stands");
                self.entry(booking);
            }
            _ => {
                self.tell("closing-reopened-moved");
                self.entry(booking);
                if self.may_move(booking) {
                    self.tell("closing-reopened-back");
                }
            }
        }
    }

    /// That the day was closed or made smaller, and why.
    fn day_change(&mut self, date: NaiveDate) {
        let (day, office) = (("day", self.day(date).into()), ("office", self.office_name().into()));
        match self.scene.office.day(self.scene.calendar, date) {
            Day::Closed(Closed::Dated(reason)) => {
                self.open("closing-closed", [day, office, ("reason", plain(reason).into())]);
            }
            Day::Closed(Closed::Holiday(holiday)) => {
                self.open("closing-closed", [day, office, ("reason", self.holiday(holiday).into())]);
            }
            Day::Closed(Closed::Weekday(weekday)) => {
                self.open("closing-weekday", [day, office, ("weekday", self.weekday(weekday).into())]);
            }
            Day::Open(_) | Day::Closed(Closed::UnknownCalendar) => self.open("closing-shrunk", [day, office]),
        }
    }

    /// Which day they may choose; what else they can do where they may choose none.
    fn choose(&mut self, days: Option<&[NaiveDate]>) {
        let policy = &self.scene.office.policy;
        match days {
            Some([]) => self.open("closing-no-day", [("last", self.day(self.last_day()).into())]),
            Some(days) => {
                self.tell("which-new-day");
                self.new_days(days);
                self.tell("closing-reply");
                self.line("closing-uncounted", []);
            }
            None if policy.reschedule.extra_after_closing => self.tell("closing-move"),
            None if policy.cancelling => self.tell("closing-cancel"),
            None => self.tell("closing-ask"),
        }
    }
}
