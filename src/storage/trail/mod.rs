//! The audit trail's chain: each row's hash is SHA-256 over the hash before it and the row. Nothing here decides what is recorded.
//!
//! Whoever appends locks the one row of `audit_head`, so that however many processes append, the chain has no fork.

pub(in crate::storage) mod adopt;
pub(in crate::storage) mod append;
pub(in crate::storage) mod row;
pub(in crate::storage) mod verify;
