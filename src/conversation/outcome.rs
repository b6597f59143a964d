//! What the citizen is told. The `reply` module turns each outcome into words; nothing else does.

use chrono::{DateTime, NaiveDate, Utc};

use super::guide::GuideStep;
use super::refusal::{Refusal, RefusedDay};
use crate::domain::booking::Booking;
use crate::domain::message::OtherKind;
use crate::grammar::{Ask, Form, Misread, Note};

/// The asked day had no place left and the next open day with one was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedDay {
    /// The day that was asked for.
    pub asked: NaiveDate,
}

/// What the citizen is told: one outcome for each message that gets a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A form was read and a place is held until its approval code comes back: the echo with the code.
    Echo {
        /// The hold.
        hold: Booking,
        /// Whether the day was moved.
        moved: Option<MovedDay>,
        /// Whether it replaces an older hold, whose code is no longer valid.
        replaced: bool,
        /// What was corrected in the form.
        repaired: Vec<Note>,
        /// Whether it is held for a short time only, because unconfirmed holds keep their share of the day already.
        short: bool,
    },
    /// A form was corrected, and no approval code follows that would accept the correction: is this right?
    Confirm {
        /// The form as it was read, with its corrections.
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
        moved: Option<MovedDay>,
        /// Whether the hold had lapsed and its hour was given to others meanwhile: the place is in another hour.
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
        moved: Option<MovedDay>,
        /// What was corrected in the form.
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
    /// A code of a hold that a newer form replaced.
    CodeReplaced {
        /// The hold that counts now.
        hold: Booking,
    },
    /// Something other than the code that is waited for: a reminder of the code, and the echo again.
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
    /// The deadline has passed and the place cannot be given any more.
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
    /// Digits, but no hold of this contact has or had that code.
    CodeUnknown,
    /// The hold was cancelled.
    Released {
        /// What was held.
        hold: Booking,
    },
    /// The booking was cancelled.
    Cancelled {
        /// What was booked.
        booking: Booking,
    },
    /// This office does not let citizens cancel bookings.
    CancelNotAllowed {
        /// The booking that stands.
        booking: Booking,
    },
    /// There is nothing to cancel.
    NothingToCancel,
    /// None of these has the code that was to be cancelled; all are kept.
    NotOfThatCode {
        /// What the citizen has, soonest first.
        bookings: Vec<Booking>,
    },
    /// `#batal` came with other words, which may mean something else: nothing was cancelled; `#batal` alone does it.
    CancelAlone,
    /// Several could be cancelled: which? They are numbered from 1 in this order.
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
    /// Thanks: a reply in kind.
    Thanks {
        /// Their next booking.
        booking: Option<Booking>,
    },
    /// They opted out: they get only what they ask for.
    Muted,
    /// They opted out while a place is held: it waits for its code or photo all the same.
    MutedHolding {
        /// The hold.
        hold: Booking,
    },
    /// A greeting while a place is held: what it waits for, in short.
    GreetingHolding {
        /// The hold.
        hold: Booking,
    },
    /// They opted in again.
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
    /// A question of the guided dialogue.
    Guide(Box<GuideStep>),
    /// The guided dialogue was left; nothing was booked by it.
    GuideEnded,
    /// The ordinary answer, and below it the offer of the guided dialogue.
    Offered {
        /// The ordinary answer.
        told: Box<Self>,
    },
    /// A form that is right, but cannot be served.
    Refused(Refusal),
    /// The message could not be processed and was set aside: please send it again.
    SendAgain,
}

impl Outcome {
    /// Its name for the log, which never shows the message.
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
            Self::MutedHolding { .. } => "muted, a place is held",
            Self::GreetingHolding { .. } => "greeting, a place is held",
            Self::Unmuted => "unmuted",
            Self::Placeholder { .. } => "placeholder",
            Self::Misread { .. } => "misread",
            Self::Unreadable => "unreadable",
            Self::NotText { .. } => "not text",
            Self::Guide(_) => "guide",
            Self::GuideEnded => "guide ended",
            Self::Offered { told } => told.name(),
            Self::Refused(_) => "refused",
            Self::SendAgain => "send again",
        }
    }
}
