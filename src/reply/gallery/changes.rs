//! The replies to a change of mind.

use super::{Shown, shown};
use crate::conversation::{NotUndone, Outcome, Refusal, RefusedDay, Undone};
use crate::domain::booking::Awaits;
use crate::domain::office::Relatives;
use crate::domain::person::{Applicant, Nama};
use crate::domain::slot::Slot;
use crate::reply::sample::{Sample, at, day};

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let held = bogor.hold(Awaits::Code);
    let undone = |booking, what| Outcome::Undone { booking, what };
    let slot = Slot { date: day(2017, 8, 8), hour: 13 };
    let offer = |booking, what| Outcome::UndoOffer { booking, slot, what };
    let not_undone = |what, why| Outcome::NotUndone { booking: batam.booking(), what, why };
    let closed = NotUndone::Day { day: day(2017, 8, 9), why: RefusedDay::Closed("Pindah gedung".to_owned()) };
    let intake = NotUndone::Intake { from: at(7, 30), until: at(10, 0) };
    let mut party = batam.booking();
    let siti = Nama::read("Siti Aminah").expect("a name");
    party.applicant.others = vec![Applicant::named(siti.clone())];
    party.seats = vec![17, 18];
    let member = Outcome::CancelAsked { booking: party.clone(), person: Some(siti.clone()) };
    let alone = vec![bogor.booking()];
    let relatives = Some(Relatives { children_under: 5, elders_from: 60 });
    let not_all =
        |booking, names| Outcome::Refused(Refusal::NotAllRegistered { booking: Box::new(booking), names, party: 3 });
    let others = |bookings, limit, relatives| {
        Outcome::Refused(Refusal::NotRegistered { names: vec![siti.clone()], bookings, limit, relatives })
    };
    let asked = |booking| Outcome::CancelAsked { booking, person: None };
    vec![
        shown("asked to cancel in plain words", &batam, asked(batam.booking())),
        shown("asked to cancel in plain words, a hold", &bogor, asked(held.clone())),
        shown("a cancellation taken back", &batam, undone(batam.booking(), Undone::Cancel)),
        shown("a cancellation taken back, a hold", &bogor, undone(held, Undone::Cancel)),
        shown("a one-step booking taken back", &batam, undone(batam.booking(), Undone::Booking)),
        shown("another seat instead of a cancelled one", &batam, offer(batam.booking(), Undone::Cancel)),
        shown("a move taken back", &batam, undone(batam.booking(), Undone::Move)),
        shown("another hour instead of the one before a move", &batam, offer(batam.booking(), Undone::Move)),
        shown("a move that stays, the old day is full", &batam, not_undone(Undone::Move, NotUndone::Taken)),
        shown("a move that stays, the old day is closed", &batam, not_undone(Undone::Move, closed)),
        shown("one person registered again", &batam, undone(party.clone(), Undone::Member)),
        shown("another hour for all, to register one person again", &batam, offer(party.clone(), Undone::Member)),
        shown(
            "one person stays cancelled, who has another place",
            &batam,
            not_undone(Undone::Member, NotUndone::Person { nama: siti.clone() }),
        ),
        shown(
            "one person stays cancelled, too many people",
            &batam,
            not_undone(Undone::Member, NotUndone::People { limit: 1 }),
        ),
        shown("one person stays cancelled, outside the intake", &batam, not_undone(Undone::Member, intake)),
        shown("asked to cancel one person", &batam, member),
        shown("one person cancelled", &batam, Outcome::MemberDropped { booking: batam.booking(), nama: siti.clone() }),
        shown("which person to cancel", &batam, Outcome::WhichMember { bookings: vec![party.clone()] }),
        shown("somebody else on a booked number", &bogor, others(alone.clone(), 1, None)),
        shown("somebody else on a booked number, relatives", &bogor, others(alone, 1, relatives)),
        shown("somebody else on a number with all its bookings", &batam, others(vec![party], 2, None)),
        shown("a form for more people than are registered", &batam, not_all(batam.booking(), Vec::new())),
        shown("a form for others beside one who is registered", &bogor, not_all(bogor.booking(), vec![siti.clone()])),
        shown("nothing to take back", &batam, Outcome::NothingToUndo),
        shown("a no to a question", &batam, Outcome::NothingChanged { bookings: vec![batam.booking()] }),
        shown("a no to a question, nothing registered", &batam, Outcome::NothingChanged { bookings: Vec::new() }),
    ]
}
