//! The health of a channel: a circuit breaker rests it after faults in a row, and a broken or limited account stops it.
//!
//! The state is a row that all nodes share, so a channel that one node finds broken is broken for all.

use chrono::{DateTime, TimeDelta, Utc};

use super::jitter::Jitter;
use super::template::TemplateChoice;
use crate::domain::rate::Rate;
use crate::gateway::{Capabilities, Scope, SendError};
use crate::storage::{Channel, ChannelState};

/// Transient faults in a row that open the circuit breaker: the channel rests, and then tries one reply at a time.
pub const BREAKER_FAULTS: u32 = 5;
/// First rest of a channel with faults in a row, in seconds; each further fault doubles it.
const REST_SECONDS: i64 = 5;
/// Longest rest of a channel with faults in a row, in seconds: a provider that is back is noticed within a minute.
pub const REST_SECONDS_MAX: i64 = 60;
/// First rest after the provider asked for less haste without saying how long, in seconds; doubled each time.
const THROTTLE_SECONDS: i64 = 1;
/// Longest rest that a provider may impose, in seconds: an hour. More is a mistake, and would bury the channel.
pub const THROTTLE_SECONDS_MAX: u64 = 3_600;
/// How often the provider of a broken channel is asked whether it can send again, in seconds.
pub const PROBE_SECONDS: i64 = 300;
/// Longest reason that is kept, in characters.
const REASON_CHARS_MAX: usize = 300;

/// What an installation configures for one channel; what it leaves out is taken from the provider's [`Capabilities`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChannelSettings {
    /// How fast it may send.
    pub channel_rate: Option<Rate>,
    /// How fast it may send to one citizen.
    pub recipient_rate: Option<Rate>,
    /// Templates for when no free reply is taken; the first one that fits goes.
    pub templates: Vec<TemplateChoice>,
}

impl ChannelSettings {
    /// How fast it may send.
    pub fn channel_rate(&self, capabilities: &Capabilities) -> Rate {
        self.channel_rate.unwrap_or(capabilities.channel_rate)
    }

    /// How fast it may send to one citizen.
    pub fn recipient_rate(&self, capabilities: &Capabilities) -> Rate {
        self.recipient_rate.unwrap_or(capabilities.recipient_rate)
    }
}

/// What a send says about its channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// The provider answered as it should.
    Fine {
        /// Whether this was the trial of a half-open circuit breaker.
        trial: bool,
    },
    /// A transient fault.
    Fault,
    /// The provider throttles the channel, for so many seconds if it says how long.
    Throttled(Option<u64>),
    /// The channel cannot send.
    Broken(String),
    /// The account is limited.
    Limited(String),
}

impl Signal {
    /// What a failure says about its channel; most failures are none of the channel's.
    pub fn of(error: &SendError, trial: bool) -> Self {
        match error {
            SendError::Throttled { scope: Scope::Channel, after_seconds, .. } => Self::Throttled(*after_seconds),
            SendError::Transient(_) | SendError::Ambiguous(_) => Self::Fault,
            SendError::Misconfigured(why) => Self::Broken(why.clone()),
            SendError::Limited(why) => Self::Limited(why.clone()),
            SendError::Throttled { scope: Scope::Recipient, .. }
            | SendError::WindowClosed(_)
            | SendError::Refused(_)
            | SendError::OptedOut(_)
            | SendError::TemplateRefused(_) => Self::Fine { trial },
        }
    }
}

/// The longest rest of any channel, imposed by the circuit breaker or by the provider.
pub fn longest_rest() -> TimeDelta {
    TimeDelta::seconds(i64::try_from(THROTTLE_SECONDS_MAX).unwrap_or(i64::MAX))
}

/// Whether the circuit breaker of a channel is half-open: the channel tries one reply at a time.
pub fn is_half_open(channel: &Channel) -> bool {
    channel.faults >= BREAKER_FAULTS
}

