//! The day at the counter: visits, their steps, who works at which counter, and what the hall display shows.
//!
//! Every action of a front desk is one [`DayTransaction`]; those of one office follow one another. Nothing here decides.

mod calls;
pub(in crate::storage) mod read;
pub(in crate::storage) mod row;
mod shifts;
mod steps;
mod transaction;

pub use calls::{CallKind, OpenHour};
pub use read::DayAtCounter;
pub use shifts::Shift;
pub use steps::{NewStep, StoredStep};
pub use transaction::DayTransaction;
