//! A day on paper: the list that is printed before it, and the ticks that are entered after the computers were off.

mod enter;
mod list;
mod pdf;
mod texts;

pub(super) use self::enter::{enter, form};
pub(super) use self::list::list;
pub(super) use self::pdf::pdf;
