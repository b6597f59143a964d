//! Replies about moving a booking to another day.

use chrono::{Duration, NaiveDate};

use super::super::sample::{Sample, day};
use super::{Shown, shown, two};
use crate::conversation::{NotThatDay, Outcome, RefusedDay};
use crate::domain::booking::{Awaits, Booking};
use crate::domain::reschedule::NotMoved;
use crate::domain::slot::Slot;

/// The same, moved to Tuesday.
fn on_tuesday(booking: &Booking) -> Booking {
    Booking { slot: Slot { date: day(2017, 8, 8), hour: 13 }, seats: vec![4], moves: 1, ..booking.clone() }
}

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let mut twice = Sample::batam();
    twice.office.policy.reschedule.times = 2;
    let moved = |before: Booking| Outcome::Moved { booking: on_tuesday(&before), before: Box::new(before) };
    let days = || -> Vec<NaiveDate> { (8..11).map(|date| day(2017, 8, date)).collect() };
    let which = |sample: &Sample, why, days| Outcome::WhichNewDay { booking: Box::new(sample.booking()), why, days };
    let refused = |sample: &Sample, why| Outcome::MoveRefused { booking: sample.booking(), why };
    let asked = day(2017, 8, 12);
    let weekday = NotThatDay::Refused { asked, why: RefusedDay::Weekday(chrono::Weekday::Sat) };
    let too_late = NotMoved::TooLate { until: batam.now - Duration::hours(1) };
    vec![
        shown("moved", &batam, moved(batam.booking())),
        shown("moved, and may be moved again", &twice, moved(twice.booking())),
        shown("moved, a hold", &bogor, moved(bogor.hold(Awaits::Code))),
        shown("moved, waiting for a photo", &batam, moved(batam.hold(Awaits::Photo))),
        shown("which new day", &batam, which(&batam, None, days())),
        shown("which new day, the asked one is full", &batam, which(&batam, Some(NotThatDay::Full { asked }), days())),
        shown("which new day, it is on that day", &batam, which(&batam, Some(NotThatDay::Same), days())),
        shown("which new day, the asked one is closed", &batam, which(&batam, Some(weekday), days())),
        shown("which new day, none has room", &batam, which(&batam, Some(NotThatDay::Full { asked }), Vec::new())),
        shown("move to this day?", &batam, Outcome::ConfirmMove { booking: batam.booking(), day: day(2017, 8, 8) }),
        shown("which to move", &batam, Outcome::WhichToMove { bookings: two(&batam) }),
        shown("moving not allowed", &bogor, refused(&bogor, NotMoved::NotAllowed)),
        shown("moving used up", &batam, refused(&batam, NotMoved::UsedUp { times: 1 })),
        shown("moving too late", &batam, refused(&batam, too_late)),
        shown("nothing to move", &batam, Outcome::NothingToMove),
        shown("no booking of that code to move", &batam, Outcome::MoveOfNoneOfThese { bookings: two(&batam) }),
    ]
}
