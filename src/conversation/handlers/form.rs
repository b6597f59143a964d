//! A whole form: which seat it gets, or why none.

use super::{attendance, closed_day, day, hold, limits, opening};
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::code::BookingCode;
use crate::domain::seats::NotLoaded;
use crate::domain::slot::Slot;
use crate::grammar::Form;

/// Decides on a form, with the id of the photo that came with it. It ends an open question.
pub(super) fn form(context: &mut Context<'_>, form: &Form, photo: Option<i64>) -> Result<Decision, NotLoaded> {
    let snapshot = context.snapshot;
    let mut chat = context.chat();
    chat.question = None;
    let kept = chat.photo.filter(|kept| form.wants_photo && snapshot.now < kept.until).map(|kept| kept.id);
    let photo = photo.or(kept);
    let hold = snapshot.hold();
    let booked = snapshot.booked();
    if let Some(same) = booked.iter().find(|booking| booking.applicant.shares_a_person(&form.applicant)) {
        let outcome = limits::not_all_registered(same, form)
            .map_or_else(|| Outcome::AlreadyBooked { booking: (*same).clone() }, Outcome::Refused);
        return Ok(Decision::tell(chat, outcome));
    }
    if let Some(hold) = hold
        && is_same_form(hold, form)
    {
        return again(context, hold, photo);
    }
    if let Some(refused) = refusal(context, form, photo, Standing { booked: &booked, hold }) {
        let refused = opening::asked(snapshot, &mut chat, refused);
        return Ok(Decision::tell(chat, refused));
    }
    let mark = context.seats.mark();
    if let Some(hold) = hold {
        // Given back before the search, so that their own seat counts as free for them.
        context.seats.give_back(hold.slot, &hold.seats)?;
    }
    let slot = match day::find_slot(context, form)? {
        Ok(slot) => slot,
        Err(refusal) => {
            context.seats.undo_to(mark);
            if snapshot.waiting.is_some() {
                // `#tunggu` needs it.
                let asked = Choices::Wait { form: Box::new(form.clone()) };
                chat.question = Some(Question::new(asked, snapshot.now));
            }
            return Ok(Decision::tell(chat, Outcome::Refused(refusal)));
        }
    };
    let mut booking = new_booking(context, form, slot);
    booking.photo = photo;
    hold::begin(context, &mut booking, form.wants_photo, hold);
    if photo.is_some() {
        chat.photo = None;
    }
    let replaced = hold.map(|hold| {
        let mut old = hold.clone();
        old.become_state(State::Replaced);
        old
    });
    let is_short = hold::is_short(snapshot, &booking);
    let outcome = with_notes(hold::told(&booking, replaced.is_some(), is_short), form);
    Ok(Decision::tell(chat, outcome).with(replaced).with([booking]))
}

/// What the number of a form has already.
#[derive(Clone, Copy)]
struct Standing<'a> {
    booked: &'a [&'a Booking],
    hold: Option<&'a Booking>,
}

/// Why a form gets no seat, whatever seats are free.
fn refusal(context: &Context<'_>, form: &Form, photo: Option<i64>, standing: Standing<'_>) -> Option<Outcome> {
    let snapshot = context.snapshot;
    let Standing { booked, hold } = standing;
    limits::too_many(snapshot, booked, &form.applicant)
        .or_else(|| {
            limits::too_many_people(snapshot.office, form)
                .or_else(|| day::outside_intake(context))
                .or_else(|| day::wrong_day(snapshot, form))
                .map(Outcome::Refused)
        })
        .or_else(|| limits::has_booking(snapshot, &form.applicant, hold))
        .or_else(|| {
            let is_held = hold::is_needed(snapshot, form, photo);
            is_held.then(|| limits::too_many_holds(snapshot, hold)).flatten().map(Outcome::Refused)
        })
}

/// The same form while its hold lives: the same reply and no more time; a photo completes a hold that waited for it.
fn again(context: &mut Context<'_>, hold: &Booking, photo: Option<i64>) -> Result<Decision, NotLoaded> {
    if let Some(ended) = closed_day::ended(context, hold)? {
        return Ok(ended);
    }
    Ok(match photo {
        Some(photo) if hold.awaits == Some(Awaits::Photo) => hold::with_photo(context, hold, photo),
        _ => context.tell(hold::told_again(context.snapshot, hold)),
    })
}

/// The outcome with what was corrected in the form: the echo and the request for a photo show it, and the code accepts it.
fn with_notes(mut outcome: Outcome, form: &Form) -> Outcome {
    if let Outcome::Echo { repaired, .. } | Outcome::PhotoWanted { repaired, .. } = &mut outcome {
        repaired.clone_from(&form.notes);
    }
    outcome
}

fn is_same_form(hold: &Booking, form: &Form) -> bool {
    hold.applicant.says_the_same(&form.applicant) && hold.asked == form.visit && hold.party() == u32::from(form.party)
}

/// A booking in that hour, with its seats taken.
fn new_booking(context: &mut Context<'_>, form: &Form, slot: Slot) -> Booking {
    let snapshot = context.snapshot;
    let seats = context.seats.take(snapshot.office, snapshot.calendar, slot, u32::from(form.party));
    Booking {
        id: context.next_id(),
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
        code: BookingCode::draw(context.randomness.rng),
        approval: None,
        tries: 0,
        awaits: None,
        hold_until: None,
        photo: None,
        moves: 0,
        displaced: None,
        attendance: attendance::of_new(snapshot),
        created_at: snapshot.now,
    }
}
