//! Exceptions to the calendars of offices: what is in force, how a change of them is made and taken back, and how full days are.

pub(super) mod change;
pub(super) mod due;
pub(super) mod listed;
pub(super) mod load;
pub(super) mod told;
pub(super) mod undo;
