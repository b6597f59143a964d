//! Digits: the answer to a question, or the approval code of a hold.

use chrono::{Datelike, NaiveDate};

use super::{answer, closed_day, hold, limits, reminder};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::snapshot::Snapshot;
use crate::domain::booking::{Awaits, Booking, CODE_TRIES_MAX, State};
use crate::domain::code::ApprovalCode;
use crate::domain::seats::{NotLoaded, Wish};
use crate::domain::slot::{Asked, judge};

/// What a number that chooses is read with in front, as a code: guesses of so few numbers find nothing.
const ZEROS_OF_A_CHOICE: &str = "000000";

/// Ways in which people write a day in eight digits.
const DATES_IN_DIGITS: [&str; 3] = ["%d%m%Y", "%m%d%Y", "%Y%m%d"];

/// Years of the days that forms name: births of the oldest, and visits.
const YEARS_OF_DATES: std::ops::RangeInclusive<i32> = 1900..=2100;

/// Digits alone: what an open question asks for comes first, then codes.
pub(in crate::conversation) fn digits(context: &mut Context<'_>, digits: &str) -> Result<Decision, NotLoaded> {
    if let Some(decided) = answer::by_digits(context, digits) {
        return decided;
    }
    match ApprovalCode::read(digits) {
        Some(code) => by_code(context, &code),
        None => Ok(unknown(context)),
    }
}

fn by_code(context: &mut Context<'_>, code: &ApprovalCode) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    let of_code = |booking: &&Booking| booking.approval.as_ref() == Some(code);
    if let Some(hold) = snapshot.hold_awaiting(Awaits::Code) {
        return for_hold(context, hold, code);
    }
    // A code that was sent twice, or again after days, is answered with what it led to.
    if let Some(booking) = snapshot.booked().into_iter().find(of_code) {
        return Ok(context.tell(Outcome::AlreadyBooked { booking: booking.clone() }));
    }
    let found = snapshot.bookings.iter().filter(of_code).max_by_key(|booking| booking.id);
    if let (Some(_), Some(hold)) = (found, snapshot.hold()) {
        // A newer form waits for its photo: an older one beside it would be one place too many.
        return Ok(context.tell(hold::told_again(snapshot, hold)));
    }
    match found {
        Some(lapsed) if lapsed.state == State::Expired => late(context, lapsed),
        Some(dead) if dead.state == State::Replaced => {
            Ok(context.tell(Outcome::CodeExpired { hold: dead.clone(), full: false }))
        }
        _ => Ok(unknown(context)),
    }
}

/// A code that nothing here has.
fn unknown(context: &Context<'_>) -> Decision {
    let snapshot = context.snapshot;
    let unknown = || Outcome::CodeUnknown { bookings: snapshot.live().into_iter().cloned().collect() };
    context.tell(reminder::open_question(snapshot, snapshot.chat).unwrap_or_else(unknown))
}

/// A code while a hold waits for its own.
fn for_hold(context: &mut Context<'_>, hold: &Booking, code: &ApprovalCode) -> Result<Decision, NotLoaded> {
    let is_of_code = |booking: &Booking| booking.approval.as_ref() == Some(code);
    if is_of_code(hold) {
        return approve(context, hold);
    }
    let is_over = |booking: &Booking| matches!(booking.state, State::Replaced | State::Expired);
    if context.snapshot.bookings.iter().any(|old| is_of_code(old) && is_over(old)) {
        return Ok(context.tell(Outcome::CodeReplaced { hold: hold.clone() }));
    }
    // A number that answers a question which is no longer open is no try either.
    if spells_date(code.as_str()) || code.as_str().starts_with(ZEROS_OF_A_CHOICE) {
        return Ok(context.tell(Outcome::CodeAwaited { hold: hold.clone() }));
    }
    wrong(context, hold)
}

/// Whether eight digits spell a day that a form could name: whoever sends one answers with a date, and guesses no code.
fn spells_date(digits: &str) -> bool {
    DATES_IN_DIGITS
        .iter()
        .any(|way| NaiveDate::parse_from_str(digits, way).is_ok_and(|day| YEARS_OF_DATES.contains(&day.year())))
}

/// `ya` as approval: where no question is open, the echo was the last reply, and the word was sent after it. `None` elsewhere.
pub(super) fn by_word(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let snapshot = context.snapshot;
    if !snapshot.office.policy.approval_words || snapshot.open_question().is_some() {
        return None;
    }
    let hold = snapshot.hold_awaiting(Awaits::Code)?;
    let echoed = snapshot.chat.echoed?;
    (echoed.hold == hold.id && echoed.at < context.sent_at).then(|| approve(context, hold))
}

/// The approval of a hold, by its code or by a word: the seat is booked, unless its day was closed meanwhile.
fn approve(context: &mut Context<'_>, hold: &Booking) -> Result<Decision, NotLoaded> {
    let ended = closed_day::ended(context, hold)?;
    Ok(ended.unwrap_or_else(|| confirm(context, hold, false)))
}

/// The right code: the seat is booked. `late` when its hour is not the promised one any more.
fn confirm(context: &Context<'_>, hold: &Booking, late: bool) -> Decision {
    let mut booking = hold.clone();
    booking.become_state(State::Booked);
    booking.awaits = None;
    booking.hold_until = None;
    let outcome = Outcome::Booked { booking: booking.clone(), moved: None, late };
    context.tell(outcome).with([booking])
}

/// Not the code of the hold. The last try ends the hold, so that codes cannot be guessed.
fn wrong(context: &mut Context<'_>, hold: &Booking) -> Result<Decision, NotLoaded> {
    let mut hold = hold.clone();
    hold.tries += 1;
    if hold.tries < CODE_TRIES_MAX {
        let tries_left = CODE_TRIES_MAX - hold.tries;
        return Ok(context.tell(Outcome::CodeWrong { hold: hold.clone(), tries_left }).with([hold]));
    }
    context.seats.give_back(hold.slot, &hold.seats)?;
    hold.become_state(State::Blocked);
    Ok(context.tell(Outcome::CodeBlocked).with([hold]))
}

/// The right code, but too late: it books if its day still has a free seat and its number has no other booking meanwhile.
fn late(context: &mut Context<'_>, lapsed: &Booking) -> Result<Decision, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    if let Some(refused) = refused_late(context.snapshot, lapsed) {
        return Ok(context.tell(refused));
    }
    let is_given = judge(office, calendar, lapsed.slot.date, now) == Asked::Open;
    let wish = Wish { from: lapsed.slot.date, party: lapsed.party(), roll: false, session: lapsed.applicant.sesi };
    let slot = if is_given { context.seats.find_again(office, calendar, wish, now)? } else { None };
    let Some(slot) = slot else {
        return Ok(context.tell(Outcome::CodeExpired { hold: lapsed.clone(), full: is_given }));
    };
    let mut revived = lapsed.clone();
    revived.slot = slot;
    revived.seats = context.seats.take(office, calendar, slot, lapsed.party());
    Ok(confirm(context, &revived, slot != lapsed.slot))
}

/// Why a late code books nothing, whatever seats are free.
fn refused_late(snapshot: &Snapshot<'_>, lapsed: &Booking) -> Option<Outcome> {
    let booked = snapshot.booked();
    if let Some(first) = booked.first()
        && limits::too_many(snapshot, &booked, &lapsed.applicant).is_some()
    {
        return Some(Outcome::AlreadyBooked { booking: (*first).clone() });
    }
    if let Some(closed) = closed_day::told(snapshot, lapsed) {
        return Some(closed);
    }
    limits::has_booking(snapshot, &lapsed.applicant, None)
}
