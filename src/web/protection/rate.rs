//! How often somebody may ask, so that nobody keeps the database busy.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::rate::Rate;

/// Askers that are remembered at most; beyond that, those who have asked for nothing lately are forgotten, then all.
const ASKERS_MAX: usize = 20_000;

/// A rate for each asker.
#[derive(Debug)]
pub(in crate::web) struct RateLimit<K> {
    rate: Rate,
    next: Mutex<HashMap<K, DateTime<Utc>>>,
}

impl<K: Eq + Hash> RateLimit<K> {
    /// One in so many seconds in the long run, and so many at once.
    pub(in crate::web) fn new(seconds: i64, burst: u32) -> Self {
        Self { rate: Rate::one_in_seconds(seconds).with_burst(burst), next: Mutex::default() }
    }

    /// Whether somebody may ask now; it does not count.
    pub(in crate::web) fn has_room(&self, asker: &K, now: DateTime<Utc>) -> bool {
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        next.get(asker).is_none_or(|at| self.rate.room(self.rate.believed(*at, now), now) > 0)
    }

    /// Whether somebody may ask now; it counts.
    pub(in crate::web) fn admits(&self, asker: K, now: DateTime<Utc>) -> bool {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if next.len() >= ASKERS_MAX {
            next.retain(|_, at| *at > now);
            if next.len() >= ASKERS_MAX {
                next.clear();
            }
        }
        let at = next.entry(asker).or_insert(now - TimeDelta::seconds(1));
        let believed = self.rate.believed(*at, now);
        if self.rate.room(believed, now) == 0 {
            return false;
        }
        *at = self.rate.after(believed, now, 1);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `after` not written back, everybody may always ask.
    #[test]
    fn everybody_may_ask_a_few_times_at_once_and_then_at_a_pace() {
        let limit = RateLimit::new(2, 5);
        let now: DateTime<Utc> = "2026-08-04T02:00:00Z".parse().unwrap();
        let asked = |asker, seconds| limit.admits(asker, now + TimeDelta::seconds(seconds));
        assert_eq!((0..9).filter(|_| asked("one", 0)).count(), 5);
        assert!(asked("other", 0), "everybody has a rate of their own");
        assert!(!limit.has_room(&"one", now) && limit.has_room(&"other", now) && limit.has_room(&"nobody", now));
        assert_eq!((0..9).filter(|_| asked("one", 4)).count(), 2, "two after four seconds");
        assert_eq!((0..9).filter(|_| asked("one", 600)).count(), 5, "never more than the burst");
    }
}
