//! Watches how much intake has to do, so that sending takes less of the processors while it is behind.
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
/// How often is looked: long enough for some commits.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long intake is taken to be behind still when no commit of it comes to an end.
const SILENCE_MAX: Duration = Duration::from_secs(1);
/// Shortest time between two rounds while intake is behind: few large rounds cost the database less than many small ones.
const GAP_BEHIND: Duration = Duration::from_millis(100);
/// Replies that such a round may begin for each processor: at ten rounds a second and some 400 µs a reply, a sixth of the
/// processor. From a dozen processors on all that may be in flight anyway may begin.
const ROOM_PER_PROCESSOR: u32 = 40;

/// How many replies a round may begin while intake is behind.
static ROOM_BEHIND: LazyLock<u32> = LazyLock::new(|| {
    let processors = available_parallelism().map_or(1, |count| u32::try_from(count.get()).unwrap_or(u32::MAX));
    processors.saturating_mul(ROOM_PER_PROCESSOR)
});

/// What intake had done when something was last seen of it.
#[derive(Default)]
pub(super) struct IntakeWatch {
    looked: Option<Instant>,
    messages: u64,
    commits: u64,
    is_behind: bool,
}

impl IntakeWatch {
    /// How many of `room` replies the round that begins `now` may begin.
    pub(super) fn room(&mut self, room: u32, metrics: &Metrics, now: Instant) -> u32 {
        let silence = self.looked.map_or(Duration::MAX, |looked| now.duration_since(looked));
        if silence >= LOOK_EVERY {
            let (messages, commits) = (metrics.intake_messages.get(), metrics.intake_commits.get());
            let (more, batches) = (messages.saturating_sub(self.messages), commits.saturating_sub(self.commits));
            if batches > 0 || silence >= SILENCE_MAX {
                let is_behind = batches > 0 && more >= BEHIND_MESSAGES * batches;
                *self = Self { looked: Some(now), messages, commits, is_behind };
            }
        }
        if self.is_behind { room.min(*ROOM_BEHIND) } else { room }
    }

    /// Shortest time between two rounds, which is `usual` while intake keeps up.
    pub(super) fn gap(&self, usual: Duration) -> Duration {
        if self.is_behind { usual.max(GAP_BEHIND) } else { usual }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Negative controls: a room that does not depend on intake, what it did once remembered for ever, and a look at every
    // round, each fails this.
    #[test]
    fn sending_makes_room_while_intake_is_behind() {
        let (metrics, mut watch, start) = (Metrics::default(), IntakeWatch::default(), Instant::now());
        let mut room = |after_ms| watch.room(u32::MAX, &metrics, start + Duration::from_millis(after_ms));
        let served = |commits, messages| {
            metrics.intake_commits.inc_by(commits);
            metrics.intake_messages.inc_by(messages);
        };
        assert_eq!(room(0), u32::MAX);
        served(100, 120);
        assert_eq!(room(100), u32::MAX, "messages that come one by one are no crowd");
        served(4, 80);
        assert_eq!(room(150), u32::MAX, "too early to look");
        assert_eq!(room(200), *ROOM_BEHIND);
        assert_eq!(room(225), *ROOM_BEHIND, "a batch may take longer than a round");
        assert_eq!(room(350), *ROOM_BEHIND, "or longer than a look");
        assert_eq!(room(1_200), u32::MAX, "nobody waits any more");
    }

    // Negative control: a gap that does not depend on intake fails this.
    #[test]
    fn rounds_are_fewer_while_intake_is_behind() {
        let (metrics, mut watch, usual) = (Metrics::default(), IntakeWatch::default(), Duration::from_millis(25));
        assert_eq!(watch.gap(usual), usual);
        metrics.intake_commits.inc();
        metrics.intake_messages.inc_by(BEHIND_MESSAGES);
        watch.room(512, &metrics, Instant::now());
        assert_eq!(watch.gap(usual), GAP_BEHIND);
    }

    #[test]
    fn a_room_that_is_smaller_stays_as_it_is() {
        let (metrics, mut watch) = (Metrics::default(), IntakeWatch::default());
        metrics.intake_commits.inc();
        metrics.intake_messages.inc_by(BEHIND_MESSAGES);
        assert_eq!(watch.room(3, &metrics, Instant::now()), 3);
    }
}
