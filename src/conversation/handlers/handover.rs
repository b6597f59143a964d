//! Conversations with an officer: opened by `#petugas`, left by `#lanjut`. Meanwhile only free talk is left to the officer.

use chrono::{DateTime, Utc};

use super::reminder;
use crate::conversation::answer::Answer;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::guide::GuideStage;
use crate::conversation::handover::{Handover, HandoverStep};
use crate::conversation::outcome::{Answers, Outcome};
use crate::conversation::question::Choices;
use crate::conversation::said::Said;
use crate::conversation::snapshot::Snapshot;
use crate::domain::code::APPROVAL_CODE_DIGITS;
use crate::domain::ticket::{ClosedBy, Ticket};
use crate::grammar::{Request, Topic};

fn told(step: HandoverStep) -> Outcome {
    Outcome::Handover(Box::new(step))
}

/// `#petugas`: a ticket, or the open one again. Where officers answer no messages, how else they can be reached.
pub(in crate::conversation) fn wanted(context: &mut Context<'_>) -> Decision {
    let snapshot = context.snapshot;
    let mut chat = context.chat();
    let before = chat.handover;
    if before.is_none() && !snapshot.office.policy.handover {
        let answers = vec![Answer::Topic(Topic::Officer)];
        let (hold, question_open) = (snapshot.hold().cloned(), snapshot.open_question().is_some());
        let answers = Answers { beside: None, answers, hold, question_open, in_english: false, in_malay: false };
        return context.tell(Outcome::Answers(Box::new(answers)));
    }
    let is_open = before.is_some_and(|before| before.ticket.is_talking(snapshot.now));
    let ticket = match before {
        Some(Handover { ticket, .. }) => ticket.asked(snapshot.now),
        None => Ticket::opened(context.next_id(), snapshot.now),
    };
    // The dialogue would take whatever is said to the officer for its next answer.
    if matches!(snapshot.open_question(), Some(Choices::Guide(_))) {
        chat.question = None;
    }
    chat.handover = Some(Handover { ticket, told: is_open && before.is_some_and(|before| before.told) });
    let step = if is_open {
        HandoverStep::StillOpen
    } else {
        HandoverStep::Opened { hold: snapshot.hold().cloned().map(Box::new) }
    };
    Decision { ticket: Some(ticket), ..Decision::tell(chat, told(step)) }
}

/// `#lanjut`: on without the officer.
pub(in crate::conversation) fn left(context: &Context<'_>) -> Decision {
    let mut chat = context.chat();
    let Some(Handover { ticket, .. }) = chat.handover.take() else {
        return reminder::or_else(context, told(HandoverStep::NotOpen));
    };
    let ticket = ticket.closed(ClosedBy::Citizen, context.snapshot.now);
    Decision { ticket: Some(ticket), ..Decision::tell(chat, told(HandoverStep::Left)) }
}

/// Free talk while a conversation with an officer is open; `None` for whatever is served as ever.
pub(in crate::conversation) fn talk(context: &Context<'_>, said: &Said) -> Option<Decision> {
    let Said::Text(request) = said else { return None };
    if !is_talk(context.snapshot, request) {
        return None;
    }
    let after = if *request == Request::Thanks { Ticket::thanked } else { Ticket::asked };
    to_officer(context, after)
}

/// Whether nothing but an officer can make anything of it: no form, code or command, and no answer to a question of ours.
fn is_talk(snapshot: &Snapshot<'_>, request: &Request) -> bool {
    let question = snapshot.open_question();
    match request {
        Request::Thanks | Request::Greeting | Request::Question | Request::Unreadable => {
            !matches!(question, Some(Choices::Guide(guide)) if guide.stage == GuideStage::Begun)
        }
        // The officer may have asked for a day or a number.
        Request::Day(_) => question.is_none(),
        Request::Digits(digits) => question.is_none() && digits.len() < APPROVAL_CODE_DIGITS,
        _ => false,
    }
}

/// Leaves what was said to the officer, who should answer it. `None` where no conversation with an officer is open.
pub(super) fn said_to_officer(context: &Context<'_>) -> Option<Decision> {
    to_officer(context, Ticket::asked)
}

/// Leaves what was said to the officer: the citizen is told the first time, then the ticket alone shows it. `after` makes of a ticket
/// what it is afterwards.
fn to_officer(context: &Context<'_>, after: fn(Ticket, DateTime<Utc>) -> Ticket) -> Option<Decision> {
    let now = context.snapshot.now;
    let mut chat = context.chat();
    let Handover { ticket, told: knows } = chat.handover.filter(|handover| handover.ticket.is_talking(now))?;
    let ticket = after(ticket, now);
    chat.handover = Some(Handover { ticket, told: true });
    let decision = if knows { Decision::silent(chat) } else { Decision::tell(chat, told(HandoverStep::Forwarded)) };
    Some(Decision { ticket: Some(ticket), ..decision })
}
