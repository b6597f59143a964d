//! The people who sign in to the console: who they are, what they may do, their sessions, their one-time links, and how often
//! a sign-in has failed. Tokens and codes come here as hashes only.

pub(in crate::storage) mod administrators;
pub(in crate::storage) mod changes;
pub(in crate::storage) mod links;
pub(in crate::storage) mod people;
pub(in crate::storage) mod sessions;
pub(in crate::storage) mod throttle;
