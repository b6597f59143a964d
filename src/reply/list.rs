//! Lists of bookings: the status, and the choices of a question.

use chrono::{DateTime, Utc};

use super::letter::{Letter, cut, plain};
use super::people::names;
use super::scene::Scene;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::displaced::Remedy;
use crate::domain::office::{Closed, Day};
use crate::domain::reschedule::judge;

/// Longest reason for a closed day beside a booking on it, in characters: the rest of the reply has to fit under a picture.
const CLOSED_REASON_CHARS_MAX: usize = 80;

impl Letter<'_> {
    pub(super) fn status(&mut self, bookings: &[Booking], photo_until: Option<DateTime<Utc>>) {
        match bookings {
            [] => self.open("status-none", [("office", self.office_name().into())]),
            _ => self.open("status-some", [("office", self.office_name().into())]),
        }
        self.list(bookings);
        if let Some(until) = photo_until {
            self.open("status-photo", [("until", self.moment(until).into())]);
        }
        if bookings.is_empty() && photo_until.is_some() {
            self.form_without_photo();
        } else if bookings.is_empty() {
            self.form();
        } else {
            self.what_may_change(bookings);
        }
    }

    /// The commands that change one of these.
    fn what_may_change(&mut self, bookings: &[Booking]) {
        let cancelling = self.scene.office.policy.cancelling || bookings.iter().any(|one| one.state == State::Held);
        let moving = bookings.iter().any(|one| one.state == State::Booked && self.may_move(one));
        match (cancelling, moving) {
            (true, true) => self.tell("status-cancel-move"),
            (true, false) => self.tell("status-cancel"),
            (false, true) => self.tell("status-move"),
            (false, false) => {}
        }
    }

    pub(super) fn too_many(&mut self, bookings: &[Booking], limit: u32) {
        self.open("too-many", [("limit", limit.into())]);
        self.list(bookings);
        self.another_time();
    }

    /// Bookings numbered from 1.
    pub(super) fn list(&mut self, bookings: &[Booking]) {
        for (at, booking) in bookings.iter().enumerate() {
            let entry = self.entry_text(booking);
            self.open("numbered", [("number", (at + 1).into()), ("entry", entry.into())]);
            if let Some(closed) = self.closed_since(booking) {
                self.line("entry", [("entry", closed.into())]);
            } else if let Some(attendance) = self.attendance_of_entry(booking) {
                self.line("entry", [("entry", attendance.into())]);
            }
        }
    }

    /// That the day of a booking or hold was closed or made smaller after it was given, and what to do; `None` where it is served.
    pub(super) fn closed_since(&self, booking: &Booking) -> Option<String> {
        let office = self.scene.office;
        let decided = booking.displaced;
        if decided.is_some_and(|mark| mark.remedy == Remedy::Keep) {
            return None;
        }
        let reason = match office.day(self.scene.calendar, booking.slot.date) {
            // Whoever was moved is served; whoever is to be moved is not served here.
            Day::Open(_) if decided.is_some_and(|mark| mark.remedy != Remedy::Move || !mark.is_done) => {
                return Some(self.shrunk_since(booking));
            }
            Day::Open(_) | Day::Closed(Closed::UnknownCalendar) => return None,
            Day::Closed(Closed::Weekday(weekday)) => self.weekday(weekday),
            Day::Closed(Closed::Holiday(holiday)) => self.holiday(holiday),
            Day::Closed(Closed::Dated(reason)) => plain(reason),
        };
        let key = match booking.state {
            State::Held => "entry-closed-held",
            _ if self.is_movable(booking) => "entry-closed-move",
            _ if office.policy.cancelling => "entry-closed-cancel",
            _ => "entry-closed",
        };
        Some(self.say(key, [("reason", cut(&reason, CLOSED_REASON_CHARS_MAX).into())]))
    }

    /// That the day of a booking has fewer places now, and what to do.
    fn shrunk_since(&self, booking: &Booking) -> String {
        let key = match (self.is_movable(booking), self.scene.office.policy.cancelling) {
            (true, _) => "entry-shrunk-move",
            (false, true) => "entry-shrunk-cancel",
            (false, false) => "entry-shrunk",
        };
        self.say(key, [])
    }

    /// Whether `#ganti` would move a booking now.
    fn is_movable(&self, booking: &Booking) -> bool {
        let Scene { office, calendar, now, .. } = *self.scene;
        judge(office, calendar, booking, now).is_ok()
    }

    pub(super) fn entry(&mut self, booking: &Booking) {
        let entry = self.entry_text(booking);
        self.open("entry", [("entry", entry.into())]);
    }

    /// One booking in a few words.
    fn entry_text(&self, booking: &Booking) -> String {
        let name = ("name", names(&booking.applicant).into());
        let slot = ("slot", self.slot(booking.slot).into());
        if booking.state == State::Booked {
            let (code, numbers) = (booking.code.to_string(), booking.queue_numbers());
            return self.say("entry-booked", [name, slot, ("code", code.into()), ("numbers", numbers.into())]);
        }
        if self.closed_since(booking).is_some() {
            return self.say("entry-held-closed", [name, slot]);
        }
        let until = ("until", self.hold_until(booking).into());
        match (&booking.approval, booking.awaits) {
            (_, Some(Awaits::Offer)) => self.say("entry-offer", [name, slot, until]),
            (_, Some(Awaits::Photo)) | (None, _) => match self.upload_link() {
                Some(link) => self.say("entry-photo-page", [name, slot, until, ("link", link.into())]),
                None => self.say("entry-photo", [name, slot, until]),
            },
            (Some(code), _) => self.say("entry-held", [name, slot, until, ("code", code.as_str().into())]),
        }
    }
}
