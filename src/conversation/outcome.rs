//! What the citizen is told. The `reply` module turns each outcome into words; nothing else does.

use chrono::{DateTime, NaiveDate, Utc};

use super::answer::Answer;
use super::guide::GuideStep;
use super::handover::HandoverStep;
use super::notice::NoticeContent;
use super::own_visit::OwnVisit;
use super::personal_data::PersonalDataTold;
use super::refusal::{NotThatDay, Refusal, RefusedDay};
use super::undone::{NotUndone, Undone};
use super::waiting::WaitingTold;
use crate::domain::booking::Booking;
use crate::domain::message::OtherKind;
use crate::domain::person::Nama;
use crate::domain::reschedule::NotMoved;
use crate::domain::slot::Slot;
use crate::grammar::{Ask, Form, Misread, Note};

/// The asked day had no seat left and the next open day with one was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedDay {
    /// The day that was asked for.
    pub asked: NaiveDate,
}

/// The answers to a message's questions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answers {
    /// What else the message led to, which is told first; `None` where it only asked.
    pub beside: Option<Outcome>,
    /// The answers, in the order of the questions; empty where only the language was noticed.
    pub answers: Vec<Answer>,
    /// Their hold, which still waits for its code or photo: one line recalls it.
    pub hold: Option<Booking>,
    /// Whether a question of ours still waits for its answer.
    pub question_open: bool,
    /// Whether this reply is in English because the message was, although the contact has not chosen it.
    pub in_english: bool,
    /// Whether the message was in Malay: Indonesian is understood, and a line says how to get English instead.
    pub in_malay: bool,
}

impl Answers {
    /// An outcome with what still waits below it: a hold, or else the open question.
    pub(super) fn beside(told: Outcome, hold: Option<Booking>) -> Self {
        let question_open = hold.is_none();
        Self { beside: Some(told), answers: Vec::new(), hold, question_open, in_english: false, in_malay: false }
    }
}

