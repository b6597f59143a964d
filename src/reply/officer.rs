//! Replies about conversations with an officer.

use super::letter::{Letter, in_fours, plain};
use crate::conversation::HandoverStep;
use crate::domain::booking::Booking;
use crate::domain::ticket::{ReadingTime, reading_time};

impl Letter<'_> {
    pub(super) fn handover(&mut self, step: &HandoverStep) {
        match step {
            HandoverStep::Opened { hold } => self.handover_opened(hold.as_deref()),
            HandoverStep::StillOpen => {
                self.open("handover-still-open", [("office", self.office_name().into())]);
                self.officers_read();
                self.tell("handover-leave");
            }
            HandoverStep::Forwarded => {
                self.open("handover-forwarded", [("office", self.office_name().into())]);
                self.officers_read();
                self.tell("handover-leave");
            }
            HandoverStep::Left => {
                self.tell("handover-left");
                self.officer_offer("handover-again");
            }
            HandoverStep::NotOpen => {
                self.tell("handover-not-open");
                self.officer_offer("answer-officer-offer");
                self.tell("ask-help");
            }
            HandoverStep::Answered { text } => {
                self.open("handover-answered", [("office", self.office_name().into())]);
                self.line("entry", [("entry", officers_words(text).into())]);
                self.tell("handover-answered-next");
            }
            HandoverStep::Ended => {
                self.open("handover-ended", [("office", self.office_name().into())]);
                self.officer_offer("handover-again");
            }
        }
    }

    fn handover_opened(&mut self, hold: Option<&Booking>) {
        self.open("handover-opened", [("office", self.office_name().into())]);
        self.officers_read();
        self.tell("handover-meanwhile");
        if let Some(hold) = hold {
            self.hold_waits(hold);
        }
    }

    /// When officers read what is written to them.
    fn officers_read(&mut self) {
        match reading_time(self.scene.office, self.scene.calendar, self.scene.now) {
            ReadingTime::Now(until) => self.line("handover-now", [("until", self.zoned(until).into())]),
            ReadingTime::Next(date, from) => {
                let (day, from) = (self.day(date), self.zoned(from));
                self.line("handover-next", [("day", day.into()), ("from", from.into())]);
            }
            ReadingTime::Unknown => self.line("handover-unknown", []),
        }
    }

    /// How to reach an officer by message, where they answer any.
    pub(super) fn officer_offer(&mut self, key: &str) {
        if self.scene.office.policy.handover {
            self.tell(key);
        }
    }
}

/// An officer's text line by line: nothing in it acts as markup, or looks like an approval code.
fn officers_words(text: &str) -> String {
    text.lines().map(|line| in_fours(&plain(line))).collect::<Vec<_>>().join("\n")
}
