//! Erases personal data: what is too old, and everything about a contact who asks for it. Nothing else deletes any.
//!
//! `traces` finds what is kept of a contact, `contact` erases it inside of the desk's transaction; `retention` erases what is old, a
//! few rows at a time. Of a booking it stays that there was one: day, hour, seats and what became of it, for the office's counts.

pub(super) mod booking;
mod catalog;
pub(super) mod contact;
mod files;
mod old;
mod photos;
pub(super) mod repeat_guard;
pub(super) mod requests;
pub(super) mod retention;
mod step;
pub(super) mod traces;

pub use contact::NewErasure;
pub use requests::DueErasure;
pub use retention::RetentionStep;
pub use step::Erased;
pub use traces::{NamedIn, Traces};
