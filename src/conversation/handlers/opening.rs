//! A form that came before its day opens: its citizen may be told at the opening.

use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::conversation::refusal::{Refusal, RefusedDay};
use crate::conversation::snapshot::Snapshot;
use crate::conversation::waiting::WaitingTold;
use crate::domain::notice::Kind;
use crate::domain::opening::{Opening, next_opening};
use crate::domain::seats::NotLoaded;

/// The refusal, with the question whether to tell them where the office can: it is noted in `chat`.
pub(super) fn asked(snapshot: &Snapshot<'_>, chat: &mut Chat, refused: Outcome) -> Outcome {
    let Outcome::Refused(refusal) = refused else { return refused };
    let Some(opening) = told_later(snapshot, &refusal) else { return Outcome::Refused(refusal) };
    chat.question = Some(Question::new(Choices::Opening { opening }, snapshot.now));
    Outcome::Waiting(Box::new(WaitingTold::OpeningAsked { refusal }))
}

/// The opening that a refused form waits for, where its citizen can be told of it at that moment.
fn told_later(snapshot: &Snapshot<'_>, refusal: &Refusal) -> Option<Opening> {
    let Snapshot { office, calendar, now, chat, .. } = *snapshot;
    let Refusal::Day { asked, why: RefusedDay::NotReleased { opens }, .. } = refusal else { return None };
    let notices = &office.notices;
    let is_said = notices.says(Kind::Opening) && notices.earliest(Kind::Opening, office.zone, *opens) == *opens;
    let alone = Opening { at: *opens, first: *asked, last: *asked };
    let opening = next_opening(office, calendar, now).filter(|next| next.at == *opens).unwrap_or(alone);
    (is_said && !chat.muted).then_some(opening)
}

/// `ya`: one notice at the opening; `None` where that was not asked.
pub(super) fn agreed(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let Choices::Opening { opening } = *context.snapshot.open_question()? else { return None };
    let mut chat = context.chat();
    chat.question = None;
    let outcome = Outcome::Waiting(Box::new(WaitingTold::OpeningNoted { at: opening.at }));
    let mut decision = Decision::tell(chat, outcome);
    decision.opening = Some(opening);
    Some(Ok(decision))
}
