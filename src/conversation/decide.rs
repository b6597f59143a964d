//! The entrance: one message in, one decision out.

use chrono::{DateTime, Duration, Utc};
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};

use super::outcome::{Lang, Outcome};
use super::question::servable;
use super::talk::{self, Talk};
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::calendar::Calendar;
use crate::domain::deadline;
use crate::domain::message::{Attachment, ChannelId, Contact, OtherKind};
use crate::domain::office::Office;
use crate::domain::seats::{NotLoaded, Seats};
use crate::grammar::{Ask, Command, CommandName, Form, Request, Topics};

/// How long a question ("which one?", "is this right?") waits for its answer, in minutes: as long as a hold.
pub(super) const QUESTION_MINUTES: i64 = 30;

/// What is remembered of a contact on one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chat {
    /// The language to answer in.
    pub lang: Lang,
    /// A photo that waits for its form.
    pub photo: Option<KeptPhoto>,
    /// When the last picture was sent: others of the same album follow within seconds.
    pub picture_at: Option<DateTime<Utc>>,
    /// The question that was asked last.
    pub question: Option<Question>,
    /// The booking whose photo could not be fetched and was asked for again.
    pub lost_photo_of: Option<i64>,
    /// Whether they asked us to stop: they get only what they ask for.
    pub muted: bool,
    /// How much was said to them lately.
    pub talk: Option<Talk>,
}

/// A photo that waits for its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptPhoto {
    /// Its number in the database.
    pub id: i64,
    /// When it is forgotten.
    pub until: DateTime<Utc>,
}

/// A question: the answer is a number from 1, or `ya` where there is one choice only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// What was asked.
    pub asked: Choices,
    /// When it is forgotten.
    pub until: DateTime<Utc>,
}

impl Question {
    /// Whether it still waits for its answer. One with more time than any question gets was asked by a clock that was ahead,
    /// and nobody knows how long ago.
    pub(super) fn is_open(&self, now: DateTime<Utc>) -> bool {
        deadline::is_open(self.until, Duration::minutes(QUESTION_MINUTES), now)
    }
}

/// What a question is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choices {
    /// Which booking to give back: their numbers in the database, the first is choice 1.
    Cancel(Vec<i64>),
    /// Which form was meant, or whether the only one was.
    Form {
        /// The forms, the first is choice 1.
        forms: Vec<Form>,
        /// When the message was sent that they were read from: what it means is judged by that.
        sent_at: DateTime<Utc>,
    },
    /// Which day was meant: a number, or the day itself.
    Day {
        /// The question.
        ask: Ask,
        /// As above.
        sent_at: DateTime<Utc>,
    },
}

/// One message, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// When the citizen sent it.
    pub sent_at: DateTime<Utc>,
    /// Its text as a number, the same for the same text; `None` without one.
    pub text: Option<u64>,
    /// What it holds.
    pub said: Said,
    /// What it asks about, alone or beside what it holds; the language that it is written in.
    pub topics: Topics,
}

/// What a message holds, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Text.
    Text(Request),
    /// A picture, and what its caption was read as.
    Picture {
        /// Where to fetch it.
        attachment: Attachment,
        /// Its caption; `None` without one.
        caption: Option<Request>,
    },
    /// An earlier message after its sender changed it, and what it was read as.
    Edited(Request),
    /// Something else.
    Other(OtherKind),
}

/// What a decision is taken on.
#[derive(Debug, Clone, Copy)]
pub struct Snapshot<'a> {
    /// The office.
    pub office: &'a Office,
    /// The holidays.
    pub calendar: &'a Calendar,
    /// Whether any of the office's formats asks for a photo.
    pub wants_photo: bool,
    /// The line.
    pub channel: &'a ChannelId,
    /// Who wrote.
    pub contact: &'a Contact,
    /// What is remembered of them.
    pub chat: &'a Chat,
    /// Their bookings that live, and the recent holds that do not; lapsed holds are already `Expired`.
    pub bookings: &'a [Booking],
    /// Live places at the office of whoever the form may be about, whatever number they were made with. Empty where the office
    /// refuses nobody for them.
    pub of_people: &'a [Booking],
    /// Answers to one contact in [`talk::REPLIES_MINUTES`] on this line.
    pub replies_max: u32,
    /// The instant of serving.
    pub now: DateTime<Utc>,
}

