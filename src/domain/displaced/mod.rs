//! Places that an office cannot keep because it closed their day or made it smaller, and what it decides about each.

mod mark;
mod rules;

pub use mark::{DayChange, Displaced, Remedy};
pub use rules::{Remedies, displaced_on, is_served, is_undecided, next_place};
