//! The day at the counter: arrivals, calls, counters, the end of hours and days. The command line and the console act through it.
//!
//! An action is one transaction, and each has one answer: what it did, or a refusal with its reason. It never takes or gives seats.

mod arrive;
mod call;
mod closing;
mod counter;
mod done;
mod forfeited;
mod handle;
mod refusal;
mod step;
mod undo;
mod view;
mod walk_in;

pub use arrive::Arrival;
pub use closing::DayEnds;
pub use done::{Done, Warning};
pub use handle::{Actor, ActorError, FrontDesk, Press, Which};
pub use refusal::Refusal;
pub use view::{Day, Standing};
