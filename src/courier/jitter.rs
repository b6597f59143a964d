//! Chance in waiting times, so that what failed together does not come back together. Given a seed, it repeats itself.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// How much longer a wait may become, as a part of itself.
const STRETCH: f64 = 0.2;

/// Where waiting times get their chance from.
#[derive(Debug)]
pub(super) struct Jitter(Option<Mutex<StdRng>>);

impl Jitter {
    /// None at all: stories and tables count seconds.
    pub(super) const fn none() -> Self {
        Self(None)
    }

    pub(super) fn seeded(seed: [u8; 32]) -> Self {
        Self(Some(Mutex::new(StdRng::from_seed(seed))))
    }

    /// A number from 0 up to 1, `otherwise` without chance.
    fn draw(&self, otherwise: f64) -> f64 {
        let drawn = self.0.as_ref().map(|rng| rng.lock().unwrap_or_else(PoisonError::into_inner).random());
        drawn.unwrap_or(otherwise)
    }

    /// So many seconds, or up to a fifth more: never less than what was asked for.
    pub(super) fn stretched(&self, seconds: i64) -> TimeDelta {
        part(seconds, 1.0 + STRETCH * self.draw(0.0))
    }

    /// Anything up to so many seconds, but a second at least ("full jitter").
    pub(super) fn within(&self, seconds: i64) -> TimeDelta {
        part(seconds, self.draw(1.0)).max(TimeDelta::seconds(1))
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "at most an hour, in milliseconds")]
fn part(seconds: i64, part: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds as f64 * 1_000.0 * part) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_vary_within_their_bounds_and_repeat_with_the_seed() {
        let draws = |seed| {
            let jitter = Jitter::seeded([seed; 32]);
            (0..50).map(|_| (jitter.stretched(10), jitter.within(60))).collect::<Vec<_>>()
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
        for (stretched, within) in draws(3) {
            assert!(stretched >= TimeDelta::seconds(10) && stretched <= TimeDelta::seconds(12), "{stretched}");
            assert!(within >= TimeDelta::seconds(1) && within <= TimeDelta::seconds(60), "{within}");
        }
    }
}
