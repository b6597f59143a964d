//! Work that one node at a time does now and then: what is over leaves the tables that every message reads.

mod archive;
pub(super) mod holds;
pub(super) mod job;
mod notices;
