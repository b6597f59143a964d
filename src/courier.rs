//! Takes due replies out of the outbox, sends them, and records what became of each.
//!
//! Nothing is sent that is not committed. The gateway's error is the verdict; the courier only obeys it. One reply a
//! citizen is in flight at a time, so replies leave in order.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use futures_util::future::join_all;
use tokio::sync::Notify;

use crate::clock::SharedClock;
use crate::domain::message::ChannelId;
use crate::gateway::{Gateways, Load, Parcel, Scope, SendError};
use crate::reply;
use crate::storage::{Due, Sending, Sent, Storage, StorageError};

/// Replies claimed in one step and sent side by side: at 50 ms an answer, some six hundred a second for each loop.
const CLAIM_MAX: u32 = 32;
/// How long a claim lasts, in seconds: longer than the slowest send (connect, upload, send) can take.
const LEASE_SECONDS: i64 = 120;
/// Waits between tries after a passing fault, in seconds; afterwards the reply is given up.
const RETRY_SECONDS: [i64; 5] = [2, 10, 60, 300, 900];
/// Wait after an answer that was lost: a status naming our reply may still say that it went out.
const DOUBT_SECONDS: i64 = 60;
/// Wait when the line itself is broken: somebody has to mend it.
const BROKEN_SECONDS: i64 = 300;
/// Longest wait that a provider may impose, in seconds.
const THROTTLE_SECONDS_MAX: u64 = 3_600;

/// What one step did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Replies that the provider took.
    pub sent: usize,
    /// Replies put off.
    pub put_off: usize,
    /// Replies given up.
    pub dead: usize,
    /// Replies whose answer was lost: each may go out twice.
    pub in_doubt: usize,
    /// After an idle step: when the next reply is due, if any is waiting.
    pub next_due: Option<DateTime<Utc>>,
}

impl Step {
    /// Whether there was nothing to do.
    pub fn is_idle(&self) -> bool {
        self.sent + self.put_off + self.dead == 0
    }
}

/// The courier.
pub struct Courier {
    storage: Storage,
    gateways: Gateways,
    clock: SharedClock,
    owner: String,
    more: Arc<Notify>,
}

impl Courier {
    /// A courier for these gateways; `owner` names this process among all that share the database.
    pub fn new(storage: Storage, gateways: Gateways, clock: SharedClock, owner: String) -> Self {
        Self { storage, gateways, clock, owner, more: Arc::default() }
    }

    /// Rings `bell` whenever a step claims as much as it may: there is probably more, for another loop to take.
    #[must_use]
    pub fn ringing(self, bell: Arc<Notify>) -> Self {
        Self { more: bell, ..self }
    }

    /// Sends what is due now: at most two commits.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; what was claimed is sent again when its lease ends.
    pub async fn step(&self) -> Result<Step, StorageError> {
        let now = self.clock.now();
        let due = self.storage.claim(&self.owner, now, now + Duration::seconds(LEASE_SECONDS), CLAIM_MAX).await?;
        if due.is_empty() {
            return Ok(Step { next_due: self.storage.next_due().await?, ..Step::default() });
        }
        if due.len() >= CLAIM_MAX as usize {
            self.more.notify_one();
        }
        let results: Vec<(Due, Result<Sending, SendError>)> =
            join_all(due.into_iter().map(|reply| self.send(reply))).await;
        let mut step = Step::default();
        let mut sent = Vec::with_capacity(results.len());
        let mut broken = BTreeSet::new();
        for (reply, result) in results {
            let outcome = match result {
                Ok(taken) => taken,
                Err(error) => {
                    step.in_doubt += usize::from(matches!(error, SendError::Ambiguous(_)));
                    log_failure(&reply, &error, &mut broken);
                    verdict(&reply, &error, self.clock.now())
                }
            };
            match outcome {
                Sending::Taken { .. } => step.sent += 1,
                Sending::PutOff { .. } => step.put_off += 1,
                Sending::Dead { .. } => step.dead += 1,
            }
            sent.push(Sent { id: reply.id, outcome });
        }
        self.storage.record(&self.owner, &sent, self.clock.now()).await?;
        Ok(step)
    }

