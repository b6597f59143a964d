//! A provider inside the server: the simulator's page types as citizens and sees the replies.
//!
//! Nothing is signed: it exists only where it is configured, its page comes from the same server, and what other sites'
//! pages send is denied ([`site`](crate::gateway::site)). Replies and pictures are kept in memory, bounded, and are gone with
//! the process.

mod gateway;
mod memory;
mod read;
mod state;
#[cfg(test)]
mod tests;

pub use self::memory::{CHATS_MAX, PICTURES_BYTES_MAX, PICTURES_MAX, SimulatorEvent, TRANSCRIPT_REPLIES_MAX};
pub use self::state::Simulator;
