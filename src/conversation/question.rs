//! Questions about a form: is the repair right, which day is meant. The answer is `ya`, a number from 1, or the day itself.
//!
//! A question is remembered like a hold is: until its deadline, and until another form takes its place.

use std::borrow::Cow;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::decide::{Chat, Choices, Decision, Draw, QUESTION_MINUTES, Question, Snapshot};
use super::outcome::Outcome;
use crate::domain::booking::Awaits;
use crate::domain::office::Approval;
use crate::domain::seats::{NotLoaded, Seats};
use crate::domain::slot::{Asked, judge};
use crate::grammar::{Ask, Choice, Field, Form, Request};

/// Whether a repaired form is asked about first: where a code follows, the echo asks anyway.
fn is_doubtful(snapshot: &Snapshot<'_>, form: &Form) -> bool {
    !form.notes.is_empty() && snapshot.office.policy.approval == Approval::None
}

/// The request without the days that this office no longer serves: where it books from tomorrow on, `selasa` on a Tuesday is in
/// a week. With no day left all stay, so that the citizen hears why.
pub(super) fn servable<'r>(snapshot: &Snapshot<'_>, request: &'r Request) -> Cow<'r, Request> {
    let Request::Ask(ask) = request else { return Cow::Borrowed(request) };
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let is_over = |day| matches!(judge(office, calendar, day, now), Asked::Past | Asked::TooSoon { .. });
    let choices: Vec<Choice> = ask.choices.iter().filter(|choice| !is_over(choice.date)).cloned().collect();
    match choices.as_slice() {
        _ if ask.field != Field::TglKedatangan => Cow::Borrowed(request),
        [] => Cow::Borrowed(request),
        [Choice { then: Some(next), .. }] => {
            Cow::Owned(servable(snapshot, &Request::Ask((**next).clone())).into_owned())
        }
        [Choice { form, then: None, .. }] => Cow::Owned(Request::Form(form.clone())),
        _ => Cow::Owned(Request::Ask(Ask { choices, ..ask.clone() })),
    }
}

/// What is asked about a request before it counts; `None` when nothing is.
pub(super) fn about(
    snapshot: &Snapshot<'_>,
    chat: &mut Chat,
    sent_at: DateTime<Utc>,
    request: &Request,
    photo_kept: bool,
) -> Option<Outcome> {
    let (asked, outcome) = match request {
        Request::Form(form) if is_doubtful(snapshot, form) => (
            Some(Choices::Form { forms: vec![form.clone()], sent_at }),
            Outcome::Confirm { form: form.clone(), photo_kept },
        ),
        Request::Ask(ask) => {
            (Some(Choices::Day { ask: ask.clone(), sent_at }), Outcome::WhichDay { ask: ask.clone(), photo_kept })
        }
        Request::Misread(misread) => {
            let suggested = misread.suggestion.as_ref().map(|suggestion| vec![suggestion.form.clone()]);
            let asked = suggested.map(|forms| Choices::Form { forms, sent_at });
            (asked, Outcome::Misread { misread: misread.clone(), photo_kept })
        }
        _ => return None,
    };
    chat.question = asked.map(|asked| Question { asked, until: snapshot.now + Duration::minutes(QUESTION_MINUTES) });
    Some(outcome)
}

/// The question that waits for its answer.
fn pending<'a>(snapshot: &Snapshot<'a>) -> Option<&'a Choices> {
    let question = snapshot.chat.question.as_ref().filter(|question| question.is_open(snapshot.now))?;
    Some(&question.asked)
}

/// Whether an open question is about a form, which may want a photo.
pub(super) fn is_about_a_form(snapshot: &Snapshot<'_>) -> bool {
    matches!(pending(snapshot), Some(Choices::Form { .. } | Choices::Day { .. }))
}

/// Whether an open question is which of several bookings to cancel.
pub(super) fn is_about_cancelling(snapshot: &Snapshot<'_>) -> bool {
    matches!(pending(snapshot), Some(Choices::Cancel(_)))
}

/// The question which day was meant, and when the form was sent.
fn which_day<'a>(snapshot: &Snapshot<'a>) -> Option<(&'a Ask, DateTime<Utc>)> {
    match pending(snapshot)? {
        Choices::Day { ask, sent_at } => Some((ask, *sent_at)),
        _ => None,
    }
}

