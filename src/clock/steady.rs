//! The clock of an installation: it runs by the monotonic clock, and follows a reference clock once that has been steady.
//!
//! The reference is the machine's wall clock, or the clock of a database that nodes share. A jump that is undone within seconds is
//! never followed, so nothing is judged or written by it; a reference that was set right is followed half a minute later.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Apart, Clock, SystemClock};

/// Difference between two readings from which it is a jump. Slewing changes both clocks of a machine alike; a
/// server's answer that was late by a second is none.
const JUMP: TimeDelta = TimeDelta::seconds(2);
/// How long a reference must be steady after a jump, or after the start, before it is trusted: five times as long as a clock that was
/// wrong for six seconds, and little compared with the minutes that deadlines have.
pub const STEADY_TIME: Duration = Duration::from_secs(30);
/// Seconds between machine and database from which the difference is logged: codes and windows count in minutes.
pub const APART_SECONDS_LOGGED: i64 = 5;
/// Seconds between machine and database from which a node is not ready. A claim lasts 180 seconds, so
/// two nodes that are wrong by so much in opposite ways still leave a send two minutes before the other one takes it for lost.
pub const APART_SECONDS_MAX: i64 = 30;
/// Smaller differences are noise of the network.
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

/// What the clock of a database that nodes share showed.
#[derive(Debug, Clone, Copy)]
pub struct ServerReading {
    /// The reading.
    pub reading: Reading,
    /// How far the machine's wall clock was ahead of it.
    pub machine_ahead: TimeDelta,
    /// Whether the server is another machine, whose clock says something that this machine's does not.
    pub is_elsewhere: bool,
}

/// What a reading of the reference showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Jump {
    /// It is suddenly so far ahead, and not followed yet.
    Seen(TimeDelta),
    /// It is back where it was.
    Over,
    /// It has been steady since: followed, by so much.
    Followed(TimeDelta),
}

/// A difference from the reference that has not been steady for long enough.
#[derive(Debug, Default)]
struct Pending(Option<(TimeDelta, Instant)>);

impl Pending {
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

/// What is known of the references.
#[derive(Debug, Default)]
struct References {
    reference: Pending,
    /// When it was followed at once.
    followed: Option<Instant>,
    /// How far the machine's wall clock was from the monotonic one at the last reading.
    machine: TimeDelta,
}

fn note(into: &AtomicI64, ahead: TimeDelta) {
    into.store(ahead.num_microseconds().unwrap_or(i64::MAX), Ordering::Relaxed);
}

/// The clock. Reading it costs one reading of the monotonic clock; `app` has to read the reference for it regularly.
#[derive(Debug)]
pub struct SteadyClock {
    start: DateTime<Utc>,
    started: Instant,
    ahead_us: AtomicI64,
    /// How far the machine's clock was ahead of the database's.
    machine_ahead_us: AtomicI64,
    /// How far this one was.
    node_ahead_us: AtomicI64,
    is_settled: AtomicBool,
    /// Whether others judge by the reference too.
    is_shared: AtomicBool,
    /// Whether one of the clocks has jumped, and nobody knows yet which one is right.
    is_doubted: AtomicBool,
    references: Mutex<References>,
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
            machine_ahead_us: AtomicI64::new(0),
            node_ahead_us: AtomicI64::new(0),
            is_settled: AtomicBool::new(false),
            is_shared: AtomicBool::new(false),
            is_doubted: AtomicBool::new(false),
            references: Mutex::default(),
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

    /// Sets it by the clock of a database that nodes share at once, before anything was judged by it.
    pub fn share(&self, server: &ServerReading) {
        self.is_shared.store(true, Ordering::Relaxed);
        note(&self.machine_ahead_us, server.machine_ahead);
        self.follow(server.reading.shown - self.at(server.reading.at));
    }

    fn follow(&self, ahead: TimeDelta) {
        self.ahead_us.fetch_add(ahead.num_microseconds().unwrap_or(0), Ordering::Relaxed);
    }

    /// Takes a reading of the reference, which is followed where it is near or has been steady. Returns what is new.
    pub fn observe(&self, reference: Reading) -> Option<Jump> {
        self.observe_with(reference, false)
    }

