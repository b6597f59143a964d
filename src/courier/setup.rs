//! What a courier consists of, and what an installation sets about it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use chrono::TimeDelta;

use super::notice_share::NoticeShare;
use super::policy::channel::ChannelSettings;
use super::policy::jitter::Jitter;
use crate::clock::SharedClock;
use crate::domain::message::ChannelId;
use crate::gateway::{Capabilities, Gateways};
use crate::storage::Storage;

/// How long a reply is of use, in hours: over a weekend, since what was booked on Friday still counts on Monday.
pub const REPLY_HOURS: u16 = 72;

/// The courier.
pub struct Courier {
    pub(super) storage: Storage,
    pub(super) gateways: Gateways,
    pub(super) clock: SharedClock,
    /// Names this process among all that share the database.
    pub(super) owner: String,
    channels: BTreeMap<ChannelId, ChannelSettings>,
    pub(super) age_max: TimeDelta,
    pub(super) jitter: Jitter,
    pub(super) notice_share: NoticeShare,
}

impl Courier {
    /// A courier for these gateways; `owner` names this process among all that share the database.
    pub fn new(storage: Storage, gateways: Gateways, clock: SharedClock, owner: String) -> Self {
        let age_max = TimeDelta::hours(i64::from(REPLY_HOURS));
        let (channels, jitter, notice_share) = (BTreeMap::new(), Jitter::none(), NoticeShare::default());
        Self { storage, gateways, clock, owner, channels, age_max, jitter, notice_share }
    }

    /// Sets what the installation configures for its channels.
    #[must_use]
    pub fn with_channels(self, channels: BTreeMap<ChannelId, ChannelSettings>) -> Self {
        Self { channels, ..self }
    }

    /// Sets the age from which a reply is too old to be sent.
    #[must_use]
    pub fn with_age_max(self, age_max: TimeDelta) -> Self {
        Self { age_max, ..self }
    }

    /// Adds jitter to the waiting times; the same seed gives the same jitter.
    #[must_use]
    pub fn with_jitter(self, seed: [u8; 32]) -> Self {
        Self { jitter: Jitter::seeded(seed), ..self }
    }

    /// What the installation configures for a channel; nothing where it does not name it.
    pub(super) fn settings(&self, channel: &ChannelId) -> &ChannelSettings {
        static UNCONFIGURED: ChannelSettings =
            ChannelSettings { channel_rate: None, recipient_rate: None, templates: Vec::new() };
        self.channels.get(channel).unwrap_or(&UNCONFIGURED)
    }

    /// What the provider of a channel can do.
    pub(super) fn capabilities(&self, channel: &ChannelId) -> &Capabilities {
        static UNKNOWN: LazyLock<Capabilities> = LazyLock::new(Capabilities::default);
        self.gateways.get(channel.gateway()).map_or(&UNKNOWN, |gateway| gateway.capabilities())
    }
}
