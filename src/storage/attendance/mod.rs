//! Who did not come before, and whose reminder was not answered: where an office asks for an answer.

pub(super) mod no_shows;
pub(super) mod unanswered;
