//! The channels that an office's replies leave by: whether each sends, what waits, what went wrong, and what it costs.

mod pages;
mod texts;

pub(super) use self::pages::{act, page};
