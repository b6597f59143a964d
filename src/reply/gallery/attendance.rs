//! The reminder that must be answered.

use super::super::sample::{Sample, at};
use super::{Shown, shown};
use crate::conversation::{NoticeContent, Outcome, ReminderChoice};
use crate::domain::attendance::Attendance;
use crate::domain::booking::{Booking, State};
use crate::domain::office::{NO_SHOWS, NoShows};

pub(super) fn all() -> Vec<Shown> {
    let (mut batam, mut bogor) = (Sample::batam(), Sample::bogor());
    for sample in [&mut batam, &mut bogor] {
        sample.office.policy.no_shows = Some(NoShows { answer_from: 2, ..NO_SHOWS });
    }
    let owing = |sample: &Sample, attendance| Booking { attendance: Some(attendance), ..sample.booking() };
    let slot = batam.booking().slot;
    let until = batam.office.zone.instant(slot.date.and_time(at(6, 0)));
    let asked = Attendance::Asked { until };
    let evening = |sample: &Sample| sample.clone().on(slot.date.pred_opt().expect("a day before"), at(18, 0));
    let morning = batam.clone().on(slot.date, at(6, 5));
    let reminder = |booking: Booking, choices: &[ReminderChoice]| {
        Outcome::Notice(Box::new(NoticeContent::Reminder { booking, choices: choices.to_vec() }))
    };
    let status = |booking: Booking| Outcome::Status { bookings: vec![booking], photo_until: None };
    let released = Booking { state: State::Cancelled, ..owing(&batam, asked) };
    let all = [ReminderChoice::Come, ReminderChoice::Move, ReminderChoice::Cancel];
    vec![
        shown(
            "booked, and the reminder must be answered",
            &batam,
            Outcome::Booked { booking: owing(&batam, Attendance::Announced), moved: None, late: false },
        ),
        shown("status, the reminder will have to be answered", &batam, status(owing(&batam, Attendance::Announced))),
        shown("status, the reminder is not answered yet", &evening(&batam), status(owing(&batam, asked))),
        shown("status, the reminder is answered", &evening(&batam), status(owing(&batam, Attendance::Confirmed))),
        shown("notice: reminder that must be answered", &evening(&batam), reminder(owing(&batam, asked), &all)),
        shown(
            "notice: reminder that must be answered, neither moving nor cancelling",
            &evening(&bogor),
            reminder(owing(&bogor, asked), &[ReminderChoice::Come]),
        ),
        shown(
            "notice: reminder that must be answered beside another question",
            &evening(&batam),
            reminder(owing(&batam, asked), &[]),
        ),
        shown(
            "notice: the reminder was not answered",
            &morning,
            Outcome::Notice(Box::new(NoticeContent::Released { booking: released })),
        ),
    ]
}
