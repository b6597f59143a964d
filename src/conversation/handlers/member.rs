//! `#batal Kayla`: one member of a party gives up their seat, and the others keep theirs.

use super::cancel;
use crate::conversation::context::Context;
use crate::conversation::decision::Decision;
use crate::conversation::outcome::Outcome;
use crate::conversation::question::{Choices, Question};
use crate::domain::booking::Booking;
use crate::domain::person::Applicant;
use crate::domain::seats::NotLoaded;

/// `#batal` with a name: asks whether that person's seat is to be given up. No fitting person, or several, changes nothing.
pub(in crate::conversation) fn cancel_one(context: &Context<'_>, name: &str) -> Decision {
    let snapshot = context.snapshot;
    let meant: Vec<(&Booking, usize, &Applicant)> = snapshot
        .live()
        .into_iter()
        .filter(|booking| cancel::is_named(booking))
        .flat_map(|booking| booking.applicant.people().enumerate().map(move |(at, person)| (booking, at, person)))
        .filter(|(_, _, person)| is_called(person, name))
        .collect();
    let mut chat = context.chat();
    chat.question = None;
    match meant.as_slice() {
        // Giving up the last seat of a party cancels the whole booking.
        [(booking, _, _)] if booking.party() == 1 => cancel::ask_first(snapshot, chat, booking),
        [(booking, _, _)] if !cancel::may_be_given_up(snapshot, booking) => {
            Decision::tell(chat, Outcome::CancelNotAllowed { booking: (*booking).clone() })
        }
        [(booking, at, person)] => {
            let asked = Choices::GiveUp { booking: booking.id, person: Some(*at) };
            chat.question = Some(Question::new(asked, snapshot.now));
            let person = Some(person.nama.clone());
            Decision::tell(chat, Outcome::CancelAsked { booking: (*booking).clone(), person })
        }
        _ => {
            let bookings: Vec<Booking> = snapshot
                .live()
                .into_iter()
                .filter(|booking| booking.party() > 1 && cancel::is_named(booking))
                .cloned()
                .collect();
            // Where there is no party, the word may not be a name.
            if bookings.is_empty() {
                cancel::explained(context)
            } else {
                Decision::tell(chat, Outcome::WhichMember { bookings })
            }
        }
    }
}

/// `ya` to the question whether one person's seat is to be given up; `None` where no such question is open.
pub(super) fn agreed(context: &mut Context<'_>) -> Option<Result<Decision, NotLoaded>> {
    let Choices::GiveUp { booking, person: Some(place) } = *context.snapshot.open_question()? else { return None };
    let booking = context.snapshot.live().into_iter().find(|live| live.id == booking && cancel::is_named(live))?;
    let (dropped, rest) = without(booking, place)?;
    let seat = *booking.seats.get(place)?;
    let mut chat = context.chat();
    chat.question = None;
    if !cancel::may_be_given_up(context.snapshot, booking) {
        return Some(Ok(Decision::tell(chat, Outcome::CancelNotAllowed { booking: booking.clone() })));
    }
    if let Err(not_loaded) = context.seats.give_back(booking.slot, &[seat]) {
        return Some(Err(not_loaded));
    }
    let mut fewer = booking.clone();
    fewer.applicant = rest;
    fewer.seats.retain(|kept| *kept != seat);
    let outcome = Outcome::MemberDropped { booking: fewer.clone(), nama: dropped.nama };
    Some(Ok(Decision::tell(chat, outcome).with([fewer])))
}

/// Whether a name is a person's full name, or one word of it.
fn is_called(person: &Applicant, name: &str) -> bool {
    let (full, name) = (person.nama.capitals(), name.to_uppercase());
    full == name || full.split_whitespace().any(|word| word == name)
}

/// The person at a place of a party, and the party without them; `None` where nobody else is left.
fn without(booking: &Booking, place: usize) -> Option<(Applicant, Applicant)> {
    let mut people: Vec<Applicant> =
        booking.applicant.people().map(|person| Applicant { others: Vec::new(), ..person.clone() }).collect();
    if place >= people.len() {
        return None;
    }
    let dropped = people.remove(place);
    let mut people = people.into_iter();
    let first = people.next()?;
    // Values that one line gave for everybody stay with those who remain.
    let sesi = first.sesi.or(booking.applicant.sesi);
    Some((dropped, Applicant { others: people.collect(), sesi, ..first }))
}
