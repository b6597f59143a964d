//! The entrance for what no message asked for: the booking of a citizen that their office cannot keep.

use super::context::Context;
use super::handlers::displaced;
use super::randomness::Randomness;
use super::settled::Settled;
use super::snapshot::Snapshot;
use crate::domain::seats::{NotLoaded, Seats};

/// Carries out what the office decided about a booking of the snapshot's contact. `seats` is changed only by what is returned.
///
/// # Errors
/// [`NotLoaded`] names a date whose hours must be loaded first; nothing has changed then.
pub fn settle_displaced(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    booking: i64,
    randomness: Randomness<'_>,
) -> Result<Settled, NotLoaded> {
    let mark = seats.mark();
    let Randomness { rng, next_id } = randomness;
    // Taken apart and put together so that it lives as long as the context, not as long as the caller's closure.
    let randomness = Randomness { rng, next_id };
    let mut context = Context { snapshot, seats: &mut *seats, sent_at: snapshot.now, randomness };
    match displaced::settle(&mut context, booking) {
        Ok(settled) => {
            if let Some(after) = &settled.changed {
                seats.count_holds(snapshot.bookings.iter().find(|before| before.id == after.id), after);
            }
            Ok(settled)
        }
        Err(not_loaded) => {
            seats.undo_to(mark);
            Err(not_loaded)
        }
    }
}
