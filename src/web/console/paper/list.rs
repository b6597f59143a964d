//! The list to print.

use askama::Template;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{NaiveDate, Timelike};
use serde::Deserialize;

use super::super::failure::Failure;
use super::super::in_office::{InOffice, WorksDay};
use super::super::page::{Frame, show};
use super::super::picture::{Picture, picture};
use super::super::state::Console;
use super::texts::{Texts, texts};
use crate::domain::audit::{Act, AuditEvent, Scope};
use crate::front_desk::PaperPerson;

/// From this hour on the list of tomorrow is meant.
const TOMORROW_FROM_HOUR: u32 = 15;
/// Empty lines for people without a booking.
const BLANK_LINES: usize = 10;

/// `?date=2026-08-04`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct Asked {
    pub(super) date: String,
}

#[derive(Template)]
#[template(path = "console/paper/list.html")]
struct Page<'a> {
    frame: &'a Frame,
    p: &'static Texts,
    office: &'a str,
    base: String,
    day: String,
    date: NaiveDate,
    today: NaiveDate,
    tomorrow: Option<NaiveDate>,
    as_of: String,
    count: usize,
    hours: Vec<Hour>,
    blank: std::ops::Range<usize>,
}

struct Hour {
    hour: u8,
    rows: Vec<Row>,
}

struct Row {
    number: String,
    name: String,
    code: String,
    /// Of the first of a party only: the code is the same.
    picture: Option<Picture>,
}

/// The list of a day: of the one that is named, else of today, and in the afternoon of tomorrow.
pub(in crate::web::console) async fn list(
    State(console): State<Console>,
    place: InOffice<WorksDay>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let desk = place.front_desk(&console)?;
    let InOffice { signed, office, .. } = place;
    let frame = &signed.asked.frame;
    let (today, local) = (desk.date(), office.office().zone.local(office.now()));
    let tomorrow = today.succ_opt();
    let usual = tomorrow.filter(|_| local.hour() >= TOMORROW_FROM_HOUR).unwrap_or(today);
    let date = asked.date.parse().unwrap_or(usual);
    let event = AuditEvent::of(Act::ViewPaper).reaching(Scope::day(date));
    office.record(event, &signed.asked.visitor).await?;
    let day = desk.paper(date).await?;
    let p = texts(frame.lang);
    let page = Page {
        frame,
        p,
        office: office.name(),
        base: format!("/console/{}/paper", office.id()),
        day: frame.date(date),
        date,
        today,
        tomorrow,
        as_of: local.format("%d-%m-%Y %H.%M").to_string(),
        count: day.people.len(),
        hours: by_hour(&day.people, p),
        blank: 0..BLANK_LINES,
    };
    Ok(show(frame, StatusCode::OK, &page))
}

fn by_hour(people: &[PaperPerson], p: &Texts) -> Vec<Hour> {
    let row = |person: &PaperPerson| Row {
        number: person.number.clone(),
        name: person.name.as_ref().map_or_else(|| p.others.to_owned(), |name| name.as_str().to_owned()),
        code: person.code.to_string(),
        picture: (person.person == 0).then(|| picture(person.code.as_str())).flatten(),
    };
    let hours = people.chunk_by(|one, other| one.hour == other.hour);
    hours.filter_map(|of| Some(Hour { hour: of.first()?.hour, rows: of.iter().map(row).collect() })).collect()
}
