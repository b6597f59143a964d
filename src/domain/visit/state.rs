//! Where a visit stands, and the one table of steps that moves it.

use serde::{Deserialize, Serialize};

/// How often somebody who was called may be called again: more keeps everybody else waiting.
pub const RECALLS_MAX: u32 = 3;
/// How often somebody is called, the first call included, before they count as not here.
pub const CALLS_BEFORE_MISSED: u32 = 3;
/// Seconds between two calls of one person: as long as the way from the far end of a hall, or from the toilet.
pub const CALL_AGAIN_SECONDS: i64 = 60;
/// Seconds in which a step can be taken back: it is for a slip of the hand, not for another opinion.
pub const UNDO_SECONDS: i64 = 60;

/// Where a visit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// They are here and wait.
    Arrived,
    /// A counter has called them.
    Called,
    /// They are at the counter.
    Serving,
    /// Put aside by a counter; they keep their place.
    Parked,
    /// They were called and did not come.
    Missed,
    /// They were served.
    Done,
    /// They had a booking, and did not come before its grace was over.
    NoShow,
    /// They came, and the day ended before it was their turn. Never the same as not having come.
    Unserved,
    /// Their arrival was entered by mistake and taken back: they count as not here yet.
    Withdrawn,
}

/// What is done to a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// They come to the front desk.
    Arrive,
    /// A counter calls them.
    Call,
    /// A counter calls them again.
    Recall,
    /// They come to the counter.
    Come,
    /// They did not come to the counter.
    Miss,
    /// The counter puts them aside.
    Park,
    /// They wait again.
    Return,
    /// Another counter is to serve them.
    Redirect,
    /// They were served.
    Finish,
    /// Their hour is over, and they did not come.
    MarkAbsent,
    /// The day is over.
    EndDay,
    /// The last step is taken back.
    Undo,
}

impl State {
    /// All states, for tables and tests.
    pub const ALL: [Self; 9] = [
        Self::Arrived,
        Self::Called,
        Self::Serving,
        Self::Parked,
        Self::Missed,
        Self::Done,
        Self::NoShow,
        Self::Unserved,
        Self::Withdrawn,
    ];

    /// The one table of steps: where `action` leads from `from`, which is `None` for somebody of whom nothing is known today.
    /// `None` where the step is not possible. An undo leads to what was before, so it has no row here.
    pub fn after(from: Option<Self>, action: Action) -> Option<Self> {
        use Action::{Arrive, Call, Come, EndDay, Finish, MarkAbsent, Miss, Park, Recall, Redirect, Return};
        Some(match (from, action) {
            // A late one is let in by whoever may decide that.
            (None | Some(Self::Withdrawn | Self::NoShow), Arrive)
            | (Some(Self::Parked | Self::Missed), Return)
            | (Some(Self::Called | Self::Serving), Redirect) => Self::Arrived,
            (Some(Self::Arrived), Call) | (Some(Self::Called), Recall) => Self::Called,
            (Some(Self::Called), Come) => Self::Serving,
            (Some(Self::Called), Miss) => Self::Missed,
            (Some(Self::Called | Self::Serving), Park) => Self::Parked,
            (Some(Self::Serving), Finish | EndDay) => Self::Done,
            (None | Some(Self::Withdrawn), MarkAbsent) => Self::NoShow,
            (Some(Self::Arrived | Self::Called | Self::Parked), EndDay) => Self::Unserved,
            _ => return None,
        })
    }

    /// Where `action` leads from `from` where it is entered from paper, after the computers were off: they came, or were served, and no
    /// counter is known.
    pub fn after_on_paper(from: Option<Self>, action: Action) -> Option<Self> {
        match (from, action) {
            (None | Some(Self::Withdrawn | Self::NoShow), Action::Arrive) => Some(Self::Arrived),
            (Some(Self::Arrived), Action::Finish) => Some(Self::Done),
            _ => None,
        }
    }

    /// Whether the person is, or was, here today: their booking stays as it is.
    pub fn has_come(self) -> bool {
        !matches!(self, Self::NoShow | Self::Withdrawn)
    }

    /// Whether somebody at a counter is busy with them.
    pub fn is_at_counter(self) -> bool {
        matches!(self, Self::Called | Self::Serving)
    }

    /// Whether the day's end would change it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Arrived | Self::Called | Self::Serving | Self::Parked)
    }

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arrived => "arrived",
            Self::Called => "called",
            Self::Serving => "serving",
            Self::Parked => "parked",
            Self::Missed => "missed",
            Self::Done => "done",
            Self::NoShow => "no_show",
            Self::Unserved => "unserved",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }
}

impl Action {
    /// All actions, for tables and tests.
    pub const ALL: [Self; 12] = [
        Self::Arrive,
        Self::Call,
        Self::Recall,
        Self::Come,
        Self::Miss,
        Self::Park,
        Self::Return,
        Self::Redirect,
        Self::Finish,
        Self::MarkAbsent,
        Self::EndDay,
        Self::Undo,
    ];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Arrive => "arrive",
            Self::Call => "call",
            Self::Recall => "recall",
            Self::Come => "come",
            Self::Miss => "miss",
            Self::Park => "park",
            Self::Return => "return",
            Self::Redirect => "redirect",
            Self::Finish => "finish",
            Self::MarkAbsent => "mark_absent",
            Self::EndDay => "end_day",
            Self::Undo => "undo",
        }
    }

    /// The action of a name in the database.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `Arrived` among the states that lead to `NoShow`, the last assertion fails.
    #[test]
    fn whoever_came_is_never_a_no_show_and_whoever_was_served_stays_served() {
        for action in Action::ALL {
            assert_eq!(State::after(Some(State::Done), action), None, "{action:?}");
            assert_eq!(State::after(Some(State::Unserved), action), None, "{action:?}");
            for from in State::ALL.into_iter().filter(|state| state.has_come()) {
                assert!(State::after(Some(from), action).is_none_or(State::has_come), "{from:?} {action:?}");
            }
        }
    }

    #[test]
    fn only_who_waits_is_called_and_only_a_counter_leads_to_a_counter() {
        for from in std::iter::once(None).chain(State::ALL.map(Some)) {
            assert_eq!(State::after(from, Action::Call).is_some(), from == Some(State::Arrived), "{from:?}");
            let is_possible =
                Action::ALL.into_iter().filter_map(|action| State::after(from, action)).any(State::is_at_counter);
            assert_eq!(is_possible, matches!(from, Some(State::Arrived | State::Called)), "{from:?}");
            assert_eq!(State::after(from, Action::EndDay).is_some(), from.is_some_and(State::is_open), "{from:?}");
        }
    }

    #[test]
    fn names_read_back() {
        for state in State::ALL {
            assert_eq!(State::named(state.name()), Some(state));
        }
        for action in Action::ALL {
            assert_eq!(Action::named(action.name()), Some(action));
        }
    }
}