/// Changes the state of a channel by what a send says about it.
pub fn apply(channel: &mut Channel, signal: &Signal, now: DateTime<Utc>, jitter: &Jitter) {
    let rest = |channel: &mut Channel, time: TimeDelta| channel.rest_until = channel.rest_until.max(now + time);
    match signal {
        Signal::Fine { trial } => {
            channel.faults = 0;
            if *trial {
                channel.rest_until = now;
            }
        }
        Signal::Fault => {
            channel.faults = channel.faults.saturating_add(1);
            if let Some(beyond) = channel.faults.checked_sub(BREAKER_FAULTS) {
                rest(channel, jitter.stretched(doubled(REST_SECONDS, beyond)));
            }
        }
        Signal::Throttled(Some(seconds)) => {
            channel.faults = channel.faults.saturating_add(1);
            let seconds = i64::try_from((*seconds).min(THROTTLE_SECONDS_MAX)).unwrap_or(REST_SECONDS_MAX);
            rest(channel, TimeDelta::seconds(seconds));
        }
        Signal::Throttled(None) => {
            let most = doubled(THROTTLE_SECONDS, channel.faults);
            channel.faults = channel.faults.saturating_add(1);
            rest(channel, jitter.up_to(most));
        }
        Signal::Broken(why) => stop(channel, ChannelState::Broken, why, now),
        Signal::Limited(why) => stop(channel, ChannelState::Limited, why, now),
    }
}

/// Stops an open channel and logs that once. A channel that is stopped already keeps its state and its reason.
fn stop(channel: &mut Channel, state: ChannelState, why: &str, now: DateTime<Utc>) {
    channel.rest_until = now + TimeDelta::seconds(PROBE_SECONDS);
    if channel.state != ChannelState::Open {
        return;
    }
    let reason: String = why.chars().take(REASON_CHARS_MAX).collect();
    let name = channel.id.as_str();
    if state == ChannelState::Limited {
        tracing::error!(
            channel = name,
            reason,
            "the provider has limited this channel; it holds its queue until `antrean channel resume`"
        );
    } else {
        tracing::error!(channel = name, reason, "this channel is broken; it holds its queue until it is mended");
    }
    (channel.state, channel.reason, channel.since) = (state, Some(reason), now);
}

/// `seconds` doubled `times` times, at most [`REST_SECONDS_MAX`].
fn doubled(seconds: i64, times: u32) -> i64 {
    seconds.checked_shl(times.min(16)).unwrap_or(REST_SECONDS_MAX).min(REST_SECONDS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::ChannelId;

    fn channel() -> Channel {
        Channel {
            id: ChannelId::new("wa", "1001"),
            state: ChannelState::Open,
            reason: None,
            since: DateTime::UNIX_EPOCH,
            next: DateTime::UNIX_EPOCH,
            rest_until: DateTime::UNIX_EPOCH,
            faults: 0,
        }
    }

    fn after(signals: &[Signal]) -> Channel {
        let mut channel = channel();
        for signal in signals {
            apply(&mut channel, signal, DateTime::UNIX_EPOCH, &Jitter::none());
        }
        channel
    }

    fn rest(signals: &[Signal]) -> i64 {
        after(signals).rest_until.timestamp()
    }

    #[test]
    fn faults_in_a_row_make_a_channel_rest_ever_longer_and_one_success_ends_that() {
        assert_eq!(rest(&vec![Signal::Fault; 4]), 0);
        let rests: Vec<i64> = (5..=10).map(|count| rest(&vec![Signal::Fault; count])).collect();
        assert_eq!(rests, [5, 10, 20, 40, 60, 60]);
        let mended = [vec![Signal::Fault; 10], vec![Signal::Fine { trial: true }]].concat();
        assert_eq!((rest(&mended), after(&mended).faults), (0, 0));
    }

    // Negative control: ending the rest on every success, trial or not, shortens the provider's wait.
    #[test]
    fn a_straggler_that_succeeds_does_not_shorten_the_providers_own_wait() {
        assert_eq!(rest(&[Signal::Throttled(Some(17)), Signal::Fine { trial: false }]), 17);
        assert_eq!(rest(&[Signal::Throttled(Some(999_999))]), 3_600);
        assert_eq!(rest(&[Signal::Throttled(None)]), 1);
        assert_eq!(rest(&[Signal::Throttled(None), Signal::Throttled(None), Signal::Throttled(None)]), 4);
    }

    #[test]
    fn a_broken_channel_stops_and_a_paused_one_stays_paused() {
        let broken = after(&[Signal::Broken("token".into())]);
        assert_eq!((broken.state, broken.reason.as_deref()), (ChannelState::Broken, Some("token")));
        let mut paused = Channel { state: ChannelState::Paused, ..channel() };
        apply(&mut paused, &Signal::Limited("spam".into()), DateTime::UNIX_EPOCH, &Jitter::none());
        assert_eq!(paused.state, ChannelState::Paused);
    }
}
