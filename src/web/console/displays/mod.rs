//! The displays of an office's hall: which there are, whether they are there and can be heard, and their addresses.

mod pages;
mod texts;

pub(super) use self::pages::{add, list, remove};
