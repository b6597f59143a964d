//! The clock of an installation: it runs by the monotonic clock, and follows a reference once that has been steady.
//!
//! The reference is the machine's wall clock, or the clock of a database that nodes share. One that jumps for some seconds is
//! never followed, so nothing is judged or written by it; one that was set right is followed half a minute later.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Clock, SystemClock};

/// From so many seconds on a difference between two looks is a jump. Slewing changes both clocks of a machine alike; a
/// server's answer that was late by a second is none.
const JUMP: TimeDelta = TimeDelta::seconds(2);
/// How long a reference must be steady after a jump, or after the start, before it is trusted: five times as long as a clock that was
/// wrong for six seconds, and little compared with the minutes that deadlines have.
pub const STEADY_TIME: Duration = Duration::from_secs(30);
/// From so many seconds between machine and database on it is told: codes and windows count in minutes.
pub const APART_SECONDS_TOLD: i64 = 5;
/// From so many seconds between machine and database on a node is not ready. A claim lasts 180 seconds, so
/// two nodes that are wrong by so much in opposite ways still leave a send two minutes before the other one takes it for lost.
pub const APART_SECONDS_MAX: i64 = 30;
/// Differences below are noise of the way to the server.
const NOISE: TimeDelta = TimeDelta::milliseconds(50);

/// What a clock showed at an instant of the monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// What it showed.
    pub shown: DateTime<Utc>,
    /// When.
    pub at: Instant,
}

impl Reading {
    /// The machine's wall clock, now.
    pub fn of_machine() -> Self {
        Self { shown: SystemClock.now(), at: Instant::now() }
    }
}

/// What a look at a reference found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// It is suddenly so far ahead, and not followed yet.
    Seen(TimeDelta),
    /// It is back where it was.
    Over,
    /// It has been steady since: followed, by so much.
    Followed(TimeDelta),
}

/// A difference that is looked at until it has been steady.
#[derive(Debug, Default)]
struct Watch(Option<(TimeDelta, Instant)>);

impl Watch {
    /// Judges how far the reference is ahead at an instant.
    fn judge(&mut self, ahead: TimeDelta, at: Instant) -> Option<Jump> {
        if ahead.abs() < JUMP {
            return self.0.take().map(|_| Jump::Over);
        }
        match self.0 {
            Some((size, since)) if (ahead - size).abs() < JUMP => {
                let is_steady = at.saturating_duration_since(since) >= STEADY_TIME;
                is_steady.then(|| {
                    self.0 = None;
                    Jump::Followed(ahead)
                })
            }
            _ => {
                self.0 = Some((ahead, at));
                Some(Jump::Seen(ahead))
            }
        }
    }
}

/// What only whoever looks at the references needs.
#[derive(Debug, Default)]
struct Looks {
    reference: Watch,
    /// How far the machine's wall clock was from the monotonic one at the last look.
    machine: TimeDelta,
}

/// The clock. To ask it costs one look at the monotonic clock; somebody has to look at the reference for it now and then.
#[derive(Debug)]
pub struct SteadyClock {
    start: DateTime<Utc>,
    started: Instant,
    ahead_us: AtomicI64,
    apart_us: AtomicI64,
    is_settled: AtomicBool,
    looks: Mutex<Looks>,
}

impl SteadyClock {
    /// Begins with what the machine's clock shows; nobody knows yet whether that is right.
    pub fn start() -> Self {
        Self::start_at(Reading::of_machine())
    }

    fn start_at(Reading { shown, at }: Reading) -> Self {
        Self {
            start: shown,
            started: at,
            ahead_us: AtomicI64::new(0),
            apart_us: AtomicI64::new(0),
            is_settled: AtomicBool::new(false),
            looks: Mutex::default(),
        }
    }