    async fn send(&self, reply: Due) -> (Due, Result<Sending, SendError>) {
        let Some(gateway) = self.gateways.get(reply.channel.gateway()) else {
            let name = reply.channel.gateway().to_owned();
            return (reply, Err(SendError::Misconfigured(format!("no gateway `{name}` is configured"))));
        };
        let png = match reply.outbound.qr.clone() {
            // Drawing and packing a picture is work for a thread that nobody waits on.
            Some(payload) => tokio::task::spawn_blocking(move || reply::draw_qr(&payload)).await.ok().flatten(),
            None => None,
        };
        let load = png.map_or(Load::Nothing, Load::Picture);
        let parcel = Parcel { load, ..Parcel::text(reply.id, reply.outbound.text.clone()) };
        let sent = gateway.send(reply.channel.key(), &reply.contact, &parcel).await;
        let taken =
            sent.map(|receipt| Sending::Taken { provider_id: receipt.id, without_picture: receipt.without_picture });
        (reply, taken)
    }
}

/// What the courier does after a failure.
fn verdict(reply: &Due, error: &SendError, now: DateTime<Utc>) -> Sending {
    let why = error.to_string();
    let after = |seconds: i64| Sending::PutOff { until: now + Duration::seconds(seconds), error: why.clone() };
    let tries = usize::try_from(reply.attempts.saturating_sub(1)).unwrap_or(usize::MAX);
    let next = RETRY_SECONDS.get(tries).copied();
    match error {
        SendError::Throttled { after_seconds: Some(seconds), .. } => {
            after(i64::try_from((*seconds).min(THROTTLE_SECONDS_MAX)).unwrap_or(RETRY_SECONDS[0]))
        }
        SendError::Throttled { scope: Scope::Channel | Scope::Recipient, .. } | SendError::Transient(_) => {
            next.map_or_else(|| Sending::Dead { error: why.clone() }, after)
        }
        SendError::Ambiguous(_) => {
            next.map_or_else(|| Sending::Dead { error: why.clone() }, |seconds| after(seconds.max(DOUBT_SECONDS)))
        }
        // Nothing about the reply is wrong: it waits until the line is mended.
        SendError::Misconfigured(_) | SendError::Limited(_) => after(BROKEN_SECONDS),
        SendError::WindowClosed(_) | SendError::Refused(_) | SendError::OptedOut(_) | SendError::TemplateRefused(_) => {
            Sending::Dead { error: why.clone() }
        }
    }
}

fn log_failure(reply: &Due, error: &SendError, broken: &mut BTreeSet<ChannelId>) {
    let (channel, contact) = (reply.channel.as_str(), reply.contact.tail());
    match error {
        SendError::Misconfigured(_) | SendError::Limited(_) => {
            // Once a step: a broken line fails every reply alike.
            if broken.insert(reply.channel.clone()) {
                tracing::error!(channel, %error, "the line is broken; its replies wait until it is mended");
            }
        }
        SendError::WindowClosed(_) | SendError::Refused(_) => {
            tracing::warn!(channel, %contact, outbox = reply.id, %error, "a reply was given up");
        }
        SendError::Ambiguous(_) => {
            tracing::warn!(channel, %contact, outbox = reply.id, %error, "a reply may have gone out; it may go out again");
        }
        _ => tracing::info!(channel, %contact, outbox = reply.id, %error, "a reply was put off"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::{Contact, Outbound};

    fn reply(attempts: u32) -> Due {
        Due {
            id: 1,
            channel: ChannelId::new("wa", "1"),
            contact: Contact::new("6281200000001"),
            outbound: Outbound { text: String::new(), qr: None, quick_replies: Vec::new() },
            attempts,
        }
    }

    fn wait_of(error: &SendError, attempts: u32) -> Option<i64> {
        match verdict(&reply(attempts), error, DateTime::UNIX_EPOCH) {
            Sending::PutOff { until, .. } => Some(until.timestamp()),
            Sending::Dead { .. } => None,
            Sending::Taken { .. } => panic!("a failure is never a success"),
        }
    }

    #[test]
    fn a_passing_fault_is_tried_again_ever_later_and_then_given_up() {
        let waits: Vec<_> = (1..=6).map(|n| wait_of(&SendError::Transient("x".into()), n)).collect();
        assert_eq!(waits, [Some(2), Some(10), Some(60), Some(300), Some(900), None]);
    }

    #[test]
    fn a_broken_line_never_costs_a_reply() {
        assert_eq!(wait_of(&SendError::Misconfigured("token".into()), 99), Some(BROKEN_SECONDS));
    }

    #[test]
    fn after_a_lost_answer_a_status_gets_its_time() {
        assert_eq!(wait_of(&SendError::Ambiguous("cut".into()), 1), Some(60));
    }

    #[test]
    fn the_providers_own_wait_is_obeyed_within_reason() {
        let throttled =
            |s| SendError::Throttled { scope: Scope::Channel, after_seconds: Some(s), detail: String::new() };
        assert_eq!(wait_of(&throttled(17), 9), Some(17));
        assert_eq!(wait_of(&throttled(999_999), 1), Some(3600));
    }
}
