//! Takes due replies out of the outbox, sends them, and records what became of each.
//!
//! Nothing is sent that is not committed. The gateway's error is the verdict; the courier only obeys it. A reply
//! waits for the one before it, and a node sends a citizen one at a time, so replies leave in order; a line never sends
//! faster than its provider takes, over all nodes; a line that is broken stops by itself and holds its queue.
//!
//! `round` is the transaction (what was sent goes in, what is due comes out), `flight` the loop around it, `verdict`
//! what becomes of a reply, `line` what becomes of a line, `template` what goes when no free reply is taken, `watch` how much
//! room intake needs.

mod flight;
mod jitter;
mod line;
mod round;
mod template;
mod verdict;
mod watch;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use crate::clock::SharedClock;
use crate::domain::deadline;
use crate::domain::message::{ChannelId, MessageId};
use crate::gateway::{Capabilities, Gateway, Gateways, Load, Parcel, SendError};
use crate::reply;
use crate::storage::{Due, Prospect, Sending, Sent, Storage, StorageError};

use jitter::Jitter;
use line::Sign;
use round::{Claimed, Finished};

pub use line::{BREAKER_FAULTS, Line, PROBE_SECONDS, REST_SECONDS_MAX, THROTTLE_SECONDS_MAX};
pub use template::{Parameter, TemplateChoice};
pub use verdict::{DOUBT_SECONDS, LAPSES_MAX, PAIR_SECONDS, PUT_OFF_SECONDS_MAX, RETRY_SECONDS};

/// Replies that one step claims and sends side by side.
const STEP_CLAIMS_MAX: u32 = 64;
/// How long a reply is of use, in hours: over a weekend, since what was booked on Friday still counts on Monday.
pub const REPLY_HOURS: u16 = 72;

/// What one step, or one round of the loop, did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Replies that the provider took.
    pub sent: usize,
    /// Replies put off.
    pub put_off: usize,
    /// Replies held until their citizen writes again.
    pub held: usize,
    /// Replies that came too late to be of use.
    pub expired: usize,
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
        self.sent + self.put_off + self.held + self.expired + self.dead == 0
    }

    fn count(&mut self, outcome: &Sending) {
        *match outcome {
            Sending::Taken { .. } => &mut self.sent,
            Sending::PutOff { .. } => &mut self.put_off,
            Sending::Held { .. } => &mut self.held,
            Sending::Expired { .. } => &mut self.expired,
            Sending::Dead { .. } => &mut self.dead,
        } += 1;
    }
}

/// The courier.
pub struct Courier {
    storage: Storage,
    gateways: Gateways,
    clock: SharedClock,
    owner: String,
    lines: BTreeMap<ChannelId, Line>,
    age_max: TimeDelta,
    jitter: Jitter,
}

impl Courier {
    /// A courier for these gateways; `owner` names this process among all that share the database.
    pub fn new(storage: Storage, gateways: Gateways, clock: SharedClock, owner: String) -> Self {
        let age_max = TimeDelta::hours(i64::from(REPLY_HOURS));
        Self { storage, gateways, clock, owner, lines: BTreeMap::new(), age_max, jitter: Jitter::none() }
    }

    /// With what the installation says about its lines.
    #[must_use]
    pub fn with_lines(self, lines: BTreeMap<ChannelId, Line>) -> Self {
        Self { lines, ..self }
    }

    /// Which replies are too old to be sent.
    #[must_use]
    pub fn with_age_max(self, age_max: TimeDelta) -> Self {
        Self { age_max, ..self }
    }

    /// With chance in its waiting times. The same seed gives the same chance.
    #[must_use]
    pub fn with_jitter(self, seed: [u8; 32]) -> Self {
        Self { jitter: Jitter::seeded(seed), ..self }
    }

