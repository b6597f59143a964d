//! Replies about days that were closed or made smaller after people booked them.

use chrono::NaiveDate;

use super::super::sample::{Sample, day};
use super::{Shown, shown};
use crate::conversation::{DayChangeTold, DayChanged, NoticeContent, Outcome};
use crate::domain::booking::{Awaits, Booking, State};
use crate::domain::displaced::{DayChange, Displaced, Remedy};
use crate::domain::office::Dated;
use crate::domain::slot::Slot;

/// The same with what was decided about it.
fn marked(booking: Booking, change: DayChange, remedy: Remedy) -> Booking {
    Booking { displaced: Some(Displaced::decided(change, remedy).done()), ..booking }
}

pub(super) fn all() -> Vec<Shown> {
    let (open, mut bogor) = (Sample::batam(), Sample::bogor());
    let mut closed = open.clone();
    let monday = closed.booking().slot.date;
    for sample in [&mut closed, &mut bogor] {
        sample.office.dated.insert(monday, Dated::Closed { reason: "Banjir".into() });
    }
    let tell = |sample: &Sample, change, days: Option<Vec<NaiveDate>>| {
        let booking = marked(sample.booking(), change, Remedy::Tell);
        changed(DayChanged { date: booking.slot.date, booking, told: DayChangeTold::Choose { days } })
    };
    let days = || Some((8..11).map(|date| day(2017, 8, date)).collect());
    let moved = {
        let before = closed.booking();
        let slot = Slot { date: day(2017, 8, 8), hour: before.slot.hour };
        let booking = Booking { slot, seats: vec![4], ..marked(closed.booking(), DayChange::Closed, Remedy::Move) };
        changed(DayChanged {
            booking,
            date: monday,
            told: DayChangeTold::Moved { from: before.slot, seats: before.seats },
        })
    };
    let ended_booking = Booking { state: State::Cancelled, ..closed.booking() };
    let cancelled = changed(DayChanged { booking: ended_booking, date: monday, told: DayChangeTold::Cancelled });
    let reopened = |booking: Booking| changed(DayChanged { booking, date: monday, told: DayChangeTold::Reopened });
    let moved_on = Booking {
        slot: Slot { date: day(2017, 8, 8), hour: 9 },
        ..marked(open.booking(), DayChange::Closed, Remedy::Move)
    };
    let given_up = Booking { state: State::Cancelled, ..open.booking() };
    let ended = changed(DayChanged {
        booking: bogor.hold(Awaits::Code),
        date: monday,
        told: DayChangeTold::HoldEnded { next: Some(day(2017, 8, 8)) },
    });
    let (mut sunday, mut on_holiday) = (closed.clone(), open.clone());
    sunday.office.dated.clear();
    sunday.office.hours.0[0].clear();
    let thursday = day(2017, 8, 17);
    let mut independence = on_holiday.booking();
    independence.slot.date = thursday;
    on_holiday.office.policy.reschedule.extra_after_closing = false;
    let on_thursday =
        changed(DayChanged { booking: independence, date: thursday, told: DayChangeTold::Choose { days: None } });
    let status = |sample: &Sample, change, remedy| {
        let bookings = vec![marked(sample.booking(), change, remedy)];
        Outcome::Status { bookings, photo_until: None }
    };
    let (mut cancelling, mut fixed) = (open.clone(), open.clone());
    for (sample, may_cancel) in [(&mut cancelling, true), (&mut fixed, false)] {
        sample.office.policy.reschedule.extra_after_closing = false;
        sample.office.policy.reschedule.times = 0;
        sample.office.policy.cancelling = may_cancel;
    }
    let which = Outcome::WhichNewDay {
        booking: Box::new(closed.booking()),
        why: None,
        days: (8..10).map(|date| day(2017, 8, date)).collect(),
    };
    vec![
        shown("day closed, choose another", &closed, tell(&closed, DayChange::Closed, days())),
        shown("day closed, choose another later", &closed, tell(&closed, DayChange::Closed, None)),
        shown("day closed, no day has room", &closed, tell(&closed, DayChange::Closed, Some(Vec::new()))),
        shown("day closed, nothing may be moved", &bogor, tell(&bogor, DayChange::Closed, None)),
        shown("day closed for a holiday, nothing may be moved", &on_holiday, on_thursday),
        shown("day closed, no longer a working day", &sunday, tell(&sunday, DayChange::Closed, days())),
        shown("day shrunk, choose another", &open, tell(&open, DayChange::Shrunk, days())),
        shown("day closed, moved", &closed, moved),
        shown("day closed, cancelled", &closed, cancelled),
        shown("day closed, not confirmed yet", &bogor, ended),
        shown("day open again, the booking stands", &open, reopened(open.booking())),
        shown("day open again, the booking stays moved", &open, reopened(moved_on)),
        shown("day open again, the booking was cancelled", &open, reopened(given_up)),
        shown("day closed, which new day", &closed, which),
        shown("status, on a day that was shrunk", &open, status(&open, DayChange::Shrunk, Remedy::Tell)),
        shown(
            "status, on a day that was shrunk, only cancelling",
            &cancelling,
            status(&cancelling, DayChange::Shrunk, Remedy::Tell),
        ),
        shown(
            "status, on a day that was shrunk, ask the office",
            &fixed,
            status(&fixed, DayChange::Shrunk, Remedy::Tell),
        ),
        shown("status, served on a closed day all the same", &closed, status(&closed, DayChange::Closed, Remedy::Keep)),
    ]
}

fn changed(changed: DayChanged) -> Outcome {
    Outcome::Notice(Box::new(NoticeContent::DayChanged(Box::new(changed))))
}
