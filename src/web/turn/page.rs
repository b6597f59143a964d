//! A turn in words, for the page and for its updates.

use serde::Serialize;

use super::texts::Texts;
use crate::domain::visit::{State, Wait};
use crate::front_desk::{Turn, TurnOf};

/// Somebody of the booking, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Card {
    pub(super) number: String,
    /// How urgent it is: the card's colour, beside its words.
    pub(super) tone: &'static str,
    pub(super) headline: String,
    /// What follows, a sentence each.
    pub(super) details: Vec<String>,
}

/// What the page shows, and is told again while it is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Shown {
    pub(super) cards: Vec<Card>,
    /// What concerns whoever has not come.
    pub(super) note: Option<&'static str>,
    /// The time at the office.
    pub(super) clock: String,
}

/// A turn in words.
pub(super) fn shown(t: &Texts, turn: &Turn) -> Shown {
    let note = match (turn.is_today, turn.people.is_empty()) {
        (false, _) => Some(t.later),
        (true, true) => Some(t.not_here),
        (true, false) if turn.missing > 0 => Some(t.others_not_here),
        (true, false) => None,
    };
    let local = turn.office.zone.local(turn.now);
    Shown {
        cards: turn.people.iter().map(|person| card(t, turn, person)).collect(),
        note,
        clock: format!("{} {}", local.format("%H.%M"), turn.office.zone.name()),
    }
}

fn card(t: &Texts, turn: &Turn, person: &TurnOf) -> Card {
    let at = |text: &str| format!("{text} {}", person.counter.unwrap_or_default());
    let (tone, headline) = match person.state {
        State::Arrived => match person.wait {
            Some(Wait { before: 0, .. }) => ("soon", t.next.to_owned()),
            Some(Wait { before, .. }) => ("wait", format!("{before} {}", t.before_after)),
            None => ("wait", t.waiting.to_owned()),
        },
        State::Called => ("now", at(t.called)),
        State::Serving => ("now", at(t.serving)),
        State::Parked => ("wait", t.parked.to_owned()),
        State::Missed => ("bad", t.missed.to_owned()),
        State::Done => ("done", t.done.to_owned()),
        State::Unserved => ("bad", t.unserved.to_owned()),
        State::NoShow | State::Withdrawn => ("bad", t.no_show.to_owned()),
    };
    let details = person.wait.map(|wait| waiting_time(t, turn, wait)).unwrap_or_default();
    Card { number: person.number.clone(), tone, headline, details }
}

/// A range with its age, or that nobody knows.
fn waiting_time(t: &Texts, turn: &Turn, wait: Wait) -> Vec<String> {
    let Some(estimate) = wait.estimate else { return vec![t.unknown.to_owned()] };
    let as_of = turn.office.zone.local(estimate.as_of).format("%H.%M");
    vec![
        format!("{}: {} {} {} {}.", t.estimate, estimate.from, t.until, estimate.until, t.minutes),
        format!("{} {as_of}.", t.as_of),
    ]
}
