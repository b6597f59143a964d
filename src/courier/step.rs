//! One step without a loop, as replay and tests take it, and what step and loop have in common.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;

use super::claim::Claimed;
use super::policy::channel;
use super::policy::verdict::PUT_OFF_SECONDS_MAX;
use super::progress::Step;
use super::setup::Courier;
use crate::domain::deadline;
use crate::domain::message::ChannelId;
use crate::storage::{Prospect, StorageError};

/// Replies that one step claims and sends side by side.
const STEP_CLAIMS_MAX: u32 = 64;

impl Courier {
    /// Sends what is due now, and records what became of it: at most two commits. Replay and tests step; an
    /// installation runs [`Courier::run`], which records one round's sends in the commit that claims the next.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed; what was claimed is sent again when its lease ends.
    pub async fn step(&self) -> Result<Step, StorageError> {
        loop {
            let round = self.round(Vec::new(), STEP_CLAIMS_MAX, &BTreeMap::new()).await?;
            let mut step = round.step;
            let any_repaired = self.probe_broken(&round.broken).await?;
            if !round.claimed.is_empty() {
                self.send_all(round.claimed, &mut step).await?;
                return Ok(step);
            }
            if !step.is_idle() {
                return Ok(step);
            }
            let now = self.clock.now();
            if any_repaired || self.storage.enrol_unknown_channels(now).await? {
                // Replies of these channels may be due now.
                continue;
            }
            step.next_due = if self.advance_misdated(now).await? { Some(now) } else { self.next_due().await? };
            return Ok(step);
        }
    }

    /// Sends what was claimed side by side, and records what became of it.
    async fn send_all(&self, claimed: Vec<Claimed>, step: &mut Step) -> Result<(), StorageError> {
        let finished = join_all(claimed.into_iter().map(|claimed| self.send(claimed))).await;
        step.count_finished(&finished);
        self.round(finished, 0, &BTreeMap::new()).await.map(|_| ())
    }

    /// Makes replies due now that were put off into the far future by a clock that was ahead. Returns whether there were any.
    pub(super) async fn advance_misdated(&self, now: DateTime<Utc>) -> Result<bool, StorageError> {
        if !self.clock.is_settled() {
            // By a clock that is behind for a moment, everything written before would seem to come from a clock that was ahead.
            return Ok(false);
        }
        let replies = self.storage.bring_back_replies(now, TimeDelta::seconds(PUT_OFF_SECONDS_MAX)).await?;
        if replies > 0 {
            tracing::warn!(replies, "replies that a clock which was ahead put off go out now");
        }
        Ok(replies > 0)
    }

    /// When a reply can be claimed next.
    pub(super) async fn next_due(&self) -> Result<Option<DateTime<Utc>>, StorageError> {
        let now = self.clock.now();
        let earliest = |prospect: Prospect| {
            let Prospect { channel, due, rest_until: rest, next } = prospect;
            let rate = self.settings(&channel).channel_rate(self.capabilities(&channel));
            let rest = if deadline::is_open(rest, channel::longest_rest(), now) { rest } else { now };
            due.max(rest).max(rate.earliest(rate.believed(next, now)))
        };
        Ok(self.storage.prospects().await?.into_iter().map(earliest).min())
    }

    /// Asks the providers of broken channels whether they can send again, and opens those that can. Returns whether any can.
    pub(super) async fn probe_broken(&self, broken: &[ChannelId]) -> Result<bool, StorageError> {
        let mut any_repaired = false;
        for channel in broken {
            let Some(gateway) = self.gateways.get(channel.gateway()) else { continue };
            match gateway.probe(channel.key()).await {
                Ok(_) => {
                    if self.storage.reopen_channel(channel, self.clock.now()).await? {
                        tracing::info!(channel = channel.as_str(), "this channel is mended; its queue goes on");
                        any_repaired = true;
                    }
                }
                Err(error) => tracing::warn!(channel = channel.as_str(), %error, "this channel is still broken"),
            }
        }
        Ok(any_repaired)
    }
}
