//! The offices that somebody works at, and the first page of one.

use askama::Template;
use axum::extract::{Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::Datelike;

use super::failure::Failure;
use super::forms::Query;
use super::in_office::{InOffice, SeesOffice};
use super::page::{Frame, show};
use super::state::Console;
use super::visitor::Signed;
use crate::access::{DayCounts, OfficeView};

#[derive(Template)]
#[template(path = "console/offices.html")]
struct Choice<'a> {
    frame: &'a Frame,
    offices: Vec<Card>,
}

/// An office in the list.
struct Card {
    id: String,
    name: String,
    roles: String,
}

#[derive(Template)]
#[template(path = "console/office.html")]
struct Page<'a> {
    frame: &'a Frame,
    office: &'a OfficeView,
    roles: String,
    today: String,
    /// Opening hours of today; none: closed.
    spans: Vec<String>,
    counts: Option<DayCounts>,
}

fn roles_of(frame: &Frame, office: &OfficeView) -> String {
    office.roles().into_iter().map(|role| frame.role(role)).collect::<Vec<_>>().join(", ")
}

/// Every office that somebody has a role at.
pub(super) async fn choose(
    State(console): State<Console>,
    signed: Signed,
    FromQuery(query): FromQuery<Query>,
) -> Response {
    let frame = signed.asked.frame.with_done(&query.done);
    let card = |office: OfficeView| Card {
        id: office.id().as_str().to_owned(),
        name: office.name().to_owned(),
        roles: roles_of(&frame, &office),
    };
    let offices = console.access.offices(&signed.who).into_iter().map(card).collect();
    show(&frame, StatusCode::OK, &Choice { frame: &frame, offices })
}

/// The first page of an office.
pub(super) async fn office(InOffice { signed, office, .. }: InOffice<SeesOffice>) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let local = office.office().zone.local(office.now());
    let spans = office.office().hours.on(local.date().weekday());
    let page = Page {
        frame,
        roles: roles_of(frame, &office),
        today: frame.date(local.date()),
        spans: spans
            .iter()
            .map(|span| format!("{}–{}", span.from.format("%H.%M"), span.until.format("%H.%M")))
            .collect(),
        counts: office.today().await?,
        office: &office,
    };
    Ok(show(frame, StatusCode::OK, &page))
}
