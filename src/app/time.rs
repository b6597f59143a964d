//! Whose time an installation runs on, and what wakes its loops.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::clock::{MovableClock, SharedClock, SteadyClock, SystemClock};

/// Whose time an installation runs on.
#[derive(Debug, Clone)]
pub enum Time {
    /// The machine's, or its database's.
    Real(Arc<SteadyClock>),
    /// A demo's, which its page may move forward; that notifies the wakeups.
    Movable(Arc<dyn MovableClock>, Wakeups),
}

/// Wakes the loops: a reply was written, a clock was moved.
#[derive(Debug, Clone, Default)]
pub struct Wakeups {
    /// Wakes the courier.
    pub courier: Arc<Notify>,
    /// Wakes the caretaker.
    pub caretaker: Arc<Notify>,
}

impl Wakeups {
    /// Wakes all loops.
    pub(super) fn notify_all(&self) {
        self.courier.notify_one();
        self.caretaker.notify_one();
    }
}

impl Time {
    /// The clock, for everything that only reads it.
    pub(super) fn clock(&self) -> SharedClock {
        match self {
            Self::Real(clock) => Arc::clone(clock) as SharedClock,
            Self::Movable(clock, _) => Arc::clone(clock) as SharedClock,
        }
    }

    /// Wall time, by which people sign in: an authenticator knows no other.
    pub(super) fn wall(&self) -> SharedClock {
        match self {
            Self::Real(clock) => Arc::clone(clock) as SharedClock,
            Self::Movable(..) => Arc::new(SystemClock),
        }
    }

    /// What wakes the loops.
    pub(super) fn wakeups(&self) -> Wakeups {
        match self {
            Self::Real(_) => Wakeups::default(),
            Self::Movable(_, wakeups) => wakeups.clone(),
        }
    }

    /// The clock that has to be watched, where it is no demo's.
    pub(super) fn real(&self) -> Option<Arc<SteadyClock>> {
        match self {
            Self::Real(clock) => Some(Arc::clone(clock)),
            Self::Movable(..) => None,
        }
    }

    /// The clock that the page of a demo moves.
    pub(super) fn movable(&self) -> Option<Arc<dyn MovableClock>> {
        match self {
            Self::Real(_) => None,
            Self::Movable(clock, _) => Some(Arc::clone(clock)),
        }
    }
}
