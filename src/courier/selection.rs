//! Chooses which of the due replies of one channel are sent now.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};

use super::policy::channel;
use super::policy::template;
use super::policy::verdict::{self, Before, Terms};
use super::send::{Picture, parcel};
use super::setup::Courier;
use crate::clock::STEADY_TIME;
use crate::domain::deadline;
use crate::domain::message::Contact;
use crate::domain::rate::Rate;
use crate::gateway::Capabilities;
use crate::storage::{Channel, Due, Sending};

/// How long a claim lasts, in seconds: longer than the slowest send (connect, upload, several messages) can take.
pub(super) const LEASE_SECONDS: i64 = 180;
/// How long the trial of a half-open circuit breaker keeps others from trying too, in seconds.
const TRIAL_SECONDS: i64 = 5;

/// What one channel may begin in a round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Allowance<'a> {
    /// Most replies.
    pub(super) replies: u32,
    /// Contacts who have a reply in flight on this node, and get no other meanwhile.
    pub(super) busy: Option<&'a HashSet<Contact>>,
}

/// A reply that a round has chosen to send.
pub(super) struct Chosen<'a> {
    pub(super) reply: &'a Due,
    /// Whether the provider takes a free reply.
    pub(super) free: bool,
    /// Whether it is the trial of a half-open circuit breaker.
    pub(super) trial: bool,
    /// When this citizen may be sent the next message.
    pub(super) pace: DateTime<Utc>,
}

/// What a round decided about the due replies of all its channels.
#[derive(Default)]
pub(super) struct Plan<'a> {
    /// To be claimed.
    pub(super) chosen: Vec<Chosen<'a>>,
    /// Not to be sent now.
    pub(super) settled: Vec<(&'a Due, Sending)>,
    /// Claimed for longer than anybody claims: by a clock that was ahead, and maybe still being sent.
    pub(super) overlong: Vec<i64>,
    /// Whether a channel had more replies than its allowance.
    pub(super) has_more: bool,
    /// Whether a channel had more replies than its rate allows.
    pub(super) is_paced: bool,
}

/// A channel while its due replies are chosen.
struct Turn<'c, 'a> {
    channel: &'c mut Channel,
    rate: Rate,
    recipient_rate: Rate,
    /// Whether it tries one reply while its circuit breaker is half-open.
    trial: bool,
    now: DateTime<Utc>,
    messages_left: u32,
    /// Who gets a reply in this round. A reply waits for the one before it, but one that goes on after it was settled may meet
    /// a later one: then one of them waits until the other comes back.
    contacts: HashSet<&'a Contact>,
}

impl<'a> Turn<'_, 'a> {
    /// Whether the rate leaves no room for a reply of so many messages. They go at once: the reply waits until all of them may
    /// go, as far as the rate ever gives so much.
    fn must_wait(&self, messages: u32) -> bool {
        messages > self.messages_left && self.messages_left < self.rate.burst
    }

    /// Takes a reply of so many messages.
    fn take(&mut self, reply: &'a Due, free: bool, messages: u32) -> Chosen<'a> {
        self.messages_left = self.messages_left.saturating_sub(messages);
        self.contacts.insert(&reply.contact);
        self.channel.next = self.rate.after(self.channel.next, self.now, messages);
        if self.trial {
            self.channel.rest_until = self.now + TimeDelta::seconds(TRIAL_SECONDS);
        }
        Chosen { reply, free, trial: self.trial, pace: self.recipient_rate.after(reply.pace, self.now, messages) }
    }
}

/// What happens to one due reply in a round.
enum Decision {
    Send { free: bool },
    Settle(Sending),
    ShortenLease,
}

impl<'a> Plan<'a> {
    /// Notes a decision that needs no send. Returns, for a reply that is to be sent, whether it goes as a free one.
    fn settle_or_send(&mut self, reply: &'a Due, decision: Decision) -> Option<bool> {
        match decision {
            Decision::Send { free } => return Some(free),
            Decision::Settle(outcome) => self.settled.push((reply, outcome)),
            Decision::ShortenLease => self.overlong.push(reply.id),
        }
        None
    }
}

impl Courier {
    /// How fast a channel may send.
    pub(super) fn rate(&self, channel: &Channel) -> Rate {
        self.settings(&channel.id).channel_rate(self.capabilities(&channel.id))
    }

