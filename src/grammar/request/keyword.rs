//! A keyword before a form, which chooses its format.

/// A word in front of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keyword {
    /// Chooses a service; the number is its place in the file.
    Service(usize),
    /// A habit from another service, which says nothing here unless the office's own pattern has it.
    Habit(usize),
}
