//! What officers read: conversations, tickets, and who looks after them. The desk writes what is said.

pub(super) mod citizens;
pub(super) mod holder;
pub(super) mod inbox;
pub(super) mod lines;
pub(super) mod search;
pub(super) mod tickets;
