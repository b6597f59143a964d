//! The guided dialogue: offered where forms fail, one question at a time, then the form as if it had come in one message.

use super::{clarify, form, hold, reminder};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::guide::{Advance, Guide, GuideMessage, GuideStage};
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::refusal::Refusal;
use crate::domain::code::ApprovalCode;
use crate::domain::office::Approval;
use crate::domain::person::PARTY_MAX;
use crate::domain::seats::{NotLoaded, Wish};
use crate::domain::slot::Session;
use crate::grammar::{Field, Format, Misread, Request};

/// Days that are offered for the visit.
const DAYS_OFFERED: usize = 3;

/// A message while the dialogue is open; `None` where it is not for the dialogue.
pub(in crate::conversation) fn heard(
    context: &mut Context<'_>,
    request: &Request,
) -> Result<Option<Decision>, NotLoaded> {
    let snapshot = context.snapshot;
    let (Some(Choices::Guide(guide)), Some(text)) = (snapshot.open_question(), snapshot.text) else { return Ok(None) };
    if is_code(context, request) || guide.stage != GuideStage::Begun && snapshot.hold().is_some() {
        return Ok(None);
    }
    let sent_on = snapshot.office.date_at(context.sent_at);
    match guide.advance(GuideMessage { formats: snapshot.formats, request, text, sent_on }) {
        Advance::Elsewhere => Ok(None),
        Advance::Ended => {
            let mut chat = context.chat();
            chat.question = None;
            Ok(Some(Decision::tell(chat, Outcome::GuideEnded)))
        }
        Advance::On(guide, wrong) => go_on(context, guide, wrong).map(Some),
    }
}

/// Whether digits are the code that a hold waits for: it is no answer.
fn is_code(context: &Context<'_>, request: &Request) -> bool {
    let Request::Digits(digits) = request else { return false };
    let code = ApprovalCode::read(digits);
    code.is_some() && context.snapshot.hold().is_some_and(|hold| hold.approval == code)
}

/// `mau daftar`: how to register, and the dialogue is offered; a dialogue that has begun goes on.
pub(in crate::conversation) fn wanted(context: &Context<'_>) -> Decision {
    let snapshot = context.snapshot;
    if let Some(waiting) = reminder::open_question(snapshot, snapshot.chat) {
        return context.tell(waiting);
    }
    if let Some(hold) = snapshot.hold() {
        return context.tell(hold::told_again(snapshot, hold));
    }
    if snapshot.formats.is_empty() {
        return context.tell(Outcome::Greeting);
    }
    let mut chat = context.chat();
    chat.question = Some(Question::new(Choices::Guide(Box::new(Guide::offered())), snapshot.now));
    Decision::tell(chat, Outcome::Offered { told: Box::new(Outcome::Greeting) })
}

/// What cannot be read: a name alone is remembered, so that a birth date after it finds it.
pub(in crate::conversation) fn unreadable(context: &Context<'_>) -> Decision {
    let mut decision = reminder::or_else(context, Outcome::Unreadable);
    let snapshot = context.snapshot;
    let sent_on = snapshot.office.date_at(context.sent_at);
    if decision.outcome == Some(Outcome::Unreadable)
        && let (Some(text), Some(format)) = (snapshot.text, snapshot.formats.first())
        && format.is_name(text, sent_on)
    {
        let name = Choices::Guide(Box::new(Guide::of_name(text.trim(), format)));
        decision.chat.question = Some(Question::new(name, snapshot.now));
    }
    decision
}

/// Asks the next question, or serves the form that all answers make.
fn go_on(context: &mut Context<'_>, mut guide: Guide, mut wrong: Option<Box<Misread>>) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    let sent_on = snapshot.office.date_at(context.sent_at);
    match guide.finished(snapshot.formats, sent_on) {
        Some(Request::Misread(misread)) => {
            // A value that was valid when it was given may not be any more, such as a day that has passed since: it is asked
            // again.
            guide.answers.retain(|answer| Some(answer.field) != misread.field);
            wrong = Some(Box::new(misread));
        }
        Some(request) => {
            let decision = finish(context, &request)?;
            return if is_another_day_wanted(&decision) {
                ask_day_again(context, guide, decision)
            } else {
                Ok(decision)
            };
        }
        None => {}
    }
    if guide.offered.is_empty() {
        guide.offered = choices(context, &guide)?;
    }
    let Some(step) = guide.step(snapshot.formats, wrong) else {
        return Ok(reminder::or_else(context, Outcome::Greeting));
    };
    let mut chat = context.chat();
    chat.question = Some(Question::new(Choices::Guide(Box::new(guide)), snapshot.now));
    Ok(Decision::tell(chat, Outcome::Guide(Box::new(step))))
}