impl<'a> Snapshot<'a> {
    /// Their live holds and bookings, soonest first.
    pub(super) fn live(&self) -> Vec<&'a Booking> {
        let mut live: Vec<&Booking> = self.bookings.iter().filter(|b| b.is_live(self.office, self.now)).collect();
        live.sort_by_key(|b| (b.slot, b.id));
        live
    }

    /// Their live bookings, holds left out.
    pub(super) fn booked(&self) -> Vec<&'a Booking> {
        self.live().into_iter().filter(|b| b.state == State::Booked).collect()
    }

    /// Their live hold; there is never more than one.
    pub(super) fn hold(&self) -> Option<&'a Booking> {
        self.live().into_iter().find(|b| b.state == State::Held)
    }

    /// Their live hold that waits for `awaited`.
    pub(super) fn hold_awaiting(&self, awaited: Awaits) -> Option<&'a Booking> {
        self.hold().filter(|hold| hold.awaits == Some(awaited))
    }
}

/// Where codes and numbers come from.
pub struct Draw<'a> {
    /// Chance.
    pub rng: &'a mut StdRng,
    /// The next unused database number.
    pub next_id: &'a mut dyn FnMut() -> i64,
}

/// A photo to be fetched, written in the same commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// Its number.
    pub id: i64,
    /// Where to fetch it.
    pub attachment: Attachment,
}

/// What a message leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What to tell the citizen; `None` for the followers of an album, for machines, and for what is one too many.
    pub outcome: Option<Outcome>,
    /// Where this answer is the last one for a while: until when.
    pub pause_until: Option<DateTime<Utc>>,
    /// What is remembered from now on.
    pub chat: Chat,
    /// Bookings made or changed, each in its new state, in the order of the steps.
    pub changed: Vec<Booking>,
    /// A photo to fetch.
    pub photo: Option<NewPhoto>,
}

impl Decision {
    pub(super) fn tell(chat: Chat, outcome: Outcome) -> Self {
        Self { outcome: Some(outcome), ..Self::silent(chat) }
    }

    pub(super) fn silent(chat: Chat) -> Self {
        Self { outcome: None, pause_until: None, chat, changed: Vec::new(), photo: None }
    }

    pub(super) fn with(mut self, changed: impl IntoIterator<Item = Booking>) -> Self {
        self.changed.extend(changed);
        self
    }
}

/// Decides. `seats` is changed only by a decision that is returned.
///
/// # Errors
/// [`NotLoaded`] names a date whose hours must be loaded first; nothing has changed then.
pub fn decide(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    heard: &Heard,
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    let mark = seats.mark();
    let decided = answer(snapshot, seats, heard, draw).map(|decision| talk::measured(snapshot, heard, decision));
    match &decided {
        Ok(decision) => {
            for after in &decision.changed {
                seats.count_holds(snapshot.bookings.iter().find(|before| before.id == after.id), after);
            }
        }
        Err(NotLoaded(_)) => seats.undo_to(mark),
    }
    decided
}

fn answer(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    heard: &Heard,
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    match &heard.said {
        Said::Edited(request) => Ok(edited(snapshot, request)),
        Said::Other(kind @ (OtherKind::PhotoLost | OtherKind::Empty)) => Ok(super::photo::not_loaded(snapshot, *kind)),
        Said::Other(kind) => Ok(Decision::tell(snapshot.chat.clone(), Outcome::NotText { kind: *kind })),
        Said::Text(request) => text(snapshot, seats, heard.sent_at, &servable(snapshot, request), draw),
        Said::Picture { attachment, caption } => {
            let caption = caption.as_ref().map(|request| servable(snapshot, request));
            super::photo::picture(snapshot, seats, heard.sent_at, (attachment, caption.as_deref()), draw)
        }
    }
}

