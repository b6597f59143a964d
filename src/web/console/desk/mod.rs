//! The front desk in a browser: check-in, and calling from a counter. What is done goes through [`crate::front_desk`], as from
//! the command line; here are its forms, its words and its lists.
//!
//! Every form works without JavaScript: what was done is shown by the page that it leads to, what was refused by its answer. A form
//! is marked by a text of its own, so that a double click, or a page that is loaded again, does nothing twice.

mod check_in;
mod counter;
mod forms;
mod opened;
mod press;
mod rows;
mod texts;
mod words;

pub(super) use self::check_in::{arrive, page as check_in, undo, walk_in};
pub(super) use self::counter::{act, lists, page as counter};
pub(super) use self::press::mark;
