//! `[policy]` of an office file as it is written.

use super::no_shows::NoShowsDraft;
use super::notices::ReminderDraft;
use super::reschedule::RescheduleDraft;
use super::value::{per_person, share};
use crate::domain::office::{Approval, HORIZON_DAYS_MAX, PerPerson, Share, WhenFull};
use crate::domain::person::PARTY_MAX;
use crate::domain::shared_offer::AT_ONCE_MAX;
use crate::sheet::{Entry, Table, choice, truth, whole};

/// Longest time that a seat is held or a photo awaited, in minutes: a day.
const WAIT_MINUTES_MAX: u32 = 24 * 60;
/// Most live bookings of one number: a village head may register a bus, but not an agent's whole trade.
const LIVE_PER_NUMBER_MAX: u32 = 50;
/// Most unconfirmed holds that one number may take in a day: ten an hour, day and night.
const HOLDS_PER_NUMBER_MAX: u32 = 240;
/// Oldest age under which a relative may still count as a child, in years: the last one at which the civil code has minors.
const CHILD_YEARS_MAX: u32 = 21;
/// Oldest age from which a relative may count as elderly, in years: nobody is older.
const ELDER_YEARS_MAX: u32 = 120;
/// Earliest that people may be told to come, in minutes before their hour.
const ARRIVE_EARLY_MINUTES_MAX: u32 = 4 * 60;
/// Latest that people may come, in minutes after their hour began: a booking is over with its hour.
const GRACE_MINUTES_MAX: u32 = 60;

pub(super) const POLICY_KEYS: [&str; 23] = [
    "when_full",
    "approval",
    "approval_words",
    "hold_minutes",
    "photo_wait_minutes",
    "cancelling",
    "reschedule",
    "reminder",
    "live_per_number",
    "relatives",
    "live_per_person",
    "holds_share",
    "holds_per_number",
    "people_per_booking",
    "earliest",
    "minutes_before_hour",
    "horizon_days",
    "arrive_early_minutes",
    "grace_minutes",
    "waiting",
    "handover",
    "arrivals",
    "no_shows",
];

/// The first day that may be asked for, before its minutes are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EarliestDay {
    Tomorrow,
    Today,
}

/// `[policy]` as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct PolicyDraft {
    pub(super) when_full: Entry<WhenFull>,
    pub(super) approval: Entry<Approval>,
    pub(super) hold_minutes: Entry<u32>,
    pub(super) photo_wait_minutes: Entry<u32>,
    pub(super) approval_words: Entry<bool>,
    pub(super) cancelling: Entry<bool>,
    pub(super) reschedule: RescheduleDraft,
    pub(super) reminder: ReminderDraft,
    pub(super) live_per_number: Entry<u32>,
    pub(super) children_under: Entry<u32>,
    pub(super) elders_from: Entry<u32>,
    pub(super) live_per_person: Entry<PerPerson>,
    pub(super) holds_share: Entry<Share>,
    pub(super) holds_per_number: Entry<u32>,
    pub(super) people_per_booking: Entry<u32>,
    pub(super) earliest: Entry<EarliestDay>,
    pub(super) minutes_before_hour: Entry<u32>,
    pub(super) horizon_days: Entry<u32>,
    pub(super) arrive_early_minutes: Entry<u32>,
    pub(super) grace_minutes: Entry<u32>,
    pub(super) waiting: WaitingDraft,
    pub(super) handover: Entry<bool>,
    pub(super) arrivals: Entry<bool>,
    pub(super) no_shows: NoShowsDraft,
}

