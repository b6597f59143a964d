//! Somebody who is signed in, and how long for.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::staff::{Area, Grants, Level};
use crate::storage::{StaffMember, StaffSession};

/// Minutes without use after which a session ends: a counter is left for lunch.
pub const SESSION_IDLE_MINUTES: i64 = 30;
/// Hours after which a session ends in any case: longer than an office's day.
pub const SESSION_HOURS_MAX: i64 = 10;
/// Minutes for which a one-time code stands for what asks for a fresh one.
const CONFIRMED_MINUTES: i64 = 5;

/// From where somebody comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Their network, by which tries are counted.
    pub network: String,
    /// Their browser, in a few words.
    pub browser: String,
}

/// Somebody who is signed in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    session: StaffSession,
    member: StaffMember,
    now: DateTime<Utc>,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its number.
    pub id: i64,
    /// The browser.
    pub browser: String,
    /// The network.
    pub network: String,
    /// When it began.
    pub began: DateTime<Utc>,
    /// When it was last used.
    pub seen: DateTime<Utc>,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

impl SignedIn {
    pub(super) fn new(session: StaffSession, member: StaffMember, now: DateTime<Utc>) -> Self {
        Self { session, member, now }
    }

    /// For how long the session was not used.
    pub(super) fn unused_for(&self, now: DateTime<Utc>) -> TimeDelta {
        now - self.session.seen
    }

    /// Notes that the session is used.
    pub(super) fn note_use(&mut self, now: DateTime<Utc>) {
        self.session.seen = now;
    }

    /// Their number.
    pub fn staff(&self) -> i64 {
        self.member.id
    }

    /// The number of their session.
    pub fn session(&self) -> i64 {
        self.session.id
    }

    /// What they sign in with.
    pub fn login(&self) -> &str {
        &self.member.login
    }

    /// Their name.
    pub fn name(&self) -> &str {
        &self.member.name
    }

    /// The network from which their session began.
    pub(super) fn network(&self) -> &str {
        &self.session.network
    }

    /// What they may do.
    pub fn grants(&self) -> &Grants {
        &self.member.grants
    }

    /// The seed of their one-time codes.
    pub(super) fn seed(&self) -> Option<&str> {
        self.member.seed.as_deref()
    }

    /// The hash of their password.
    pub(super) fn password(&self) -> Option<&str> {
        self.member.password.as_deref()
    }

    /// Whether a one-time code was given within the last minutes: needed for whatever changes people.
    pub fn is_confirmed(&self) -> bool {
        self.now - self.session.confirmed < TimeDelta::minutes(CONFIRMED_MINUTES)
    }

    /// Whether they may do this much with the staff and their roles.
    pub fn may_manage(&self, level: Level) -> bool {
        self.member.grants.everywhere(Area::People) >= level
    }

    /// In how many seconds the session ends without another request.
    pub fn ends_in_seconds(&self) -> i64 {
        let idle = self.session.seen + TimeDelta::minutes(SESSION_IDLE_MINUTES);
        let ends = idle.min(self.session.began + TimeDelta::hours(SESSION_HOURS_MAX));
        (ends - self.now).num_seconds()
    }
}
