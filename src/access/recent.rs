//! What this process remembers for a short while: lists that were recorded, reasons that were given, the last verification of the
//! audit trail.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::storage::Verified;

/// Minutes for which a list that somebody keeps open, or opens again and again, is one row of the trail: a counter loads its page after
/// each press, and today's list follows every change.
const SAME_VIEW_MINUTES: i64 = 15;
/// Views that are remembered before those that are over are forgotten.
const VIEWS_MAX: usize = 1_024;

/// A table that all requests share.
type Shared<K, V> = Arc<Mutex<HashMap<K, V>>>;

/// Lists that were recorded a short while ago, by session and content.
#[derive(Clone, Default)]
pub(super) struct RecentViews(Shared<(i64, String), DateTime<Utc>>);

impl RecentViews {
    pub(super) fn has(&self, view: &(i64, String), now: DateTime<Utc>) -> bool {
        let views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        views.get(view).is_some_and(|at| is_recent(*at, now))
    }

    pub(super) fn add(&self, view: (i64, String), now: DateTime<Utc>) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if views.len() >= VIEWS_MAX {
            views.retain(|_, at| is_recent(*at, now));
        }
        views.insert(view, now);
    }
}

fn is_recent(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (TimeDelta::zero()..TimeDelta::minutes(SAME_VIEW_MINUTES)).contains(&(now - at))
}

/// Why somebody looks at a booking, as they said a short while ago, by session and booking.
#[derive(Clone, Default)]
pub(super) struct Reasons(Shared<(i64, i64), (String, DateTime<Utc>)>);

impl Reasons {
    pub(super) fn of(&self, view: (i64, i64), now: DateTime<Utc>) -> Option<String> {
        let reasons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reasons.get(&view).filter(|(_, at)| is_recent(*at, now)).map(|(why, _)| why.clone())
    }

    pub(super) fn add(&self, view: (i64, i64), why: &str, now: DateTime<Utc>) {
        let mut reasons = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if reasons.len() >= VIEWS_MAX {
            reasons.retain(|_, (_, at)| is_recent(*at, now));
        }
        reasons.insert(view, (why.to_owned(), now));
    }
}

/// What a verification of the whole audit trail found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedTrail {
    /// When, by wall time.
    pub at: DateTime<Utc>,
    /// What.
    pub found: Verified,
}

/// The last verification; whoever asks meanwhile waits for the one under way.
pub(super) type LastCheck = Arc<tokio::sync::Mutex<Option<CheckedTrail>>>;

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: with `is_recent` always false, the second view is recorded again.
    #[test]
    fn a_view_counts_once_in_a_quarter_of_an_hour() {
        let (views, view) = (RecentViews::default(), (7, "view_list bogor days 2026-08-04..2026-08-04".to_owned()));
        let first: DateTime<Utc> = "2026-08-04T01:00:00Z".parse().unwrap();
        let after = |minutes| first + TimeDelta::minutes(minutes);
        assert!(!views.has(&view, first));
        views.add(view.clone(), first);
        assert!(views.has(&view, after(14)) && !views.has(&view, after(15)));
        assert!(!views.has(&(8, view.1.clone()), after(1)), "another session");
        assert!(!views.has(&view, after(-1)), "a clock that was set back");
    }
}
