//! A whole form: which place it gets, or why none.

use chrono::{DateTime, Utc};

use super::decide::{Decision, Draw, Snapshot};
use super::limits::{deadline, has_place, is_short, minutes_of_hold, needs_hold, too_many_holds};
use super::outcome::{Moved, Outcome, Refusal, RefusedDay};
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::{ApprovalCode, BookingCode};
use crate::domain::office::{Approval, Closed, Day, Office, WhenFull};
use crate::domain::seats::{NotLoaded, Seats, Wish};
use crate::domain::slot::{Asked, Slot, horizon, judge, last_day, next_day_of};
use crate::grammar::Form;

/// Decides on a form, with the number of the photo that came with it.
pub(super) fn form(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    sent_at: DateTime<Utc>,
    (form, photo): (&Form, Option<i64>),
    draw: &mut Draw<'_>,
) -> Result<Decision, NotLoaded> {
    let mut chat = snapshot.chat.clone();
    chat.question = None;
    let kept = chat.photo.filter(|kept| form.wants_photo && snapshot.now < kept.until).map(|kept| kept.id);
    let photo = photo.or(kept);
    let booked = snapshot.booked();
    if let Some(same) = booked.iter().find(|booking| booking.applicant.shares_a_person(&form.applicant)) {
        return Ok(Decision::tell(chat, Outcome::AlreadyBooked { booking: (*same).clone() }));
    }
    let hold = snapshot.hold();
    if let Some(hold) = hold
        && same_wish(hold, form)
    {
        return again(snapshot, seats, hold, photo);
    }
    if let Some(refused) = too_many(snapshot, &booked) {
        return Ok(Decision::tell(chat, refused));
    }
    let refused = too_many_people(snapshot.office, form).or_else(|| outside_intake(snapshot, sent_at));
    if let Some(refused) = refused.or_else(|| wrong_day(snapshot, form)) {
        return Ok(Decision::tell(chat, Outcome::Refused(refused)));
    }
    if let Some(refused) = has_place(snapshot, form, hold) {
        return Ok(Decision::tell(chat, refused));
    }
    if needs_hold(snapshot, form, photo)
        && let Some(refused) = too_many_holds(snapshot, hold)
    {
        return Ok(Decision::tell(chat, Outcome::Refused(refused)));
    }
    let mark = seats.mark();
    if let Some(hold) = hold {
        // Released before the search, so that their own seat counts as free for them.
        seats.give_back(hold.slot, &hold.seats)?;
    }
    let slot = match find(snapshot, seats, form)? {
        Ok(slot) => slot,
        Err(refusal) => {
            seats.undo_to(mark);
            return Ok(Decision::tell(chat, Outcome::Refused(refusal)));
        }
    };
    let taken = seats.take(snapshot.office, snapshot.calendar, slot, u32::from(form.party));
    let mut booking = new_booking(snapshot, form, (slot, taken), draw);
    booking.photo = photo;
    settle(snapshot, (seats, hold), (&mut booking, form.wants_photo), draw);
    if photo.is_some() {
        chat.photo = None;
    }
    let replaced = hold.map(|hold| {
        let mut old = hold.clone();
        old.become_state(State::Replaced);
        old
    });
    let moved = form.visit.filter(|&asked| asked != slot.date).map(|asked| Moved { asked });
    let is_short = is_short(snapshot, &booking, snapshot.now);
    let outcome = with_notes(told(&booking, moved, (replaced.is_some(), is_short)), form);
    Ok(Decision::tell(chat, outcome).with(replaced).with([booking]))
}

/// The same form while its hold lives: the same answer, nothing prolonged; a photo completes what waited for it.
fn again(
    snapshot: &Snapshot<'_>,
    seats: &mut Seats,
    hold: &Booking,
    photo: Option<i64>,
) -> Result<Decision, NotLoaded> {
    if let Some(ended) = super::closed::ended(snapshot, seats, hold)? {
        return Ok(ended);
    }
    Ok(match photo {
        Some(photo) if hold.awaits == Some(Awaits::Photo) => with_photo(snapshot, seats, hold, photo),
        _ => Decision::tell(snapshot.chat.clone(), told_again(snapshot, hold)),
    })
}

/// What a live hold waits for, told once more.
pub(super) fn told_again(snapshot: &Snapshot<'_>, hold: &Booking) -> Outcome {
    let is_short = is_short(snapshot, hold, hold.created_at);
    super::closed::told(snapshot, hold).unwrap_or_else(|| told(hold, moved_of(hold), (false, is_short)))
}

