//! Decides whether a lane takes more from providers: only what it will have served within the time that an installation lets messages
//! wait. The rest is refused at once, before anything of it is stored, and the provider delivers it again. So a server that is offered more
//! than it can do is as quick as ever for what it takes, and keeps little in memory.
//!
//! How much that is shows in what the lane has just finished in which time: `window` is what it finishes within that time. It is measured
//! only under pressure; a lane that rests says nothing about how fast it could be.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::verdict::Busy;

/// Tasks that may wait for a lane: about a second of the fastest rush.
pub(super) const QUEUE_MAX: usize = 10_000;
/// Tasks that may be under way however slow the lane is: what one commit takes in its usual size. Fewer would make it slower still.
const WINDOW_MIN: usize = 256;
/// Tasks that may be under way before anything was measured: as many as connections are open at once in the usual configuration, so that
/// the first rush after a start is queued, not refused.
const WINDOW_AT_FIRST: usize = 1_024;
/// How long a measurement lasts at least: several batches, which may share one sync of the disk.
const MEASURED_TIME: Duration = Duration::from_millis(250);
/// Tasks of one body beyond which its age refuses none of them: it would come again as large, and take as long.
const LARGE_BODY: usize = WINDOW_MIN;

/// What one lane has under way, and may have.
#[derive(Debug)]
pub(super) struct Admission {
    /// How long a message may wait until it is served.
    wait_max: Duration,
    under_way: AtomicUsize,
    window: AtomicUsize,
    /// Whether something was refused since the last measurement.
    has_refused: AtomicBool,
    measurement: Mutex<Measurement>,
}

/// What the lane finished since when.
#[derive(Debug)]
struct Measurement {
    since: Instant,
    finished: usize,
    /// Whether something waited for longer than half of what is allowed.
    has_waited: bool,
}

impl Measurement {
    fn begin() -> Self {
        Self { since: Instant::now(), finished: 0, has_waited: false }
    }
}

/// One task under way, until it is answered.
#[derive(Debug)]
pub(super) struct UnderWay {
    admission: Arc<Admission>,
    since: Instant,
    /// Whether it is refused when it has waited for too long, because the provider will deliver it again.
    may_be_refused: bool,
}

impl UnderWay {
    /// How long it has been waiting.
    pub(super) fn waited(&self) -> Duration {
        self.since.elapsed()
    }

    /// Whether it has waited for so long that it must be refused instead of served: half as long again as what was expected when it was
    /// taken, since then the lane has become slower.
    pub(super) fn is_late(&self) -> bool {
        self.may_be_refused && self.waited() > self.admission.wait_max + self.admission.wait_max / 2
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.admission.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Admission {
    pub(super) fn new(wait_max: Duration) -> Arc<Self> {
        Arc::new(Self {
            wait_max,
            under_way: AtomicUsize::new(0),
            window: AtomicUsize::new(WINDOW_AT_FIRST),
            has_refused: AtomicBool::new(false),
            measurement: Mutex::new(Measurement::begin()),
        })
    }

    /// Whether one more body may come in, however many tasks it is.
    ///
    /// # Errors
    /// [`Busy`] when it would wait for longer than it may.
    pub(super) fn admit(&self) -> Result<(), Busy> {
        if self.under_way.load(Ordering::Relaxed) < self.window.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.has_refused.store(true, Ordering::Relaxed);
        Err(Busy)
    }

    /// Enters a task. `of_body`: how many tasks its body has; `None` for a task of this program, which waits as long as it takes.
    pub(super) fn enter(self: &Arc<Self>, of_body: Option<usize>) -> UnderWay {
        if self.under_way.fetch_add(1, Ordering::Relaxed) == 0 {
            // The time that the lane rested is no part of the time that it takes.
            *self.measurement() = Measurement::begin();
        }
        let may_be_refused = of_body.is_some_and(|tasks| tasks <= LARGE_BODY);
        UnderWay { admission: Arc::clone(self), since: Instant::now(), may_be_refused }
    }

    /// Notes that the lane has answered so many tasks, of which one waited for so long.
    pub(super) fn note_answered(&self, tasks: usize, waited: Duration) {
        let mut measurement = self.measurement();
        measurement.finished += tasks;
        measurement.has_waited |= waited > self.wait_max / 2;
        let time = measurement.since.elapsed();
        if time < MEASURED_TIME {
            return;
        }
        if self.has_refused.swap(false, Ordering::Relaxed) || measurement.has_waited {
            self.window.store(window(measurement.finished, time, self.wait_max), Ordering::Relaxed);
        }
        *measurement = Measurement::begin();
    }

    fn measurement(&self) -> MutexGuard<'_, Measurement> {
        self.measurement.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a lane that finished so many tasks in `time` finishes within `wait_max`.
fn window(finished: usize, time: Duration, wait_max: Duration) -> usize {
    let within = finished as u128 * wait_max.as_micros() / time.as_micros().max(1);
    usize::try_from(within).unwrap_or(QUEUE_MAX).clamp(WINDOW_MIN, QUEUE_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn as_much_is_taken_as_is_finished_in_time_within_bounds() {
        assert_eq!(window(500, SECOND / 4, SECOND), 2_000);
        assert_eq!(window(500, SECOND * 2, SECOND), WINDOW_MIN, "one commit is always taken");
        assert_eq!(window(500, Duration::ZERO, SECOND), QUEUE_MAX);
        assert_eq!(window(500, SECOND, 60 * SECOND), QUEUE_MAX, "memory is bounded however long citizens may wait");
    }

    // Negative control: with `admit` always `Ok` the second line fails; with `has_refused` never set nothing is measured.
    #[test]
    fn a_lane_that_is_full_refuses_and_measures_how_much_it_can_take() {
        let admission = Admission::new(SECOND);
        let mut under_way: Vec<UnderWay> = (0..WINDOW_AT_FIRST).map(|_| admission.enter(Some(1))).collect();
        assert_eq!(admission.admit(), Err(Busy));
        let office = admission.enter(None);
        assert!(!office.is_late(), "what officers do is never refused for others' sake");
        under_way.truncate(WINDOW_AT_FIRST / 2);
        admission.note_answered(WINDOW_AT_FIRST / 2, Duration::ZERO);
        assert_eq!(admission.admit(), Ok(()), "there is room again");
        std::thread::sleep(4 * MEASURED_TIME);
        admission.note_answered(0, Duration::ZERO);
        let measured = admission.window.load(Ordering::Relaxed);
        assert!((WINDOW_MIN..=WINDOW_AT_FIRST / 2).contains(&measured), "512 in a second or more: {measured}");
        drop((under_way, office));
        assert_eq!(admission.under_way.load(Ordering::Relaxed), 0);
    }

    // Negative control: with `may_be_refused` true for all, the large body's is late too.
    #[test]
    fn what_waited_for_too_long_is_late_unless_its_body_is_large() {
        let admission = Admission::new(Duration::from_millis(10));
        let small = admission.enter(Some(LARGE_BODY));
        let large = admission.enter(Some(LARGE_BODY + 1));
        assert!(!small.is_late());
        std::thread::sleep(Duration::from_millis(16));
        assert!(small.is_late() && !large.is_late());
    }
}
