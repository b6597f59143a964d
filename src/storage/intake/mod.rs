//! The intake transaction of the desk: a constant number of statements however large the batch is.
//!
//! `look` reads what decisions look at, `write` writes what they lead to; each is one trip to the database. Rows go in
//! and come back as JSON arrays: a row of its own for each would wake a thread for each. Every row belongs to one
//! office, whose row is locked first.

mod address;
pub(super) mod changes;
mod chat;
pub(super) mod people;
pub(super) mod snapshot;
pub(super) mod transaction;
mod write;

pub use address::KnownAddress;