/// The outcome with what was repaired in the form: the echo and the request for a photo show it, for the code to accept.
fn with_notes(outcome: Outcome, form: &Form) -> Outcome {
    match outcome {
        Outcome::Echo { hold, moved, replaced, short, .. } => {
            Outcome::Echo { hold, moved, replaced, repaired: form.notes.clone(), short }
        }
        Outcome::PhotoWanted { hold, moved, short, .. } => {
            Outcome::PhotoWanted { hold, moved, repaired: form.notes.clone(), short }
        }
        other => other,
    }
}

/// The photo that a hold waited for has come: the place is booked, or the code is asked for next.
pub(super) fn with_photo(snapshot: &Snapshot<'_>, seats: &Seats, hold: &Booking, photo: i64) -> Decision {
    let mut chat = snapshot.chat.clone();
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
            let minutes = snapshot.office.policy.hold_minutes;
            let minutes = minutes_of_hold(snapshot, seats, &booking, Some(hold), minutes);
            booking.hold_until = Some(deadline(snapshot, minutes, &booking));
        }
    }
    let is_short = is_short(snapshot, &booking, snapshot.now);
    let outcome = told(&booking, moved_of(&booking), (false, is_short));
    Decision::tell(chat, outcome).with([booking])
}

/// What a place given or held is told as.
fn told(booking: &Booking, moved: Option<Moved>, (replaced, short): (bool, bool)) -> Outcome {
    let booking = booking.clone();
    match booking.awaits {
        None => Outcome::Booked { booking, moved, late: false },
        Some(Awaits::Code) => Outcome::Echo { hold: booking, moved, replaced, repaired: Vec::new(), short },
        Some(Awaits::Photo) => Outcome::PhotoWanted { hold: booking, moved, repaired: Vec::new(), short },
    }
}

fn moved_of(booking: &Booking) -> Option<Moved> {
    booking.asked.filter(|&asked| asked != booking.slot.date).map(|asked| Moved { asked })
}

fn same_wish(hold: &Booking, form: &Form) -> bool {
    hold.applicant.says_the_same(&form.applicant) && hold.asked == form.visit && hold.party() == u32::from(form.party)
}

fn too_many(snapshot: &Snapshot<'_>, booked: &[&Booking]) -> Option<Outcome> {
    let limit = snapshot.office.policy.live_per_number;
    if booked.len() < limit as usize {
        return None;
    }
    if let [only] = booked {
        return Some(Outcome::AlreadyBooked { booking: (*only).clone() });
    }
    let bookings = booked.iter().map(|booking| (*booking).clone()).collect();
    Some(Outcome::Refused(Refusal::TooMany { bookings, limit }))
}

/// A party has one hour, so it is never larger than one.
fn too_many_people(office: &Office, form: &Form) -> Option<Refusal> {
    let seats = office.seats_per_day.map_or(office.seats_per_hour, |day| day.min(office.seats_per_hour));
    let limit = office.policy.people_per_booking.min(seats);
    (u32::from(form.party) > limit).then_some(Refusal::TooManyPeople { party: form.party, limit })
}

/// The intake window is judged by the time of sending: a late delivery does not cost anybody their place.
fn outside_intake(snapshot: &Snapshot<'_>, sent_at: DateTime<Utc>) -> Option<Refusal> {
    let Snapshot { office, calendar, .. } = *snapshot;
    let window = office.intake?;
    let sent = office.zone.local(sent_at);
    let day = office.day(calendar, sent.date());
    let open_day = matches!(day, Day::Open(_));
    if open_day && window.holds(sent.time()) {
        return None;
    }
    let later_today = open_day && sent.time() < window.from;
    let last = horizon(office, snapshot.now);
    let next = sent
        .date()
        .iter_days()
        .skip(usize::from(!later_today))
        .take_while(|&date| date <= last)
        .find(|&date| matches!(office.day(calendar, date), Day::Open(_)));
    let holiday = match day {
        Day::Closed(Closed::Holiday(holiday)) => Some(holiday.clone()),
        _ => None,
    };
    Some(Refusal::OutsideIntake { from: window.from, until: window.until, next, later_today, holiday })
}

