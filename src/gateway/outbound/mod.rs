//! What goes out: a reply independent of providers, what a provider can send of it, and why it was not sent.

pub mod capabilities;
pub mod error;
pub mod parcel;
mod split;
