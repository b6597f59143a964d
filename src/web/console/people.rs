//! The staff and their roles: for administrators of everything, and for auditors of everything to read.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, Path, Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::connection::Transport;
use super::failure::Failure;
use super::forms::{MakeLinkForm, PersonForm, Query};
use super::page::{Frame, lead, missing, show};
use super::state::Console;
use super::visitor::{Asked, Signed};
use crate::access::{Actor, Person, Refused};
use crate::domain::office::OfficeId;
use crate::domain::staff::{Grant, Level, Place, Role};

/// What both pages choose from.
struct Choices {
    /// Offices by id, with their names.
    offices: BTreeMap<OfficeId, String>,
}

impl Choices {
    fn of(console: &Console) -> Self {
        Self { offices: console.access.office_names() }
    }

    fn place(&self, frame: &Frame, place: &Place) -> String {
        match place {
            Place::Everywhere => frame.t.everywhere.to_owned(),
            Place::Office(id) => self.offices.get(id).cloned().unwrap_or_else(|| id.as_str().to_owned()),
        }
    }
}

/// A role in a list.
struct Given {
    role: &'static str,
    role_name: &'static str,
    place: String,
    place_name: String,
}

/// Somebody in a list.
struct Row {
    id: i64,
    login: String,
    name: String,
    roles: Vec<Given>,
    state: &'static str,
    state_class: &'static str,
}

#[derive(Template)]
#[template(path = "console/people.html")]
struct ListPage<'a> {
    frame: &'a Frame,
    people: Vec<Row>,
    choices: &'a Choices,
    may_write: bool,
    is_confirmed: bool,
    error: Option<&'static str>,
    form: &'a PersonForm,
}

#[derive(Template)]
#[template(path = "console/person.html")]
struct PersonPage<'a> {
    frame: &'a Frame,
    person: Row,
    choices: &'a Choices,
    /// Whether an administrator looks at their own account.
    is_oneself: bool,
    may_change: bool,
    must_confirm: bool,
    error: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "console/new_link.html")]
struct NewLinkPage<'a> {
    frame: &'a Frame,
    name: &'a str,
    link: &'a str,
}

fn row(frame: &Frame, choices: &Choices, person: Person) -> Row {
    let given = |grant: &Grant| Given {
        role: grant.role.name(),
        role_name: frame.role(grant.role),
        place: grant.place.stored().to_owned(),
        place_name: choices.place(frame, &grant.place),
    };
    let (state, state_class) = match (person.is_active, person.is_enrolled) {
        (false, _) => (frame.t.state_disabled, "off"),
        (true, false) => (frame.t.state_invited, "wait"),
        (true, true) => (frame.t.state_active, "on"),
    };
    Row {
        id: person.id,
        roles: person.grants.0.iter().map(given).collect(),
        login: person.login,
        name: person.name,
        state,
        state_class,
    }
}

fn reason(frame: &Frame, refused: &Refused) -> &'static str {
    match refused {
        Refused::Forbidden => frame.t.missing,
        Refused::Unconfirmed => frame.t.refused_unconfirmed,
        Refused::Oneself => frame.t.oneself,
        Refused::LastAdministrator => frame.t.refused_last,
        Refused::Unknown => frame.t.refused_unknown,
        Refused::Taken => frame.t.refused_taken,
        Refused::UnknownOffice(_) => frame.t.refused_office,
        Refused::Malformed(_) => frame.t.refused_malformed,
    }
}

/// The role at the place that a form names.
fn grant_of(form: &PersonForm) -> Option<Grant> {
    let role = Role::read(&form.role)?;
    let place = match form.place.as_str() {
        "" => Place::Everywhere,
        id => Place::Office(OfficeId::read(id).ok()?),
    };
    Some(Grant { place, role })
}

/// The role that a form names, where whoever sends it may change roles.
fn manageable(signed: &Signed, form: &PersonForm) -> Option<Grant> {
    grant_of(form).filter(|_| signed.who.may_manage(Level::Write))
}

async fn show_list(
    console: &Console,
    signed: &Signed,
    form: &PersonForm,
    error: Option<&'static str>,
) -> Result<Response, Failure> {
    let (frame, choices) = (&signed.asked.frame, Choices::of(console));
    let people = console.access.people().list().await?;
    let page = ListPage {
        frame,
        people: people.into_iter().map(|person| row(frame, &choices, person)).collect(),
        choices: &choices,
        may_write: signed.who.may_manage(Level::Write),
        is_confirmed: signed.who.is_confirmed(),
        error,
        form,
    };
    Ok(show(frame, status_of(error), &page))
}