    /// Sends what is due now, and records what became of it: at most two commits. Replay and tests step; an
    /// installation runs [`Courier::run`], which records one round's sends in the commit that claims the next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; what was claimed is sent again when its lease ends.
    pub async fn step(&self) -> Result<Step, StorageError> {
        let round = self.round(Vec::new(), STEP_CLAIMS_MAX, &BTreeMap::new()).await?;
        let mut step = round.step;
        let mended = self.ask_whether_mended(&round.broken).await?;
        if round.claimed.is_empty() {
            if step.is_idle() {
                let now = self.clock.now();
                if mended || self.storage.enrol_unknown_channels(now).await? {
                    return Box::pin(self.step()).await;
                }
                step.next_due = if self.bring_back(now).await? { Some(now) } else { self.next_due().await? };
            }
            return Ok(step);
        }
        let finished = join_all(round.claimed.into_iter().map(|claimed| self.send(claimed))).await;
        for one in &finished {
            step.count(&one.sent.outcome);
            step.in_doubt += usize::from(one.in_doubt);
        }
        self.round(finished, 0, &BTreeMap::new()).await?;
        Ok(step)
    }

    /// Has replies go now that a clock which was ahead put off. Whether there were any.
    async fn bring_back(&self, now: DateTime<Utc>) -> Result<bool, StorageError> {
        if !self.clock.is_settled() {
            // By a clock that was behind for a moment, all that was written since would be ahead.
            return Ok(false);
        }
        let replies = self.storage.bring_back_replies(now, TimeDelta::seconds(PUT_OFF_SECONDS_MAX)).await?;
        if replies > 0 {
            tracing::warn!(replies, "replies that a clock which was ahead put off go out now");
        }
        Ok(replies > 0)
    }

    /// When a reply can be claimed next.
    async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let now = self.clock.now();
        let prospects = self.storage.prospects().await?;
        let earliest = |prospect: Prospect| {
            let Prospect { channel, due, rest_until: rest, next } = prospect;
            let rate = match self.gateways.get(channel.gateway()) {
                Some(gateway) => self.line(&channel).channel_rate(gateway.capabilities()),
                None => Capabilities::default().channel_rate,
            };
            let rest = if deadline::is_open(rest, line::longest_rest(), now) { rest } else { now };
            due.max(rest).max(rate.earliest(rate.believed(next, now)))
        };
        Ok(prospects.into_iter().map(earliest).min())
    }

    fn line(&self, channel: &ChannelId) -> &Line {
        static PLAIN: Line = Line { channel_rate: None, recipient_rate: None, templates: Vec::new() };
        self.lines.get(channel).unwrap_or(&PLAIN)
    }

    /// Asks the providers of broken lines whether they are mended, and opens those that are. Whether any was.
    async fn ask_whether_mended(&self, broken: &[ChannelId]) -> Result<bool, StorageError> {
        let mut mended = false;
        for channel in broken {
            let Some(gateway) = self.gateways.get(channel.gateway()) else { continue };
            match gateway.probe(channel.key()).await {
                Ok(_) => {
                    if self.storage.reopen_channel(channel, self.clock.now()).await? {
                        tracing::info!(channel = channel.as_str(), "this line is mended; its queue goes on");
                        mended = true;
                    }
                }
                Err(error) => tracing::warn!(channel = channel.as_str(), %error, "this line is still broken"),
            }
        }
        Ok(mended)
    }

    /// Sends one claimed reply.
    async fn send(&self, claimed: Claimed) -> Finished {
        let Claimed { reply, free, trial } = claimed;
        let Some(gateway) = self.gateways.get(reply.channel.gateway()) else {
            let name = reply.channel.gateway();
            let error = SendError::Misconfigured(format!("no gateway `{name}` is configured"));
            return self.failed(&reply, (Vec::new(), trial), &error);
        };
        let mut went = Vec::new();
        let result = if free {
            match self.send_free(gateway.as_ref(), &reply, &mut went).await {
                // The provider knows better than our count of hours.
                Err(SendError::WindowClosed(why)) if went.is_empty() => {
                    self.send_template(gateway.as_ref(), &reply, &mut went, why).await
                }
                result => result,
            }
        } else {
            self.send_template(gateway.as_ref(), &reply, &mut went, "by our own count".to_owned()).await
        };
        match result {
            Ok(without_picture) => Finished {
                sign: Sign::Fine { trial },
                in_doubt: false,
                sent: sent(&reply, went, Sending::Taken { without_picture }, (reply.faults, reply.doubts)),
            },
            Err(error) => self.failed(&reply, (went, trial), &error),
        }
    }

    /// Sends the messages of a reply that have not gone out yet, in order. Whether a picture was left out.
    async fn send_free(
        &self,
        gateway: &dyn Gateway,
        reply: &Due,
        went: &mut Vec<Option<MessageId>>,
    ) -> Result<bool, SendError> {
        let mut without_picture = false;
        let done = usize::try_from(reply.parts).unwrap_or(0);
        for part in parcel(reply, true).parts(gateway.capabilities()).iter().skip(done) {
            let receipt = gateway.send(reply.channel.key(), &reply.address, part).await?;
            without_picture |= receipt.without_picture;
            went.push(receipt.id);
        }
        Ok(without_picture)
    }

    /// Sends the template that fits a reply.
    async fn send_template(
        &self,
        gateway: &dyn Gateway,
        reply: &Due,
        went: &mut Vec<Option<MessageId>>,
        why: String,
    ) -> Result<bool, SendError> {
        let fitting = template::fitting(&self.line(&reply.channel).templates, reply);
        let template = fitting.filter(|_| gateway.capabilities().templates).ok_or(SendError::WindowClosed(why))?;
        let parcel = Parcel { load: Load::Template(template), ..Parcel::text(reply.id, reply.outbound.text.clone()) };
        let receipt = gateway.send(reply.channel.key(), &reply.address, &parcel).await?;
        went.push(receipt.id);
        Ok(reply.outbound.qr.is_some())
    }

    fn failed(&self, reply: &Due, (went, trial): (Vec<Option<MessageId>>, bool), error: &SendError) -> Finished {
        log_failure(reply, error);
        let verdict::After { outcome, faults, doubts } =
            verdict::after(error, (reply.faults, reply.doubts), self.clock.now(), &self.jitter);
        Finished {
            sign: Sign::of(error, trial),
            in_doubt: matches!(error, SendError::Ambiguous(_)),
            sent: Sent {
                opted_out: matches!(error, SendError::OptedOut(_)),
                ..sent(reply, went, outcome, (faults, doubts))
            },
        }
    }
}

