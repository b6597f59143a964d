//! A reply that this node has claimed, and the send that came of it.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};

use super::policy::channel::Signal;
use crate::domain::message::{ChannelId, Contact, MessageId};
use crate::storage::{Due, Sending, Sent, SentParts};

/// Contacts whose replies are in flight on this node, by channel; each contact has one reply in flight at most.
pub(super) type InFlight = BTreeMap<ChannelId, HashSet<Contact>>;

/// How many replies of a channel are in flight on this node.
pub(super) fn in_flight_on(in_flight: &InFlight, channel: &ChannelId) -> u32 {
    in_flight.get(channel).map_or(0, |contacts| u32::try_from(contacts.len()).unwrap_or(u32::MAX))
}

/// A reply that this node has claimed and has to send.
#[derive(Debug, Clone)]
pub(super) struct Claimed {
    pub(super) reply: Due,
    /// Whether the provider takes a free reply.
    pub(super) free: bool,
    /// Whether it is the one trial of a channel whose circuit breaker is half-open.
    pub(super) trial: bool,
}

impl Claimed {
    /// Returns the reply to the outbox, as if it had not been claimed.
    pub(super) fn put_back(self, now: DateTime<Utc>) -> Finished {
        let outcome = Sending::PutOff { until: now, error: "put back: the process was asked to stop".to_owned() };
        Finished {
            sent: sent(&self.reply, Vec::new(), outcome),
            signal: Signal::Fine { trial: false },
            in_doubt: false,
        }
    }
}

/// A send that came to an end.
#[derive(Debug, Clone)]
pub(super) struct Finished {
    pub(super) sent: Sent,
    /// What the send says about its channel.
    pub(super) signal: Signal,
    /// Whether the provider's answer was lost, so that the reply may have gone out.
    pub(super) in_doubt: bool,
}

/// The record of a send: `accepted` are the ids of the messages that the provider took, in order.
pub(super) fn sent(reply: &Due, accepted: Vec<Option<MessageId>>, outcome: Sending) -> Sent {
    Sent {
        id: reply.id,
        channel: reply.channel.clone(),
        contact: reply.contact.clone(),
        attempts: reply.attempts,
        faults: reply.faults,
        doubts: reply.doubts,
        parts: SentParts { before: reply.parts, ids: accepted },
        outcome,
        opted_out: false,
        as_template: false,
    }
}
