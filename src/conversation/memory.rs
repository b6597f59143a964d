//! What a decision leaves behind for the messages after it, whatever handler took it: the last act, the last echo, and questions
//! that only the very next message answers.

use super::decision::Decision;
use super::echoed::Echoed;
use super::last_act::{Act, Change, LastAct};
use super::outcome::Outcome;
use super::question::Question;
use super::snapshot::Snapshot;
use crate::domain::booking::Booking;
use crate::domain::office::Approval;

/// Notes what was done, for `#urung`; anything else that is done to a booking cannot be taken back, and neither can what was done
/// before it.
pub(super) fn note_act(snapshot: &Snapshot<'_>, decision: &mut Decision) {
    let now = snapshot.now;
    let done = match without_answers(decision) {
        Some(Outcome::Cancelled { booking } | Outcome::Released { hold: booking }) => Some(Act::Cancelled(booking.id)),
        Some(Outcome::Booked { booking, .. }) if snapshot.office.policy.approval == Approval::None => {
            Some(Act::Booked(booking.id))
        }
        Some(Outcome::Moved { booking, .. } | Outcome::MemberDropped { booking, .. }) => {
            let before = snapshot.bookings.iter().find(|before| before.id == booking.id);
            before.map(|before| Act::Changed(Box::new(Change::between(before, booking))))
        }
        _ => None,
    };
    decision.chat.last_act = match done {
        Some(act) => Some(LastAct { act, at: now }),
        None if decision.changed.iter().any(|after| is_step(snapshot, after)) => None,
        None => decision.chat.last_act.take().filter(|last| last.is_open(now)),
    };
}

/// What a message led to besides the answers to its questions.
fn without_answers(decision: &Decision) -> Option<&Outcome> {
    match decision.outcome.as_ref()? {
        Outcome::Answers(answers) => answers.beside.as_ref(),
        outcome => Some(outcome),
    }
}

/// Whether a booking was made or moved on; a wrong code only counts its tries.
fn is_step(snapshot: &Snapshot<'_>, after: &Booking) -> bool {
    let before = snapshot.bookings.iter().find(|before| before.id == after.id);
    before.is_none_or(|before| (before.state, before.slot, &before.seats) != (after.state, after.slot, &after.seats))
}

/// Notes whose echo the reply shows; any other reply stands between the echo and a word that would approve it.
pub(super) fn note_echo(snapshot: &Snapshot<'_>, decision: &mut Decision) {
    let shown = match without_answers(decision) {
        None if decision.outcome.is_none() => return,
        Some(Outcome::Echo { hold, .. } | Outcome::CodeAwaited { hold } | Outcome::CodeReplaced { hold }) => Some(hold),
        Some(_) | None => None,
    };
    decision.chat.echoed = shown.map(|hold| Echoed { hold: hold.id, at: snapshot.now });
}

/// Ends a question that only the very next message answers, whatever that message was: a later `ya` means something else.
pub(super) fn end_question_asked_once(snapshot: &Snapshot<'_>, decision: &mut Decision) {
    let before = snapshot.chat.question.as_ref();
    if before.is_some_and(Question::is_asked_once) && decision.chat.question.as_ref() == before {
        decision.chat.question = None;
    }
}
