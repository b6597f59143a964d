//! What officers read: tickets, and the conversations that they are about. The desk writes them.

pub(super) mod lines;
pub(super) mod tickets;