/// An edit is never served: a form may have been booked, and answered, as it was first. Where the new text asks for
/// something, its sender is told to send it anew; a corrected `terima kasih` needs no answer.
fn edited(snapshot: &Snapshot<'_>, request: &Request) -> Decision {
    let asks_nothing = matches!(
        request,
        Request::Automatic | Request::Thanks | Request::Greeting | Request::Question | Request::Unreadable
    );
    let chat = snapshot.chat.clone();
    if asks_nothing { Decision::silent(chat) } else { Decision::tell(chat, Outcome::NotText { kind: OtherKind::Edit }) }
}

/// Decides on a text, or on a caption that is worth more than its picture.
pub(super) fn text(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    sent_at: DateTime<Utc>,
    request: &Request,
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    let mut chat = snapshot.chat.clone();
    // An open question ends with its time, with a form, a cancel or talk of it, and a farewell; and which of several to cancel
    // with another numbered list. Nothing else is taken for an end of it.
    let is_listed_anew = matches!(request, Request::Command(Command { name: CommandName::Status, .. }));
    let ends = match request {
        Request::Command(Command { name: CommandName::Batal | CommandName::Berhenti, .. })
        | Request::AboutCancelling => true,
        _ => is_listed_anew && super::question::is_about_cancelling(snapshot),
    };
    if ends {
        chat.question = None;
    }
    if let Some(outcome) = super::question::about(snapshot, &mut chat, sent_at, request, false) {
        return Ok(Decision::tell(chat, outcome));
    }
    let outcome = match request {
        Request::Form(form) => return super::form::form(snapshot, seats, sent_at, (form, None), draw),
        Request::Day(days) => return super::question::day(snapshot, seats, days, draw),
        Request::Digits(digits) => return super::code::digits(snapshot, seats, digits, draw),
        Request::Command(Command { name: CommandName::Ya, .. }) => return super::question::yes(snapshot, seats, draw),
        Request::Command(Command { name: CommandName::Berhenti, .. }) => return Ok(talk::stop(chat)),
        Request::Command(Command { name: CommandName::Mulai, .. }) => return Ok(talk::start(chat)),
        // Two machines would thank each other for ever.
        Request::Automatic => return Ok(Decision::silent(snapshot.chat.clone())),
        Request::Thanks | Request::Greeting => kindness(snapshot, request),
        Request::Command(command) => return self::command(snapshot, chat, seats, command),
        Request::AboutCancelling => about_cancelling(snapshot),
        Request::Placeholder => Outcome::Placeholder { photo_kept: false },
        // What is to be asked about a form and misreadings were told above; a topic without an answer is not understood.
        Request::Ask(_) | Request::Misread(_) | Request::Question | Request::Unreadable => {
            super::question::unanswered(snapshot, Outcome::Unreadable)
        }
    };
    Ok(Decision::tell(chat, outcome))
}

/// Talk of giving up or of another day: nothing is done, and how to do it is told, as far as it can be done.
fn about_cancelling(snapshot: &Snapshot<'_>) -> Outcome {
    match snapshot.live().first() {
        None => Outcome::NothingToCancel,
        Some(booking) if snapshot.hold().is_none() && !snapshot.office.policy.cancelling => {
            Outcome::CancelNotAllowed { booking: (*booking).clone() }
        }
        Some(_) => Outcome::CancelAlone,
    }
}

