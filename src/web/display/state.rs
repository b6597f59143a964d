//! What the displays' routes work with.

use std::sync::Arc;

use crate::front_desk::{Displays, Turns};
use crate::roster::Roster;

/// Gives the offices that are in force.
pub type Offices = Arc<dyn Fn() -> Arc<Roster> + Send + Sync>;

/// What the displays and the citizens' turns need.
#[derive(Clone)]
pub struct Setup {
    /// The displays.
    pub displays: Displays,
    /// The offices.
    pub offices: Offices,
    /// The citizens' turns, where citizens have an address to see them at.
    pub turns: Option<Turns>,
}
