//! `ya`: to the question that is open, or to the echo that was the last reply.

use super::{answer, cancel, code, member, notice, reminder, undo};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::domain::seats::NotLoaded;

/// `ya`: whatever was asked; without a question, the echo that stands above it; otherwise a reminder of what is waited for.
pub(in crate::conversation) fn yes(context: &mut Context<'_>) -> Result<Decision, NotLoaded> {
    for agree in [answer::yes, notice::agreed, cancel::agreed, member::agreed, undo::accepted, code::by_word] {
        if let Some(decided) = agree(context) {
            return decided;
        }
    }
    Ok(reminder::or_else(context, Outcome::Greeting))
}
