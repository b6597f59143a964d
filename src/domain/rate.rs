//! A rate limit: a pace in the long run, and a burst.
//!
//! The algorithm is the generic cell rate algorithm (GCRA, ITU-T I.371), a leaky bucket whose state is one instant: when the next one
//! would be due without a burst. Nodes share a rate by sharing that one number.

use chrono::{DateTime, TimeDelta, Utc};

/// One in every `every`, with `burst` saved up at most: never more than `burst + t / every` in a time `t`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// The pace in the long run.
    pub every: TimeDelta,
    /// How many may go at once after a rest; at least 1.
    pub burst: u32,
}

/// Most messages that one reply goes out as, which go at once: 4,096 characters in messages of 1,600, and a picture.
const MESSAGES_AT_ONCE_MAX: u32 = 4;

impl Rate {
    /// No limit.
    pub const UNLIMITED: Self = Self { every: TimeDelta::zero(), burst: u32::MAX };

    /// So many in any second, at most: a quarter of them may go at once.
    pub const fn per_second(count: u32) -> Self {
        // In any second at most burst + pace: 20 + 60 = 80.
        let count = if count == 0 { 1 } else { count };
        let burst = if count < 4 { 1 } else { count / 4 };
        let steady = if count - burst == 0 { 1 } else { count - burst };
        Self { every: TimeDelta::microseconds(1_000_000 / steady as i64), burst }
    }

    /// One in so many seconds.
    pub const fn one_in_seconds(seconds: i64) -> Self {
        Self { every: TimeDelta::microseconds(seconds * 1_000_000), burst: 1 }
    }

    /// The same pace with so many at once after a rest.
    #[must_use]
    pub const fn with_burst(self, burst: u32) -> Self {
        Self { burst: if burst == 0 { 1 } else { burst }, ..self }
    }

    /// How many may go now; `next` is the state.
    pub fn room(self, next: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
        let Some(every) = self.every.num_microseconds().filter(|every| *every > 0) else { return u32::MAX };
        let saved = every.saturating_mul(i64::from(self.burst));
        let used = (next - now).num_microseconds().unwrap_or(i64::MAX).max(0);
        u32::try_from((saved - used).max(0) / every).unwrap_or(u32::MAX)
    }

    /// The state after `count` went now.
    pub fn after(self, next: DateTime<Utc>, now: DateTime<Utc>, count: u32) -> DateTime<Utc> {
        let taken = i32::try_from(count).ok().and_then(|count| self.every.checked_mul(count)).unwrap_or(TimeDelta::MAX);
        next.max(now).checked_add_signed(taken).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The state, never further ahead of now than a whole burst puts it. A state beyond that was written by a clock that was ahead, and
    /// counts as a burst that was used up just now.
    pub fn believed(self, next: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        next.min(self.after(now, now, if self.every.is_zero() { 0 } else { self.burst.max(MESSAGES_AT_ONCE_MAX) }))
    }

    /// When the next one may go at the earliest.
    pub fn earliest(self, next: DateTime<Utc>) -> DateTime<Utc> {
        let ahead = i32::try_from(self.burst - 1).ok().and_then(|ahead| self.every.checked_mul(ahead));
        ahead.and_then(|ahead| next.checked_sub_signed(ahead)).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn eighty_a_second_is_eighty_in_any_second() {
        let rate = Rate::per_second(80);
        let in_a_second = i64::from(rate.burst) + 1_000_000 / rate.every.num_microseconds().expect("short");
        assert_eq!(in_a_second, 80);
        assert_eq!(Rate::per_second(1), Rate::one_in_seconds(1));
    }

    #[test]
    fn nothing_limits_what_has_no_limit() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(Rate::UNLIMITED.room(now, now), u32::MAX);
        assert_eq!(Rate::UNLIMITED.after(now, now, 1_000), now);
    }

    // Negative control: with `next` given back as it is, the first and the last line fail.
    #[test]
    fn a_state_that_a_clock_ahead_left_holds_up_no_longer_than_a_full_burst() {
        let (now, rate) = (DateTime::UNIX_EPOCH, Rate::per_second(80));
        let wrong = now + TimeDelta::days(4);
        let full = rate.after(now, now, rate.burst);
        assert_eq!(rate.believed(wrong, now), full);
        assert_eq!(rate.believed(full, now), full);
        assert_eq!(rate.believed(now - TimeDelta::days(4), now), now - TimeDelta::days(4));
        assert_eq!(Rate::one_in_seconds(60).believed(wrong, now), now + TimeDelta::minutes(4));
        assert_eq!(Rate::UNLIMITED.believed(wrong, now), now);
    }

    proptest! {
        // Negative control: with `saved + every` in `room` one too many goes.
        #[test]
        fn no_stretch_of_time_sees_more_than_the_burst_and_the_pace(
            every_ms in 1_i64..2_000,
            burst in 1_u32..50,
            gaps in prop::collection::vec((0_i64..3_000, 0_u32..60), 1..60),
        ) {
            let rate = Rate { every: TimeDelta::milliseconds(every_ms), burst };
            let (mut next, mut now) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
            let mut went: Vec<(DateTime<Utc>, u32)> = Vec::new();
            for (gap, wanted) in gaps {
                now += TimeDelta::milliseconds(gap);
                let count = rate.room(next, now).min(wanted);
                prop_assert_eq!(rate.room(next, now) > 0, rate.earliest(next) <= now);
                next = rate.after(next, now, count);
                prop_assert_eq!(rate.believed(next, now), next, "a true state is believed");
                went.push((now, count));
            }
            for (from, (start, _)) in went.iter().enumerate() {
                let mut sum = 0;
                for (end, count) in went.iter().skip(from) {
                    sum += i64::from(*count);
                    let allowed = i64::from(burst) + (*end - *start).num_milliseconds() / every_ms;
                    prop_assert!(sum <= allowed, "{sum} of {allowed}");
                }
            }
        }
    }
}
