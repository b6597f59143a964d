//! The outbox: replies that are committed, on their way to the provider, or past it.
//!
//! A reply is claimed by a lease in a short transaction, sent outside any, and finished only by its owner of that
//! attempt. `dispatch` is that transaction, `status` what providers say later, `orphans` what of that found no reply.

pub(super) mod channels;
pub(super) mod claim;
pub(super) mod dispatch;
mod due;
pub(super) mod held;
mod orphans;
mod queue;
mod record;
pub(super) mod reply;
mod status;
