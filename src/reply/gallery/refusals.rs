//! Replies that refuse a day, an hour of sending, or another booking.

use chrono::Weekday;

use super::{Shown, shown, two};
use crate::conversation::{Outcome, Refusal, RefusedDay};
use crate::domain::calendar::Holiday;
use crate::domain::office::Earliest;
use crate::domain::slot::Session;
use crate::reply::sample::{Sample, at, day, independence_day};

pub(super) fn all() -> Vec<Shown> {
    let (bogor, batam) = (Sample::bogor(), Sample::batam());
    let mut today_too = Sample::bogor();
    today_too.office.policy.earliest = Earliest::Today { minutes_before: 60 };
    let next = Some(day(2017, 8, 2));
    let refused = |title: &str, asked, why, next| {
        shown(format!("refused: {title}"), &bogor, Outcome::Refused(Refusal::Day { asked, why, next, form: None }))
    };
    let leave = Holiday { name: "Idulfitri".into(), name_en: "Eid al-Fitr".into(), joint_leave: true };
    let too_soon = RefusedDay::TooSoon { earliest: day(2017, 8, 2) };
    let intake = |title: &str, sample: &Sample, next, later_today, holiday| {
        let (from, until) = (at(7, 30), at(10, 0));
        let refusal = Refusal::OutsideIntake { from, until, next, later_today, holiday };
        shown(format!("refused: intake, {title}"), sample, Outcome::Refused(refusal))
    };
    let full = |suggest| {
        Outcome::Refused(Refusal::Full { asked: day(2017, 8, 7), suggest, session: None, party: 1, form: None })
    };
    let session_full = |suggest| {
        Outcome::Refused(Refusal::Full {
            asked: day(2017, 8, 7),
            suggest,
            session: Some(Session::Pagi),
            party: 1,
            form: None,
        })
    };
    let (early, late) = (batam.clone().on(day(2017, 8, 1), at(7, 29)), batam.clone().on(day(2017, 8, 1), at(10, 0)));
    let holiday = batam.clone().on(day(2017, 8, 17), at(8, 0));
    let saturday = batam.clone().on(day(2017, 8, 5), at(8, 0));
    let new_year = batam.clone().on(day(2018, 1, 2), at(8, 0));
    vec![
        refused("past", day(2017, 7, 18), RefusedDay::Past, next),
        refused("too soon", day(2017, 8, 1), too_soon.clone(), next),
        shown(
            "refused: too late for today",
            &today_too,
            Outcome::Refused(Refusal::Day { asked: day(2017, 8, 1), why: too_soon, next, form: None }),
        ),
        refused("weekday", day(2017, 8, 20), RefusedDay::Weekday(Weekday::Sun), Some(day(2017, 8, 21))),
        refused("holiday", day(2017, 8, 17), RefusedDay::Holiday(independence_day()), Some(day(2017, 8, 18))),
        refused("joint leave", day(2017, 6, 27), RefusedDay::Holiday(leave), next),
        refused("closed", day(2017, 8, 9), RefusedDay::Closed("Pindah gedung".into()), Some(day(2017, 8, 10))),
        refused("beyond the horizon", day(2017, 12, 1), RefusedDay::BeyondHorizon { last: day(2017, 9, 30) }, next),
        refused("unknown calendar", day(2018, 1, 8), RefusedDay::UnknownCalendar, next),
        refused("no next day", day(2018, 1, 8), RefusedDay::UnknownCalendar, None),
        shown("refused: full", &bogor, full(None)),
        shown("refused: full, another day suggested", &bogor, full(Some(day(2017, 8, 8)))),
        refused("no such session that day", day(2017, 8, 11), RefusedDay::NoSession(Session::Siang), next),
        shown("refused: the session is full", &bogor, session_full(None)),
        shown("refused: the session is full, another day suggested", &bogor, session_full(Some(day(2017, 8, 8)))),
        shown(
            "refused: the session is full on all days",
            &bogor,
            Outcome::Refused(Refusal::AllFull { last: day(2017, 9, 30), session: Some(Session::Siang), party: 1 }),
        ),
        shown(
            "refused: all full",
            &bogor,
            Outcome::Refused(Refusal::AllFull { last: day(2017, 9, 30), session: None, party: 1 }),
        ),
        intake("opens later today", &early, Some(day(2017, 8, 1)), true, None),
        intake("over for today", &late, Some(day(2017, 8, 2)), false, None),
        intake("holiday", &holiday, Some(day(2017, 8, 18)), false, Some(independence_day())),
        intake("weekend", &saturday, Some(day(2017, 8, 7)), false, None),
        intake("unknown calendar", &new_year, None, false, None),
        shown("refused: too many", &batam, Outcome::Refused(Refusal::TooMany { bookings: two(&batam), limit: 2 })),
        shown(
            "refused: too many, no cancelling",
            &bogor,
            Outcome::Refused(Refusal::TooMany { bookings: vec![bogor.booking()], limit: 1 }),
        ),
    ]
}
