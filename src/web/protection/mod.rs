//! What keeps unverified senders from taking what providers need: permits for connections, memory for bodies, how often they ask, lines of
//! the log. When a resource is full, an unverified holder loses it first.

mod budget;
mod client;
mod connections;
mod guard;
mod limits;
mod rate;
mod refusals;

#[cfg(test)]
pub(in crate::web) use self::budget::Budget;
pub(in crate::web) use self::budget::{LISTED_BYTES_MIN, Lease, OverBudget};
pub(in crate::web) use self::client::{Client, network_of};
pub(in crate::web) use self::connections::{Connection, Connections, Permit};
pub use self::guard::{Guard, GuardSettings};
pub use self::limits::Limits;
pub(in crate::web) use self::rate::RateLimit;
#[cfg(test)]
pub(in crate::web) use self::refusals::SUMMARY_TIME;
