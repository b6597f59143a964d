//! What the desk works with.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use crate::clock::SharedClock;
use crate::domain::message::ChannelId;
use crate::domain::office::OfficeId;
use crate::domain::reach::Reaches;
use crate::domain::turn_link::TurnLinks;
use crate::metrics::Metrics;
use crate::roster::Roster;
use crate::storage::Storage;

/// Messages in one commit, at most, unless an installation sets another number: more hardly raises the throughput and makes the
/// first of them wait.
pub const MESSAGES_PER_COMMIT: u32 = 256;

/// How long a message may wait until it is served, unless an installation sets another time: providers wait some seconds for an answer, and
/// citizens who wait longer for theirs write again.
pub const WAIT_MAX: Duration = Duration::from_secs(1);

/// Which office owns which channel.
pub type Channels = BTreeMap<ChannelId, OfficeId>;

/// Replies to one contact in ten minutes, by channel.
pub type RepliesMax = Arc<BTreeMap<ChannelId, u32>>;

/// What a desk works with.
#[derive(Debug, Clone)]
pub struct Dependencies {
    /// The database.
    pub storage: Storage,
    /// Offices, formats, holidays.
    pub roster: Roster,
    /// Which office owns which channel.
    pub channels: Channels,
    /// Replies to one contact in ten minutes, for channels that differ from [`crate::conversation::REPLIES_MAX`].
    pub replies_max: RepliesMax,
    /// Where citizens see their turn; `None`: confirmations name no address.
    pub turn_links: Option<TurnLinks>,
    /// Whom the channels reach unasked.
    pub reaches: Reaches,
    /// The time.
    pub clock: SharedClock,
    /// Seed of booking and approval codes; drawn from the operating system by `app`, fixed in replay.
    pub seed: [u8; 32],
    /// Lanes that serve side by side: 1 on SQLite, which has one writer.
    pub lanes: usize,
    /// Messages that a lane serves in one commit, at most; usually [`MESSAGES_PER_COMMIT`].
    pub messages_per_commit: u32,
    /// How long a message may wait until it is served; what would wait longer is refused. Usually [`WAIT_MAX`].
    pub wait_max: Duration,
    /// Notified after every commit that left something to send.
    pub wake_courier: Arc<Notify>,
    /// The counters.
    pub metrics: Arc<Metrics>,
}
