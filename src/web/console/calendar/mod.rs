//! The calendar of an office: how full it is, exceptions to it, and the people whom they displace.

mod change;
mod month;
mod people;
mod plan;
mod texts;
mod wish;
mod words;

pub(super) use self::change::{page as change, progress, undo};
pub(super) use self::month::page;
pub(super) use self::plan::{make, preview};
