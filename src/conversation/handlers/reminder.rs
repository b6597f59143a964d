//! Reminds of what is waited for: the answer to a question, an approval code, or a photo.

use super::{closed_day, hold, reschedule};
use crate::conversation::chat::Chat;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::guide::GuideStage;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::Choices;
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Awaits, Booking};
use crate::grammar::Request;

/// A greeting or `terima kasih`: a reply in kind, with the booking code where there is one; whoever still owes an answer, a code or
/// a photo is reminded of it.
pub(in crate::conversation) fn courtesy(context: &Context<'_>, request: &Request) -> Decision {
    let snapshot = context.snapshot;
    let greeted = |hold: &Booking| Outcome::GreetingHolding { hold: hold.clone() };
    let held = |hold: &Booking| match request {
        Request::Greeting if hold.awaits != Some(Awaits::Offer) => {
            closed_day::told(snapshot, hold).unwrap_or_else(|| greeted(hold))
        }
        _ => hold::told_again(snapshot, hold),
    };
    let waiting = open_question(snapshot, snapshot.chat).or_else(|| snapshot.hold().map(held));
    context.tell(waiting.unwrap_or_else(|| match request {
        Request::Thanks => Outcome::Thanks { booking: snapshot.booked().first().map(|booking| (*booking).clone()) },
        _ => Outcome::Greeting,
    }))
}

/// Reminds whoever said something else of what is waited for; `otherwise` where nothing is.
pub(in crate::conversation) fn or_else(context: &Context<'_>, otherwise: Outcome) -> Decision {
    let snapshot = context.snapshot;
    let outcome = open_question(snapshot, snapshot.chat).unwrap_or_else(|| match snapshot.hold() {
        Some(hold) if hold.awaits == Some(Awaits::Code) => {
            closed_day::told(snapshot, hold).unwrap_or_else(|| Outcome::CodeAwaited { hold: hold.clone() })
        }
        Some(hold) => hold::told_again(snapshot, hold),
        None => otherwise,
    });
    context.tell(outcome)
}

/// The open question once more, for what does not answer it; `chat` says whether a photo is kept meanwhile.
pub(super) fn open_question(snapshot: &Snapshot<'_>, chat: &Chat) -> Option<Outcome> {
    let photo_kept = chat.photo.is_some_and(|photo| snapshot.now < photo.until);
    match snapshot.open_question()? {
        Choices::Form { forms, .. } => Some(Outcome::Confirm { form: forms.first()?.clone(), photo_kept }),
        Choices::Day { ask, .. } => Some(Outcome::WhichDay { ask: ask.clone(), photo_kept }),
        Choices::NewDay { .. } | Choices::Move { .. } => reschedule::asked_again(snapshot),
        Choices::Guide(guide) if guide.stage == GuideStage::Begun => {
            Some(Outcome::Guide(Box::new(guide.step(snapshot.formats, None)?)))
        }
        // Asked once; whoever thanks for a reminder is not reminded again.
        Choices::GiveUp { .. }
        | Choices::Restore { .. }
        | Choices::Reminder { .. }
        | Choices::Wait { .. }
        | Choices::Opening { .. }
        | Choices::Guide(_)
        | Choices::Erase => None,
        Choices::Cancel(asked) => {
            let live = snapshot.live();
            let choice = |id: &i64| live.iter().find(|booking| booking.id == *id).map(|booking| (*booking).clone());
            // The numbers that were shown must keep their meaning: with one booking gone there is no question any more.
            let bookings = asked.iter().map(choice).collect::<Option<_>>()?;
            Some(Outcome::WhichToCancel { bookings })
        }
    }
}
