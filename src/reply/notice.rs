//! What an office says unasked, and the answer to a reminder.

use chrono::Duration;

use super::attendance::COMING;
use super::letter::{Letter, Yields, in_fours, plain};
use super::people::names;
use super::when::Arrival;
use crate::conversation::{NoticeContent, ReadyDetail, ReminderChoice};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::message::Outbound;
use crate::grammar::Topic;

impl Letter<'_> {
    /// What a notice says.
    pub(super) fn notice(mut self, content: &NoticeContent) -> Outbound {
        match content {
            NoticeContent::DayChanged(changed) => return self.day_changed(changed),
            NoticeContent::HoldLapsing { hold } => {
                self.open("notice-hold-lapsing", [("until", self.hold_until(hold).into())]);
                self.entry(hold);
            }
            NoticeContent::HoldLapsed { hold } => self.hold_lapsed(hold),
            NoticeContent::Ready(ReadyDetail { code, name }) => {
                let office = self.office_name();
                let pieces =
                    [("office", office.into()), ("name", plain(name).into()), ("code", code.to_string().into())];
                self.open("notice-ready", pieces);
                if !self.own(Topic::Collection) {
                    let site = plain(&self.scene.office.site);
                    self.open("notice-ready-where", [("site", site.into())]);
                }
                self.week();
            }
            NoticeContent::Message { booking, text } => {
                self.open("notice-message", [("office", self.office_name().into())]);
                self.open("entry", [("entry", in_fours(&plain(text)).into())]);
                self.tell("notice-message-about");
                self.entry(booking);
            }
            NoticeContent::Forfeited { booking } => self.forfeited(booking),
            NoticeContent::Released { booking } => self.released_unanswered(booking),
            NoticeContent::OfferTaken { slot } => self.offer_taken(*slot),
            NoticeContent::Opening(opening) => self.opened(opening),
            NoticeContent::Reminder { booking, choices } => self.reminder(booking, choices),
        }
        self.into_text()
    }

    fn hold_lapsed(&mut self, hold: &Booking) {
        let (name, slot) = (names(&hold.applicant), self.slot(hold.slot));
        let until = self.hold_until(hold);
        let pieces = [("until", until.into()), ("name", name.into()), ("slot", slot.into())];
        self.open("notice-hold-lapsed", pieces);
        match hold.awaits {
            Some(Awaits::Photo) => {
                self.tell("notice-hold-lapsed-photo");
                self.form();
            }
            Some(Awaits::Code | Awaits::Offer) | None => self.tell("notice-hold-lapsed-code"),
        }
    }

    /// The place is gone, and what its citizen can do: see an officer, or book again once the hour is over.
    fn forfeited(&mut self, booking: &Booking) {
        let office = self.scene.office;
        let until = booking.slot.begins(office) + Duration::minutes(i64::from(office.policy.grace_minutes));
        let pieces = [
            ("office", self.office_name().into()),
            ("until", self.moment(until).into()),
            ("numbers", booking.queue_numbers().into()),
            ("name", names(&booking.applicant).into()),
            ("slot", self.slot(booking.slot).into()),
        ];
        self.open("notice-forfeited", pieces);
        self.open("notice-forfeited-here", [("code", booking.code.to_string().into())]);
        // Until then it counts as a live booking of this number.
        let ends = booking.slot.ends(office);
        if self.scene.now < ends {
            self.open("notice-forfeited-again", [("ends", self.moment(ends).into())]);
            self.form();
        } else {
            self.book_again();
        }
    }

    fn reminder(&mut self, booking: &Booking, choices: &[ReminderChoice]) {
        self.open("notice-reminder", [("office", self.office_name().into())]);
        self.reminder_answer(booking);
        self.entry(booking);
        match Arrival::at(self.scene.office, booking.slot) {
            Arrival::Early { minutes: 0, .. } => {}
            Arrival::Early { at, minutes } => {
                self.line("arrive-early", [("time", self.zoned(at).into()), ("minutes", minutes.into())]);
            }
            Arrival::DoorsOpen { at } => self.line("arrive-doors", [("time", self.zoned(at).into())]),
        }
        let site = plain(&self.scene.office.site);
        if !site.is_empty() {
            self.yielding(Yields::Site, "booked-site", [("site", site.into())]);
        }
        let bring = plain(&self.own_texts(|texts| !texts.bring.is_empty()).bring);
        if !bring.is_empty() {
            self.yielding(Yields::Bring, "booked-bring", [("bring", bring.into())]);
        }
        let must_be_answered = booking.must_be_answered();
        if choices.is_empty() {
            if must_be_answered {
                self.reminder_answer_in_words();
            }
            return self.reminder_without_choices(booking);
        }
        self.tell(if must_be_answered { "notice-reminder-ask-or-word" } else { "notice-reminder-ask" });
        for (place, choice) in choices.iter().enumerate() {
            let number = place + 1;
            // A button stays below its message for ever, and a number may answer another question by then.
            let (key, command) = match choice {
                ReminderChoice::Come => ("notice-choice-come", None),
                ReminderChoice::Move => ("notice-choice-move", Some("#ganti")),
                ReminderChoice::Cancel => ("notice-choice-cancel", Some("#batal")),
            };
            let title = self.say(key, []);
            let pieces = [("number", number.into()), ("choice", title.as_str().into())];
            match command {
                None => self.line("notice-choice", pieces),
                Some(command) => {
                    let [number, choice] = pieces;
                    self.line("notice-choice-or", [number, choice, ("command", command.into())]);
                }
            }
            let answer = command.or((must_be_answered && *choice == ReminderChoice::Come).then_some(COMING));
            self.offer(title, answer.map_or_else(|| number.to_string(), str::to_owned));
        }
    }

    /// What whoever cannot come does, where no number can say it.
    fn reminder_without_choices(&mut self, booking: &Booking) {
        if self.may_move(booking) {
            self.tell("another-time-move");
        } else if self.scene.office.policy.cancelling {
            self.tell("booked-cancel");
        } else {
            self.open("cancel-not-needed", [("minutes", self.scene.office.policy.grace_minutes.into())]);
        }
    }

    /// They will come.
    pub(super) fn will_come(&mut self, booking: &Booking) {
        let (slot, code) = (self.slot(booking.slot), booking.code.to_string());
        self.open("will-come", [("slot", slot.into()), ("code", code.into())]);
    }
}
