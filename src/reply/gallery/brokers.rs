//! Replies about one person's seats, one number's holds, and days that were closed after a seat on them was given.

use chrono::Duration;

use super::super::sample::{Sample, day};
use super::{Shown, shown};
use crate::conversation::{Outcome, Refusal, RefusedDay};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::office::Dated;

/// The hold, for five minutes only.
fn short(hold: &Booking) -> Booking {
    Booking { hold_until: Some(hold.created_at + Duration::minutes(5)), ..hold.clone() }
}

/// The office, closed by now on the day of every booking.
fn closed(sample: &Sample) -> Sample {
    let mut closed = sample.clone();
    let reason = "Perbaikan gedung".to_owned();
    closed.office.dated.insert(sample.booking().slot.date, Dated::Closed { reason });
    closed
}

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let hold = bogor.hold(Awaits::Code);
    let status = |bookings| Outcome::Status { bookings, photo_until: None };
    let person_is_booked = || Outcome::Refused(Refusal::PersonIsBooked { nama: bogor.booking().applicant.nama });
    let too_many_holds = |holds| Outcome::Refused(Refusal::TooManyHolds { limit: 20, holds });
    vec![
        shown(
            "echo, held for minutes only",
            &bogor,
            Outcome::Echo { hold: short(&hold), moved: None, replaced: false, repaired: Vec::new(), short: true },
        ),
        shown(
            "code for a day that was closed meanwhile",
            &bogor,
            Outcome::HoldOnClosedDay {
                hold: Box::new(hold.clone()),
                why: RefusedDay::Closed("Perbaikan gedung".into()),
                next: Some(day(2017, 8, 8)),
            },
        ),
        shown(
            "already booked, the day was closed meanwhile",
            &closed(&batam),
            Outcome::AlreadyBooked { booking: batam.booking() },
        ),
        shown("status, the day was closed meanwhile", &closed(&batam), status(vec![batam.booking()])),
        shown(
            "status, the day was closed meanwhile, no cancelling",
            &closed(&bogor),
            status(vec![bogor.booking(), hold.clone()]),
        ),
        shown("refused: the person has a seat", &batam, person_is_booked()),
        shown("refused: the person has a seat, no cancelling", &bogor, person_is_booked()),
        shown("refused: too many holds today", &bogor, too_many_holds(vec![hold])),
        shown("refused: too many holds today, none left", &bogor, too_many_holds(Vec::new())),
    ]
}
