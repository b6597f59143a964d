//! One round: what became of the last sends goes in and what is due comes out, in one commit.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::LazyLock;

use chrono::{DateTime, TimeDelta, Utc};

use super::line::{self, PROBE_SECONDS, REST_SECONDS_MAX, Sign};
use super::verdict::{self, Before};
use super::{Courier, Step, parcel, template};
use crate::clock::STEADY_TIME;
use crate::domain::deadline;
use crate::domain::message::{ChannelId, Contact};
use crate::domain::rate::Rate;
use crate::gateway::Capabilities;
use crate::storage::{Channel, ChannelState, Claim, Dispatch, Due, Held, Sending, Sent, StorageError};

/// How long a claim lasts, in seconds: longer than the slowest send (connect, upload, several messages) can take.
const LEASE_SECONDS: i64 = 180;
/// Lines that one round takes from; they take turns.
const CHANNELS_MAX: u32 = 64;
/// Replies that one round looks at beyond those it may claim: some are put off, held or expired instead.
const LOOK_AHEAD: u32 = 4;
/// Replies of one line in flight on one node: what hangs at one provider leaves room for the others.
pub(super) const IN_FLIGHT_OF_LINE_MAX: u32 = 256;
/// Held replies that one round looks through.
const HELD_MAX: u32 = 256;
/// How long the one try of a line after its rest keeps others from trying too, in seconds.
const TRIAL_SECONDS: i64 = 5;

/// Whose replies are in flight on this node, by line; each contact has one at most.
pub(super) type Flying = BTreeMap<ChannelId, HashSet<Contact>>;

fn in_flight(flying: &Flying, line: &ChannelId) -> u32 {
    flying.get(line).map_or(0, |contacts| u32::try_from(contacts.len()).unwrap_or(u32::MAX))
}

/// A reply that is ours to send.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub(super) reply: Due,
    /// Whether the provider takes a free reply.
    pub(super) free: bool,
    /// Whether it is the one try of its line after a rest.
    pub(super) trial: bool,
}

/// A send that came to an end.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) sent: Sent,
    pub(super) sign: Sign,
    pub(super) in_doubt: bool,
}

impl Claimed {
    /// Back into the outbox, as if it had not been claimed.
    pub(super) fn put_back(self, now: DateTime<Utc>) -> Finished {
        let outcome = Sending::PutOff { until: now, error: "put back: the process was asked to stop".to_owned() };
        let counts = (self.reply.faults, self.reply.doubts);
        Finished {
            sent: super::sent(&self.reply, Vec::new(), outcome, counts),
            sign: Sign::Fine { trial: false },
            in_doubt: false,
        }
    }
}

/// What a round came to.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) claimed: Vec<Claimed>,
    /// What was settled without a send.
    pub(super) step: Step,
    /// Broken lines whose turn it is to be asked whether they are mended.
    pub(super) broken: Vec<ChannelId>,
    /// Whether a line had more than there was room for.
    pub(super) more: bool,
    /// Whether a line had more than its pace allows.
    pub(super) paced: bool,
}

/// A reply that a round has chosen to send.
struct Chosen<'a> {
    reply: &'a Due,
    free: bool,
    trial: bool,
    pace: DateTime<Utc>,
}

/// What a round decided about the due replies of all its lines.
#[derive(Default)]
struct Plan<'a> {
    /// To be claimed.
    chosen: Vec<Chosen<'a>>,
    /// Not to be sent now.
    settled: Vec<(&'a Due, Sending)>,
    /// Claimed for longer than anybody claims: by a clock that was ahead, maybe still being sent.
    overlong: Vec<i64>,
}

