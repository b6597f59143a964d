//! The rules of sending: when a channel rests or stops, what becomes of a reply, and how waiting times vary.

pub(super) mod channel;
pub(super) mod jitter;
pub(super) mod template;
pub(super) mod verdict;
