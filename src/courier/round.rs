//! One round: records what became of the last sends and claims what is due, in one commit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::claim::{Claimed, Finished, InFlight, in_flight_on};
use super::policy::channel::{self, PROBE_SECONDS, REST_SECONDS_MAX};
use super::policy::verdict;
use super::progress::Step;
use super::selection::{Allowance, Chosen, LEASE_SECONDS, Plan};
use super::setup::Courier;
use crate::domain::deadline;
use crate::domain::message::ChannelId;
use crate::storage::{Channel, ChannelState, Claim, Dispatch, Due, Held, Sending, Sent, StorageError};

/// Channels that one round takes from; they take turns.
const CHANNELS_MAX: u32 = 64;
/// Replies, and notices, that one round reads beyond those it may claim: some are put off, held or expired instead.
const LOOK_AHEAD: u32 = 4;
/// Most replies of one channel in flight on one node, so that a provider that hangs leaves capacity for the others.
pub(super) const IN_FLIGHT_OF_CHANNEL_MAX: u32 = 256;
/// Held replies that one round looks through.
const HELD_MAX: u32 = 256;

/// What a round came to.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) claimed: Vec<Claimed>,
    /// What was settled without a send.
    pub(super) step: Step,
    /// Broken channels whose provider is to be asked now whether they can send again.
    pub(super) broken: Vec<ChannelId>,
    /// Whether a channel had more replies than this round could begin.
    pub(super) has_more: bool,
    /// Whether a channel had more replies than its rate allows.
    pub(super) is_paced: bool,
}

impl Round {
    /// Whether nothing was claimed and nothing settled.
    fn is_empty(&self) -> bool {
        self.claimed.is_empty() && self.step.is_idle()
    }
}

/// The locked rows of the channels of a round.
type Channels = BTreeMap<ChannelId, Channel>;

/// How many replies a round may begin.
#[derive(Debug, Clone, Copy)]
struct Capacity {
    total: u32,
    /// Of one channel: a fair share. What one channel does not need, the others may have in the next round.
    share: u32,
}

impl Courier {
    /// Records `finished` and claims up to `capacity` replies, none to a contact who has one in flight on this node.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: not known whether anything was recorded or claimed; leases run out.
    pub(super) async fn round(
        &self,
        finished: Vec<Finished>,
        capacity: u32,
        in_flight: &InFlight,
    ) -> Result<Round, StorageError> {
        let now = self.clock.now();
        // By a clock that may be behind, other nodes' claims would look too long, and be cut short.
        let capacity = if self.clock.may_claim() { capacity } else { 0 };
        let mut round = Round::default();
        let mut tx = self.storage.dispatch().await?;
        let latest_rest = deadline::latest(now, channel::longest_rest());
        let due = if capacity > 0 { tx.due_channels(now, latest_rest, CHANNELS_MAX).await? } else { Vec::new() };
        let names: BTreeSet<&ChannelId> = finished.iter().map(|one| &one.sent.channel).chain(&due).collect();
        if names.is_empty() && capacity == 0 {
            tx.rollback().await?;
            return Ok(round);
        }
        let mut channels = lock(&mut tx, &names).await?;
        let before = channels.clone();
        self.apply_signals(&finished, &mut channels, now);
        let sent: Vec<Sent> = finished.into_iter().map(|one| one.sent).collect();
        tx.record(&self.owner, &sent, now).await?;
        let has_released = capacity > 0 && self.release_held(&mut tx).await?;
        let open = self.open_channels(&due, &mut channels, in_flight, &mut round.broken);
        let share = capacity.div_ceil(u32::try_from(open.len()).unwrap_or(CHANNELS_MAX).max(1));
        let capacity = Capacity { total: capacity, share };
        let replies = self.due_replies(&mut tx, &open, share, now).await?;
        let plan = self.plan(&replies, &mut channels, capacity, in_flight);
        (round.has_more, round.is_paced) = (plan.has_more, plan.is_paced);
        self.write(&mut tx, &plan, &mut round).await?;
        let touched: Vec<&Channel> =
            channels.values().filter(|channel| before.get(&channel.id) != Some(channel)).collect();
        tx.write_channels(&touched, (!due.is_empty()).then_some(now)).await?;
        let is_unchanged =
            sent.is_empty() && touched.is_empty() && round.is_empty() && !has_released && plan.overlong.is_empty();
        if is_unchanged {
            tx.rollback().await?;
        } else {
            tx.commit().await?;
        }
        Ok(round)
    }

    /// Changes the states of the channels by what the sends said about them.
    fn apply_signals(&self, finished: &[Finished], channels: &mut Channels, now: DateTime<Utc>) {
        for one in finished {
            if let Some(channel) = channels.get_mut(&one.sent.channel) {
                channel::apply(channel, &one.signal, now, &self.jitter);
            }
        }
    }