    /// What it shows at an instant.
    fn at(&self, at: Instant) -> DateTime<Utc> {
        let run = TimeDelta::from_std(at.saturating_duration_since(self.started)).unwrap_or(TimeDelta::MAX);
        let ahead = TimeDelta::microseconds(self.ahead_us.load(Ordering::Relaxed));
        run.checked_add(&ahead)
            .and_then(|passed| self.start.checked_add_signed(passed))
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Sets it by a reference at once, before anything was judged by it.
    pub fn set(&self, reference: Reading) {
        self.follow(reference.shown - self.at(reference.at));
    }

    fn follow(&self, ahead: TimeDelta) {
        self.ahead_us.fetch_add(ahead.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }

    /// Looks at the reference. It is followed where it is near or has been steady. Returns what is new.
    pub fn look(&self, reference: Reading) -> Option<Jump> {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let ahead = reference.shown - self.at(reference.at);
        let found = looks.reference.judge(ahead, reference.at);
        if looks.reference.0.is_none() && ahead.abs() >= NOISE {
            self.follow(ahead);
        }
        let has_run = reference.at.saturating_duration_since(self.started) >= STEADY_TIME;
        let is_settled = has_run && looks.reference.0.is_none() && self.apart().is_none();
        self.is_settled.store(is_settled, Ordering::Relaxed);
        found
    }

    /// Looks at the machine's clock: by how much it was set since the last look, if it was.
    pub fn look_at_machine(&self, machine: Reading) -> Option<TimeDelta> {
        let mut looks = self.looks.lock().unwrap_or_else(PoisonError::into_inner);
        let run = TimeDelta::from_std(machine.at.saturating_duration_since(self.started)).unwrap_or(TimeDelta::MAX);
        let off = machine.shown - self.start - run;
        let jump = off - std::mem::replace(&mut looks.machine, off);
        (jump.abs() >= JUMP).then_some(jump)
    }

    /// Notes how far the machine's clock is ahead of the database's.
    pub fn note_apart(&self, apart: TimeDelta) {
        self.apart_us.store(apart.num_microseconds().unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> DateTime<Utc> {
        self.at(Instant::now())
    }

    fn is_settled(&self) -> bool {
        self.is_settled.load(Ordering::Relaxed)
    }

    fn apart(&self) -> Option<TimeDelta> {
        let apart = TimeDelta::microseconds(self.apart_us.load(Ordering::Relaxed));
        (apart.abs() >= TimeDelta::seconds(APART_SECONDS_MAX)).then_some(apart)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A clock, and its reference wrong by `seconds` after it ran for a time.
    struct Shelf(SteadyClock, Instant);

    impl Shelf {
        fn new() -> Self {
            let begun = Instant::now();
            Self(SteadyClock::start_at(Reading { shown: DateTime::UNIX_EPOCH, at: begun }), begun)
        }

        fn reading(&self, after: u64, wrong: i64) -> Reading {
            let at = self.1 + Duration::from_secs(after);
            let right = TimeDelta::from_std(Duration::from_secs(after)).unwrap();
            Reading { shown: DateTime::UNIX_EPOCH + right + TimeDelta::seconds(wrong), at }
        }

        fn look(&self, after: u64, wrong: i64) -> Option<Jump> {
            self.0.look(self.reading(after, wrong))
        }

        /// How wrong it is.
        fn wrong(&self, after: u64) -> i64 {
            (self.0.at(self.1 + Duration::from_secs(after)) - DateTime::UNIX_EPOCH).num_seconds()
                - i64::try_from(after).unwrap()
        }
    }

    const FOUR_DAYS: i64 = 4 * 24 * 3_600;

    // Negative control: with every reading followed at once the clock is wrong by four days at second 41.
    #[test]
    fn a_reference_that_is_wrong_for_six_seconds_is_never_followed() {
        let shelf = Shelf::new();
        assert_eq!(shelf.look(40, 0), None);
        assert!(shelf.0.is_settled());
        assert_eq!(shelf.look(41, FOUR_DAYS), Some(Jump::Seen(TimeDelta::days(4))));
        assert!(!shelf.0.is_settled() && shelf.wrong(41) == 0);
        assert_eq!(shelf.look(46, FOUR_DAYS), None);
        assert_eq!(shelf.look(47, 0), Some(Jump::Over));
        assert!(shelf.0.is_settled() && shelf.wrong(47) == 0);
    }

    #[test]
    fn a_reference_that_was_set_is_followed_when_it_has_been_steady_forward_and_back() {
        for wrong in [7 * 3_600, -7 * 3_600] {
            let shelf = Shelf::new();
            assert_eq!(shelf.look(40, wrong), Some(Jump::Seen(TimeDelta::seconds(wrong))));
            assert_eq!((shelf.look(69, wrong), shelf.wrong(69)), (None, 0));
            assert_eq!(shelf.look(70, wrong), Some(Jump::Followed(TimeDelta::seconds(wrong))));
            assert!(shelf.0.is_settled() && shelf.wrong(70) == wrong);
        }
    }

    #[test]
    fn a_reference_that_goes_on_jumping_begins_its_time_anew() {
        let shelf = Shelf::new();
        shelf.look(40, 100);
        assert!(matches!(shelf.look(65, 200), Some(Jump::Seen(_))));
        assert_eq!((shelf.look(75, 200), shelf.wrong(75)), (None, 0));
        assert!(matches!(shelf.look(95, 200), Some(Jump::Followed(_))));
    }

    #[test]
    fn small_differences_are_followed_quietly_and_a_start_is_not_settled_yet() {
        let shelf = Shelf::new();
        assert_eq!((shelf.look(1, 1), shelf.wrong(1)), (None, 1));
        assert!(!shelf.0.is_settled());
        assert_eq!(shelf.look(30, 1), None);
        assert!(shelf.0.is_settled());
    }

    // Negative control: without `apart` in `look` it is settled while it is a minute from its database.
    #[test]
    fn a_machine_apart_from_its_database_is_not_settled_and_says_so() {
        let shelf = Shelf::new();
        shelf.0.note_apart(TimeDelta::seconds(29));
        shelf.look(40, 0);
        assert!(shelf.0.is_settled() && shelf.0.apart().is_none());
        shelf.0.note_apart(TimeDelta::seconds(-60));
        shelf.look(41, 0);
        assert!(!shelf.0.is_settled());
        assert_eq!(shelf.0.apart(), Some(TimeDelta::seconds(-60)));
    }

    #[test]
    fn each_jump_of_the_machine_is_told_once() {
        let shelf = Shelf::new();
        let look = |after, wrong| shelf.0.look_at_machine(shelf.reading(after, wrong));
        assert_eq!(look(1, 0), None);
        assert_eq!(look(2, FOUR_DAYS), Some(TimeDelta::days(4)));
        assert_eq!(look(3, FOUR_DAYS), None);
        assert_eq!(look(8, 0), Some(-TimeDelta::days(4)));
    }
}
