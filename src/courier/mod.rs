//! Takes due replies out of the outbox, sends them, and records what became of each.
//!
//! Nothing is sent that is not committed. The gateway's error is the verdict; the courier only obeys it. A reply
//! waits for the one before it, and a node sends a citizen one at a time, so replies leave in order; a channel never sends
//! faster than its provider takes, over all nodes; a channel that is broken stops by itself and holds its queue.
//!
//! From the inside out: `policy` holds the rules (`channel` is the health of a channel, `template` the message that goes when no free
//! reply is taken, `verdict` what becomes of a reply), `claim` is a reply on its way, `send` the call of the provider,
//! `selection` which due replies of a channel go now, `notice_share` how many of them are notices, `round` the transaction (what was sent goes in, what is due comes out),
//! `step` one step without a loop, `send_loop` the loop of an installation, and `backpressure` how much of it intake leaves.

mod backpressure;
mod claim;
mod notice_share;
mod policy;
mod progress;
mod round;
mod selection;
mod send;
mod send_loop;
mod setup;
mod step;
mod way;

pub use policy::channel::{BREAKER_FAULTS, ChannelSettings, PROBE_SECONDS, REST_SECONDS_MAX, THROTTLE_SECONDS_MAX};
pub use policy::template::{Parameter, TemplateChoice};
pub use policy::verdict::{DOUBT_SECONDS, LAPSES_MAX, PAIR_SECONDS, PUT_OFF_SECONDS_MAX, RETRY_SECONDS};
pub use progress::Step;
pub use setup::{Courier, REPLY_HOURS};
pub use way::Way;
