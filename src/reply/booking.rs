//! Replies about a contact's own booking: the echo, the confirmation, and codes.

use super::letter::{Letter, Yields, plain};
use super::people::{Place, names};
use super::when::Arrival;
use crate::conversation::{Lang, MovedDay, SHORT_HOLD_MINUTES, UNDO_MINUTES};
use crate::domain::booking::{Booking, CODE_TRIES_MAX};
use crate::domain::message::Outbound;
use crate::domain::office::Approval;
use crate::grammar::Note;

/// What an echo says besides the hold and its day.
#[derive(Debug, Clone, Copy)]
pub(super) struct EchoNotes<'a> {
    /// Whether it replaces an older hold.
    pub(super) replaced: bool,
    /// Whether it is held for a short time only.
    pub(super) short: bool,
    /// What was corrected in the form.
    pub(super) repaired: &'a [Note],
}

impl Letter<'_> {
    pub(super) fn echo(
        &mut self,
        hold: &Booking,
        moved: Option<MovedDay>,
        EchoNotes { replaced, short, repaired }: EchoNotes<'_>,
    ) {
        self.open("echo-title", [("office", self.office_name().into())]);
        if replaced {
            self.tell("echo-replaced");
        }
        self.day_moved(hold, moved);
        self.repaired(repaired);
        if short {
            self.short_hold();
        }
        self.echo_body(hold);
    }

    /// Why a seat is kept for a few minutes only.
    fn short_hold(&mut self) {
        self.open("hold-short", [("minutes", SHORT_HOLD_MINUTES.into())]);
    }

    pub(super) fn code_replaced(&mut self, hold: &Booking) {
        self.tell("code-replaced");
        self.echo_body(hold);
    }

    pub(super) fn code_awaited(&mut self, hold: &Booking) {
        self.tell("code-awaited");
        self.echo_body(hold);
    }

    /// What was read, the code, and what to do with it.
    pub(super) fn echo_body(&mut self, hold: &Booking) {
        self.tell("echo-check");
        self.person(hold);
        self.line("visit-when", [("slot", self.slot(hold.slot).into())]);
        if let Some(code) = &hold.approval {
            self.open("echo-code", [("code", code.as_str().into())]);
            self.open("echo-reply", [("until", self.hold_until(hold).into())]);
        }
        self.tell("echo-wrong");
        self.offer(self.say("button-cancel", []), "#batal");
    }

    pub(super) fn booked(mut self, booking: &Booking, moved: Option<MovedDay>, late: bool) -> Outbound {
        self.open("booked-title", [("office", self.office_name().into())]);
        if late {
            self.tell("booked-late");
        }
        self.day_moved(booking, moved);
        self.confirmation(booking);
        self.other_plans(booking);
        if self.scene.office.policy.approval == Approval::None {
            // Nothing stood between a slip and it.
            self.line("undo-hint", [("minutes", UNDO_MINUTES.into())]);
        }
        self.into_caption(&booking.code)
    }

    /// What to do where somebody cannot come, or on another day only, as far as the office allows it.
    fn other_plans(&mut self, booking: &Booking) {
        match (self.scene.office.policy.cancelling, self.may_move(booking)) {
            (true, true) => self.tell("booked-cancel-move"),
            (true, false) => self.tell("booked-cancel"),
            (false, true) => self.tell("booked-move"),
            (false, false) => {}
        }
    }

    pub(super) fn already_booked(mut self, booking: &Booking) -> Outbound {
        self.open("already-booked", [("office", self.office_name().into())]);
        if let Some(closed) = self.closed_since(booking) {
            self.open("entry", [("entry", closed.into())]);
        }
        self.confirmation(booking);
        if self.may_move(booking) {
            self.tell("another-time-move");
        } else {
            self.another_time();
        }
        self.into_caption(&booking.code)
    }

    /// Code, queue number, day, hour, when to come and what to bring.
    pub(super) fn confirmation(&mut self, booking: &Booking) {
        let office = self.scene.office;
        let code = booking.code.to_string();
        match office.policy.approval {
            Approval::Code => self.open("booked-code", [("code", code.into())]),
            Approval::None => self.open("registered-code", [("code", code.into())]),
        }
        let (numbers, count) = (booking.queue_numbers(), booking.party());
        self.line("booked-queue", [("numbers", numbers.into()), ("count", count.into())]);
        self.line("visit-when", [("slot", self.slot(booking.slot).into())]);
        match Arrival::at(office, booking.slot) {
            Arrival::Early { minutes: 0, .. } => {}
            Arrival::Early { at, minutes } => {
                self.line("arrive-early", [("time", self.zoned(at).into()), ("minutes", minutes.into())]);
            }
            Arrival::DoorsOpen { at } => self.line("arrive-doors", [("time", self.zoned(at).into())]),
        }
        let site = plain(&office.site);
        if !site.is_empty() {
            self.yielding(Yields::Site, "booked-site", [("site", site.into())]);
        }
        let bring = plain(&self.own_texts(|texts| !texts.bring.is_empty()).bring);
        if !bring.is_empty() {
            self.yielding(Yields::Bring, "booked-bring", [("bring", bring.into())]);
        }
        self.tell("booked-for");
        self.contact(booking);
        self.people(&booking.applicant, booking.party(), Place::Caption);
        self.tell("booked-show");
        match office.policy.grace_minutes {
            0 => self.line("booked-no-grace", []),
            minutes => self.line("booked-grace", [("minutes", minutes.into())]),
        }
        self.attendance(booking);
        if let Some(links) = self.scene.turn_links {
            self.yielding(Yields::Turn, "booked-turn", [("link", links.link(booking.id).into())]);
            self.apart();
        }
    }

    /// Whom it is for, as the form said it.
    fn person(&mut self, booking: &Booking) {
        self.contact(booking);
        self.people(&booking.applicant, booking.party(), Place::Text);
    }

    fn contact(&mut self, booking: &Booking) {
        self.line("person-contact", [("contact", booking.contact.masked().into())]);
    }

    fn day_moved(&mut self, booking: &Booking, moved: Option<MovedDay>) {
        if let Some(MovedDay { asked }) = moved {
            let given = ("given", self.day(booking.slot.date).into());
            let asked = ("asked", self.day(asked).into());
            match booking.applicant.sesi {
                Some(session) => {
                    self.open("day-moved-session", [asked, given, ("session", self.session(session).into())]);
                }
                None => self.open("day-moved", [asked, given]),
            }
            self.together(booking.party());
        }
    }

    /// Why a seat for one is not enough.
    pub(super) fn together(&mut self, party: u32) {
        if party > 1 {
            self.yielding(Yields::Notice, "party-together", [("count", party.into())]);
        }
    }

    /// How to get another day than the booked one.
    pub(super) fn another_time(&mut self) {
        let cancelling = self.scene.office.policy.cancelling;
        self.tell(if cancelling { "another-time-cancel" } else { "another-time-wait" });
    }

    pub(super) fn hold_until(&self, hold: &Booking) -> String {
        hold.hold_until.map(|until| self.moment(until)).unwrap_or_default()
    }

    pub(super) fn photo_wanted(&mut self, hold: &Booking, moved: Option<MovedDay>, short: bool, repaired: &[Note]) {
        self.open("photo-wanted", [("office", self.office_name().into())]);
        self.day_moved(hold, moved);
        self.repaired(repaired);
        if short {
            self.short_hold();
        }
        self.photo_wanted_body(hold);
    }

    /// What was read, and which photo is awaited until when.
    pub(super) fn photo_wanted_body(&mut self, hold: &Booking) {
        self.tell("echo-check");
        self.person(hold);
        self.line("visit-when", [("slot", self.slot(hold.slot).into())]);
        let (until, photo) = (("until", self.hold_until(hold).into()), ("photo", self.photo().into()));
        match self.upload_link() {
            Some(link) => self.open("photo-wanted-page", [until, photo, ("link", link.into())]),
            None => self.open("photo-wanted-next", [until, photo]),
        }
        if !hold.applicant.others.is_empty() {
            self.line("photo-of-one", [("name", plain(&hold.applicant.nama.capitals()).into())]);
        }
        self.tell("echo-wrong");
        self.offer(self.say("button-cancel", []), "#batal");
    }

    pub(super) fn photo_received(&mut self, booking: &Booking) {
        self.tell("photo-received");
        self.entry(booking);
    }

    /// Where the photo is sent, if that is not the chat.
    pub(super) fn upload_link(&self) -> Option<String> {
        let link = self.scene.turn_links?.upload_link(self.scene.upload?);
        Some(match self.scene.lang {
            Lang::Id => link,
            Lang::En => format!("{link}?l=en"),
        })
    }

    pub(super) fn photo_lost(&mut self, booking: &Booking) {
        match self.upload_link() {
            Some(link) => self.open("photo-lost-page", [("link", link.into())]),
            None => self.tell("photo-lost"),
        }
        self.entry(booking);
    }

    pub(super) fn code_wrong(&mut self, hold: &Booking, tries_left: u32) {
        self.open("code-wrong", [("name", names(&hold.applicant).into())]);
        self.open("code-wrong-next", [("until", self.hold_until(hold).into()), ("tries", tries_left.into())]);
        self.tell("code-wrong-lost");
    }

    pub(super) fn code_blocked(&mut self) {
        self.open("code-blocked", [("tries", CODE_TRIES_MAX.into())]);
        self.form();
    }

    pub(super) fn code_expired(&mut self, hold: &Booking, full: bool) {
        let key = if full { "code-expired" } else { "code-expired-day" };
        self.open(key, [("day", self.day(hold.slot.date).into())]);
        self.form();
    }

    pub(super) fn code_unknown(&mut self, bookings: &[Booking]) {
        self.tell("code-unknown");
        if bookings.is_empty() {
            self.line("code-unknown-register", []);
            self.form();
        } else {
            self.open("status-some", [("office", self.office_name().into())]);
            self.list(bookings);
        }
    }
}
