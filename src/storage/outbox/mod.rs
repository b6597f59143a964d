//! The outbox: replies that are committed, on their way to the provider, or past it.
//!
//! A reply is claimed by a lease in a short transaction, sent outside any, and finished only by the owner of that
//! attempt. `dispatch` is that transaction; `due`, `claim`, `record`, `held` and `channels` are its statements.
//! `sent_count` counts what it costs, `status` notes what providers report later, and `orphans` the reports that found no reply; `queue` is what happens
//! outside the courier's rounds.

pub(super) mod channels;
pub(super) mod claim;
pub(super) mod dispatch;
mod due;
pub(super) mod held;
mod orphans;
pub(super) mod queue;
mod record;
pub(super) mod reply;
pub(super) mod sent_count;
mod status;
