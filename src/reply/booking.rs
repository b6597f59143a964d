//! Replies about one's own booking: the echo, the confirmation, the lists, and giving a place back.

use chrono::{DateTime, Utc};

use super::letter::{Letter, Yields, cut, in_fours, plain};
use super::when::{Arrival, dashed};
use crate::conversation::{MovedDay, SHORT_HOLD_MINUTES};
use crate::domain::booking::{Awaits, Booking, CODE_TRIES_MAX, State};
use crate::domain::message::Outbound;
use crate::domain::office::{Approval, Closed, Day};
use crate::domain::person::{Applicant, PARTY_MAX};
use crate::grammar::Note;

/// Last digits of a NIK or a family card's number that a reply shows.
const NIK_DIGITS_SHOWN: usize = 4;

/// Names of a party under a picture, in characters, beside which their birth dates have room: five of twenty letters each.
const CAPTION_BORN_CHARS_MAX: usize = 100;
/// The same, which stand there whole; of more, each is cut to its beginning.
const CAPTION_NAMES_CHARS_MAX: usize = 150;
const CAPTION_NAME_CHARS_MAX: usize = CAPTION_NAMES_CHARS_MAX / PARTY_MAX as usize;

/// Why a day is closed, in characters, beside a booking on it: the rest of the reply has to fit under a picture.
const CLOSED_REASON_CHARS_MAX: usize = 80;

/// Where people are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// In a text, which has room for everything.
    Text,
    /// Under a picture.
    Caption,
}

/// The end of a long number: enough to find a slip of the finger there.
fn last_digits(number: &str) -> String {
    number.chars().skip(number.chars().count().saturating_sub(NIK_DIGITS_SHOWN)).collect()
}

/// Everybody's name: `BUDI SANTOSO, SITI AMINAH`.
fn names(applicant: &Applicant) -> String {
    applicant.people().map(|person| plain(&person.nama.capitals())).collect::<Vec<_>>().join(", ")
}

