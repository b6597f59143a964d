//! Whether an answer tells the office's notice about personal data: the first one to a contact, and the first one after the notice has
//! changed.

use super::decision::Decision;
use super::outcome::Outcome;
use super::snapshot::Snapshot;

/// Notes that the answer tells the notice, where the contact has not been told this version and the answer has room for it.
pub(super) fn tell_once(snapshot: &Snapshot<'_>, decision: &mut Decision) {
    let Some(notice) = &snapshot.office.privacy else { return };
    let has_room = decision.outcome.as_ref().is_some_and(has_room);
    if has_room && decision.chat.privacy < notice.version {
        decision.chat.privacy = notice.version;
        decision.tells_privacy = true;
    }
}

/// The names of a whole party fill what stands under a picture: then the next answer tells the notice.
fn has_room(outcome: &Outcome) -> bool {
    match outcome.first() {
        Outcome::Booked { booking, .. } | Outcome::AlreadyBooked { booking } | Outcome::Moved { booking, .. } => {
            booking.party() == 1
        }
        _ => true,
    }
}
