//! The day at the counter: who came, in which order people are called, and how long the others wait.
//!
//! A visit is one person on one day. It stands beside the booking, whose states it never changes; whoever comes without a booking
//! has a visit too.

mod estimate;
mod lane;
mod number;
mod order;
mod punctuality;
mod record;
mod state;
mod wait;

/// Counters that an office may number, at most: as many as a hall has room for, and two digits on its display.
pub const COUNTERS_MAX: u32 = 99;

pub use self::estimate::{ESTIMATE_SERVED_MIN, Estimate, estimate};
pub use self::lane::{Lane, Reason};
pub use self::number::{read_number, row_number};
pub use self::order::{PRIORITY_EVERY, Pick, before, in_order, next};
pub use self::punctuality::{Punctuality, punctuality};
pub use self::record::{Before, Visit};
pub use self::state::{Action, CALL_AGAIN_SECONDS, CALLS_BEFORE_MISSED, RECALLS_MAX, State, UNDO_SECONDS};
pub use self::wait::{Wait, wait};
