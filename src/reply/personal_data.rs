//! Replies about the data that is kept of a citizen, and the office's notice about it.

use chrono::NaiveDate;

use super::letter::{Letter, in_fours, plain};
use crate::conversation::{Lang, PersonalDataTold};
use crate::domain::booking::{Booking, State};

impl Letter<'_> {
    pub(super) fn personal_data(&mut self, told: &PersonalDataTold) {
        match told {
            PersonalDataTold::Summary { bookings } => self.data_kept(bookings),
            PersonalDataTold::EraseAsked { bookings, is_waiting } => self.erase_asked(bookings, *is_waiting),
            PersonalDataTold::WillErase { visit, is_waiting } => self.will_erase(*visit, *is_waiting),
        }
    }

    fn data_kept(&mut self, bookings: &[Booking]) {
        self.open("data-kept", [("office", self.office_name().into())]);
        if bookings.is_empty() {
            self.line("data-kept-no-booking", []);
        } else {
            self.list(bookings);
        }
        self.tell("data-whole");
        self.ask_office();
        self.tell("data-erase");
    }

    fn erase_asked(&mut self, bookings: &[Booking], is_waiting: bool) {
        self.open("erase-asked", [("office", self.office_name().into())]);
        if let Some(last) = bookings.last() {
            self.open("erase-after-visit", [("day", self.day(last.slot.date).into())]);
            let may_cancel = self.scene.office.policy.cancelling || bookings.iter().any(|one| one.state == State::Held);
            if may_cancel {
                self.line("erase-or-cancel", []);
            }
        } else if is_waiting {
            self.tell("erase-after-waiting");
        }
        self.tell("erase-yes");
        self.offer(self.say("button-yes", []), "ya");
    }

    fn will_erase(&mut self, visit: Option<NaiveDate>, is_waiting: bool) {
        match visit {
            Some(day) => self.open("will-erase-after-visit", [("day", self.day(day).into())]),
            None if is_waiting => self.tell("will-erase-after-waiting"),
            None => self.tell("will-erase-now"),
        }
        self.tell("erase-what-stays");
    }

    /// The office's notice about personal data, below the first answer to a contact.
    pub(super) fn privacy_below(&mut self) {
        let Some(privacy) = self.scene.office.privacy.as_ref().filter(|_| self.scene.tells_privacy) else { return };
        let text = match self.scene.lang {
            Lang::En if !privacy.en.is_empty() => &privacy.en,
            Lang::En | Lang::Id => &privacy.id,
        };
        self.open("privacy", [("text", in_fours(&plain(text)).into())]);
    }
}
