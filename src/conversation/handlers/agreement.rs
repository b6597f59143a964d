//! `ya` and `tidak`: to the question that is open, or to the echo that was the last reply.

use super::{
    answer, attendance, cancel, code, handover, member, notice, opening, personal_data, reminder, shared, undo, waiting,
};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::Choices;
use crate::domain::seats::NotLoaded;
use crate::grammar::is_refusal;

/// `ya`: whatever was asked; without a question, the echo that stands above it; otherwise a reminder of what is waited for.
pub(in crate::conversation) fn yes(context: &mut Context<'_>) -> Result<Decision, NotLoaded> {
    for agree in [
        answer::yes,
        notice::agreed,
        cancel::agreed,
        personal_data::agreed,
        member::agreed,
        undo::accepted,
        opening::agreed,
        waiting::accepted,
        shared::accepted,
        code::by_word,
        waiting::too_late,
    ] {
        if let Some(decided) = agree(context) {
            return decided;
        }
    }
    if let Some(decided) = attendance::agreed(context) {
        return Ok(decided);
    }
    Ok(handover::said_to_officer(context).unwrap_or_else(|| reminder::or_else(context, Outcome::Greeting)))
}

/// `tidak` to a question about cancelling, moving or taking back: nothing is changed, and the question ends. `None` where no such
/// question is open, or the message says something else; what to correct in a form is another question.
pub(in crate::conversation) fn no(context: &Context<'_>) -> Option<Decision> {
    let snapshot = context.snapshot;
    let is_ended_by_no = matches!(
        snapshot.open_question()?,
        Choices::GiveUp { .. }
            | Choices::Restore { .. }
            | Choices::Cancel(_)
            | Choices::NewDay { .. }
            | Choices::Move { .. }
            | Choices::Wait { .. }
            | Choices::Erase
    );
    if !is_ended_by_no || !snapshot.text.is_some_and(is_refusal) {
        return None;
    }
    let mut chat = context.chat();
    chat.question = None;
    let bookings = snapshot.live().into_iter().cloned().collect();
    Some(Decision::tell(chat, Outcome::NothingChanged { bookings }))
}
