//! Asks before a form counts: is the correction right, which day is meant. `answer.rs` takes the answers.

use std::borrow::Cow;

use super::{form, guide_offer};
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::snapshot::Snapshot;
use crate::domain::office::Approval;
use crate::domain::seats::NotLoaded;
use crate::domain::slot::{Asked, judge};
use crate::grammar::{Ask, Choice, Field, Form, Request};

/// The request without the days that this office no longer serves: where it books from tomorrow on, `selasa` on a Tuesday means the
/// next one. Where no day would be left all stay, so that the reply can say why.
pub(in crate::conversation) fn servable<'r>(snapshot: &Snapshot<'_>, request: &'r Request) -> Cow<'r, Request> {
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

/// Serves a form, or asks first where it is in doubt.
pub(in crate::conversation) fn form_or_question(
    context: &mut Context<'_>,
    request: &Request,
) -> Result<Decision, NotLoaded> {
    match request {
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

/// Whether a corrected form is asked about first: where an approval code follows, the echo asks anyway.
pub(super) fn is_doubtful(snapshot: &Snapshot<'_>, form: &Form) -> bool {
    !form.notes.is_empty() && snapshot.office.policy.approval == Approval::None
}
