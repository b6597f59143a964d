//! The entrance for what no message came to: a reminder that had to be answered, and was not.

use super::context::Context;
use super::handlers::attendance;
use super::randomness::Randomness;
use super::released::Released;
use super::snapshot::Snapshot;
use crate::domain::seats::{NotLoaded, Seats};

/// Gives a place of the snapshot's contact back whose reminder was not answered in time; `None` where there is no reason to any more. `seats`
/// is changed only by what is returned.
///
/// # Errors
/// [`NotLoaded`] names a date whose hours must be loaded first; nothing has changed then.
pub fn release_unanswered(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    booking: i64,
    randomness: Randomness<'_>,
) -> Result<Option<Released>, NotLoaded> {
    let mark = seats.mark();
    let Randomness { rng, next_id } = randomness;
    // Taken apart and put together so that it lives as long as the context, not as long as the caller's closure.
    let randomness = Randomness { rng, next_id };
    let mut context = Context { snapshot, seats: &mut *seats, sent_at: snapshot.now, randomness };
    let released = attendance::release(&mut context, booking);
    if released.is_err() {
        seats.undo_to(mark);
    }
    released
}
