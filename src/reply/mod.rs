//! Turns an outcome into the words and the picture that a citizen gets. The only room with chat wording.
//!
//! The sentences stand in `locales/*/*.ftl`; [`letter`] puts them together and cuts them to size, the other files
//! choose which of them an outcome needs. Nothing here decides anything. All replies can be read in `fixtures/replies`.

mod booking;
mod guide;
mod letter;
mod locale;
mod misread;
mod poster;
mod qr;
mod question;
mod refused;
mod stripes;
mod talk;
mod when;

#[cfg(test)]
mod gallery;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

use crate::conversation::{Lang, Outcome};
use crate::domain::calendar::Calendar;
use crate::domain::message::{Contact, Outbound};
use crate::domain::office::Office;
use crate::grammar::Format;

use letter::Letter;
use poster::Poster;

pub use qr::draw_qr;

/// What a reply is written with.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The office that answers.
    pub office: &'a Office,
    /// Its formats, the ordinary one first.
    pub formats: &'a [&'a Format],
    /// The holidays.
    pub calendar: &'a Calendar,
    /// Who is answered.
    pub contact: &'a Contact,
    /// In which language.
    pub lang: Lang,
    /// When.
    pub now: DateTime<Utc>,
    /// Where this is the last answer for a while: until when.
    pub pause_until: Option<DateTime<Utc>>,
}

/// Writes the reply.
pub fn write(scene: &Scene<'_>, outcome: &Outcome) -> Outbound {
    compose(scene, &Poster::read(scene, outcome), outcome)
}

/// Writes the reply with a poster that is already read: what tests call, which have no formats.
fn compose(scene: &Scene<'_>, poster: &Poster, outcome: &Outcome) -> Outbound {
    let mut letter = Letter::new(scene, poster);
    match outcome {
        Outcome::Echo { hold, moved, replaced, repaired, short } => {
            letter.echo(hold, *moved, (*replaced, *short, repaired));
        }
        Outcome::Confirm { form, photo_kept } => letter.confirm(form, *photo_kept),
        Outcome::WhichDay { ask, photo_kept } => letter.which_day(ask, *photo_kept),
        Outcome::Booked { booking, moved, late } => return letter.booked(booking, *moved, *late),
        Outcome::AlreadyBooked { booking } => return letter.already_booked(booking),
        Outcome::PhotoWanted { hold, moved, repaired, short } => letter.photo_wanted(hold, *moved, (*short, repaired)),
        Outcome::PhotoKept { until } => letter.photo_kept(*until),
        Outcome::PhotoNotNeeded => letter.photo_not_needed(),
        Outcome::PhotoReceived { booking } => letter.photo_received(booking),
        Outcome::PhotoLost { booking } => letter.photo_lost(booking),
        Outcome::CodeReplaced { hold } => letter.code_replaced(hold),
        Outcome::CodeAwaited { hold } => letter.code_awaited(hold),
        Outcome::CodeWrong { hold, tries_left } => letter.code_wrong(hold, *tries_left),
        Outcome::CodeBlocked => letter.code_blocked(),
        Outcome::CodeExpired { hold, full } => letter.code_expired(hold, *full),
        Outcome::HoldOnClosedDay { hold, why, next } => letter.hold_on_closed_day(hold, why, *next),
        Outcome::CodeUnknown => letter.code_unknown(),
        Outcome::Released { hold } => letter.released(hold),
        Outcome::Cancelled { booking } => letter.cancelled(booking),
        Outcome::CancelNotAllowed { booking } => letter.cancel_not_allowed(booking),
        Outcome::NothingToCancel => letter.nothing_to_cancel(),
        Outcome::NotOfThatCode { bookings } => letter.not_of_that_code(bookings),
        Outcome::CancelAlone => letter.cancel_alone(),
        Outcome::WhichToCancel { bookings } => letter.which_to_cancel(bookings),
        Outcome::Status { bookings, photo_until } => letter.status(bookings, *photo_until),
        Outcome::Help => letter.help(),
        Outcome::Requirements => letter.requirements(),
        Outcome::LanguageSet => letter.language_set(),
        Outcome::Greeting => letter.greeting(),
        Outcome::Placeholder { photo_kept } => letter.placeholder(*photo_kept),
        Outcome::Thanks { booking } => letter.thanks(booking.as_ref()),
        Outcome::Muted => letter.muted(),
        Outcome::Unmuted => letter.unmuted(),
        Outcome::Misread { misread, photo_kept } => letter.misread(misread, *photo_kept),
        Outcome::Unreadable => letter.unreadable(),
        Outcome::NotText { kind } => letter.not_text(*kind),
        Outcome::Refused(refusal) => letter.refused(refusal),
        Outcome::SendAgain => letter.send_again(),
    }
    letter.into_text()
}
