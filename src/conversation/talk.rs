//! How much is said to one citizen: a cap in ten minutes, silence towards machines, and towards those who asked for it.
//!
//! Whatever is not answered is served all the same: a form books, a code confirms. Only words are saved.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::decide::{Chat, Decision, Heard, Snapshot};
use super::limits::HoldsOfDay;
use super::outcome::Outcome;
use crate::domain::deadline;

/// Answers to one contact in [`REPLIES_MINUTES`] where an installation says nothing else: three a minute are more than a
/// hurried person reads, and each may cost the office money.
pub const REPLIES_MAX: u32 = 30;
/// How many times as many answers may tell of a booking made or changed: they are given beyond the cap, but not without
/// end.
pub const RESULTS_TIMES: u32 = 2;
/// The time that both are counted in, in minutes; it begins with the first answer.
pub const REPLIES_MINUTES: i64 = 10;
/// How often the same text gets the same explanation before it gets none: a person changes something, a machine does not.
pub const SAME_MAX: u32 = 3;

/// What was said to a contact lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Talk {
    /// When the count began.
    pub since: DateTime<Utc>,
    /// Answers since then.
    pub replies: u32,
    /// The last text, as a number ([`Heard::text`]). It is stored under a name of its own: what earlier versions kept as
    /// `text` came from a hasher that nobody promises, and is never compared with this one.
    #[serde(rename = "fnv1a", default)]
    pub text: Option<u64>,
    /// How often it came in a row.
    pub times: u32,
    /// Unconfirmed holds that they took today.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub holds: Option<HoldsOfDay>,
}

/// Whether an outcome only explains: nothing was asked for that could be had.
fn is_explanation(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Greeting
            | Outcome::Placeholder { .. }
            | Outcome::Unreadable
            | Outcome::CancelAlone
            | Outcome::NotText { .. }
            | Outcome::Misread { .. }
            | Outcome::Thanks { .. }
            | Outcome::PhotoNotNeeded
    )
}

/// What somebody who wants no messages has not asked for.
fn is_unasked(outcome: &Outcome) -> bool {
    is_explanation(outcome) && !matches!(outcome, Outcome::Misread { .. } | Outcome::Placeholder { .. })
}

/// Takes away an answer that is one too many, and marks the last one before a pause.
pub(super) fn measured(snapshot: &Snapshot<'_>, heard: &Heard, mut decision: Decision) -> Decision {
    let now = snapshot.now;
    let length = Duration::minutes(REPLIES_MINUTES);
    let fresh = Talk { since: now, replies: 0, text: None, times: 0, holds: None };
    let mut talk =
        snapshot.chat.talk.filter(|talk| deadline::is_open(talk.since + length, length, now)).unwrap_or(fresh);
    talk.times = if heard.text.is_some() && heard.text == talk.text { talk.times.saturating_add(1) } else { 1 };
    talk.text = heard.text;
    talk.holds = super::limits::counted(snapshot, &decision);
    let changed = !decision.changed.is_empty();
    let cap = snapshot.replies_max;
    let limit = if changed { cap.saturating_mul(RESULTS_TIMES) } else { cap };
    decision.outcome = decision.outcome.filter(|outcome| {
        let is_machine = !changed && is_explanation(outcome) && talk.times > SAME_MAX;
        let is_unwanted = snapshot.chat.muted && decision.chat.muted && is_unasked(outcome);
        !is_machine && !is_unwanted && talk.replies < limit
    });
    if decision.outcome.is_some() {
        talk.replies += 1;
        decision.pause_until = (talk.replies == cap).then_some(talk.since + length);
    }
    decision.chat.talk = Some(talk);
    decision
}

/// `berhenti`: one word of farewell, then only what is asked for.
pub(super) fn stop(mut chat: Chat) -> Decision {
    if chat.muted {
        return Decision::silent(chat);
    }
    chat.muted = true;
    Decision::tell(chat, Outcome::Muted)
}

/// `mulai`: all is as before.
pub(super) fn start(mut chat: Chat) -> Decision {
    let outcome = if chat.muted { Outcome::Unmuted } else { Outcome::Greeting };
    chat.muted = false;
    Decision::tell(chat, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with the number stored under its old name, one of an older program is taken for one of ours.
    #[test]
    fn a_number_that_an_older_program_stored_is_not_compared_with_ours() {
        let stored = r#"{"since":"2017-08-01T02:00:00Z","replies":3,"text":7,"times":2}"#;
        let talk: Talk = serde_json::from_str(stored).unwrap();
        assert_eq!((talk.replies, talk.text, talk.times), (3, None, 2), "its count of answers goes on");
        let kept = serde_json::to_string(&Talk { text: Some(7), ..talk }).unwrap();
        assert_eq!(serde_json::from_str::<Talk>(&kept).unwrap().text, Some(7));
    }
}