/// A greeting or `terima kasih`: a word back, with the code at hand; whoever still owes us an answer, a code or a photo is told
/// so again.
fn kindness(snapshot: &Snapshot<'_>, request: &Request) -> Outcome {
    let waiting = super::question::again(snapshot, snapshot.chat)
        .or_else(|| snapshot.hold().map(|hold| super::form::told_again(snapshot, hold)));
    waiting.unwrap_or_else(|| match request {
        Request::Thanks => Outcome::Thanks { booking: snapshot.booked().first().map(|booking| (*booking).clone()) },
        _ => Outcome::Greeting,
    })
}

fn command(
    snapshot: &Snapshot<'_>,
    mut chat: Chat,
    seats: &mut Seats,
    command: &Command,
) -> Result<Decision, NotLoaded> {
    let outcome = match command.name {
        CommandName::Batal => return cancel(snapshot, chat, seats, command),
        CommandName::Status => {
            let mut bookings: Vec<Booking> = snapshot.live().into_iter().cloned().collect();
            if let Some(code) = &command.code {
                bookings.retain(|booking| booking.code == *code);
            }
            let photo_until = chat.photo.map(|photo| photo.until).filter(|&until| snapshot.now < until);
            Outcome::Status { bookings, photo_until }
        }
        // The last three were answered before they came here.
        CommandName::Bantuan | CommandName::Ya | CommandName::Berhenti | CommandName::Mulai => Outcome::Help,
        CommandName::Persyaratan => Outcome::Requirements,
        CommandName::English | CommandName::Indonesia => {
            chat.lang = if command.name == CommandName::English { Lang::En } else { Lang::Id };
            Outcome::LanguageSet
        }
    };
    Ok(Decision::tell(chat, outcome))
}

/// `#batal`: a hold first, then the one live booking, then the question which.
fn cancel(
    snapshot: &Snapshot<'_>,
    mut chat: Chat,
    seats: &mut Seats,
    command: &Command,
) -> Result<Decision, NotLoaded> {
    let mut choices = snapshot.live();
    if let Some(code) = &command.code {
        choices.retain(|booking| booking.code == *code);
    } else if let Some(hold) = snapshot.hold()
        && (!command.mistyped || choices.len() == 1)
    {
        choices = vec![hold];
    } else if command.mistyped {
        // A code that names no booking must not give up another one.
        choices.clear();
    }
    chat.photo = None;
    let live = snapshot.live();
    match choices.as_slice() {
        [] if live.is_empty() => Ok(Decision::tell(chat, Outcome::NothingToCancel)),
        [] => {
            let bookings = live.into_iter().cloned().collect();
            Ok(Decision::tell(chat, Outcome::NotOfThatCode { bookings }))
        }
        [only] => give_up(snapshot, chat, seats, only),
        [..] => {
            chat.question = Some(Question {
                asked: Choices::Cancel(choices.iter().map(|booking| booking.id).collect()),
                until: snapshot.now + Duration::minutes(QUESTION_MINUTES),
            });
            let bookings = choices.into_iter().cloned().collect();
            Ok(Decision::tell(chat, Outcome::WhichToCancel { bookings }))
        }
    }
}

/// Gives one hold or booking back, if the office lets people.
pub(super) fn give_up(
    snapshot: &Snapshot<'_>,
    chat: Chat,
    seats: &mut Seats,
    booking: &Booking,
) -> Result<Decision, NotLoaded> {
    let held = booking.state == State::Held;
    // A hold is the citizen's own doing, unconfirmed: it can always be given back, whatever the office's rule.
    if !held && !snapshot.office.policy.cancelling {
        return Ok(Decision::tell(chat, Outcome::CancelNotAllowed { booking: booking.clone() }));
    }
    seats.give_back(booking.slot, &booking.seats)?;
    let mut given_up = booking.clone();
    given_up.become_state(State::Cancelled);
    let outcome = if held {
        Outcome::Released { hold: given_up.clone() }
    } else {
        Outcome::Cancelled { booking: given_up.clone() }
    };
    Ok(Decision::tell(chat, outcome).with([given_up]))
}
