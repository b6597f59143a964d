//! Counts misread forms in a row, and offers the guided dialogue where it is one too many.

use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::guide::{Guide, GuideStage};
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::grammar::Misread;

/// Misread forms in a row after which the dialogue is offered.
const MISREADS_OFFER: u8 = 2;

/// Remembers a misread form without a likely repair, and offers the dialogue where it is one too many. A dialogue that has begun
/// stays open.
pub(super) fn after_misread(context: &Context<'_>, chat: &mut Chat, misread: &Misread, outcome: Outcome) -> Outcome {
    let snapshot = context.snapshot;
    let open = snapshot.chat.question.as_ref().filter(|question| question.is_open(snapshot.now));
    if let Some(Question { asked: Choices::Guide(guide), .. }) = open
        && guide.stage == GuideStage::Begun
    {
        chat.question = open.cloned();
        return outcome;
    }
    let misreads = open.map_or(0, |question| question.misreads).saturating_add(1);
    if chat.question.is_none() && misread.member.is_none() {
        let is_offered = misreads >= MISREADS_OFFER;
        let stage = if is_offered { GuideStage::Offered } else { GuideStage::Noted };
        let sent_on = snapshot.office.date_at(context.sent_at);
        let format = snapshot.formats.iter().find(|format| *format.id() == misread.format);
        let guide = format.map(|format| Guide::of_misread(misread, format, stage, sent_on));
        let Some(guide) = guide else { return outcome };
        chat.question = Some(Question { misreads, ..Question::new(Choices::Guide(Box::new(guide)), snapshot.now) });
        if is_offered {
            return Outcome::Offered { told: Box::new(outcome) };
        }
    } else if let Some(question) = &mut chat.question {
        question.misreads = misreads;
    }
    outcome
}
