//! Opting out of messages (`berhenti`) and in again (`mulai`).

use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::domain::booking::Awaits;

/// `berhenti`: one farewell, then only what is asked for. It ends an open question.
pub(in crate::conversation) fn stop(context: &Context<'_>) -> Decision {
    let mut chat = context.chat();
    chat.question = None;
    if chat.muted {
        return Decision::silent(chat);
    }
    chat.muted = true;
    let hold = context.snapshot.hold().filter(|hold| hold.awaits != Some(Awaits::Offer)).cloned();
    Decision::tell(chat, hold.map_or(Outcome::Muted, |hold| Outcome::MutedHolding { hold }))
}

/// `mulai`: replies come as before.
pub(in crate::conversation) fn start(context: &Context<'_>) -> Decision {
    let mut chat = context.chat();
    let outcome = if chat.muted { Outcome::Unmuted } else { Outcome::Greeting };
    chat.muted = false;
    Decision::tell(chat, outcome)
}
