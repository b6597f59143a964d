//! Limits the replies to one contact: a number of them in a window of time, none to machines that repeat themselves, and only what
//! was asked for to contacts who said `berhenti`.
//!
//! The message is served all the same: a form books, a code confirms. Only the reply is left out.

use chrono::{DateTime, Duration, Utc};

use super::decision::Decision;
use super::heard::Heard;
use super::outcome::Outcome;
use super::reply_quota::{HoldsOfDay, REPLIES_MINUTES, RESULTS_TIMES, ReplyQuota, SAME_MAX, SAME_QUESTION_MAX};
use super::snapshot::Snapshot;
use crate::domain::booking::State;
use crate::domain::deadline;

/// Whether an outcome only explains: the message asked for nothing that could be served.
fn is_explanation(outcome: &Outcome) -> bool {
    if let Outcome::Offered { told } = outcome {
        return is_explanation(told);
    }
    if let Outcome::Guide(step) = outcome {
        return step.wrong.is_some();
    }
    matches!(
        outcome,
        Outcome::Greeting
            | Outcome::GreetingHolding { .. }
            | Outcome::Placeholder { .. }
            | Outcome::Unreadable
            | Outcome::CancelAlone { .. }
            | Outcome::NotText { .. }
            | Outcome::Misread { .. }
            | Outcome::Thanks { .. }
            | Outcome::PhotoNotNeeded
    )
}

/// Whether a contact who wants no messages has not asked for this one. A form that was misread has to be answered.
fn is_unasked(outcome: &Outcome) -> bool {
    let is_answer = matches!(
        outcome,
        Outcome::Misread { .. } | Outcome::Placeholder { .. } | Outcome::Guide(_) | Outcome::Offered { .. }
    );
    is_explanation(outcome) && !is_answer
}

/// Counts the reply of a decision, leaves it out where it is one too many, and marks the last one before a pause.
pub(super) fn limited(snapshot: &Snapshot<'_>, heard: &Heard, mut decision: Decision) -> Decision {
    let now = snapshot.now;
    let window = Duration::minutes(REPLIES_MINUTES);
    let fresh = ReplyQuota { since: now, replies: 0, text: None, times: 0, holds: None, short_until: None };
    let is_running = |quota: &ReplyQuota| deadline::is_open(quota.since + window, window, now);
    let mut quota = snapshot.chat.quota.filter(is_running).unwrap_or(fresh);
    // Two machines that quote each other change their texts a little each time: texts with paragraphs count as one text.
    let text = heard.text.map(|text| if heard.has_paragraphs { 0 } else { text });
    quota.times = if text.is_some() && text == quota.text { quota.times.saturating_add(1) } else { 1 };
    quota.text = text;
    quota.holds = holds_after(snapshot, &decision);
    quota.short_until = short_until(snapshot, &decision);
    let changed = !decision.changed.is_empty();
    let cap = snapshot.replies_max;
    let limit = if changed { cap.saturating_mul(RESULTS_TIMES) } else { cap };
    decision.outcome = decision.outcome.filter(|outcome| {
        let first = outcome.first();
        let same_max = match first {
            // Somebody who asks again has not found the answer. But our own replies contain questions as well, when they are
            // sent back.
            Outcome::Answers(_) if !heard.has_paragraphs => Some(SAME_QUESTION_MAX),
            Outcome::Answers(_) => Some(SAME_MAX),
            first => is_explanation(first).then_some(SAME_MAX),
        };
        let is_machine = !changed && same_max.is_some_and(|same_max| quota.times > same_max);
        let is_unwanted = snapshot.chat.muted && decision.chat.muted && is_unasked(first);
        !is_machine && !is_unwanted && quota.replies < limit
    });
    if decision.outcome.is_some() {
        quota.replies += 1;
        decision.pause_until = (quota.replies == cap).then_some(quota.since + window);
    }
    decision.chat.quota = Some(quota);
    decision
}

/// When the contact's short hold ends after a decision; it outlives the window of replies.
fn short_until(snapshot: &Snapshot<'_>, decision: &Decision) -> Option<DateTime<Utc>> {
    match &decision.outcome {
        Some(Outcome::Echo { hold, short: true, .. } | Outcome::PhotoWanted { hold, short: true, .. }) => {
            hold.hold_until
        }
        _ => snapshot.chat.quota.and_then(|quota| quota.short_until).filter(|until| snapshot.now < *until),
    }
}

/// The contact's count of unconfirmed holds after a decision.
fn holds_after(snapshot: &Snapshot<'_>, decision: &Decision) -> Option<HoldsOfDay> {
    let today = snapshot.office.date_at(snapshot.now);
    let mut taken = snapshot.holds_today().map_or(0, |holds| holds.taken);
    for booking in &decision.changed {
        let known = snapshot.bookings.iter().find(|known| known.id == booking.id);
        match (known, booking.state) {
            (None, State::Held) => taken += 1,
            (Some(hold), State::Booked)
                if hold.state == State::Held && snapshot.office.date_at(hold.created_at) == today =>
            {
                taken = taken.saturating_sub(1);
            }
            _ => {}
        }
    }
    (taken > 0).then_some(HoldsOfDay { day: today, taken })
}
