//! Where a decision takes codes and database ids from, so that a replay draws the same ones.

use rand::rngs::StdRng;

/// The source of codes and database ids.
pub struct Randomness<'a> {
    /// The random number generator.
    pub rng: &'a mut StdRng,
    /// The next unused database id.
    pub next_id: &'a mut dyn FnMut() -> i64,
}
