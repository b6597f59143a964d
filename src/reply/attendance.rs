//! What is said of a reminder that must be answered: with the booking, in the status, in the reminder itself, and when nobody answered.

use super::letter::Letter;
use super::people::names;
use crate::domain::attendance::{Attendance, answer_until, reminder_at};
use crate::domain::booking::Booking;

impl Letter<'_> {
    /// When the reminder of a booking will come that must be answered, and until when; `None` where none comes or none asks.
    fn announced(&self, booking: &Booking) -> Option<(String, String)> {
        let (office, now) = (self.scene.office, self.scene.now);
        let at =
            reminder_at(office, booking.slot, now).filter(|_| booking.attendance == Some(Attendance::Announced))?;
        Some((self.moment(at), self.moment(answer_until(office, booking.slot)?)))
    }

    /// That the reminder of a booking will have to be answered, or is to be, beside its confirmation.
    pub(super) fn attendance(&mut self, booking: &Booking) {
        if let Some((at, until)) = self.announced(booking) {
            self.open("attendance-announced", [("at", at.into()), ("until", until.into())]);
        } else if let Some(entry) = self.attendance_of_entry(booking) {
            self.open("entry", [("entry", entry.into())]);
        }
    }

    /// The same in a list: what its citizen owes or has answered.
    pub(super) fn attendance_of_entry(&self, booking: &Booking) -> Option<String> {
        self.scene.office.policy.no_shows?;
        Some(match booking.attendance? {
            Attendance::Announced => {
                let (at, until) = self.announced(booking)?;
                self.say("attendance-announced-entry", [("at", at.into()), ("until", until.into())])
            }
            Attendance::Asked { until } if self.scene.now < until => {
                self.say("attendance-asked", [("until", self.moment(until).into())])
            }
            Attendance::Asked { .. } => return None,
            Attendance::Confirmed => self.say("attendance-confirmed", []),
        })
    }

    /// Until when a reminder must be answered, and what happens otherwise.
    pub(super) fn reminder_answer(&mut self, booking: &Booking) {
        if let Some(until) = booking.attendance.and_then(Attendance::until) {
            self.open("notice-reminder-answer", [("until", self.moment(until).into())]);
        }
    }

    /// How it is answered where no number can say it.
    pub(super) fn reminder_answer_in_words(&mut self) {
        self.tell("notice-reminder-ask-word");
        self.offer(self.say("notice-choice-come", []), COMING);
    }

    /// The place was given back: why, and what its citizen can do.
    pub(super) fn released_unanswered(&mut self, booking: &Booking) {
        let until = booking.attendance.and_then(Attendance::until).unwrap_or(self.scene.now);
        let pieces = [
            ("office", self.office_name().into()),
            ("until", self.moment(until).into()),
            ("numbers", booking.queue_numbers().into()),
            ("name", names(&booking.applicant).into()),
            ("slot", self.slot(booking.slot).into()),
            ("code", booking.code.to_string().into()),
        ];
        self.open("notice-released", pieces);
        self.tell("notice-released-again");
        self.form();
    }
}

/// The word that answers a reminder, in whatever language it came.
pub(super) const COMING: &str = "datang";