impl Courier {
    /// Records `finished` and claims up to `room` replies, none to a contact who has one in flight here (`flying`).
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: not known whether anything was recorded or claimed; leases run out.
    pub(super) async fn round(
        &self,
        finished: Vec<Finished>,
        room: u32,
        flying: &Flying,
    ) -> Result<Round, StorageError> {
        let now = self.clock.now();
        // By a clock that may be behind, other nodes' claims would look too long, and be cut short.
        let room = if self.clock.may_claim() { room } else { 0 };
        let mut round = Round::default();
        let mut tx = self.storage.dispatch().await?;
        let latest_rest = deadline::latest(now, line::longest_rest());
        let due = if room > 0 { tx.due_channels(now, latest_rest, CHANNELS_MAX).await? } else { Vec::new() };
        let names: BTreeSet<&ChannelId> = finished.iter().map(|one| &one.sent.channel).chain(&due).collect();
        if names.is_empty() && room == 0 {
            tx.rollback().await?;
            return Ok(round);
        }
        let mut channels: BTreeMap<ChannelId, Channel> = BTreeMap::new();
        if !names.is_empty() {
            let locked = tx.channels(&names.into_iter().collect::<Vec<_>>()).await?;
            channels.extend(locked.into_iter().map(|channel| (channel.id.clone(), channel)));
        }
        let before = channels.clone();
        for one in &finished {
            if let Some(channel) = channels.get_mut(&one.sent.channel) {
                line::take(channel, &one.sign, now, &self.jitter);
            }
        }
        let sent: Vec<Sent> = finished.into_iter().map(|one| one.sent).collect();
        tx.record(&self.owner, &sent, now).await?;
        let released = if room > 0 { self.release_held(&mut tx).await? } else { false };
        let mut open: Vec<(&ChannelId, u32)> = Vec::new();
        for name in &due {
            let Some(channel) = channels.get_mut(name) else { continue };
            let here = in_flight(flying, name);
            let allowed = self.allowed(channel, &mut round).min(IN_FLIGHT_OF_LINE_MAX.saturating_sub(here));
            if allowed > 0 {
                open.push((name, allowed));
            }
        }
        // A fair part of the room; what one line does not need, the others may have in the next round.
        let share = room.div_ceil(u32::try_from(open.len()).unwrap_or(CHANNELS_MAX).max(1));
        let most = open.iter().map(|(_, allowed)| share.min(*allowed)).max().unwrap_or(0);
        let names: Vec<&ChannelId> = open.iter().map(|(name, _)| *name).collect();
        let latest = deadline::latest(now, TimeDelta::seconds(LEASE_SECONDS));
        let mut replies = tx.due(&names, now, latest, most.saturating_add(LOOK_AHEAD)).await?;
        self.believe_paces(&mut replies, now);
        let mut plan = Plan::default();
        let mut left = room;
        for replies in replies.chunk_by(|one, next| one.channel == next.channel) {
            let Some(channel) = replies.first().and_then(|first| channels.get_mut(&first.channel)) else { continue };
            let here = in_flight(flying, &channel.id);
            let share = share.min(IN_FLIGHT_OF_LINE_MAX.saturating_sub(here)).min(left);
            let busy = flying.get(&channel.id);
            left -= self.take_from(channel, replies, (share, busy), (&mut plan, &mut round));
        }
        self.write(&mut tx, &plan, &mut round).await?;
        tx.shorten_leases(&plan.overlong, now + TimeDelta::seconds(LEASE_SECONDS)).await?;
        let shortened = !plan.overlong.is_empty();
        let touched: Vec<&Channel> =
            channels.values().filter(|channel| before.get(&channel.id) != Some(channel)).collect();
        tx.write_channels(&touched, (!due.is_empty()).then_some(now)).await?;
        if sent.is_empty()
            && touched.is_empty()
            && round.claimed.is_empty()
            && round.step.is_idle()
            && !released
            && !shortened
        {
            tx.rollback().await?;
        } else {
            tx.commit().await?;
        }
        Ok(round)
    }

    /// Replies that were held go on where their citizen has written again, before any new reply of theirs is taken; those
    /// that are too old by now are given up.
    async fn release_held(&self, tx: &mut Dispatch) -> Result<bool, StorageError> {
        let now = self.clock.now();
        let is_open = |channel: &ChannelId, heard_at| {
            let window =
                self.gateways.get(channel.gateway()).and_then(|gateway| gateway.capabilities().free_reply_window);
            window.is_none_or(|window| verdict::is_open(window, heard_at, now))
        };
        let held = tx.held(HELD_MAX).await?;
        let is_settled = self.clock.is_settled();
        let (old, held): (Vec<_>, Vec<_>) =
            held.into_iter().partition(|held| is_settled && now - held.created_at > self.age_max);
        // A time that is still to come says nothing: heard by a clock that was ahead, or held by one.
        let wrote_again = |held: &Held| {
            let heard = held.heard_at.filter(|heard| !deadline::is_ahead(*heard, now));
            heard.filter(|heard| *heard > held.held_at || deadline::is_ahead(held.held_at, now))
        };
        let go_on = held.iter().filter(|held| wrote_again(held).is_some_and(|heard| is_open(&held.channel, heard)));
        let (old, go_on): (Vec<i64>, Vec<i64>) =
            (old.iter().map(|held| held.id).collect(), go_on.map(|held| held.id).collect());
        tx.expire_held(&old).await?;
        tx.release(&go_on).await?;
        Ok(!old.is_empty() || !go_on.is_empty())
    }

    /// Messages that a line may send now. A broken one may not, and is to be asked whether it is mended.
    fn allowed(&self, channel: &mut Channel, round: &mut Round) -> u32 {
        let now = self.clock.now();
        channel.next = self.rate(channel).believed(channel.next, now);
        if channel.rest_until > now {
            if !deadline::is_open(channel.rest_until, line::longest_rest(), now) {
                // Of a clock that was ahead. Nobody knows what the rest was for; the next try finds out.
                channel.rest_until = now + TimeDelta::seconds(REST_SECONDS_MAX);
            }
            return 0;
        }
        if channel.state == ChannelState::Broken {
            channel.rest_until = now + TimeDelta::seconds(PROBE_SECONDS);
            round.broken.push(channel.id.clone());
        }
        if channel.state == ChannelState::Open { self.rate(channel).room(channel.next, now) } else { 0 }
    }

