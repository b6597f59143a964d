//! Stored deadlines: which of them can be true.
//!
//! A deadline is written by one clock and judged by another. A clock that was ahead leaves deadlines later than any rule allows;
//! nothing waits for such a deadline.

use chrono::{DateTime, TimeDelta, Utc};

/// How far the clocks of nodes may be apart before what one of them wrote counts as written by a clock that was ahead:
/// twice as far as a node may be from its database before it is not ready, 30 seconds.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(60);

/// The latest instant that a rule can have put off to by `now`, when its longest wait is `longest`.
pub fn latest(now: DateTime<Utc>, longest: TimeDelta) -> DateTime<Utc> {
    longest.checked_add(&LEEWAY).and_then(|wait| now.checked_add_signed(wait)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Whether `until`, which a rule with the wait `longest` wrote, is still to come. One that no rule can have written is over.
pub fn is_open(until: DateTime<Utc>, longest: TimeDelta, now: DateTime<Utc>) -> bool {
    now < until && until <= latest(now, longest)
}

/// Whether something noted as done `at` an instant was noted by a clock that was ahead.
pub fn is_ahead(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at > latest(now, TimeDelta::zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    // Negative control: without the second half of `is_open`, the third line is open for seven hours.
    #[test]
    fn a_deadline_that_no_rule_can_have_written_is_over() {
        let wait = TimeDelta::minutes(30);
        assert!(is_open(minute(30), wait, minute(0)) && is_open(minute(31), wait, minute(0)));
        assert!(!is_open(minute(30), wait, minute(30)));
        assert!(!is_open(minute(7 * 60 + 30), wait, minute(0)));
        assert!(is_ahead(minute(2), minute(0)) && !is_ahead(minute(1), minute(0)));
        assert_eq!(latest(DateTime::<Utc>::MAX_UTC, wait), DateTime::<Utc>::MAX_UTC);
    }
}
