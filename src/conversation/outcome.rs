//! What the citizen is to be told. The reply room turns each of these into words; nothing else does.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Serialize};

use crate::domain::booking::Booking;
use crate::domain::calendar::Holiday;
use crate::domain::message::OtherKind;
use crate::domain::person::Nama;
use crate::domain::slot::Session;
use crate::grammar::{Ask, Form, Misread, Note};

/// The language that a contact chose; Indonesian until they say `#english`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Indonesian.
    #[default]
    Id,
    /// English.
    En,
}

/// The asked day had no place left and the next open day with one was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moved {
    /// The day that was asked for.
    pub asked: NaiveDate,
}

/// What the citizen is to be told: one of these for each message that gets an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A form was read and a place is held until its approval code comes back: the echo with the code.
    Echo {
        /// The hold.
        hold: Booking,
        /// Whether the day was moved.
        moved: Option<Moved>,
        /// Whether it took the place of an older hold, whose code is dead now.
        replaced: bool,
        /// What was read otherwise than it was written.
        repaired: Vec<Note>,
        /// Whether it is held for a short time only, because unconfirmed holds keep their share of the day already.
        short: bool,
    },
    /// A form was repaired, and no code follows that would accept it: is this right?
    Confirm {
        /// The form as it was read, with what was repaired.
        form: Form,
        /// Whether the photo that came with it is kept meanwhile.
        photo_kept: bool,
    },
    /// A date can be read in more than one way: which day is meant? They are numbered from 1 in this order.
    WhichDay {
        /// The piece and its readings.
        ask: Ask,
        /// Whether the photo that came with it is kept meanwhile.
        photo_kept: bool,
    },
    /// The booking stands: the confirmation, with the QR picture.
    Booked {
        /// The booking.
        booking: Booking,
        /// Whether the day was moved.
        moved: Option<Moved>,
        /// Whether the hold had lapsed and its hour was given away meanwhile: the place is in another hour.
        late: bool,
    },
    /// A form (or code, or photo) from a number that already has this booking: its details again.
    AlreadyBooked {
        /// The booking that stands.
        booking: Booking,
    },
    /// The text is complete and a place is held until the photo comes.
    PhotoWanted {
        /// The hold.
        hold: Booking,
        /// Whether the day was moved.
        moved: Option<Moved>,
        /// What was read otherwise than it was written.
        repaired: Vec<Note>,
        /// Whether it is held for a short time only, as above.
        short: bool,
    },
    /// A photo came without a form; it is kept until `until`.
    PhotoKept {
        /// When it is forgotten.
        until: DateTime<Utc>,
    },
    /// A photo came and nothing here asks for one.
    PhotoNotNeeded,
    /// The photo that was asked for once more has come; the booking stands.
    PhotoReceived {
        /// The booking it belongs to.
        booking: Booking,
    },
    /// The photo of a standing booking could not be fetched; the booking stays, please send it again.
    PhotoLost {
        /// The booking it belongs to.
        booking: Booking,
    },
    /// A code that belongs to a hold which a newer form took the place of.
    CodeReplaced {
        /// The hold that counts now.
        hold: Booking,
    },
    /// Something else than the code that is waited for: what that is, and the echo again.
    CodeAwaited {
        /// The hold.
        hold: Booking,
    },
    /// Not the code of the hold.
    CodeWrong {
        /// The hold.
        hold: Booking,
        /// Tries that are left.
        tries_left: u32,
    },
    /// The last try was wrong too: the hold is over.
    CodeBlocked,
    /// The deadline passed and the place cannot be had any more.
    CodeExpired {
        /// The lapsed hold.
        hold: Booking,
        /// Whether that is because its day is full; otherwise the day can no longer be chosen.
        full: bool,
    },
    /// The day of an unconfirmed hold was closed after it was given: it cannot be confirmed.
    HoldOnClosedDay {
        /// The hold.
        hold: Booking,
        /// Why the day is closed.
        why: RefusedDay,
        /// The next day that can be given.
        next: Option<NaiveDate>,
    },
    /// Digits, but nothing here waits for a code.
    CodeUnknown,
    /// The hold was given back.
    Released {
        /// What was held.
        hold: Booking,
    },
    /// The booking was given back.
    Cancelled {
        /// What was booked.
        booking: Booking,
    },
    /// This office does not let bookings be given back.
    CancelNotAllowed {
        /// The booking that stands.
        booking: Booking,
    },
    /// Nothing to give back.
    NothingToCancel,
    /// None of these has the code that was to be given back; all are kept.
    NotOfThatCode {
        /// What the citizen has, soonest first.
        bookings: Vec<Booking>,
    },
    /// `#batal` came with talk beside it that may mean something else: nothing was given back, and alone it does.
    CancelAlone,
    /// Several could be given back: which? They are numbered from 1 in this order.
    WhichToCancel {
        /// The choices.
        bookings: Vec<Booking>,
    },
    /// What this number has: live bookings and holds, soonest first; may be empty.
    Status {
        /// Live bookings and holds.
        bookings: Vec<Booking>,
        /// Until when a photo without a form is kept.
        photo_until: Option<DateTime<Utc>>,
    },
    /// How this works.
    Help,
    /// What to bring, and who cannot book here.
    Requirements,
    /// The language was set; say so in it.
    LanguageSet,
    /// A greeting: how to book, in short.
    Greeting,
    /// Thanks: a word back.
    Thanks {
        /// Their next booking.
        booking: Option<Booking>,
    },
    /// They want no messages: none come but what they ask for.
    Muted,
    /// They want messages again.
    Unmuted,
    /// The poster's line was sent as it stands: fill it in.
    Placeholder {
        /// Whether the photo that came with it is kept for the filled line.
        photo_kept: bool,
    },
    /// A form with something wrong in it.
    Misread {
        /// What is wrong.
        misread: Misread,
        /// Whether the photo that came with it is kept for the corrected text.
        photo_kept: bool,
    },
    /// Text that is no form and no command.
    Unreadable,
    /// A voice note, sticker, place …: please send text.
    NotText {
        /// What it was.
        kind: OtherKind,
    },
    /// A form that is right, but cannot be served.
    Refused(Refusal),
    /// The message could not be processed and was set aside: please send it again.
    SendAgain,
}

