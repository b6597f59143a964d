//! The answer to an open question: `ya`, a number from 1, or the day itself.
//!
//! A question is remembered like a hold is: until its deadline, or until another form replaces it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{cancel, clarify, form, notice, reminder, reschedule};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::Choices;
use crate::domain::seats::NotLoaded;
use crate::grammar::{Ask, Choice, Form, Request};

/// Longest number that answers a question, in digits; more digits are a date or a code.
const CHOICE_DIGITS_MAX: usize = 2;

/// Ways in which people write a day in digits alone.
const DAYS_IN_DIGITS: [&str; 4] = ["%d%m%Y", "%d%m%y", "%-d%-m%Y", "%Y%m%d"];

/// `ya`: the only form that was asked about, or the new day of a booking; `None` where neither was.
pub(super) fn yes(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    if let Some(Choices::Form { forms, sent_at }) = context.snapshot.open_question()
        && let [only] = forms.as_slice()
    {
        return Some(accepted(context, only, *sent_at));
    }
    reschedule::accepted(context)
}

/// A day and nothing else: the answer to the question which day was meant, or nothing that can be read.
pub(in crate::conversation) fn by_day(context: &mut Context<'_>, days: &[NaiveDate]) -> Result<Decision, NotLoaded> {
    let decided = meant_day(context, |day| days.contains(&day)).or_else(|| reschedule::by_day(context, days));
    match decided {
        Some(decided) => decided,
        None => Ok(reminder::or_else(context, Outcome::Unreadable)),
    }
}

/// Digits as an answer; `None` where no question is open that they could answer.
pub(super) fn by_digits(context: &mut Context<'_>, digits: &str) -> Option<Result<Decision, NotLoaded>> {
    let is_number = digits.len() <= CHOICE_DIGITS_MAX;
    let number = digits.parse().ok().filter(|_| is_number);
    let spells = |day: NaiveDate| DAYS_IN_DIGITS.iter().any(|way| day.format(way).to_string() == digits);
    let decided = number
        .and_then(|number| numbered(context, number))
        .or_else(|| meant_day(context, spells))
        .or_else(|| cancel::chosen(context, digits));
    if decided.is_none() && is_number {
        // A number that was not offered: the question is asked again.
        let snapshot = context.snapshot;
        let question = reminder::open_question(snapshot, snapshot.chat).or_else(|| notice::asked_again(snapshot))?;
        return Some(Ok(context.tell(question)));
    }
    decided
}

/// Serves the form or the day of that number, counted from 1.
fn numbered(context: &mut Context<'_>, number: usize) -> Option<Result<Decision, NotLoaded>> {
    let place = number.checked_sub(1)?;
    match context.snapshot.open_question()? {
        Choices::Form { forms, sent_at } => Some(accepted(context, forms.get(place)?, *sent_at)),
        Choices::Day { ask, sent_at } => Some(chosen_day(context, ask, ask.choices.get(place)?, *sent_at)),
        Choices::NewDay { .. } | Choices::Move { .. } => reschedule::chosen(context, place),
        Choices::Reminder { .. } => notice::chosen(context, place),
        Choices::Cancel(_)
        | Choices::GiveUp { .. }
        | Choices::Restore { .. }
        | Choices::Opening { .. }
        | Choices::Wait { .. }
        | Choices::Guide(_)
        | Choices::Erase => None,
    }
}

/// Serves the one day in question that is meant; `None` where none is, or more than one.
fn meant_day(context: &mut Context<'_>, is_meant: impl Fn(NaiveDate) -> bool) -> Option<Result<Decision, NotLoaded>> {
    let Choices::Day { ask, sent_at } = context.snapshot.open_question()? else { return None };
    let mut meant = ask.choices.iter().filter(|choice| is_meant(choice.date));
    let (choice, None) = (meant.next()?, meant.next()) else { return None };
    Some(chosen_day(context, ask, choice, *sent_at))
}

/// A form that is accepted as shown: nothing in it is in doubt any more.
fn accepted(context: &mut Context<'_>, shown: &Form, sent_at: DateTime<Utc>) -> Result<Decision, NotLoaded> {
    context.sent_at = sent_at;
    let form = Form { notes: Vec::new(), ..shown.clone() };
    form::form(context, &form, None)
}

/// A chosen day: the next question of the same form, the question whether its corrections are right, or the form itself.
fn chosen_day(
    context: &mut Context<'_>,
    ask: &Ask,
    choice: &Choice,
    sent_at: DateTime<Utc>,
) -> Result<Decision, NotLoaded> {
    context.sent_at = sent_at;
    let next = if let Some(next) = &choice.then {
        Request::Ask((**next).clone())
    } else {
        let mut form = choice.form.clone();
        // The citizen chose this piece: what is still in doubt are other pieces.
        form.settle(ask.field, ask.person);
        Request::Form(form)
    };
    let next = clarify::servable(context.snapshot, &next);
    clarify::form_or_question(context, &next)
}
