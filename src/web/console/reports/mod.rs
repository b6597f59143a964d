//! What an office had to do: plots with their tables, and files to take away.

mod chart;
mod exports;
mod list;
mod page;
mod texts;
mod words;

pub(super) use self::exports::{begin, files, give_up, take};
pub(super) use self::page::page;
