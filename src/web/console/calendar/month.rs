//! The calendar itself: a month by days, or a week by hours, and the form of a change for whoever may make one.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Deserialize;

use super::texts::{Texts, texts};
use super::wish::Filled;
use super::words;
use crate::access::OfficeView;
use crate::domain::staff::{Area, Level};
use crate::front_desk::{CalendarDay, OfficeCalendar};
use crate::storage::CalendarChange;
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesCalendar};
use crate::web::console::page::{Frame, show};
use crate::web::console::state::Console;

/// Changes that the page lists.
const CHANGES_MAX: u32 = 10;
/// Days of a week.
const WEEK: u64 = 7;

/// `?view=week&at=2026-12-24`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Asked {
    view: String,
    at: String,
}

#[derive(Template)]
#[template(path = "console/calendar/page.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    title: String,
    is_week: bool,
    at: NaiveDate,
    before: NaiveDate,
    after: NaiveDate,
    today: NaiveDate,
    weekdays: Vec<String>,
    weeks: Vec<Vec<DayCell>>,
    hours: Vec<HourRow>,
    may_change: bool,
    filled: Filled,
    error: Option<&'static str>,
    changes: Vec<Listed>,
}

/// A day of the month.
struct DayCell {
    date: NaiveDate,
    label: String,
    day: u32,
    is_other: bool,
    is_today: bool,
    heat: u32,
    closed: Option<String>,
    why: Option<String>,
    free: Option<u32>,
    people: Vec<String>,
    exception: Option<String>,
}

/// An hour of the week.
struct HourRow {
    hour: u8,
    cells: Vec<HourCell>,
}

/// An hour of one day.
struct HourCell {
    label: String,
    heat: u32,
    why: Option<String>,
    free: Option<u32>,
    seats: u32,
    people: Vec<String>,
}

/// A change in the list.
pub(super) struct Listed {
    pub(super) id: i64,
    pub(super) at: String,
    pub(super) by: String,
    pub(super) dates: String,
    pub(super) reason: String,
    pub(super) bookings: u32,
    pub(super) state: &'static str,
    pub(super) class: &'static str,
}

/// A change for a list.
pub(super) fn listed(t: &'static Texts, frame: &Frame, office: &OfficeView, change: &CalendarChange) -> Listed {
    let (state, class) = words::change_state(t, &change.state);
    let dates: Vec<String> = change.days.iter().map(|(date, ..)| frame.plain_date(*date)).collect();
    let dates = match dates.as_slice() {
        [first, .., last] => format!("{first} – {last}"),
        [only] => only.clone(),
        [] => String::new(),
    };
    Listed {
        id: change.id,
        at: words::moment(office.office(), change.at),
        by: change.actor.clone(),
        dates,
        reason: change.reason.clone(),
        bookings: change.bookings,
        state,
        class,
    }
}

/// The page.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    place: InOffice<SeesCalendar>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let calendar = place.calendar(&console)?;
    let filled = Filled { from: asked.at.clone(), action: "close".to_owned(), ..Filled::default() };
    let at = asked.at.parse().ok();
    shown((&place.signed.asked.frame, &place.office, &calendar), (asked.view == "week", at), (filled, None)).await
}