/// Whether the day was refused: another one is enough, and the dialogue waits for it.
fn is_another_day_wanted(decision: &Decision) -> bool {
    matches!(decision.outcome, Some(Outcome::Refused(Refusal::Day { .. } | Refusal::Full { .. })))
}

/// The refusal of the day, with the dialogue left open for another one.
fn ask_day_again(context: &Context<'_>, mut guide: Guide, mut decision: Decision) -> Result<Decision, NotLoaded> {
    guide.answers.retain(|answer| answer.field != Field::TglKedatangan);
    guide.offered = choices(context, &guide)?;
    decision.chat.question = Some(Question::new(Choices::Guide(Box::new(guide)), context.snapshot.now));
    Ok(decision)
}

/// The form of all answers. Where no code follows, it is shown first: nothing is booked that was not seen as a whole.
fn finish(context: &mut Context<'_>, request: &Request) -> Result<Decision, NotLoaded> {
    match request {
        Request::Form(form) if context.snapshot.office.policy.approval == Approval::Code => {
            form::form(context, form, None)
        }
        Request::Form(form) => {
            let mut chat = context.chat();
            let photo_kept = chat.photo.is_some_and(|photo| context.snapshot.now < photo.until);
            let asked = Choices::Form { forms: vec![form.clone()], sent_at: context.sent_at };
            chat.question = Some(Question::new(asked, context.snapshot.now));
            Ok(Decision::tell(chat, Outcome::Confirm { form: form.clone(), photo_kept }))
        }
        _ => clarify::form_or_question(context, request),
    }
}

/// What the next question offers to choose from by number, as the format writes it.
fn choices(context: &Context<'_>, guide: &Guide) -> Result<Vec<String>, NotLoaded> {
    let formats = context.snapshot.formats;
    let Some(format) = formats.iter().find(|format| Some(format.id()) == guide.format.as_ref()) else {
        return Ok(formats.iter().map(|format| format.id().as_str().to_owned()).collect());
    };
    Ok(match guide.open_field(format) {
        Some((Field::TglKedatangan, _)) => free_days(context, guide, format)?,
        Some((Field::Sesi, _)) => Session::ALL.iter().map(|session| session.name().to_owned()).collect(),
        Some((Field::Layanan, _)) => {
            format.limits().services.iter().map(|service| service.as_str().to_owned()).collect()
        }
        Some(_) => Vec::new(),
        None => guide.alternatives(format),
    })
}

/// The next days with a seat for everybody who comes.
fn free_days(context: &Context<'_>, guide: &Guide, format: &Format) -> Result<Vec<String>, NotLoaded> {
    let snapshot = context.snapshot;
    let taken = guide.taken();
    let text = |wanted| taken.iter().find(|(field, _)| *field == wanted).map(|(_, text)| text.as_str());
    let party = text(Field::Jumlah).and_then(|count| count.parse().ok()).unwrap_or(1).min(u32::from(PARTY_MAX));
    let session = text(Field::Sesi).and_then(|name| Session::ALL.into_iter().find(|session| session.name() == name));
    let mut days = Vec::new();
    let mut from = snapshot.office.date_at(snapshot.now);
    while days.len() < DAYS_OFFERED {
        let wish = Wish { from, party, roll: true, session };
        let Some(slot) = context.seats.find(snapshot.office, snapshot.calendar, wish, snapshot.now)? else { break };
        let text = format.spell_visit(slot.date);
        // A day that the format's own rules refuse is not offered.
        if format.read_piece(Field::TglKedatangan, &text, snapshot.office.date_at(context.sent_at)).is_ok() {
            days.push(text);
        }
        let Some(next) = slot.date.succ_opt() else { break };
        from = next;
    }
    Ok(days)
}
