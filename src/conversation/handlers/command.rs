//! Commands that only report or set something.

use super::waiting;
use crate::conversation::at_counter;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::lang::Lang;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::Choices;
use crate::conversation::waiting::WaitingTold;
use crate::domain::booking::Booking;
use crate::grammar::Command;

/// `#status`: the live bookings and holds, or the one whose code is named.
pub(in crate::conversation) fn status(context: &Context<'_>, command: &Command) -> Decision {
    let snapshot = context.snapshot;
    let mut chat = context.chat();
    // The reply is a numbered list, so a number would no longer mean the booking that was listed before.
    if let Some(Choices::Cancel(_) | Choices::NewDay { .. } | Choices::Move { .. } | Choices::Reminder { .. }) =
        snapshot.open_question()
    {
        chat.question = None;
    }
    if command.code.is_none()
        && let Some(visits) = at_counter::here_today(snapshot)
    {
        return Decision::tell(chat, Outcome::Queue { visits, bookings: at_counter::not_here(snapshot) });
    }
    let mut bookings: Vec<Booking> = snapshot.live().into_iter().cloned().collect();
    if let Some(code) = &command.code {
        bookings.retain(|booking| booking.code == *code);
    }
    let photo_until = chat.photo.map(|photo| photo.until).filter(|&until| snapshot.now < until);
    let own = snapshot.waiting.and_then(|list| Some((list, list.of(snapshot.channel, snapshot.contact)?)));
    if let Some((list, entry)) = own.filter(|_| command.code.is_none()) {
        let place = waiting::place(snapshot, list, entry);
        let told = WaitingTold::Status { bookings, photo_until, place };
        return Decision::tell(chat, Outcome::Waiting(Box::new(told)));
    }
    Decision::tell(chat, Outcome::Status { bookings, photo_until })
}

/// `#english`, `#indonesia`.
pub(in crate::conversation) fn language(context: &Context<'_>, lang: Lang) -> Decision {
    let mut chat = context.chat();
    chat.lang = lang;
    Decision::tell(chat, Outcome::LanguageSet)
}
