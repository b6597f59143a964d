//! The rules of sending: when a line rests or stops, what becomes of a reply, and how waiting times vary.

pub(super) mod jitter;
pub(super) mod line;
pub(super) mod template;
pub(super) mod verdict;
