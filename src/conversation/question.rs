//! Questions about a form: is the repair right, which day is meant. The answer is `ya`, or a number from 1.
//!
//! A question is remembered like a hold is: until its deadline, and until another form takes its place.

use chrono::{DateTime, Duration, Utc};

use super::decide::{Chat, Choices, Decision, Draw, QUESTION_MINUTES, Question, Snapshot};
use super::outcome::Outcome;
use crate::domain::booking::Booking;
use crate::domain::office::Approval;
use crate::domain::seats::{NotLoaded, Seats};
use crate::grammar::{Form, Request};

/// Whether a repaired form is asked about first: where a code follows, the echo asks anyway.
fn is_doubtful(snapshot: &Snapshot<'_>, form: &Form) -> bool {
    !form.notes.is_empty() && snapshot.office.policy.approval == Approval::None
}

/// What is asked about a request before it counts; `None` when nothing is.
pub(super) fn about(
    snapshot: &Snapshot<'_>,
    chat: &mut Chat,
    sent_at: DateTime<Utc>,
    request: &Request,
    photo_kept: bool,
) -> Option<Outcome> {
    let (forms, outcome) = match request {
        Request::Form(form) if is_doubtful(snapshot, form) => {
            (vec![form.clone()], Outcome::Confirm { form: form.clone(), photo_kept })
        }
        Request::Ask(ask) => (
            ask.choices.iter().map(|choice| choice.form.clone()).collect(),
            Outcome::WhichDay { ask: ask.clone(), photo_kept },
        ),
        Request::Misread(misread) => {
            let forms = misread.suggestion.iter().map(|suggestion| suggestion.form.clone()).collect();
            (forms, Outcome::Misread { misread: misread.clone(), photo_kept })
        }
        _ => return None,
    };
    chat.question = (!forms.is_empty()).then(|| Question {
        asked: Choices::Form { forms, sent_at },
        until: snapshot.now + Duration::minutes(QUESTION_MINUTES),
    });
    Some(outcome)
}

/// The form that an answer chooses, and when it was first sent: its number from 1, or the only one.
fn chosen(snapshot: &Snapshot<'_>, number: Option<usize>) -> Option<(Form, DateTime<Utc>)> {
    let question = snapshot.chat.question.as_ref().filter(|question| snapshot.now < question.until)?;
    let Choices::Form { forms, sent_at } = &question.asked else { return None };
    let form = match (number, forms.as_slice()) {
        (None, [only]) => only,
        (None, _) => return None,
        (Some(number), forms) => forms.get(number.checked_sub(1)?)?,
    };
    // Accepted as shown: nothing in it is in doubt any more.
    Some((Form { notes: Vec::new(), ..form.clone() }, *sent_at))
}

/// Serves the form that an answer chooses; `None` when the answer chooses none.
pub(super) fn answered(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    number: Option<usize>,
    draw: &mut Draw<'_>,
) -> Option<Result<Decision, NotLoaded>> {
    let (form, sent_at) = chosen(snapshot, number)?;
    Some(super::form::form(snapshot, seats, sent_at, (&form, None), draw))
}

/// `ya`: the form that was asked about; without one, what is waited for is told again.
pub(super) fn yes(snapshot: &Snapshot<'_>, seats: &mut Seats, draw: &mut Draw<'_>) -> Result<Decision, NotLoaded> {
    if let Some(decided) = answered(snapshot, seats, None, draw) {
        return decided;
    }
    let outcome = snapshot.hold().map_or(Outcome::Greeting, |hold: &Booking| super::form::told_again(hold));
    Ok(Decision::tell(snapshot.chat.clone(), outcome))
}