/// A reply as it goes out; `drawn`, its picture is drawn, else only its place is kept.
fn parcel(reply: &Due, drawn: bool) -> Parcel {
    let picture = reply
        .outbound
        .qr
        .as_deref()
        .and_then(|code| if drawn { reply::draw_qr(code) } else { Some(bytes::Bytes::new()) });
    Parcel {
        tracker: reply.id,
        text: reply.outbound.text.clone(),
        load: picture.map_or(Load::Nothing, Load::Picture),
        quick_replies: reply.outbound.quick_replies.clone(),
    }
}

fn sent(reply: &Due, went: Vec<Option<MessageId>>, outcome: Sending, (faults, doubts): (u32, u32)) -> Sent {
    Sent {
        id: reply.id,
        channel: reply.channel.clone(),
        contact: reply.contact.clone(),
        attempts: reply.attempts,
        faults,
        doubts,
        parts: (reply.parts, went),
        outcome,
        opted_out: false,
    }
}

fn log_failure(reply: &Due, error: &SendError) {
    let (channel, contact) = (reply.channel.as_str(), reply.contact.tail());
    match error {
        // The line says so once, when it stops.
        SendError::Misconfigured(_) | SendError::Limited(_) => {}
        SendError::TemplateRefused(_) => {
            tracing::error!(channel, outbox = reply.id, %error, "a template is of no use; see `antrean outbox list --held`");
        }
        SendError::Refused(_) | SendError::OptedOut(_) => {
            tracing::warn!(channel, %contact, outbox = reply.id, %error, "a reply was given up");
        }
        SendError::Ambiguous(_) => {
            tracing::warn!(channel, %contact, outbox = reply.id, %error, "a reply may have gone out; it may go out again");
        }
        _ => tracing::info!(channel, %contact, outbox = reply.id, %error, "a reply was put off"),
    }
}
