//! The list of displays, and the address of a new one.

use askama::Template;
use axum::extract::{Form, Path, Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::super::failure::Failure;
use super::super::forms::Query;
use super::super::in_office::{InOffice, Right, acting};
use super::super::page::{Frame, lead, missing, show};
use super::super::people::base;
use super::super::state::Console;
use super::texts::{Texts, texts};
use crate::access::OfficeView;
use crate::domain::staff::{Area, Level};
use crate::front_desk::DisplayError;
use crate::storage::{Display, Sound, StorageError};

/// Sees the displays.
pub(in crate::web::console) struct SeesDisplays;
/// Adds and removes displays.
pub(in crate::web::console) struct WorksDisplays;

impl Right for SeesDisplays {
    const AREA: Area = Area::Displays;
    const LEVEL: Level = Level::Read;
}

impl Right for WorksDisplays {
    const AREA: Area = Area::Displays;
    const LEVEL: Level = Level::Write;
}

/// Adds a display.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web::console) struct NewForm {
    name: String,
}

#[derive(Template)]
#[template(path = "console/displays/list.html")]
struct List<'a> {
    frame: &'a Frame,
    d: &'static Texts,
    address: String,
    rows: Vec<Row>,
    may_write: bool,
    name: &'a str,
    error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "console/displays/link.html")]
struct Link<'a> {
    frame: &'a Frame,
    d: &'static Texts,
    back: String,
    name: &'a str,
    address: String,
}

/// A display in the list.
struct Row {
    id: i64,
    name: String,
    connection: String,
    connection_class: &'static str,
    sound: &'static str,
    sound_class: &'static str,
    added: String,
}

/// The displays of an office.
pub(in crate::web::console) async fn list(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<SeesDisplays>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    let frame = signed.asked.frame.with_done(&query.done);
    listed(&console, (&frame, &office), ("", None)).await
}

/// Adds one, and shows its address, once.
pub(in crate::web::console) async fn add(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<WorksDisplays>,
    Form(form): Form<NewForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    match console.displays.add(office.id(), &form.name, &acting(&signed)?).await {
        Ok((_, token)) => {
            let base = base(&console, &signed.asked);
            let page = Link {
                frame,
                d: texts(frame.lang),
                back: format!("/console/{}/displays", office.id()),
                name: form.name.trim(),
                address: format!("{base}/display/{token}"),
            };
            Ok(show(frame, StatusCode::OK, &page))
        }
        Err(DisplayError::Storage(error)) => Err(error.into()),
        Err(DisplayError::Chance) => {
            Err(StorageError::Data("the operating system gives no random numbers".to_owned()).into())
        }
        Err(DisplayError::Name) => {
            listed(&console, (frame, &office), (&form.name, Some(texts(frame.lang).wrong_name))).await
        }
    }
}

/// Removes one: its address shows nothing any more.
pub(in crate::web::console) async fn remove(
    State(console): State<Console>,
    InOffice { signed, office, .. }: InOffice<WorksDisplays>,
    Path((_, id)): Path<(String, i64)>,
) -> Result<Response, Failure> {
    if !console.displays.remove(office.id(), id, &acting(&signed)?).await? {
        return Ok(missing(&signed.asked.frame));
    }
    Ok(lead(&format!("/console/{}/displays?done=saved", office.id())))
}

async fn listed(
    console: &Console,
    (frame, office): (&Frame, &OfficeView),
    (name, error): (&str, Option<&'static str>),
) -> Result<Response, Failure> {
    let d = texts(frame.lang);
    let zone = office.office().zone;
    let moment = |at: DateTime<Utc>| zone.local(at).format("%d-%m-%Y %H.%M").to_string();
    let row = |display: &Display| {
        let (connection, connection_class) = match display.seen_at {
            None => (d.never.to_owned(), "off"),
            Some(_) if console.displays.is_connected(display) => (d.connected.to_owned(), "on"),
            Some(seen) => (format!("{} {}", d.silent_since, moment(seen)), "wait"),
        };
        let (sound, sound_class) = match display.sound {
            Sound::On => (d.sound_on, "on"),
            Sound::Off => (d.sound_off, "wait"),
            Sound::Broken => (d.sound_broken, "wait"),
            Sound::Unknown => (d.sound_unknown, "off"),
        };
        let added = format!("{} {} {}", moment(display.added_at), d.by, display.added_by);
        Row { id: display.id, name: display.name.clone(), connection, connection_class, sound, sound_class, added }
    };
    let page = List {
        frame,
        d,
        address: format!("/console/{}/displays", office.id()),
        rows: console.displays.of_office(office.id()).await?.iter().map(row).collect(),
        may_write: office.level(Area::Displays) >= Level::Write,
        name,
        error,
    };
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}
