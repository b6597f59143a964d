//! Tells screens that what they show has changed. Each office has a few numbers that grow with its changes, in the database; each
//! process keeps one watch for an office, which its own changes wake at once and those of other processes within a poll.
//!
//! An action of a front desk counts itself in its own transaction. Intake is only noted, and counted after its commit, some times
//! a second for all its offices together: nothing is added to the transaction of a message.

mod count;
mod run;
mod watch;

pub use count::{Topic, Versions};
pub use watch::{Live, LiveWatch};