fn wrong_day(snapshot: &Snapshot<'_>, form: &Form) -> Option<Refusal> {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let (asked, session) = (form.visit?, form.applicant.sesi);
    let next_from = |from| next_day_of(office, calendar, session, (from, now));
    let why = match judge(office, calendar, asked, now) {
        Asked::Open => match session.filter(|_| next_from(asked) != Some(asked)) {
            // Open, but not in that half of the day, or not any more.
            Some(session) => RefusedDay::NoSession(session),
            None => return None,
        },
        Asked::Past => RefusedDay::Past,
        Asked::TooSoon { earliest } => RefusedDay::TooSoon { earliest },
        Asked::BeyondHorizon { last } => {
            RefusedDay::BeyondHorizon { last: last_day(office, calendar, now).unwrap_or(last) }
        }
        Asked::Closed(Closed::Weekday(weekday)) => RefusedDay::Weekday(weekday),
        Asked::Closed(Closed::Holiday(holiday)) => RefusedDay::Holiday(holiday.clone()),
        Asked::Closed(Closed::Dated(reason)) => RefusedDay::Closed(reason.to_owned()),
        Asked::Closed(Closed::UnknownCalendar) => RefusedDay::UnknownCalendar,
    };
    // Where nothing follows the asked day, something may well come before it.
    let next = next_from(asked).or_else(|| next_from(office.date_at(now)));
    Some(Refusal::Day { asked, why, next })
}

/// The hour that a form gets, or the refusal that the office's rule for full days calls for.
fn find(snapshot: &Snapshot<'_>, seats: &Seats, form: &Form) -> Result<Result<Slot, Refusal>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let roll = form.visit.is_none() || office.policy.when_full == WhenFull::Roll;
    let from = form.visit.unwrap_or_else(|| office.date_at(now));
    let session = form.applicant.sesi;
    let wish = Wish { from, party: u32::from(form.party), roll, session };
    if let Some(slot) = seats.find(office, calendar, wish, now)? {
        return Ok(Ok(slot));
    }
    let earlier = Wish { from: office.date_at(now), roll: true, ..wish };
    let asked = match form.visit {
        Some(asked) if !roll => asked,
        _ => {
            // Full from the asked day to the last one: there may be room before it.
            if let (Some(asked), Some(free)) = (form.visit, seats.find(office, calendar, earlier, now)?) {
                let suggest = Some(free.date);
                return Ok(Err(Refusal::Full { asked, suggest, session, party: form.party }));
            }
            return Ok(Err(Refusal::AllFull {
                last: last_day(office, calendar, now).unwrap_or_else(|| horizon(office, now)),
                session,
                party: form.party,
            }));
        }
    };
    let suggest = match office.policy.when_full {
        WhenFull::Suggest => {
            let later = seats.find(office, calendar, Wish { roll: true, ..wish }, now)?;
            let free = if later.is_some() { later } else { seats.find(office, calendar, earlier, now)? };
            free.map(|slot| slot.date)
        }
        WhenFull::Roll | WhenFull::Refuse => None,
    };
    Ok(Err(Refusal::Full { asked, suggest, session, party: form.party }))
}

fn new_booking(snapshot: &Snapshot<'_>, form: &Form, (slot, seats): (Slot, Vec<u32>), draw: &mut Draw<'_>) -> Booking {
    Booking {
        id: (draw.next_id)(),
        office: snapshot.office.id.clone(),
        office_version: snapshot.office.version,
        format: form.format.clone(),
        channel: snapshot.channel.clone(),
        contact: snapshot.contact.clone(),
        applicant: form.applicant.clone(),
        asked: form.visit,
        slot,
        seats,
        state: State::Booked,
        code: BookingCode::draw(draw.rng),
        approval: None,
        tries: 0,
        awaits: None,
        hold_until: None,
        photo: None,
        created_at: snapshot.now,
    }
}

/// Turns a fresh booking into the hold that it has to be first: photo, then code.
/// `hold` is the one that it takes the place of.
fn settle(
    snapshot: &Snapshot<'_>,
    (seats, hold): (&Seats, Option<&Booking>),
    (booking, wants_photo): (&mut Booking, bool),
    draw: &mut Draw<'_>,
) {
    let Office { policy, .. } = snapshot.office;
    if policy.approval == Approval::Code {
        booking.approval = Some(ApprovalCode::draw(draw.rng));
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
    let minutes = minutes_of_hold(snapshot, seats, booking, hold, minutes);
    booking.hold_until = Some(deadline(snapshot, minutes, booking));
}