async fn show_person(
    console: &Console,
    signed: &Signed,
    id: i64,
    error: Option<&'static str>,
) -> Result<Response, Failure> {
    let (frame, choices) = (&signed.asked.frame, Choices::of(console));
    let Some(person) = console.access.people().by_id(id).await? else { return Ok(missing(frame)) };
    let is_own = person.id == signed.who.staff();
    let (may_write, is_confirmed) = (signed.who.may_manage(Level::Write), signed.who.is_confirmed());
    let page = PersonPage {
        frame,
        person: row(frame, &choices, person),
        choices: &choices,
        is_oneself: may_write && is_own,
        may_change: may_write && is_confirmed && !is_own,
        must_confirm: may_write && !is_confirmed && !is_own,
        error,
    };
    Ok(show(frame, status_of(error), &page))
}

fn status_of(error: Option<&str>) -> StatusCode {
    if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// Everybody.
pub(super) async fn list(
    State(console): State<Console>,
    signed: Signed,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    if !signed.who.may_manage(Level::Read) {
        return Ok(missing(&signed.asked.frame));
    }
    let signed = signed.with_done(&query.done);
    show_list(&console, &signed, &PersonForm::default(), None).await
}

/// One person.
pub(super) async fn person(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<i64>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    if !signed.who.may_manage(Level::Read) {
        return Ok(missing(&signed.asked.frame));
    }
    let signed = signed.with_done(&query.done);
    show_person(&console, &signed, id, None).await
}

/// Adds somebody and shows their link.
pub(super) async fn add(
    State(console): State<Console>,
    signed: Signed,
    Form(form): Form<PersonForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    if !signed.who.may_manage(Level::Write) {
        return Ok(missing(frame));
    }
    let Some(grant) = grant_of(&form) else {
        return show_list(&console, &signed, &form, Some(frame.t.refused_unknown)).await;
    };
    let people = console.access.people();
    let actor = Actor::SignedIn(&signed.who);
    let added = people.add(actor, (&form.login, &form.name), &[grant]).await?;
    match added {
        Err(refused) => show_list(&console, &signed, &form, Some(reason(frame, &refused))).await,
        Ok(id) => link_for(&console, &signed, id, false).await,
    }
}

async fn link_for(console: &Console, signed: &Signed, id: i64, has_lost_telephone: bool) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let people = console.access.people();
    match people.link(Actor::SignedIn(&signed.who), id, has_lost_telephone).await? {
        Err(Refused::Unknown) => Ok(missing(frame)),
        Err(refused) => show_person(console, signed, id, Some(reason(frame, &refused))).await,
        Ok(token) => {
            let name = people.by_id(id).await?.map(|person| person.name).unwrap_or_default();
            let link = format!("{}/console/link#{token}", base(console, &signed.asked));
            Ok(show(frame, StatusCode::OK, &NewLinkPage { frame, name: &name, link: &link }))
        }
    }
}

/// The address that people open: the configured one, or the one that this page was asked at.
pub(super) fn base(console: &Console, asked: &Asked) -> String {
    let scheme = if asked.transport == Transport::Tls { "https" } else { "http" };
    console.address.clone().unwrap_or_else(|| format!("{scheme}://{}", asked.host))
}

/// Makes a link for somebody who is there already.
pub(super) async fn make_link(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<i64>,
    Form(form): Form<MakeLinkForm>,
) -> Result<Response, Failure> {
    if !signed.who.may_manage(Level::Write) {
        return Ok(missing(&signed.asked.frame));
    }
    link_for(&console, &signed, id, form.phone == "lost").await
}

/// Gives a role.
pub(super) async fn grant(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<i64>,
    Form(form): Form<PersonForm>,
) -> Result<Response, Failure> {
    let Some(grant) = manageable(&signed, &form) else { return Ok(missing(&signed.asked.frame)) };
    let done = console.access.people().grant(Actor::SignedIn(&signed.who), id, &grant).await?;
    changed(&console, &signed, id, done).await
}

/// Takes a role back.
pub(super) async fn revoke(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<i64>,
    Form(form): Form<PersonForm>,
) -> Result<Response, Failure> {
    let Some(grant) = manageable(&signed, &form) else { return Ok(missing(&signed.asked.frame)) };
    let done = console.access.people().revoke(Actor::SignedIn(&signed.who), id, &grant).await?;
    changed(&console, &signed, id, done).await
}

/// Lets somebody sign in no longer.
pub(super) async fn disable(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    set_active(&console, &signed, id, false).await
}

/// Lets somebody sign in again.
pub(super) async fn enable(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Failure> {
    set_active(&console, &signed, id, true).await
}

async fn set_active(console: &Console, signed: &Signed, id: i64, is_active: bool) -> Result<Response, Failure> {
    if !signed.who.may_manage(Level::Write) {
        return Ok(missing(&signed.asked.frame));
    }
    let done = console.access.people().set_active(Actor::SignedIn(&signed.who), id, is_active).await?;
    changed(console, signed, id, done).await
}

async fn changed(console: &Console, signed: &Signed, id: i64, done: Result<(), Refused>) -> Result<Response, Failure> {
    match done {
        Ok(()) => Ok(lead(&format!("/console/people/{id}?done=saved"))),
        Err(refused) => show_person(console, signed, id, Some(reason(&signed.asked.frame, &refused))).await,
    }
}
