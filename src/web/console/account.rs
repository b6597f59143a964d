//! Somebody's own account: roles, sessions, password, recovery codes.

use askama::Template;
use axum::extract::{Form, Path, Query as FromQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::failure::Failure;
use super::forms::{PasswordForm, Query};
use super::link::weakness;
use super::page::{Frame, lead, missing, show};
use super::state::Console;
use super::visitor::Signed;
use crate::access::{Confirmation, Session, SignedIn};
use crate::domain::office::Zone;
use crate::domain::staff::Place;

#[derive(Template)]
#[template(path = "console/account.html")]
struct Page<'a> {
    frame: &'a Frame,
    login: &'a str,
    name: &'a str,
    roles: Vec<String>,
    sessions: Vec<SessionRow>,
    recovery_left: i64,
    is_confirmed: bool,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "console/sessions.html")]
struct Sessions<'a> {
    frame: &'a Frame,
    sessions: Vec<SessionRow>,
}

/// A session in the list.
struct SessionRow {
    id: i64,
    browser: String,
    network: String,
    /// By the capital's clock.
    used: String,
    is_this: bool,
}

async fn sessions_of(console: &Console, frame: &Frame, who: &SignedIn) -> Result<Vec<SessionRow>, Failure> {
    let used = |at| {
        let local = Zone::Wib.local(at);
        format!("{}, {} WIB", frame.date(local.date()), local.format("%H.%M"))
    };
    let row = |session: Session| SessionRow {
        id: session.id,
        used: used(session.seen),
        browser: session.browser,
        network: session.network,
        is_this: session.is_this,
    };
    Ok(console.access.sessions(who).await?.into_iter().map(row).collect())
}

/// The page.
pub(super) async fn page(
    State(console): State<Console>,
    signed: Signed,
    FromQuery(query): FromQuery<Query>,
) -> Result<Response, Failure> {
    render(&console, signed.with_done(&query.done), None).await
}

async fn render(console: &Console, signed: Signed, error: Option<String>) -> Result<Response, Failure> {
    let Signed { asked, who } = signed;
    let frame = &asked.frame;
    let names = |place: &Place| match place {
        Place::Everywhere => frame.t.everywhere.to_owned(),
        Place::Office(id) => console
            .access
            .office(&who, id.as_str())
            .map_or_else(|| id.as_str().to_owned(), |office| office.name().to_owned()),
    };
    let roles =
        who.grants().0.iter().map(|grant| format!("{}, {}", frame.role(grant.role), names(&grant.place))).collect();
    let page = Page {
        frame,
        login: who.login(),
        name: who.name(),
        roles,
        sessions: sessions_of(console, frame, &who).await?,
        recovery_left: console.access.recovery_left(&who).await?,
        is_confirmed: who.is_confirmed(),
        error,
    };
    let status = if page.error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(show(frame, status, &page))
}

/// Changes the password.
pub(super) async fn change_password(
    State(console): State<Console>,
    signed: Signed,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Failure> {
    let frame = &signed.asked.frame;
    let error = match console.access.change_password(&signed.who, &form.old, &form.new).await? {
        Confirmation::Confirmed => return Ok(lead("/console/account?done=password")),
        Confirmation::Refused => frame.t.wrong_password.to_owned(),
        Confirmation::Weak(weak) => weakness(frame, weak).to_owned(),
        Confirmation::Wait(minutes) => format!("{}{minutes}{}", frame.t.wait_before, frame.t.wait_after),
    };
    render(&console, signed, Some(error)).await
}

/// Ends one session.
pub(super) async fn end_session(
    State(console): State<Console>,
    signed: Signed,
    Path(id): Path<i64>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    if !console.access.end_session(&signed.who, id).await? {
        return Ok(missing(&signed.asked.frame));
    }
    sessions_or_page(&console, signed, &headers).await
}

/// Ends all other sessions.
pub(super) async fn end_others(
    State(console): State<Console>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    console.access.end_other_sessions(&signed.who).await?;
    sessions_or_page(&console, signed, &headers).await
}

/// The list alone for the page's script, the page for a browser without.
async fn sessions_or_page(console: &Console, signed: Signed, headers: &HeaderMap) -> Result<Response, Failure> {
    if !headers.contains_key("hx-request") {
        return Ok(lead("/console/account?done=session"));
    }
    let signed = signed.with_done("session");
    let frame = &signed.asked.frame;
    let sessions = sessions_of(console, frame, &signed.who).await?;
    Ok(show(frame, StatusCode::OK, &Sessions { frame, sessions }))
}