    /// Takes a reading of the clock of a database that nodes share. Where it jumped and the machine's clock did the same, this machine was
    /// asleep, as the monotonic clock was: it is followed at once, since the other nodes were not.
    pub fn observe_server(&self, server: &ServerReading) -> Option<Jump> {
        let agree = |ahead: TimeDelta| ahead.abs() < TimeDelta::seconds(APART_SECONDS_LOGGED);
        let agreed = agree(TimeDelta::microseconds(self.machine_ahead_us.load(Ordering::Relaxed)));
        note(&self.machine_ahead_us, server.machine_ahead);
        self.observe_with(server.reading, server.is_elsewhere && agreed && agree(server.machine_ahead))
    }

    fn observe_with(&self, reference: Reading, is_confirmed: bool) -> Option<Jump> {
        let mut references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
        let ahead = reference.shown - self.at(reference.at);
        let found = if is_confirmed && ahead.abs() >= JUMP {
            references.reference = Pending::default();
            // Two clocks that are set by a third may be wrong together for a moment: nothing is ended by them yet.
            references.followed = Some(reference.at);
            Some(Jump::Followed(ahead))
        } else {
            references.reference.judge(ahead, reference.at)
        };
        let is_near = references.reference.0.is_none();
        if is_near && ahead.abs() >= NOISE {
            self.follow(ahead);
        }
        let is_shared = self.is_shared.load(Ordering::Relaxed);
        if is_shared {
            note(&self.node_ahead_us, self.at(reference.at) - reference.shown);
        }
        self.is_doubted.store(is_shared && !is_near, Ordering::Relaxed);
        let since = references.followed.unwrap_or(self.started);
        let has_run = reference.at.saturating_duration_since(since) >= STEADY_TIME;
        self.is_settled.store(has_run && is_near && self.apart().is_none(), Ordering::Relaxed);
        found
    }

    /// Takes a reading of the machine's clock. Returns by how much it was set since the last reading, if it was.
    pub fn observe_machine(&self, machine: Reading) -> Option<TimeDelta> {
        let mut references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
        let off = self.machine_off(machine);
        let jump = off - std::mem::replace(&mut references.machine, off);
        let has_jumped = jump.abs() >= JUMP;
        if has_jumped && self.is_shared.load(Ordering::Relaxed) {
            // In doubt until the server shows which clock jumped: the wall clock, or the monotonic clock, which stands still
            // while the machine sleeps.
            self.is_doubted.store(true, Ordering::Relaxed);
        }
        has_jumped.then_some(jump)
    }

    /// How far the machine's clock is from where the monotonic one would have it.
    fn machine_off(&self, machine: Reading) -> TimeDelta {
        let run = TimeDelta::from_std(machine.at.saturating_duration_since(self.started)).unwrap_or(TimeDelta::MAX);
        machine.shown - self.start - run
    }

    /// Whether one of the clocks has jumped, and nobody knows yet which one is right.
    pub fn is_doubted(&self) -> bool {
        self.is_doubted.load(Ordering::Relaxed)
    }

