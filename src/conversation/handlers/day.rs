//! The day and the hour that a form gets, or why it gets none.

use chrono::NaiveDate;

use crate::conversation::context::Context;
use crate::conversation::refusal::{Refusal, RefusedDay};
use crate::conversation::snapshot::Snapshot;
use crate::domain::office::{Closed, Day, WhenFull};
use crate::domain::seats::{NotLoaded, Wish};
use crate::domain::slot::{Asked, Session, Slot, horizon, judge, last_day, next_day_of};
use crate::grammar::Form;

/// The refusal of a form that was sent outside the office's intake window. The time of sending counts, so that a late delivery costs
/// nobody their seat.
pub(super) fn outside_intake(context: &Context<'_>) -> Option<Refusal> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let window = office.intake?;
    let sent = office.zone.local(context.sent_at);
    let day = office.day(calendar, sent.date());
    let open_day = matches!(day, Day::Open(_));
    if open_day && window.holds(sent.time()) {
        return None;
    }
    let later_today = open_day && sent.time() < window.from;
    let last = horizon(office, now);
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

/// The refusal of a form that asks for a day which cannot be given, whatever its seats.
pub(super) fn wrong_day(snapshot: &Snapshot<'_>, form: &Form) -> Option<Refusal> {
    refused_day(snapshot, form.visit?, form.applicant.sesi, Some(form))
}

/// The refusal of a day which cannot be given, whatever its seats. The form, where one asked for it, is shown with the next day.
pub(super) fn refused_day(
    snapshot: &Snapshot<'_>,
    asked: NaiveDate,
    session: Option<Session>,
    form: Option<&Form>,
) -> Option<Refusal> {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let next_from = |from| next_day_of(office, calendar, session, from, now);
    let why = why_not(snapshot, asked, session)?;
    // Where nothing follows the asked day, something may well come before it.
    let next = next_from(asked).or_else(|| next_from(office.date_at(now)));
    Some(Refusal::Day { asked, why, next, form: form.map(|form| Box::new(form.clone())) })
}

/// Why a day cannot be given, whatever its seats; `None` where it can.
pub(super) fn refused(snapshot: &Snapshot<'_>, date: NaiveDate) -> Option<RefusedDay> {
    why_not(snapshot, date, None)
}

/// Why a day, or a half of it, cannot be given, whatever its seats; `None` where it can.
pub(super) fn why_not(snapshot: &Snapshot<'_>, asked: NaiveDate, session: Option<Session>) -> Option<RefusedDay> {
    let Snapshot { office, calendar, now, .. } = *snapshot;
    let next_from = |from| next_day_of(office, calendar, session, from, now);
    Some(match judge(office, calendar, asked, now) {
        Asked::Open => match session.filter(|_| next_from(asked) != Some(asked)) {
            // Open, but not in that half of the day, or not any more.
            Some(session) => RefusedDay::NoSession(session),
            None => return None,
        },
        Asked::Past => RefusedDay::Past,
        Asked::TooSoon { earliest } => RefusedDay::TooSoon { earliest },
        Asked::NotReleased { opens } => RefusedDay::NotReleased { opens },
        Asked::BeyondHorizon { last } => {
            RefusedDay::BeyondHorizon { last: last_day(office, calendar, now).unwrap_or(last) }
        }
        Asked::Closed(Closed::Weekday(weekday)) => RefusedDay::Weekday(weekday),
        Asked::Closed(Closed::Holiday(holiday)) => RefusedDay::Holiday(holiday.clone()),
        Asked::Closed(Closed::Dated(reason)) => RefusedDay::Closed(reason.to_owned()),
        Asked::Closed(Closed::UnknownCalendar) => RefusedDay::UnknownCalendar,
    })
}

/// The hour that a form gets, or the refusal that the office's rule for full days calls for.
pub(super) fn find_slot(context: &Context<'_>, form: &Form) -> Result<Result<Slot, Refusal>, NotLoaded> {
    let Snapshot { office, calendar, now, .. } = *context.snapshot;
    let find = |wish| context.seats.find(office, calendar, wish, now);
    let roll = form.visit.is_none() || office.policy.when_full == WhenFull::Roll;
    let session = form.applicant.sesi;
    let from = form.visit.unwrap_or_else(|| office.date_at(now));
    let wish = Wish { from, party: u32::from(form.party), roll, session };
    if let Some(slot) = find(wish)? {
        return Ok(Ok(slot));
    }
    let own = || Some(Box::new(form.clone()));
    let full = |asked, suggest| Refusal::Full { asked, suggest, session, party: form.party, form: own() };
    let from_today = Wish { from: office.date_at(now), roll: true, ..wish };
    Ok(Err(match form.visit {
        Some(asked) if !roll => {
            let suggest = match office.policy.when_full {
                WhenFull::Suggest => match find(Wish { roll: true, ..wish })? {
                    Some(later) => Some(later),
                    None => find(from_today)?,
                },
                WhenFull::Roll | WhenFull::Refuse => None,
            };
            full(asked, suggest.map(|slot| slot.date))
        }
        visit => match visit.zip(find(from_today)?) {
            // Full from the asked day to the last one, but not before it.
            Some((asked, free)) => full(asked, Some(free.date)),
            None => Refusal::AllFull {
                last: last_day(office, calendar, now).unwrap_or_else(|| horizon(office, now)),
                session,
                party: form.party,
            },
        },
    }))
}
