//! Digits: the approval code of a hold, or the answer to a numbered question.

use super::decide::{Choices, Decision, Draw, Snapshot, give_up};
use super::outcome::Outcome;
use crate::domain::booking::{Awaits, Booking, CODE_TRIES_MAX, State};
use crate::domain::code::ApprovalCode;
use crate::domain::seats::{NotLoaded, Seats, Wish};
use crate::domain::slot::{Asked, judge};
use crate::grammar::Form;

/// Longest answer to a numbered question; more digits are a code.
const CHOICE_DIGITS_MAX: usize = 2;

pub(super) fn digits(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    digits: &str,
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    let number = digits.parse().ok().filter(|_| digits.len() <= CHOICE_DIGITS_MAX);
    if let Some(decided) = number.and_then(|number| super::question::answered(snapshot, seats, Some(number), draw)) {
        return decided;
    }
    if let Some(decided) = super::question::day_in_digits(snapshot, seats, digits, draw) {
        return decided;
    }
    if let Some(chosen) = choice(snapshot, digits) {
        let mut chat = snapshot.chat.clone();
        chat.question = None;
        return give_up(snapshot, chat, seats, chosen);
    }
    // A number that was not offered.
    if digits.len() <= CHOICE_DIGITS_MAX
        && let Some(question) = super::question::again(snapshot, snapshot.chat)
    {
        return Ok(Decision::tell(snapshot.chat.clone(), question));
    }
    let unknown = || {
        let outcome = super::question::again(snapshot, snapshot.chat).unwrap_or(Outcome::CodeUnknown);
        Ok(Decision::tell(snapshot.chat.clone(), outcome))
    };
    let Some(code) = ApprovalCode::read(digits) else {
        return unknown();
    };
    let of_code = |booking: &&Booking| booking.approval.as_ref() == Some(&code);
    if let Some(hold) = snapshot.hold_awaiting(Awaits::Code) {
        return if hold.approval.as_ref() == Some(&code) {
            let ended = super::closed::ended(snapshot, seats, hold)?;
            Ok(ended.unwrap_or_else(|| confirm(snapshot, hold, false)))
        } else if snapshot
            .bookings
            .iter()
            .filter(of_code)
            .any(|old| matches!(old.state, State::Replaced | State::Expired))
        {
            Ok(Decision::tell(snapshot.chat.clone(), Outcome::CodeReplaced { hold: hold.clone() }))
        } else {
            wrong(snapshot, seats, hold)
        };
    }
    // A code that was sent twice, or again after days, is answered with what it led to.
    if let Some(booking) = snapshot.booked().into_iter().find(of_code) {
        return Ok(Decision::tell(snapshot.chat.clone(), Outcome::AlreadyBooked { booking: booking.clone() }));
    }
    let dead = snapshot.bookings.iter().filter(of_code).max_by_key(|booking| booking.id);
    match dead {
        Some(lapsed) if lapsed.state == State::Expired => late(snapshot, seats, lapsed),
        Some(dead) if dead.state == State::Replaced => {
            Ok(Decision::tell(snapshot.chat.clone(), Outcome::CodeExpired { hold: dead.clone(), full: false }))
        }
        _ => unknown(),
    }
}

fn choice<'a>(snapshot: &Snapshot<'a>, digits: &str) -> Option<&'a Booking> {
    let question = snapshot.chat.question.as_ref().filter(|question| question.is_open(snapshot.now))?;
    let number: usize = digits.parse().ok()?;
    let Choices::Cancel(bookings) = &question.asked else { return None };
    let id = bookings.get(number.checked_sub(1)?)?;
    snapshot.live().into_iter().find(|booking| booking.id == *id)
}

/// The right code: the place is the citizen's. `late` when its hour is not the promised one any more.
fn confirm(snapshot: &Snapshot<'_>, hold: &Booking, late: bool) -> Decision {
    let mut booking = hold.clone();
    booking.become_state(State::Booked);
    booking.awaits = None;
    booking.hold_until = None;
    let told = booking.clone();
    Decision::tell(snapshot.chat.clone(), Outcome::Booked { booking: told, moved: None, late }).with([booking])
}

/// Not the code of the hold; the last try ends it, so that codes cannot be guessed.
fn wrong(snapshot: &Snapshot<'_>, seats: &mut Seats, hold: &Booking) -> Result<Decision, NotLoaded> {
    let mut hold = hold.clone();
    hold.tries += 1;
    let chat = snapshot.chat.clone();
    if hold.tries < CODE_TRIES_MAX {
        let tries_left = CODE_TRIES_MAX - hold.tries;
        return Ok(Decision::tell(chat, Outcome::CodeWrong { hold: hold.clone(), tries_left }).with([hold]));
    }
    seats.give_back(hold.slot, &hold.seats)?;
    hold.become_state(State::Blocked);
    Ok(Decision::tell(chat, Outcome::CodeBlocked).with([hold]))
}

/// The right code, but too late: it books if a seat on that day is still free and the number has none meanwhile.
fn late(snapshot: &Snapshot<'_>, seats: &mut Seats, lapsed: &Booking) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let booked = snapshot.booked();
    if let Some(first) = booked.first()
        && booked.len() >= office.policy.live_per_number as usize
    {
        return Ok(Decision::tell(snapshot.chat.clone(), Outcome::AlreadyBooked { booking: (*first).clone() }));
    }
    if let Some(closed) = super::closed::told(snapshot, lapsed) {
        return Ok(Decision::tell(snapshot.chat.clone(), closed));
    }
    let form = Form {
        format: lapsed.format.clone(),
        applicant: lapsed.applicant.clone(),
        visit: lapsed.asked,
        party: u8::try_from(lapsed.party()).unwrap_or(u8::MAX),
        wants_photo: false,
        notes: Vec::new(),
    };
    if let Some(refused) = super::limits::has_place(snapshot, &form, None) {
        return Ok(Decision::tell(snapshot.chat.clone(), refused));
    }
    let given = judge(office, calendar, lapsed.slot.date, now) == Asked::Open;
    let wish = Wish { from: lapsed.slot.date, party: lapsed.party(), roll: false, session: lapsed.applicant.sesi };
    let slot = if given { seats.find(office, calendar, wish, now)? } else { None };
    let Some(slot) = slot else {
        return Ok(Decision::tell(snapshot.chat.clone(), Outcome::CodeExpired { hold: lapsed.clone(), full: given }));
    };
    let mut revived = lapsed.clone();
    revived.slot = slot;
    revived.seats = seats.take(office, calendar, slot, lapsed.party());
    Ok(confirm(snapshot, &revived, slot != lapsed.slot))
}