/// What the citizen is told: one outcome for each message that gets a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A form was read and a seat is held until its approval code comes back: the echo with the code.
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
        /// Whether the hold had lapsed and its hour was given to others meanwhile: the seat is in another hour.
        late: bool,
    },
    /// A form (or code, or photo) from a number that already has this booking: its details again.
    AlreadyBooked {
        /// The booking that stands.
        booking: Booking,
    },
    /// The text is complete and a seat is held until the photo comes.
    PhotoWanted {
        /// The hold.
        hold: Booking,
        /// Whether the day was moved.
        moved: Option<MovedDay>,
        /// What was corrected in the form.
        repaired: Vec<Note>,
        /// Whether it is held for a short time only, because unconfirmed holds keep their share of the day already.
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
    /// The deadline has passed and the seat cannot be given any more.
    CodeExpired {
        /// The lapsed hold.
        hold: Booking,
        /// Whether that is because its day is full; otherwise the day can no longer be chosen.
        full: bool,
    },
    /// The day of an unconfirmed hold was closed after it was given: it cannot be confirmed.
    HoldOnClosedDay {
        /// The hold.
        hold: Box<Booking>,
        /// Why the day is closed.
        why: RefusedDay,
        /// The next day that can be given.
        next: Option<NaiveDate>,
    },
    /// Digits, but no hold of this contact has or had that code.
    CodeUnknown {
        /// What they have; without any, they may want to register.
        bookings: Vec<Booking>,
    },
    /// The hold was cancelled.
    Released {
        /// What was held.
        hold: Booking,
    },
    /// Plain words asked to cancel: is this seat, or one person's of it, to be given up?
    CancelAsked {
        /// What would be given up.
        booking: Booking,
        /// Of a party, the person whose seat it is; `None` for the whole booking.
        person: Option<Nama>,
    },
    /// The booking was cancelled.
    Cancelled {
        /// What was booked.
        booking: Booking,
    },
    /// One person's seat was given up; the others keep theirs.
    MemberDropped {
        /// The booking without them.
        booking: Booking,
        /// Who it was.
        nama: Nama,
    },
    /// Nobody of these parties is called that, or several are: nothing was changed.
    WhichMember {
        /// The parties.
        bookings: Vec<Booking>,
    },
    /// What the number did last was taken back.
    Undone {
        /// The booking as it is now.
        booking: Booking,
        /// What was taken back.
        what: Undone,
    },
    /// What was given up could come back, but its hour was given to others: is this one right?
    UndoOffer {
        /// The booking as it was before.
        booking: Booking,
        /// The nearest seat.
        slot: Slot,
        /// What would be taken back.
        what: Undone,
    },
    /// A change of a booking is not taken back: the booking stays as it is.
    NotUndone {
        /// As it is.
        booking: Booking,
        /// What was to be taken back.
        what: Undone,
        /// Why it is not.
        why: NotUndone,
    },
    /// `tidak` to a question: what was asked about stays as it is.
    NothingChanged {
        /// What stands.
        bookings: Vec<Booking>,
    },
    /// There is nothing that could be taken back.
    NothingToUndo,
    /// This office does not let citizens cancel bookings.
    CancelNotAllowed {
        /// The booking that stands.
        booking: Booking,
    },
    /// The people of this place are here: it is neither cancelled nor moved by chat.
    AlreadyHere {
        /// Their numbers.
        numbers: Vec<String>,
    },
    /// How far their turn at the counter is.
    Queue {
        /// Their visits of today, by number.
        visits: Vec<OwnVisit>,
        /// What else they have, soonest first.
        bookings: Vec<Booking>,
    },
    /// There is nothing to cancel.
    NothingToCancel,
    /// None of these has the code that was to be cancelled; all are kept.
    NotOfThatCode {
        /// What the citizen has, soonest first.
        bookings: Vec<Booking>,
    },
    /// `#batal` came with other words, which may mean something else: nothing was cancelled; `#batal` alone does it.
    CancelAlone {
        /// Whether it is a hold, which may always be moved.
        held: bool,
        /// Of a party, somebody for an example of how to cancel one person.
        person: Option<Nama>,
    },
    /// Several could be cancelled: which? They are numbered from 1 in this order.
    WhichToCancel {
        /// The choices.
        bookings: Vec<Booking>,
    },
    /// A booking or hold was moved to another day.
    Moved {
        /// As it is now.
        booking: Booking,
        /// As it was.
        before: Box<Booking>,
    },
    /// Which day is a booking to be moved to? They are numbered from 1 in this order.
    WhichNewDay {
        /// As it is.
        booking: Box<Booking>,
        /// Why it is not moved to the day that was asked for; `None` where none was, or where it can be read in several ways.
        why: Option<NotThatDay>,
        /// The days; empty where none has room.
        days: Vec<NaiveDate>,
    },
    /// Is a booking to be moved to this day?
    ConfirmMove {
        /// As it is.
        booking: Booking,
        /// The day.
        day: NaiveDate,
    },
    /// Which of several is to be moved? They are numbered from 1 in this order.
    WhichToMove {
        /// The choices.
        bookings: Vec<Booking>,
    },
    /// A booking may not be moved, to whatever day.
    MoveRefused {
        /// As it is.
        booking: Booking,
        /// Why not.
        why: NotMoved,
    },
    /// There is nothing to move.
    NothingToMove,
    /// None of these has the code of the one that was to be moved; all stay.
    MoveOfNoneOfThese {
        /// What the citizen has, soonest first.
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
    /// They opted out while a seat is held: it waits for its code or photo all the same.
    MutedHolding {
        /// The hold.
        hold: Booking,
    },
    /// A greeting while a seat is held: what it waits for, in short.
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
    /// The waiting list.
    Waiting(Box<WaitingTold>),
    /// Questions were asked, alone or beside something else.
    Answers(Box<Answers>),
    /// What is kept of them, or that it is erased.
    PersonalData(Box<PersonalDataTold>),
    /// An officer was asked for, written to or left, or answered.
    Handover(Box<HandoverStep>),
    /// They will come tomorrow, as they answer a reminder.
    WillCome {
        /// The booking.
        booking: Booking,
    },
    /// What the office says unasked.
    Notice(Box<NoticeContent>),
    /// The message could not be processed and was set aside: please send it again.
    SendAgain,
}

impl Outcome {
    /// What is told first: the outcome beside the answers, where there is one, without the offer below it.
    pub fn first(&self) -> &Self {
        match self {
            Self::Answers(answers) => answers.beside.as_ref().map_or(self, Self::first),
            Self::Offered { told } => told.first(),
            _ => self,
        }
    }

    /// Its name for reports: what is told first, and of a refusal its reason.
    pub fn counted_as(&self) -> &'static str {
        match self.first() {
            Self::Refused(refusal) => refusal.name(),
            other => other.name(),
        }
    }

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
            Self::CodeUnknown { .. } => "code unknown",
            Self::Released { .. } => "released",
            Self::CancelAsked { .. } => "cancel asked",
            Self::Cancelled { .. } => "cancelled",
            Self::MemberDropped { .. } => "member dropped",
            Self::WhichMember { .. } => "which member",
            Self::Undone { .. } => "undone",
            Self::UndoOffer { .. } => "undo offer",
            Self::NotUndone { .. } => "not undone",
            Self::NothingChanged { .. } => "nothing changed",
            Self::NothingToUndo => "nothing to undo",
            Self::CancelNotAllowed { .. } => "cancel not allowed",
            Self::AlreadyHere { .. } => "already here",
            Self::Queue { .. } => "queue",
            Self::NothingToCancel => "nothing to cancel",
            Self::NotOfThatCode { .. } => "not of that code",
            Self::CancelAlone { .. } => "cancel alone",
            Self::WhichToCancel { .. } => "which to cancel",
            Self::Moved { .. } => "moved",
            Self::WhichNewDay { .. } => "which new day",
            Self::ConfirmMove { .. } => "confirm move",
            Self::WhichToMove { .. } => "which to move",
            Self::MoveRefused { .. } => "move refused",
            Self::NothingToMove => "nothing to move",
            Self::MoveOfNoneOfThese { .. } => "move of none of these",
            Self::Status { .. } => "status",
            Self::Help => "help",
            Self::Requirements => "requirements",
            Self::LanguageSet => "language set",
            Self::Greeting => "greeting",
            Self::Thanks { .. } => "thanks",
            Self::Muted => "muted",
            Self::MutedHolding { .. } => "muted, a seat is held",
            Self::GreetingHolding { .. } => "greeting, a seat is held",
            Self::Unmuted => "unmuted",
            Self::Placeholder { .. } => "placeholder",
            Self::Misread { .. } => "misread",
            Self::Unreadable => "unreadable",
            Self::NotText { .. } => "not text",
            Self::Guide(_) => "guide",
            Self::GuideEnded => "guide ended",
            Self::Offered { told } => told.name(),
            Self::Refused(_) => "refused",
            Self::Waiting(told) => told.name(),
            Self::Answers(answers) => answers.beside.as_ref().map_or("answers", Self::name),
            Self::PersonalData(told) => told.name(),
            Self::Handover(step) => step.name(),
            Self::WillCome { .. } => "will come",
            Self::Notice(content) => content.name(),
            Self::SendAgain => "send again",
        }
    }
}
