//! Notices: what an office says unasked.
//!
//! `candidates` finds what is due by the state of bookings, `plan` writes it once, and `due` finds what may go out now. The
//! desk's transaction (`intake::notices`) records what became of it.

pub(super) mod candidates;
pub(super) mod due;
pub(super) mod list;
pub(super) mod plan;
