//! The day at the counter: arrivals, calls, counters, the end of hours and days. The command line and the console act through it.
//!
//! An action is one transaction, and each has one answer: what it did, or a refusal with its reason. It never takes or gives seats.

mod arrive;
mod call;
mod closing;
mod counter;
mod displays;
mod done;
mod forfeited;
mod handle;
mod kept;
mod look_up;
mod paper;
mod pressed;
mod recorded;
mod refusal;
mod step;
mod turn;
mod undo;
mod view;
mod waiting;
mod walk_in;

pub use arrive::Arrival;
pub use closing::DayEnds;
pub use counter::Closing;
pub use displays::{DISPLAY_SILENT_SECONDS, DisplayError, Displays, Hall};
pub use done::{Done, Warning};
pub use handle::{Actor, ActorError, FrontDesk, Press, Which};
pub use look_up::{Found, Member};
pub use paper::{Entered, PAPER_DAYS_BACK, PaperDay, PaperPerson, PaperRefused, PaperTick};
pub use pressed::Pressed;
pub use refusal::Refusal;
pub use turn::{Turn, TurnOf, Turns};
pub use view::{Day, Standing};
pub use waiting::Waiting;
