//! Bookings that an office cannot keep: which they are under a new office file, what was decided, and what is still to be carried out.

pub(super) mod decide;
pub(super) mod listed;
