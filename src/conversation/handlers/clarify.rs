//! Asks before a form counts: is the correction right, which day is meant. `answer.rs` takes the answers.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{form, guide_offer};
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::snapshot::Snapshot;
use crate::domain::office::Approval;
use crate::domain::person::TglLahir;
use crate::domain::seats::NotLoaded;
use crate::domain::slot::{Asked, judge, next_day};
use crate::grammar::{Ask, Choice, Field, Form, Misread, Note, NoteKind, Request};

/// The request as this office can serve it: its own example sent back is a placeholder, a birth date of today gets a note, a visit
/// whose weekday contradicts its date is a question. A question comes without the days that the office no longer serves: where it books from tomorrow on, `selasa` on a Tuesday means the
/// next one. Where no day would be left all stay, so that the reply can say why.
pub(in crate::conversation) fn servable<'r>(snapshot: &Snapshot<'_>, request: &'r Request) -> Cow<'r, Request> {
    if let Request::Misread(Misread { either: Some(ask), .. }) = request {
        // Which of the two is meant can be asked.
        return Cow::Owned(servable(snapshot, &Request::Ask((**ask).clone())).into_owned());
    }
    if let Request::Form(form) = request {
        let is_example = is_example(snapshot, form);
        return if is_example { Cow::Owned(Request::Placeholder) } else { births_noted(snapshot, request, form) };
    }
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
        [Choice { form, then: None, .. }] => Cow::Owned(servable(snapshot, &Request::Form(form.clone())).into_owned()),
        _ => Cow::Owned(Request::Ask(Ask { choices, ..ask.clone() })),
    }
}

/// Serves a form, or asks first where it is in doubt.
pub(in crate::conversation) fn form_or_question(
    context: &mut Context<'_>,
    request: &Request,
) -> Result<Decision, NotLoaded> {
    match request {
        Request::Placeholder => Ok(context.tell(Outcome::Placeholder { photo_kept: false })),
        Request::Form(form) if !is_doubtful(context.snapshot, form) => form::form(context, form, None),
        _ => {
            let mut chat = context.chat();
            let outcome = ask_about(context, &mut chat, request, false);
            Ok(Decision { outcome, ..Decision::silent(chat) })
        }
    }
}

/// Asks what has to be asked about a request before it counts; `None` when nothing is. The question is remembered in `chat`.
pub(super) fn ask_about(
    context: &Context<'_>,
    chat: &mut Chat,
    request: &Request,
    photo_kept: bool,
) -> Option<Outcome> {
    let Context { snapshot, sent_at, .. } = *context;
    let (asked, outcome) = match request {
        Request::Form(form) if is_doubtful(snapshot, form) => (
            Some(Choices::Form { forms: vec![form.clone()], sent_at }),
            Outcome::Confirm { form: form.clone(), photo_kept },
        ),
        Request::Ask(ask) => {
            let ask = ask.clone().likely_first(snapshot.office.date_at(sent_at));
            (Some(Choices::Day { ask: ask.clone(), sent_at }), Outcome::WhichDay { ask: ask.clone(), photo_kept })
        }
        Request::Misread(misread) => {
            let suggested = misread.suggestion.as_ref().map(|suggestion| vec![suggestion.form.clone()]);
            let asked = suggested.map(|forms| Choices::Form { forms, sent_at });
            (asked, Outcome::Misread { misread: misread.clone(), photo_kept })
        }
        _ => return None,
    };
    chat.question = asked.map(|asked| Question::new(asked, snapshot.now));
    Some(match request {
        Request::Misread(misread) => guide_offer::after_misread(context, chat, misread, outcome),
        _ => outcome,
    })
}

/// Whether a corrected or unusual form is asked about first. Where an approval code follows, the echo is question enough.
pub(super) fn is_doubtful(snapshot: &Snapshot<'_>, form: &Form) -> bool {
    snapshot.office.policy.approval == Approval::None && (!form.notes.is_empty() || is_unusual(snapshot, form))
}

/// Letters of the shortest name that is booked without asking.
const NAME_LETTERS_MIN: usize = 3;
/// Age in years up to which nobody is asked whether the birth date is right.
const AGE_USUAL_MAX: u32 = 100;

/// Whether somebody of a form has a name or an age that hardly anybody has.
fn is_unusual(snapshot: &Snapshot<'_>, form: &Form) -> bool {
    let today = snapshot.office.date_at(snapshot.now);
    form.applicant.people().any(|person| {
        let letters = person.nama.as_str().chars().filter(|c| c.is_alphabetic()).count();
        let is_old = |born: TglLahir| today.years_since(born.date()).is_some_and(|age| age > AGE_USUAL_MAX);
        letters < NAME_LETTERS_MIN || person.tgl_lahir.is_some_and(is_old)
    })
}

/// Whether a form is the office's own example, sent back as it was printed: its day is the next that can be asked for, or was.
fn is_example(snapshot: &Snapshot<'_>, form: &Form) -> bool {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let next = || next_day(office, calendar, office.date_at(now), now);
    let is_as_printed = match form.visit {
        Some(day) => next().is_some_and(|next| day <= next),
        None => form.applicant.alamat.is_some(),
    };
    form.is_sample() && is_as_printed
}

/// Days of birth that may be a slip for the day of writing: today and yesterday.
const JUST_BORN_DAYS: i64 = 1;

/// The people of a form, counted from 1, whose birth date may be a slip for the day of writing.
fn just_born(snapshot: &Snapshot<'_>, form: &Form) -> impl Iterator<Item = (u8, NaiveDate)> {
    let today = snapshot.office.date_at(snapshot.now);
    let is_recent = move |day: &NaiveDate| (today - *day).num_days() <= JUST_BORN_DAYS;
    let births: Vec<_> =
        (1..).zip(form.applicant.people().map(|person| person.tgl_lahir.map(TglLahir::date))).collect();
    births.into_iter().filter_map(|(number, born)| Some((number, born?))).filter(move |(_, born)| is_recent(born))
}

/// The form with a note on each birth date that may be a slip for the day of writing: the echo or the question shows it.
fn births_noted<'r>(snapshot: &Snapshot<'_>, request: &'r Request, form: &Form) -> Cow<'r, Request> {
    let alone = form.applicant.others.is_empty();
    let note = |(number, born): (u8, NaiveDate)| Note {
        kind: NoteKind::JustBorn,
        field: Some(Field::TglLahir),
        person: Some(number).filter(|_| !alone),
        from: born.to_string(),
        to: born.to_string(),
    };
    let notes: Vec<Note> = just_born(snapshot, form).map(note).collect();
    if notes.is_empty() {
        return Cow::Borrowed(request);
    }
    let mut form = form.clone();
    form.notes.extend(notes);
    Cow::Owned(Request::Form(form))
}
