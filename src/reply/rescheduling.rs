//! Replies about moving a booking to another day.

use chrono::NaiveDate;

use super::letter::Letter;
use super::when::dashed;
use crate::conversation::NotThatDay;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::message::Outbound;
use crate::domain::reschedule::{NotMoved, judge};
use crate::domain::slot;

impl Letter<'_> {
    /// The new day, hour and queue number beside the old ones; for a hold, what it waits for once more.
    pub(super) fn moved(mut self, booking: &Booking, before: &Booking) -> Outbound {
        self.open("moved-title", [("office", self.office_name().into())]);
        let slot = ("slot", self.slot(before.slot).into());
        if booking.state != State::Booked {
            self.open("moved-before-held", [slot]);
            if booking.approval.is_some() && booking.awaits == Some(Awaits::Code) {
                self.line("moved-same-approval", []);
            }
            match booking.awaits {
                Some(Awaits::Photo) => self.photo_wanted_body(booking),
                Some(Awaits::Code | Awaits::Offer) | None => self.echo_body(booking),
            }
            return self.into_text();
        }
        self.open("moved-before", [slot, ("numbers", before.queue_numbers().into())]);
        self.confirmation(booking);
        let times = self.scene.office.policy.reschedule.times;
        match times.saturating_sub(booking.moves) {
            0 => self.tell("moved-no-more"),
            left => self.open("moved-left", [("left", left.into())]),
        }
        self.undo_hint();
        self.into_caption(&booking.code)
    }

    /// Why it is not the asked day, if one was asked for, and the days to choose from.
    pub(super) fn which_new_day(&mut self, booking: &Booking, why: Option<&NotThatDay>, days: &[NaiveDate]) {
        match why {
            None => {}
            Some(NotThatDay::Same) => self.open("move-same-day", [("day", self.day(booking.slot.date).into())]),
            Some(NotThatDay::Full { asked }) => {
                let day = ("asked", self.day(*asked).into());
                match booking.applicant.sesi {
                    Some(session) => self.open("move-full-session", [day, ("session", self.session(session).into())]),
                    None => self.open("move-full", [day]),
                }
                self.together(booking.party());
            }
            Some(NotThatDay::Refused { asked, why }) => self.day_refused(*asked, why),
        }
        self.open("move-now", [("slot", self.slot(booking.slot).into())]);
        let closed = self.closed_since(booking);
        if closed.is_some() {
            self.line("closing-not-served", []);
        }
        if days.is_empty() {
            let last = ("last", self.day(self.last_day()).into());
            self.open(if closed.is_some() { "closing-no-day" } else { "move-none" }, [last]);
            return;
        }
        self.tell("which-new-day");
        self.new_days(days);
        // A place on a day that nobody is served on does not stand until then.
        self.tell(if closed.is_some() { "closing-reply" } else { "which-new-day-reply" });
    }

    /// The days to choose from, numbered from 1.
    pub(super) fn new_days(&mut self, days: &[NaiveDate]) {
        for (place, day) in days.iter().enumerate() {
            self.line("which-day-choice", [("number", (place + 1).into()), ("day", self.day(*day).into())]);
        }
        self.offer_numbers(days.iter().map(|day| dashed(*day)));
    }

    /// The last day that can be given now, seats aside.
    pub(super) fn last_day(&self) -> NaiveDate {
        let (office, now) = (self.scene.office, self.scene.now);
        slot::last_day(office, self.scene.calendar, now).unwrap_or_else(|| slot::horizon(office, now))
    }

    pub(super) fn confirm_move(&mut self, booking: &Booking, day: NaiveDate) {
        self.open("move-now", [("slot", self.slot(booking.slot).into())]);
        self.open("confirm-move", [("day", self.day(day).into())]);
        self.tell("confirm-move-reply");
        self.offer_yes("button-yes");
    }

    pub(super) fn which_to_move(&mut self, bookings: &[Booking]) {
        self.open("which-to-move", [("count", bookings.len().into())]);
        self.list(bookings);
        self.offer_numbers(bookings.iter().map(|booking| dashed(booking.slot.date)));
        self.tell("which-to-cancel-number");
        if let Some(booked) = bookings.iter().find(|booking| booking.state == State::Booked) {
            self.line("which-to-move-code", [("code", booked.code.to_string().into())]);
        }
    }

    /// Why it may not be moved, and what remains possible.
    pub(super) fn move_refused(&mut self, booking: &Booking, why: NotMoved) {
        match why {
            NotMoved::NotAllowed => self.tell("move-not-allowed"),
            NotMoved::UsedUp { times } => self.open("move-used-up", [("times", times.into())]),
            NotMoved::TooLate { until } => self.open("move-too-late", [("until", self.moment(until).into())]),
        }
        self.entry(booking);
        if let Some(closed) = self.closed_since(booking) {
            self.line("entry", [("entry", closed.into())]);
        } else if self.scene.office.policy.cancelling {
            self.tell("move-cancel");
        } else {
            self.open("cancel-not-needed", [("minutes", self.scene.office.policy.grace_minutes.into())]);
        }
    }

    pub(super) fn nothing_to_move(&mut self) {
        self.tell("nothing-to-move");
        self.form();
    }

    pub(super) fn move_of_none_of_these(&mut self, bookings: &[Booking]) {
        self.tell("move-of-none-of-these");
        self.list(bookings);
        if let Some(booked) = bookings.iter().find(|booking| booking.state == State::Booked) {
            self.open("move-of-none-next", [("code", booked.code.to_string().into())]);
        }
    }

    /// Whether a booking may be moved at this moment, by what its office allows.
    pub(super) fn may_move(&self, booking: &Booking) -> bool {
        judge(self.scene.office, self.scene.calendar, booking, self.scene.now).is_ok()
    }
}
