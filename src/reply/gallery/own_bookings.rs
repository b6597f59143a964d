//! Replies about a form, a hold and a booking of one's own.

use chrono::Duration;

use super::{Shown, shown, two};
use crate::conversation::{MovedDay, Outcome};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::turn_link::TurnLinks;
use crate::reply::sample::{Sample, at, day};

/// Replies about a form with every kind of piece.
pub(super) fn full_forms() -> Vec<Shown> {
    let sample = Sample::with_rules();
    let full = |mut booking: Booking| {
        sample.fill_all(&mut booking.applicant);
        booking
    };
    let hold = full(sample.hold(Awaits::Code));
    let moved = Some(MovedDay { asked: day(2017, 8, 4) });
    vec![
        shown(
            "echo of a form with every piece, session moved",
            &sample,
            Outcome::Echo { hold, moved, replaced: false, repaired: Vec::new(), short: false },
        ),
        shown(
            "booked with every piece",
            &sample,
            Outcome::Booked { booking: full(sample.booking()), moved: None, late: false },
        ),
        shown("greeting, with a piece that may be left out", &sample, Outcome::Greeting),
    ]
}

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let (hold, photo_hold) = (bogor.hold(Awaits::Code), batam.hold(Awaits::Photo));
    let moved = Some(MovedDay { asked: day(2017, 8, 4) });
    let mut family = batam.booking();
    family.seats = vec![17, 18, 19, 20];
    let mut linked = bogor.clone();
    linked.turn_links = Some(TurnLinks::new("https://antrean.example.go.id", &[7; 32]));
    let mut first_hour = bogor.booking();
    first_hour.slot.hour = 8;
    let midnight = bogor.clone().on(day(2017, 8, 1), at(23, 45));
    let booked = |booking: Booking, moved, late| Outcome::Booked { booking, moved, late };
    let status = |bookings, photo_until| Outcome::Status { bookings, photo_until };
    let tomorrow = Some(bogor.now + Duration::minutes(30));
    vec![
        shown(
            "echo",
            &bogor,
            Outcome::Echo { hold: hold.clone(), moved: None, replaced: false, repaired: Vec::new(), short: false },
        ),
        shown(
            "echo, day moved",
            &bogor,
            Outcome::Echo { hold: hold.clone(), moved, replaced: false, repaired: Vec::new(), short: false },
        ),
        shown(
            "echo, older form replaced",
            &bogor,
            Outcome::Echo { hold: hold.clone(), moved: None, replaced: true, repaired: Vec::new(), short: false },
        ),
        shown(
            "echo, held past midnight",
            &midnight,
            Outcome::Echo {
                hold: midnight.hold(Awaits::Code),
                moved: None,
                replaced: false,
                repaired: Vec::new(),
                short: false,
            },
        ),
        shown("booked", &bogor, booked(bogor.booking(), None, false)),
        shown("booked, with the address of the turn", &linked, booked(linked.booking(), None, false)),
        shown("booked, day moved", &bogor, booked(bogor.booking(), moved, false)),
        shown("booked, code came late", &bogor, booked(bogor.booking(), None, true)),
        shown("booked, first hour of the day", &bogor, booked(first_hour, None, false)),
        shown("booked in one step", &batam, booked(batam.booking(), None, false)),
        shown("booked in one step, a family", &batam, booked(family, None, false)),
        shown("already booked, no cancelling", &bogor, Outcome::AlreadyBooked { booking: bogor.booking() }),
        shown("already booked, cancelling", &batam, Outcome::AlreadyBooked { booking: batam.booking() }),
        shown(
            "photo wanted",
            &batam,
            Outcome::PhotoWanted { hold: photo_hold.clone(), moved: None, repaired: Vec::new(), short: false },
        ),
        shown(
            "photo wanted, day moved",
            &batam,
            Outcome::PhotoWanted { hold: photo_hold.clone(), moved, repaired: Vec::new(), short: false },
        ),
        shown("photo kept", &batam, Outcome::PhotoKept { until: batam.now + Duration::minutes(30) }),
        shown("photo not needed", &bogor, Outcome::PhotoNotNeeded),
        shown("photo received", &batam, Outcome::PhotoReceived { booking: batam.booking() }),
        shown("photo lost", &batam, Outcome::PhotoLost { booking: batam.booking() }),
        shown("code replaced", &bogor, Outcome::CodeReplaced { hold: hold.clone() }),
        shown("code awaited", &bogor, Outcome::CodeAwaited { hold: hold.clone() }),
        shown("code wrong", &bogor, Outcome::CodeWrong { hold: hold.clone(), tries_left: 4 }),
        shown("code wrong, one try left", &bogor, Outcome::CodeWrong { hold: hold.clone(), tries_left: 1 }),
        shown("code blocked", &bogor, Outcome::CodeBlocked),
        shown("code expired", &bogor, Outcome::CodeExpired { hold: hold.clone(), full: true }),
        shown("code expired, day over", &bogor, Outcome::CodeExpired { hold: hold.clone(), full: false }),
        shown("code unknown", &bogor, Outcome::CodeUnknown { bookings: Vec::new() }),
        shown("code unknown, booked already", &bogor, Outcome::CodeUnknown { bookings: vec![bogor.booking()] }),
        shown("released", &bogor, Outcome::Released { hold: hold.clone() }),
        shown("cancelled", &batam, Outcome::Cancelled { booking: batam.booking() }),
        shown("cancelling not allowed", &bogor, Outcome::CancelNotAllowed { booking: bogor.booking() }),
        shown("nothing to cancel", &bogor, Outcome::NothingToCancel),
        shown("no booking of that code", &batam, Outcome::NotOfThatCode { bookings: two(&batam) }),
        shown("cancelling and something else", &batam, Outcome::CancelAlone { held: false, person: None }),
        shown("which to cancel", &batam, Outcome::WhichToCancel { bookings: two(&batam) }),
        shown("status, none", &bogor, status(Vec::new(), None)),
        shown("status, held", &bogor, status(vec![hold], None)),
        shown("status, waiting for a photo", &batam, status(vec![photo_hold], None)),
        shown("status, two booked", &batam, status(two(&batam), None)),
        shown("status, one booked, no cancelling", &bogor, status(vec![bogor.booking()], None)),
        shown("status, a photo is kept", &batam, status(Vec::new(), tomorrow)),
    ]
}
