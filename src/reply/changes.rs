//! Replies about a change of mind: whether something is to be given up, and what was taken back.

use super::letter::{Letter, plain};
use super::people::names;
use crate::conversation::{NotUndone, UNDO_MINUTES, Undone};
use crate::domain::booking::Booking;
use crate::domain::office::Relatives;
use crate::domain::person::Nama;
use crate::domain::slot::Slot;

impl Letter<'_> {
    /// Whether a seat is really to be given up, for which plain words asked.
    pub(super) fn cancel_asked(&mut self, booking: &Booking, person: Option<&Nama>) {
        match person {
            None => self.tell("cancel-asked"),
            Some(nama) => self.open("cancel-asked-person", [("name", plain(&nama.capitals()).into())]),
        }
        self.entry(booking);
        self.tell("cancel-asked-reply");
        self.offer_yes("button-cancel");
    }

    /// What was taken back, and what that leaves.
    pub(super) fn undone(&mut self, booking: &Booking, what: Undone) {
        match what {
            Undone::Cancel => {
                self.tell("undone-cancel");
                self.entry(booking);
            }
            Undone::Move => {
                self.tell("undone-move");
                self.entry(booking);
            }
            Undone::Member => {
                self.tell("undone-member");
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

    /// The nearest seat, for one that was given to others.
    pub(super) fn undo_offer(&mut self, booking: &Booking, slot: Slot, what: Undone) {
        let (before, after) = (("before", self.slot(booking.slot).into()), self.slot(slot));
        match what {
            Undone::Move => self.open("undo-offer-move", [before]),
            Undone::Member => self.open("undo-offer-member", [before]),
            Undone::Cancel | Undone::Booking => {
                self.open("undo-offer", [("name", names(&booking.applicant).into()), before]);
            }
        }
        self.open("undo-offer-nearest", [("slot", after.into())]);
        match what {
            Undone::Move => self.tell("undo-offer-reply-move"),
            Undone::Member => self.open("undo-offer-reply-member", [("count", booking.party().into())]),
            Undone::Cancel | Undone::Booking => self.tell("undo-offer-reply"),
        }
        self.offer_yes("button-yes");
    }

    /// Why a change stays, and what stands.
    pub(super) fn not_undone(&mut self, booking: &Booking, what: Undone, why: &NotUndone) {
        self.tell(if what == Undone::Member { "not-undone-member" } else { "not-undone-move" });
        match why {
            NotUndone::Taken => self.line("not-undone-taken", []),
            NotUndone::Day { day, why } => self.day_refused(*day, why),
            NotUndone::Person { nama } => self.line("not-undone-person", [("name", plain(&nama.capitals()).into())]),
            NotUndone::People { limit } => self.line("not-undone-people", [("limit", (*limit).into())]),
            NotUndone::Intake { from, until } => {
                let (from, until) = (self.time(*from), self.zoned(*until));
                self.line("not-undone-intake", [("from", from.into()), ("until", until.into())]);
            }
        }
        self.tell("not-undone-now");
        self.entry(booking);
    }

    /// A no to what was asked, and what stands.
    pub(super) fn nothing_changed(&mut self, bookings: &[Booking]) {
        self.tell("nothing-changed");
        if !bookings.is_empty() {
            self.open("status-some", [("office", self.office_name().into())]);
            self.list(bookings);
        }
    }

    pub(super) fn nothing_to_undo(&mut self) {
        self.open("nothing-to-undo", [("minutes", UNDO_MINUTES.into())]);
        self.tell("ask-status");
    }

    /// That what was just done can be taken back.
    pub(super) fn undo_hint(&mut self) {
        self.open("undo-hint", [("minutes", UNDO_MINUTES.into())]);
    }

    /// One person's seat was given up.
    pub(super) fn member_dropped(&mut self, booking: &Booking, nama: &Nama) {
        self.open("member-dropped", [("name", plain(&nama.capitals()).into())]);
        self.entry(booking);
        self.undo_hint();
    }

    /// Nobody, or more than one, is called that.
    pub(super) fn which_member(&mut self, bookings: &[Booking]) {
        self.tell("which-member");
        self.list(bookings);
        if let Some(last) = bookings.first().and_then(|booking| booking.applicant.people().last()) {
            self.open("which-member-next", [("name", plain(&last.nama.capitals()).into())]);
        }
    }

    /// A form for somebody else on a number that may have no more bookings.
    pub(super) fn not_registered(&mut self, people: &[Nama], bookings: &[Booking], limit: u32) {
        self.open("not-registered", [("names", list(people).into())]);
        self.open("not-registered-why", [("limit", limit.into())]);
        self.list(bookings);
        self.another_time();
        self.tell("not-registered-own-number");
    }

    /// Who may be registered on a relative's number.
    pub(super) fn relatives(&mut self, relatives: Option<Relatives>) {
        let Some(Relatives { children_under, elders_from }) = relatives else { return };
        if children_under > 0 {
            self.open("relatives-children", [("years", children_under.into())]);
        }
        if elders_from > 0 {
            self.open("relatives-elders", [("years", elders_from.into())]);
        }
    }

    /// Somebody of a form is registered, others are not.
    pub(super) fn not_all_registered(&mut self, booking: &Booking, others: &[Nama], party: u8) {
        if others.is_empty() {
            self.open("not-all-registered-count", [("party", party.into()), ("count", booking.party().into())]);
        } else {
            self.open("not-registered", [("names", list(others).into())]);
        }
        self.tell("not-all-registered");
        self.entry(booking);
        let policy = &self.scene.office.policy;
        if policy.people_per_booking >= party.into() && policy.cancelling {
            self.tell("not-all-registered-together");
        } else {
            self.tell("not-registered-own-number");
        }
        self.relatives(Some(policy.relatives));
    }
}

/// Names in one line.
fn list(people: &[Nama]) -> String {
    people.iter().map(|nama| plain(&nama.capitals())).collect::<Vec<_>>().join(", ")
}
