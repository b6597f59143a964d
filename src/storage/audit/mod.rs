//! The audit trail as the other modules use it: record an act, list acts, verify the chain.

pub(in crate::storage) mod concerned;
pub(in crate::storage) mod contact;
pub(in crate::storage) mod list;
pub(in crate::storage) mod record;
