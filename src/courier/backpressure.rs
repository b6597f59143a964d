//! Back-pressure: sending takes less of the processors while intake is behind.
//!
//! A message that waits to be taken in may be given up by its provider, and its citizen knows nothing yet; a reply that
//! waits is safe in the outbox. Sending one costs the processors as much as taking a message in.

use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::Duration;

use tokio::time::Instant;

use crate::metrics::Metrics;

/// Messages in a commit from which on intake is behind: they came while the commit before them ran.
const BEHIND_MESSAGES: u64 = 16;
/// How often intake's counters are compared: long enough for some commits.
const COMPARED_EVERY: Duration = Duration::from_millis(100);
/// How long intake still counts as behind while none of its commits ends.
const SILENCE_MAX: Duration = Duration::from_secs(1);
/// Shortest time between two rounds while intake is behind: few large rounds cost the database less than many small ones.
const GAP_BEHIND: Duration = Duration::from_millis(100);
/// Replies that a round may begin for each processor while intake is behind: at ten rounds a second and some 400 µs a reply, a sixth of the
/// processor. From a dozen processors on all that may be in flight anyway may begin.
const CAPACITY_PER_PROCESSOR: u32 = 40;

/// The same for all processors of this machine.
static CAPACITY_BEHIND: LazyLock<u32> = LazyLock::new(|| {
    let processors = available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX));
    processors.saturating_mul(CAPACITY_PER_PROCESSOR)
});

/// What intake had done when its counters were last compared.
#[derive(Default)]
pub(super) struct Backpressure {
    compared: Option<Instant>,
    messages: u64,
    commits: u64,
    is_behind: bool,
}

impl Backpressure {
    /// How many of `capacity` replies the round that begins `now` may begin.
    pub(super) fn limit(&mut self, capacity: u32, metrics: &Metrics, now: Instant) -> u32 {
        let silence = self.compared.map_or(Duration::MAX, |compared| now.duration_since(compared));
        if silence >= COMPARED_EVERY {
            let (messages, commits) = (metrics.intake_messages.get(), metrics.intake_commits.get());
            let (more, batches) = (messages.saturating_sub(self.messages), commits.saturating_sub(self.commits));
            if batches > 0 || silence >= SILENCE_MAX {
                let is_behind = batches > 0 && more >= BEHIND_MESSAGES * batches;
                *self = Self { compared: Some(now), messages, commits, is_behind };
            }
        }
        if self.is_behind { capacity.min(*CAPACITY_BEHIND) } else { capacity }
    }

    /// Shortest time between two rounds, which is `usual` while intake keeps up.
    pub(super) fn gap(&self, usual: Duration) -> Duration {
        if self.is_behind { usual.max(GAP_BEHIND) } else { usual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative control: a limit that does not depend on intake, one that never forgets what intake did once, and a
    // comparison at every round each fail this.
    #[test]
    fn sending_makes_room_while_intake_is_behind() {
        let (metrics, mut pressure, start) = (Metrics::default(), Backpressure::default(), Instant::now());
        let mut limit = |after_ms| pressure.limit(u32::MAX, &metrics, start + Duration::from_millis(after_ms));
        let served = |commits, messages| {
            metrics.intake_commits.inc_by(commits);
            metrics.intake_messages.inc_by(messages);
        };
        assert_eq!(limit(0), u32::MAX);
        served(100, 120);
        assert_eq!(limit(100), u32::MAX, "messages that come one by one are no crowd");
        served(4, 80);
        assert_eq!(limit(150), u32::MAX, "too early to compare");
        assert_eq!(limit(200), *CAPACITY_BEHIND);
        assert_eq!(limit(225), *CAPACITY_BEHIND, "a batch may take longer than a round");
        assert_eq!(limit(350), *CAPACITY_BEHIND, "or longer than the time between comparisons");
        assert_eq!(limit(1_200), u32::MAX, "nobody waits any more");
    }

    // Negative control: a gap that does not depend on intake fails this.
    #[test]
    fn rounds_are_fewer_while_intake_is_behind() {
        let (metrics, mut pressure, usual) = (Metrics::default(), Backpressure::default(), Duration::from_millis(25));
        assert_eq!(pressure.gap(usual), usual);
        metrics.intake_commits.inc();
        metrics.intake_messages.inc_by(BEHIND_MESSAGES);
        pressure.limit(512, &metrics, Instant::now());
        assert_eq!(pressure.gap(usual), GAP_BEHIND);
    }

    #[test]
    fn a_capacity_that_is_smaller_stays_as_it_is() {
        let (metrics, mut pressure) = (Metrics::default(), Backpressure::default());
        metrics.intake_commits.inc();
        metrics.intake_messages.inc_by(BEHIND_MESSAGES);
        assert_eq!(pressure.limit(3, &metrics, Instant::now()), 3);
    }
}