/// The open question once more, for what does not answer it; `chat` says whether a photo is kept meanwhile.
pub(super) fn again(snapshot: &Snapshot<'_>, chat: &Chat) -> Option<Outcome> {
    let photo_kept = chat.photo.is_some_and(|photo| snapshot.now < photo.until);
    match pending(snapshot)? {
        Choices::Form { forms, .. } => Some(Outcome::Confirm { form: forms.first()?.clone(), photo_kept }),
        Choices::Day { ask, .. } => Some(Outcome::WhichDay { ask: ask.clone(), photo_kept }),
        Choices::Cancel(asked) => {
            let live = snapshot.live();
            let choice = |id: &i64| live.iter().find(|booking| booking.id == *id).map(|booking| (*booking).clone());
            // Numbers that were shown must mean the same.
            let bookings = asked.iter().map(choice).collect::<Option<_>>()?;
            Some(Outcome::WhichToCancel { bookings })
        }
    }
}

/// A day alone: the answer to the question which day was meant, or nothing that can be read.
pub(super) fn day(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    days: &[NaiveDate],
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    if let Some(decided) = by_day(snapshot, seats, |day| days.contains(&day), draw) {
        return decided;
    }
    Ok(Decision::tell(snapshot.chat.clone(), unanswered(snapshot, Outcome::Unreadable)))
}

/// Ways in which people write a day in digits alone.
const DAYS_IN_DIGITS: [&str; 4] = ["%d%m%Y", "%d%m%y", "%-d%-m%Y", "%Y%m%d"];

/// Digits that are one of the days in question.
pub(super) fn day_in_digits(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    digits: &str,
    draw: &mut Draw<'_>,
) -> Option<Result<Decision, NotLoaded>> {
    let spells = |day: NaiveDate| DAYS_IN_DIGITS.iter().any(|way| day.format(way).to_string() == digits);
    by_day(snapshot, seats, spells, draw)
}

/// Takes the one day in question that is meant; `None` where none is, or more than one.
fn by_day(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    is_meant: impl Fn(NaiveDate) -> bool,
    draw: &mut Draw<'_>,
) -> Option<Result<Decision, NotLoaded>> {
    let (ask, sent_at) = which_day(snapshot)?;
    let mut meant = ask.choices.iter().filter(|choice| is_meant(choice.date));
    let (choice, None) = (meant.next()?, meant.next()) else { return None };
    Some(take(snapshot, seats, (ask, choice, sent_at), draw))
}

/// A chosen day: the next question of the same form, the question whether its repairs are right, or the form itself.
fn take(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    (ask, choice, sent_at): (&Ask, &Choice, DateTime<Utc>),
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    let mut form = choice.form.clone();
    // Chosen by the citizen: what is still in doubt are other pieces.
    form.settle(ask.field, ask.person);
    let next = match &choice.then {
        Some(next) => Request::Ask((**next).clone()),
        None => Request::Form(form),
    };
    super::decide::text(snapshot, seats, sent_at, &servable(snapshot, &next), draw)
}

/// Serves what an answer chooses, its number from 1 or the only one; `None` when it chooses nothing.
pub(super) fn answered(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    number: Option<usize>,
    draw: &mut Draw<'_>,
) -> Option<Result<Decision, NotLoaded>> {
    let place = number.map_or(Some(0), |number| number.checked_sub(1))?;
    match pending(snapshot)? {
        Choices::Form { forms, sent_at } if number.is_some() || forms.len() == 1 => {
            // Accepted as shown: nothing in it is in doubt any more.
            let form = Form { notes: Vec::new(), ..forms.get(place)?.clone() };
            Some(super::form::form(snapshot, seats, *sent_at, (&form, None), draw))
        }
        Choices::Day { ask, sent_at } if number.is_some() => {
            Some(take(snapshot, seats, (ask, ask.choices.get(place)?, *sent_at), draw))
        }
        _ => None,
    }
}

/// `ya`: the form that was asked about; without one, what is waited for is told again.
pub(super) fn yes(snapshot: &Snapshot<'_>, seats: &mut Seats, draw: &mut Draw<'_>) -> Result<Decision, NotLoaded> {
    if let Some(decided) = answered(snapshot, seats, None, draw) {
        return decided;
    }
    Ok(Decision::tell(snapshot.chat.clone(), unanswered(snapshot, Outcome::Greeting)))
}

/// What is waited for, told again to whoever said something else: the answer to a question, a code or a photo. `otherwise`
/// where nothing is.
pub(super) fn unanswered(snapshot: &Snapshot<'_>, otherwise: Outcome) -> Outcome {
    again(snapshot, snapshot.chat).unwrap_or_else(|| match snapshot.hold() {
        Some(hold) if hold.awaits == Some(Awaits::Code) => {
            super::closed::told(snapshot, hold).unwrap_or_else(|| Outcome::CodeAwaited { hold: hold.clone() })
        }
        Some(hold) => super::form::told_again(snapshot, hold),
        None => otherwise,
    })
}
