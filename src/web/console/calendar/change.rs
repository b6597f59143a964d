//! One change: whom it concerns, how far their messages have come, and taking it back.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::month::{self, Listed, listed};
use super::people::Seen;
use super::plan::planned;
use super::texts::{Texts, texts};
use super::wish::Filled;
use super::words;
use crate::access::OfficeView;
use crate::domain::audit::{Act, AuditEvent, Scope, Subject};
use crate::domain::staff::{Area, Level};
use crate::front_desk::{CalendarRefused, OfficeCalendar};
use crate::storage::{CalendarChange, CalendarPerson};
use crate::web::console::failure::Failure;
use crate::web::console::in_office::{InOffice, SeesCalendar, Watching, WorksCalendar};
use crate::web::console::page::{Frame, lead, missing, show};
use crate::web::console::state::Console;

#[derive(Template)]
#[template(path = "console/calendar/change.html")]
struct Page<'a> {
    frame: &'a Frame,
    t: &'static Texts,
    base: String,
    may_undo: bool,
    progress: Progress,
}

/// The part that follows what happens.
#[derive(Template)]
#[template(path = "console/calendar/progress.html")]
struct Part {
    progress: Progress,
}

struct Progress {
    t: &'static Texts,
    change: Listed,
    /// Until when all can be undone.
    until: Option<String>,
    ended_by: Option<String>,
    rows: Vec<Row>,
}

/// Somebody whom the change concerns.
struct Row {
    seen: Seen,
    choice: &'static str,
    now: String,
    notice: &'static str,
    class: &'static str,
    error: Option<String>,
}

fn progress_of(
    (frame, office): (&Frame, &OfficeView),
    change: &CalendarChange,
    persons: &[CalendarPerson],
) -> Progress {
    let t = texts(frame.lang);
    let waits = change.state == "waiting";
    let row = |person: &CalendarPerson| {
        let (notice, class) = words::notice(t, person, waits);
        let slot = person.booking.slot;
        Row {
            seen: Seen::of(office, &person.booking),
            choice: words::choice(t, &person.choice),
            now: if person.booking.state.has_seats() {
                format!("{} {:02}.00", frame.date(slot.date), slot.hour)
            } else {
                t.is_cancelled.to_owned()
            },
            notice,
            class,
            error: person.notice.as_ref().and_then(|notice| notice.error.clone()).filter(|_| class == "bad"),
        }
    };
    Progress {
        t,
        change: listed(t, frame, office, change),
        until: waits.then(|| words::second(office.office(), change.settle_at)),
        ended_by: change.ended_by.clone(),
        rows: persons.iter().map(row).collect(),
    }
}

async fn found(
    calendar: &OfficeCalendar,
    (frame, office): (&Frame, &OfficeView),
    id: i64,
) -> Result<Option<(Progress, Scope)>, Failure> {
    let Some((change, persons)) = calendar.change(id).await? else { return Ok(None) };
    let seen = Scope::Bookings(persons.iter().map(|person| person.booking.id).collect());
    Ok(Some((progress_of((frame, office), &change, &persons), seen)))
}

/// The page.
pub(in crate::web::console) async fn page(
    State(console): State<Console>,
    place: InOffice<SeesCalendar>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let (frame, office, calendar) = (&place.signed.asked.frame, &place.office, place.calendar(&console)?);
    let Some((progress, seen)) = found(&calendar, (frame, office), id).await? else { return Ok(missing(frame)) };
    office.record_list(AuditEvent::of(Act::ViewList).reaching(seen), &place.signed.asked.visitor).await?;
    let may_undo = office.level(Area::Calendar) >= Level::Write && !matches!(progress.change.class, "off");
    let base = format!("/console/{}/calendar", office.id());
    Ok(show(frame, StatusCode::OK, &Page { frame, t: texts(frame.lang), base, may_undo, progress }))
}

/// What follows, for the page's own asking.
pub(in crate::web::console) async fn progress(
    State(console): State<Console>,
    Watching(place): Watching<SeesCalendar>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let (frame, office, calendar) = (&place.signed.asked.frame, &place.office, place.calendar(&console)?);
    let Some((progress, seen)) = found(&calendar, (frame, office), id).await? else { return Ok(missing(frame)) };
    office.record_list(AuditEvent::of(Act::ViewList).reaching(seen), &place.signed.asked.visitor).await?;
    Ok(show(frame, StatusCode::OK, &Part { progress }))
}

/// Takes a change back: as if it had not been, while that is possible; afterwards it is shown first who gets a correction.
pub(in crate::web::console) async fn undo(
    State(console): State<Console>,
    place: InOffice<WorksCalendar>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    let (frame, office, calendar) = (&place.signed.asked.frame, &place.office, place.calendar(&console)?);
    let t = texts(frame.lang);
    let Some((change, _)) = calendar.change(id).await? else { return Ok(missing(frame)) };
    let address = format!("/console/{}/calendar/changes/{id}", office.id());
    if change.state == "waiting" {
        let first = change.days.first().map_or_else(|| calendar.today(), |(date, ..)| *date);
        let last = change.days.last().map_or(first, |(date, ..)| *date);
        let event = AuditEvent::of(Act::ChangeCalendar).about(Subject::office(office.id()));
        let event = event.reaching(Scope::Days(first, last)).because(&change.reason);
        office.record(event, &place.signed.asked.visitor).await?;
        match calendar.undo(id).await? {
            Ok(()) => return Ok(lead(&address)),
            Err(CalendarRefused::Outdated) => {
                let (of, at) = ((frame, office, &calendar), (false, Some(first)));
                return month::shown(of, at, (Filled::default(), Some(t.refused_newer))).await;
            }
            // Its minute is over.
            Err(_) => {}
        }
    }
    let filled = Filled {
        action: "back".to_owned(),
        change: id.to_string(),
        reason: change.reason.clone(),
        ..Filled::default()
    };
    let why = match change.state.as_str() {
        "settling" => Some(CalendarRefused::Settling),
        "undone" | "corrected" => Some(CalendarRefused::Unknown),
        _ => None,
    };
    planned((&console, &place), filled, why.map(|why| words::refused(t, why))).await
}
