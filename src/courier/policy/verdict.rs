//! Decides what becomes of a reply: before it is sent (is it still of use, may it go now), and after a send that failed.

use chrono::{DateTime, TimeDelta, Utc};

use super::channel::THROTTLE_SECONDS_MAX;
use super::jitter::Jitter;
use crate::domain::rate::Rate;
use crate::gateway::{Capabilities, Scope, SendError};
use crate::storage::{Due, SaidNotice, Sending};

/// Waits between tries after a transient fault, in seconds; afterwards the reply is given up.
pub const RETRY_SECONDS: [i64; 5] = [2, 10, 60, 300, 900];
/// Waits after the provider throttled messages to one citizen, in seconds: powers of four, as Meta asks for; then the reply is
/// given up.
pub const PAIR_SECONDS: [i64; 5] = [1, 4, 16, 64, 256];
/// Waits after an answer that was lost, in seconds: a status that names our reply may still say that it went out. Each
/// wait that ends without one sends the reply once more, so a citizen gets it at most once more than there are waits.
pub const DOUBT_SECONDS: [i64; 2] = [60, 600];
/// Longest time that a reply is put off, in seconds: what a provider may ask for, and the fifth that jitter adds.
pub const PUT_OFF_SECONDS_MAX: i64 = 4_320;
/// Processes that may die while they send one reply. A machine that restarts all the time must not cost replies; a reply
/// that itself ends the process must not go out for ever.
pub const LAPSES_MAX: u32 = 20;
/// How long before a window for free replies closes it is taken as closed, in minutes: clocks differ.
const WINDOW_MARGIN_MINUTES: i64 = 5;

/// What a due reply comes to before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// It is sent: as a free reply where `free`, else as a template.
    Go {
        /// Whether free replies are taken.
        free: bool,
    },
    /// It does not go now.
    Stay(Sending),
}

/// What a due reply is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    pub capabilities: &'a Capabilities,
    /// How fast the channel may send to one citizen.
    pub recipient_rate: Rate,
    /// The age from which a reply is too old to be sent.
    pub age_max: TimeDelta,
    /// Whether a template fits the reply, for when the provider takes no free reply.
    pub has_template: bool,
}

/// Judges a due reply.
pub fn before(reply: &Due, terms: Terms<'_>, now: DateTime<Utc>) -> Before {
    if reply.lapses > LAPSES_MAX {
        let error = format!("{} processes died while they sent it; the citizen may have it", reply.lapses);
        return Before::Stay(Sending::Dead { error });
    }
    if now - reply.created_at > terms.age_max {
        let error = format!("too old to be of use: written {} minutes ago", (now - reply.created_at).num_minutes());
        return Before::Stay(Sending::Expired { error });
    }
    if let Some(SaidNotice { drop_after, is_outdated, .. }) = reply.notice {
        if is_outdated {
            return Before::Stay(Sending::Expired { error: "what it says is not so any more".to_owned() });
        }
        if now > drop_after {
            return Before::Stay(Sending::Expired { error: "it would come too late to be of use".to_owned() });
        }
    }
    let is_owed = reply.asked || reply.notice.is_some_and(|notice| notice.kind.is_owed());
    if reply.muted && !is_owed {
        let error = "the citizen wants no messages that they did not ask for".to_owned();
        // Nobody has to look after a notice that nobody wants.
        let is_notice = reply.notice.is_some();
        return Before::Stay(if is_notice { Sending::Expired { error } } else { Sending::Dead { error } });
    }
    let free = is_free(reply, terms.capabilities, now);
    if !free && !terms.has_template {
        let error = "the time for free replies is over, and no template fits; it goes when the citizen writes again";
        return Before::Stay(Sending::Held { error: error.to_owned() });
    }
    let earliest = terms.recipient_rate.earliest(reply.pace);
    if earliest > now {
        return Before::Stay(Sending::PutOff {
            until: earliest,
            error: "it waits for the pace to this citizen".into(),
        });
    }
    Before::Go { free }
}

/// Whether the provider takes a free reply to this citizen now.
fn is_free(reply: &Due, capabilities: &Capabilities, now: DateTime<Utc>) -> bool {
    match (capabilities.free_reply_window, reply.heard_at) {
        (Some(window), Some(heard)) => is_open(window, heard, now),
        // Not known here: the provider decides.
        _ => true,
    }
}

/// Whether the window for free replies is still open that a citizen's message opened at `heard_at`.
pub fn is_open(window: TimeDelta, heard_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    now < heard_at + window - TimeDelta::minutes(WINDOW_MARGIN_MINUTES)
}