    /// Releases held replies whose citizen has written again, before any new reply of theirs is taken; gives up those that are
    /// too old by now. Returns whether there were any.
    async fn release_held(&self, tx: &mut Dispatch) -> Result<bool, StorageError> {
        let now = self.clock.now();
        let is_open = |channel: &ChannelId, heard_at| {
            let window = self.capabilities(channel).free_reply_window;
            window.is_none_or(|window| verdict::is_open(window, heard_at, now))
        };
        let held = tx.held(HELD_MAX).await?;
        let is_settled = self.clock.is_settled();
        let (old, held): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|held| is_settled && now - held.created_at > self.age_max);
        // An instant that is still to come proves nothing: the clock was ahead when the citizen wrote or the reply was held.
        let wrote_again = |held: &Held| {
            let heard = held.heard_at.filter(|heard| !deadline::is_ahead(*heard, now));
            heard.filter(|heard| *heard > held.held_at || deadline::is_ahead(held.held_at, now))
        };
        let released = held.iter().filter(|held| wrote_again(held).is_some_and(|heard| is_open(&held.channel, heard)));
        let (old, released): (Vec<i64>, Vec<i64>) =
            (old.iter().map(|held| held.id).collect(), released.map(|held| held.id).collect());
        tx.expire_held(&old).await?;
        tx.release(&released).await?;
        Ok(!old.is_empty() || !released.is_empty())
    }

    /// The channels among `due` that may send now, each with how many messages.
    fn open_channels<'n>(
        &self,
        due: &'n [ChannelId],
        channels: &mut Channels,
        in_flight: &InFlight,
        broken: &mut Vec<ChannelId>,
    ) -> Vec<(&'n ChannelId, u32)> {
        let mut open = Vec::new();
        for name in due {
            let Some(channel) = channels.get_mut(name) else { continue };
            let left = IN_FLIGHT_OF_CHANNEL_MAX.saturating_sub(in_flight_on(in_flight, name));
            let allowed = self.allowed(channel, broken).min(left);
            if allowed > 0 {
                open.push((name, allowed));
            }
        }
        open
    }

    /// How many messages a channel may send now. A broken channel may send none, and is added to `broken` when its provider is to be
    /// asked.
    fn allowed(&self, channel: &mut Channel, broken: &mut Vec<ChannelId>) -> u32 {
        let now = self.clock.now();
        channel.next = self.rate(channel).believed(channel.next, now);
        if channel.rest_until > now {
            if !deadline::is_open(channel.rest_until, channel::longest_rest(), now) {
                // From a clock that was ahead. Nobody knows what the rest was for; the next try finds out.
                channel.rest_until = now + TimeDelta::seconds(REST_SECONDS_MAX);
            }
            return 0;
        }
        if channel.state == ChannelState::Broken {
            channel.rest_until = now + TimeDelta::seconds(PROBE_SECONDS);
            broken.push(channel.id.clone());
        }
        if channel.state == ChannelState::Open { self.rate(channel).room(channel.next, now) } else { 0 }
    }

    /// What is due on the open channels, some more of each than its share.
    async fn due_replies(
        &self,
        tx: &mut Dispatch,
        open: &[(&ChannelId, u32)],
        share: u32,
        now: DateTime<Utc>,
    ) -> Result<Vec<Due>, StorageError> {
        let most = open.iter().map(|(_, allowed)| share.min(*allowed)).max().unwrap_or(0);
        let names: Vec<&ChannelId> = open.iter().map(|(name, _)| *name).collect();
        let latest_lease = deadline::latest(now, TimeDelta::seconds(LEASE_SECONDS));
        let mut replies = tx.due(&names, now, latest_lease, most.saturating_add(LOOK_AHEAD)).await?;
        self.correct_paces(&mut replies, now);
        Ok(replies)
    }

    /// Decides about the due replies, which stand channel by channel.
    fn plan<'a>(
        &self,
        replies: &'a [Due],
        channels: &mut Channels,
        capacity: Capacity,
        in_flight: &InFlight,
    ) -> Plan<'a> {
        let mut plan = Plan::default();
        let mut left = capacity.total;
        for replies in replies.chunk_by(|one, next| one.channel == next.channel) {
            let Some(channel) = replies.first().and_then(|first| channels.get_mut(&first.channel)) else { continue };
            let of_channel = IN_FLIGHT_OF_CHANNEL_MAX.saturating_sub(in_flight_on(in_flight, &channel.id));
            let allowance =
                Allowance { replies: capacity.share.min(of_channel).min(left), busy: in_flight.get(&channel.id) };
            left -= self.select(channel, replies, allowance, &mut plan);
        }
        plan
    }

    /// Writes what was decided, and takes into the round what could be claimed.
    async fn write(&self, tx: &mut Dispatch, plan: &Plan<'_>, round: &mut Round) -> Result<(), StorageError> {
        let now = self.clock.now();
        for (reply, outcome) in &plan.settled {
            round.step.count(outcome);
            if let Sending::Held { error } | Sending::Expired { error } | Sending::Dead { error } = outcome {
                let (channel, contact) = (reply.channel.as_str(), reply.contact.tail());
                tracing::warn!(channel, %contact, outbox = reply.id, %error, "a reply was not sent");
            }
        }
        tx.settle(&plan.settled, now).await?;
        let claim = |Chosen { reply, pace, .. }: &Chosen<'_>| Claim {
            id: reply.id,
            pace_us: pace.timestamp_micros(),
            lapses: reply.lapses,
        };
        let claims: Vec<Claim> = plan.chosen.iter().map(claim).collect();
        let lease_until = now + TimeDelta::seconds(LEASE_SECONDS);
        let attempts = tx.claim(&self.owner, lease_until, &claims).await?;
        for &Chosen { reply, free, trial, .. } in &plan.chosen {
            // A reply that a status or an operator has settled meanwhile is not claimed.
            let Some(&attempts) = attempts.get(&reply.id) else { continue };
            round.claimed.push(Claimed { reply: Due { attempts, ..reply.clone() }, free, trial });
        }
        tx.shorten_leases(&plan.overlong, lease_until).await
    }
}

/// Locks the rows of these channels and reads them.
async fn lock(tx: &mut Dispatch, names: &BTreeSet<&ChannelId>) -> Result<Channels, StorageError> {
    if names.is_empty() {
        return Ok(Channels::new());
    }
    let locked = tx.channels(&names.iter().copied().collect::<Vec<_>>()).await?;
    Ok(locked.into_iter().map(|channel| (channel.id.clone(), channel)).collect())
}

#[cfg(test)]
mod tests;
