//! What somebody who waits is told.

use super::estimate::{Estimate, estimate};
use super::order::{Pick, before};
use super::record::Visit;

/// What somebody who waits is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How many people are called before them, if nobody else comes.
    pub before: u32,
    /// How long that will probably take; `None` where nobody can know.
    pub estimate: Option<Estimate>,
}

/// What `own` is told on a day with these visits and so many open counters. Of `pick`, the hour and the calls since the last
/// priority count.
pub fn wait(own: &Visit, day: &[Visit], counters: usize, pick: Pick) -> Wait {
    let before = before(day, own, pick);
    Wait { before, estimate: estimate(before, counters, day) }
}
