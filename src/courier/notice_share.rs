//! The share of notices in what a channel sends while more replies wait than it may send.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use crate::domain::message::ChannelId;
use crate::storage::Due;

/// Where replies wait all the time, one of so many sends is a notice: a reminder still goes out that evening, and a reply waits a
/// tenth longer at most.
pub(super) const NOTICE_EVERY: u32 = 10;

/// How many replies each channel has sent since its last notice. Every node counts its own: where each keeps the share, so do all
/// together.
#[derive(Debug, Default)]
pub(super) struct NoticeShare(Mutex<BTreeMap<ChannelId, u32>>);

impl NoticeShare {
    /// What is due on a channel, in the order in which it is chosen.
    pub(super) fn queue<'a>(&self, channel: &ChannelId, due: &'a [Due]) -> Queue<'a> {
        let replies_since = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(channel).copied().unwrap_or(0);
        let (notices, replies) = due.iter().partition(|one| one.notice.is_some());
        Queue { replies, notices, replies_since }
    }

    /// Keeps what a queue has counted for the next round.
    pub(super) fn keep(&self, channel: &ChannelId, queue: &Queue<'_>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(channel.clone(), queue.replies_since);
    }
}

/// The due replies and notices of one channel: whoever writes now is answered before anybody is told anything unasked, except
/// that the notices' share is theirs.
#[derive(Debug)]
pub(super) struct Queue<'a> {
    replies: VecDeque<&'a Due>,
    notices: VecDeque<&'a Due>,
    replies_since: u32,
}

impl<'a> Queue<'a> {
    /// The next one to look at.
    pub(super) fn next(&mut self) -> Option<&'a Due> {
        let (first, second) = if self.replies_since + 1 >= NOTICE_EVERY {
            (&mut self.notices, &mut self.replies)
        } else {
            (&mut self.replies, &mut self.notices)
        };
        first.pop_front().or_else(|| second.pop_front())
    }

    /// Counts one that is sent.
    pub(super) fn count(&mut self, sent: &Due) {
        // A share that nobody used is not saved up.
        self.replies_since = if sent.notice.is_some() { 0 } else { (self.replies_since + 1).min(NOTICE_EVERY) };
    }
}