    fn rate(&self, channel: &Channel) -> Rate {
        self.line(&channel.id).channel_rate(self.capabilities(&channel.id))
    }

    fn capabilities(&self, channel: &ChannelId) -> &Capabilities {
        static UNKNOWN: LazyLock<Capabilities> = LazyLock::new(Capabilities::default);
        self.gateways.get(channel.gateway()).map_or(&UNKNOWN, |gateway| gateway.capabilities())
    }

    /// Forgets paces towards citizens that no send can have left: they are of a clock that was ahead.
    fn believe_paces(&self, replies: &mut [Due], now: DateTime<Utc>) {
        for reply in replies {
            let pair = self.line(&reply.channel).recipient_rate(self.capabilities(&reply.channel));
            if pair.believed(reply.pace, now) != reply.pace {
                reply.pace = now;
            }
        }
    }

    /// Chooses what one line sends now out of what is due on it, at most `share` and none to those who are `busy`, and settles
    /// what it will not send. Returns how many were chosen.
    fn take_from<'a>(
        &self,
        channel: &mut Channel,
        due: &'a [Due],
        (share, busy): (u32, Option<&HashSet<Contact>>),
        (plan, round): (&mut Plan<'a>, &mut Round),
    ) -> u32 {
        let now = self.clock.now();
        let (capabilities, rate) = (self.capabilities(&channel.id), self.rate(channel));
        let (is_settled, latest) = (self.clock.is_settled(), deadline::latest(now, TimeDelta::seconds(LEASE_SECONDS)));
        let mut allowed = rate.room(channel.next, now);
        let trial = line::is_on_trial(channel);
        let share = if trial { share.min(1) } else { share };
        if share == 0 {
            // The room is used up: what comes back makes some.
            return 0;
        }
        let mut taken = 0;
        // A reply waits for the one before it, but one that goes on after it was over may meet a later one: then one of
        // them waits until the other comes back.
        let mut chosen = HashSet::new();
        let is_busy = |contact: &Contact| busy.is_some_and(|busy| busy.contains(contact));
        let settings = self.line(&channel.id);
        let pair = settings.recipient_rate(capabilities);
        for reply in due {
            if taken == share {
                round.more |= !trial;
                break;
            }
            if allowed == 0 {
                round.paced = true;
                break;
            }
            if reply.lease.is_some_and(|lease| lease > latest) {
                plan.overlong.push(reply.id);
                continue;
            }
            let has_template = capabilities.templates && template::fitting(&settings.templates, reply).is_some();
            match verdict::before(reply, (capabilities, pair), (self.age_max, has_template), now) {
                Before::Stay(Sending::Expired { .. } | Sending::Held { .. }) | Before::Go { free: false }
                    if !is_settled =>
                {
                    plan.settled.push((reply, until_settled(now)));
                }
                Before::Stay(outcome) => plan.settled.push((reply, outcome)),
                Before::Go { .. } if is_busy(&reply.contact) || chosen.contains(&reply.contact) => {}
                Before::Go { free } => {
                    let parts = u32::try_from(parcel(reply, false).parts(capabilities).len()).unwrap_or(1);
                    let messages = if free { parts.saturating_sub(reply.parts).max(1) } else { 1 };
                    // A reply of several messages goes at once: it waits until there is room for all of them, as far
                    // as the rate ever gives so much.
                    if messages > allowed && allowed < rate.burst {
                        round.paced = true;
                        break;
                    }
                    allowed = allowed.saturating_sub(messages);
                    taken += 1;
                    chosen.insert(&reply.contact);
                    channel.next = rate.after(channel.next, now, messages);
                    plan.chosen.push(Chosen { reply, free, trial, pace: pair.after(reply.pace, now, messages) });
                    if trial {
                        channel.rest_until = now + TimeDelta::seconds(TRIAL_SECONDS);
                    }
                }
            }
        }
        taken
    }

    /// Writes what was decided, and takes what could be claimed.
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
        let claims: Vec<Claim> = plan
            .chosen
            .iter()
            .map(|Chosen { reply, pace, .. }| Claim {
                id: reply.id,
                pace_us: pace.timestamp_micros(),
                lapses: reply.lapses,
            })
            .collect();
        let attempts = tx.claim(&self.owner, now + TimeDelta::seconds(LEASE_SECONDS), &claims).await?;
        for &Chosen { reply, free, trial, .. } in &plan.chosen {
            // One that was settled meanwhile, by a status or a hand, is not ours.
            let Some(&attempts) = attempts.get(&reply.id) else { continue };
            round.claimed.push(Claimed { reply: Due { attempts, ..reply.clone() }, free, trial });
        }
        Ok(())
    }
}

/// What becomes of a reply that is too late by a clock which has not proved itself yet.
fn until_settled(now: DateTime<Utc>) -> Sending {
    let until = TimeDelta::from_std(STEADY_TIME).unwrap_or_default();
    Sending::PutOff { until: now + until, error: "its age is judged when the clock has been steady for a while".into() }
}

#[cfg(test)]
mod tests;
