//! Limits of one change.

/// Days that one change takes at most: a month, whose people still fit on a page.
pub const CALENDAR_DAYS_MAX: usize = 31;
/// Longest reason, in characters: citizens read it in one line.
pub const CALENDAR_REASON_CHARS: usize = 100;
