//! The desk's transaction: a constant number of statements however large the batch is.
//!
//! `snapshot` reads what decisions need, `write` writes what they lead to; each is one round trip. Rows are sent and
//! returned as JSON arrays, because on SQLite each returned row wakes a thread. Every row belongs to one office, whose
//! row is locked first.

mod address;
pub(super) mod changes;
mod chat;
pub(super) mod notices;
pub(super) mod people;
mod rows;
pub(super) mod snapshot;
mod tickets;
pub(super) mod transaction;
mod visits;
mod write;

pub use address::KnownAddress;
