//! Holds: what a hold waits for before it is booked, how long, and what the citizen is told of it.

use chrono::{DateTime, Duration, Utc};

use super::{closed_day, offer_told};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::{MovedDay, Outcome};
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::ApprovalCode;
use crate::domain::office::{Approval, Office};
use crate::grammar::Form;

/// How long a hold lives that exceeds the office's share of a day, in minutes: long enough to find the code in the reply.
pub const SHORT_HOLD_MINUTES: u32 = 5;

/// Whether a form will wait for something before it is booked.
pub(super) fn is_needed(snapshot: &Snapshot<'_>, form: &Form, photo: Option<i64>) -> bool {
    snapshot.office.policy.approval == Approval::Code || (form.wants_photo && photo.is_none())
}

/// Turns a new booking into the hold that it has to be first: it waits for its photo, then for its code. `before` is the hold that
/// it replaces.
pub(super) fn begin(context: &mut Context<'_>, booking: &mut Booking, wants_photo: bool, before: Option<&Booking>) {
    let Office { policy, .. } = context.snapshot.office;
    if policy.approval == Approval::Code {
        booking.approval = Some(ApprovalCode::draw(context.randomness.rng));
    }
    let (awaits, minutes) = if wants_photo && booking.photo.is_none() {
        (Awaits::Photo, policy.photo_wait_minutes)
    } else if policy.approval == Approval::Code {
        (Awaits::Code, policy.hold_minutes)
    } else {
        return;
    };
    booking.state = State::Held;
    booking.awaits = Some(awaits);
    let minutes = minutes_allowed(context, booking, before, minutes);
    booking.hold_until = Some(deadline(context.snapshot, minutes, booking));
}

/// A cancelled hold that lives again; its seats are taken already. It gets no more time than it had, and less where unconfirmed
/// holds keep their share of the day meanwhile.
pub(super) fn resume(context: &Context<'_>, hold: &mut Booking) {
    let policy = &context.snapshot.office.policy;
    let minutes = if hold.awaits == Some(Awaits::Photo) { policy.photo_wait_minutes } else { policy.hold_minutes };
    let latest = deadline(context.snapshot, minutes_allowed(context, hold, None, minutes), hold);
    hold.hold_until = Some(hold.hold_until.map_or(latest, |until| until.min(latest)));
}

/// The photo that a hold waited for has come: the seat is booked, or the code is asked for next.
pub(super) fn with_photo(context: &Context<'_>, hold: &Booking, photo: i64) -> Decision {
    let snapshot = context.snapshot;
    let mut chat = context.chat();
    chat.photo = None;
    let mut booking = hold.clone();
    booking.photo = Some(photo);
    match snapshot.office.policy.approval {
        Approval::None => {
            booking.become_state(State::Booked);
            booking.awaits = None;
            booking.hold_until = None;
        }
        Approval::Code => {
            booking.awaits = Some(Awaits::Code);
            let minutes = minutes_allowed(context, &booking, Some(hold), snapshot.office.policy.hold_minutes);
            booking.hold_until = Some(deadline(snapshot, minutes, &booking));
        }
    }
    let is_short = is_short(snapshot, &booking);
    let outcome = told(&booking, false, is_short);
    Decision::tell(chat, outcome).with([booking])
}

/// The outcome for a seat that was booked or is held. `replaced`: it replaces an older hold. `short`: it is held for a short time
/// only.
pub(super) fn told(booking: &Booking, replaced: bool, short: bool) -> Outcome {
    let moved = booking.asked.filter(|&asked| asked != booking.slot.date).map(|asked| MovedDay { asked });
    let booking = booking.clone();
    match booking.awaits {
        None => Outcome::Booked { booking, moved, late: false },
        // An offer is told by `waiting`, which knows the list.
        Some(Awaits::Code | Awaits::Offer) => {
            Outcome::Echo { hold: booking, moved, replaced, repaired: Vec::new(), short }
        }
        Some(Awaits::Photo) => Outcome::PhotoWanted { hold: booking, moved, repaired: Vec::new(), short },
    }
}

/// What is told of a live hold once more.
pub(super) fn told_again(snapshot: &Snapshot<'_>, hold: &Booking) -> Outcome {
    let short_until = snapshot.chat.quota.and_then(|quota| quota.short_until);
    // A photo gives a hold a new deadline, so when it was made says nothing. The database keeps microseconds.
    let is_short = short_until
        .zip(hold.hold_until)
        .is_some_and(|(short, until)| short.timestamp_micros() == until.timestamp_micros());
    if hold.awaits == Some(Awaits::Offer) {
        return offer_told::offered(snapshot, hold);
    }
    closed_day::told(snapshot, hold).unwrap_or_else(|| told(hold, false, is_short))
}

/// Whether a hold that begins or goes on with this decision was given less than the office's time.
pub(super) fn is_short(snapshot: &Snapshot<'_>, hold: &Booking) -> bool {
    let policy = &snapshot.office.policy;
    let minutes = if hold.awaits == Some(Awaits::Photo) { policy.photo_wait_minutes } else { policy.hold_minutes };
    let short = snapshot.now + Duration::minutes(i64::from(SHORT_HOLD_MINUTES));
    minutes > SHORT_HOLD_MINUTES && hold.hold_until == Some(short)
}

/// How many of the office's `minutes` a hold of this seat may live; its seats are taken already. Beyond the share of the day that
/// unconfirmed holds may keep, it is [`SHORT_HOLD_MINUTES`]. `before` is the hold that it continues or replaces.
fn minutes_allowed(context: &Context<'_>, booking: &Booking, before: Option<&Booking>, minutes: u32) -> u32 {
    let office = context.snapshot.office;
    let day = context.seats.day(office, booking.slot.date, &[]);
    let own = before.filter(|hold| hold.state == State::Held && hold.slot.date == booking.slot.date);
    let held = day.held.saturating_sub(own.map_or(0, Booking::party)) + booking.party();
    if held > office.policy.holds_share.seats(day.capacity) { minutes.min(SHORT_HOLD_MINUTES) } else { minutes }
}

/// When a moved hold ends; its new seats are taken already. It never gets more time than it had.
pub(super) fn until_after_move(context: &Context<'_>, moved: &Booking, before: &Booking) -> Option<DateTime<Utc>> {
    let policy = &context.snapshot.office.policy;
    let minutes = if moved.awaits == Some(Awaits::Photo) { policy.photo_wait_minutes } else { policy.hold_minutes };
    let minutes = minutes_allowed(context, moved, Some(before), minutes);
    before.hold_until.map(|until| until.min(deadline(context.snapshot, minutes, moved)))
}

/// When a hold ends that may live so many minutes from now: at the latest when its hour begins.
fn deadline(snapshot: &Snapshot<'_>, minutes: u32, booking: &Booking) -> DateTime<Utc> {
    let after = snapshot.now + Duration::minutes(i64::from(minutes));
    after.min(booking.slot.begins(snapshot.office))
}
