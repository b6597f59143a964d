//! What goes out: a reply in no provider's words, what a provider can take of it, and why it was not taken.

pub mod capabilities;
pub mod error;
pub mod parcel;
mod split;