impl PolicyDraft {
    /// Reads it, noting every mistake.
    pub(super) fn read(mut table: Table<'_, '_>) -> Self {
        table.refuse_unknown(&POLICY_KEYS);
        let full = [("roll", WhenFull::Roll), ("suggest", WhenFull::Suggest), ("refuse", WhenFull::Refuse)];
        let approval = [("code", Approval::Code), ("none", Approval::None)];
        let earliest = [("tomorrow", EarliestDay::Tomorrow), ("today", EarliestDay::Today)];
        let (children_under, elders_from) = table.table("relatives").map(relatives).unwrap_or_default();
        Self {
            when_full: table.take("when_full", |value| choice(value, &full)),
            approval: table.take("approval", |value| choice(value, &approval)),
            hold_minutes: table.take("hold_minutes", |value| whole(value, 1, WAIT_MINUTES_MAX)),
            photo_wait_minutes: table.take("photo_wait_minutes", |value| whole(value, 1, WAIT_MINUTES_MAX)),
            approval_words: table.take("approval_words", truth),
            cancelling: table.take("cancelling", truth),
            reschedule: table.table("reschedule").map(RescheduleDraft::read).unwrap_or_default(),
            reminder: table.table("reminder").map(ReminderDraft::read).unwrap_or_default(),
            live_per_number: table.take("live_per_number", |value| whole(value, 1, LIVE_PER_NUMBER_MAX)),
            children_under,
            elders_from,
            live_per_person: table.take("live_per_person", |value| per_person(value, LIVE_PER_NUMBER_MAX)),
            holds_share: table.take("holds_share", share),
            holds_per_number: table.take("holds_per_number", |value| whole(value, 1, HOLDS_PER_NUMBER_MAX)),
            people_per_booking: table.take("people_per_booking", |value| whole(value, 1, u32::from(PARTY_MAX))),
            earliest: table.take("earliest", |value| choice(value, &earliest)),
            minutes_before_hour: table.take("minutes_before_hour", |value| whole(value, 0, WAIT_MINUTES_MAX)),
            horizon_days: table.take("horizon_days", |value| whole(value, 1, HORIZON_DAYS_MAX)),
            arrive_early_minutes: table.take("arrive_early_minutes", |value| whole(value, 0, ARRIVE_EARLY_MINUTES_MAX)),
            grace_minutes: table.take("grace_minutes", |value| whole(value, 0, GRACE_MINUTES_MAX)),
            waiting: table.table("waiting").map(waiting).unwrap_or_default(),
            handover: table.table("handover").map(handover).unwrap_or_default(),
            arrivals: table.take("arrivals", truth),
            no_shows: table.table("no_shows").map(NoShowsDraft::read).unwrap_or_default(),
        }
    }

    /// Merges this part with its base: what this file says wins.
    pub(super) fn over(self, base: Self) -> Self {
        // The minutes belong to "today": a file that says "tomorrow" inherits none.
        let tomorrow = self.earliest.given().is_some_and(|earliest| earliest.value == EarliestDay::Tomorrow);
        let base_minutes = if tomorrow { Entry::Absent } else { base.minutes_before_hour };
        Self {
            when_full: self.when_full.or(base.when_full),
            approval: self.approval.or(base.approval),
            hold_minutes: self.hold_minutes.or(base.hold_minutes),
            photo_wait_minutes: self.photo_wait_minutes.or(base.photo_wait_minutes),
            approval_words: self.approval_words.or(base.approval_words),
            cancelling: self.cancelling.or(base.cancelling),
            reschedule: self.reschedule.over(base.reschedule),
            reminder: self.reminder.over(base.reminder),
            live_per_number: self.live_per_number.or(base.live_per_number),
            children_under: self.children_under.or(base.children_under),
            elders_from: self.elders_from.or(base.elders_from),
            live_per_person: self.live_per_person.or(base.live_per_person),
            holds_share: self.holds_share.or(base.holds_share),
            holds_per_number: self.holds_per_number.or(base.holds_per_number),
            people_per_booking: self.people_per_booking.or(base.people_per_booking),
            earliest: self.earliest.or(base.earliest),
            minutes_before_hour: self.minutes_before_hour.or(base_minutes),
            horizon_days: self.horizon_days.or(base.horizon_days),
            arrive_early_minutes: self.arrive_early_minutes.or(base.arrive_early_minutes),
            grace_minutes: self.grace_minutes.or(base.grace_minutes),
            waiting: WaitingDraft {
                on: self.waiting.on.or(base.waiting.on),
                at_once: self.waiting.at_once.or(base.waiting.at_once),
            },
            handover: self.handover.or(base.handover),
            arrivals: self.arrivals.or(base.arrivals),
            no_shows: self.no_shows.over(base.no_shows),
        }
    }
}

/// `[policy.handover]`.
fn handover(mut table: Table<'_, '_>) -> Entry<bool> {
    table.refuse_unknown(&["enabled"]);
    table.take("enabled", truth)
}

/// The ages of `[policy.relatives]`.
fn relatives(mut table: Table<'_, '_>) -> (Entry<u32>, Entry<u32>) {
    table.refuse_unknown(&["children_under", "elders_from"]);
    let children = table.take("children_under", |value| whole(value, 0, CHILD_YEARS_MAX));
    (children, table.take("elders_from", |value| whole(value, 0, ELDER_YEARS_MAX)))
}

/// `[policy.waiting]` as it is written.
#[derive(Debug, Clone, Default)]
pub(super) struct WaitingDraft {
    pub(super) on: Entry<bool>,
    pub(super) at_once: Entry<u32>,
}

fn waiting(mut table: Table<'_, '_>) -> WaitingDraft {
    table.refuse_unknown(&["on", "at_once"]);
    WaitingDraft { on: table.take("on", truth), at_once: table.take("at_once", |value| whole(value, 1, AT_ONCE_MAX)) }
}
