//! Jitter for waiting times, so that what failed together is not tried again together. The same seed gives the same jitter.

use std::sync::{Mutex, PoisonError};

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// The most that a wait is lengthened by, as a part of itself.
const STRETCH: f64 = 0.2;

/// A source of jitter.
#[derive(Debug)]
pub struct Jitter(Option<Mutex<StdRng>>);

impl Jitter {
    /// No jitter: stories and tests count seconds.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Jitter from a seed.
    pub fn seeded(seed: [u8; 32]) -> Self {
        Self(Some(Mutex::new(StdRng::from_seed(seed))))
    }

    /// A random number from 0 up to 1; `otherwise` where there is no jitter.
    fn draw(&self, otherwise: f64) -> f64 {
        let drawn = self.0.as_ref().map(|rng| rng.lock().unwrap_or_else(PoisonError::into_inner).random());
        drawn.unwrap_or(otherwise)
    }

    /// `seconds`, or up to a fifth more: never less than what was asked for.
    pub fn stretched(&self, seconds: i64) -> TimeDelta {
        scaled(seconds, 1.0 + STRETCH * self.draw(0.0))
    }

    /// Any time up to `seconds`, but a second at least ("full jitter").
    pub fn up_to(&self, seconds: i64) -> TimeDelta {
        scaled(seconds, self.draw(1.0)).max(TimeDelta::seconds(1))
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "at most an hour, in milliseconds")]
fn scaled(seconds: i64, factor: f64) -> TimeDelta {
    TimeDelta::milliseconds((seconds as f64 * 1_000.0 * factor) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_vary_within_their_bounds_and_repeat_with_the_seed() {
        let draws = |seed| {
            let jitter = Jitter::seeded([seed; 32]);
            (0..50).map(|_| (jitter.stretched(10), jitter.up_to(60))).collect::<Vec<_>>()
        };
        assert_eq!(draws(1), draws(1));
        assert_ne!(draws(1), draws(2));
        for (stretched, up_to) in draws(3) {
            assert!(stretched >= TimeDelta::seconds(10) && stretched <= TimeDelta::seconds(12), "{stretched}");
            assert!(up_to >= TimeDelta::seconds(1) && up_to <= TimeDelta::seconds(60), "{up_to}");
        }
    }
}
