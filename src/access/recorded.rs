//! Records who did what, before they see it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::access::office_view::OfficeView;
use crate::access::session::Access;
use crate::access::signed_in::{SignedIn, Visitor};
use crate::domain::audit::AuditEvent;
use crate::storage::{AuditActor, StorageError};

/// Minutes for which a list that somebody keeps open, or opens again and again, is one row of the trail: a counter loads its page after
/// each press, and today's list follows every change.
const SAME_VIEW_MINUTES: i64 = 15;
/// Views that are remembered before those that are over are forgotten.
const VIEWS_MAX: usize = 1_024;

/// Lists that were recorded a short while ago, by session and content.
#[derive(Clone, Default)]
pub(super) struct RecentViews(Arc<Mutex<HashMap<(i64, String), DateTime<Utc>>>>);

impl RecentViews {
    fn has(&self, view: &(i64, String), now: DateTime<Utc>) -> bool {
        let views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        views.get(view).is_some_and(|at| is_recent(*at, now))
    }

    fn add(&self, view: (i64, String), now: DateTime<Utc>) {
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
pub(super) struct Reasons(Arc<Mutex<HashMap<(i64, i64), (String, DateTime<Utc>)>>>);

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

impl SignedIn {
    /// Who this is in the audit trail.
    pub(super) fn actor<'a>(&'a self, visitor: &'a Visitor) -> AuditActor<'a> {
        AuditActor { staff: Some(self.staff()), login: self.login(), network: &visitor.network }
    }
}

impl OfficeView {
    /// Records an act at this office. Where it shows somebody's data, call it before they are shown.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown or done.
    pub async fn record(&self, event: AuditEvent, visitor: &Visitor) -> Result<(), StorageError> {
        self.storage.record(self.who.actor(visitor), &event.at(self.id()), self.wall.now()).await
    }

    /// Whether this office asks why somebody looks for a citizen or opens a booking.
    pub fn asks_why(&self) -> bool {
        self.office().asks_why
    }

    /// Why the person looks at a booking, as they said a short while ago; empty where the office does not ask. `None`: they have to say
    /// it first.
    pub(super) fn reason_for(&self, booking: i64) -> Option<String> {
        if !self.asks_why() {
            return Some(String::new());
        }
        self.reasons.of((self.who.session(), booking), self.wall.now())
    }

    /// Keeps why the person looks at a booking, for a quarter of an hour.
    pub(super) fn keep_reason(&self, booking: i64, why: &str) {
        self.reasons.add((self.who.session(), booking), why, self.wall.now());
    }

    /// Records that a list was seen, which one session is asked for again and again: the same one in a quarter of an hour is one row.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown.
    pub async fn record_list(&self, event: AuditEvent, visitor: &Visitor) -> Result<(), StorageError> {
        let view = (self.who.session(), format!("{} {} {}", event.act.name(), self.id(), event.scope));
        let now = self.wall.now();
        if self.views.has(&view, now) {
            return Ok(());
        }
        self.record(event, visitor).await?;
        self.views.add(view, now);
        Ok(())
    }
}

impl Access {
    /// Records an act that belongs to no office.
    ///
    /// # Errors
    /// [`StorageError`] when storage failed: then nothing may be shown or done.
    pub async fn record(&self, who: &SignedIn, event: &AuditEvent, visitor: &Visitor) -> Result<(), StorageError> {
        self.storage.record(who.actor(visitor), event, self.wall.now()).await
    }
}

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