impl Outcome {
    /// Its name for the log, which never shows what was said.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Echo { .. } => "echo",
            Self::Confirm { .. } => "confirm",
            Self::WhichDay { .. } => "which day",
            Self::Booked { .. } => "booked",
            Self::AlreadyBooked { .. } => "already booked",
            Self::PhotoWanted { .. } => "photo wanted",
            Self::PhotoKept { .. } => "photo kept",
            Self::PhotoNotNeeded => "photo not needed",
            Self::PhotoReceived { .. } => "photo received",
            Self::PhotoLost { .. } => "photo lost",
            Self::CodeReplaced { .. } => "code replaced",
            Self::CodeAwaited { .. } => "code awaited",
            Self::CodeWrong { .. } => "code wrong",
            Self::CodeBlocked => "code blocked",
            Self::CodeExpired { .. } => "code expired",
            Self::HoldOnClosedDay { .. } => "hold on closed day",
            Self::CodeUnknown => "code unknown",
            Self::Released { .. } => "released",
            Self::Cancelled { .. } => "cancelled",
            Self::CancelNotAllowed { .. } => "cancel not allowed",
            Self::NothingToCancel => "nothing to cancel",
            Self::NotOfThatCode { .. } => "not of that code",
            Self::CancelAlone => "cancel alone",
            Self::WhichToCancel { .. } => "which to cancel",
            Self::Status { .. } => "status",
            Self::Help => "help",
            Self::Requirements => "requirements",
            Self::LanguageSet => "language set",
            Self::Greeting => "greeting",
            Self::Thanks { .. } => "thanks",
            Self::Muted => "muted",
            Self::Unmuted => "unmuted",
            Self::Placeholder { .. } => "placeholder",
            Self::Misread { .. } => "misread",
            Self::Unreadable => "unreadable",
            Self::NotText { .. } => "not text",
            Self::Refused(_) => "refused",
            Self::SendAgain => "send again",
        }
    }
}

/// Why a form that is right cannot be served; each has its own reason and next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The asked day cannot be given, whatever its seats.
    Day {
        /// The day.
        asked: NaiveDate,
        /// Why not.
        why: RefusedDay,
        /// The next day that can be given, as far as the calendar goes.
        next: Option<NaiveDate>,
    },
    /// The asked day is full, and this office does not move people by itself.
    Full {
        /// The day.
        asked: NaiveDate,
        /// A day with room, where the office suggests one.
        suggest: Option<NaiveDate>,
        /// The half of the day that was asked for; only that is full.
        session: Option<Session>,
        /// People who have to come in one hour.
        party: u8,
    },
    /// Every day up to the horizon is full, or none is open.
    AllFull {
        /// The last day that can be asked for today.
        last: NaiveDate,
        /// The half of the day that was asked for; only that is full, or never open.
        session: Option<Session>,
        /// People who have to come in one hour.
        party: u8,
    },
    /// Messages are taken at certain hours only, and this one was sent before or after them.
    OutsideIntake {
        /// First minute of the window.
        from: NaiveTime,
        /// First minute after the window.
        until: NaiveTime,
        /// The day on which it opens next; `None` when no calendar says.
        next: Option<NaiveDate>,
        /// Whether it opens later on the day of sending (`07.29`).
        later_today: bool,
        /// The holiday on the day of sending, if that is why.
        holiday: Option<Holiday>,
    },
    /// The form is for more people than one booking may be for here.
    TooManyPeople {
        /// People on the form.
        party: u8,
        /// How many it may be for.
        limit: u32,
    },
    /// Somebody on the form has as many live places as one person may have here; nothing more is told of them.
    PersonHasPlace {
        /// Who, as this form writes it.
        nama: Nama,
    },
    /// The number has taken as many unconfirmed holds today as it may.
    TooManyHolds {
        /// How many it may take.
        limit: u32,
        /// The hold that it has, which stays; empty without one.
        holds: Vec<Booking>,
    },
    /// The number has as many live bookings as it may have.
    TooMany {
        /// They.
        bookings: Vec<Booking>,
        /// How many it may have.
        limit: u32,
    },
}

/// Why a day cannot be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusedDay {
    /// It is over.
    Past,
    /// It is too soon: this office books from `earliest` on.
    TooSoon {
        /// The first day that may be asked for.
        earliest: NaiveDate,
    },
    /// The office never opens on this weekday.
    Weekday(Weekday),
    /// A holiday or joint leave, by name.
    Holiday(Holiday),
    /// The office's own closing, and its reason.
    Closed(String),
    /// It lies beyond the last day that may be asked for.
    BeyondHorizon {
        /// The last day.
        last: NaiveDate,
    },
    /// It is open, but no hour of this half of it can be given.
    NoSession(Session),
    /// The holidays of its year are not known yet.
    UnknownCalendar,
}
