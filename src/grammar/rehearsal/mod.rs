//! Rehearses a draft of a format before it goes live: what becomes of many messages under it, and under the format in force.

pub(crate) mod clash;
pub(crate) mod kind;
pub(crate) mod result;
pub(crate) mod run;
pub(crate) mod ways;

#[cfg(test)]
mod tests;
