//! `ya`: to the question that is open, or to the echo that was the last reply.

use super::{answer, cancel, code, handover, member, notice, opening, reminder, shared, undo, waiting};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::domain::seats::NotLoaded;

/// `ya`: whatever was asked; without a question, the echo that stands above it; otherwise a reminder of what is waited for.
pub(in crate::conversation) fn yes(context: &mut Context<'_>) -> Result<Decision, NotLoaded> {
    for agree in [
        answer::yes,
        notice::agreed,
        cancel::agreed,
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
    Ok(handover::said_to_officer(context).unwrap_or_else(|| reminder::or_else(context, Outcome::Greeting)))
}
