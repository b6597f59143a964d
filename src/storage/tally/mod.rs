//! The numbers of reports: counted from messages, bookings and visits by a job, so that no message costs a statement more, and kept
//! when those are erased.
//!
//! Messages are counted by the hour, of all offices at once; bookings and visits by the day of an office. A part is counted anew while
//! its rows can still change, which replaces its numbers: a part that is counted twice, by whichever node, is counted right.

mod count;
mod offices;
mod read;
mod run;
mod when;
mod write;

pub use offices::OfficeQueue;
pub use read::CountedAt;
