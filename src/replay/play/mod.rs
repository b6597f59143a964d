//! Plays one story: the people in it, the installation that it is played on, and the comparison of its replies.

pub(super) mod harness;
mod people;
pub(super) mod player;
mod setting;
