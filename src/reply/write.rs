//! Which sentences an outcome needs.

use super::booking::EchoNotes;
use super::letter::Letter;
use super::poster::Poster;
use super::scene::Scene;
use crate::conversation::{Lang, Outcome};
use crate::domain::message::Outbound;

/// Writes the reply.
pub fn write(scene: &Scene<'_>, outcome: &Outcome) -> Outbound {
    compose(scene, &Poster::read(scene, outcome), outcome)
}

/// Writes the reply with a poster that is already read. Tests call it, since they have no formats.
pub(super) fn compose(scene: &Scene<'_>, poster: &Poster, outcome: &Outcome) -> Outbound {
    let Outcome::Answers(answers) = outcome else { return told(Letter::new(scene, poster), Some(outcome)) };
    let english = Scene { lang: Lang::En, ..*scene };
    let mut letter = Letter::new(if answers.in_english { &english } else { scene }, poster);
    letter.answers = Some(answers);
    told(letter, answers.beside.as_ref())
}

/// The reply to an outcome; only the answers that follow it, where there is none.
fn told(mut letter: Letter<'_>, outcome: Option<&Outcome>) -> Outbound {
    let Some(outcome) = outcome else { return letter.into_text() };
    let (outcome, is_offered) = match outcome {
        Outcome::Offered { told } => (&**told, true),
        _ => (outcome, false),
    };
    match outcome {
        Outcome::Echo { hold, moved, replaced, repaired, short } => {
            letter.echo(hold, *moved, EchoNotes { replaced: *replaced, short: *short, repaired });
        }
        Outcome::Confirm { form, photo_kept } => letter.confirm(form, *photo_kept),
        Outcome::WhichDay { ask, photo_kept } => letter.which_day(ask, *photo_kept),
        Outcome::Booked { booking, moved, late } => return letter.booked(booking, *moved, *late),
        Outcome::AlreadyBooked { booking } => return letter.already_booked(booking),
        Outcome::PhotoWanted { hold, moved, repaired, short } => letter.photo_wanted(hold, *moved, *short, repaired),
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
        Outcome::CodeUnknown { bookings } => letter.code_unknown(bookings),
        Outcome::Released { hold } => letter.released(hold),
        Outcome::CancelAsked { booking, person } => letter.cancel_asked(booking, person.as_ref()),
        Outcome::Cancelled { booking } => letter.cancelled(booking),
        Outcome::MemberDropped { booking, nama } => letter.member_dropped(booking, nama),
        Outcome::WhichMember { bookings } => letter.which_member(bookings),
        Outcome::Undone { booking, what } => letter.undone(booking, *what),
        Outcome::UndoOffer { booking, slot, what } => letter.undo_offer(booking, *slot, *what),
        Outcome::NotUndone { booking, what, why } => letter.not_undone(booking, *what, why),
        Outcome::NothingChanged { bookings } => letter.nothing_changed(bookings),
        Outcome::NothingToUndo => letter.nothing_to_undo(),
        Outcome::CancelNotAllowed { booking } => letter.cancel_not_allowed(booking),
        Outcome::NothingToCancel => letter.nothing_to_cancel(),
        Outcome::NotOfThatCode { bookings } => letter.not_of_that_code(bookings),
        Outcome::CancelAlone { held, person } => letter.cancel_alone(*held, person.as_ref()),
        Outcome::WhichToCancel { bookings } => letter.which_to_cancel(bookings),
        Outcome::Moved { booking, before } => return letter.moved(booking, before),
        Outcome::WhichNewDay { booking, why, days } => letter.which_new_day(booking, why.as_ref(), days),
        Outcome::ConfirmMove { booking, day } => letter.confirm_move(booking, *day),
        Outcome::WhichToMove { bookings } => letter.which_to_move(bookings),
        Outcome::MoveRefused { booking, why } => letter.move_refused(booking, *why),
        Outcome::NothingToMove => letter.nothing_to_move(),
        Outcome::MoveOfNoneOfThese { bookings } => letter.move_of_none_of_these(bookings),
        Outcome::AlreadyHere { numbers } => letter.already_here(numbers),
        Outcome::Queue { visits, bookings } => letter.queue(visits, bookings),
        Outcome::Status { bookings, photo_until } => letter.status(bookings, *photo_until),
        Outcome::Help => letter.help(),
        Outcome::Requirements => letter.requirements(),
        Outcome::LanguageSet => letter.language_set(),
        Outcome::Greeting => letter.greeting(),
        Outcome::Placeholder { photo_kept } => letter.placeholder(*photo_kept),
        Outcome::Thanks { booking } => letter.thanks(booking.as_ref()),
        Outcome::Muted => letter.muted(),
        Outcome::MutedHolding { hold } => letter.muted_holding(hold),
        Outcome::GreetingHolding { hold } => letter.greeting_holding(hold),
        Outcome::Unmuted => letter.unmuted(),
        Outcome::Misread { misread, photo_kept } => letter.misread(misread, *photo_kept),
        Outcome::Unreadable => letter.unreadable(),
        Outcome::NotText { kind } => letter.not_text(*kind),
        Outcome::Refused(refusal) => letter.refused(refusal),
        Outcome::Waiting(told) => letter.waiting(told),
        Outcome::PersonalData(told) => letter.personal_data(told),
        Outcome::Handover(step) => letter.handover(step),
        Outcome::WillCome { booking } => letter.will_come(booking),
        Outcome::Notice(content) => return letter.notice(content),
        Outcome::SendAgain => letter.send_again(),
        // Answers never stand beside answers.
        Outcome::Answers(_) => {}
        Outcome::Guide(step) => letter.guide(step),
        // An offer below an offer says nothing more.
        Outcome::GuideEnded | Outcome::Offered { .. } => letter.guide_ended(),
    }
    if is_offered {
        letter.guide_offer();
    }
    letter.into_text()
}
