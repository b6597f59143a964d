//! One word of a message.

use std::ops::Range;

use super::lexicon::{Group, Marks};

/// One word, or several that stand for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Where in the message, in bytes.
    pub(super) at: Range<usize>,
    /// What it means; `None` where nobody knows.
    pub(super) group: Option<Group>,
    pub(super) marks: Marks,
    /// Whether it says thank you.
    pub(super) thanks: bool,
    /// Its value, where it is a number.
    pub(super) number: Option<u32>,
}

impl Word {
    /// Whether nobody knows what it says.
    pub(super) fn is_unknown(&self) -> bool {
        (self.group.is_none() || self.marks.is_other) && !self.marks.is_noise
    }
}