impl Letter<'_> {
    pub(super) fn echo(
        &mut self,
        hold: &Booking,
        moved: Option<MovedDay>,
        (replaced, short, repaired): (bool, bool, &[Note]),
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

    /// Why a place is kept for a few minutes only.
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
    fn echo_body(&mut self, hold: &Booking) {
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
        if self.scene.office.policy.cancelling {
            self.tell("booked-cancel");
        }
        self.into_caption(&booking.code)
    }

    pub(super) fn already_booked(mut self, booking: &Booking) -> Outbound {
        self.open("already-booked", [("office", self.office_name().into())]);
        if let Some(closed) = self.closed_since(booking) {
            self.open("entry", [("entry", closed.into())]);
        }
        self.confirmation(booking);
        self.another_time();
        self.into_caption(&booking.code)
    }

    /// Code, queue number, day, hour, when to come and what to bring.
    fn confirmation(&mut self, booking: &Booking) {
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
        self.people(&booking.applicant, booking.party(), Room::Caption);
        self.tell("booked-show");
        match office.policy.grace_minutes {
            0 => self.line("booked-no-grace", []),
            minutes => self.line("booked-grace", [("minutes", minutes.into())]),
        }
    }

    /// Whom it is for, as the form said it.
    fn person(&mut self, booking: &Booking) {
        self.contact(booking);
        self.people(&booking.applicant, booking.party(), Room::Text);
    }

    fn contact(&mut self, booking: &Booking) {
        self.line("person-contact", [("contact", booking.contact.masked().into())]);
    }

    /// Who comes: the one person with all that the form said, or everybody who has a line in it.
    pub(super) fn people(&mut self, applicant: &Applicant, party: u32, room: Room) {
        if applicant.others.is_empty() {
            self.line("person-name", [("name", plain(&applicant.nama.capitals()).into())]);
            if let Some(birth) = applicant.tgl_lahir {
                self.line("person-birth", [("date", dashed(birth.date()).into())]);
            }
        }
        if let Some(session) = applicant.sesi {
            self.line("person-session", [("session", self.session(session).into())]);
        }
        let is_alone = applicant.others.is_empty();
        if is_alone {
            self.details(applicant);
        }
        // Under a picture the queue numbers say how many.
        if party > 1 && (is_alone || room == Room::Text) {
            self.line("person-party", [("count", party.into())]);
        }
        let chars = if room == Room::Text { 0 } else { names(applicant).chars().count() };
        let name_max = if chars > CAPTION_NAMES_CHARS_MAX { CAPTION_NAME_CHARS_MAX } else { usize::MAX };
        for (at, person) in applicant.people().enumerate().filter(|_| !is_alone) {
            let name = cut(&plain(&person.nama.capitals()), name_max);
            let (number, name) = (("number", (at + 1).into()), ("name", name.into()));
            match person.tgl_lahir.filter(|_| chars <= CAPTION_BORN_CHARS_MAX) {
                Some(birth) => self.line("person-numbered-born", [number, name, ("date", dashed(birth.date()).into())]),
                None => self.line("person-numbered", [number, name]),
            }
            self.details(person);
        }
    }

    /// What a form says of a person besides name and birth date.
    fn details(&mut self, applicant: &Applicant) {
        if let Some(nik) = &applicant.nik {
            self.yielding(Yields::Address, "person-nik", [("digits", last_digits(nik.as_str()).into())]);
        }
        if let Some(number) = &applicant.no_kk {
            let digits = last_digits(number.as_str());
            self.yielding(Yields::Address, "person-family-card", [("digits", digits.into())]);
        }
        if let Some(phone) = &applicant.telepon {
            let number = in_fours(&phone.international());
            self.yielding(Yields::Address, "person-phone", [("number", number.into())]);
        }
        if let Some(service) = &applicant.layanan {
            let service = in_fours(&plain(service.as_str()));
            self.yielding(Yields::Bring, "person-service", [("service", service.into())]);
        }
        if let Some(email) = &applicant.email {
            self.yielding(Yields::Address, "person-email", [("email", in_fours(email.as_str()).into())]);
        }
        for answer in &applicant.teks {
            let (label, text) = (plain(&answer.label), in_fours(&plain(answer.as_str())));
            self.yielding(Yields::Address, "person-text", [("label", label.into()), ("text", text.into())]);
        }
        if let Some(address) = &applicant.alamat {
            let address = in_fours(&plain(address.as_str()));
            self.yielding(Yields::Address, "person-address", [("address", address.into())]);
        }
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

    /// Why a place for one would not do.
    pub(super) fn together(&mut self, party: u32) {
        if party > 1 {
            self.yielding(Yields::Notice, "party-together", [("count", party.into())]);
        }
    }

    /// How to get another day than the booked one.
    fn another_time(&mut self) {
        let cancelling = self.scene.office.policy.cancelling;
        self.tell(if cancelling { "another-time-cancel" } else { "another-time-wait" });
    }

    fn hold_until(&self, hold: &Booking) -> String {
        hold.hold_until.map(|until| self.moment(until)).unwrap_or_default()
    }

    pub(super) fn photo_wanted(&mut self, hold: &Booking, moved: Option<MovedDay>, (short, repaired): (bool, &[Note])) {
        self.open("photo-wanted", [("office", self.office_name().into())]);
        self.day_moved(hold, moved);
        self.repaired(repaired);
        if short {
            self.short_hold();
        }
        self.tell("echo-check");
        self.person(hold);
        self.line("visit-when", [("slot", self.slot(hold.slot).into())]);
        self.open("photo-wanted-next", [("until", self.hold_until(hold).into()), ("photo", self.photo().into())]);
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

    pub(super) fn photo_lost(&mut self, booking: &Booking) {
        self.tell("photo-lost");
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

    pub(super) fn code_unknown(&mut self) {
        self.tell("code-unknown");
        self.form();
    }

    pub(super) fn released(&mut self, hold: &Booking) {
        let name = names(&hold.applicant);
        self.open("released", [("name", name.into()), ("slot", self.slot(hold.slot).into())]);
        self.whole_party(hold);
        self.book_again();
    }

    pub(super) fn cancelled(&mut self, booking: &Booking) {
        let (code, slot) = (booking.code.to_string(), self.slot(booking.slot));
        self.open("cancelled", [("code", code.into()), ("slot", slot.into())]);
        self.whole_party(booking);
        self.book_again();
    }

    /// What is given back is everybody's.
    fn whole_party(&mut self, booking: &Booking) {
        if booking.party() > 1 {
            self.line("cancelled-party", [("count", booking.party().into())]);
        }
    }

    fn book_again(&mut self) {
        if !self.poster.line.is_empty() {
            self.open("book-again", [("line", self.poster.line.as_str().into())]);
        }
    }

    pub(super) fn cancel_not_allowed(&mut self, booking: &Booking) {
        self.tell("cancel-not-allowed");
        self.entry(booking);
        self.open("cancel-not-needed", [("minutes", self.scene.office.policy.grace_minutes.into())]);
    }

    pub(super) fn nothing_to_cancel(&mut self) {
        self.tell("nothing-to-cancel");
        self.tell("ask-status");
    }

    pub(super) fn not_of_that_code(&mut self, bookings: &[Booking]) {
        self.tell("not-of-that-code");
        self.list(bookings);
        match bookings.iter().find(|booking| booking.state == State::Booked) {
            Some(booked) => self.open("not-of-that-code-next", [("code", booked.code.to_string().into())]),
            None => self.tell("status-cancel"),
        }
    }

    pub(super) fn cancel_alone(&mut self) {
        self.tell("cancel-alone");
        self.tell("ask-help");
    }

    pub(super) fn which_to_cancel(&mut self, bookings: &[Booking]) {
        self.open("which-to-cancel", [("count", bookings.len().into())]);
        self.list(bookings);
        self.offer_numbers(bookings.iter().map(|booking| dashed(booking.slot.date)));
        self.tell("which-to-cancel-number");
        if let Some(booked) = bookings.iter().find(|booking| booking.state == State::Booked) {
            self.line("which-to-cancel-code", [("code", booked.code.to_string().into())]);
        }
    }

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
        } else if self.scene.office.policy.cancelling || bookings.iter().any(|one| one.state == State::Held) {
            self.tell("status-cancel");
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
            }
        }
    }

    /// That the day of a booking or hold was closed after it was given, and what to do; `None` where it is open.
    fn closed_since(&self, booking: &Booking) -> Option<String> {
        let office = self.scene.office;
        let reason = match office.day(self.scene.calendar, booking.slot.date) {
            Day::Open(_) | Day::Closed(Closed::UnknownCalendar) => return None,
            Day::Closed(Closed::Weekday(weekday)) => self.weekday(weekday),
            Day::Closed(Closed::Holiday(holiday)) => self.holiday(holiday),
            Day::Closed(Closed::Dated(reason)) => plain(reason),
        };
        let key = match booking.state {
            State::Held => "entry-closed-held",
            _ if office.policy.cancelling => "entry-closed-cancel",
            _ => "entry-closed",
        };
        Some(self.say(key, [("reason", cut(&reason, CLOSED_REASON_CHARS_MAX).into())]))
    }

    fn entry(&mut self, booking: &Booking) {
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
            (_, Some(Awaits::Photo)) | (None, _) => self.say("entry-photo", [name, slot, until]),
            (Some(code), _) => self.say("entry-held", [name, slot, until, ("code", code.as_str().into())]),
        }
    }
}