    /// Forgets paces towards citizens that no send can have left: they come from a clock that was ahead.
    pub(super) fn correct_paces(&self, replies: &mut [Due], now: DateTime<Utc>) {
        for reply in replies {
            let rate = self.settings(&reply.channel).recipient_rate(self.capabilities(&reply.channel));
            if rate.believed(reply.pace, now) != reply.pace {
                reply.pace = now;
            }
        }
    }

    /// Chooses what one channel sends now out of what is due on it, and settles what it will not send. Returns how many
    /// replies were chosen.
    pub(super) fn select<'a>(
        &self,
        channel: &mut Channel,
        due: &'a [Due],
        allowance: Allowance<'_>,
        plan: &mut Plan<'a>,
    ) -> u32 {
        let capabilities = self.capabilities(&channel.id);
        let mut turn = self.turn(channel);
        let most = if turn.trial { allowance.replies.min(1) } else { allowance.replies };
        if most == 0 {
            // A send that ends frees some.
            return 0;
        }
        let mut taken = 0;
        let mut queue = self.notice_share.queue(&turn.channel.id, due);
        while let Some(reply) = queue.next() {
            if taken == most {
                plan.has_more |= !turn.trial;
                break;
            }
            if turn.messages_left == 0 {
                plan.is_paced = true;
                break;
            }
            let Some(free) = plan.settle_or_send(reply, self.decide(reply, turn.now)) else { continue };
            let is_busy = allowance.busy.is_some_and(|busy| busy.contains(&reply.contact));
            if is_busy || turn.contacts.contains(&reply.contact) {
                continue;
            }
            let messages = messages_of(reply, free, capabilities);
            if turn.must_wait(messages) {
                plan.is_paced = true;
                break;
            }
            taken += 1;
            queue.count(reply);
            plan.chosen.push(turn.take(reply, free, messages));
        }
        self.notice_share.keep(&turn.channel.id, &queue);
        taken
    }

    fn turn<'c, 'a>(&self, channel: &'c mut Channel) -> Turn<'c, 'a> {
        let now = self.clock.now();
        let (rate, recipient_rate) = (self.rate(channel), self.recipient_rate(channel));
        let (trial, messages_left) = (channel::is_half_open(channel), rate.room(channel.next, now));
        Turn { channel, rate, recipient_rate, trial, now, messages_left, contacts: HashSet::new() }
    }

    fn recipient_rate(&self, channel: &Channel) -> Rate {
        self.settings(&channel.id).recipient_rate(self.capabilities(&channel.id))
    }

    /// Decides about one due reply. While the clock is not settled, nothing is given up or held back by it.
    fn decide(&self, reply: &Due, now: DateTime<Utc>) -> Decision {
        let latest_lease = deadline::latest(now, TimeDelta::seconds(LEASE_SECONDS));
        if reply.lease.is_some_and(|lease| lease > latest_lease) {
            return Decision::ShortenLease;
        }
        let (capabilities, settings) = (self.capabilities(&reply.channel), self.settings(&reply.channel));
        let terms = Terms {
            capabilities,
            recipient_rate: settings.recipient_rate(capabilities),
            age_max: self.age_max,
            has_template: capabilities.templates && template::fitting(&settings.templates, reply).is_some(),
        };
        match verdict::before(reply, terms, now) {
            Before::Stay(Sending::Expired { .. } | Sending::Held { .. }) | Before::Go { free: false }
                if !self.clock.is_settled() =>
            {
                Decision::Settle(until_settled(now))
            }
            Before::Stay(outcome) => Decision::Settle(outcome),
            Before::Go { free } => Decision::Send { free },
        }
    }
}

/// How many messages a reply takes that have not gone out yet.
fn messages_of(reply: &Due, free: bool, capabilities: &Capabilities) -> u32 {
    if !free {
        return 1;
    }
    let parts = u32::try_from(parcel(reply, Picture::Counted).parts(capabilities).len()).unwrap_or(1);
    parts.saturating_sub(reply.parts).max(1)
}

/// What becomes of a reply that is too late by a clock that is not settled yet.
fn until_settled(now: DateTime<Utc>) -> Sending {
    let until = TimeDelta::from_std(STEADY_TIME).unwrap_or_default();
    Sending::PutOff { until: now + until, error: "its age is judged when the clock has been steady for a while".into() }
}
