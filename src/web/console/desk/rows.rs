//! People and presses as the pages of the desk list them.

use chrono::{DateTime, Utc};

use super::opened::Opened;
use super::words::Words;
use crate::domain::visit::{Action, Lane, State};
use crate::front_desk::{Pressed, Standing};

/// Somebody in a list.
pub(super) struct Row {
    pub(super) number: String,
    /// The name, where there is one that may be seen.
    pub(super) name: Option<String>,
    /// The row that they wait in, and why.
    pub(super) lane: String,
    /// Whether they go before others, or after them: shown beside the word by a colour.
    pub(super) tone: &'static str,
    pub(super) state: &'static str,
    /// When they came.
    pub(super) since: String,
    /// The counter that they are at, or are for.
    pub(super) counter: Option<u32>,
    pub(super) version: i64,
    /// Whether they may wait again.
    pub(super) may_return: bool,
}

/// What a press did, as its page shows it.
pub(super) struct Result {
    pub(super) title: &'static str,
    pub(super) people: Vec<Row>,
    pub(super) warning: Option<String>,
    /// The press, where it can be taken back,
    pub(super) undo: Option<String>,
    /// until so late,
    pub(super) until: String,
    /// in so many seconds.
    pub(super) seconds: i64,
    /// Whether somebody was undone, and is shown with their state.
    pub(super) with_state: bool,
}

/// A line of a list.
pub(super) fn row(opened: &Opened, words: &Words<'_>, standing: &Standing) -> Row {
    let visit = &standing.visit;
    let reason = visit.reason.map(|reason| words.reason(reason));
    let lane = words.lane(visit.lane);
    let (arrived, missed) = (visit.state == State::Arrived, visit.state == State::Missed);
    Row {
        number: visit.number.clone(),
        name: opened.name(standing.name.as_ref()),
        lane: reason.map_or_else(|| lane.to_owned(), |reason| format!("{lane}: {reason}")),
        tone: match visit.lane {
            Lane::Priority => "wait",
            Lane::Late => "off",
            Lane::Booked | Lane::WalkIn => "",
        },
        state: words.state(visit.state),
        since: visit.arrived_at.map(|at| words.time(at)).unwrap_or_default(),
        counter: if arrived { visit.target } else { visit.counter },
        version: visit.version,
        may_return: !missed || visit.missed < 2,
    }
}

/// What a press did.
pub(super) fn result(opened: &Opened, words: &Words<'_>, nonce: &str, pressed: &Pressed, now: DateTime<Utc>) -> Result {
    Result {
        title: words.did(pressed.action),
        people: pressed.people.iter().map(|one| row(opened, words, one)).collect(),
        warning: pressed.warning.map(|warning| words.warning(warning)),
        undo: pressed.undo_until.filter(|_| opened.acts()).map(|_| nonce.to_owned()),
        until: pressed.undo_until.map(|until| words.second(until)).unwrap_or_default(),
        seconds: pressed.undo_until.map_or(0, |until| (until - now).num_seconds()),
        with_state: pressed.action == Action::Undo,
    }
}