/// Tries to send a reply that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// Transient faults.
    pub faults: u32,
    /// Answers of the provider that were lost: the reply may have gone out.
    pub doubts: u32,
}

/// What a failed send comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    pub outcome: Sending,
    /// All failed tries of the reply, this one included.
    pub failures: Failures,
}

/// Judges a failed send; `before` are the failed tries before it.
pub fn after(error: &SendError, before: Failures, now: DateTime<Utc>, jitter: &Jitter) -> After {
    let why = error.to_string();
    let put_off = |time: TimeDelta| Sending::PutOff { until: now + time, error: why.clone() };
    let by = |schedule: &[i64], count: u32| {
        let wait = usize::try_from(count).ok().and_then(|count| schedule.get(count));
        wait.map_or_else(|| Sending::Dead { error: why.clone() }, |seconds| put_off(jitter.stretched(*seconds)))
    };
    let Failures { faults, doubts } = before;
    let same = |outcome| After { outcome, failures: before };
    let faulty = |outcome| After { outcome, failures: Failures { faults: faults + 1, doubts } };
    match error {
        SendError::Transient(_) => faulty(by(&RETRY_SECONDS, faults)),
        SendError::Throttled { scope: Scope::Recipient, after_seconds: None, .. } => faulty(by(&PAIR_SECONDS, faults)),
        SendError::Throttled { scope: Scope::Recipient, after_seconds: Some(seconds), .. } => {
            let seconds = i64::try_from((*seconds).min(THROTTLE_SECONDS_MAX)).unwrap_or(RETRY_SECONDS[0]);
            same(put_off(jitter.stretched(seconds)))
        }
        SendError::Ambiguous(_) => {
            After { outcome: by(&DOUBT_SECONDS, doubts), failures: Failures { faults, doubts: doubts + 1 } }
        }
        // Nothing about the reply is wrong: it waits as long as its channel does.
        SendError::Throttled { scope: Scope::Channel, .. } | SendError::Misconfigured(_) | SendError::Limited(_) => {
            same(put_off(TimeDelta::zero()))
        }
        SendError::WindowClosed(_) | SendError::TemplateRefused(_) => same(Sending::Held { error: why }),
        SendError::Refused(_) | SendError::OptedOut(_) => same(Sending::Dead { error: why }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Lang;
    use crate::domain::message::{ChannelId, Contact, Outbound};
    use crate::domain::notice::Kind;
    use crate::domain::office::OfficeId;

    fn waits(error: &SendError) -> Vec<Option<i64>> {
        let wait = |count| match after(
            error,
            Failures { faults: count, doubts: count },
            DateTime::UNIX_EPOCH,
            &Jitter::none(),
        )
        .outcome
        {
            Sending::PutOff { until, .. } => Some(until.timestamp()),
            Sending::Dead { .. } => None,
            other => panic!("{other:?}"),
        };
        (0..6).map(wait).collect()
    }

    fn throttled(scope: Scope, after_seconds: Option<u64>) -> SendError {
        SendError::Throttled { scope, after_seconds, detail: String::new() }
    }

    #[test]
    fn a_passing_fault_is_tried_again_ever_later_and_then_given_up() {
        assert_eq!(waits(&SendError::Transient("x".into())), [Some(2), Some(10), Some(60), Some(300), Some(900), None]);
        assert_eq!(waits(&throttled(Scope::Recipient, None)), [Some(1), Some(4), Some(16), Some(64), Some(256), None]);
    }

    #[test]
    fn no_reply_is_put_off_for_longer_than_the_longest_wait() {
        let longest =
            THROTTLE_SECONDS_MAX.max(RETRY_SECONDS.into_iter().chain(DOUBT_SECONDS).max().unwrap().unsigned_abs());
        let jitter = Jitter::seeded([7; 32]);
        for _ in 0..1_000 {
            let wait = jitter.stretched(i64::try_from(longest).unwrap());
            assert!(wait <= TimeDelta::seconds(PUT_OFF_SECONDS_MAX), "{wait}");
        }
    }

    #[test]
    fn a_broken_channel_never_costs_a_reply() {
        for error in [
            SendError::Misconfigured("token".into()),
            SendError::Limited("spam".into()),
            throttled(Scope::Channel, None),
            throttled(Scope::Channel, Some(9)),
        ] {
            assert_eq!(waits(&error), [Some(0); 6], "{error}");
        }
    }

    #[test]
    fn after_a_lost_answer_a_status_gets_its_time_and_the_third_doubt_is_the_last() {
        assert_eq!(waits(&SendError::Ambiguous("cut".into())), [Some(60), Some(600), None, None, None, None]);
    }

    #[test]
    fn the_providers_own_wait_is_obeyed_within_reason() {
        assert_eq!(waits(&throttled(Scope::Recipient, Some(17))), [Some(17); 6]);
        assert_eq!(waits(&throttled(Scope::Recipient, Some(999_999))), [Some(3_600); 6]);
    }

    fn minute(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    fn due() -> Due {
        Due {
            id: 1,
            channel: ChannelId::new("wa", "1"),
            contact: Contact::new("6281200000001"),
            address: Contact::new("6281200000001"),
            office: OfficeId::read("bogor").expect("an id"),
            lang: Lang::Id,
            outbound: Outbound { text: String::new(), qr: None, quick_replies: Vec::new() },
            asked: true,
            notice: None,
            created_at: minute(0),
            heard_at: Some(minute(0)),
            muted: false,
            attempts: 0,
            faults: 0,
            doubts: 0,
            lapses: 0,
            parts: 0,
            pace: minute(0),
            lease: None,
        }
    }

    fn judged(reply: &Due, has_template: bool, now: DateTime<Utc>) -> Before {
        let window = Capabilities { free_reply_window: Some(TimeDelta::hours(24)), ..Capabilities::default() };
        let (recipient_rate, age_max) = (Rate::one_in_seconds(60), TimeDelta::hours(72));
        before(reply, Terms { capabilities: &window, recipient_rate, age_max, has_template }, now)
    }

    // Negative control: without the margin, minute 1,436 is free.
    #[test]
    fn a_reply_is_free_for_a_day_then_held_or_a_template_and_stale_after_three() {
        assert_eq!(judged(&due(), false, minute(1_434)), Before::Go { free: true });
        assert!(matches!(judged(&due(), false, minute(1_436)), Before::Stay(Sending::Held { .. })));
        assert_eq!(judged(&due(), true, minute(1_436)), Before::Go { free: false });
        assert!(matches!(judged(&due(), true, minute(72 * 60 + 1)), Before::Stay(Sending::Expired { .. })));
    }

    #[test]
    fn whoever_wants_no_messages_gets_only_what_they_ask_for() {
        let muted = Due { muted: true, ..due() };
        assert_eq!(judged(&muted, false, minute(1)), Before::Go { free: true });
        assert!(matches!(judged(&Due { asked: false, ..muted }, false, minute(1)), Before::Stay(Sending::Dead { .. })));
    }

    // Negative control: without the lines on notices in `before`, the first goes out, and the last does not.
    #[test]
    fn a_notice_that_is_late_or_not_so_any_more_is_dropped_and_one_that_is_owed_goes_to_everybody() {
        let notice =
            |kind, is_outdated| SaidNotice { kind, drop_after: minute(60), is_outdated, must_be_answered: false };
        let said = |notice| Due { notice: Some(notice), asked: false, ..due() };
        let reminder = said(notice(Kind::Reminder, false));
        assert!(matches!(judged(&reminder, true, minute(61)), Before::Stay(Sending::Expired { .. })));
        assert!(matches!(
            judged(&said(notice(Kind::Reminder, true)), true, minute(1)),
            Before::Stay(Sending::Expired { .. })
        ));
        assert_eq!(judged(&reminder, false, minute(60)), Before::Go { free: true });
        let muted = |reply: &Due| judged(&Due { muted: true, ..reply.clone() }, false, minute(1));
        assert!(matches!(muted(&reminder), Before::Stay(Sending::Expired { .. })));
        assert_eq!(muted(&said(notice(Kind::DayClosed, false))), Before::Go { free: true });
    }

    #[test]
    fn the_pace_to_one_citizen_is_kept_and_a_reply_that_ends_processes_is_given_up() {
        let paced = Due { pace: minute(9), ..due() };
        assert!(
            matches!(judged(&paced, false, minute(8)), Before::Stay(Sending::PutOff { until, .. }) if until == minute(9))
        );
        assert_eq!(judged(&paced, false, minute(9)), Before::Go { free: true });
        let deadly = Due { lapses: LAPSES_MAX + 1, ..due() };
        assert!(matches!(judged(&deadly, false, minute(1)), Before::Stay(Sending::Dead { .. })));
        assert_eq!(judged(&Due { lapses: LAPSES_MAX, ..deadly }, false, minute(1)), Before::Go { free: true });
    }
}
