//! Several offices side by side.

mod page;
mod texts;

pub(super) use self::page::page;
