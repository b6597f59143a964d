//! The one place that asks what time it is.

mod steady;

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;

pub use steady::{APART_SECONDS_LOGGED, APART_SECONDS_MAX, Jump, Reading, STEADY_TIME, ServerReading, SteadyClock};

/// Tells the time. Everything that depends on time takes one of these, or an instant.
pub trait Clock: Debug + Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;

    /// Whether this clock may decide that something is too old and end it for good. Shortly after a start or a jump it may be
    /// wrong, and may not. A clock that only a person moves always may.
    fn is_settled(&self) -> bool {
        true
    }

    /// Whether claims may be made and judged by it. Not while it may be far from the clock of others who share the database:
    /// their claims would look like those of a clock that was ahead.
    fn may_claim(&self) -> bool {
        true
    }

    /// How far this node's clocks are from the database's, where that is too far for a node that shares its database.
    fn apart(&self) -> Option<Apart> {
        None
    }
}

/// How far a clock of this node is from the database's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// The machine's wall clock, ahead by so much.
    Machine(TimeDelta),
    /// The clock that this node judges by, ahead by so much.
    Node(TimeDelta),
}

impl Display for Apart {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (whose, ahead) = match self {
            Self::Machine(ahead) => ("machine's", ahead.num_seconds()),
            Self::Node(ahead) => ("node's", ahead.num_seconds()),
        };
        let direction = if ahead < 0 { "behind" } else { "ahead of" };
        write!(f, "the {whose} clock is {} seconds {direction} the database's", ahead.unsigned_abs())
    }
}

/// A clock that many modules share.
pub type SharedClock = Arc<dyn Clock>;

/// A clock that can be moved forward, never back: a demo's.
pub trait MovableClock: Clock {
    /// Moves it forward by `by` and tells the new time.
    fn move_forward(&self, by: Duration) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A demo's clock: starts at a given instant, runs on at real speed, and jumps forward when it is asked to.
///
/// It never goes back: it stands on the machine's monotonic clock, and what is added to it only grows.
#[derive(Debug)]
pub struct DemoClock {
    start: DateTime<Utc>,
    started: Instant,
    ahead: Mutex<TimeDelta>,
    wakeups: Vec<Arc<Notify>>,
}

impl DemoClock {
    /// A clock that shows `start` now. Every jump notifies each of the wakeups: a loop that sleeps until a deadline waits on
    /// its own as well. A notification is kept for a loop that is busy at that moment.
    pub fn starting_at(start: DateTime<Utc>, wakeups: Vec<Arc<Notify>>) -> Self {
        Self { start, started: Instant::now(), ahead: Mutex::new(TimeDelta::zero()), wakeups }
    }
}

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        let run = TimeDelta::from_std(self.started.elapsed()).unwrap_or(TimeDelta::MAX);
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        run.checked_add(&ahead)
            .and_then(|passed| self.start.checked_add_signed(passed))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

impl MovableClock for DemoClock {
    fn move_forward(&self, by: Duration) -> DateTime<Utc> {
        {
            let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
            let by = TimeDelta::from_std(by).unwrap_or(TimeDelta::MAX);
            *ahead = ahead.checked_add(&by).unwrap_or(TimeDelta::MAX);
        }
        for wakeup in &self.wakeups {
            wakeup.notify_one();
        }
        self.now()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monday() -> DateTime<Utc> {
        "2026-11-23T01:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_distance_is_told_as_ahead_or_behind_never_with_a_sign() {
        let told = |apart: Apart| apart.to_string();
        assert_eq!(
            told(Apart::Machine(TimeDelta::seconds(-60))),
            "the machine's clock is 60 seconds behind the database's"
        );
        assert_eq!(told(Apart::Node(TimeDelta::seconds(90))), "the node's clock is 90 seconds ahead of the database's");
    }

    #[test]
    fn a_demo_clock_shows_its_start_and_runs_on() {
        let clock = DemoClock::starting_at(monday(), vec![]);
        let first = clock.now();
        assert!(first >= monday() && first < monday() + TimeDelta::minutes(1));
        assert!(clock.now() >= first);
    }

    #[test]
    fn a_jump_adds_to_the_earlier_ones() {
        let clock = DemoClock::starting_at(monday(), vec![]);
        clock.move_forward(Duration::from_mins(10));
        let now = clock.move_forward(Duration::from_hours(1));
        assert!(now >= monday() + TimeDelta::minutes(70));
        assert!(now < monday() + TimeDelta::minutes(71));
    }

    #[test]
    fn a_jump_beyond_all_calendars_stops_at_the_last_instant() {
        let clock = DemoClock::starting_at(monday(), vec![]);
        assert_eq!(clock.move_forward(Duration::MAX), DateTime::<Utc>::MAX_UTC);
    }

    // Negative control: without `notify_one` in `move_forward` this waits for ever.
    #[tokio::test]
    async fn a_jump_wakes_every_loop_even_one_that_is_busy_just_then() {
        let wakeups = [Arc::new(Notify::new()), Arc::new(Notify::new())];
        let clock = DemoClock::starting_at(monday(), wakeups.to_vec());
        clock.move_forward(Duration::from_secs(1));
        for wakeup in wakeups {
            wakeup.notified().await;
        }
    }
}