/// The page, with what was filled in and why it was refused.
pub(super) async fn shown(
    (frame, office, calendar): (&Frame, &OfficeView, &OfficeCalendar),
    (is_week, at): (bool, Option<NaiveDate>),
    (mut filled, error): (Filled, Option<&'static str>),
) -> Result<Response, Failure> {
    let (t, today) = (texts(frame.lang), calendar.today());
    let at = at.unwrap_or(today);
    let monday = |date: NaiveDate| date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())));
    let (from, until) = if is_week {
        let from = monday(at).unwrap_or(at);
        (from, from.checked_add_days(Days::new(WEEK - 1)).unwrap_or(from))
    } else {
        let first = at.with_day(1).unwrap_or(at);
        let last = first.checked_add_months(Months::new(1)).and_then(|next| next.pred_opt()).unwrap_or(first);
        let left = WEEK - 1 - u64::from(last.weekday().num_days_from_monday());
        (monday(first).unwrap_or(first), last.checked_add_days(Days::new(left)).unwrap_or(last))
    };
    let days = calendar.days(from, until).await?;
    if filled.from.is_empty() {
        filled.from = today.to_string();
    }
    let scene = Scene { frame, t, office };
    let one = |date: Option<NaiveDate>| date.unwrap_or(at);
    let page = Page {
        frame,
        t,
        base: format!("/console/{}/calendar", office.id()),
        title: if is_week {
            format!("{} – {}", frame.plain_date(from), frame.plain_date(until))
        } else {
            frame.month(at)
        },
        is_week,
        at,
        before: one(if is_week { at.checked_sub_days(Days::new(WEEK)) } else { at.checked_sub_months(Months::new(1)) }),
        after: one(if is_week { at.checked_add_days(Days::new(WEEK)) } else { at.checked_add_months(Months::new(1)) }),
        today,
        weekdays: days.iter().take(7).map(|day| scene.weekday(day.date, is_week)).collect(),
        weeks: if is_week {
            Vec::new()
        } else {
            let cell = |day: &CalendarDay| scene.cell(day, at, today);
            days.chunks(7).map(|week| week.iter().map(cell).collect()).collect()
        },
        hours: if is_week { scene.hours(&days) } else { Vec::new() },
        may_change: office.level(Area::Calendar) >= Level::Write,
        filled,
        error,
        changes: calendar.changes(CHANGES_MAX).await?.iter().map(|change| listed(t, frame, office, change)).collect(),
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}

/// What cells are made with.
struct Scene<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    office: &'a OfficeView,
}

impl Scene<'_> {
    /// The head of a column.
    fn weekday(&self, date: NaiveDate, is_week: bool) -> String {
        let whole = self.frame.date(date);
        let name = whole.split(',').next().unwrap_or_default();
        if is_week { format!("{name} {}", date.day()) } else { name.to_owned() }
    }

    fn cell(&self, day: &CalendarDay, at: NaiveDate, today: NaiveDate) -> DayCell {
        let t = self.t;
        let people =
            (day.sum(|hour| hour.people.booked), day.sum(|hour| hour.people.held), day.sum(|hour| hour.people.arrived));
        let free = day.sum(|hour| hour.free);
        DayCell {
            date: day.date,
            label: self.frame.date(day.date),
            day: day.date.day(),
            is_other: day.date.month() != at.month(),
            is_today: day.date == today,
            heat: words::heat_of_day(day),
            closed: day.closed.as_ref().map(|closed| words::closed(t, self.frame.lang, closed)),
            why: words::state(t, self.office.office(), day.state()),
            free: (free > 0).then_some(free),
            people: words::people(t, people),
            exception: day.exception.clone().filter(|_| day.closed.is_none()),
        }
    }

    fn hours(&self, days: &[CalendarDay]) -> Vec<HourRow> {
        let all: BTreeSet<u8> = days.iter().flat_map(|day| day.hours.iter().map(|hour| hour.hour)).collect();
        let row = |hour: u8| HourRow { hour, cells: days.iter().map(|day| self.hour(day, hour)).collect() };
        all.into_iter().map(row).collect()
    }

    fn hour(&self, day: &CalendarDay, hour: u8) -> HourCell {
        let t = self.t;
        let label = self.frame.date(day.date);
        let known = day.hours.iter().find(|known| known.hour == hour);
        let closed = || day.closed.as_ref().map(|closed| words::closed(t, self.frame.lang, closed));
        let Some(known) = known else {
            let why = closed().or_else(|| Some(t.outside.to_owned()));
            return HourCell { label, heat: 0, why, free: None, seats: 0, people: Vec::new() };
        };
        HourCell {
            label,
            heat: words::heat_of_hour(known),
            why: closed().or_else(|| words::state(t, self.office.office(), known.state)),
            free: (known.free > 0).then_some(known.free),
            seats: known.seats,
            people: words::people(t, (known.people.booked, known.people.held, known.people.arrived)),
        }
    }
}