    /// The same at this reading of the machine's clock, which may come before the next observation.
    fn is_doubted_at(&self, machine: Reading) -> bool {
        if !self.is_shared.load(Ordering::Relaxed) {
            return false;
        }
        let references = self.references.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_doubted() || (self.machine_off(machine) - references.machine).abs() >= JUMP
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> DateTime<Utc> {
        self.at(Instant::now())
    }

    fn is_settled(&self) -> bool {
        self.is_settled.load(Ordering::Relaxed)
    }

    fn may_claim(&self) -> bool {
        !self.is_doubted_at(Reading::of_machine())
    }

    fn apart(&self) -> Option<Apart> {
        let far = |ahead: &AtomicI64| {
            let ahead = TimeDelta::microseconds(ahead.load(Ordering::Relaxed));
            (ahead.abs() >= TimeDelta::seconds(APART_SECONDS_MAX)).then_some(ahead)
        };
        far(&self.node_ahead_us).map(Apart::Node).or_else(|| far(&self.machine_ahead_us).map(Apart::Machine))
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

        /// One whose reference is a server's clock.
        fn shared() -> Self {
            let shelf = Self::new();
            shelf.0.share(&shelf.server_reading(0, (0, 0), true));
            shelf
        }

        fn server_reading(&self, after: u64, (wrong, machine_ahead): (i64, i64), is_elsewhere: bool) -> ServerReading {
            let machine_ahead = TimeDelta::seconds(machine_ahead);
            ServerReading { reading: self.reading(after, wrong), machine_ahead, is_elsewhere }
        }

        /// A look at a server that is wrong by so much, and the machine ahead of it by so much.
        fn server(&self, after: u64, wrong: (i64, i64), is_elsewhere: bool) -> Option<Jump> {
            self.0.observe_server(&self.server_reading(after, wrong, is_elsewhere))
        }

        fn reading(&self, after: u64, wrong: i64) -> Reading {
            let at = self.1 + Duration::from_secs(after);
            let right = TimeDelta::from_std(Duration::from_secs(after)).unwrap();
            Reading { shown: DateTime::UNIX_EPOCH + right + TimeDelta::seconds(wrong), at }
        }

        fn look(&self, after: u64, wrong: i64) -> Option<Jump> {
            self.0.observe(self.reading(after, wrong))
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
        let shelf = Shelf::shared();
        shelf.server(40, (0, 29), true);
        assert!(shelf.0.is_settled() && shelf.0.apart().is_none());
        shelf.server(41, (0, -60), true);
        assert!(!shelf.0.is_settled());
        assert_eq!(shelf.0.apart(), Some(Apart::Machine(TimeDelta::seconds(-60))));
    }

    /// Seconds that the machine slept.
    const SLEPT: i64 = 600;

    // Negative control: with `is_confirmed` never true it is ten minutes behind for half a minute; without `followed` it is
    // settled at once.
    #[test]
    fn a_machine_that_slept_follows_its_server_at_once_and_ends_nothing_yet() {
        let shelf = Shelf::shared();
        shelf.server(40, (0, 0), true);
        assert!(shelf.0.is_settled());
        // The monotonic clock stood; the machine's and the server's went on.
        assert_eq!(shelf.0.observe_machine(shelf.reading(41, SLEPT)), Some(TimeDelta::seconds(SLEPT)));
        assert!(shelf.0.is_doubted());
        assert_eq!(shelf.server(41, (SLEPT, 0), true), Some(Jump::Followed(TimeDelta::seconds(SLEPT))));
        assert!(shelf.wrong(41) == SLEPT && !shelf.0.is_doubted() && shelf.0.apart().is_none());
        assert!(!shelf.0.is_settled());
        shelf.server(71, (SLEPT, 0), true);
        assert!(shelf.0.is_settled());
    }

    // Negative control: judged by the machine's clock alone it is ready all the time; without `is_doubted` it claims.
    #[test]
    fn a_jump_that_is_merely_seen_claims_nothing_and_is_not_ready() {
        // A server on this machine has the same clock; one that jumps alone has no witness.
        for (machine_ahead, is_elsewhere) in [(0, false), (-SLEPT, true)] {
            let shelf = Shelf::shared();
            shelf.server(40, (0, 0), is_elsewhere);
            assert_eq!(
                shelf.server(41, (SLEPT, machine_ahead), is_elsewhere),
                Some(Jump::Seen(TimeDelta::seconds(SLEPT)))
            );
            assert!(shelf.wrong(41) == 0 && shelf.0.is_doubted() && !shelf.0.is_settled());
            assert_eq!(shelf.0.apart(), Some(Apart::Node(TimeDelta::seconds(-SLEPT))));
            shelf.server(71, (SLEPT, 0), is_elsewhere);
            assert!(shelf.wrong(71) == SLEPT && !shelf.0.is_doubted() && shelf.0.apart().is_none());
        }
    }

    // Negative control: with the last look alone believed, whoever wakes before the next look claims by the old clock.
    #[test]
    fn a_jump_is_doubted_before_anybody_has_looked_where_nodes_share_a_database() {
        let shelf = Shelf::shared();
        shelf.0.observe_machine(shelf.reading(1, 0));
        assert!(!shelf.0.is_doubted_at(shelf.reading(2, 0)));
        assert!(shelf.0.is_doubted_at(shelf.reading(2, SLEPT)));
        let alone = Shelf::new();
        assert!(!alone.0.is_doubted_at(alone.reading(2, SLEPT)), "nobody else claims in a file");
    }

    #[test]
    fn each_jump_of_the_machine_is_told_once() {
        let shelf = Shelf::new();
        let look = |after, wrong| shelf.0.observe_machine(shelf.reading(after, wrong));
        assert_eq!(look(1, 0), None);
        assert_eq!(look(2, FOUR_DAYS), Some(TimeDelta::days(4)));
        assert_eq!(look(3, FOUR_DAYS), None);
        assert_eq!(look(8, 0), Some(-TimeDelta::days(4)));
    }
}
